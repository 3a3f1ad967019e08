"""Where the invocations of a project begin: the search for handlers, by the strength of the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from lambdalint.deployment import DeployedFunction, resolve_handler
from lambdalint.knowledge.layout import is_test_path
from lambdalint.semantics import applications, ir
from lambdalint.semantics import handlers as handler_rules
from lambdalint.semantics.declared import Unresolved, why_unresolved
from lambdalint.semantics.decorating import Decorations
from lambdalint.semantics.handlers import Handler
from lambdalint.semantics.modules import Modules
from lambdalint.semantics.value import Value, Values
from lambdalint.semantics.values import Evaluator


class World(Protocol):
    evaluator: Evaluator
    modules: Modules
    decorations: Decorations


class EntryPoints:
    """The handlers of a project, once they were looked for."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.declared: list[tuple[DeployedFunction, list[ir.Function]]] = []  # those found in the code
        self.unresolved: list[Unresolved] = []
        self.routed: set[ir.Function] = set()  # those whose parameters a framework fills, all of them
        self.serving: list[tuple[str, Value, DeployedFunction | None]] = []  # by file, the applications served
        self._found: dict[ir.Function, Handler] = {}
        self._candidates: list[tuple[str, ir.Module]] = []

    def look(
        self,
        configured: Sequence[str],
        files: Iterable[str],
        deployed: Iterable[DeployedFunction],
        candidates: Iterable[str],
    ) -> None:
        """Find the handlers.

        configured: "path:name" patterns of the configuration, for `files`; deployed: what the descriptions
        name; candidates: the files that may define a handler.
        """
        for path, name in handler_rules.configured(configured, files):
            for function in handler_rules.functions_of(self.world.evaluator, self._named(path, name)):
                self._add(function, path, "configuration")
        for described in deployed:
            self._deployed(described)
        for path in candidates:
            if not is_test_path(path):
                self._candidate(path)
        self.follow_applications()

    @property
    def handlers(self) -> list[Handler]:
        return sorted(self._found.values(), key=lambda h: (h.path, h.function.qualname))

    def __contains__(self, function: ir.Function) -> bool:
        return function in self._found

    def starts(self) -> list[ir.Function]:
        """Where the calls to follow begin: the handlers, and the modules that serve an application."""
        loaded = (self.world.modules.load(path) for path in dict.fromkeys(path for path, _, _ in self.serving))
        return [*(h.function for h in self.handlers), *(module.main for module in loaded if module is not None)]

    def follow_applications(self) -> bool:
        """Add what the served applications run per request; whether that was more than before.

        Applications that are handed to functions which register routes with them are known
        only after the calls are.
        """
        before = len(self._found)
        for path, module in self._candidates:
            self._by_framework(path, module)
        for path, application, deployed in self.serving:
            for function, evidence in applications.entries(self.world, application, path):
                self._add(function, path, evidence, deployed)
                self.routed.add(function)
        return len(self._found) > before

    def _add(self, function: ir.Function, path: str, evidence: str, deployed: DeployedFunction | None = None) -> None:
        if function not in self._found:
            late = handler_rules.deploy_time(function, deployed)
            self._found[function] = Handler(function, path, evidence, deployed, late)

    def _deployed(self, deployed: DeployedFunction) -> None:
        place = resolve_handler(deployed, self.world.modules.files.__contains__)
        values = self._named(*place) if place is not None else frozenset()
        functions = list(handler_rules.functions_of(self.world.evaluator, values))
        for function in functions:
            self._add(
                function, function.module.path, f"{deployed.template}:{deployed.line} ({deployed.name})", deployed
            )
        served = list(applications.named(self.world, values)) if not functions else []
        if place is not None:
            self.serving += [(place[0], application, deployed) for application in served]
        # An application object is no function: what is registered with it is found by itself.
        if functions or served or (place is not None and deployed.application):
            self.declared.append((deployed, functions))
        elif deployed.handler:
            self.unresolved.append(why_unresolved(deployed, place, self.world.modules))

    def _candidate(self, path: str) -> None:
        module = self.world.modules.load(path)
        if module is None:
            return
        self._candidates.append((path, module))
        self._by_framework(path, module)
        for function, evidence in applications.registered(self.world, module):
            self._add(function, path, evidence)
            self.routed.add(function)
        for function in handler_rules.by_convention(module, self.world.decorations):
            self._add(function, path, "name and parameters")
        self.serving += [(path, application, None) for application in applications.adapted(self.world, module)]

    def _by_framework(self, path: str, module: ir.Module) -> None:
        for function, evidence in handler_rules.by_framework(module, self.world.evaluator):
            self._add(function, path, evidence)
            if "route" in evidence:
                self.routed.add(function)

    def _named(self, path: str, name: str) -> Values:
        """What the first part of a dotted name in the file at `path` stands for."""
        if self.world.modules.load(path) is None:
            return frozenset()
        return self.world.modules.attribute(self.world.evaluator, path, name.split(".")[0])
