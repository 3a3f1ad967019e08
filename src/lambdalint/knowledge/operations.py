"""What the operations of the AWS SDK for Python do: which exist, read or write, page and wait.

The table beside this file, aws_operations.txt.gz, is made by tools/generate_operations.py
from the service models of botocore and boto3 (Apache-2.0). It is unpacked on the first
question (about 2 ms), and a service's lines are parsed when that service is asked for.

Its format, one line each, fields divided by tabs:

    lambdalint AWS operations 1   botocore 1.44.5   boto3 1.44.5
    =runtime.sagemaker   sagemaker-runtime                                  another name of a client
    sqs   get_queue_url …   send_message …   waiters   NextToken;NextToken;MaxResults; list_queues=QueueUrls …
    @sqs   Queue   a:send_message=send_message A:receive_messages=receive_message>Message n:url …

A client's line holds its reads, its writes, its waiters, and its paginators grouped by
the names they share (input token; output token; limit; more results). A resource's line
holds its members: a an action, c a collection, w a waiter, l what is loaded on first
use, n what stays in the process; after `=` the operation behind it, after `>` the kind
of object it gives. A capital says that the object comes with its data.

Services have the names that `boto3.client` takes, operations the names of its methods.
"""

from __future__ import annotations

import functools
import gzip
import os
from typing import Literal

from msgspec import Struct

Effect = Literal["read", "write", "none"]
MemberRole = Literal["action", "collection", "waiter", "lazy", "local"]

_FORMAT = "lambdalint AWS operations 1"
_ROLES: dict[str, MemberRole] = {"a": "action", "c": "collection", "w": "waiter", "l": "lazy", "n": "local"}

# Methods and attributes of every client that send nothing (source: botocore/client.py, botocore/signers.py).
LOCAL_METHODS = frozenset(
    {
        *("can_paginate", "close", "exceptions", "generate_presigned_post", "generate_presigned_url"),
        *("get_paginator", "get_waiter", "meta", "waiter_names"),
    }
)
# The same for one client (source: botocore/signers.py).
_SERVICE_LOCAL_METHODS = {
    "rds": frozenset({"generate_db_auth_token"}),
    "dsql": frozenset({"generate_db_connect_auth_token", "generate_db_connect_admin_auth_token"}),
}
# Members of every resource object, and of every collection (source: boto3/resources/{base,collection}.py).
_RESOURCE_MEMBERS = frozenset({"meta", "get_available_subresources"})
_COLLECTION_METHODS = frozenset({"all", "filter", "limit", "page_size", "pages"})


class Pagination(Struct, frozen=True):
    """How an operation pages (source: botocore's paginators). Names may be paths: `DistributionList.Items`.

    `input_tokens` are the parameters that carry the place to go on from, `output_tokens` the
    fields of the response that give it; `more_results` is the field that says whether there is
    more, "" where a missing token says so; `limit_key` is the parameter for the size of a page,
    or ""; `result_keys` are the fields that hold what was asked for.
    """

    input_tokens: tuple[str, ...]
    output_tokens: tuple[str, ...]
    limit_key: str
    more_results: str
    result_keys: tuple[str, ...]


class Member(Struct, frozen=True):
    """A member of a boto3 resource object.

    `operation` is the client's method behind it, or ""; `target` the kind of resource that it
    gives, or ""; `loaded` whether that resource comes with its data, so that its attributes
    cost no further call; `effect` what using it does (a collection: iterating over it).
    """

    name: str
    role: MemberRole
    operation: str
    target: str
    loaded: bool
    effect: Effect


class _Service(Struct, frozen=True):
    effects: dict[str, Effect]
    waiters: frozenset[str]
    paginated: dict[str, Pagination]


class _Table(Struct, frozen=True):
    """The unpacked text, by line; the lines are parsed on demand."""

    aliases: dict[str, str]
    services: dict[str, str]
    resources: dict[str, dict[str, str]]


@functools.cache
def _table() -> _Table:
    with gzip.open(os.path.join(os.path.dirname(__file__), "aws_operations.txt.gz")) as stream:
        header, *lines = stream.read().decode().splitlines()
    if not header.startswith(_FORMAT):
        raise ValueError(f"not a table of AWS operations: {header[:60]!r}")
    table = _Table({}, {}, {})
    for line in lines:
        name, _, rest = line.partition("\t")
        if name.startswith("@"):
            kind, _, members = rest.partition("\t")
            table.resources.setdefault(name[1:], {})[kind] = members
        elif name.startswith("="):
            table.aliases[name[1:]] = rest
        else:
            table.services[name] = rest
    return table


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()


def _paginators(text: str) -> dict[str, Pagination]:
    found = {}
    for group in text.split("|") if text else ():
        tokens, *members = group.split(" ")
        inputs, outputs, limit, more = tokens.split(";")
        for member in members:
            operation, _, results = member.partition("=")
            found[operation] = Pagination(_names(inputs), _names(outputs), limit, more, _names(results))
    return found


@functools.lru_cache(1024)  # by names of any code
def _service(name: str) -> _Service | None:
    table = _table()
    line = table.services.get(table.aliases.get(name, name))
    if line is None:
        return None
    reads, writes, waiting, pages = line.split("\t")
    effects: dict[str, Effect] = dict.fromkeys(reads.split(), "read")
    effects.update(dict.fromkeys(writes.split(), "write"))
    return _Service(effects, frozenset(waiting.split()), _paginators(pages))


