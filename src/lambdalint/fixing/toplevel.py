"""Lines at module scope: where helpers go, and the blank lines around what is put in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst
from msgspec import Struct

from lambdalint.fixing import render
from lambdalint.fixing.bindings import STAR, dotted, module_bindings
from lambdalint.fixing.requests import AddTopLevel
from lambdalint.fixing.site import RawEdit, RefusedError, Site
from lambdalint.syntax.driver import children

# How top-level statements are told apart for the blank lines between them.
IMPORT, ASSIGNMENT, DEFINITION, OTHER = "import", "assignment", "definition", "other"
_CACHES = ("functools.lru_cache", "functools.cache", "lru_cache", "cache")


class Chunk(Struct, frozen=True):
    """Lines to put at module scope, at the start of line `line`.

    `section` keeps a blank line to imports next to it; `key` orders chunks of one
    kind, and imports that differ in its first part get a blank line between them.
    """

    line: int
    kind: str
    text: str
    section: bool = False
    key: tuple[object, ...] = ()


def add_top_level(site: Site, change: AddTopLevel) -> list[Chunk]:
    """The lines of a helper; none where the module has them already.

    Raises RefusedError where its name is taken, or where it would use a name
    before that is bound.
    """
    helper = render.parsed(site, change.code)
    body = helper.body
    if not body:
        raise RefusedError("no statement to add")
    text = render.lines(site, helper, "")
    if _stands_in(site, text):
        return []
    for name in module_bindings(helper):
        if name in site.bindings:
            raise RefusedError(f"the name {name} is taken")
    kind = kind_of(body[-1]) if len({kind_of(one) for one in body}) == 1 else DEFINITION
    index = _target(site, change, kind)
    for name in _used_at_once(helper):
        places = site.bindings.get(name, [])
        if places and all(binding.at >= index for binding in places):
            raise RefusedError(f"the name {name} is bound further down")
    return [Chunk(_line(site, index, kind), kind, text)]


def kind_of(statement: cst.CSTNode) -> str:
    """Which of the kinds a top-level statement is."""
    if isinstance(statement, (cst.FunctionDef, cst.ClassDef)):
        return DEFINITION
    if isinstance(statement, cst.SimpleStatementLine):
        if all(isinstance(one, (cst.Import, cst.ImportFrom)) for one in statement.body):
            return IMPORT
        if all(isinstance(one, (cst.Assign, cst.AnnAssign)) for one in statement.body):
            return ASSIGNMENT
    return OTHER


def arrange(site: Site, chunks: Sequence[Chunk]) -> Iterator[RawEdit]:
    """One insertion for each line that gets chunks, with blank lines as black would put them."""
    order = {IMPORT: 0, ASSIGNMENT: 1, DEFINITION: 2, OTHER: 3}
    for line in sorted({chunk.line for chunk in chunks}):
        here = sorted((chunk for chunk in chunks if chunk.line == line), key=lambda one: (order[one.kind], one.key))
        yield _insertion(site, line, here)


def _insertion(site: Site, line: int, chunks: list[Chunk]) -> RawEdit:
    newline = site.newline
    above, below = _neighbours(site, line)
    pieces: list[str] = []
    if above is not None:
        missing = _between(above, chunks[0].kind, chunks[0].section) - site.blank_lines(line - 1, -1)
        heads_imports = below == chunks[0].kind == IMPORT and not chunks[0].section
        if not heads_imports:  # what was above the first of them is above this one now
            pieces.append(newline * missing)
    for index, chunk in enumerate(chunks):
        if index and chunk.text == chunks[index - 1].text:
            continue
        if index:
            before = chunks[index - 1]
            parted = before.key[:1] != chunk.key[:1]
            pieces.append(newline * _between(before.kind, chunk.kind, parted))
        pieces.append(chunk.text)
    text = "".join(pieces)
    if below is not None:
        last = chunks[-1]
        wanted = _between(last.kind, below, last.section)
        if chunks[0].kind == last.kind == above and not last.section and last.kind != DEFINITION:
            wanted = 0  # what was below its like is below this one now
        text += newline * (wanted - site.blank_lines(line, 1))
    if line > len(site.source.lines):
        end = len(site.source.text)
        return RawEdit(end, end, newline + text.removesuffix(newline))
    start = site.source.line_starts[line - 1]
    return RawEdit(start, start, text)


def _between(above: str, below: str, section: bool) -> int:
    if DEFINITION in (above, below):
        return 2
    if above == below and above in (IMPORT, ASSIGNMENT):
        return 1 if section else 0
    return 1


def _neighbours(site: Site, line: int) -> tuple[str | None, str | None]:
    """The kinds of the statements before and after a line of the module; a comment counts as OTHER."""
    above: str | None = None
    if any(text.strip() for text in site.source.lines[: line - 1]):
        above = OTHER
    below: str | None = None
    for index, statement in enumerate(site.module.body):
        if site.top_level_lines(index)[1] > line:
            below = kind_of(statement)
            break
        above = kind_of(statement)
    return above, below


def _target(site: Site, change: AddTopLevel, kind: str) -> int:
    """The index of the top-level statement that the helper goes before."""
    if change.before is not None:
        index = site.locator.top_level(change.before)
        if index is not None:
            return index
    for index, statement in enumerate(site.module.body):
        if isinstance(statement, (cst.FunctionDef, cst.ClassDef)):
            if kind != DEFINITION or not _is_getter(statement):
                return index
    index = 0
    for number, statement in enumerate(site.module.body):
        if kind_of(statement) == IMPORT or (number == 0 and is_docstring(statement)):
            index = number + 1
    return index


def _is_getter(statement: cst.FunctionDef | cst.ClassDef) -> bool:
    """Whether a function makes and keeps one object: such ones stand in the order in which they were written."""
    if not isinstance(statement, cst.FunctionDef) or any(children(statement.params, trivia=False)):
        return False
    decorators = [one.decorator for one in statement.decorators]
    called = [one.func if isinstance(one, cst.Call) else one for one in decorators]
    return any(isinstance(one, (cst.Name, cst.Attribute)) and dotted(one) in _CACHES for one in called)


def _line(site: Site, index: int, kind: str) -> int:
    """The line a helper goes to: a name below what is above it, a function close to its user."""
    body = site.module.body
    if index and (index == len(body) or (kind == ASSIGNMENT and kind_of(body[index - 1]) != DEFINITION)):
        return site.top_level_lines(index - 1)[1]
    if index == len(body):
        return site.line_after_text()
    line = site.top_level_lines(index)[0] - site.locator.comments_above(body[index])
    return site.source.position(site.below_preamble(site.source.line_starts[line - 1])).line


def is_docstring(statement: cst.CSTNode) -> bool:
    if not isinstance(statement, cst.SimpleStatementLine) or not statement.body:
        return False
    first = statement.body[0]
    return isinstance(first, cst.Expr) and isinstance(first.value, (cst.SimpleString, cst.ConcatenatedString))


def _stands_in(site: Site, text: str) -> bool:
    """Whether the module has these very lines as top-level statements."""
    whole = f"{site.newline}{site.source.text}{site.newline}"
    found = whole.find(site.newline + text)
    if found < 0:
        return False
    rest = whole[found + len(site.newline + text) :].lstrip("\r\n")
    return not rest.startswith((" ", "\t"))


def _used_at_once(helper: cst.Module) -> set[str]:
    """The names that a helper needs when it is defined, not only when it's called."""
    names: set[str] = set()
    stack: list[cst.CSTNode] = [helper]
    while stack:
        node = stack.pop()
        if isinstance(node, cst.Name):
            names.add(node.value)
        elif isinstance(node, cst.Attribute):
            stack.append(node.value)
        else:
            stack.extend(
                child
                for child in children(node, trivia=False)
                if not (isinstance(node, (cst.FunctionDef, cst.Lambda)) and child is node.body)
                and not (isinstance(node, cst.Arg) and child is node.keyword)
                and not (isinstance(node, cst.Param) and child is node.name)
            )
    return names - {STAR}
