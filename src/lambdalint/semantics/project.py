"""The whole project's model: modules, handlers, calls, what depends on the event, what runs when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lambdalint.deployment import DeployedFunction, DeployedTable, resolve_handler
from lambdalint.knowledge.layout import is_test_path
from lambdalint.semantics import handlers as handler_rules
from lambdalint.semantics import ir, reach
from lambdalint.semantics.callgraph import Calls, Edge
from lambdalint.semantics.classes import Kinds
from lambdalint.semantics.declared import Unresolved, why_unresolved
from lambdalint.semantics.dependence import Dependence
from lambdalint.semantics.effects import Effects
from lambdalint.semantics.handlers import Handler
from lambdalint.semantics.modules import Modules
from lambdalint.semantics.runtime import Runtime
from lambdalint.semantics.taint import Taint
from lambdalint.semantics.values import Evaluator, Values

_PASSED = 2  # the event and the context
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
        self.dependence = Dependence(self)
        self.taint = Taint(self.dependence)
        self.effects = Effects(self)
        self.handlers: list[Handler] = []
        self.declared: list[tuple[DeployedFunction, list[ir.Function]]] = []  # those found in the code
        self.unresolved: list[Unresolved] = []
        self._handler_functions: set[ir.Function] = set()
        self._routes: set[ir.Function] = set()
        self._outgoing: dict[ir.Function, list[Edge]] = {}
        self._incoming: dict[ir.Function, list[Edge]] = defaultdict(list)
        self._at: dict[int, list[Edge]] = defaultdict(list)
        self._calls = Calls(self.evaluator)
        self._kinds = Kinds()
        self._stores: dict[str, list[ir.Store]] = {}
        self._find_handlers()
        self._connect()
        self.taint.spread(self._seeds(), [e for edges in self._outgoing.values() for e in edges])
        self.runtime = Runtime(self.evaluator)
        self.reach, self.guards = reach.compute(self.handlers, self._outgoing, self.made, self.evaluator, self.runtime)

    # --- what the evaluator asks ---------------------------------------------------------

    def imported(self, module: ir.Module, name: str) -> Values:
        return self.modules.imported(self.evaluator, module, name)

    def module_attribute(self, path: str, name: str) -> Values:
        return self.modules.attribute(self.evaluator, path, name)

    def star_imported(self, module: ir.Module, name: str) -> Values:
        return self.modules.star_imported(self.evaluator, module, name)

    def stores(self, name: str) -> Sequence[ir.Store]:
        return self._stores.get(name, ())

    def variants(self, cls: ir.Class) -> Sequence[ir.Class]:
        return self._kinds.variants(cls)

    def makers(self) -> Mapping[ir.Class, Sequence[ir.Call]]:
        return self._kinds.makers

    def edges_to(self, function: ir.Function) -> list[Edge]:
        return self._incoming.get(function, [])

    def edges_from(self, function: ir.Function) -> list[Edge]:
        return self._outgoing.get(function, [])

    def edges_at(self, call: ir.Expr) -> list[Edge]:
        return self._at.get(id(call), [])

    @property
    def connected(self) -> dict[ir.Function, list[Edge]]:
        """Every function that the handlers, or the import of what they reach, may run."""
        return self._outgoing

    @property
    def made(self) -> list[tuple[ir.Function, ir.Call, ir.Class]]:
        """Where instances of the project's classes are made: the function, its call, the class."""
        return self._calls.made

    def passed(self, function: ir.Function) -> int | None:
        """How many parameters Lambda, or a router for it, fills; None for what isn't a handler."""
        if function not in self._handler_functions:
            return None
        return len(function.params) if function in self._routes else _PASSED + function.bound

    # --- handlers ------------------------------------------------------------------------

    def _find_handlers(self) -> None:
        found: dict[ir.Function, Handler] = {}

        def add(function: ir.Function, path: str, evidence: str, deployed: DeployedFunction | None = None) -> None:
            if function not in found:
                late = handler_rules.deploy_time(function, deployed)
                found[function] = Handler(function, path, evidence, deployed, late)
                self._handler_functions.add(function)

        options = self.inputs.options
        for path, name in handler_rules.configured(options.handlers, self.modules.files):
            for function in self._functions(path, name):
                add(function, path, "configuration")
        for deployed in self.inputs.functions:
            place = resolve_handler(deployed, self.modules.files.__contains__)
            functions = list(self._functions(*place)) if place is not None else []
            # An application object is no function: its routes are found by their decorators.
            if functions or (place is not None and deployed.application):
                self.declared.append((deployed, functions))
            elif deployed.handler:
                self.unresolved.append(why_unresolved(deployed, place, self.modules))
            for function in functions:
                where = function.module.path
                add(function, where, f"{deployed.template}:{deployed.line} ({deployed.name})", deployed)
        for path in self.inputs.candidates:
            module = self.modules.load(path)
            if module is None:
                continue
            for function, evidence in handler_rules.by_framework(module, self.evaluator):
                add(function, path, evidence)
                if "route" in evidence:
                    self._routes.add(function)
            for function in handler_rules.by_convention(module):
                add(function, path, "name and parameters")
        self.handlers = sorted(found.values(), key=lambda h: (h.path, h.function.qualname))

    def _functions(self, path: str, name: str) -> Iterator[ir.Function] | list[ir.Function]:
        """The functions that a name of a module stands for: its own, imported, or a bound method."""
        values: Values = frozenset()
        module = self.modules.load(path)
        if module is None:
            return []
        for index, part in enumerate(name.split(".")):
            if index == 0:
                values = self.modules.attribute(self.evaluator, path, part)
        result = []
        for value in sorted(values, key=lambda v: v.name):
            if value.kind == "partial" and value.base is not None:
                value = value.base
            if value.kind in ("function", "method") and isinstance(value.origin, ir.Function):
                result.append(value.origin)
            elif value.kind == "instance" and isinstance(value.origin, ir.Class):
                if "__call__" in value.origin.methods:
                    result.append(value.origin.methods["__call__"])
        return result

    def _seeds(self) -> list[tuple[object, int]]:
        seeds: list[tuple[object, int]] = []
        for handler in self.handlers:
            skip = 1 if handler.function.cls is not None and not handler.function.is_static else 0
            seeds += [(handler.function, i) for i in range(skip, len(handler.function.params))]
        return seeds

    # --- calls ---------------------------------------------------------------------------

    def _connect(self) -> None:
        """Find all calls from the handlers and the modules they load, until they settle."""
        before: object = None
        for _ in range(_ROUNDS):
            self._round()
            now = (sum(len(edges) for edges in self._outgoing.values()), len(self._calls.made), len(self._loaded()))
            if now == before:
                break
            before = now

    def _loaded(self) -> list[ir.Module]:
        """The modules that were read so far, tests aside."""
        loaded = self.modules.loaded.items()
        return [module for path, module in loaded if module is not None and not is_test_path(path)]

    def _round(self) -> None:
        self.evaluator.forget()
        self.dependence.memo.clear()
        self._know()
        self._calls.made.clear()
        outgoing: dict[ir.Function, list[Edge]] = {}
        incoming: dict[ir.Function, list[Edge]] = defaultdict(list)
        at: dict[int, list[Edge]] = defaultdict(list)
        queue: list[ir.Function] = [h.function for h in self.handlers]
        mains: set[str] = set()
        while queue:
            function = queue.pop()
            if function in outgoing:
                continue
            edges = outgoing[function] = list(self._calls.edges(function))
            for edge in edges:
                incoming[edge.callee].append(edge)
                at[id(edge.site)].append(edge)
                queue.append(edge.callee)
            path = function.module.path
            if path not in mains:
                mains.add(path)
                queue.append(function.module.main)
        self._outgoing, self._incoming, self._at = outgoing, incoming, at

    def _know(self) -> None:
        """What the modules read so far put into objects, and which classes the last round saw made."""
        self._stores = defaultdict(list)
        for module in self._loaded():
            for name, stores in module.stores.items():
                self._stores[name] += stores
        found = [cls for module in self._loaded() for cls in module.classes]
        self._kinds = Kinds.of(self.evaluator, found, self._calls.made)
        self.evaluator.forget()

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


def closure(start: Sequence[str], imports_of: Callable[[str], Sequence[str]]) -> list[str]:
    """Everything reached from `start` by `imports_of`, in order of discovery."""
    seen = dict.fromkeys(start)
    stack = list(reversed(start))
    while stack:
        for target in imports_of(stack.pop()):
            if target not in seen:
                seen[target] = None
                stack.append(target)
    return list(seen)
