"""The whole project's model: modules, handlers, calls, what depends on the event, what runs when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property

from lambdalint.checkpoints import checkpoint
from lambdalint.deployment import DeployedFunction, DeployedQueue, DeployedTable
from lambdalint.knowledge.facts import Facts, OwnCall
from lambdalint.knowledge.layout import is_test_path
from lambdalint.semantics import ir, reach
from lambdalint.semantics.callgraph import Calls, Edge
from lambdalint.semantics.classes import Kinds
from lambdalint.semantics.closures import Closures, closure
from lambdalint.semantics.declared import Unresolved
from lambdalint.semantics.decorating import Decorations
from lambdalint.semantics.dependence import Dependence
from lambdalint.semantics.effects import Effects
from lambdalint.semantics.entrypoints import EntryPoints
from lambdalint.semantics.handlers import Handler
from lambdalint.semantics.lookups import Lookups, Mentions, Text, Texts
from lambdalint.semantics.modules import Modules
from lambdalint.semantics.needed import Needed
from lambdalint.semantics.part import Part
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
    calls: tuple[OwnCall, ...] = ()
    line_length: int | None = None


@dataclass
class Inputs:
    """What is known of a project before any of its code is parsed.

    files: every Python file by path relative to the root; candidates: those
    that may define a handler; patched: the folders whose files tests patch boto3 in; mentions:
    by an operation's name, the files outside tests that mention it (operations
    that write secrets and parameters, set up a session, or bound all waits);
    part: what of the project is analysed, where that isn't all of it; texts: who speaks of which module, where
    that was found before.
    """

    files: Sequence[str]
    read: Callable[[str], bytes]
    candidates: Sequence[str]
    functions: Sequence[DeployedFunction] = ()
    tables: Sequence[DeployedTable] = ()
    queues: Sequence[DeployedQueue] = ()
    options: Options = field(default_factory=Options)
    patched: Sequence[str] = ()
    mentions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    part: Part | None = None
    texts: Texts | None = None


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
        self.facts = Facts(inputs.options.calls)
        self.modules = modules or Modules(inputs.files, inputs.read, import_roots(inputs))
        self.modules.believe(self.facts.own_names)
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
        self._calls = Calls(self.evaluator, self.decorations)
        self._kinds = Kinds()
        self.lookups = Lookups(self.modules)
        self._mentions = inputs.texts or Mentions(inputs.files, inputs.read)
        self._stores: dict[str, list[ir.Store]] = {}
        self._needed: dict[str, Needed] = {}
        self._look()
        self._connect()
        if self.entry_points.follow_applications():
            self._connect()
        self.handlers = self.entry_points.handlers
        self.taint.spread(self._seeds(), [e for edges in (*self._outgoing.values(), self._calls.inner) for e in edges])
        self.runtime = Runtime(self.evaluator)
        self.reach, self.guards = reach.compute(self.handlers, self._outgoing, self.made, self.evaluator, self.runtime)

    def _look(self) -> None:
        """Find the handlers, of the part that is analysed or of all."""
        inputs, part = self.inputs, self.inputs.part
        files = part.handlers if part is not None else self.modules.files
        functions = part.functions if part is not None else inputs.functions
        candidates = [path for path in inputs.candidates if part is None or path in part.handlers]
        self.entry_points.look(inputs.options.handlers, files, functions, candidates)

    def reworded(self, modules: Modules) -> Project:
        """The same answers about files whose texts differ in nothing that counts."""
        other = copy(self)
        other.modules = modules
        other.inputs = replace(self.inputs, read=modules.read)
        other._mentions = Mentions(other.inputs.files, modules.read)
        return other

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

    def stores(self, name: str) -> Sequence[ir.Store]:
        return self._stores.get(name, ())

    def variants(self, cls: ir.Class) -> Sequence[ir.Class]:
        return self._kinds.variants(cls)

    def makers(self) -> Mapping[ir.Class, Sequence[ir.Call]]:
        return self._kinds.makers

    def edges_to(self, function: ir.Function) -> list[Edge]:
        return self._incoming.get(function, [])

    def edges_inside(self, function: ir.Function) -> list[Edge]:
        """From the wrappers around a function, with what they call it with."""
        return self._inside.get(function, [])

    def edges_from(self, function: ir.Function) -> list[Edge]:
        return self._outgoing.get(function, [])

    def mentioning(self, module: ir.Module) -> list[Text]:
        """The other files of the project, tests included, that speak of a module by its name. May raise OSError."""
        return list(self._mentions.of(module.path))

    def edges_at(self, call: ir.Expr) -> list[Edge]:
        return self._at.get(id(call), [])

    def functions_behind(self, call: ir.Expr, *, callbacks: bool = True) -> Iterator[ir.Function]:
        """The project's functions that a call may run, and those that they may run in turn, each once.

        Without `callbacks` those are left out that are only handed to code outside the project.
        """
        seen: set[ir.Function] = set()
        stack = [edge.callee for edge in self.edges_at(call) if callbacks or not edge.callback]
        while stack:
            function = stack.pop()
            if function in seen:
                continue
            seen.add(function)
            yield function
            for inner in function.calls:
                stack += [edge.callee for edge in self.edges_at(inner) if callbacks or not edge.callback]

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
        if function not in self.entry_points:
            return None
        return len(function.params) if function in self.entry_points.routed else _PASSED + function.bound

    # --- handlers ------------------------------------------------------------------------

    @property
    def declared(self) -> list[tuple[DeployedFunction, list[ir.Function]]]:
        """The declarations whose functions, or application, were found in the code."""
        return self.entry_points.declared

    @property
    def unresolved(self) -> list[Unresolved]:
        return self.entry_points.unresolved

    def _seeds(self) -> list[tuple[object, int]]:
        seeds: list[tuple[object, int]] = []
        for handler in self.handlers:
            function = handler.function
            inside = self.edges_inside(function)
            seeds += [
                (function, i)
                for i in range(function.bound, len(function.params))
                if all(edge.passes_through(i) for edge in inside)
            ]
            for edge in self.edges_from(function):
                if edge.site in function.decorators:
                    seeds += [(edge.callee, i) for i in range(len(edge.callee.params))]
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
        self._calls.forget()
        outgoing: dict[ir.Function, list[Edge]] = {}
        incoming: dict[ir.Function, list[Edge]] = defaultdict(list)
        at: dict[int, list[Edge]] = defaultdict(list)
        queue = self.entry_points.starts()
        mains: set[str] = set()
        while queue:
            function = queue.pop()
            if function in outgoing:
                continue
            checkpoint()
            edges = outgoing[function] = list(self._calls.edges(function))
            for edge in edges:
                incoming[edge.callee].append(edge)
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

    @cached_property
    def closures(self) -> Closures:
        """What the import of each handler's file runs."""
        return Closures(self.modules, (h.path for h in self.handlers if not h.deploy_time))

    def importing(self, path: str) -> Iterator[Handler]:
        """The handlers whose file's import runs the file at `path`, in no order."""
        for holder in self.closures.holders(path):
            yield from self.handlers_in(holder)

    def handlers_in(self, path: str) -> Sequence[Handler]:
        """The handlers that the file at `path` leads to."""
        return self._handlers_by_path.get(path, ())

    @cached_property
    def handlers_by_function(self) -> dict[ir.Function, Handler]:
        """Those that are called by events, not by deployments."""
        return {handler.function: handler for handler in self.handlers if not handler.deploy_time}

    @cached_property
    def _handlers_by_path(self) -> dict[str, list[Handler]]:
        found: dict[str, list[Handler]] = defaultdict(list)
        for handler in self.handlers:
            found[handler.path].append(handler)
        return found

    def closure(self, path: str) -> list[str]:
        """The project files that importing the file at `path` runs, itself first."""
        return closure([path], self.modules.imports_of)

    def needed(self, path: str) -> Needed:
        """What the file at `path` needs of all that its import runs."""
        if path not in self._needed:
            self._needed[path] = Needed(self.modules, path, self.closure(path))
        return self._needed[path]

    def tables(self) -> Iterable[DeployedTable]:
        yield from self.inputs.options.tables
        yield from self.inputs.tables
