"""Reads that stand one after another although none needs another's result."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field

from lambdalint.semantics import flow, ir
from lambdalint.semantics.blocking import is_waited_for
from lambdalint.semantics.core import Core
from lambdalint.semantics.effects import NONE, READ
from lambdalint.semantics.loops import asks_later, asks_surely
from lambdalint.semantics.tasks import runs_beside
from lambdalint.semantics.values import MUTATORS

_TRACING = ("aws_xray_sdk", "contextvars", "ddtrace", "opentelemetry")
_TRACED_NAMES = {"Tracer", "append_keys", "structure_logs", "bind_contextvars"}
_POOLS = {"submit", "map", "run_in_executor", "to_thread", "Thread", "starmap", "imap", "apply_async"}


class Step(Struct, frozen=True):
    """One read of a group: the call, and the statement of the block that holds it."""

    call: ir.Call
    statement: ir.Stmt


class Group(Struct):
    """Two or more reads of one block, none of which needs another's result, in order."""

    steps: list[Step] = field(default_factory=list)
    dirty: set[ir.Binding] = field(default_factory=set)  # names that hold a result of the group
    asked: set[str] = field(default_factory=set)  # how its reads are written

    @property
    def first(self) -> ir.Call:
        return self.steps[0].call


def groups(model: Core, function: ir.Function, *, awaited: bool = False) -> Iterator[Group]:
    """The groups of a function, in the order of its blocks: of reads that block, or of those that it awaits."""
    if traced(model) or runs_already(model, function):
        return
    blocks = [function.body]
    for stmt in ir.statements(function.body):
        if not isinstance(stmt, (ir.FunctionDef, ir.ClassDef)):
            blocks += list(ir.blocks(stmt))
    reader = _Reader(model, awaited)
    for block in blocks:
        for group in reader.of_block(block):
            if len(group.steps) > 1:
                yield group


def traced(model: Core) -> bool:
    """Whether the module traces calls or keeps context variables, which other threads don't see."""
    return model.answer("traced", lambda: _traced(model))


def _traced(model: Core) -> bool:
    for statement, _ in model.module.imports:
        modules = [statement.module] if statement.is_from else [name for name, _ in statement.names]
        if any(module.split(".")[0] in _TRACING for module in modules):
            return True
        if statement.is_from and any(name in _TRACED_NAMES for name, _ in statement.names):
            return True
    return any(
        isinstance(call.func, ir.Attr) and call.func.name in _TRACED_NAMES
        for function in model.module.functions
        for call in function.calls
    )


def runs_already(model: Core, function: ir.Function) -> bool:
    """Whether others wait for their answers while a function does: in a thread, or as a task."""
    return in_a_pool(model, function) or (function.is_async and runs_beside(model, function))


def in_a_pool(model: Core, function: ir.Function) -> bool:
    """Whether the function is handed to an executor or a thread: it already runs beside others."""
    for edge in model.project.edges_to(function):
        if edge.callback and isinstance(edge.site, ir.Call):
            if ir.dotted(edge.site.func).split(".")[-1] in _POOLS:
                return True
            if isinstance(edge.site.func, ir.Attr) and edge.site.func.name in _POOLS:
                return True
    return False


