"""Loops whose turns have several items already."""

from __future__ import annotations

from lambdalint.semantics import flow, ir
from lambdalint.semantics.core import Core

# Makers of chunks (Python library reference: itertools.batched; more-itertools).
_MAKERS = ("batched", "chunked", "chunks", "grouper")


def in_chunks(model: Core, loop: ir.For | ir.Comp) -> bool:
    """Whether a turn has several items: `range` with a step, slices, or what a maker of chunks gives."""
    sources = [loop.iter] if isinstance(loop, ir.For) else [part.iter for part in loop.loops]
    return any(_gives_chunks(model, source) for source in sources)


def _gives_chunks(model: Core, source: ir.Expr) -> bool:
    if _steps(source):
        return True
    if isinstance(source, ir.Call):
        name = ir.dotted(source.func).rpartition(".")[2]
        if name in _MAKERS:
            return True
        if name == "enumerate":
            first = source.positional(0)
            return first is not None and _gives_chunks(model, first)
    made = [value.origin for value in model.values(source)]
    return any(
        (isinstance(origin, ir.Comp) and any(_steps(part.iter) for part in origin.loops))
        or (isinstance(origin, ir.Function) and any(_in_steps(given) for given in origin.yields))
        for origin in made
    )


def _steps(source: ir.Expr) -> bool:
    """Whether it is a `range` with a step."""
    return isinstance(source, ir.Call) and ir.dotted(source.func) == "range" and len(source.args) == 3


def _in_steps(given: ir.Expr) -> bool:
    """Whether a generator gives a value in a loop over a `range` with a step."""
    return any(isinstance(loop, ir.For) and _steps(loop.iter) for loop in flow.loops_around(given))
