"""Parameters and secrets that a loop fetches one by one are fetched together in front of it."""

from __future__ import annotations

from lambdalint.fixing.answers import Question, ask_together
from lambdalint.fixing.helpers import Helper
from lambdalint.fixing.requests import FixRequest
from lambdalint.knowledge.batches import Batch
from lambdalint.semantics import ir
from lambdalint.semantics.core import Core
from lambdalint.semantics.loops import LoopCall
from lambdalint.semantics.rights import told
from lambdalint.semantics.settled import steady

_PARAMETERS = '''\
"""The answers of get_parameter for `names`, asked for ten at a time."""
wanted = list(dict.fromkeys(names))
found = {}
for start in range(0, len(wanted), 10):
    end = start + 10
    part = wanted[start:end]
    response = client.get_parameters(Names=part, WithDecryption=with_decryption)
    for name in response["InvalidParameters"]:
        error = {"Code": "ParameterNotFound", "Message": name}
        raise client.exceptions.ParameterNotFound({"Error": error}, "GetParameters")
    found.update({one["Name"]: one for one in response["Parameters"]})

def answer(name):
    if name in found:
        return {"Parameter": dict(found[name])}
    # An ARN, or a version: it comes back under another name.
    return client.get_parameter(Name=name, WithDecryption=with_decryption)

return [answer(name) for name in names]
'''
_SECRETS = '''\
"""The answers of get_secret_value for `names`, asked for 20 at a time."""
wanted = list(dict.fromkeys(names))
found = {}
for start in range(0, len(wanted), 20):
    end = start + 20
    part = wanted[start:end]
    response = client.batch_get_secret_value(SecretIdList=part)
    for failed in response.get("Errors", []):
        error = {"Code": failed["ErrorCode"], "Message": failed.get("Message", "")}
        kind = client.exceptions.from_code(error["Code"])
        raise kind({"Error": error}, "BatchGetSecretValue")
    for secret in response["SecretValues"]:
        found[secret["Name"]] = found[secret["ARN"]] = secret

def answer(name):
    if name in found:
        return dict(found[name])
    return client.get_secret_value(SecretId=name)

return [answer(name) for name in names]
'''
_CLIENT = ("client", "Any")
_NAMES = ("names", "list[str]")
_ANSWERS = "list[dict[str, Any]]"
_GET_PARAMETERS = Helper(
    "_get_parameters", (_CLIENT, _NAMES, ("with_decryption", "bool", "False")), _ANSWERS, _PARAMETERS
)
_GET_SECRETS = Helper("_get_secret_values", (_CLIENT, _NAMES), _ANSWERS, _SECRETS)
# What a secret's answer holds, alone or in a batch (API reference: SecretValueEntry).
_OF_SECRET = ("ARN", "CreatedDate", "Name", "SecretBinary", "SecretString", "VersionId", "VersionStages")


def fetch_together(model: Core, found: LoopCall, batch: Batch) -> FixRequest | None:
    """The loop over answers that were fetched together; None where that may fetch something else."""
    aws, receiver = found.aws, found.aws.receiver
    if found.helper or found.guarded or found.conditional or aws.face != "client":
        return None
    if not isinstance(receiver, (ir.Name, ir.Attr)) or found.moving != set(batch.entry):
        return None
    if isinstance(found.loop, ir.For) and not steady(model, receiver, found.loop):
        return None
    if any(argument.keyword is None for argument in found.call.args):
        return None
    name, options = aws.arguments[batch.entry[0]], []
    others = {key: value for key, value in aws.arguments.items() if key not in batch.entry}
    decrypt = others.pop("WithDecryption", None) if aws.service == "ssm" else None
    if others or any(":" in str(part.value) for part in ir.walk(name) if isinstance(part, ir.Const)):
        return None  # an ARN or a version
    if decrypt is not None:
        if not isinstance(decrypt, ir.Const) or not isinstance(decrypt.value, bool):
            return None
        options = [f"with_decryption={decrypt.value}"] if decrypt.value else []
    limits = told(
        model, found.call, aws.name, f"{aws.service}.{batch.operation}", "all are fetched before the first turn"
    )
    message = f"Ask for all of them together ({limits})"
    made, fields = (_GET_PARAMETERS, ("Parameter",)) if aws.service == "ssm" else (_GET_SECRETS, _OF_SECRET)
    question = Question(found.call, found.loop, name, fields, made, [model.text(receiver)], options, "names", message)
    return ask_together(model, question)