class _Reader(Struct, frozen=True):
    """Looks for reads that are awaited, or for those that block."""

    model: Core
    awaited: bool

    def of_block(self, block: list[ir.Stmt]) -> Iterator[Group]:
        group = Group()
        for stmt in block:
            reads = self.reads(stmt)
            if reads is None:
                yield group
                group = Group()
                continue
            for call in reads:
                if not _needs(call, group.dirty) and not self._is_asked_again(call, group):
                    group.steps.append(Step(call, stmt))
                    group.asked.add(self.model.text(call))
            _mark(stmt, bool(reads), group)
        yield group

    def _is_asked_again(self, call: ir.Call, group: Group) -> bool:
        """Whether the group asks the very same already: that is to be asked once, not twice at the same time."""
        return self.model.text(call) in group.asked

    def reads(self, stmt: ir.Stmt) -> list[ir.Call] | None:
        """The reads that a statement makes, [] where it only computes; None where the run of reads ends."""
        if isinstance(stmt, ir.Try):
            return self._guarded(stmt)
        if isinstance(stmt, (ir.Simple, ir.Import)):
            return None if isinstance(stmt, ir.Simple) and stmt.kind in ("break", "continue") else []
        if isinstance(stmt, ir.FunctionDef):
            return []
        if not isinstance(stmt, (ir.Assign, ir.ExprStmt, ir.AugAssign)):
            return None
        if isinstance(stmt, ir.Assign) and any(not isinstance(t, (ir.Name, ir.Seq)) for t in stmt.targets):
            # Stored somewhere else: whoever reads it there may be in between.
            if any(isinstance(part, ir.Call) for e in ir.expressions(stmt) for part in ir.walk(e)):
                return None
        reads: list[ir.Call] = []
        for part in (part for expr in ir.expressions(stmt) for part in ir.walk(expr)):
            if isinstance(part, ir.Yield) or (isinstance(part, ir.Await) and not self._awaits_call(part)):
                return None
            if not isinstance(part, ir.Call) or asks_later(self.model, part):
                continue
            summary = self.model.project.effects.summary(part)
            if summary.ordered:
                return None
            if summary.effect == READ:
                if _conditional(part, stmt) or any(_holds(other, part) for other in reads):
                    return None
                if not self._independent(part):
                    return None
                reads.append(part)
            elif summary.effect != NONE:
                return None
        return reads

    def _awaits_call(self, expr: ir.Await) -> bool:
        return self.awaited and isinstance(expr.value, ir.Call)

    def _guarded(self, stmt: ir.Try) -> list[ir.Call] | None:
        """A `try` that goes on whatever happens, with nothing but reads and computing in it."""
        if stmt.final or stmt.orelse or any(flow.leaves(h.body) or _leaves_inside(h.body) for h in stmt.handlers):
            return None
        found: list[ir.Call] = []
        for inner in stmt.body:
            reads = self.reads(inner)
            if reads is None or (reads and found):
                return None
            found += reads
        for handler in stmt.handlers:
            if any(self.reads(inner) != [] for inner in handler.body):
                return None
        return found if found else None

    def _independent(self, call: ir.Call) -> bool:
        """Whether a read can be made beside others: what it runs of the project surely asks, and neither raises
        by itself nor changes what others see."""
        if self.model.once(call) or not is_waited_for(self.model, call, awaited=self.awaited):
            return False
        summary = self.model.project.effects.summary(call)
        callees = [edge.callee for edge in self.model.project.edges_at(call)]
        if summary.raises or summary.mutates or any(callee.is_generator for callee in callees):
            return False
        return asks_surely(self.model, call) and (self.awaited or not any(callee.is_async for callee in callees))


def _leaves_inside(block: list[ir.Stmt]) -> bool:
    return any(isinstance(s, (ir.Return, ir.Raise)) for s in ir.statements(block))


def _conditional(call: ir.Call, stmt: ir.Stmt) -> bool:
    """Whether a call of a statement may not run, or runs several times."""
    below: ir.Node = call
    for ancestor in ir.ancestors(call):
        if ancestor is stmt:
            return False
        if isinstance(ancestor, (ir.Comp, ir.Lambda)):
            return True
        if isinstance(ancestor, ir.Choice):
            first = ancestor.test if ancestor.kind == "if" else ancestor.items[0]
            if below is not first:
                return True
        below = ancestor
    return False


def _holds(outer: ir.Expr, inner: ir.Expr) -> bool:
    """Whether `inner` stands inside `outer`: its result goes into the other call."""
    return flow.inside(inner, outer)


def _needs(call: ir.Call, dirty: set[ir.Binding]) -> bool:
    for part in ir.walk(call):
        if isinstance(part, ir.Name) and part.scope.lookup(part.id) in dirty:
            return True
        if isinstance(part, ir.Lambda):
            return True
    return False


def _mark(stmt: ir.Stmt, reads: bool, group: Group) -> None:
    """Names that a statement gives a result of the group to, directly or by what they are made of."""
    inner = [s for s in (*ir.statements([stmt]),) if not isinstance(s, ir.FunctionDef)]
    for one in inner:
        used = [p for e in ir.expressions(one) for p in ir.walk(e) if isinstance(p, ir.Name)]
        if not reads and not any(not p.store and p.scope.lookup(p.id) in group.dirty for p in used):
            continue
        for part in used:
            binding = part.scope.lookup(part.id)
            stored = part.store or isinstance(one, ir.AugAssign) or _receives(part)
            if binding is not None and stored:
                group.dirty.add(binding)


def _receives(name: ir.Name) -> bool:
    """`name.append(x)` and `name[k] = x` put something into what a name holds."""
    parent = name.parent
    if isinstance(parent, (ir.Item, ir.Attr)) and parent.store:
        return True
    return isinstance(parent, ir.Attr) and parent.name in MUTATORS and isinstance(parent.parent, ir.Call)
