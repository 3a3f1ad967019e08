"""Typed access to the tables of facts beside this file; each is read when first asked for."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterator
from typing import Any, cast

from lambdalint.knowledge import compiled

# `mypy_boto3_s3.client.S3Client`, `types_boto3_dynamodb.service_resource.Table`
_STUB = re.compile(r"^(?:mypy_boto3|types_boto3|types_aiobotocore|types_aioboto3)_(\w+)\.(?:(\w+)\.)?(\w+)$")


@functools.cache
def load(name: str) -> dict[str, Any]:
    """The parsed table file `name`.toml of this package."""
    return compiled.read(os.path.join(os.path.dirname(__file__), f"{name}.toml"))


@functools.cache
def _constructors() -> dict[str, str]:
    return {row["name"]: row["kind"] for row in load("constructors")["constructor"]}


@functools.cache
def _aliases() -> dict[str, str]:
    return {row["name"]: row["of"] for row in load("constructors")["alias"]}


@functools.cache
def _caches() -> dict[str, str]:
    return {name: row["keeps"] for row in load("caches")["decorator"] for name in row["names"]}


def canonical(name: str) -> str:
    """The name under which the tables know an object, or what it is an attribute of."""
    aliases = _aliases()
    head, tail = name, ""
    while head:
        if head in aliases:
            return aliases[head] + tail
        head, dot, last = head.rpartition(".")
        tail = f"{dot}{last}{tail}"
    return name


def constructor_kind(name: str) -> str | None:
    """ "client", "resource" or "session" for a call that makes one, else None."""
    return _constructors().get(canonical(name))


def cache_keeps(name: str) -> str:
    """Where a caching decorator keeps results: "function", "argument", "instance", "elsewhere"; "" if it is none."""
    return _caches().get(name, "")


def is_proxy(name: str) -> bool:
    """Whether a constructor makes a proxy that calls its function whenever it is used."""
    return name in load("caches")["proxy"]["names"]


@functools.cache
def _cache_objects() -> dict[str, dict[str, Any]]:
    return {name: row for row in load("caches")["object"] for name in row["names"]}


def cache_object(name: str) -> dict[str, Any] | None:
    """What is known of a constructor whose object keeps answers: `what`, and whether it also serves as a `memo`."""
    return _cache_objects().get(name)


def subresource(name: str) -> str:
    """The object that a resource's method gives without asking AWS for more, or ""."""
    resource = load("constructors")["resource"]
    if name in resource["makers"]:
        return name
    return cast(str, resource["fetched"].get(name, ""))


def is_maker(name: str) -> bool:
    """Whether a resource's method only makes a handle, with no call to AWS."""
    return name in load("constructors")["resource"]["makers"]


def is_collection(kind: str, name: str) -> bool:
    return name in load("constructors")["resource"]["collections"]


def stub_type(name: str) -> tuple[str, str, str] | None:
    """(kind, service, name) for a stub package's type of a client, resource or its objects.

    Source: the layout of mypy-boto3 and types-boto3 packages.
    """
    found = _STUB.match(name)
    if found is None:
        return None
    service = found[1].replace("_", "-")
    kind = found[3]
    if kind.endswith("ServiceResource"):
        return "resource", service, kind
    if kind.endswith("Client"):
        return "client", service, kind
    if kind in load("constructors")["resource"]["makers"]:
        return "subresource", service, kind
    return None


def annotated_type(name: str) -> tuple[str, str, str] | None:
    """(kind, service, name) for what a type hint names: a stub's type, or boto3's and botocore's own."""
    stub = stub_type(name)
    if stub is not None:
        return stub
    kind = constructor_kind(name) or _types().get(canonical(name))
    return (kind, "", canonical(name)) if kind is not None else None


@functools.cache
def _types() -> dict[str, str]:
    return {row["name"]: row["kind"] for row in load("constructors")["type"]}


@functools.cache
def _shared() -> frozenset[str]:
    return frozenset(row["name"] for row in load("constructors")["constructor"] if row.get("shared", False))


