"""New code in the manner of its file: quotes, the length of lines, and what a formatter leaves alone."""

from __future__ import annotations

import libcst as cst
import pytest
from fixing_tools import Case, fixed, holds

from lambdalint.fixing.requests import AddArgument, AddTopLevel, InsertBefore, Replace, Wrap
from lambdalint.fixing.style import line_length, single_quotes
from lambdalint.fixing.wrapping import Wrapping, joined
from lambdalint.source import Source

LONG = "argument_with_a_name"
FAR = f"{'a' * 70} = 1\n"  # a line of 74 columns
HELPER = 'def _get(client):\n    return client.get(Key="k")\n'

CASES: list[Case] = [
    ("single quotes", "a = 'x'\nb = 'y'\n", lambda f: InsertBefore(f("Assign:b"), 'c = d["e"]'),
     "a = 'x'\nc = d['e']\nb = 'y'\n"),
    ("double quotes", 'a = "x"\nb = \'y\'\n', lambda f: InsertBefore(f("Assign:b"), 'c = d["e"]'),
     'a = "x"\nc = d["e"]\nb = \'y\'\n'),
    ("a text with an apostrophe", "a = 'x'\n", lambda f: InsertBefore(f("Assign:a"), 'c = "it\'s"'),
     "c = \"it's\"\na = 'x'\n"),
    ("a text that the file spells so", "a = 'x'\nc = 'y'\nb = \"z\"\n", lambda f: Replace(f("'x'"), 'f("z", "w")'),
     "a = f(\"z\", 'w')\nc = 'y'\nb = \"z\"\n"),
    ("an argument in single quotes", "f('x')\n", lambda f: AddArgument(f("Call:f"), "k", '"v"'), "f('x', k='v')\n"),
    ("an f-string in single quotes", "f('x')\n", lambda f: AddArgument(f("Call:f"), "k", 'f"v{a}"'),
     "f('x', k=f'v{a}')\n"),
    ("an f-string that holds a text", "f('x')\n", lambda f: AddArgument(f("Call:f"), "k", "f\"v{a['b']}\""),
     "f('x', k=f\"v{a['b']}\")\n"),
    ("a docstring stays", "a = 'x'\n\n\ndef g():\n    pass\n",
     lambda f: AddTopLevel('def h():\n    """Doc."""\n    return "s"\n', "h"),
     "a = 'x'\n\n\ndef h():\n    \"\"\"Doc.\"\"\"\n    return 's'\n\n\ndef g():\n    pass\n"),
    ("a header in single quotes", "a = 'x'\nfor b in c:\n    d\n",
     lambda f: Wrap(f("For:for"), 'with t.writer(keys=["id"]) as w:'),
     "a = 'x'\nwith t.writer(keys=['id']) as w:\n    for b in c:\n        d\n"),
    ("no longer than the file's lines", FAR + "b = f(x)\n",
     lambda f: AddArgument(f("Call:f"), LONG * 3, "1"), f"{FAR}b = f(x, {LONG * 3}=1)\n"),
    ("an argument to a line", FAR + "b = f(x)\n", lambda f: AddArgument(f("Call:f"), LONG * 4, "1"),
     f"{FAR}b = f(\n    x,\n    {LONG * 4}=1,\n)\n"),
    ("what is read of the call", FAR + "b = f(x)['k']\n", lambda f: AddArgument(f("Call:f(x)"), LONG * 4, "1"),
     f"{FAR}b = f(\n    x,\n    {LONG * 4}=1,\n)['k']\n"),
    ("the call in the call", FAR + "return_(g(x))\n", lambda f: AddArgument(f("Call:g"), LONG * 4, "1"),
     f"{FAR}return_(\n    g(\n        x,\n        {LONG * 4}=1,\n    ),\n)\n"),
    ("a header", FAR + "for a in f(x):\n    b\n", lambda f: AddArgument(f("Call:f"), LONG * 4, "1"),
     f"{FAR}for a in f(\n    x,\n    {LONG * 4}=1,\n):\n    b\n"),
    ("a line that was too long", "b" * 100 + " = f(x)\n", lambda f: AddArgument(f("Call:f"), "k", "1"),
     "b" * 100 + " = f(x, k=1)\n"),
    ("the user's own layout", FAR + "b = f(x,\n      y)\n", lambda f: AddArgument(f("Call:f"), "k", "1"),
     f"{FAR}b = f(x,\n      y,\n      k=1)\n"),
    ("no formatter's layout", f"{FAR}b = f(\n    {'c' * 74},\n    {'d' * 75}\n)\n",
     lambda f: AddArgument(f("Call:f"), "k", "1"), f"{FAR}b = f(\n    {'c' * 74},\n    {'d' * 75},\n    k=1\n)\n"),
    ("operators where no formatter puts them", f"{FAR}b = f(\n    {'c' * 74} +\n    {'d' * 75}\n)\n",
     lambda f: AddArgument(f("Call:f"), "k", "1"), f"{FAR}b = f(\n    {'c' * 74} +\n    {'d' * 75},\n    k=1,\n)\n"),
    ("short enough for one line again", f"{FAR}b = f(\n    {LONG * 3}, {'b' * 20}\n)\n",
     lambda f: Replace(f(LONG * 3), "c"), f"{FAR}b = f(c, {'b' * 20})\n"),
    ("it was short before", f"{FAR}b = f(\n    {LONG}\n)\n", lambda f: Replace(f(LONG), "c"),
     f"{FAR}b = f(\n    c\n)\n"),
    ("its comma keeps the lines", f"{FAR}b = f(\n    {LONG * 4},\n)\n", lambda f: Replace(f(LONG * 4), "c"),
     f"{FAR}b = f(\n    c,\n)\n"),
    ("short enough, but for the comment behind it", f"{FAR}b = f(\n    {LONG * 4}long\n)  # {'c' * 50}\n",
     lambda f: Replace(f(LONG * 4 + "long"), LONG * 2), f"{FAR}b = f(\n    {LONG * 2},\n)  # {'c' * 50}\n"),
    ("short enough with the comment that made it too long", f"{FAR}b = f(\n    {LONG * 2}\n)  # {'c' * 50}\n",
     lambda f: Replace(f(LONG * 2), "c"), f"{FAR}b = f(c)  # {'c' * 50}\n"),
    ("still too long with its comment", f"{FAR}b = f(\n    {LONG * 2}\n)  # {'c' * 70}\n",
     lambda f: Replace(f(LONG * 2), LONG), f"{FAR}b = f(\n    {LONG}\n)  # {'c' * 70}\n"),
    ("too long with its comment now", f"{FAR}b = f(c)  # {'c' * 50}\n",
     lambda f: Replace(f("f(c)").args[0].value, LONG), f"{FAR}b = f(\n    {LONG},\n)  # {'c' * 50}\n"),
    ("a header that is too long with its comment now", f"{FAR}if f(c):  # {'c' * 50}\n    b\n",
     lambda f: Replace(f("f(c)").args[0].value, LONG), f"{FAR}if f(\n    {LONG},\n):  # {'c' * 50}\n    b\n"),
    ("a comment that holds for its line", f"{FAR}b = f(c)  # noqa: {'c' * 44}\n",
     lambda f: Replace(f("f(c)").args[0].value, LONG), f"{FAR}b = f({LONG})  # noqa: {'c' * 44}\n"),
    ("a comment keeps the lines", f"{FAR}b = f(\n    {LONG * 4}  # c\n)\n", lambda f: Replace(f(LONG * 4), "c"),
     f"{FAR}b = f(\n    c  # c\n)\n"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_case(case: Case) -> None:
    holds(case)


@pytest.mark.parametrize(
    ("lines", "configured", "expected"),
    [
        ((20,), None, 79),
        ((20, 79), None, 79),
        ((80,), None, 88),
        ((89,), None, 100),
        ((110,), None, 120),
        ((400,), None, 120),
        ((110,), 88, 88),
        ((20,), 100, 100),
    ],
)
def test_how_long_lines_get(lines: tuple[int, ...], configured: int | None, expected: int) -> None:
    assert line_length(Source("a.py", "".join(f"{'a' * length}\n" for length in lines)), configured) == expected


def test_a_long_text_says_nothing_of_the_lines() -> None:
    assert line_length(Source("a.py", f"a = '{'b' * 200}'\n{'c' * 80}\n"), None) == 88
    assert line_length(Source("a.py", f"# {'b' * 200}\nc\n"), None) == 88


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", False),
        ("a = 'x'\n", True),
        ("a = \"x\"\nb = 'y'\n", False),
        ("a = 'x'\nb = 'y'\nc = \"z\"\n", True),
        ("a = '''x'''\nb = \"y\"\n", False),
        ('"""Doc."""\na = \'x\'\n', True),
        ("a = \"it's\"\nb = 'y'\n", True),
    ],
)
def test_which_quotes_a_file_prefers(text: str, expected: bool) -> None:
    assert (single_quotes(cst.parse_module(text)) > 0) is expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("f(a)", "f(a)"),
        ("return ffffff(aaaaaaaa, bbbbbbb)", "return ffffff(\n    aaaaaaaa,\n    bbbbbbb,\n)"),
        ("x = await ffffff(aaaaaaaa, b=1)", "x = await ffffff(\n    aaaaaaaa,\n    b=1,\n)"),
        ("x = fffffffff(aaaaaaaaaaa).get()", "x = fffffffff(\n    aaaaaaaaaaa,\n).get()"),
        ("x = {'a': aaaaaaaaaa, **bbbbbbbbb}", "x = {\n    'a': aaaaaaaaaa,\n    **bbbbbbbbb,\n}"),
        ("x = ffff([aaaaaaaa, bbbbbbbb], c)", "x = ffff(\n    [aaaaaaaa, bbbbbbbb],\n    c,\n)"),
        ("for x in ffffff(aaaaaaaa, bbbb):", "for x in ffffff(\n    aaaaaaaa,\n    bbbb,\n):"),
        ("x = aaaaaaaaaaaaaaaa + bbbbbbbbbbbbbbbb", None),
        ("x = f(aaaaaaaaaaaaaaaa for a in bbbbbbbb)", None),
        ("x = 1; y = ffffffffff(aaaaaaaaaaaaaaaaa)", None),
    ],
)
def test_a_part_to_a_line(code: str, expected: str | None) -> None:
    assert Wrapping(30).statement(code, "") == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("f(\n    a, b\n)", "f(a, b)"),
        ("x = (\n    a.b()\n    .c()\n)", "x = (a.b().c())"),
        ("f(\n    a,\n    b,\n)", None),
        ("f(a,  # c\n  b)", None),
        ("f('''a\nb''')", None),
        ("x = [\n    a for a in b\n]", "x = [a for a in b]"),
    ],
)
def test_on_one_line(code: str, expected: str | None) -> None:
    assert joined(code) == expected


def test_a_long_signature_has_a_parameter_on_each_line() -> None:
    code = "def helper(client: Any, table_name: str, keys: list[dict[str, Any]]) -> list[dict[str, Any]]:\n    pass\n"
    after = fixed(f"{FAR}\n\ndef f():\n    pass\n", lambda f: AddTopLevel(code, "helper"))
    assert after is not None
    assert "def helper(\n    client: Any,\n    table_name: str,\n    keys: list[dict[str, Any]],\n) -> list[" in after
