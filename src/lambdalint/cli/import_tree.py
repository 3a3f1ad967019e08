"""The measured import of a handler for people and programs."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.engine.import_targets import Target
from lambdalint.engine.import_times import Measured, Module, walk
from lambdalint.knowledge import costs, imports
from lambdalint.report.style import Style, counted, printable

_SDK = "boto3"
_PACKAGES = 8  # that the summary names
_SHOWN = 1.0  # ms from which small modules get a line together


class Costs(Struct, frozen=True):
    """What was measured for a target, judged by the threshold of what is heavy (in ms)."""

    target: Target
    measured: Measured
    heavy_ms: float

    def scaled(self, ms: float) -> float | None:
        """The time at the function's memory, where a template tells it."""
        return costs.at_memory(ms, self.target.memory) if self.target.memory else None

    def heavy(self) -> set[int]:
        """The modules, by identity, whose package is heavy there: without what boto3 loads as well, and without
        other heavy packages below, so that `helper` isn't blamed for the pandas that it imports."""
        found: set[int] = set()
        rest: dict[int, float] = {}  # what a module adds to the one that imports it
        inner = {
            id(child)
            for module in walk(self.measured.tree)
            for child in module.children
            if child.package == module.package
        }
        for module in reversed(list(walk(self.measured.tree))):  # children first
            added = module.own + sum(rest[id(child)] for child in module.children)
            if module.name in self.measured.shared:
                added = 0.0
            elif added >= self.heavy_ms and id(module) not in inner and module.name != self.target.module:
                found.add(id(module))
                added = 0.0
            rest[id(module)] = added
        return found

    def packages(self) -> list[tuple[str, float, int]]:
        """(name, own time of all its modules, their number) by package, the dearest first."""
        times: dict[str, list[float]] = {}
        for module in walk(self.measured.tree):
            times.setdefault(module.package, []).append(module.own)
        rows = [(package, sum(own), len(own)) for package, own in times.items()]
        return sorted(rows, key=lambda row: (-row[1], row[0]))

    def as_json(self) -> dict[str, object]:
        measured, target, failure = self.measured, self.target, self.measured.failure
        return {
            "handler": target.label,
            "function": target.function or None,
            "filename": target.filename,
            "module": target.module,
            "memory": target.memory,
            "python": {"executable": measured.executable, "version": measured.version},
            "runs": [_ms(total) for total in measured.totals],
            "total_ms": _ms(measured.total),
            "total_ms_at_memory": _ms(self.scaled(measured.total)),
            "modules": sum(module.count for module in measured.tree),
            "error": {"message": failure.text, "filename": failure.filename or None, "row": failure.line or None}
            if failure is not None
            else None,
            "packages": [{"name": name, "own_ms": _ms(own), "modules": n} for name, own, n in self.packages()],
            "tree": self._rows(),
        }

    def _rows(self) -> list[dict[str, object]]:
        heavy = self.heavy()
        rows: dict[int, dict[str, object]] = {}
        for module in reversed(list(walk(self.measured.tree))):
            row = tabled(module)
            rows[id(module)] = {
                "name": module.name,
                "own_ms": _ms(module.own),
                "cumulative_ms": _ms(module.cumulative),
                "heavy": id(module) in heavy,
                "loaded_by_boto3": module.name in self.measured.shared,
                "table_ms": row.after_boto3_ms if row is not None else None,
                "imports": [rows[id(child)] for child in module.children],
            }
        return [rows[id(module)] for module in self.measured.tree]


def tabled(module: Module) -> imports.ImportCost | None:
    """The row of lambdalint's own table for exactly that module."""
    row = imports.cost(module.name)
    return row if row is not None and row.module == module.name else None


def _ms(value: float | None) -> float | None:
    return round(value, 3) if value is not None else None


# --- for people ------------------------------------------------------------------------------


