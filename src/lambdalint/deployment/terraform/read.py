"""Reads Terraform: functions, those of the widely used Lambda module, DynamoDB tables and SQS queues."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from lambdalint.deployment.model import DeployedFunction, DeployedIndex, DeployedQueue, DeployedTable, Deployment
from lambdalint.deployment.places import handler_text
from lambdalint.deployment.terraform.expressions import evaluate
from lambdalint.deployment.terraform.hcl import Attribute, Block, text_of
from lambdalint.deployment.terraform.modules import PROJECT, Element, Module, Sources, elements, instances
from lambdalint.deployment.terraform.packages import code_of, is_function_module, layers_of
from lambdalint.deployment.terraform.rights import Roles
from lambdalint.deployment.terraform.values import Reference, Value, number, text
from lambdalint.deployment.terraform.wiring import Wiring

DEFAULT_MEMORY = 128
DEFAULT_TIMEOUT = 3

# The attributes that give what a program calls a resource by.
_NAMED_BY = {"aws_dynamodb_table": (("name",), ("id",)), "aws_sqs_queue": (("url",), ("id",), ("name",))}
_MAX_FUNCTIONS = 2000
_MAX_STEPS = 5


def read(files: Mapping[str, bytes]) -> Deployment:
    """The functions, tables and queues of all `files` (paths relative to the project root) together."""
    sources = Sources(files)
    functions: list[DeployedFunction] = []
    tables: list[DeployedTable] = []
    queues: list[DeployedQueue] = []
    modules = instances(sources)
    roles = Roles(modules)
    for module in modules:
        functions += islice(_functions(module, roles), _MAX_FUNCTIONS - len(functions))
        tables += (_table(module, block) for block in _resources(module, "aws_dynamodb_table"))
        queues += (_queue(module, block) for block in _resources(module, "aws_sqs_queue"))
    return Deployment(
        tuple(dict.fromkeys(functions)),
        tuple(dict.fromkeys(tables)),
        tuple(dict.fromkeys(sources.problems)),
        queues=tuple(dict.fromkeys(queues)),
    )


def _resources(module: Module, kind: str) -> list[Block]:
    return [block for block in module.blocks if block.kind == "resource" and block.labels[:1] == (kind,)]


def _functions(module: Module, roles: Roles) -> Iterator[DeployedFunction]:
    blocks = [*_resources(module, "aws_lambda_function"), *filter(_makes_function, module.blocks)]
    if not blocks:
        return
    wiring = Wiring(module)
    for block in blocks:
        for key, scope in elements(module, block):
            function = _Function(module, scope, block, wiring, roles).read(key)
            if function is not None:
                yield function


def _makes_function(block: Block) -> bool:
    """Whether a block calls the Lambda module to make a function, and not only a layer."""
    created = block.attributes.get("create_function")
    made = created is None or created.value is None or text_of(created.value) != "false"
    return made and is_function_module(block)


class _Function:
    """One function: a resource, or a call of the Lambda module, whose settings have other names."""

    def __init__(self, module: Module, scope: Module | Element, block: Block, wiring: Wiring, roles: Roles) -> None:
        self.module = module
        self.scope = scope
        self.block = block
        self.wiring = wiring
        self.roles = roles
        self.is_module = block.kind == "module"

    def value(self, name: str, block: Block | None = None) -> Value:
        attribute = (block or self.block).attributes.get(name)
        return evaluate(attribute.value, self.scope) if attribute is not None else None

    def setting(self, name: str, default: int) -> int | None:
        return number(self.value(name)) if name in self.block.attributes else default

    def read(self, key: str) -> DeployedFunction | None:
        """The function; None where its handler isn't known, or it is of another language."""
        handler, attribute = self.handler()
        runtime = text(self.value("runtime")) or ""
        if not handler or attribute is None or (runtime and not runtime.startswith("python")):
            return None
        label = ".".join((*self.module.path, *self.block.labels[-1:]))
        code = code_of(self.module, self.scope, self.block, key)
        uses = self.wiring.of(self.block)
        return DeployedFunction(
            template=attribute.path,
            line=attribute.line,
            name=f'{label}["{key}"]' if key else label,
            handler=handler,
            code_roots=code.roots,
            runtime=runtime,
            memory=self.setting("memory_size", DEFAULT_MEMORY),
            timeout=self.setting("timeout", DEFAULT_TIMEOUT),
            snap_start=self.snap_start(),
            provisioned=uses.provisioned or (number(self.value("provisioned_concurrent_executions")) or 0) > 0,
            rotation=uses.rotation,
            layers=layers_of(self.module, self.value("layers")),
            environment=self.environment(),
            # A mention of one element is none of the others.
            sources=() if key else uses.sources,
            moved=code.moved,
            artifact=code.artifact,
            rights=self.roles.of_function(self.module, self.scope, self.block, key),
        )

    def handler(self) -> tuple[str, Attribute | None]:
        """The handler's text and the attribute that holds it."""
        attributes, image = self.block.attributes, self.block.block("image_config")
        attribute = attributes.get("handler") or attributes.get("image_config_command")
        if attribute is None and image is not None:
            attribute = image.attributes.get("command")
        if attribute is None:
            return "", None
        value = evaluate(attribute.value, self.scope)
        if isinstance(value, list):
            value = value[0] if value else None
        return handler_text(text(value)), self.origin(attribute)

    def origin(self, attribute: Attribute) -> Attribute:
        """Where the text is written that `handler = var.handler` passes on."""
        for _ in range(_MAX_STEPS):
            names = text_of(attribute.value).split(".") if attribute.value is not None else []
            if len(names) != 2 or names[0] not in ("var", "local"):
                break
            passed = names[0] == "var" and names[1] in self.module.given
            attribute = self.module.defining(names[0], names[1]) or attribute
            if passed:
                break
        return attribute

    def snap_start(self) -> bool:
        if self.is_module:
            return self.value("snap_start") is True
        block = self.block.block("snap_start")
        return block is not None and self.value("apply_on", block) == "PublishedVersions"

    def environment(self) -> tuple[tuple[str, str], ...]:
        """The variables whose values are literal, or the name of one of the module's tables or queues."""
        block = self.block.block("environment")
        values = self.value("variables", block) if block is not None else self.value("environment_variables")
        found: dict[str, str] = {}
        for name, value in values.items() if isinstance(values, dict) else ():
            written = text(value)
            if isinstance(value, Reference) and value.names[0] in _NAMED_BY:
                if value.names[2:] in _NAMED_BY[value.names[0]]:
                    found[name] = f"ref:{value.names[1]}"
            elif written is not None and not written.startswith(PROJECT):
                found[name] = written
        return tuple(found.items())


