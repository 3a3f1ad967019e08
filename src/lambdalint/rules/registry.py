"""All rules, in the order of their codes; a rule file registers itself by being there."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Iterator

from lambdalint import rules
from lambdalint.rules.base import Rule


@functools.cache
def all_rules() -> tuple[type[Rule], ...]:
    """The rule classes of every module below `lambdalint.rules`, by code."""
    for module in pkgutil.walk_packages(rules.__path__, f"{rules.__name__}."):
        importlib.import_module(module.name)
    found = sorted(_subclasses(Rule), key=lambda rule: rule.code)
    codes = [rule.code for rule in found]
    assert len(codes) == len(set(codes)), f"two rules share a code: {codes}"
    return tuple(found)


def _subclasses(cls: type[Rule]) -> Iterator[type[Rule]]:
    for sub in cls.__subclasses__():
        if "code" in vars(sub) and sub.__module__.startswith(f"{rules.__name__}."):
            yield sub
        yield from _subclasses(sub)
