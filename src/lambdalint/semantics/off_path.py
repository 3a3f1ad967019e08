"""Whether most invocations need what is imported: who always runs, and what lies off the main path."""

from __future__ import annotations

from lambdalint.semantics import flow, ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.handlers import Handler
from lambdalint.semantics.importing import Imported

# --- on every invocation ------------------------------------------------------------------------


def always_run(model: Core, function: ir.Function | None) -> bool:
    """Whether every invocation of some handler runs a function: no condition or route decides about it."""
    seen: set[ir.Function] = set()
    stack = [function] if function is not None else []
    handlers = model.project.handlers_by_function
    while stack:
        current = stack.pop()
        if current in seen:
            continue
        seen.add(current)
        callers = [edge for edge in model.project.edges_to(current) if edge.caller in model.project.reach.hot]
        handler = handlers.get(current)
        # One that goes by its name alone, and that another one calls, is that one's helper.
        if handler is not None and (handler.deployed is not None or not callers):
            if "route" not in handler.evidence or _routes_beside(model, handler) == 1:
                return True
            continue
        stack += [edge.caller for edge in callers if not _conditional(edge.site)]
    return False


def _routes_beside(model: Core, handler: Handler) -> int:
    """How many routes the file of a handler has."""
    beside = model.project.handlers_in(handler.path)
    return sum("route" in h.evidence and not h.deploy_time for h in beside)


def _conditional(site: ir.Expr) -> bool:
    """Whether a condition, a route or an error decides if a call is made."""
    below: ir.Node = site
    for ancestor in ir.ancestors(site):
        if isinstance(ancestor, (ir.FunctionDef, ir.Lambda)):
            return False
        if isinstance(ancestor, (ir.ExceptHandler, ir.Case)):
            return True
        if isinstance(ancestor, ir.If) and below is not ancestor.test:
            return True
        if isinstance(ancestor, ir.Choice) and below is not (ancestor.test or ancestor.items[0]):
            return True
        if isinstance(below, ir.Stmt):
            exits = 0
            for earlier in flow.block_of(below):
                if earlier is below:
                    break
                exits += isinstance(earlier, ir.If) and flow.leaves(earlier.body) and _compares_text(earlier.test)
            if exits > 1:
                return True  # behind several routes that were taken or not
        below = ancestor
    return False


# --- off the main path --------------------------------------------------------------------------


def off_path(model: Core, imported: Imported) -> str:
    """Why most invocations don't need an import: "an error path", "one of 4 routes"; "" where they may."""
    where = _where(model, imported.needing_uses)
    return where if where and not imported.shared else ""


def _where(model: Core, uses: list[ir.Name]) -> str:
    if not uses:
        return ""
    functions = [flow.function_of(use) for use in uses]
    reach = model.project.reach
    if any(function is None or function not in reach.ways for function in functions):
        return ""  # used at import, or by something that may be reached in a way that isn't seen
    if any(_always_there(use) for use in uses):
        return ""
    # What fills a cache on its first miss isn't an error: each environment comes that way.
    failing = [flow.on_error_path(use) and not model.once(use) for use in uses]
    cold = [on or f not in reach.hot for on, f in zip(failing, functions, strict=True)]
    if all(cold) and not all(h.deploy_time for h in model.project.handlers):
        return "an error path"
    if any(cold):
        return ""
    routes = {_route(model, f) for f in functions if f is not None}
    if len(routes) == 1:
        count = next(iter(routes))[1]
        return f"one of {count} routes" if count >= 3 else ""
    return ""


def _always_there(use: ir.Name) -> bool:
    """Decorators, defaults and base classes are evaluated at import."""
    return any(isinstance(a, ir.ClassDef) for a in ir.ancestors(use) if not isinstance(a, ir.FunctionDef)) and (
        flow.function_of(use) is None
    )


def _route(model: Core, function: ir.Function) -> tuple[object, int]:
    """The branch of a dispatching function through which alone a function is reached, and how many there are."""
    seen: set[ir.Function] = set()
    current = function
    while current not in seen:
        seen.add(current)
        routes = [h for h in model.project.handlers if "route" in h.evidence]
        paths = [h.path for h in routes if h.function is current]
        if paths:
            return current, sum(h.path == paths[0] for h in routes)
        edges = [e for e in model.project.edges_to(current) if e.caller in model.project.reach.hot]
        if len({id(e.site) for e in edges}) != 1:
            return None, 0
        edge = edges[0]
        found = _branches(edge.site)
        if found is not None and found[1] >= 3:
            return found
        current = edge.caller
    return None, 0


def _branches(site: ir.Expr) -> tuple[object, int] | None:
    """The `if route == "…": return …` that a call stands in, and how many such branches the function has."""
    function = flow.function_of(site)
    own: ir.If | None = None
    for ancestor in ir.ancestors(site):
        if (
            isinstance(ancestor, ir.If)
            and _compares_text(ancestor.test)
            and any(flow.inside(site, s) for s in ancestor.body)
        ):
            own = ancestor
            break
    if own is None or function is None:
        return None
    count = sum(1 for s in ir.statements(function.body) if isinstance(s, ir.If) and _compares_text(s.test))
    return own, count


def _compares_text(test: ir.Expr) -> bool:
    return (
        isinstance(test, ir.Compare)
        and test.ops == ["=="]
        and any(isinstance(side, ir.Const) and isinstance(side.value, str) for side in (test.left, *test.rights))
    )
