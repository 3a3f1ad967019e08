"""The whole project's model: modules, handlers, calls, what depends on the event, what runs when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property

from msgspec import Struct, field
from msgspec.structs import replace

from lambdalint.deployment import DeployedFunction, DeployedQueue, DeployedTable
from lambdalint.knowledge.facts import Facts, OwnCall
from lambdalint.semantics import ir, reach
from lambdalint.semantics.callgraph import Edge, Made
from lambdalint.semantics.closures import Closures, closure
from lambdalint.semantics.declared import Unresolved
from lambdalint.semantics.decorating import Decorations
from lambdalint.semantics.dependence import Dependence
from lambdalint.semantics.effects import Effects
from lambdalint.semantics.entrypoints import EntryPoints
from lambdalint.semantics.handlers import Handler
from lambdalint.semantics.lookups import Lookups
from lambdalint.semantics.mentions import Text
from lambdalint.semantics.modules import Modules
from lambdalint.semantics.needed import Needed, needed, needs_the_same
from lambdalint.semantics.part import Part
from lambdalint.semantics.runtime import Runtime
from lambdalint.semantics.settling import Connections
from lambdalint.semantics.taint import Taint
from lambdalint.semantics.values import Evaluator, Values


class Options(Struct, frozen=True):
    """What the configuration tells the model; see `lambdalint.settings` for the keys."""

    handlers: tuple[str, ...] = ()
    import_roots: tuple[str, ...] = ()
    tables: tuple[DeployedTable, ...] = ()
    sparse_indexes: tuple[str, ...] = ()
    reuse_style: str = "auto"
    heavy_import_ms: int = 50
    calls: tuple[OwnCall, ...] = ()
    line_length: int | None = None


class Inputs(Struct):
    """What is known of a project before any of its code is parsed.

    files: every Python file by path relative to the root; candidates: those
    that may define a handler; patched: the folders whose files tests patch boto3 in; mentions:
    by an operation's name, the files outside tests that mention it (operations
    that write secrets and parameters, set up a session, or bound all waits);
    part: what of the project is analysed, where that isn't all of it.
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


def import_roots(inputs: Inputs) -> list[str]:
    """The folders that the configuration and the deployment descriptions start imports from."""
    roots = [*inputs.options.import_roots]
    for function in inputs.functions:
        roots += [*function.code_roots, *function.layers]
        roots += [f"{layer}/python" for layer in function.layers]
    return list(dict.fromkeys("" if root == "." else root for root in roots))


class Project:
    """Answers for all files of one project; analysed when first asked.

    `earlier` is the same project with other texts of some files: what was found out for it is taken over, as far
    as it doesn't rest on those. It can't be asked any more then. Only one that is `lasting` can be such an earlier one.
    """

    def __init__(
        self, inputs: Inputs, modules: Modules | None = None, earlier: Project | None = None, lasting: bool = False
    ) -> None:
        self.inputs = inputs
        self.facts = Facts(inputs.options.calls)
        self.modules = modules or Modules(inputs.files, inputs.read, import_roots(inputs))
        self.modules.believe(self.facts.own_names)
        self.evaluator: Evaluator = Evaluator(self) if earlier is None else earlier.evaluator
        self.evaluator.world = self
        self.decorations: Decorations = Decorations(self.evaluator) if earlier is None else earlier.decorations
        self.dependence: Dependence = Dependence(self) if earlier is None else earlier.dependence
        self.dependence.go_on(self)
        self.taint = Taint(self.dependence)
        self.effects: Effects = Effects(self) if earlier is None else earlier.effects
        self.effects.go_on(self)
        self.entry_points = EntryPoints(self)
        self.connections: Connections = Connections(self) if earlier is None else earlier.connections
        self.lookups = Lookups(self.modules)
        self._needed: dict[str, Needed] = {}
        if earlier is not None:
            replaced = earlier.modules.replaced(self.modules)
            if not replaced and all(map(needs_the_same, self.modules.rewritten)):
                self._needed = earlier._needed
            self.connections.replace(replaced, self.modules.rewritten, self)
        self._look()
        self.connections.settle()
        while self.entry_points.follow_applications():  # what a route runs may register further ones
            self.connections.settle()
        if lasting:
            self.connections.tidy()
        else:
            self.connections.close()
        self.handlers = self.entry_points.handlers
        found = self.connections.known
        self.taint.spread(self._seeds(), [e for edges in (*found.outgoing.values(), found.inner) for e in edges])
        self.runtime = Runtime(self.evaluator)
        self.reach, self.guards = reach.compute(self.handlers, found.outgoing, found.made, self.evaluator, self.runtime)
        if lasting:
            self.effects.ask_guards()

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
        return other

    # --- what the evaluator asks ---------------------------------------------------------

    def imported(self, module: ir.Module, name: str) -> Values:
        return self.modules.imported(self.evaluator, module, name)

    def module_attribute(self, path: str, name: str) -> Values:
        return self.modules.attribute(self.evaluator, path, name)

    def definitions(self, path: str) -> list[str]:
        """The names of a module that functions and classes are bound to."""
        self.evaluator.grounds.rest_on(("module", path))
        module = self.modules.load(path)
        bindings = module.scope.bindings.values() if module is not None else ()
        return [b.name for b in bindings if any(d.kind in ("def", "class") for d in b.definitions)]

    def star_imported(self, module: ir.Module, name: str) -> Values:
        return self.modules.star_imported(self.evaluator, module, name)

    def stores(self, name: str) -> Sequence[ir.Store]:
        return self.connections.stores(name)

    def variants(self, cls: ir.Class) -> Sequence[ir.Class]:
        return self.connections.variants(cls)

    def makers(self, cls: ir.Class) -> Sequence[ir.Call]:
        return self.connections.makers(cls)

    def edges_to(self, function: ir.Function) -> Sequence[Edge]:
        return self.connections.to(function)

    def edges_inside(self, function: ir.Function) -> Sequence[Edge]:
        """From the wrappers around a function, with what they call it with."""
        return self.connections.inside(function)

    def edges_from(self, function: ir.Function) -> list[Edge]:
        return self.connections.known.outgoing.get(function, [])

    def mentioning(self, module: ir.Module) -> list[Text]:
        """The other files of the project, tests included, that speak of a module by its name. May raise OSError."""
        return list(self.modules.mentions.of(module.path))

    def edges_at(self, call: ir.Expr) -> list[Edge]:
        return self.connections.known.at.get(call, [])

    def calls_at(self, site: ir.Expr) -> Sequence[Edge]:
        """As `edges_at`, for answers that are kept from text to text."""
        return self.connections.leaving(site)

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
        return self.connections.known.outgoing

    @property
    def made(self) -> list[Made]:
        """Where instances of the project's classes are made."""
        return self.connections.known.made

    def passed(self, function: ir.Function) -> int | None:
        """How many parameters Lambda, or a router for it, fills; None for what isn't a handler."""
        return self.connections.passed(function)

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
            self._needed[path] = needed(self.modules, path, self.closure(path))
        return self._needed[path]

    def tables(self) -> Iterable[DeployedTable]:
        yield from self.inputs.options.tables
        yield from self.inputs.tables
