"""Lambda functions among what a CDK program makes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from lambdalint.deployment.cdk.constructs import identifier, setting_of
from lambdalint.deployment.cdk.names import snake
from lambdalint.deployment.cdk.places import PROJECT, folders
from lambdalint.deployment.cdk.rights import Roles
from lambdalint.deployment.cdk.usage import Usage
from lambdalint.deployment.cdk.values import (
    Beneath,
    Either,
    Made,
    Part,
    Qualified,
    Record,
    Row,
    Value,
    things,
)
from lambdalint.deployment.model import DeployedFunction
from lambdalint.deployment.places import unique

DEFAULT_MEMORY = 128
DEFAULT_TIMEOUT = 3

_PYTHON_FUNCTIONS = frozenset(
    {"aws_cdk.aws_lambda_python_alpha.PythonFunction", "aws_cdk.aws_lambda_python.PythonFunction"}
)
_LOW_LEVEL = "aws_cdk.aws_lambda.CfnFunction"
# The classes whose objects are functions.
FUNCTIONS = _PYTHON_FUNCTIONS | {
    "aws_cdk.aws_lambda.Function",
    "aws_cdk.aws_lambda.DockerImageFunction",
    "aws_cdk.aws_lambda.SingletonFunction",
    "aws_cdk.aws_cloudfront.experimental.EdgeFunction",
    "aws_cdk.triggers.TriggerFunction",
    _LOW_LEVEL,
}
_LAYERS = {
    "aws_cdk.aws_lambda.LayerVersion": "code",
    "aws_cdk.aws_lambda_python_alpha.PythonLayerVersion": "entry",
    "aws_cdk.aws_lambda_python.PythonLayerVersion": "entry",
}
# What takes a local folder as code, and the name of that argument, which is the first.
_CODE = {
    "from_asset": "path",
    "asset": "path",
    "AssetCode": "path",
    "from_docker_build": "path",
    "from_asset_image": "directory",
    "from_image_asset": "directory",
}
_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600}
_RUNTIME = re.compile(r"([A-Z]+)((?:_\d+)*)")


def read_functions(made: Sequence[Made], usage: Usage, roles: Roles) -> tuple[DeployedFunction, ...]:
    """The Python functions whose handler and code the program tells, each once."""
    found = (_function(one, usage, roles) for one in made if one.path in FUNCTIONS)
    return tuple(dict.fromkeys(function for function in found if function is not None))


def _function(one: Made, usage: Usage, roles: Roles) -> DeployedFunction | None:
    runtime = _runtime(one.option("runtime"))
    handler = _handler(one)
    source = _inlined(one.option("code"))
    if source is None:
        roots = folders(_code(one), one.file)
    else:
        roots = unique(posixpath.dirname(path) or "." for path in folders(source, one.file))
    if handler is None or not roots or (runtime and not runtime.startswith("python")):
        return None
    calls = usage.calls(one)
    snap_start = one.option("snap_start")
    return DeployedFunction(
        template=one.file,
        line=one.line,
        name=identifier(one),
        handler=handler,
        code_roots=roots,
        runtime=runtime,
        memory=_whole(one.option("memory_size"), DEFAULT_MEMORY),
        timeout=_seconds(one.option("timeout")),
        snap_start=isinstance(snap_start, Qualified) and snap_start.path.endswith(".ON_PUBLISHED_VERSIONS"),
        provisioned=usage.provisioned(one),
        custom_resource=usage.only_custom(one) or one.method == "TriggerFunction",
        rotation=usage.rotates(one),
        layers=unique(folder for layer in _layers(one, calls) for folder in folders(layer, one.file)),
        foreign_layers=one.option("layers") is not None or any(call.method == "add_layers" for call in calls),
        located=len(roots) == 1,
        environment=tuple(_environment(one, calls).items()),
        sources=usage.sources(one),
        rights=roles.of_function(one),
    )


def _runtime(value: Value) -> str:
    """`python3.12` of `Runtime.PYTHON_3_12`; empty where it isn't known."""
    if isinstance(value, Made) and value.method == "Runtime":
        value = value.argument(0, "name")
    if isinstance(value, str):
        return value
    match = _RUNTIME.match(value.path.rpartition(".Runtime.")[2]) if isinstance(value, Qualified) else None
    if match is None or match[1] == "FROM":
        return ""
    return match[1].lower() + match[2].strip("_").replace("_", ".")


def _code(one: Made) -> Value:
    """The path of a function's code, or None."""
    return one.option("entry") if one.path in _PYTHON_FUNCTIONS else _asset(one.option("code"))


