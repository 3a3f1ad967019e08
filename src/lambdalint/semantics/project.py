"""The whole project's model: modules, handlers, calls, what depends on the event, what runs when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lambdalint.deployment import DeployedFunction, DeployedTable
from lambdalint.semantics import ir, reach
from lambdalint.semantics.callgraph import Calls, Edge
from lambdalint.semantics.decorating import Decorations
from lambdalint.semantics.effects import Effects
from lambdalint.semantics.entrypoints import EntryPoints
from lambdalint.semantics.modules import Modules, closure
from lambdalint.semantics.taint import Dependence, Taint
from lambdalint.semantics.values import Evaluator, Values, passed_through

_ROUNDS = 4  # parameters' values and the calls they lead to settle in two or three


@dataclass(frozen=True)
class Options:
    """What the configuration tells the model; see `lambdalint.settings` for the keys."""

    handlers: tuple[str, ...] = ()
    import_roots: tuple[str, ...] = ()
    tables: tuple[DeployedTable, ...] = ()
    sparse_indexes: tuple[str, ...] = ()
    reuse_style: str = "auto"
    heavy_import_ms: int = 50


@dataclass
class Inputs:
    """What is known of a project before any of its code is parsed.

    files: every Python file by path relative to the root; candidates: those
    that may define a handler; patched: the folders whose files tests patch boto3 in; mentions:
    by an operation's name, the files outside tests that mention it (operations
    that write secrets and parameters, or set up a session).
    """

    files: Sequence[str]
    read: Callable[[str], bytes]
    candidates: Sequence[str]
    functions: Sequence[DeployedFunction] = ()
    tables: Sequence[DeployedTable] = ()
    options: Options = field(default_factory=Options)
    patched: Sequence[str] = ()
    mentions: Mapping[str, Sequence[str]] = field(default_factory=dict)


def import_roots(inputs: Inputs) -> list[str]:
    """The folders that the configuration and the deployment descriptions start imports from."""
    roots = [*inputs.options.import_roots]
    for function in inputs.functions:
        roots += [*function.code_roots, *function.layers]
        roots += [f"{layer}/python" for layer in function.layers]
    return list(dict.fromkeys("" if root == "." else root for root in roots))


class Project:
    """Answers for all files of one project; analysed when first asked."""

    def __init__(self, inputs: Inputs, modules: Modules | None = None) -> None:
        self.inputs = inputs
        self.modules = modules or Modules(inputs.files, inputs.read, import_roots(inputs))
        self.evaluator = Evaluator(self)
        self.decorations = Decorations(self.evaluator)
        self.dependence = Dependence(self)
        self.taint = Taint(self.dependence)
        self.effects = Effects(self)
        self.entry_points = EntryPoints(self)
        self._outgoing: dict[ir.Function, list[Edge]] = {}
        self._incoming: dict[ir.Function, list[Edge]] = defaultdict(list)
        self._at: dict[int, list[Edge]] = defaultdict(list)
        self._inside: dict[ir.Function, list[Edge]] = {}
        self._receivers: dict[ir.Function, set[ir.Class]] = defaultdict(set)
        self._calls = Calls(self.evaluator, self.decorations)
        self.entry_points.look(inputs.options.handlers, inputs.functions, inputs.candidates)
        self._connect()
        if self.entry_points.follow_applications():
            self._connect()
        self.handlers = self.entry_points.handlers
        self.taint.spread(self._seeds(), [e for edges in (*self._outgoing.values(), self._calls.inner) for e in edges])
        self.reach, self.guards = reach.compute(self.handlers, self._outgoing, self._calls.made, self.evaluator)

    # --- what the evaluator asks ---------------------------------------------------------

    def imported(self, module: ir.Module, name: str) -> Values:
        return self.modules.imported(self.evaluator, module, name)

    def module_attribute(self, path: str, name: str) -> Values:
        return self.modules.attribute(self.evaluator, path, name)

    def definitions(self, path: str) -> list[str]:
        """The names of a module that functions and classes are bound to."""
        module = self.modules.load(path)
        bindings = module.scope.bindings.values() if module is not None else ()
        return [b.name for b in bindings if any(d.kind in ("def", "class") for d in b.definitions)]

    def star_imported(self, module: ir.Module, name: str) -> Values:
        return self.modules.star_imported(self.evaluator, module, name)

    def edges_to(self, function: ir.Function) -> list[Edge]:
        return self._incoming.get(function, [])

    def edges_inside(self, function: ir.Function) -> list[Edge]:
        """From the wrappers around a function, with what they call it with."""
        return self._inside.get(function, [])

    def receivers(self, function: ir.Function) -> set[ir.Class]:
        """The classes of the objects that a method is known to be called on."""
        return self._receivers.get(function, set())

    def edges_from(self, function: ir.Function) -> list[Edge]:
        return self._outgoing.get(function, [])

    def edges_at(self, call: ir.Expr) -> list[Edge]:
        return self._at.get(id(call), [])

    @property
    def connected(self) -> dict[ir.Function, list[Edge]]:
        """Every function that the handlers, or the import of what they reach, may run."""
        return self._outgoing

    def is_handler(self, function: ir.Function) -> bool:
        return function in self.entry_points

    # --- handlers ------------------------------------------------------------------------

    @property
    def unresolved(self) -> list[DeployedFunction]:
        return self.entry_points.unresolved

    def _seeds(self) -> list[tuple[object, int]]:
        seeds: list[tuple[object, int]] = []
        for handler in self.handlers:
            skip = 1 if handler.function.cls is not None and not handler.function.is_static else 0
            inside = self.edges_inside(handler.function)
            seeds += [
                (handler.function, i)
                for i in range(skip, len(handler.function.params))
                if all(passed_through(edge, i) for edge in inside)
            ]
            for edge in self.edges_from(handler.function):
                if edge.site in handler.function.decorators:
                    seeds += [(edge.callee, i) for i in range(len(edge.callee.params))]
        return seeds

    # --- calls ---------------------------------------------------------------------------

    def _connect(self) -> None:
        """Find all calls from the handlers and the modules they load, until they settle."""
        total = -1
        for _ in range(_ROUNDS):
            self._round()
            count = sum(len(edges) for edges in self._outgoing.values())
            if count == total:
                break
            total = count

    def _round(self) -> None:
        self.evaluator.memo.clear()
        self.dependence.memo.clear()
        self._calls.made.clear()
        self._calls.inner.clear()
        outgoing: dict[ir.Function, list[Edge]] = {}
        incoming: dict[ir.Function, list[Edge]] = defaultdict(list)
        at: dict[int, list[Edge]] = defaultdict(list)
        queue = self.entry_points.starts()
        mains: set[str] = set()
        while queue:
            function = queue.pop()
            if function in outgoing:
                continue
            edges = outgoing[function] = list(self._calls.edges(function))
            for edge in edges:
                incoming[edge.callee].append(edge)
                if edge.receiver is not None:
                    self._receivers[edge.callee].add(edge.receiver)
                at[id(edge.site)].append(edge)
                queue.append(edge.callee)
            path = function.module.path
            if path not in mains:
                mains.add(path)
                queue.append(function.module.main)
                imported = (self.modules.load(target) for target in self.modules.imports_of(path))
                queue += [module.main for module in imported if module is not None]
        self._outgoing, self._incoming, self._at = outgoing, incoming, at
        self._inside = defaultdict(list)
        for edge in self._calls.inner:
            self._inside[edge.callee].append(edge)

    # --- import closures -------------------------------------------------------------------

    def closure(self, path: str) -> list[str]:
        """The project files that importing the file at `path` runs, itself first."""
        return closure([path], self.modules.imports_of)

    def closures(self) -> dict[str, set[str]]:
        """By handler file: what its import runs."""
        if not hasattr(self, "_closures"):
            self._closures = {h.path: set(self.closure(h.path)) for h in self.handlers if not h.deploy_time}
        return self._closures

    def tables(self) -> Iterable[DeployedTable]:
        yield from self.inputs.options.tables
        yield from self.inputs.tables
