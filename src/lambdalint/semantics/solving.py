"""Questions that hang on each other, in circles too: each is worked out once, and again when its grounds change."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

Answer = TypeVar("Answer")
Fact = tuple[str, Any]  # its kind, and what it is about
_NO_CUT = 1 << 30


class Grounds:
    """The facts that answers rest on and that may turn out otherwise, such as which calls run a function.

    A set of facts is a number with a bit for each.
    """

    def __init__(self) -> None:
        self.below = 0  # what is being worked out rests on these
        self._bits: dict[Fact, int] = {}
        self._free: list[int] = []
        self._settled = False

    def rest_on(self, fact: Fact) -> None:
        """What is being worked out was told a fact."""
        if self._settled:
            return
        bit = self._bits.get(fact)
        if bit is None:
            bit = self._bits[fact] = self._free.pop() if self._free else 1 << len(self._bits)
        self.below |= bit

    def facts(self) -> list[tuple[Fact, int]]:
        """All facts that were ever told, each with the set that holds it alone."""
        return list(self._bits.items())

    def settle(self) -> None:
        """From now on no fact will turn out otherwise: none is noted any more."""
        self._settled = True
        self._bits.clear()

    def drop(self, facts: int) -> None:
        """Let go of facts that no answer rests on any more."""
        for fact, bit in self.facts():
            if bit & facts:
                self._free.append(self._bits.pop(fact))


class Solver:
    """Keeps answers by key. `deepest` is how many questions may hang on each other.

    `keeps_deep`: what was asked too far down is answered for good; otherwise an
    answer that hangs on such a one isn't kept for other questions. `grounds` are those that
    the answers rest on, shared by the solvers that ask each other.
    """

    def __init__(self, deepest: int, grounds: Grounds, *, keeps_deep: bool = False) -> None:
        self.memo: dict[Hashable, object] = {}
        self.because: dict[Hashable, int] = {}  # the facts that an answer rests on, if any
        self.grounds = grounds
        self._deepest = deepest
        self._keeps_deep = keeps_deep
        self._active: dict[Hashable, int] = {}  # what is being looked for, with its depth
        self._lowest = _NO_CUT  # the outermost of it that an answer had to do without
        # Such answers, each with the outermost it lacks and the facts that it rests on.
        self._partial: dict[Hashable, tuple[object, int, int]] = {}
        self._order: list[Hashable] = []  # of theirs

    @property
    def whole(self) -> bool:
        """Whether what was answered since `begin` lacks nothing that is still being looked for."""
        return self._lowest == _NO_CUT

    def once(self, key: Hashable, compute: Callable[[], Answer]) -> Answer:
        """What `compute` gives, kept unless that is only a part, for want of something still being looked for."""
        known = self.known(key)
        if known is not None:
            return cast(Answer, known)
        before = self.begin()
        found = compute()
        self.end(before, key, found)
        return found

    def begin(self) -> tuple[int, int]:
        """Start to work out an answer as `once` does, which takes two calls more; what is given back goes to `end`."""
        before = self._lowest, self.grounds.below
        self._lowest, self.grounds.below = _NO_CUT, 0
        return before

    def end(self, before: tuple[int, int], key: Hashable, found: object) -> None:
        """The answer is found."""
        if self.whole:
            self._keep(key, found)
        lowest, outer = before
        self._lowest = min(lowest, self._lowest)
        self.grounds.below |= outer

    def known(self, key: Hashable) -> object:
        """The answer that is kept under a key, or None."""
        known = self.memo.get(key)
        if known is not None:
            below = self.because.get(key)
            if below is not None:
                self.grounds.below |= below
        return known

    def forget(self, facts: int) -> None:
        """Let go of the answers that rest on any of some facts."""
        for key in [key for key, below in self.because.items() if below & facts]:
            del self.memo[key], self.because[key]

    def settle(self) -> None:
        """Keep the answers for good."""
        self.because.clear()

    def drop(self, about: Callable[[Hashable], bool]) -> None:
        """Let go of the answers to some questions, of which none is being looked for."""
        self._partial.clear()
        self._order.clear()
        for key in [key for key in self.memo if about(key)]:
            del self.memo[key]
            self.because.pop(key, None)

    def _keep(self, key: Hashable, found: object) -> None:
        self.memo[key] = found
        if self.grounds.below:
            self.because[key] = self.grounds.below

    def solve(self, key: Hashable, compute: Callable[[], Answer], nothing: Answer, deep: Answer) -> Answer:
        """What `compute` gives, kept under `key`; `nothing` while that is being looked for, `deep` too far down.

        An answer that had to do without one that is still being looked for is only a part of it: it
        serves the others until that one is found, so that circles cost no more than straight ways.
        """
        known = self.known(key)
        if known is not None:
            return cast(Answer, known)
        grounds = self.grounds
        if key in self._partial:
            part, lowest, below = self._partial[key]
            self._lowest = min(self._lowest, lowest)
            grounds.below |= below
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
        outer, grounds.below = grounds.below, 0
        since = len(self._order)
        self._active[key] = depth
        try:
            found = compute()
        finally:
            del self._active[key]
        if self._lowest >= depth:
            self._keep(key, found)
            self._lowest = before
            for part_of_it in self._order[since:]:
                del self._partial[part_of_it]
            del self._order[since:]
        else:
            self._partial[key] = found, self._lowest, grounds.below
            self._order.append(key)
            self._lowest = min(before, self._lowest)
        grounds.below |= outer
        return found
