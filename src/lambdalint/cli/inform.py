"""The commands that only tell: one rule, all rules, the handlers."""

from __future__ import annotations

import argparse
import difflib
import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from lambdalint.cli import output
from lambdalint.engine import catalogue
from lambdalint.engine.page import fix_word, one_line, page
from lambdalint.report.style import Style, counted, printable

if TYPE_CHECKING:
    from lambdalint.engine.entries import DeclarationRow, HandlerRow


def rule(arguments: argparse.Namespace) -> int:
    """Print a rule's page; 2 for a rule that isn't there."""
    entry = catalogue.find(arguments.rule)
    if entry is None:
        output.tell(f'lambdalint: there is no rule "{printable(arguments.rule)}"{_nearest(arguments.rule)}')
        return 2
    style = output.style(arguments)
    output.emit(_painted(page(entry), style) if style.colour else [page(entry).rstrip("\n")])
    return 0


def rules(arguments: argparse.Namespace) -> int:
    """Print all rules, one a line."""
    style = output.style(arguments)
    entries = catalogue.entries()
    width = max(len(entry.name) for entry in entries)
    output.emit(
        f"{style.bold(entry.code)}  {entry.name:<{width}}  {fix_word(entry):<6}  "
        f"{'' if entry.default else '(opt-in) '}{one_line(entry.summary)}"
        for entry in entries
    )
    return 0


def handlers(arguments: argparse.Namespace) -> int:
    """Print every handler, where it stands, and what it was recognised by."""
    from lambdalint.engine import session

    missing = [path for path in arguments.paths if not os.path.exists(path)]
    for path in missing:
        output.tell(f"lambdalint: {printable(path)}: no such file or folder")
    request = session.Request(tuple(arguments.paths) or (".",), config=arguments.config)
    found, declared = session.handlers(request)
    if arguments.output_format == "json":
        import json

        shown: object = _absolute(found)
        if arguments.explain:
            shown = {"handlers": shown, "declarations": _absolute(declared)}
        output.emit([json.dumps(shown, indent=2)])
        return 2 if missing else 0
    style = output.style(arguments)
    for row in found:
        late = " (at deployment only)" if row.deploy_time else ""
        place = f"{style.bold(printable(row.path))}:{row.line}"
        output.emit([f"{place}: {style.cyan(printable(row.name))}{late}: {printable(row.evidence)}"])
    lost = [row for row in declared if not row.places]
    if arguments.explain:
        output.emit(_explained(declared, style))
    else:
        output.emit(_unresolved(lost, style))
    declarations = f", {counted(len(lost), 'declaration')} without one" if lost else ""
    output.emit([f"Found {counted(len(found), 'handler')}{declarations}."])
    return 2 if missing else 0


def _absolute(rows: Sequence[HandlerRow] | Sequence[DeclarationRow]) -> list[dict[str, object]]:
    return [{**msgspec.to_builtins(row), "path": os.path.abspath(row.path)} for row in rows]


def _unresolved(rows: Sequence[DeclarationRow], style: Style) -> Iterator[str]:
    for row in rows:
        place = f"{style.bold(printable(row.path))}:{row.line}"
        yield f"{place}: {style.cyan(printable(row.handler))} has no function: {printable(row.reason)}"


def _explained(rows: Sequence[DeclarationRow], style: Style) -> Iterator[str]:
    """Each declaration with what it came to, by description."""
    path = None
    for row in rows:
        if row.path != path:
            path = row.path
            yield ""
            yield style.bold(printable(path))
        facts = f" ({printable(', '.join(row.facts))})" if row.facts else ""
        yield f"  {row.line}: {printable(row.name)}, {style.cyan(printable(row.handler))}{facts}"
        for place in row.places:
            yield f"    is {printable(place)}"
        if not row.places:
            yield f"    has no function: {printable(row.reason)}"
    if rows:
        yield ""


def _nearest(word: str) -> str:
    entries = catalogue.entries()
    begun = [entry.code for entry in entries if entry.code.startswith(word.upper())]
    if word and begun:
        return f"; codes that begin so are {', '.join(begun)}"
    codes = difflib.get_close_matches(word.upper(), [entry.code for entry in entries], n=1)
    names = difflib.get_close_matches(word.lower().replace("_", "-"), [entry.name for entry in entries], n=1)
    found = codes if word.upper().startswith("LMB") else names or codes
    return f'; did you mean "{found[0]}"?' if found else "; `lambdalint rules` lists them all"


def _painted(text: str, style: Style) -> Iterator[str]:
    """Markdown with bold headings and coloured code."""
    code = False
    for line in text.splitlines():
        if line.startswith("```"):
            code = not code
            yield style.faint(line)
        elif code:
            yield style.cyan(line)
        else:
            yield style.bold(line) if line.startswith("#") else line