def _asset(value: Value) -> Value:
    """The path in `Code.from_asset(path)` and the like."""
    if isinstance(value, Either):
        found = tuple(_asset(option) for option in value.options)
        return Either(tuple(path for path in found if path is not None))
    name = _CODE.get(value.method) if isinstance(value, Made) and value.path.startswith("aws_cdk.") else None
    if isinstance(value, Made) and name is not None:
        return value.argument(0, name)
    # The low-level construct is given an asset's bucket and key.
    held = [value.option("s3_bucket")] if isinstance(value, Made | Record) else []
    assets = [one for one in things(*held) if one.path == "aws_cdk.aws_s3_assets.Asset"]
    return assets[0].option("path") if assets else None


def _inlined(value: Value) -> Value:
    """The path of the Python file whose text is given as inline code, or None."""
    if not isinstance(value, Made) or value.method not in ("from_inline", "InlineCode"):
        return None
    text = value.argument(0, "code")
    while isinstance(text, Made) and text.method in ("to_string", "decode", "strip"):
        text = text.receiver
    path: Value = None
    if isinstance(text, Made) and text.path == "open.read" and text.receiver is not None:
        path = text.receiver.argument(0, "file")
    elif isinstance(text, Made) and text.path == "fs.read_file_sync":
        path = text.argument(0, "path")
    return path if _stem(path) else None


def _stem(path: Value) -> str:
    """The name of a Python file as a module; empty for anything else."""
    written = path.tail if isinstance(path, Beneath) else path
    name = posixpath.basename(written) if isinstance(written, str) else ""
    return name.removesuffix(".py") if name.endswith(".py") else ""


def _handler(one: Made) -> str | None:
    """The handler string; empty where an image's own command names it, None where it isn't known."""
    if one.path in _PYTHON_FUNCTIONS:
        index, name = one.option("index"), one.option("handler")
        index = "index.py" if index is None else index
        name = "handler" if name is None else name
        return f"{index.removesuffix('.py')}.{name}" if isinstance(index, str) and isinstance(name, str) else None
    code = one.option("code")
    if isinstance(code, Made) and code.method in ("from_image_asset", "from_asset_image"):
        command = code.option("cmd")
        if command is None:
            return ""
        given: Value = command.items[0] if isinstance(command, Row) and command.items else None
    else:
        given = one.option("handler")
    if not isinstance(given, str) or "::" in given or len(given.split()) != 1:
        return None
    source = _inlined(code)
    # The service calls the module `index`, whatever the file is called that its text is from.
    return given if source is None else f"{_stem(source)}.{given.rpartition('.')[2]}"


def _whole(value: Value, default: int) -> int | None:
    if value is None:
        return default
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _seconds(value: Value) -> int | None:
    """The whole seconds of `Duration.minutes(5)`, or of a number."""
    if isinstance(value, Made) and value.path.startswith("aws_cdk.Duration."):
        amount = value.argument(0, "amount")
        unit = _UNITS.get(value.method)
        known = isinstance(amount, int | float) and unit is not None and 0 <= amount < 10**6
        return int(amount * unit) if known and isinstance(amount, int | float) and unit else None
    return _whole(value, DEFAULT_TIMEOUT)


def _layers(one: Made, calls: Sequence[Made]) -> Iterator[Value]:
    """The paths of the layers that a function is given when it is made or later."""
    added = [value for call in calls if call.method == "add_layers" for value in call.arguments.items]
    for layer in things(one.option("layers"), *added):
        setting = _LAYERS.get(layer.path)
        if setting is not None:
            value = layer.option(setting)
            yield value if setting == "entry" else _asset(value)


def _environment(one: Made, calls: Sequence[Made]) -> dict[str, str]:
    """The variables whose values are literal or refer to a resource."""
    section = one.option("environment")
    if one.path == _LOW_LEVEL:
        section = setting_of(section, "variables")
    given = dict(section.entries) if isinstance(section, Record) else {}
    for call in calls:
        name = call.argument(0, "key")
        if call.method == "add_environment" and isinstance(name, str):
            given[name] = call.argument(1, "value")
    found = {name: _variable(value) for name, value in given.items()}
    return {name: text for name, text in found.items() if text is not None}


def _variable(value: Value) -> str | None:
    """Literal text, or `ref:` and the id of the construct whose name it is."""
    if isinstance(value, str):
        return None if value.startswith(PROJECT) else value
    if not isinstance(value, Part):
        return None
    name = snake(value.name)
    if value.of.method.startswith("from_") and value.of.method == f"from_{name}":
        known = value.of.argument(2, name)
        return known if isinstance(known, str) else None
    if "." not in name and (name == "ref" or name.endswith("_name")):
        return f"ref:{identifier(value.of)}"
    return None
