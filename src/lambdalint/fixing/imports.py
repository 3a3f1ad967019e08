"""Making a module available at module scope: what is bound is reused, the rest goes to the other imports."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import libcst as cst

from lambdalint.fixing.bindings import STAR, dotted
from lambdalint.fixing.requests import NeedImport
from lambdalint.fixing.site import NEWLINE, RawEdit, RefusedError, Site
from lambdalint.fixing.style import columns
from lambdalint.fixing.toplevel import IMPORT, Chunk, is_docstring, kind_of

_Key = tuple[object, ...]


def need_imports(site: Site, changes: Sequence[NeedImport], used_at: int) -> tuple[list[Chunk], list[RawEdit]]:
    """The import lines to add, for code in the top-level statement number `used_at`, and the names for others.

    Raises RefusedError where the name means something else in the module, or
    might.
    """
    chunks: list[Chunk] = []
    edits: list[RawEdit] = []
    for change in dict.fromkeys(changes):
        if not _bound(site, change, used_at):
            beside = _named_beside(site, change, used_at)
            if beside is not None:
                edits.append(beside)
            else:
                chunks.append(_added(site, change))
    return chunks, edits


def _named_beside(site: Site, change: NeedImport, used_at: int) -> RawEdit | None:
    """The name among those that the module imports from there already, on one line; None where it needs its own."""
    if not change.name or change.alias:
        return None
    for run in _runs(site):
        for line in run:
            only = line.body[0]
            if len(line.body) != 1 or not isinstance(only, cst.ImportFrom) or origin(line) != change.module:
                continue
            if isinstance(only.names, cst.ImportStar) or _index(site, line) > used_at or _goes(site, only):
                continue
            start, end = site.region(only)
            text = site.source.text[start:end]
            if NEWLINE.search(text) or columns(f"{text}, {change.name}") > site.width:
                continue
            for alias in only.names:
                if _case(dotted(alias.name)) > _case(change.name):
                    place = site.region(alias)[0]
                    return RawEdit(place, place, f"{change.name}, ")
            place = site.region(only.names[-1])[1]
            return RawEdit(place, place, f", {change.name}")
    return None


def _case(name: str) -> tuple[int, str]:
    """The usual order of imported names: constants, then classes, then the rest."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, name


def _bound(site: Site, change: NeedImport, used_at: int) -> bool:
    if change.module == "__future__" or not change.module:
        raise RefusedError("not an import that can be added")
    root = change.alias or change.name or change.module.partition(".")[0]
    bound = False
    for binding in site.bindings.get(root, []):
        same = binding.imports(change.module, change.name)
        if not change.name and not change.alias and binding.module and not binding.name:
            # `import a.b` binds `a`, so it does for `import a`; the other way round it's no clash.
            package = binding.module.partition(".")[0] == root
            same = same or (package and change.module == root)
            if package and not same:
                continue
        if not same:
            raise RefusedError(f"the name {root} means something else in this module")
        if binding.typing or _goes(site, binding.node):
            continue
        if not binding.certain:
            raise RefusedError(f"the name {root} is imported under a condition")
        bound = bound or binding.at <= used_at
    if not bound and STAR in site.bindings:
        raise RefusedError("what a star import binds isn't known")
    return bound


def _goes(site: Site, statement: cst.CSTNode) -> bool:
    """Whether the same request removes this import."""
    names = getattr(statement, "names", ())
    aliases = names if isinstance(names, (tuple, list)) else ()
    line = site.locator.parent(statement)
    return any(id(one) in site.removed for one in (statement, line, *aliases))


def _added(site: Site, change: NeedImport) -> Chunk:
    text = f"from {change.module} import {change.name}" if change.name else f"import {change.module}"
    text += f" as {change.alias}" if change.alias else ""
    key, group = _key(change.module, bool(change.name)), _group(change.module)
    line, section = _place(site, key, group)
    return Chunk(line, IMPORT, text + site.newline, section, (group, *key))


