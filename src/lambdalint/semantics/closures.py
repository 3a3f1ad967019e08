"""What the import of each handler's file runs in the project, and what that loads from outside."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from lambdalint.semantics import ir
from lambdalint.semantics.modules import Modules, in_type_checking

Node = TypeVar("Node", bound=Hashable)


class Closures:
    """The files that importing the files `starts` runs.

    Sets are kept as the bits of numbers: as many closures as there are handlers, each as large as
    the project, would be too much otherwise.
    """

    def __init__(self, modules: Modules, starts: Iterable[str]) -> None:
        self.starts = list(dict.fromkeys(starts))
        self._modules = modules
        self._running = spread({start: 1 << index for index, start in enumerate(self.starts)}, modules.imports_of)
        self._loads: dict[str, list[tuple[ir.Import, tuple[str, ...]]]] = {}
        self._numbers: dict[str, int] = {}  # of outside modules
        self._names: list[str] = []
        self._decoded: dict[int, frozenset[str]] = {}
        self._totals: dict[str, tuple[int, int]] = {}
        self._held: dict[str, list[str]] = {}

    @property
    def files(self) -> Iterable[str]:
        """All files that the import of any of `starts` runs, themselves included."""
        return self._running

    def holders(self, path: str) -> Sequence[str]:
        """The files of `starts` whose import runs the file at `path`."""
        if path not in self._held:
            self._held[path] = [self.starts[index] for index in bits(self._running.get(path, 0))]
        return self._held[path]

    # --- from outside ------------------------------------------------------------------------

    def loads(self, path: str) -> list[tuple[ir.Import, tuple[str, ...]]]:
        """By statement: the outside modules that a file loads at module scope, those for unused names left out."""
        if path not in self._loads:
            module = self._modules.load(path)
            self._loads[path] = [
                (statement, names)
                for statement in top_level(module)
                if module is not None and (names := tuple(self._outside(module, statement)))
            ]
        return self._loads[path]

    def _outside(self, module: ir.Module, statement: ir.Import) -> Iterator[str]:
        if statement.level:
            return
        for name, bound in statement.names:
            dotted = statement.module if statement.is_from else name
            if self._modules.find(module.path, dotted) is not None:
                continue
            binding = module.scope.bindings.get(bound)
            if binding is not None and not any(not use.annotation for use in binding.uses):
                if bound not in module.exports and not module.path.endswith("__init__.py"):
                    continue
            yield dotted
            if statement.is_from and name != "*":
                yield f"{dotted}.{name}"

    def beside(self, path: str, statement: ir.Import) -> set[frozenset[str]]:
        """What else is loaded from outside where a statement of the file at `path` runs: each way that there is."""
        own = next((self._set(names) for one, names in self.loads(path) if one is statement), 0)
        totals = {self._total(start) for start in self.holders(path)}
        others = {(once & ~own) | (twice & own) for once, twice in totals}
        return {self._named(names) for names in others}

    def _named(self, numbers: int) -> frozenset[str]:
        if numbers not in self._decoded:
            self._decoded[numbers] = frozenset(self._names[index] for index in bits(numbers))
        return self._decoded[numbers]

    def _total(self, start: str) -> tuple[int, int]:
        """What the import of a file loads, and which of that two statements or more load."""
        if start not in self._totals:
            once = twice = 0
            for path in closure([start], self._modules.imports_of):
                for _, names in self.loads(path):
                    found = self._set(names)
                    twice |= once & found
                    once |= found
            self._totals[start] = once, twice
        return self._totals[start]

    def _set(self, names: Iterable[str]) -> int:
        found = 0
        for name in names:
            number = self._numbers.get(name)
            if number is None:
                number = self._numbers[name] = len(self._names)
                self._names.append(name)
            found |= 1 << number
        return found


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


def top_level(module: ir.Module | None) -> Iterator[ir.Import]:
    """The imports that the import of a module runs, those in conditions and `try` included."""
    for statement, function in module.imports if module is not None else ():
        if function.is_module and not in_type_checking(statement):
            yield statement


def spread(marks: Mapping[Node, int], following: Callable[[Node], Iterable[Node]]) -> dict[Node, int]:
    """The marks (bits of numbers) of each node with those of all nodes that it follows, directly or not.

    Each node comes behind those before it, but for circles: so one pass nearly always tells all,
    and another one that nothing changes.
    """
    order: dict[Node, tuple[Node, ...]] = {}
    seen: set[Node] = set()
    for start in marks:
        stack: list[tuple[Node, tuple[Node, ...] | None]] = [(start, None)]
        while stack:
            node, targets = stack.pop()
            if targets is not None:
                order[node] = targets
            elif node not in seen:
                seen.add(node)
                targets = tuple(dict.fromkeys(following(node)))
                stack.append((node, targets))
                stack += [(target, None) for target in targets if target not in seen]
    found = dict.fromkeys(reversed(order), 0)
    found.update(marks)
    changed = True
    while changed:
        changed = False
        for node in found:
            mark = found[node]
            for target in order[node]:
                if mark & ~found[target]:
                    found[target] |= mark
                    changed = True
    return found


def bits(number: int) -> Iterator[int]:
    """The places of the bits that are set in a number, lowest first."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest
