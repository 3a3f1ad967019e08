"""Which values change from event to event, and from turn to turn of a loop.

`Dependence` says which parameters a value may depend on; `Taint` knows which of
those parameters may carry the event, from the handlers and the call graph.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from lambdalint.checkpoints import checkpoint
from lambdalint.semantics import ir
from lambdalint.semantics.callgraph import Edge
from lambdalint.semantics.dependence import EVENT, LOOP, NONE, Dependence, Origin, Origins


class Taint:
    """Which parameters may carry the event, or change with a loop of a caller."""

    def __init__(self, dependence: Dependence) -> None:
        self.dependence = dependence
        self.event: set[Origin] = {EVENT}
        self.loop: set[Origin] = {LOOP}

    def spread(self, seeds: Iterable[Origin], edges: list[Edge]) -> None:
        """Follow the seeds through all edges."""
        self.event |= set(seeds)
        hand_over: list[tuple[Origin, Origins]] = []
        # Those far from the handlers first: what the others are asked for hangs on them.
        for edge in reversed(edges):
            checkpoint()
            params = edge.callee.params
            for index, expr in edge.bound.items():
                hand_over.append(((edge.callee, index), self.dependence.origins(expr)))
            rest = [i for i, p in enumerate(params) if i not in edge.bound and _may_be_given(edge, p)]
            given = self._unbound(edge) if rest else NONE
            hand_over += [((edge.callee, i), given) for i in rest]
            for index, param in enumerate(params):
                if param.default is not None and index not in edge.bound:
                    hand_over.append(((edge.callee, index), self.dependence.origins(param.default)))
            if edge.callback:
                continue
            if edge.callee.cls is not None and edge.made is None and isinstance(edge.site, ir.Call):
                if isinstance(edge.site.func, ir.Attr) and params and 0 not in edge.bound:
                    hand_over.append(((edge.callee, 0), self.dependence.origins(edge.site.func.base)))
        following: dict[Origin, list[Origin]] = defaultdict(list)
        for target, origins in hand_over:
            for origin in origins:
                following[origin].append(target)
        for known in (self.event, self.loop):
            stack = list(known)
            while stack:
                for target in following.get(stack.pop(), ()):
                    if target not in known:
                        known.add(target)
                        stack.append(target)

    def _unbound(self, edge: Edge) -> Origins:
        """What the parameters that a call doesn't bind one by one may be given."""
        if not edge.callback:
            return self.dependence.merge(a.value for a in edge.site.args) if isinstance(edge.site, ir.Call) else NONE
        given = self.dependence.merge(edge.siblings)
        if edge.site in edge.caller.decorators:
            # A wrapper is given what the function inside is called with.
            given |= {(edge.caller, i) for i in range(len(edge.caller.params))}
        else:
            given |= {EVENT}
        return given | {LOOP} if edge.siblings else given

    def on_event(self, expr: ir.Expr) -> bool:
        return not self.event.isdisjoint(self.dependence.origins(expr))

    def on_loop(self, expr: ir.Expr) -> bool:
        return not self.loop.isdisjoint(self.dependence.origins(expr))


def _may_be_given(edge: Edge, param: ir.Param) -> bool:
    """Whether a call may give a parameter what it doesn't bind to it."""
    return edge.unsure or param.kind in ("args", "kwargs")
