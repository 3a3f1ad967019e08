"""Reads CloudFormation templates and their serverless dialect (SAM)."""

from __future__ import annotations

import collections.abc
import posixpath
from typing import NamedTuple

from lambdalint.deployment.dockerfile import Image, built
from lambdalint.deployment.inline import inline_code
from lambdalint.deployment.model import (
    DeployedFunction,
    DeployedQueue,
    DeployedTable,
    Deployment,
    InlineCode,
    Problem,
    Rights,
)
from lambdalint.deployment.nodes import Mapping, Node, Scalar
from lambdalint.deployment.places import handler_text, inside, unique
from lambdalint.deployment.queues import QUEUE_KIND, read_queue
from lambdalint.deployment.rights import UNKNOWN, Policies
from lambdalint.deployment.tables import TABLE_KINDS, read_table
from lambdalint.deployment.usage import Usage, kind_of, provisions, usage_of
from lambdalint.deployment.values import Values, intrinsic, referenced

DEFAULT_MEMORY = 128
DEFAULT_TIMEOUT = 3

Texts = collections.abc.Mapping[str, bytes]

_FUNCTION_KINDS = ("AWS::Serverless::Function", "AWS::Lambda::Function")
_LAYER_KINDS = {"AWS::Serverless::LayerVersion": "ContentUri", "AWS::Lambda::LayerVersion": "Content"}


def read(path: str, root: Mapping, files: Texts) -> Deployment:
    """The functions, tables and queues of the template `root`, whose file is `path`; `files` as in `Template`."""
    return Template(path, root, Values.of(root), files).read()


class _Code(NamedTuple):
    """`code_roots`, `moved`, `artifact` and `located` of a function."""

    roots: tuple[str, ...]
    moved: tuple[tuple[str, str], ...] = ()
    artifact: str = ""
    located: bool = False