def _queue(module: Module, block: Block) -> DeployedQueue:
    name, wait = (block.attributes.get(key) for key in ("name", "receive_wait_time_seconds"))
    return DeployedQueue(
        template=block.path,
        line=block.line,
        name=block.labels[-1] if block.labels else "",
        queue_name=(text(evaluate(name.value, module)) or "") if name is not None else "",
        waits=wait is not None and number(evaluate(wait.value, module)) != 0,
    )


def _table(module: Module, block: Block) -> DeployedTable:
    def value(owner: Block, name: str) -> str:
        attribute = owner.attributes.get(name)
        return (text(evaluate(attribute.value, module)) or "") if attribute is not None else ""

    def index(inner: Block) -> DeployedIndex:
        projected = inner.attributes.get("non_key_attributes")
        names = evaluate(projected.value, module) if projected is not None else None
        # A local index has the table's own partition key.
        hash_key = value(inner if inner.kind == "global_secondary_index" else block, "hash_key")
        return DeployedIndex(
            value(inner, "name"),
            hash_key,
            value(inner, "range_key") or None,
            value(inner, "projection_type"),
            tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else (),
        )

    indexes = [b for b in block.blocks if b.kind in ("global_secondary_index", "local_secondary_index")]
    attributes = [(value(b, "name"), value(b, "type")) for b in block.blocks if b.kind == "attribute"]
    return DeployedTable(
        template=block.path,
        line=block.line,
        name=block.labels[-1] if block.labels else "",
        table_name=value(block, "name"),
        hash_key=value(block, "hash_key"),
        range_key=value(block, "range_key") or None,
        indexes=tuple(map(index, indexes)),
        key_types=tuple((name, kind) for name, kind in attributes if name and kind),
    )
