"""The face that rules see: the shared questions, and one entry for each analysis behind them."""

from __future__ import annotations

import libcst as cst

from lambdalint.semantics import creation, dynamodb, fetches
from lambdalint.semantics.core import Core
from lambdalint.semantics.creation import Creation
from lambdalint.semantics.dynamodb import Read
from lambdalint.semantics.fetches import Fetch


class Model(Core):
    """Everything a rule may ask of the file that is checked."""

    def created(self, node: cst.Call, *kinds: str) -> Creation | None:
        """The AWS object ("client", "resource" or "session") that a call makes itself."""
        call = self.call(node)
        return creation.created(self, call, *kinds) if call is not None else None

    def fetch(self, node: cst.Call) -> Fetch | None:
        """The token, secret or parameter that a call itself fetches."""
        call = self.call(node)
        return fetches.fetch(self, call) if call is not None else None

    def dynamodb_read(self, node: cst.Call) -> Read | None:
        """The get_item, query or scan that a call makes itself."""
        call = self.call(node)
        return dynamodb.read_of(self, call) if call is not None else None
