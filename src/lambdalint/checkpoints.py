"""Giving up work whose result nobody wants any more: long work passes checkpoints, whoever started it says when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_unwanted: ContextVar[Callable[[], bool] | None] = ContextVar("unwanted", default=None)


class Abandoned(BaseException):
    """The work was given up; its parts are of no use."""


def checkpoint() -> None:
    """Raise Abandoned where the result of the work at hand isn't wanted any more."""
    unwanted = _unwanted.get()
    if unwanted is not None and unwanted():
        raise Abandoned


@contextmanager
def until(unwanted: Callable[[], bool]) -> Iterator[None]:
    """The work inside ends with Abandoned soon after `unwanted` says yes."""
    before = _unwanted.set(unwanted)
    try:
        yield
    finally:
        _unwanted.reset(before)
