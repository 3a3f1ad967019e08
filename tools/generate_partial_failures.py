"""Writes the table of operations that fail in part from the service models that botocore ships.

    python tools/generate_partial_failures.py            writes the table
    python tools/generate_partial_failures.py --check    exit status 1 where the shipped table differs

Goes in: the data of the installed botocore (Apache-2.0), a development dependency. Comes out:
src/lambdalint/knowledge/partial_failures.toml, which `lambdalint.knowledge.tables` reads.

An operation belongs to it that takes several entries at once (its name says "batch", or it is
one of BULK) and whose answer has a list, a map or a count under a name for failures.
"""

from __future__ import annotations

import argparse
import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parents[1] / "src/lambdalint/knowledge/partial_failures.toml"

# Names of the fields that hold, or count, the entries that failed.
FIELD = re.compile(
    r"(?:unprocessed|failed)\w*|failures?|errors|error_?(?:list|entries)|invalidparameters", re.IGNORECASE
)
# What such a field may be: a text or a time under these names says something else.
KINDS = frozenset({"list", "map", "integer", "long"})
# Operations on several entries whose names don't say "batch".
BULK = frozenset(
    {
        *("events.PutEvents", "eventbridgev2.PutEvents", "kinesis.PutRecords", "s3.DeleteObjects"),
        *("events.PutPartnerEvents", "events.PutTargets", "events.RemoveTargets", "ssm.GetParameters"),
        *("cloudwatch.DeleteInsightRules", "cloudwatch.DisableInsightRules", "cloudwatch.EnableInsightRules"),
        *("resourcegroupstaggingapi.TagResources", "resourcegroupstaggingapi.UntagResources"),
        "xray.PutTraceSegments",
    }
)

HEADER = """\
# Operations that don't raise when only some of their entries fail, by service as `boto3.client`
# takes it, with the fields of the answer that tell. Made by tools/generate_partial_failures.py.
source = "the service models of botocore {version}"
"""


def _module(name: str) -> Any:
    """A module of the AWS SDK; as data, since the SDK has no type annotations."""
    return importlib.import_module(name)


def failure_fields(service: Any) -> Iterator[tuple[str, list[str]]]:
    """The operations of one service model that fail in part, as client methods, with the fields that tell."""
    for name in service.operation_names:
        if "batch" not in name.lower() and f"{service.service_name}.{name}" not in BULK:
            continue
        output = service.operation_model(name).output_shape
        members = output.members if output is not None else {}
        fields = [field for field, shape in members.items() if FIELD.fullmatch(field) and shape.type_name in KINDS]
        if fields:
            yield _module("botocore").xform_name(name), sorted(fields)


def generate() -> str:
    """The table's text, from the installed botocore alone: no path of the user's counts."""
    loaders, model = _module("botocore.loaders"), _module("botocore.model")
    loader = loaders.Loader(include_default_search_paths=False)
    loader.search_paths.append(loaders.Loader.BUILTIN_DATA_PATH)
    parts = [HEADER.format(version=_module("botocore").__version__)]
    for name in sorted(loader.list_available_services("service-2")):
        service = model.ServiceModel(loader.load_service_model(name, "service-2"), name)
        rows = sorted(failure_fields(service))
        if rows:
            parts.append(f"\n[operations.{name}]\n")
            parts += [f"{method} = [{', '.join(map(_quoted, fields))}]\n" for method, fields in rows]
    return "".join(parts)


def _quoted(text: str) -> str:
    return f'"{text}"'


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the table differs")
    arguments = parser.parse_args()
    text = generate()
    if arguments.check:
        same = TABLE.exists() and TABLE.read_text("utf-8") == text
        print("the table is up to date" if same else "the table differs: run tools/generate_partial_failures.py")
        return 0 if same else 1
    TABLE.write_text(text, "utf-8")
    print(f"{TABLE.name}: {len(text.splitlines())} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
