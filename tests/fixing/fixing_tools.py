"""A short notation for fixes: the code before, a request by what it selects, the code after."""

from __future__ import annotations

import re
from collections.abc import Callable

import libcst as cst

from lambdalint.findings import Fix, Safety
from lambdalint.fixing.requests import Change, FixRequest
from lambdalint.fixing.resolve import resolve
from lambdalint.source import Source
from lambdalint.syntax.driver import walk
from lambdalint.syntax.locate import Locator
from lambdalint.syntax.parse import parse

Find = Callable[[str], cst.CSTNode]
Request = Callable[[Find], Change | tuple[Change, ...]]
# A label, the code before, what is asked, the code after (None: refused).
Case = tuple[str, str, Request, str | None]


def finder(module: cst.Module) -> Find:
    """The first node in source order whose code, stripped, is the text; `Kind:text` names its type too."""

    def find(text: str) -> cst.CSTNode:
        kind, colon, rest = text.partition(":")
        if not (colon and hasattr(cst, kind)):
            kind, rest = "", text
        for node in walk(module, trivia=False):
            if kind and type(node).__name__ != kind:
                continue
            if isinstance(node, (cst.Module, cst.IndentedBlock)) and not kind:
                continue
            if getattr(node, "leading_lines", ()):
                code = module.code_for_node(node.with_changes(leading_lines=()))
            else:
                code = module.code_for_node(node)
            code = "\n".join(code.replace("\t", "    ").splitlines()).strip()
            if code == rest or (kind and code.startswith(rest)):
                return node
        raise AssertionError(f"no node reads {text!r}")

    return find


def fix_of(text: str, request: Request) -> Fix | None:
    source = Source("app.py", text)
    module = parse(source)
    changes = request(finder(module))
    changes = changes if isinstance(changes, tuple) else (changes,)
    locator = Locator(source, module)
    return resolve(FixRequest(changes, Safety.SAFE, "a fix"), module, locator, source)


def fixed(text: str, request: Request) -> str | None:
    """The text after the fix, which has to parse; None where it's refused."""
    fix = fix_of(text, request)
    if fix is None:
        return None
    after = Source("app.py", text).apply(fix.edits)
    parse(Source("app.py", after))
    return after


def holds(case: Case) -> None:
    """The fix does what the case says, with other newlines and tabs, too, and by edits of the right form."""
    _, before, request, after = case
    assert fixed(before, request) == after
    if "\n" in before:
        assert fixed(_crlf(before), request) == (None if after is None else _crlf(after))
    if cst.parse_module(_tabs(before)).default_indent == "\t":
        assert fixed(_tabs(before), request) == (None if after is None else _tabs(after))
    fix = fix_of(before, request)
    if fix is not None:
        _well_formed(Source("app.py", before), fix)
    _bytes_survive(case)


def _crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def _tabs(text: str) -> str:
    return re.sub(r"^(?: {4})+", lambda found: "\t" * (len(found[0]) // 4), text, flags=re.MULTILINE)


def _well_formed(source: Source, fix: Fix) -> None:
    """Sorted, apart, and without what old and new text share."""
    done = None
    for edit in fix.edits:
        assert done is None or edit.span.start >= done
        done = edit.span.end
        old = source.slice(edit.span)
        assert old != edit.text
        if old and edit.text:
            assert old[0] != edit.text[0]
            assert old[-1] != edit.text[-1]


def _bytes_survive(case: Case) -> None:
    """The byte order mark stays, and nothing but the edits changes."""
    _, before, request, after = case
    mark = b"\xef\xbb\xbf"
    source = Source.from_bytes("app.py", mark + before.encode())
    fix = fix_of(source.text, request)
    text = source.text if fix is None else source.apply(fix.edits)
    assert source.encode(text) == mark + (before if after is None else after).encode()
