"""Writes the table of AWS operations from the service models that botocore and boto3 ship.

    python tools/generate_operations.py            writes the table
    python tools/generate_operations.py --check    exit status 1 where the shipped table differs

Goes in: the data of the installed botocore and boto3 (Apache-2.0), a development dependency.
Comes out: src/lambdalint/knowledge/aws_operations.txt.gz, the same bytes for the same
versions. `lambdalint.knowledge.operations` reads it, and tells the format.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parents[1] / "src/lambdalint/knowledge/aws_operations.txt.gz"

# First words of operations that change nothing. Where a model has the trait `readonly` it is
# believed, and it bears this list out; most models don't have it yet.
READ_VERBS = frozenset(
    {
        *("analyze", "calculate", "check", "classify", "compare", "contains", "count", "decode", "describe"),
        *("detect", "discover", "download", "estimate", "filter", "get", "head", "infer", "is", "list"),
        *("lookup", "predict", "query", "rerank", "rescore", "scan", "search", "select", "simulate"),
        *("suggest", "validate"),
    }
)
# The trait says what an IAM policy may allow as reading; these start or end something all the same.
NEVER_READ = frozenset({"start", "stop", "batch_start", "batch_stop"})
# Words in front of the verb proper: batch_get_item, admin_get_user.
PREFIXES = frozenset({"batch", "admin"})

# What the verb doesn't tell, by service. Source: the operations' pages in the services' API references.
# Reads here: they answer, and keep nothing that a later call could see (an entry in a log doesn't count).
READS = {
    "acm": "export_certificate",
    "apigatewayv2": "export_api",
    "appsync": "evaluate_code evaluate_mapping_template",
    "backup": "export_backup_plan_template",
    "bedrock-agent-runtime": "retrieve",
    "bedrock-agentcore": "retrieve_memory_records",
    "clouddirectory": "batch_read",
    "codecommit": "evaluate_pull_request_approval_rules",
    "dynamodb": "transact_get_items",
    "elasticbeanstalk": "retrieve_environment_info",
    "events": "test_event_pattern",
    "gamelift": "resolve_alias",
    "iot": "test_authorization",
    "kendra": "retrieve",
    "kms": "decapsulate decrypt derive_shared_secret encapsulate encrypt generate_data_key "
    "generate_data_key_pair generate_data_key_pair_without_plaintext generate_data_key_without_plaintext "
    "generate_mac generate_random re_encrypt sign verify verify_mac",
    "logs": "test_metric_filter test_transformer",
    "meteringmarketplace": "resolve_customer",
    "neptunedata": "execute_gremlin_explain_query",
    "pinpoint": "phone_number_validate",
    "pinpoint-sms-voice-v2": "carrier_lookup",
    "polly": "synthesize_speech",
    "rekognition": "recognize_celebrities",
    "route53": "test_dns_answer",
    "route53domains": "view_billing",
    "schemas": "export_schema",
    "sdb": "domain_metadata",
    "ses": "test_render_template",
    "sesv2": "test_render_email_template",
    "sts": "assume_role assume_role_with_saml assume_role_with_web_identity assume_root",
    "timestream-query": "prepare_query",
    "translate": "translate_document translate_text",
}
WRITES = {
    "chime-sdk-voice": "validate_e911_address",
    "cloudformation": "detect_stack_drift detect_stack_resource_drift detect_stack_set_drift",
    "cognito-identity": "get_id get_open_id_token_for_developer_identity",  # make the identity
    "cognito-idp": "get_tokens_from_refresh_token",  # may rotate the token
    "devops-agent": "validate_aws_associations",
    "endusermessaging": "validate_notify_code_verification",
    "frauddetector": "get_event_prediction",  # keeps the event
    "license-manager": "check_in_license",
    "redshift": "get_cluster_credentials",  # may make the user
    "stepfunctions": "get_activity_task",  # takes the task
}
EXCEPTIONS = {
    f"{service}.{operation}": effect
    for effect, table in (("read", READS), ("write", WRITES))
    for service, operations in table.items()
    for operation in operations.split()
}
# Cryptography on what is sent along: nothing is kept.
STATELESS_SERVICES = frozenset({"payment-cryptography-data"})

# Methods that boto3 adds to the clients of S3 (source: boto3/s3/inject.py).
CLIENT_METHODS = {
    "s3": {
        **dict.fromkeys(("download_file", "download_fileobj"), "read"),
        **dict.fromkeys(("copy", "upload_file", "upload_fileobj"), "write"),
    },
}
# Operations of the models that botocore takes off its clients again (source: botocore/handlers.py).
REMOVED = {
    "lex-runtime-v2.start_conversation",
    "qbusiness.chat",
    "bedrock-runtime.invoke_model_with_bidirectional_stream",
    "connecthealth.start_medical_scribe_listening_session",
    "polly.start_speech_synthesis_stream",
}
# Methods that boto3 adds to resources (source: boto3/{s3/inject,dynamodb/table,ec2/*tags}.py). The writer
# that batch_writer gives only collects, and sends by the way.
_TRANSFER = (
    "a:upload_file=put_object a:upload_fileobj=put_object a:copy=copy_object "
    "a:download_file=get_object a:download_fileobj=get_object"
)
RESOURCE_METHODS = {
    "s3.Bucket": f"{_TRANSFER} a:load=list_buckets a:reload=list_buckets",
    "s3.Object": _TRANSFER,
    "s3.ObjectSummary": "a:load=head_object a:reload=head_object",
    "dynamodb.Table": "n:batch_writer>BatchWriter",
    "dynamodb.BatchWriter": "n:put_item n:delete_item",
    "ec2.ServiceResource": "a:create_tags=create_tags",
    "ec2.Instance": "a:delete_tags=delete_tags",
}


def _module(name: str) -> Any:
    """A module of the AWS SDK; as data, since the SDK has no type annotations."""
    return importlib.import_module(name)


def classify(service: str, operation: str, trait: bool) -> str:
    """ "read" or "write" for an operation; `trait` is the model's `readonly`. In doubt it writes."""
    exception = EXCEPTIONS.get(f"{service}.{operation}")
    if exception is not None:
        return exception
    if service in STATELESS_SERVICES:
        return "read"
    words = operation.split("_")
    if words[0] in NEVER_READ or "_".join(words[:2]) in NEVER_READ:
        return "write"
    verb = words[1] if words[0] in PREFIXES and len(words) > 1 else words[0]
    return "read" if trait or verb in READ_VERBS else "write"


