"""Which right an operation needs, and what ready-made policies grant."""

from __future__ import annotations

import functools

from lambdalint.knowledge import tables


@functools.cache
def _actions() -> dict[str, str]:
    return {name: row["action"] for row in tables.load("rights")["action"] for name in row["operations"]}


def action_of(operation: str) -> str:
    """The IAM action that `service.operation` needs, or "" where the table doesn't say."""
    return _actions().get(operation, "")


def of_template(name: str) -> tuple[str, ...] | None:
    """What a policy template of SAM grants; None for one that isn't known."""
    return _granted("template").get(name)


def of_managed(name: str) -> tuple[str, ...] | None:
    """What a managed policy grants, by its name or ARN; None for one that isn't known."""
    return _granted("managed").get(name.rpartition("/")[2])


def of_grant(service: str, method: str) -> tuple[str, ...] | None:
    """What a method of the CDK's constructs grants to its argument; None for one that isn't known.

    `service` is the constructs' module (`aws_dynamodb`); without a row here none of its methods
    grants anything that matters.
    """
    granted = _grants().get(service)
    return () if granted is None else granted.get(method)


@functools.cache
def _grants() -> dict[str, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in tables.load("rights")["grant"]:
        for service in row["services"]:
            found.setdefault(service, {}).update((name, tuple(row["actions"])) for name in row["methods"])
    return found


@functools.cache
def _granted(kind: str) -> dict[str, tuple[str, ...]]:
    return {name: tuple(row["actions"]) for row in tables.load("rights")[kind] for name in row["names"]}
