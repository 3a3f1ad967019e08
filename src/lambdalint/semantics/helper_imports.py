"""Heavy modules that a handler loads because another module of the project imports them, for nothing it needs."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from lambdalint.knowledge.dev_tools import dev_tool
from lambdalint.semantics import ir
from lambdalint.semantics.closures import top_level
from lambdalint.semantics.core import Core
from lambdalint.semantics.importing import Imported, bound_by, marginal_cost

_NOTABLE = 5.0  # ms; what adds less is not worth a word


class ByHelper(Struct, frozen=True):
    """`statement`, of a handler's own file, leads to the imports that the handler has no use for.

    `helper` is the path of the module that holds the dearest of them; `cost_ms` what they add together.
    """

    statement: ir.Import
    useless: tuple[Imported, ...]
    helper: str
    cost_ms: float

    @property
    def heavy(self) -> bool:
        return self.cost_ms >= self.useless[0].project.inputs.options.heavy_import_ms

    @property
    def labels(self) -> list[str]:
        """The modules that cost, dearest first."""
        return list(dict.fromkeys(imported.label for imported in self.useless))


def by_helpers(model: Core) -> Iterator[ByHelper]:
    """What the imports of a handler's file load for nothing by way of other modules of the project."""
    path = model.module.path
    if not _is_deployed_alone(model):
        return
    useless = list(_useless(model, path))
    if not useless:
        return
    groups: dict[int, list[Imported]] = {}
    ways = {id(own): (own, _distances(model, own)) for own in top_level(model.module)}
    for imported in useless:
        leading = {key: d[imported.within.path] for key, (_, d) in ways.items() if imported.within.path in d}
        if leading:
            groups.setdefault(min(leading, key=lambda key: leading[key]), []).append(imported)
    for key, group in groups.items():
        group.sort(key=lambda imported: -imported.marginal_ms)
        total = sum(imported.marginal_ms for imported in group)
        yield ByHelper(ways[key][0], tuple(group), group[0].within.path, total)


def _is_deployed_alone(model: Core) -> bool:
    """Whether a file holds handlers that don't merely serve another handler's file, which would load it all."""
    path = model.module.path
    holders = model.project.closures.holders(path)
    if path not in holders:
        return False
    own = [handler for handler in model.project.handlers if handler.path == path and not handler.deploy_time]
    if any(handler.deployed is not None for handler in own):
        return True
    return len(holders) == 1


def _useless(model: Core, path: str) -> Iterator[Imported]:
    """The heaviest import of each outside module that no needed code loads, at what it adds to the others."""
    candidates = list(_of_helpers(model, path))
    if not candidates:
        return
    needed = model.project.needed(path)
    if needed.by_text:
        return
    taken: set[str] = set(needed.outside)
    for imported in sorted(candidates, key=lambda one: -one.marginal_ms):
        marginal = marginal_cost(imported.cost, taken)
        if marginal is not None and marginal >= _NOTABLE:
            taken.add(imported.cost.module)
            yield replace(imported, marginal_ms=marginal)


def _of_helpers(model: Core, path: str) -> Iterator[Imported]:
    """What the other modules of a handler's closure import unconditionally from outside the project."""
    project = model.project
    for helper in project.closure(path):
        module = project.modules.load(helper) if helper != path else None
        for statement in top_level(module) if module is not None else ():
            if statement.parent is not None or module is None:
                continue
            for imported in bound_by(project, module, statement):
                # A name that nothing at all uses is a finding of its own, in the helper; so is a tool for tests.
                if (imported.runtime_uses or imported.shared) and not dev_tool(imported.module, imported.name):
                    yield imported


def _distances(model: Core, own: ir.Import) -> dict[str, int]:
    """How many imports lie between one of the handler's own and each module that it runs."""
    modules = model.project.modules
    found = dict.fromkeys(modules.targets(model.module.path, own), 0)
    queue = list(found)
    for path in queue:
        for target in modules.imports_of(path):
            if target not in found and target != model.module.path:
                found[target] = found[path] + 1
                queue.append(target)
    return found