def _place(site: Site, key: _Key, group: int) -> tuple[int, bool]:
    """The line that an import goes to, and whether it starts a section of its own."""
    runs = _runs(site)
    alike = [run for run in runs if any(_group(origin(one)) == group for one in run)]
    if alike:
        return _in_run(site, alike[-1], key, group), False
    if not runs:
        return _without_imports(site), True
    later = [run for run in runs if _group(origin(run[0])) > group]
    if later and len(later) == len(runs) and not site.locator.comments_above(later[0][0]):
        return _line_of(site, later[0][0]), True
    before = [run for run in runs if run not in later] or runs
    return _line_after(site, before[-1][-1]), True


def _in_run(site: Site, run: list[cst.SimpleStatementLine], key: _Key, group: int) -> int:
    """In order where the run is in order, by either of the usual ones; else behind the last of its group."""
    for order in (_plain_first, _by_module):
        keys = [order(_key(origin(one), _is_from(one))) for one in run]
        if keys == sorted(keys):
            for one, other in zip(run, keys, strict=True):
                if other > order(key):
                    return _line_of(site, one)
            return _line_after(site, run[-1])
    alike = [one for one in run if _group(origin(one)) == group]
    return _line_after(site, (alike or run)[-1])


def _runs(site: Site) -> list[list[cst.SimpleStatementLine]]:
    """The leading imports, in groups that no blank line or comment parts."""
    runs: list[list[cst.SimpleStatementLine]] = []
    for index, statement in enumerate(site.module.body):
        if index == 0 and is_docstring(statement):
            continue
        if not isinstance(statement, cst.SimpleStatementLine) or kind_of(statement) != IMPORT:
            break
        if origin(statement) == "__future__":
            continue
        if runs and not statement.leading_lines:
            runs[-1].append(statement)
        else:
            runs.append([statement])
    return [part for run in runs for part in _by_group(run)]


def _by_group(run: list[cst.SimpleStatementLine]) -> list[list[cst.SimpleStatementLine]]:
    """A run whose groups follow one another without a blank line, taken apart; else the run itself."""
    groups = [_group(origin(one)) for one in run]
    if groups != sorted(groups):
        return [run]
    parts: dict[int, list[cst.SimpleStatementLine]] = {}
    for group, one in zip(groups, run, strict=True):
        parts.setdefault(group, []).append(one)
    return list(parts.values())


def _without_imports(site: Site) -> int:
    """Below the docstring and `from __future__`, else below the comments that head the file."""
    body = site.module.body
    last: int | None = None
    for index, statement in enumerate(body):
        if not (index == 0 and is_docstring(statement)) and origin(statement) != "__future__":
            break
        last = index
    if last is not None:
        return site.top_level_lines(last)[1]
    if not body:
        return site.line_after_text()
    first = site.top_level_lines(0)[0]
    line = first - site.locator.comments_above(body[0])
    return first if line == 1 else line


def _line_of(site: Site, statement: cst.CSTNode) -> int:
    return site.top_level_lines(_index(site, statement))[0]


def _line_after(site: Site, statement: cst.CSTNode) -> int:
    return site.top_level_lines(_index(site, statement))[1]


def _index(site: Site, statement: cst.CSTNode) -> int:
    index = site.locator.top_level(statement)
    assert index is not None
    return index


def origin(statement: cst.CSTNode) -> str:
    """The module that the first import on a line names, with its dots; "" for no import."""
    if not isinstance(statement, cst.SimpleStatementLine):
        return ""
    first = statement.body[0] if statement.body else None
    if isinstance(first, cst.Import):
        return dotted(first.names[0].name)
    if isinstance(first, cst.ImportFrom):
        return "." * len(first.relative) + (dotted(first.module) if first.module else "")
    return ""


def _is_from(statement: cst.SimpleStatementLine) -> bool:
    return isinstance(statement.body[0], cst.ImportFrom)


def _group(module: str) -> int:
    """0 for the standard library, 1 for other packages, 2 for the package itself."""
    if module.startswith("."):
        return 2
    return 0 if module.partition(".")[0] in sys.stdlib_module_names else 1


def _key(module: str, is_from: bool) -> _Key:
    return (is_from, module.lower())


def _plain_first(key: _Key) -> _Key:
    return key


def _by_module(key: _Key) -> _Key:
    return (key[1], key[0])