def _names(value: Any) -> list[str]:
    """The plain paths of a paginator's field: `NextMarker || Contents[-1].Key` gives `NextMarker`."""
    found = [value] if isinstance(value, str) else list(value or ())
    return [re.split(r"\s*\|\|", path)[0].strip() for path in found]


def _pagination(paginators: dict[str, Any], xform: Any) -> str:
    """`in;out;limit;more op=result,result op=result|…`: operations grouped by the names they share."""
    fields = ("input_token", "output_token", "limit_key", "more_results")
    groups: dict[str, list[str]] = {}
    for name, config in paginators.items():
        tokens = ";".join(",".join(_names(config.get(field))) for field in fields)
        member = f"{xform(name)}={','.join(_names(config.get('result_key')))}"
        if re.search(r"[ |]", tokens + member):
            raise ValueError(f"the paginator of {name} holds a separator of the table")
        groups.setdefault(tokens, []).append(member)
    return "|".join(f"{tokens} {' '.join(sorted(members))}" for tokens, members in sorted(groups.items()))


def _model(loader: Any, service: str, kind: str, key: str, having: frozenset[str]) -> dict[str, Any]:
    """One table of a model that a service need not have; {} without it."""
    if service not in having:
        return {}
    model: dict[str, Any] = loader.load_service_model(service, kind)[key]
    return model


def service_lines(loader: Any) -> Iterator[str]:
    """One line per client: name, reads, writes, waiters, pagination, divided by tabs."""
    xform = _module("botocore").xform_name
    paginated = frozenset(loader.list_available_services("paginators-1"))
    waiting = frozenset(loader.list_available_services("waiters-2"))
    for service in sorted(loader.list_available_services("service-2")):
        model = loader.load_service_model(service, "service-2")
        effects = dict(CLIENT_METHODS.get(service, {}))
        for name, operation in model["operations"].items():
            method = xform(name)
            if f"{service}.{method}" not in REMOVED:
                effects[method] = classify(service, method, operation.get("readonly") is True)
        pages = _model(loader, service, "paginators-1", "pagination", paginated)
        waiters = _model(loader, service, "waiters-2", "waiters", waiting)
        yield "\t".join(
            (
                service,
                " ".join(sorted(name for name, effect in effects.items() if effect == "read")),
                " ".join(sorted(name for name, effect in effects.items() if effect == "write")),
                " ".join(sorted(xform(name) for name in waiters)),
                _pagination(pages, xform),
            )
        )


def _action(code: str, name: str, action: Any) -> str:
    """`code:name=operation>Kind`; the code's capital says that the object comes with its data."""
    target = action.resource
    operation = action.request.operation if action.request else ""
    if target is not None and target.path:
        code = code.upper()
    behind = f"={_module('botocore').xform_name(operation)}" if operation else ""
    return f"{code}:{name}{behind}" + (f">{target.type}" if target else "")


