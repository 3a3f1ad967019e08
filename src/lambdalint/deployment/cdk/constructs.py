"""What can be asked of any construct that a CDK program makes."""

from __future__ import annotations

from lambdalint.deployment.cdk.values import UNKNOWN, Instance, Made, Record, Value

_MAX_NESTING = 5
# A construct's path begins below the stack that holds it.
_STACKS = ("Stack", "Stage", "App")


def setting_of(value: Value, name: str) -> Value:
    """One of a group of settings, which is an object or made by its own class; None without it."""
    if isinstance(value, Record | Made):
        return value.option(name)
    return UNKNOWN if value is UNKNOWN else None


def identifier(one: Made) -> str:
    """A construct's path of ids below its stack (`Api/Handler`); where it stands if it has no known id."""
    ids: list[str] = []
    made: Made | None = one
    while made is not None and len(ids) < _MAX_NESTING and not made.method.endswith(_STACKS):
        given = made.argument(1, "id")
        if not isinstance(given, str) or not given:
            break
        ids.insert(0, given)
        scope = made.argument(0, "scope")
        made = scope.made if isinstance(scope, Instance) else scope if isinstance(scope, Made) else None
    return "/".join(ids) or f"{one.method}:{one.line}"
