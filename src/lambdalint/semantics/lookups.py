"""Who speaks of what in a project: names that modules take from each other, attributes."""

from __future__ import annotations

from collections import defaultdict

from lambdalint.semantics import ir
from lambdalint.semantics.modules import Modules


class Lookups:
    """Indices over the modules that were read; those that are read later are added when asked."""

    def __init__(self, modules: Modules) -> None:
        self._modules = modules
        self._known = 0
        self._taken: dict[str, set[str]] = defaultdict(set)
        self._attributes: dict[str, list[ir.Attr]] = defaultdict(list)

    def taken(self, path: str) -> set[str]:
        """The names that other modules import from the file at `path`; "*" among them for all names."""
        self._look()
        return self._taken.get(path, set())

    def attributes(self, name: str) -> list[ir.Attr]:
        """The places where functions ask for an attribute of that name."""
        self._look()
        return self._attributes.get(name, [])

    def _look(self) -> None:
        loaded = self._modules.loaded
        if len(loaded) == self._known:
            return
        for module in list(loaded.values())[self._known :]:
            if module is not None:
                self._add(module)
        self._known = len(loaded)

    def _add(self, module: ir.Module) -> None:
        for statement, _ in module.imports:
            if statement.is_from:
                for target in self._modules.targets(module.path, statement):
                    self._taken[target].update(name for name, _ in statement.names)
        for function in (module.main, *module.functions):
            for attr in function.attributes:
                self._attributes[attr.name].append(attr)
