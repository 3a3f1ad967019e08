"""What holds for every request: minimal edits, all or nothing, and nothing where it isn't sure."""

from __future__ import annotations

import libcst as cst
import pytest
from fixing_tools import Request, finder, fix_of, fixed
from hypothesis import given
from hypothesis import strategies as st

from lambdalint.findings import Safety, Span
from lambdalint.fixing.requests import AddTopLevel, FixRequest, InsertBefore, NeedImport, Remove, Replace
from lambdalint.fixing.resolve import resolve, trimmed, why_not
from lambdalint.fixing.site import RawEdit
from lambdalint.source import Source
from lambdalint.syntax.locate import Locator
from lambdalint.syntax.parse import parse

TEXTS = st.text("ab\r\n", max_size=8)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_trimmed_edits_do_the_same(before: str, old: str, new: str, after: str) -> None:
    text = before + old + after
    edit = trimmed(text, RawEdit(len(before), len(before) + len(old), new))
    assert text[: edit.start] + edit.text + text[edit.end :] == before + new + after
    assert len(before) <= edit.start <= edit.end <= len(before) + len(old)
    left = text[edit.start : edit.end]
    if "\r" not in old + new and left and edit.text:
        assert left[0] != edit.text[0]
        assert left[-1] != edit.text[-1]


@pytest.mark.parametrize(
    ("old", "new", "edit"),
    [
        ("abc", "axc", (1, 2, "x")),
        ("abc", "abxc", (2, 2, "x")),
        ("abab", "ab", (2, 4, "")),
        ("ab", "ab", (2, 2, "")),
        ("a\r\nb", "a\rb", (1, 3, "\r")),
        ("a\r\n", "b\r\n", (0, 1, "b")),
        ("a\n", "a\r\n", (1, 2, "\r\n")),
    ],
)
def test_trimmed(old: str, new: str, edit: tuple[int, int, str]) -> None:
    assert trimmed(old, RawEdit(0, len(old), new)) == RawEdit(*edit)


NAMES = st.sampled_from(["a", "b", "c", "d"])


@given(st.lists(NAMES, min_size=1, max_size=6), st.data())
def test_any_set_of_replacements(names: list[str], data: st.DataObject) -> None:
    """All names chosen are replaced, each in its place, and the rest stays."""
    chosen = data.draw(st.sets(st.integers(0, len(names) - 1), min_size=1))
    text = "".join(f"def f():\r\n\treturn g({name}, [1])  # {name}\r\n\r\n" for name in names)
    source = Source("app.py", text)
    module = parse(source)
    found = [
        statement.body.body[0].body[0].value.args[0].value  # type: ignore[union-attr,index]
        for statement in module.body
    ]
    changes = tuple(Replace(found[index], "h(1)") for index in sorted(chosen, reverse=True))
    fix = resolve(FixRequest(changes, Safety.SAFE, "m"), module, Locator(source, module), source)
    assert fix is not None
    expected = [f"g({'h(1)' if index in chosen else name}, [1])  # {name}" for index, name in enumerate(names)]
    assert source.apply(fix.edits) == "".join(f"def f():\r\n\treturn {line}\r\n\r\n" for line in expected)


@pytest.mark.parametrize(
    ("text", "request_", "after"),
    [
        ("\x0cdef f():\n    return a\n", lambda f: Replace(f("Name:a"), "b"), "\x0cdef f():\n    return b\n"),
        ("\\\nx = a\n", lambda f: Replace(f("Name:a"), "b"), "\\\nx = b\n"),
        ("x\n\x0cy = a\n", lambda f: InsertBefore(f("Assign:y = a"), "z"), "x\nz\n\x0cy = a\n"),
        ("x\n\\\ny = a\nz\n", lambda f: Remove(f("Expr:z")), "x\n\\\ny = a\n"),
    ],
)
def test_where_libcst_drops_text(text: str, request_: Request, after: str) -> None:
    assert fixed(text, request_) == after


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (lambda f: (Replace(f("Call:g(a)"), "b"), Replace(f("Name:a"), "c")), "overlap"),
        (lambda f: (Replace(f("Name:a"), "c"), Remove(f("Expr:g(a)"))), "overlap"),
        (lambda f: (Replace(f("Name:a"), "c"), NeedImport("g")), "g means something else"),
        (lambda f: Replace(cst.Name("a"), "c"), "no part of"),
        (lambda f: Replace(f("Name:a"), "a"), "changes nothing"),
        (lambda f: AddTopLevel("", "x"), "no statement"),
        (lambda f: (), "changes nothing"),
    ],
)
def test_all_or_nothing(request_: Request, reason: str) -> None:
    text = "def g(x): pass\ng(a)\n"
    assert fix_of(text, request_) is None
    source = Source("app.py", text)
    module = parse(source)
    changes = request_(finder(module))
    whole = FixRequest(changes if isinstance(changes, tuple) else (changes,), Safety.SAFE, "m")
    assert reason in why_not(whole, module, Locator(source, module), source)


def test_the_request_says_what_the_fix_is() -> None:
    source = Source("app.py", "a\n")
    module = parse(source)
    node = module.body[0].body[0].value  # type: ignore[union-attr,index]
    request = FixRequest((Replace(node, "b"),), Safety.UNSAFE, "Say b", "group")
    fix = resolve(request, module, Locator(source, module), source)
    assert fix is not None
    assert (fix.safety, fix.message, fix.isolation) == (Safety.UNSAFE, "Say b", "group")
    assert why_not(request, module, Locator(source, module), source) == ""


def test_what_is_rewritten_holds_what_happens_to_stay() -> None:
    fix = fix_of("x = f(a)\n", lambda f: Replace(f("f(a)"), "g(a)"))
    assert fix is not None
    assert [(edit.span, edit.text) for edit in fix.edits] == [(Span.at(1, 4, 1, 5), "g")]
    assert fix.rewritten == (Span.at(1, 4, 1, 8),)
