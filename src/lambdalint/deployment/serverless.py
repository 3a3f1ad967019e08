"""Reads `serverless.yml`, the Serverless Framework's description of a service."""

from __future__ import annotations

import posixpath
import re

from lambdalint.deployment.cloudformation import Template, Texts, variables
from lambdalint.deployment.dockerfile import Image, built
from lambdalint.deployment.model import (
    DeployedFunction,
    DeployedQueue,
    DeployedTable,
    Deployment,
    InlineCode,
    Problem,
    Rights,
)
from lambdalint.deployment.nodes import Mapping, Node, Scalar, Sequence
from lambdalint.deployment.places import handler_text, inside, unique
from lambdalint.deployment.rights import UNKNOWN, Policies, joined
from lambdalint.deployment.values import Values, intrinsic, referenced

DEFAULT_MEMORY = 1024
DEFAULT_TIMEOUT = 6
# The logical id of the role that the framework makes for all functions.
_SHARED_ROLE = "IamRoleLambdaExecution"

# The innermost variables: `${self:custom.stage}`, `${opt:stage, 'dev'}`. `${AWS::Region}` and
# `${Table}` are CloudFormation's own and stay.
_VARIABLE = re.compile(r"\$\{((?:[A-Za-z]+\(|[A-Za-z][\w.-]*:(?!:))[^${}]*)\}")
_QUOTED = re.compile(r"""'([^']*)'|"([^"]*)\"""")
_MAX_TEXT = 4096
_MAX_ROUNDS = 50
_MAX_DEPTH = 20


def read(path: str, root: Mapping, files: Texts) -> Deployment:
    """The functions, tables and queues of the service `root`, whose file is `path`; `files` as in `Template`."""
    return _Service(path, root, files).read()


