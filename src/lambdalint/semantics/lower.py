"""From a libcst tree to the model's own picture of it (`semantics.ir`).

One pass over the statements at module scope, then one over the bodies of their functions, and so on;
`semantics.portions` knows what each statement had in each of them, so that a few can be lowered again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy

import libcst as cst

from lambdalint.semantics import ir, portions
from lambdalint.semantics.lower_definitions import Definitions
from lambdalint.semantics.portions import Passes, Portion, Rewritten

_ROOM = 1 << 10  # places that a statement at module scope has for another text of it
_BODIES = 1 << 29  # the places of functions' bodies begin here


class Lowering(Definitions):
    """Lowers one module, as a whole or some of its statements again."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        # By statement at module scope, where that was asked for: what it has in the module, and its first place.
        self.statements: list[Passes] = []
        self.starts: list[int] = []

    def run(self, tree: cst.Module, by_statement: bool = False) -> ir.Module:
        """Lower all; `by_statement` so that statements can be lowered again."""
        groups: list[Sequence[cst.CSTNode]] = [[one] for one in tree.body] if by_statement else [tree.body]
        begun: list[tuple[Passes, list[Callable[[], None]]]] = []
        for group in groups:
            self.places = max(self.starts[-1] + _ROOM, self.places) if self.starts else 0
            self.starts.append(self.places)
            begun.append(self._begin(group))
        if by_statement:
            self.places = max(_BODIES, self.places)
        statements = [self._finish(passes, deferred) for passes, deferred in begun]
        portions.put_together(self.module, statements)
        self._note_all(statements)
        self.module.scope.bindings = {}
        portions.bind(self.module, statements)
        self.statements = statements if by_statement else []
        return self.module

    def _begin(self, nodes: Sequence[cst.CSTNode]) -> tuple[Passes, list[Callable[[], None]]]:
        """Lower statements at module scope without the bodies of functions, which are left to do."""
        portion = self._portion(lambda: self.body(tuple(nodes), None))
        deferred, self.deferred = self.deferred, []
        return [portion], deferred

    def _finish(self, passes: Passes, deferred: list[Callable[[], None]]) -> Passes:
        """Lower the bodies of functions; they come after the scope around them is complete, as at run time."""
        while deferred:
            pending = deferred

            def lower_bodies(pending: list[Callable[[], None]] = pending) -> list[ir.Stmt]:
                for lower_body in pending:
                    lower_body()
                return []

            passes.append(self._portion(lower_bodies))
            deferred, self.deferred = self.deferred, []
        return passes

    def _portion(self, work: Callable[[], list[ir.Stmt]]) -> Portion:
        portion = Portion()
        portion.lend(self.module)
        self.nodes, self.noted = portion.nodes, portion.noted
        body = work()
        portion.take(body, self.module.scope.bindings)
        return portion

    def _note_all(self, statements: Sequence[Passes]) -> None:
        ordered = list(portions.in_order(statements))
        self.nodes = [node for portion in ordered for node in portion.nodes]
        self.noted = [lowered for portion in ordered for lowered in portion.noted]

    # --- statements with another text ----------------------------------------------------

    def rewritten(self, changed: Mapping[int, cst.CSTNode]) -> tuple[Lowering, Rewritten] | None:
        """Go on with other functions and classes in the place of some statements at module scope, by their numbers.

        None where the module has to be lowered as a whole; otherwise its picture is that of the new text. May raise
        RecursionError, and then nothing has changed.
        """
        new = self._again(changed)
        if new is None:
            return None
        statements = list(self.statements)
        rewritten = portions.rewrite(self.module, statements, new)
        return (self._with(statements, changed), rewritten) if rewritten is not None else None

    def reworded(self, changed: Mapping[int, cst.CSTNode]) -> Lowering | None:
        """As `rewritten`, where the new texts say the same: the module stays. None where that can't be told."""
        new = self._again(changed)
        if new is None:
            return None
        statements = list(self.statements)
        for number, passes in new.items():
            if [len(portion.nodes) for portion in passes] != [len(portion.nodes) for portion in statements[number]]:
                return None
            statements[number] = [copy(portion) for portion in statements[number]]
            for portion, again in zip(statements[number], passes, strict=True):
                portion.nodes = again.nodes
        return self._with(statements, changed)

    def _again(self, changed: Mapping[int, cst.CSTNode]) -> dict[int, Passes] | None:
        if not self.statements:
            return None
        other, module = copy(self), self.module
        other.ir_of, other.cst_of, other.deferred = {}, {}, []
        before = {name: getattr(module, name) for name in ("functions", "classes", "imports", "names", "stores")}
        before |= {name: getattr(module, name) for name in ("annotation_names", "exports")}
        main, bindings = module.main, module.scope.bindings
        of_main = {name: getattr(main, name) for name in ("calls", "attributes", "strings", "returns", "yields")}
        generates = main.is_generator
        found: dict[int, Passes] = {}
        try:
            for number, node in changed.items():
                other.places = self.starts[number]
                passes, deferred = other._begin([node])
                if other.places >= (self.starts[number + 1] if number + 1 < len(self.starts) else _BODIES):
                    return None
                other.places = self.places
                found[number] = other._finish(passes, deferred)
                self.places = other.places
        finally:
            for name, known in before.items():
                setattr(module, name, known)
            for name, known in of_main.items():
                setattr(main, name, known)
            module.scope.bindings, main.is_generator = bindings, generates
        return found

    def _with(self, statements: list[Passes], changed: Mapping[int, cst.CSTNode]) -> Lowering:
        """The way between the tree and the model, with some statements changed."""
        other = copy(self)
        other.ir_of, other.cst_of, other.statements = dict(self.ir_of), dict(self.cst_of), statements
        for number in changed:
            for portion in self.statements[number]:
                for node, lowered in zip(portion.nodes, portion.noted, strict=True):
                    other.ir_of.pop(id(node), None)
                    other.cst_of.pop(id(lowered), None)
        for number in changed:
            for portion in statements[number]:
                for node, lowered in zip(portion.nodes, portion.noted, strict=True):
                    other.ir_of[id(node)] = lowered
                    other.cst_of[id(lowered)] = node
        other._note_all(statements)
        return other

    def stand_in(self, module: ir.Module, noted: Sequence[ir.Node]) -> None:
        """Answer with the pictures of an earlier lowering of the same text, which the project knows."""
        assert len(noted) == len(self.noted)
        self.module, self.noted, self.statements = module, list(noted), []
        self.ir_of = {id(node): lowered for node, lowered in zip(self.nodes, noted, strict=True)}
        self.cst_of = {id(lowered): node for node, lowered in zip(self.nodes, noted, strict=True)}


def lower(tree: cst.Module, path: str, by_statement: bool = False) -> Lowering:
    """Lower a parsed module; `path` is its place relative to the project's root."""
    lowering = Lowering(path)
    lowering.run(tree, by_statement)
    return lowering
