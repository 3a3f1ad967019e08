"""Replacing expressions, statements and pieces of them: before, what is asked, after."""

from __future__ import annotations

import libcst as cst
import pytest
from fixing_tools import Case, holds

from lambdalint.fixing.requests import Replace

CASES: list[Case] = [
    ("a name", "x = foo(a)\n", lambda f: Replace(f("Call:foo(a)"), "bar(a)"), "x = bar(a)\n"),
    ("a node", "x = foo(a)\n", lambda f: Replace(f("Name:foo"), cst.Name("bar")), "x = bar(a)\n"),
    ("weaker needs brackets", "x = a.b\n", lambda f: Replace(f("Name:a"), "p or q"), "x = (p or q).b\n"),
    ("as weak needs none", "x = a or c\n", lambda f: Replace(f("Name:a"), "p or q"), "x = p or q or c\n"),
    ("right operand", "x = a - c\n", lambda f: Replace(f("Name:c"), "p - q"), "x = a - (p - q)\n"),
    ("power", "x = a ** c\n", lambda f: Replace(f("Name:a"), "-p"), "x = (-p) ** c\n"),
    ("power on the right", "x = a ** c\n", lambda f: Replace(f("Name:c"), "-p"), "x = a ** -p\n"),
    ("number", "x = a.b\n", lambda f: Replace(f("Name:a"), "1"), "x = (1).b\n"),
    ("await", "async def f():\n    a.b\n", lambda f: Replace(f("Name:a"), "await c"),
     "async def f():\n    (await c).b\n"),
    ("lambda in a condition", "x = a if b else c\n", lambda f: Replace(f("Name:a"), "lambda: 1"),
     "x = (lambda: 1) if b else c\n"),
    ("tuple", "f(a)\n", lambda f: Replace(f("Name:a"), "1, 2"), "f((1, 2))\n"),
    ("tuple assigned", "x = a\n", lambda f: Replace(f("Name:a"), "1, 2"), "x = 1, 2\n"),
    ("walrus", "f(a)\n", lambda f: Replace(f("Name:a"), "y := 1"), "f((y := 1))\n"),
    ("walrus assigned", "x = a\n", lambda f: Replace(f("Name:a"), "y := 1"), "x = (y := 1)\n"),
    ("one of several targets", "x, y = a\n", lambda f: Replace(f("Name:y"), "z.b"), "x, z.b = a\n"),
    ("no target", "x, y = a\n", lambda f: Replace(f("Name:y"), "z()"), None),
    ("no target of a loop", "for x, y in a: pass\n", lambda f: Replace(f("Name:y"), "z()"), None),
    ("beside a target", "x[y] = a\n", lambda f: Replace(f("Name:y"), "z()"), "x[z()] = a\n"),
    ("imported", "from a.b import c\n", lambda f: Replace(f("Name:a"), "d or e"), None),
    ("walrus tested", "if a:\n    pass\n",
     lambda f: Replace(f("Name:a"), "y := 1"), "if y := 1:\n    pass\n"),
    ("not", "x = not a\n", lambda f: Replace(f("Name:a"), "b and c"), "x = not (b and c)\n"),
    ("compared", "x = a == c\n", lambda f: Replace(f("Name:a"), "p < q"), "x = (p < q) == c\n"),
    ("starred", "f(*a)\n", lambda f: Replace(f("Name:a"), "p or q"), "f(*p or q)\n"),
    ("list element starred", "[*a]\n", lambda f: Replace(f("Name:a"), "p or q"), "[*(p or q)]\n"),
    ("own brackets stay", "x = (a).b\n", lambda f: Replace(f("(a)"), "p or q"), "x = (p or q).b\n"),
    ("brackets of a tuple go", "x = (1, 2)\n", lambda f: Replace(f("(1, 2)"), "a"), "x = a\n"),
    ("lone generator", "f(a for a in b)\n", lambda f: Replace(f("GeneratorExp:a for"), "[b]"), "f([b])\n"),
    ("no word runs together", "def f():\n    return[a]\n", lambda f: Replace(f("[a]"), "a"),
     "def f():\n    return a\n"),
    ("nor at the end", "x = [a]if[b]else c\n", lambda f: Replace(f("[b]"), "b"), "x = [a]if b else c\n"),
    ("many lines to one", "x = foo(\n    a,\n    b,\n)\n",
     lambda f: Replace(f("Call:foo("), "bar()"), "x = bar()\n"),
    ("but not with a comment", "x = foo(\n    a,  # why\n)\n",
     lambda f: Replace(f("Call:foo("), "bar()"), None),
    ("comment kept by the new", "x = foo(\n    a,  # why\n)\n",
     lambda f: Replace(f("Call:foo("), "bar(\n    a,  # why\n)"), "x = bar(\n    a,  # why\n)\n"),
    ("comment outside", "x = (  # why\n    a\n)\n", lambda f: Replace(f("Name:(  # why\n    a"), "b"),
     "x = (  # why\n    b\n)\n"),
    ("many lines are indented", "def f():\n    x = a\n", lambda f: Replace(f("Name:a"), "g(\n    1,\n)"),
     "def f():\n    x = g(\n        1,\n    )\n"),
    ("lines that need brackets", "x = (\n    a +\n    b\n)\ny = c\n",
     lambda f: Replace(f("Name:c"), f("BinaryOperation:(\n    a").with_changes(lpar=(), rpar=())),
     "x = (\n    a +\n    b\n)\ny = (a +\n    b)\n"),
    ("f-string", "x = f'{a}'\n", lambda f: Replace(f("Name:a"), "b"), None),
    ("whole f-string", "x = f'{a}'\n", lambda f: Replace(f("f'{a}'"), "b"), "x = b\n"),
    ("part of a string", "x = 'a' 'b'\n", lambda f: Replace(f("'a'"), "c"), None),
    ("no expression", "x = a\n", lambda f: Replace(f("Name:a"), "return 1"), None),
    ("nothing new", "x = a\n", lambda f: Replace(f("Name:a"), "a"), None),
    ("target", "x = a\n", lambda f: Replace(f("Name:x"), "y"), "y = a\n"),
    ("target is no call", "x = a\n", lambda f: Replace(f("Name:x"), "y()"), None),
    ("argument", "f(a, b=1)  # c\n", lambda f: Replace(f("Arg:b=1"), "c=2"), "f(a, c=2)  # c\n"),
    ("argument as a node", "f(a, b)\n", lambda f: Replace(f("Arg:a"), cst.Arg(cst.Name("z"))), "f(z, b)\n"),
    ("statement", "def f():\n    a = 1  # why\n    b\n", lambda f: Replace(f("Assign:a = 1"), "c = 2\nd = 3"),
     "def f():\n    c = 2\n    d = 3  # why\n    b\n"),
    ("statement line", "def f():\n    a = 1  # why\n",
     lambda f: Replace(f("SimpleStatementLine:a = 1"), "c = 2"),
     "def f():\n    c = 2  # why\n"),
    ("one of several", "a; b; c\n", lambda f: Replace(f("Expr:b"), "d"), "a; d; c\n"),
    ("one of several by lines", "a; b; c\n", lambda f: Replace(f("Expr:b"), "d\ne"), None),
    ("compound", "def f():\n    # lead\n    for x in y:\n        g(x)\n    z\n",
     lambda f: Replace(f("For:for"), "if y:\n    g(y)"),
     "def f():\n    # lead\n    if y:\n        g(y)\n    z\n"),
    ("compound at the end", "for x in y:\n    g(x)", lambda f: Replace(f("For:for"), "g(y)"), "g(y)"),
    ("compound with a comment", "for x in y:\n    # why\n    g(x)\n",
     lambda f: Replace(f("For:for"), "g(y)"), None),
    ("text in quotes isn't indented", "def f():\n    x = a\n",
     lambda f: Replace(f("SimpleStatementLine:x = a"), "x = '''\nq'''"), "def f():\n    x = '''\nq'''\n"),
    ("one-line block", "if a: b()\n", lambda f: Replace(f("Expr:b()"), "c()"), "if a: c()\n"),
    ("one-line block by lines", "if a: b()\n", lambda f: Replace(f("Expr:b()"), "c()\nd()"), None),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_case(case: Case) -> None:
    holds(case)