class _Service:
    def __init__(self, path: str, root: Mapping, files: Texts) -> None:
        self.path = path
        self.files = files
        self.folder = posixpath.dirname(path)
        self.root = root
        self.problems: list[Problem] = []
        self.values = Values(expand=self.expand)
        # Variables may name each other without end: each node is followed once, and not too deep.
        self._followed: dict[Node, Node] = {}
        self._depth = 0
        self.provider = self.mapping(root, "provider")
        self.templates = [
            Template(path, section, Values.of(section, self.expand), files)
            for section in self.sections(root.get("resources"))
        ]

    # Variables

    def expand(self, text: str) -> str | None:
        """`text` with its variables replaced; None where one needs the command line or the cloud."""
        for _ in range(_MAX_ROUNDS):
            match = _VARIABLE.search(text)
            if match is None:
                return text
            value = self.variable(match.group(1))
            if value is None or len(text) + len(value) > _MAX_TEXT:
                return None
            text = text[: match.start()] + value + text[match.end() :]
        return None

    def variable(self, body: str) -> str | None:
        """The first alternative of `self:a.b, opt:c, 'default'` that the file can tell."""
        if self._depth >= _MAX_DEPTH:
            return None
        self._depth += 1
        try:
            return self.alternative(body)
        finally:
            self._depth -= 1

    def alternative(self, body: str) -> str | None:
        for alternative in (part.strip() for part in body.split(",")):
            quoted = _QUOTED.fullmatch(alternative)
            if quoted:
                return quoted.group(1) or quoted.group(2) or ""
            if alternative == "sls:stage":
                return self.values.text(self.mapping(self.root, "provider").get("stage")) or "dev"
            if alternative.startswith("self:"):
                text = self.values.text(self.lookup(alternative.removeprefix("self:")))
                if text is not None:
                    return text
            elif alternative and not set(alternative) & set(":(${"):
                return alternative
        return None

    def lookup(self, path: str) -> Node | None:
        node: Node | None = self.root
        for part in path.split("."):
            node = self.follow(node)
            if isinstance(node, Sequence) and part.isdecimal() and int(part) < len(node.items):
                node = node.items[int(part)]
            else:
                node = node.get(part) if isinstance(node, Mapping) else None
        return node

    def follow(self, node: Node | None) -> Node | None:
        """The node that a scalar of the form `${self:a.b}` stands for, else the node itself."""
        if not isinstance(node, Scalar) or not node.value.startswith("${self:"):
            return node
        match = _VARIABLE.fullmatch(node.value)
        if match is None or self._depth >= _MAX_DEPTH:
            return node
        if node not in self._followed:
            self._followed[node] = node
            self._depth += 1
            found = self.follow(self.lookup(match.group(1).partition(",")[0].strip().removeprefix("self:")))
            self._depth -= 1
            self._followed[node] = node if found is None else found
        return self._followed[node]

    def mapping(self, parent: Mapping, name: str) -> Mapping:
        node = self.follow(parent.get(name))
        return node if isinstance(node, Mapping) else Mapping("map", parent.line, parent.column)

    def mappings(self, node: Node | None) -> list[Mapping]:
        """One mapping, or the mappings of a list, as several sections may be written."""
        node = self.follow(node)
        items = node.items if isinstance(node, Sequence) else [node]
        return [item for item in (self.follow(item) for item in items) if isinstance(item, Mapping)]

    # Sections

    def sections(self, node: Node | None) -> list[Mapping]:
        return [section for section in self.mappings(node) if "Resources" in section.entries]

    def read(self) -> Deployment:
        vendor = self.values.text(self.provider.get("name") or self.root.get("provider"))
        if vendor is not None and vendor != "aws" and "${" not in vendor:
            return Deployment()
        functions: list[DeployedFunction] = []
        section = self.follow(self.root.get("functions"))
        if isinstance(section, Scalar) and "${" not in section.value:
            self.complain(section, "functions is no mapping of names to functions")
        for group in self.mappings(section):
            for name, key, node in group:
                description = self.follow(node)
                if isinstance(description, Mapping):
                    function = self.function(name, key, description)
                    if function is not None:
                        functions.append(function)
                elif not isinstance(description, Scalar) or "${" not in description.value:
                    self.complain(key, f"the function {name} is no mapping")
        tables: list[DeployedTable] = []
        queues: list[DeployedQueue] = []
        inline: list[InlineCode] = []
        for template in self.templates:
            inner = template.read()
            tables += inner.tables
            queues += inner.queues
            functions += inner.functions
            inline += inner.inline
            self.problems += inner.problems
        return Deployment(tuple(functions), tuple(tables), tuple(self.problems), tuple(inline), tuple(queues))

    def complain(self, node: Node, reason: str) -> None:
        self.problems.append(Problem(self.path, node.line, node.column, reason))

    def function(self, name: str, key: Scalar, description: Mapping) -> DeployedFunction | None:
        values, provider = self.values, self.provider
        node = description.get("handler")
        if node is not None and node.tag != "str":
            self.complain(node, f"the handler of {name} is no text")
            return None
        handler, template, line = handler_text(values.text(node)), self.path, description.key_line("handler")
        image, context = self.image(description)
        if node is None:
            handler, template, line = self.entry(description, image)
        runtime = values.text(description.get("runtime") or provider.get("runtime")) or ""
        if not handler or (runtime and not runtime.startswith("python")):
            return None
        memory = description.get("memorySize") or provider.get("memorySize")
        timeout = description.get("timeout") or provider.get("timeout")
        environment = variables(self.mapping(provider, "environment"), values)
        environment.update(variables(self.mapping(description, "environment"), values))
        layers = self.follow(description.get("layers") or provider.get("layers"))
        # `module` moves one function's packaging, and thereby its handler, into a folder.
        module = values.text(description.get("module"))
        roots, moved = image.code([context]) if image is not None and context is not None else ((), ())
        logical = _logical_id(name) + "LambdaFunction"
        usages = [template.usage for template in self.templates]
        return DeployedFunction(
            template=template,
            line=line,
            name=name,
            handler=handler,
            code_roots=unique([*roots, inside(self.folder, module) if module else None, self.folder or "."]),
            runtime=runtime,
            memory=values.number(memory) if memory is not None else DEFAULT_MEMORY,
            timeout=values.number(timeout) if timeout is not None else DEFAULT_TIMEOUT,
            snap_start=values.true(description.get("snapStart")),
            provisioned=self.provisioned(description),
            custom_resource=any(usage.only_custom(logical) for usage in usages) and not description.sequence("events"),
            rotation=any(logical in usage.rotations for usage in usages),
            layers=unique(self.layer(n) for n in layers.items) if isinstance(layers, Sequence) else (),
            foreign_layers=layers is not None
            and (not isinstance(layers, Sequence) or any(self.layer(n) is None for n in layers.items)),
            located=True,
            environment=tuple(environment.items()),
            sources=tuple(_source(event) for event in description.sequence("events")),
            moved=moved,
            rights=self.rights(description),
        )

    def rights(self, description: Mapping) -> Rights:
        """What a function's role grants: one of its own, that of a plugin's statements, or the service's."""
        section = self.follow(self.mapping(self.provider, "iam").get("role"))
        shared = section if isinstance(section, Mapping) and intrinsic(section) is None else None
        role = description.get("role") or self.provider.get("role") or (section if shared is None else None)
        if role is not None:
            found = [template.policies.of_role(role) for template in self.templates]
            return next((rights for rights in found if rights != UNKNOWN), UNKNOWN)
        policies = Policies(Mapping("map", 1, 0), self.values)
        own = self.items(description.get("iamRoleStatements"))
        if own and not self.values.true(description.get("iamRoleStatementsInherit")):
            return joined(map(policies.statement, own))
        statements = [*own, *self.items(self.provider.get("iamRoleStatements"))]
        managed = self.items(self.provider.get("iamManagedPolicies"))
        if shared is not None:
            statements += self.items(shared.get("statements"))
            managed += self.items(shared.get("managedPolicies"))
        attached = [template.policies.attached(_SHARED_ROLE) for template in self.templates]
        return joined([*map(policies.statement, statements), *map(policies.policy, managed), *attached])

    def items(self, node: Node | None) -> list[Node]:
        """The items of a list, each followed."""
        node = self.follow(node)
        items = node.items if isinstance(node, Sequence) else [node]
        return [followed for item in items if (followed := self.follow(item)) is not None]

    def image(self, description: Mapping) -> tuple[Image | None, str | None]:
        """The image of a function that the provider's section says how to build, and the folder that it is built in."""
        section = self.follow(description.get("image"))
        name = section.get("name") if isinstance(section, Mapping) else section
        recipe = self.mapping(self.mapping(self.provider, "ecr"), "images").mapping(self.values.text(name) or "")
        context = inside(self.folder, self.values.text(recipe.get("path")))
        return built(self.files, context, self.values.text(recipe.get("file"))), context

    def entry(self, description: Mapping, image: Image | None) -> tuple[str, str, int]:
        """The handler of a function without one of its own, and its place: the image's command, or the image itself."""
        command = description.sequence("image", "command")
        if command:
            return handler_text(self.values.text(command[0])), self.path, command[0].line
        return (image.handler, image.path, image.line) if image is not None else ("", self.path, description.line)

    def provisioned(self, description: Mapping) -> bool:
        node = description.get("provisionedConcurrency")
        return node is not None and self.values.number(node) != 0

    def layer(self, node: Node) -> str | None:
        """The folder of one of this service's own layers, by the logical id that it is given."""
        wanted = referenced(node)
        for name, _, description in self.mapping(self.root, "layers"):
            if isinstance(description, Mapping) and _logical_id(name) + "LambdaLayer" == wanted:
                return inside(self.folder, self.values.text(description.get("path")))
        return None


def _logical_id(name: str) -> str:
    """The framework's form of a key inside logical ids: `get-user` is `GetDashuser`."""
    name = name.replace("-", "Dash").replace("_", "Underscore")
    return name[:1].upper() + name[1:]


def _source(event: Node) -> str:
    """The kind of an event: `schedule` of `- schedule: rate(1 day)`."""
    if isinstance(event, Mapping):
        return next((name for name, _, _ in event), "?")
    return event.value if isinstance(event, Scalar) else "?"
