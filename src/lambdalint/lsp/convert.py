"""Places: lines from 1 and columns in code points here, lines from 0 and the client's units there."""

from __future__ import annotations

from lsprotocol import types
from pygls.workspace import PositionCodec

from lambdalint.findings import Edit, Position, Span
from lambdalint.source import Source


class Places:
    """The places of one text in the units that were agreed on with the client."""

    def __init__(self, source: Source, codec: PositionCodec) -> None:
        self.source = source
        self._codec = codec

    def position(self, place: Position) -> types.Position:
        line = min(place.line, len(self.source.lines))
        units = self._codec.client_num_units(self.source.lines[line - 1][: place.column])
        return types.Position(line - 1, units)

    def range(self, span: Span) -> types.Range:
        return types.Range(self.position(span.start), self.position(span.end))

    def edit(self, edit: Edit) -> types.TextEdit:
        return types.TextEdit(self.range(edit.span), edit.text)

    def offset(self, position: types.Position) -> int:
        """The index into the text of a place that the client names; past the line's end is its end."""
        if position.line >= len(self.source.lines):
            return len(self.source.text)
        column = units = 0
        for character in self.source.lines[position.line]:
            units += self._codec.client_num_units(character)
            if units > position.character:
                break
            column += 1
        return self.source.line_starts[position.line] + column