def _members(resource: Any, shape: Any, waiters: dict[str, str]) -> Iterator[str]:
    """What a boto3 resource object has, in the codes that the reader tells."""
    xform = _module("botocore").xform_name
    load = resource.load
    if load is not None:
        yield f"a:load={xform(load.request.operation)}"
        yield f"a:reload={xform(load.request.operation)}"
    yield from (f"n:{identifier.name}" for identifier in resource.identifiers)
    yield from (_action("a", action.name, action) for action in resource.actions)
    yield from (f"n:{sub.name}>{sub.resource.type}" for sub in resource.subresources)
    # References and attributes need the object's own data: the first one asked for loads it, where it
    # isn't there yet. Without `load` the data came with the object.
    lazy = "l" if load is not None else "n"
    yield from (f"{lazy}:{reference.name}>{reference.resource.type}" for reference in resource.references)
    yield from (_action("c", collection.name, collection) for collection in resource.collections)
    yield from (f"w:{waiter.name}={waiters[waiter.waiter_name]}" for waiter in resource.waiters)
    if shape is not None:
        # An identifier under the name of the attribute that it is: known without asking.
        known = {identifier.member_name for identifier in resource.identifiers}
        yield from (f"{'n' if name in known else lazy}:{name}" for name in resource.get_attributes(shape))


def _batch_actions(resources: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """What the collections of a kind do to all their objects at once: `bucket.objects.delete()`."""
    for resource in resources:
        for action in resource.batch_actions:
            yield f"{resource.name}Collection", _action("a", action.name, action)


def resource_lines(loader: Any) -> Iterator[str]:
    """One line per kind of boto3 resource: `@service`, kind, members, divided by tabs."""
    xform, resource_model = _module("botocore").xform_name, _module("boto3.resources.model").ResourceModel
    waiting = frozenset(loader.list_available_services("waiters-2"))
    for service in sorted(loader.list_available_services("resources-1")):
        model = loader.load_service_model(service, "resources-1")
        shapes = _module("botocore.model").ServiceModel(loader.load_service_model(service, "service-2"))
        configs = _model(loader, service, "waiters-2", "waiters", waiting)
        waiters = {name: xform(config["operation"]) for name, config in configs.items()}
        definitions = {"ServiceResource": model["service"], **model["resources"]}
        resources = []
        kinds: dict[str, list[str]] = {}
        for kind, definition in definitions.items():
            resource = resource_model(kind, definition, model["resources"])
            shape = shapes.shape_for(resource.shape) if resource.shape else None
            resource.load_rename_map(shape)
            resources.append(resource)
            kinds[kind] = list(_members(resource, shape, waiters))
        for kind, member in _batch_actions(resources):
            kinds.setdefault(kind, []).append(member)
        for name, members in RESOURCE_METHODS.items():
            if name.startswith(f"{service}."):
                kinds.setdefault(name.partition(".")[2], []).extend(members.split())
        for kind in sorted(kinds):
            yield f"@{service}\t{kind}\t{' '.join(sorted(set(kinds[kind])))}"


def generate() -> str:
    """The table's text, from the installed botocore and boto3 alone: no path of the user's counts."""
    botocore, boto3 = _module("botocore"), _module("boto3")
    loaders = _module("botocore.loaders")
    boto3_data = str(Path(boto3.__file__).parent / "data")
    loader = loaders.Loader(extra_search_paths=[boto3_data], include_default_search_paths=False)
    loader.search_paths.append(loaders.Loader.BUILTIN_DATA_PATH)
    aliases = _module("botocore.utils").SERVICE_NAME_ALIASES
    header = f"lambdalint AWS operations 1\tbotocore {botocore.__version__}\tboto3 {boto3.__version__}"
    alias_lines = [f"={alias}\t{service}" for alias, service in sorted(aliases.items())]
    return "\n".join([header, *alias_lines, *service_lines(loader), *resource_lines(loader), ""])


def packed(text: str) -> bytes:
    """The text as gzip without a time or a name in it, so that equal tables are equal files."""
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the table differs")
    arguments = parser.parse_args()
    text = generate()
    if arguments.check:
        # The text counts, not the bytes: zlib's versions pack differently.
        same = TABLE.exists() and gzip.decompress(TABLE.read_bytes()).decode() == text
        print("the table is up to date" if same else "the table differs: run tools/generate_operations.py")
        return 0 if same else 1
    TABLE.write_bytes(packed(text))
    print(f"{TABLE.name}: {len(text.splitlines())} lines, {TABLE.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
