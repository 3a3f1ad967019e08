"""Whole lines before and after statements: before, what is asked, after."""

from __future__ import annotations

import pytest
from fixing_tools import Case, holds

from lambdalint.fixing.requests import InsertAfter, InsertBefore

CASES: list[Case] = [
    ("before", "def f():\n    a\n    b\n", lambda f: InsertBefore(f("SimpleStatementLine:b"), "c"),
     "def f():\n    a\n    c\n    b\n"),
    ("above the comments", "def f():\n    a\n\n    # on b\n    b\n",
     lambda f: InsertBefore(f("SimpleStatementLine:b"), "c"),
     "def f():\n    a\n\n    c\n    # on b\n    b\n"),
    ("a small statement", "def f():\n    a\n", lambda f: InsertBefore(f("Expr:a"), "if x:\n    y"),
     "def f():\n    if x:\n        y\n    a\n"),
    ("first of several", "a; b\n", lambda f: InsertBefore(f("Expr:a"), "c"), "c\na; b\n"),
    ("not in the middle", "a; b\n", lambda f: InsertBefore(f("Expr:b"), "c"), None),
    ("last of several", "a; b\n", lambda f: InsertAfter(f("Expr:b"), "c"), "a; b\nc\n"),
    ("blank lines", "a\nb\n", lambda f: InsertBefore(f("Expr:b"), "c", 1), "a\nc\n\nb\n"),
    ("decorated", "a\n\n\n@d\ndef f(): pass\n", lambda f: InsertBefore(f("FunctionDef:@d"), "c", 2),
     "a\n\n\nc\n\n\n@d\ndef f(): pass\n"),
    ("below the first line", "#!/bin/x\n# coding: utf-8\na\n", lambda f: InsertBefore(f("Expr:a"), "c"),
     "#!/bin/x\n# coding: utf-8\nc\na\n"),
    ("not before a docstring", "def f():\n    'doc'\n    a\n",
     lambda f: InsertBefore(f("Expr:'doc'"), "c"), None),
    ("not before the future", "from __future__ import annotations\n",
     lambda f: InsertBefore(f("ImportFrom:from"), "c"), None),
    ("after", "def f():\n    a  # c\n    b\n", lambda f: InsertAfter(f("Expr:a"), "c"),
     "def f():\n    a  # c\n    c\n    b\n"),
    ("after a block", "def f():\n    if a:\n        b\n        # end\n    c\n",
     lambda f: InsertAfter(f("If:if a"), "d"),
     "def f():\n    if a:\n        b\n        # end\n    d\n    c\n"),
    ("after the end", "a", lambda f: InsertAfter(f("Expr:a"), "b\nc", 1), "a\n\nb\nc"),
    ("one-line block", "if a: b\n", lambda f: InsertAfter(f("Expr:b"), "c"), None),
    ("elif", "if a:\n    b\nelif c:\n    d\n", lambda f: InsertBefore(f("If:if c"), "x"), None),
    ("beside a one-line block", "if a: b\n", lambda f: InsertAfter(f("If:if"), "c"), "if a: b\nc\n"),
    ("several in order", "a\n", lambda f: (InsertBefore(f("Expr:a"), "b"), InsertBefore(f("Expr:a"), "c")),
     "b\nc\na\n"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_case(case: Case) -> None:
    holds(case)
