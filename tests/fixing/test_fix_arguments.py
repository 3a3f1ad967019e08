"""Arguments added to calls: before, what is asked, after."""

from __future__ import annotations

import pytest
from fixing_tools import Case, holds

from lambdalint.fixing.requests import AddArgument

CASES: list[Case] = [
    ("none yet", "f()\n", lambda f: AddArgument(f("Call:f()"), "k", "1"), "f(k=1)\n"),
    ("after another", "f(a)\n", lambda f: AddArgument(f("Call:f(a)"), "k", "1"), "f(a, k=1)\n"),
    ("trailing comma", "f(a,)\n", lambda f: AddArgument(f("Call:f(a,)"), "k", "1"), "f(a, k=1,)\n"),
    ("bracketed value", "f((a))\n", lambda f: AddArgument(f("Call:f((a))"), "k", "1"), "f((a), k=1)\n"),
    ("own lines", "f(\n    a,\n    b,\n)\n", lambda f: AddArgument(f("Call:f("), "k", "1"),
     "f(\n    a,\n    b,\n    k=1,\n)\n"),
    ("own lines, no comma", "f(\n    a,\n    b\n)\n", lambda f: AddArgument(f("Call:f("), "k", "1"),
     "f(\n    a,\n    b,\n    k=1\n)\n"),
    ("comments", "f(\n    a,  # x\n    b  # y\n    # z\n)\n", lambda f: AddArgument(f("Call:f("), "k", "1"),
     "f(\n    a,  # x\n    b,  # y\n    k=1\n    # z\n)\n"),
    ("comment and comma", "f(\n    a,  # x\n)\n", lambda f: AddArgument(f("Call:f("), "k", "1"),
     "f(\n    a,  # x\n    k=1,\n)\n"),
    ("hanging", "f(a,\n  b)\n", lambda f: AddArgument(f("Call:f("), "k", "1"), "f(a,\n  b,\n  k=1)\n"),
    ("many lines in one", "f({\n    1: 2,\n})\n", lambda f: AddArgument(f("Call:f("), "k", "1"),
     "f({\n    1: 2,\n}, k=1)\n"),
    ("two", "f(\n    a,\n)\n",
     lambda f: (AddArgument(f("Call:f("), "k", "1"), AddArgument(f("Call:f("), "l", "2")),
     "f(\n    a,\n    k=1,\n    l=2,\n)\n"),
    ("weak value", "f()\n", lambda f: AddArgument(f("Call:f()"), "k", "1, 2"), "f(k=(1, 2))\n"),
    ("value of lines", "def g():\n    f()\n", lambda f: AddArgument(f("Call:f()"), "k", "h(\n    1,\n)"),
     "def g():\n    f(k=h(\n        1,\n    ))\n"),
    ("method chain", "a.b(1).c()\n",
     lambda f: AddArgument(f("Call:a.b(1).c()"), "k", "1"), "a.b(1).c(k=1)\n"),
    ("there already", "f(k=2)\n", lambda f: AddArgument(f("Call:f("), "k", "1"), None),
    ("unknown ones", "f(**a)\n", lambda f: AddArgument(f("Call:f("), "k", "1"), None),
    ("known ones", "f(a, **b)\n", lambda f: AddArgument(f("Call:f("), "k", "1", unless_spread=False),
     "f(a, k=1, **b)\n"),
    ("known ones, own lines", "f(\n    a,  # x\n    **b,\n)\n",
     lambda f: AddArgument(f("Call:f("), "k", "1", unless_spread=False), "f(\n    a,  # x\n    k=1,\n    **b,\n)\n"),
    ("starred", "f(*a)\n", lambda f: AddArgument(f("Call:f("), "k", "1"), "f(*a, k=1)\n"),
    ("bare generator", "f(a for a in b)\n", lambda f: AddArgument(f("Call:f("), "k", "1"), None),
    ("only a comment", "f(  # x\n)\n", lambda f: AddArgument(f("Call:f("), "k", "1"), None),
    ("in an f-string", "f'{f()}'\n", lambda f: AddArgument(f("Call:f()"), "k", "1"), None),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_case(case: Case) -> None:
    holds(case)