@functools.cache
def _any_service() -> dict[str, Effect | None]:
    """Operation → effect over all services; None where they differ."""
    found: dict[str, Effect | None] = {}
    for line in _table().services.values():
        reads, writes, _ = line.split("\t", 2)
        for operation in reads.split():
            found[operation] = "read" if found.get(operation, "read") == "read" else None
        for operation in writes.split():
            found[operation] = "write" if found.get(operation, "write") == "write" else None
    return found


def services() -> frozenset[str]:
    """The names that `boto3.client` takes, other names of the same client included."""
    table = _table()
    return frozenset(table.services) | frozenset(table.aliases)


def operations(service: str) -> frozenset[str]:
    """The methods of a client that send requests; none for an unknown service."""
    found = _service(service)
    return frozenset(found.effects) if found is not None else frozenset()


def effect(service: str, operation: str) -> Effect | None:
    """What calling a method of a client does: "read" asks and changes nothing, "write" may change
    something, "none" sends nothing. None: there is no such method, or none that is known.

    `service` may be "" where only the method is known: the answer is then the one that all
    services with such a method agree on. Reading is told by the trait `readonly` of the
    models, else by the verb, else by hand (tools/generate_operations.py).
    """
    if operation in LOCAL_METHODS:
        return "none"
    if not service:
        if any(operation in methods for methods in _SERVICE_LOCAL_METHODS.values()):
            return "none"
        return _any_service().get(operation)
    if operation in _SERVICE_LOCAL_METHODS.get(service, ()):
        return "none"
    found = _service(service)
    return found.effects.get(operation) if found is not None else None


def pagination(service: str, operation: str) -> Pagination | None:
    """How an operation pages; None where it has no paginator."""
    found = _service(service)
    return found.paginated.get(operation) if found is not None else None


def waiters(service: str) -> frozenset[str]:
    """The names that `client.get_waiter` takes."""
    found = _service(service)
    return found.waiters if found is not None else frozenset()


@functools.cache
def _members(service: str, kind: str) -> dict[str, Member]:
    found: dict[str, Member] = {}
    parsed = []
    for text in _table().resources.get(service, {}).get(kind, "").split():
        code, _, rest = text.partition(":")
        rest, _, target = rest.partition(">")
        name, _, operation = rest.partition("=")
        parsed.append((code, name, operation, target))
    load = next((operation for _, name, operation, _ in parsed if name == "load"), "")
    for code, name, operation, target in parsed:
        role = _ROLES[code.lower()]
        operation = load if role == "lazy" else operation
        does: Effect = "none"
        if role != "local":
            does = effect(service, operation) or "write"
        found[name] = Member(name, role, operation, target, code.isupper(), does)
    return found


def resource_kinds(service: str) -> frozenset[str]:
    """The kinds of boto3 resource objects of a service, "ServiceResource" for `boto3.resource` itself.

    `XCollection` stands for the collections of X, `BatchWriter` for what a table's
    `batch_writer()` gives. Empty for a service without resources.
    """
    return frozenset(_table().resources.get(service, {}))


def resource_member(service: str, kind: str, name: str) -> Member | None:
    """A member of a boto3 resource object; None where there is none of that name.

    `name` may go through a collection: ("s3", "Bucket", "objects.filter") is the filtered
    collection, ("s3", "Bucket", "objects.delete") its batch action. Source: boto3's
    resource models, and the few methods that boto3 adds by hand.
    """
    first, _, further = name.partition(".")
    if further:
        return _through_collection(service, resource_member(service, kind, first), further)
    if kind.endswith("Collection"):
        return _through_collection(service, _collection_of(kind.removesuffix("Collection")), name)
    if first in _RESOURCE_MEMBERS and kind in resource_kinds(service):
        return Member(first, "local", "", "", False, "none")
    return _members(service, kind).get(first)


def _collection_of(target: str) -> Member:
    """A collection of which only the kind of its objects is known: every one asks for them by reading."""
    return Member("", "collection", "", target, True, "read")


def _through_collection(service: str, found: Member | None, rest: str) -> Member | None:
    """What `rest` is on the collection `found`: still a collection, or an action on all its objects."""
    if found is None or found.role != "collection":
        return None
    first, _, further = rest.partition(".")
    if first in _COLLECTION_METHODS:
        return _through_collection(service, found, further) if further else found
    return None if further else _members(service, f"{found.target}Collection").get(first)


def resource_effect(service: str, kind: str, method: str) -> Effect | None:
    """What a method of a boto3 resource object does, as `effect` tells; None where there is none.

    A collection and its `all`, `filter`, `limit`, `page_size` and `pages` are "read": they
    ask when they are iterated over. An attribute that is loaded on first use is "read" too:
    it costs a call on an object made by hand, and none on one that came with its data
    (`resource_member(…).loaded`). Adding to a `batch_writer()` is "none": it sends batches.
    `service` may be "": the answer is the one that all services with such a kind agree on.
    """
    if not service:
        having = (name for name, kinds in _table().resources.items() if kind in kinds)
        answers = {resource_effect(name, kind, method) for name in having}
        return answers.pop() if len(answers) == 1 else None
    member = resource_member(service, kind, method)
    return member.effect if member is not None else None
