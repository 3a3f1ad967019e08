"""Statements that move a level in or out, and values that get a name."""

from __future__ import annotations

import libcst as cst
import pytest
from fixing_tools import Case, holds

from lambdalint.fixing.requests import NameValue, Replace, Unwrap, Wrap

LOOP = """\
def f(xs):
    # all of them
    for x in xs:  # one
        g(x)

        h(x, \"\"\"a
  b\"\"\")
    return xs
"""
WRITER = """\
def f(xs):
    for x in xs:
        with w() as b:
            # put
            b.put(x)
"""
A, B = "a" * 35, "b" * 30


def wrap(find, text, header):
    return Wrap(cst.ensure_type(find(text), cst.For), header)


def unwrap(find, text):
    return Unwrap(cst.ensure_type(find(text), cst.With))


CASES: list[Case] = [
    (
        "a block around a loop: comments above stay above, lines inside of a text stay as they are",
        LOOP,
        lambda find: wrap(find, "For:for x in xs:", "with w() as b:"),
        LOOP.replace("    for x in xs:  # one\n", "    with w() as b:\n        for x in xs:  # one\n")
        .replace("        g(x)\n", "            g(x)\n")
        .replace("        h(x", "            h(x"),
    ),
    (
        "what is replaced inside of it",
        "for x in xs:\n    g(x)\n",
        lambda find: (wrap(find, "For:for x in xs:", "with w() as b:"), Replace(find("Name:g"), cst.Name("b"))),
        "with w() as b:\n    for x in xs:\n        b(x)\n",
    ),
    (
        "a block that goes",
        WRITER,
        lambda find: unwrap(find, "With:with w() as b:"),
        "def f(xs):\n    for x in xs:\n        # put\n        b.put(x)\n",
    ),
    (
        "a block that changes places with its loop",
        WRITER,
        lambda find: (wrap(find, "For:for x in xs:", "with w() as b:"), unwrap(find, "With:with w() as b:")),
        "def f(xs):\n    with w() as b:\n        for x in xs:\n            # put\n            b.put(x)\n",
    ),
    (
        "a comment at the block that goes would be lost",
        "with w() as b:  # why\n    b.put(1)\n",
        lambda find: unwrap(find, "With:with w() as b:"),
        None,
    ),
    (
        "a block on the line of its header",
        "with w() as b: b.put(1)\n",
        lambda find: unwrap(find, "With:with w() as b:"),
        None,
    ),
    (
        "a line that gets too long",
        f"for x in xs:\n    g({A}, {A})\n    h({A})  # c\n",
        lambda find: wrap(find, "For:for x in xs:", "with w() as b:"),
        f"with w() as b:\n    for x in xs:\n        g(\n            {A},\n            {A},\n        )\n"
        f"        h({A})  # c\n",
    ),
    (
        "a part of a bracket that gets too long",
        f"for x in xs:\n    g(\n        h({A}, {B}),\n        1,\n    )\n",
        lambda find: wrap(find, "For:for x in xs:", "with w() as b:"),
        "with w() as b:\n    for x in xs:\n        g(\n"
        f"            h(\n                {A},\n                {B},\n            ),\n            1,\n        )\n",
    ),
    (
        "a tuple of one, which keeps its comma",
        f"for x in xs:\n    g = (\n        h({A}, {B}),\n    )\n",
        lambda find: wrap(find, "For:for x in xs:", "with w() as b:"),
        f"with w() as b:\n    for x in xs:\n        g = (\n            h({A}, {B}),\n        )\n",
    ),
    (
        "a header that gets too long, with what is replaced in it",
        f"for x in xs:\n    if g({A}, {B}1):\n        pass\n",
        lambda find: (wrap(find, "For:for x in xs:", "with w() as b:"), Replace(find("Name:g"), cst.Name("k"))),
        f"with w() as b:\n    for x in xs:\n        if k(\n            {A},\n            {B}1,\n        ):\n"
        "            pass\n",
    ),
    (
        "short enough for one line again",
        f"with w() as b:\n    a_longer_name(\n        {A}, {A}\n    )\n",
        lambda find: unwrap(find, "With:with w() as b:"),
        f"a_longer_name({A}, {A})\n",
    ),
    (
        "a value that gets a name",
        "f(\n    1,\n)\n",
        lambda find: NameValue(cst.ensure_type(find("Expr:f("), cst.Expr), "found"),
        "found = f(\n    1,\n)\n",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_levels(case: Case) -> None:
    holds(case)