def is_shared(name: str) -> bool:
    """Whether a call gives what was made before, the same for all who ask."""
    return canonical(name) in _shared()


@functools.cache
def _records() -> dict[str, str]:
    return {row["name"]: row["fields"] for row in load("constructors")["record"]}


def record_kind(name: str) -> str | None:
    """How a decorator or base class lets a constructor fill the fields: "position", "keyword", or None."""
    return _records().get(name)


def is_field_maker(name: str) -> bool:
    """Whether a call in a class body describes a field (`dataclasses.field(default=…)`)."""
    return name in load("constructors")["field"]["names"]


@functools.cache
def _third_party() -> frozenset[str]:
    return frozenset(load("effects")["third_party"]["names"])


def is_third_party(top: str) -> bool:
    """Whether a top-level name is a well-known package's, even where a copy lies in the project."""
    return top in _third_party()


@functools.cache
def _one_page() -> frozenset[str]:
    return frozenset(name for row in load("pages")["fits"] for name in row["operations"])


def fits_one_page(service: str, operation: str) -> bool:
    """Whether one answer of an operation holds all there is, or all that is wanted of it."""
    return service in load("pages")["whole"]["services"] or f"{service}.{operation}" in _one_page()


def page_container(operation: str) -> str:
    """The parameter of `service.operation` that names what holds the listed things, or ""."""
    return cast(str, load("pages")["container"]["of"].get(operation, ""))


@functools.cache
def _runtime_variables() -> dict[str, bool]:
    table = load("runtime")
    never = {name: False for row in table["never"] for name in row["names"]}
    return {**dict.fromkeys(table["always"]["names"], True), **never}


def set_by_runtime(variable: str) -> bool | None:
    """Whether an environment variable is always (True) or never (False) set on Lambda; None where it may be."""
    return _runtime_variables().get(variable)


@functools.cache
def _effects() -> dict[str, str]:
    return {name: row["effect"] for row in load("effects")["call"] for name in row["names"]}


@functools.cache
def _local(field: str) -> frozenset[str]:
    return frozenset(load("effects")["local"][field])


def prefixes(name: str) -> Iterator[str]:
    """A dotted name and all that it lies below, longest first."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def call_effect(name: str) -> str | None:
    """ "read", "write", "none" or "unknown" for a call of something outside the project.

    "http" and "urlopen" are told by the call's arguments; None is a name that no table knows.
    """
    table = _effects()
    for prefix in prefixes(name):
        if prefix in table:
            return table[prefix]
    return "none" if any(prefix in _local("modules") for prefix in prefixes(name)) else None


def hands_on(name: str) -> bool:
    """Whether a local function's result may be the very object that it was given."""
    return any(prefix in _local("handing_on") for prefix in prefixes(name))


def is_container(name: str) -> bool:
    """Whether a local function gives a container of what it was given."""
    return any(prefix in _local("containers") for prefix in prefixes(name))


def is_pause(name: str) -> bool:
    """Whether a function only waits."""
    return name in load("effects")["pauses"]["names"]


def statement_argument(service: str, operation: str) -> str:
    """The argument of an AWS operation that holds an SQL statement, or ""."""
    return cast(str, load("effects")["statements"]["operations"].get(service, {}).get(operation, ""))


@functools.cache
def _unordered() -> frozenset[str]:
    return frozenset(name for row in load("unordered")["write"] for name in row["operations"])


def is_unordered(operation: str) -> bool:
    """Whether the order of several writes by `service.operation` doesn't matter."""
    return operation in _unordered()


def failure_fields(service: str, operation: str) -> list[str]:
    """The fields of an AWS answer that tell which entries failed although nothing was raised, or []."""
    table = load("partial_failures")["operations"]
    return cast("list[str]", table.get(service, {}).get(operation, []))


@functools.cache
def _reserved_words() -> frozenset[str]:
    return frozenset(load("reserved_words")["reserved"]["words"].split())


def is_reserved(attribute: str) -> bool:
    """Whether a DynamoDB expression can't name an attribute as it is called."""
    return attribute.upper() in _reserved_words()
