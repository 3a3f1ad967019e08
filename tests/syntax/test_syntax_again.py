"""A text that was parsed around its difference has the tree that a parse of the whole gives."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from lambdalint.source import Source
from lambdalint.syntax import again
from lambdalint.syntax.again import Tree, parse_again, parse_anew, says_the_same
from lambdalint.syntax.parse import SyntaxProblem, parse

TEXT = '''# of the file

"""Docstring."""

import os  # why

# of f

def f(a):
    # inside
    return a

    # below, in the block


# of the class
@decorated
class A:
    x = 1; y = """
    text
"""

    def m(self):
        if self.x:
            return [
                1,
                2,
            ]
        else:
            return None


z = f(1)
# at the end
'''
PIECES = (
    "# c\n",
    "    # in\n",
    "\n",
    "x = 1\n",
    '"""',
    "(",
    ")",
    "    ",
    ":",
    "def g():\n    return 1\n",
    "\\\n",
    "@d\n",
)
PIECES += ("if x:\n    y\n", "else:\n    z\n", ";", "\t", "\f", "\r\n", "  ", "a")


def outcome(text: str, before: Tree | None) -> Tree | tuple[str, int, int]:
    source = Source("a.py", text)
    try:
        return parse_again(source, before) if before is not None else parse_anew(source)
    except SyntaxProblem as problem:
        return problem.reason, problem.line, problem.column


@pytest.mark.parametrize("text", [TEXT, TEXT.rstrip(), TEXT.replace("\n", "\r\n"), TEXT.replace("    ", "\t"), "x = 1"])
def test_the_tree_is_that_of_the_whole_text(text: str) -> None:
    chance = random.Random(len(text))
    tree = parse_anew(Source("a.py", text))
    for _ in range(150):
        now = tree.source.text
        at = chance.randrange(len(now) + 1)
        at = now.rfind("\n", 0, at) + 1 if chance.random() < 0.5 else at
        kind = chance.random()
        end = at + chance.randrange(1, 30) if kind > 0.7 else at
        changed = now[:at] + (chance.choice(PIECES) if kind < 0.7 else "") + now[end:]
        whole, spliced = outcome(changed, None), outcome(changed, tree)
        if isinstance(whole, Tree) and isinstance(spliced, Tree):
            assert spliced.module.deep_equals(whole.module), changed
            tree = spliced if len(changed) < 2 * len(text) else parse_anew(Source("a.py", text))
        else:
            assert spliced == whole, changed


def test_statements_away_from_the_difference_are_the_same_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(f"def f{n}():\n    return {n}\n\n\n" for n in range(40))
    tree = parse_anew(Source("a.py", text))
    asked: list[str] = []

    def noted(source: Source) -> object:
        asked.append(source.text)
        return parse(source)

    monkeypatch.setattr(again, "parse", noted)
    changed = parse_again(Source("a.py", text.replace("return 20", "return 'more'")), tree)
    same = [one is other for one, other in zip(tree.module.body, changed.module.body, strict=True)]
    assert same.count(False) == 1  # its neighbours are parsed again, but say the same
    assert [part.count("def ") for part in asked] == [3]


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("# inside", "# within", True),
        ("# inside\n", "", True),
        ("z = f(1)", "z  =  f( 1 )  # so", True),
        ("\n\nz = f(1)", "\n\n\n\nz = f(1)", True),
        ("[\n                1,\n                2,\n            ]", "[1, 2,]", True),
        ("z = f(1)", "z = f(2)", False),
        ("    text\n", "    texts\n", False),  # in a string
        ("        else:\n            return None\n", "        return None\n", False),
        ("z = f(1)", "z = f(", False),
        ('"""Docstring."""', "'''Docstring.'''", False),  # not told apart from a change that counts
    ],
)
def test_what_says_the_same(old: str, new: str, same: bool) -> None:
    assert old in TEXT
    assert says_the_same(Source("a.py", TEXT.replace(old, new, 1)), parse_anew(Source("a.py", TEXT))) is same


def test_a_real_file() -> None:
    """A line taken out of a real file, one after the other."""
    path = Path(again.__file__)
    text = path.read_text("utf-8")
    tree = parse_anew(Source("a.py", text))
    lines = text.splitlines(keepends=True)
    for number in range(0, len(lines), 5):
        changed = "".join(lines[:number] + lines[number + 1 :])
        whole, spliced = outcome(changed, None), outcome(changed, tree)
        if isinstance(whole, Tree) and isinstance(spliced, Tree):
            assert spliced.module.deep_equals(whole.module)
        else:
            assert spliced == whole