def lines(found: Costs, style: Style, min_ms: float, depth: int) -> Iterator[str]:
    """The tree of what takes at least `min_ms`, `depth` levels deep, and what it comes to."""
    if not found.measured.tree:
        return
    yield ""
    memory = f"{f'at {found.target.memory} MB':>11}  " if found.target.memory else ""
    yield style.bold(f"{'total':>8}  {'own':>8}  {memory}module")
    yield from _Tree(found, style, min_ms, depth).lines(found.measured.tree, "", 0)
    yield ""
    yield from _summary(found, style)


class _Tree:
    def __init__(self, found: Costs, style: Style, min_ms: float, depth: int) -> None:
        self.found = found
        self.style = style
        self.min_ms = min_ms
        self.depth = depth
        self.heavy = found.heavy()

    def lines(self, modules: list[Module], indent: str, level: int, inside: bool = False) -> Iterator[str]:
        """`inside`: what is said of a module above holds for these as well."""
        ordered = sorted(modules, key=lambda module: -module.cumulative)
        shown = [module for module in ordered if module.cumulative >= self.min_ms]
        rest = ordered[len(shown) :]
        small = sum(module.cumulative for module in rest)
        summed = small >= _SHOWN
        for number, module in enumerate(shown):
            last = number == len(shown) - 1 and not summed
            branch = ("└─ " if last else "├─ ") if level else ""
            shared = inside or module.package == _SDK or module.name in self.found.measured.shared
            yield self._line(module.cumulative, module.own, f"{indent}{branch}", self._told(module, inside))
            if level < self.depth:
                below = ("   " if last else "│  ") if level else ""
                yield from self.lines(module.children, indent + below, level + 1, shared)
        if summed:
            count = sum(module.count for module in rest)
            words = f"… and {count} more" if shown else f"… {counted(count, 'module')}"
            yield self._line(small, None, f"{indent}{'└─ ' if level else ''}", self.style.faint(words))

    def _line(self, total: float, own: float | None, before: str, words: str) -> str:
        alone = costs.rounded(own) if own is not None else ""
        scaled = self.found.scaled(total)
        at = f"{costs.rounded(scaled):>11}  " if scaled is not None else ""
        return f"{costs.rounded(total):>8}  {alone:>8}  {at}{before}{words}"

    def _told(self, module: Module, inside: bool) -> str:
        """The name of a module with what is to be said of it."""
        name, row = printable(module.name), tabled(module)
        if id(module) in self.heavy:
            known = f"; the table has {costs.rounded(row.after_boto3_ms)} of CPU" if row is not None else ""
            return f"{self.style.red(name)}  {self.style.yellow(f'heavy{known}')}"
        if module.name in self.found.measured.shared and module.package != _SDK and not inside:
            return f"{name}  {self.style.faint('boto3 loads it anyway')}"
        return name


def _summary(found: Costs, style: Style) -> Iterator[str]:
    measured, memory = found.measured, found.target.memory
    loaded = counted(sum(module.count for module in measured.tree), "module")
    scaled = found.scaled(measured.total)
    at = f", about {costs.rounded(scaled)} at {memory} MB" if scaled is not None else ""
    until = " until it failed" if measured.failure is not None else ""
    total = style.bold(costs.rounded(measured.total))
    python = f"here, with Python {printable(measured.version)}"
    yield f"{printable(found.target.label)}: {loaded} in {total} {python}{at}{until}."
    runtime = found.target.runtime
    if runtime.startswith("python3.") and runtime != f"python{'.'.join(measured.version.split('.')[:2])}":
        yield f"The function runs on {printable(runtime)}, which may take another time."
    if len(measured.totals) > 1:
        least, most = costs.rounded(measured.totals[0]), costs.rounded(measured.totals[-1])
        yield f"The median of {len(measured.totals)} runs, which took {least} to {most}."
    dear = [(name, own, n) for name, own, n in found.packages()[:_PACKAGES] if own >= 1]
    if dear:
        named = (f"{printable(name)} {costs.rounded(own)} ({n})" for name, own, n in dear)
        yield f"By package, with the number of modules: {', '.join(named)}."
    if memory:
        yield "Times at the function's memory are scaled by its share of a CPU (1,769 MB have one)."
