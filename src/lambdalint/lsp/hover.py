"""The page of the rule that a place speaks of."""

from __future__ import annotations

from collections.abc import Iterable

from lsprotocol import types

from lambdalint.engine import comments
from lambdalint.lsp import pages
from lambdalint.lsp.convert import Places


def hover(
    places: Places, position: types.Position, diagnostics: Iterable[types.Diagnostic], kind: types.MarkupKind
) -> types.Hover | None:
    """For a code or name in a suppression comment, or else for the findings that stand there.

    The page is Markdown, which reads well as a plain text too.
    """
    offset = places.offset(position)
    words = _suppressed(places, offset) or [
        str(one.code) for one in diagnostics if one.range.start <= position <= one.range.end
    ]
    found = [text for word in dict.fromkeys(words) if (text := pages.text(word)) is not None]
    if not found:
        return None
    return types.Hover(types.MarkupContent(kind, "\n\n---\n\n".join(found)))


def _suppressed(places: Places, offset: int) -> list[str]:
    if not comments.mentions(places.source):
        return []
    suppressions = comments.read(places.source) or []
    return [name.text for one in suppressions for name in one.names or () if name.start <= offset <= name.end]
