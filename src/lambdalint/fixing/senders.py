"""The functions that send collected entries together: what they are called with, and their code."""

from __future__ import annotations

import re

from msgspec import Struct

from lambdalint.fixing.helpers import Helper
from lambdalint.fixing.layout import bracketed
from lambdalint.fixing.requests import NeedImport
from lambdalint.knowledge.batches import Batch


class Sender(Struct, frozen=True):
    """How the entries of one operation are sent: `name` of the helper, `things` of the list that is collected.

    `result` is the field of the answer with what became of each entry (by its place, where `resent`),
    or with those that failed.
    """

    name: str
    things: str
    doc: str
    parameter: str
    result: str
    numbered: bool = False
    resent: bool = False


SENDERS = {
    "sqs.send_message": Sender(
        "_send_messages", "entries", "Send messages in their order, as many in a request as SQS takes.",
        "Entries", "Failed", numbered=True,
    ),
    "sqs.delete_message": Sender(
        "_delete_messages", "entries", "Delete messages, ten in a request.", "Entries", "Failed", numbered=True
    ),
    "sns.publish": Sender(
        "_publish_messages", "entries", "Publish messages in their order, as many in a request as SNS takes.",
        "PublishBatchRequestEntries", "Failed", numbered=True,
    ),
    "events.put_events": Sender(
        "_put_events", "entries", "Put events in their order, as many in a request as EventBridge takes.",
        "Entries", "Entries",
    ),
    "kinesis.put_record": Sender(
        "_put_records", "records", "Put records, 500 in a request; those that fail are sent again.",
        "Records", "Records", resent=True,
    ),
    "firehose.put_record": Sender(
        "_put_record_batch", "records", "Put records, 500 in a request; those that fail are sent again.",
        "Records", "RequestResponses", resent=True,
    ),
    "s3.delete_object": Sender("_delete_objects", "keys", "Delete objects, 1,000 in a request.", "Delete", "Errors"),
}  # fmt: skip

_BOUNDED = """\
batches, size = [], 0
for {one} in {things}:
    length = len(str({one}).encode())
    if not batches or len(batches[-1]) == {limit} or size + length > {bytes}:
        batches.append([])
        size = 0
    batches[-1].append({entry})
    size += length
for batch in batches:
"""
_COUNTED = """\
for start in range(0, len({things}), {limit}):
    end = start + {limit}
    batch = {batch}
"""
_DELETED = """\
for start in range(0, len(keys), {limit}):
    end = start + {limit}
    objects = [{{"Key": key}} for key in keys[start:end]]
    batch = {{"Objects": objects, "Quiet": True}}
"""
_RAISE = """\
        kind = client.exceptions.from_code(error["Code"])
        raise kind({{"Error": error}}, "{operation}")
"""
_FAILED = """\
    {request}
    failed = {failed}
    if failed:
        {error}
"""
_RESENT = """\
    for attempt in range(8):
        {request}
        results = response["{result}"]
        codes = [one.get("ErrorCode") for one in results]
        failed = [i for i, code in enumerate(codes) if code]
        if not failed:
            break
        first = results[failed[0]]
        text = first.get("ErrorMessage")
        error = {{"Code": first["ErrorCode"], "Message": text}}
        batch = [batch[i] for i in failed]
        time.sleep(min(0.05 * 2**attempt, 2))
    else:
"""


def sender(name: str, batch: Batch, destination: str) -> Helper:
    """The function that sends what was collected of `service.operation` to a place that `destination` names."""
    how = SENDERS[name]
    operation = "".join(part.capitalize() for part in batch.operation.split("_"))
    place = snake(destination)
    given = [f"{destination}={place}"] if destination else []
    given.append(f"{how.parameter}=batch")
    columns = 12 if how.resent else 8
    request = bracketed(f"response = client.{batch.operation}(", given, ")", columns)
    facts = {"request": request.replace("\n", "\n" + " " * (columns - 4)), "operation": operation}
    body = f'"""{how.doc}"""\n' + _batches(how, batch)
    if how.resent:
        body += _RESENT.format(**facts, result=how.result)
    else:
        body += _FAILED.format(**facts, failed=_failed(how), error=_error(how))
    body += _RAISE.format(**facts)
    of = "str" if how.things == "keys" else "dict[str, Any]"
    parameters = [("client", "Any"), (how.things, f"list[{of}]")]
    if destination:
        parameters.insert(1, (place, "str"))
    imports = (NeedImport("time"),) if how.resent else ()
    return Helper(how.name, tuple(parameters), "None", body, imports)


def snake(name: str) -> str:
    """`queue_url` for `QueueUrl`, `stream_arn` for `StreamARN`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _batches(how: Sender, batch: Batch) -> str:
    """The lines that go through the things in batches."""
    one = {"entries": "entry", "records": "record"}.get(how.things, "key")
    if batch.size:
        entry = '{"Id": str(len(batches[-1])), **entry}' if how.numbered else one
        return _BOUNDED.format(one=one, things=how.things, limit=batch.limit, bytes=batch.size, entry=entry)
    part = f"{how.things}[start:end]"
    if how.numbered:
        made = f'[{{"Id": str(number), **entry}} for number, entry in enumerate({part})]'
    else:
        return _DELETED.format(limit=batch.limit)
    return _COUNTED.format(things=how.things, limit=batch.limit, batch=made)


def _failed(how: Sender) -> str:
    if how.result == "Entries":
        return '[one for one in response["Entries"] if one.get("ErrorCode")]'
    return f'response.get("{how.result}")'


def _error(how: Sender) -> str:
    """The statement that keeps what was told of the first entry that failed, as an exception holds it."""
    if how.result == "Errors":
        return "error = failed[0]"
    code, text = ("ErrorCode", "ErrorMessage") if how.result == "Entries" else ("Code", "Message")
    parts = [f'"Code": failed[0]["{code}"]', f'"Message": failed[0].get("{text}", "")']
    return bracketed("error = {", parts, "}", 12).replace("\n", "\n        ")
