"""The edit that silences a finding on its line."""

from __future__ import annotations

from functools import cached_property

from lambdalint.engine import comments
from lambdalint.findings import Edit, Finding, Span
from lambdalint.source import Source


class Silencer:
    """Writes `# noqa` comments into one text, where `engine.suppress` and flake8 look for them."""

    def __init__(self, source: Source) -> None:
        self._source = source

    @cached_property
    def _lines(self) -> list[tuple[int, int]]:
        return comments.joined_lines(self._source)

    def edit(self, finding: Finding) -> Edit | None:
        """Name the finding's code in the line's `# noqa`, or in a new one at its end; None where neither can be."""
        line = finding.span.start.line
        if line > len(self._lines):
            return None
        first, last = self._lines[line - 1]
        start = self._source.line_starts[first - 1]
        end = self._source.line_starts[last - 1] + len(self._source.lines[last - 1])
        known = comments.NOQA_INLINE.search(self._source.text, start, end)
        if known is None:
            before = self._source.text[start:end]
            if before.endswith("\\"):
                return None
            return self._insert(end - len(before) + len(before.rstrip()), f"  # noqa: {finding.code}")
        if known["codes"] is None:
            return None
        return self._insert(known.start("codes") + len(known["codes"].rstrip(", \t")), f", {finding.code}")

    def _insert(self, offset: int, text: str) -> Edit:
        place = self._source.position(offset)
        return Edit(Span(place, place), text)
