"""Which of a project's handlers share no code with the others.

Such handlers can be analysed one after another, so that the model of one part needn't be held while the next
is looked at, or in processes of their own. What a file may import is read off its bytes; what a model finds
to be loaded besides (a module that a string names) brings parts together afterwards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from lambdalint.engine.workspace import Workspace
from lambdalint.knowledge import tracing
from lambdalint.knowledge.layout import is_test_path
from lambdalint.semantics.handlers import configured
from lambdalint.semantics.part import Part

if TYPE_CHECKING:
    from lambdalint.deployment import DeployedFunction


class Parts:
    """The parts of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._files = workspace.modules.files
        self._served = [(workspace.file_of(function), function) for function in workspace.functions]
        named = {path for path, _ in configured(workspace.settings.handlers, self._files)}
        named.update(path for path, _ in self._served if path)
        self._starts = named.union(path for path in workspace.candidates if not is_test_path(path))
        self._groups = _Groups()
        self._reached: set[str] = set()
        self._reach(self._starts)
        self._join_packages()

    def all(self) -> list[Part]:
        """The parts, in the order of their first files' names."""
        files: dict[str, set[str]] = defaultdict(set)
        for path in self._reached:
            files[self._groups.of(path)].add(path)
        functions: dict[str, list[DeployedFunction]] = defaultdict(list)
        for path, function in self._served:
            if path:
                functions[self._groups.of(path)].append(function)
        parts = [
            Part(frozenset(own & self._starts), frozenset(own), tuple(functions[key])) for key, own in files.items()
        ]
        return sorted(parts, key=lambda part: min(part.files))

    def strays(self, part: Part, loaded: Collection[str]) -> bool:
        """Whether the model of a part loaded files besides its own; they belong together from then on."""
        strayed = set(loaded) - part.files
        if strayed:
            self.join(part, strayed)
        return bool(strayed)

    def join(self, part: Part, loaded: Collection[str]) -> None:
        """Bring a part together with what its model loaded besides its own files."""
        self._groups.join((*part.files, *loaded))
        self._reach(loaded)

    def _reach(self, starts: Collection[str]) -> None:
        """Note all that some files may load, themselves included."""
        stack = list(starts)
        while stack:
            path = stack.pop()
            if path not in self._reached:
                self._reached.add(path)
                targets = self._workspace.imported(path) & self._files
                self._groups.join((path, *targets))
                stack += targets

    def _join_packages(self) -> None:
        """Bring the handlers of one package together where something patches all that is installed with it."""
        if not any(_may_patch(dotted) for path in self._reached for dotted in self._workspace.imports(path)):
            return
        packages: dict[str, list[str]] = defaultdict(list)
        for path, function in self._served:
            for root in function.code_roots[:1]:
                packages[root] += [path] if path else []
        for paths in packages.values():
            self._groups.join(paths)


class _Groups:
    """Files that belong together: each group has one that stands for it."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def of(self, path: str) -> str:
        above = self._above
        while above.setdefault(path, path) != path:
            above[path] = path = above[above[path]]
        return path

    def join(self, paths: Iterable[str]) -> None:
        roots = [self.of(path) for path in paths]
        self._above.update(dict.fromkeys(roots, *roots[:1]))


def _may_patch(dotted: str) -> bool:
    """Whether an import may give something that patches all installed libraries, as `aws_xray_sdk.core` does."""
    return "." in dotted and any(f"{name}.".startswith(f"{dotted}.") for name in tracing.patching())
