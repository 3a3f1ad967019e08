"""The questions that all rules share, about nodes of the file that is checked.

Unknown stays unknown: a question that can't be answered gives None or the
answer that leads to no finding.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

import libcst as cst

from lambdalint.knowledge.facts import Facts
from lambdalint.semantics import flow, ir
from lambdalint.semantics.lower import Lowering
from lambdalint.semantics.project import Options, Project
from lambdalint.semantics.values import Value, Values, single
from lambdalint.source import Source

Answer = TypeVar("Answer")
_CLAUSES = (cst.Else, cst.ExceptHandler, cst.ExceptStarHandler, cst.Finally, cst.MatchCase)


class Core:
    """Questions about one file; `project` knows the rest."""

    def __init__(self, project: Project, lowering: Lowering, source: Source, tree: cst.Module) -> None:
        self.project = project
        self.module = lowering.module
        self.source = source
        self.tree = tree
        self._ir_of = lowering.ir_of
        self._cst_of = lowering.cst_of
        self._lines: dict[int, cst.SimpleStatementLine] = {}
        self._answers: dict[Hashable, object] = {}
        self._values: dict[cst.CSTNode | ir.Expr, Value | None] = {}

    @property
    def options(self) -> Options:
        return self.project.inputs.options

    @property
    def facts(self) -> Facts:
        return self.project.facts

    def text(self, node: cst.CSTNode | ir.Node) -> str:
        """The code of a node on one line, for a message."""
        found = self.node(node) if isinstance(node, ir.Node) else node
        return " ".join(self.tree.code_for_node(found).split()) if found is not None else ""

    def answer(self, key: Hashable, compute: Callable[[], Answer]) -> Answer:
        """What `compute` gives, worked out once for all the rules that ask for `key`."""
        if key not in self._answers:
            self._answers[key] = compute()
        return cast(Answer, self._answers[key])

    def forget(self) -> None:
        """Let go of the answers: those that hold the model keep it, and the file's tree, until garbage is collected."""
        self._answers.clear()

    # --- between the two pictures ------------------------------------------------------

    def lowered(self, node: cst.CSTNode) -> ir.Node | None:
        """The model's node for a syntax node."""
        return self._ir_of.get(id(node))

    def expr(self, node: cst.CSTNode) -> ir.Expr | None:
        found = self._ir_of.get(id(node))
        return found if isinstance(found, ir.Expr) else None

    def call(self, node: cst.Call) -> ir.Call | None:
        found = self._ir_of.get(id(node))
        return found if isinstance(found, ir.Call) else None

    def node(self, lowered: ir.Node) -> cst.CSTNode | None:
        """The syntax node of this file that a model's node was made from."""
        return self._cst_of.get(id(lowered))

    def line_of(self, small: cst.BaseSmallStatement) -> cst.SimpleStatementLine | None:
        """The line that a small statement stands on; None in a one-line suite."""
        if not self._lines:
            stack: list[cst.CSTNode] = [self.tree]
            while stack:
                node = stack.pop()
                if isinstance(node, cst.SimpleStatementLine):
                    self._lines.update({id(part): node for part in node.body})
                elif isinstance(node, (cst.BaseCompoundStatement, cst.BaseSuite, cst.Module, *_CLAUSES)):
                    stack.extend(node.children)
        return self._lines.get(id(small))

    def is_elif(self, node: cst.CSTNode) -> bool:
        """Whether an `if` is written as `elif`: nothing can stand in front of it."""
        lowered = self.lowered(node)
        parent = lowered.parent if lowered is not None else None
        above = self.node(parent) if isinstance(parent, ir.If) else None
        return isinstance(above, cst.If) and above.orelse is node

    def _lowered(self, node: cst.CSTNode | ir.Node) -> ir.Node | None:
        return node if isinstance(node, ir.Node) else self._ir_of.get(id(node))

    @property
    def imported_by_handler(self) -> bool:
        """Whether the import of some handler's file runs this module."""
        return bool(self.project.closures.holders(self.module.path))

    @property
    def boto3_patched(self) -> bool:
        """Whether tests beside or above this file replace something of boto3."""
        folders = self.project.inputs.patched
        return any(not folder or self.module.path.startswith(f"{folder}/") for folder in folders)

    # --- names and values ------------------------------------------------------------------

    def values(self, node: cst.CSTNode | ir.Expr) -> Values:
        lowered = self._lowered(node)
        return self.project.evaluator.evaluate(lowered) if isinstance(lowered, ir.Expr) else frozenset()

    def value(self, node: cst.CSTNode | ir.Expr) -> Value | None:
        """The one thing that an expression surely evaluates to."""
        if node not in self._values:
            self._values[node] = single(self.values(node))
        return self._values[node]

    def qualified(self, node: cst.CSTNode | ir.Expr) -> str:
        """The dotted name under which something from outside the project was imported, or ""."""
        value = self.value(node)
        return value.name if value is not None and value.kind == "external" else ""

    def constant(self, node: cst.CSTNode | ir.Expr | None) -> object:
        """The literal that an expression surely evaluates to, or None."""
        if node is None:
            return None
        value = self.value(node)
        return value.constant if value is not None and value.kind == "const" else None

    def operation(self, node: cst.CSTNode | ir.Expr) -> Value | None:
        """The bound operation that a call runs: `name` on `base` (client, table, session, …)."""
        lowered = self._lowered(node)
        if not isinstance(lowered, ir.Call):
            return None
        value = self.value(lowered.func)
        return value if value is not None and value.kind == "operation" else None

    # --- when it runs --------------------------------------------------------------------------

    def function(self, node: cst.CSTNode | ir.Node) -> ir.Function | None:
        """The function whose body holds a node; None at module scope."""
        lowered = self._lowered(node)
        return flow.function_of(lowered) if lowered is not None else None

    def runs_per_invocation(self, node: cst.CSTNode | ir.Node, *, hot: bool = False) -> bool:
        """Whether a node runs on each invocation that comes its way, once-guarded code left out.

        `hot` leaves out error paths and what only a deployment calls.
        """
        function = self.function(node)
        reach = self.project.reach
        if function is None or function not in (reach.hot if hot else reach.ways):
            return False
        lowered = self._lowered(node)
        assert lowered is not None
        if hot and flow.on_error_path(lowered):
            return False
        return not self.once(lowered) and not self.project.runtime.never(lowered)

    def once(self, node: cst.CSTNode | ir.Node) -> bool:
        """Whether a guard or a cache keeps a node from running again in one environment."""
        lowered = self._lowered(node)
        if lowered is None:
            return False
        function = flow.function_of(lowered)
        guards = self.project.guards
        return (function is not None and guards.cached(function)) or guards.guarded(lowered)

    def on_error_path(self, node: cst.CSTNode | ir.Node) -> bool:
        lowered = self._lowered(node)
        return lowered is not None and flow.on_error_path(lowered)

    def way(self, node: cst.CSTNode | ir.Node) -> tuple[tuple[str, ...], int]:
        """The names from the nearest handler to the function around a node, and how many others reach it."""
        function = self.function(node)
        if function is None:
            return (), 0
        reach = self.project.reach
        way = reach.hot.get(function) or reach.ways.get(function, ())
        return way, max(len(reach.reached_by.get(function, ())) - 1, 0)

    def memory(self, node: cst.CSTNode | ir.Node) -> int | None:
        """The smallest memory, in MB, of the deployed functions that reach a node, as far as known."""
        function = self.function(node)
        reached = self.project.reach.reached_by.get(function, ()) if function is not None else ()
        deployed = (self.project.handlers[i].deployed for i in reached)
        sizes = [d.memory for d in deployed if d is not None and d.memory]
        return min(sizes, default=None)

    def runtimes(self, node: cst.CSTNode | ir.Node) -> set[str]:
        """The runtimes of the deployed functions that reach a node, as their descriptions name them."""
        function = self.function(node)
        reached = self.project.reach.reached_by.get(function, ()) if function is not None else ()
        deployed = (self.project.handlers[i].deployed for i in reached)
        return {d.runtime for d in deployed if d is not None}

    def memory_of_module(self) -> int | None:
        """The smallest memory, in MB, of the deployed functions whose import runs this module."""
        deployed = (h.deployed for h in self.project.importing(self.module.path))
        return min((d.memory for d in deployed if d is not None and d.memory), default=None)

    # --- what it depends on ---------------------------------------------------------------------

    def depends_on_event(self, node: cst.CSTNode | ir.Expr) -> bool:
        lowered = self._lowered(node)
        return isinstance(lowered, ir.Expr) and self.project.taint.on_event(lowered)

    def depends_on_loop(self, node: cst.CSTNode | ir.Expr) -> bool:
        """Whether a value changes from iteration to iteration of a loop, here or in a caller."""
        lowered = self._lowered(node)
        return isinstance(lowered, ir.Expr) and self.project.taint.on_loop(lowered)

    def effect(self, node: cst.Call | ir.Call) -> str:
        """ "read", "write", "none" or "unknown"."""
        lowered = self._lowered(node)
        return self.project.effects.of_call(lowered) if isinstance(lowered, ir.Call) else "unknown"

    def loop(self, node: cst.CSTNode | ir.Node) -> ir.For | ir.While | ir.Comp | None:
        """The innermost loop of the same function that repeats a node."""
        lowered = self._lowered(node)
        loops = flow.loops_around(lowered) if lowered is not None else []
        return loops[0] if loops else None

    # --- what becomes of it ---------------------------------------------------------------------

    def binding(self, node: cst.CSTNode | ir.Node) -> ir.Binding | None:
        lowered = self._lowered(node)
        return lowered.scope.lookup(lowered.id) if isinstance(lowered, ir.Name) else None

    def uses(self, binding: ir.Binding) -> list[ir.Name]:
        return binding.uses

    def escapes(self, binding: ir.Binding) -> bool:
        """Whether the object that a name holds is handed on: passed, returned, stored, closed over."""
        for use in binding.uses:
            if use.scope is not binding.scope and flow.function_of(use) is not binding.scope.function:
                return True
            if handed_on(use):
                return True
        return False


def handed_on(use: ir.Expr) -> bool:
    """Whether an expression's object itself leaves: not merely asked, compared, subscripted or called upon."""
    parent = use.parent
    if isinstance(parent, ir.Attr):
        return False
    if isinstance(parent, ir.Item):
        return parent.base is not use
    return not isinstance(parent, (ir.Compare, ir.Not, ir.If, ir.While, ir.ExprStmt, ir.For))
