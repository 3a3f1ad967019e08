"""Questions that hang on each other, in circles too: each is worked out once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

Answer = TypeVar("Answer")
_NO_CUT = 1 << 30


class Solver:
    """Keeps answers by key. `deepest` is how many questions may hang on each other.

    `keeps_deep`: what was asked too far down is answered for good; otherwise an
    answer that hangs on such a one isn't kept for other questions.
    """

    def __init__(self, deepest: int, *, keeps_deep: bool = False) -> None:
        self.memo: dict[Hashable, object] = {}
        self._deepest = deepest
        self._keeps_deep = keeps_deep
        self._active: dict[Hashable, int] = {}  # what is being looked for, with its depth
        self._lowest = _NO_CUT  # the outermost of it that an answer had to do without
        self._partial: dict[Hashable, tuple[object, int]] = {}  # such answers, each with the outermost it lacks
        self._order: list[Hashable] = []  # of theirs

    @property
    def whole(self) -> bool:
        """Whether what was answered since `begin` lacks nothing that is still being looked for."""
        return self._lowest == _NO_CUT

    def begin(self) -> int:
        """Start to watch `whole`; what is given back goes to `end`."""
        before, self._lowest = self._lowest, _NO_CUT
        return before

    def end(self, before: int) -> None:
        self._lowest = min(before, self._lowest)

    def solve(self, key: Hashable, compute: Callable[[], Answer], nothing: Answer, deep: Answer) -> Answer:
        """What `compute` gives, kept under `key`; `nothing` while that is being looked for, `deep` too far down.

        An answer that had to do without one that is still being looked for is only a part of it: it
        serves the others until that one is found, so that circles cost no more than straight ways.
        """
        known = self.memo.get(key)
        if known is not None:
            return cast(Answer, known)
        if key in self._partial:
            part, lowest = self._partial[key]
            self._lowest = min(self._lowest, lowest)
            return cast(Answer, part)
        depth = len(self._active)
        if key in self._active:
            self._lowest = min(self._lowest, self._active[key])
            return nothing
        if depth > self._deepest:
            if not self._keeps_deep:
                self._lowest = 0
            return deep
        before, self._lowest = self._lowest, _NO_CUT
        since = len(self._order)
        self._active[key] = depth
        try:
            found = compute()
        finally:
            del self._active[key]
        if self._lowest >= depth:
            self.memo[key] = found
            self._lowest = before
            for part_of_it in self._order[since:]:
                del self._partial[part_of_it]
            del self._order[since:]
        else:
            self._partial[key] = found, self._lowest
            self._order.append(key)
            self._lowest = min(before, self._lowest)
        return found