class Template:
    """One template; the Serverless Framework's `resources` section is one as well.

    `files` are all descriptions of the project: an image's Dockerfile is among them.
    """

    def __init__(self, path: str, root: Mapping, values: Values, files: Texts) -> None:
        self.path = path
        self.files = files
        self.folder = posixpath.dirname(path)
        self.root = root
        self.values = values
        # By place: what several functions inherit is wrong once.
        self.problems: dict[tuple[int, int], Problem] = {}
        section = root.get("Resources")
        self.section = None if intrinsic(section) else section
        self.resources = self.section if isinstance(self.section, Mapping) else Mapping("map", 1, 0)
        self.usage: Usage = usage_of(self.resources, values)
        self.policies = Policies(self.resources, values)
        self.inline: list[InlineCode] = []

    def complain(self, node: Node, reason: str) -> None:
        problem = Problem(self.path, node.line, node.column, reason)
        self.problems.setdefault((node.line, node.column), problem)

    def read(self) -> Deployment:
        functions: list[DeployedFunction] = []
        tables: list[DeployedTable] = []
        queues: list[DeployedQueue] = []
        if self.section is not None and not isinstance(self.section, Mapping):
            self.complain(self.section, "Resources is no mapping of logical ids to resources")
        for name, key, resource in self.resources:
            if not isinstance(resource, Mapping):
                # `Fn::ForEach::…` and `Fn::Transform` stand where a resource could.
                if not name.startswith("Fn::") and intrinsic(resource) is None and not self.from_elsewhere(resource):
                    self.complain(resource, f"the resource {name} is no mapping")
                continue
            kind = kind_of(resource)
            if kind not in (*_FUNCTION_KINDS, *TABLE_KINDS, QUEUE_KIND):
                continue
            properties = resource.get("Properties")
            if properties is None:
                properties = Mapping("map", key.line, key.column)
            if not isinstance(properties, Mapping):
                if intrinsic(properties) is None:
                    self.complain(properties, f"the Properties of {name} are no mapping")
            elif kind == QUEUE_KIND:
                queues.append(read_queue(self.path, key.line, name, properties, self.values))
            elif kind in TABLE_KINDS:
                tables.append(read_table(self.path, key.line, name, kind, properties, self.values, self.complain))
            else:
                function = self.function(key, kind, resource, properties)
                if function is not None:
                    functions.append(function)
        problems = tuple(self.problems.values())
        return Deployment(tuple(functions), tuple(tables), problems, tuple(self.inline), tuple(queues))

    def from_elsewhere(self, node: Node) -> bool:
        """Whether a text stands for what another file holds (`${file(resources.yml)}`)."""
        return isinstance(node, Scalar) and self.values.text(node) is None

    def function(self, key: Scalar, kind: str, resource: Mapping, properties: Mapping) -> DeployedFunction | None:
        """The function of one resource; None for other languages and unknown handlers."""
        name, values = key.value, self.values
        shared = self.root.mapping("Globals", "Function")
        if kind != "AWS::Serverless::Function":
            shared = Mapping("map", shared.line, shared.column)

        def setting(*names: str) -> Node | None:
            own = properties.get(*names)
            return shared.get(*names) if own is None else own

        runtime = values.text(setting("Runtime")) or ""
        context = inside(self.folder, values.text(resource.get("Metadata", "DockerContext")))
        image = built(self.files, context, values.text(resource.get("Metadata", "Dockerfile")))
        handler, template, line = self.entry(key, setting("Handler"), properties, image)
        if not handler or (runtime and not runtime.startswith("python")):
            return None
        written = properties.get("InlineCode") or properties.get("Code", "ZipFile")
        # Under another module's name the text only keeps the place until code is deployed.
        inline = inline_code(self.path, name, written, runtime) if handler.startswith("index.") else None
        if inline is not None:
            self.inline.append(inline)
            code = _Code((posixpath.dirname(inline.path),), located=True)
        else:
            code = self.code(properties, shared, image, context)
        memory, timeout = setting("MemorySize"), setting("Timeout")
        environment: dict[str, str] = {}
        for section in (shared, properties):
            environment.update(variables(section.mapping("Environment", "Variables"), values))
        layers = [*shared.sequence("Layers"), *properties.sequence("Layers")]
        return DeployedFunction(
            template=template,
            line=line,
            name=name,
            handler=handler,
            code_roots=code.roots,
            located=code.located,
            runtime=runtime or (image.runtime if image is not None else ""),
            memory=values.number(memory) if memory is not None else DEFAULT_MEMORY,
            timeout=values.number(timeout) if timeout is not None else DEFAULT_TIMEOUT,
            snap_start=values.text(setting("SnapStart", "ApplyOn")) == "PublishedVersions",
            provisioned=any(provisions(section, values) for section in (shared, properties))
            or name in self.usage.provisioned,
            custom_resource=self.usage.only_custom(name) and not properties.mapping("Events").entries,
            rotation=name in self.usage.rotations,
            layers=unique(self.layer(node) for node in layers),
            foreign_layers=any(self.layer(node) is None for node in layers),
            environment=tuple(environment.items()),
            sources=tuple(
                (values.text(event.get("Type")) or "?") if isinstance(event, Mapping) else "?"
                for _, _, event in properties.mapping("Events")
            ),
            moved=code.moved,
            artifact=code.artifact,
            rights=self.rights(name, kind, resource, setting("Role")),
        )

    def rights(self, name: str, kind: str, resource: Mapping, role: Node | None) -> Rights:
        """What a function's own role grants, or the one that SAM makes for it."""
        if role is not None:
            return self.policies.of_role(role)
        if kind != "AWS::Serverless::Function" or resource.get("Connectors") is not None:
            return UNKNOWN
        return self.policies.of_sam(name, resource.get("Properties", "Policies"))

    def entry(
        self, key: Scalar, inherited: Node | None, properties: Mapping, image: Image | None
    ) -> tuple[str, str, int]:
        """The handler's text, and the file and line that it stands in; the text is empty where it isn't known."""
        if properties.get("Handler") is not None:
            return self.handler(properties.get("Handler"), key.value), self.path, properties.key_line("Handler")
        if inherited is not None:
            return self.handler(inherited, key.value), self.path, key.line
        # An image's entry point, where the template overrides the image's own.
        command = properties.sequence("ImageConfig", "Command")
        if command:
            return self.handler(command[0], key.value), self.path, command[0].line
        return (image.handler, image.path, image.line) if image is not None else ("", self.path, key.line)

    def code(self, properties: Mapping, shared: Mapping, image: Image | None, context: str | None) -> _Code:
        """Where a function's code is; `context` is the folder that its image is built in."""
        values = self.values
        roots, moved = image.code([context]) if image is not None and context is not None else ((), ())
        code = [properties.get("CodeUri"), properties.get("Code")]
        if not any(code) and context is None:
            code = [shared.get("CodeUri")]
        folders = [inside(self.folder, values.text(node)) for node in code]
        written = [code[0], properties.get("CodeUri", "Key"), properties.get("Code", "S3Key")]
        artifact = "" if any(folders) else next(filter(None, map(values.ending, written)), "")
        located = bool(roots or context or any(folders))
        return _Code(unique([*roots, *folders, context, self.folder or "."]), moved, artifact, located)

    def handler(self, node: Node | None, name: str) -> str:
        """The handler as literal text, or empty."""
        if node is None:
            return ""
        if intrinsic(node) is None and node.tag != "str":
            self.complain(node, f"the Handler of {name} is no text")
            return ""
        return handler_text(self.values.text(node))

    def layer(self, node: Node) -> str | None:
        """The folder of the layer that `node` refers to, if it is one of this template."""
        resource = self.resources.mapping(referenced(node))
        content = resource.get("Properties", _LAYER_KINDS.get(kind_of(resource), ""))
        return inside(self.folder, self.values.text(content))


def variables(section: Mapping, values: Values) -> dict[str, str]:
    """The environment variables whose values are literal or refer to a resource."""
    found: dict[str, str] = {}
    for name, _, node in section:
        text, resource = values.text(node), referenced(node)
        if text is not None:
            found[name] = text
        elif resource and not resource.startswith("AWS::"):
            found[name] = f"ref:{resource}"
    return found
