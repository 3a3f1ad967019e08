"""Reads `zappa_settings`: a WSGI application, and the functions that events call, stage by stage."""

from __future__ import annotations

import importlib
import posixpath
import re
import sys
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from lambdalint.deployment.cloudformation import variables
from lambdalint.deployment.model import DeployedFunction, Deployment, Problem
from lambdalint.deployment.nodes import Mapping, Node, Scalar, Sequence, descendants, parse, tree_of
from lambdalint.deployment.places import handler_text
from lambdalint.deployment.values import Values
from lambdalint.source import UnreadableError

DEFAULT_MEMORY = 512
DEFAULT_TIMEOUT = 30
_MAX_PARENTS = 20
_HEADER = re.compile(r"""\s*\[+\s*("[^"]*"|'[^']*'|[\w-]+)""")
_QUOTED = re.compile(r""""[^"\n]*"|'[^'\n]*'""")
_TOML_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)$")


def read(path: str, data: bytes) -> Deployment:
    """The applications and event functions of all stages."""
    try:
        root = _toml(data) if path.endswith(".toml") else parse(path, data)
    except UnreadableError as error:
        return Deployment(problems=(Problem(path, error.line, error.column, error.reason),))
    if not isinstance(root, Mapping):
        return Deployment()
    return Deployment(tuple(_Settings(path, root).functions()))


def _toml(data: bytes) -> Node:
    """A TOML document as a tree; the standard reader tells no places, so strings are looked for in the text."""
    toml = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        text = data.decode("utf-8-sig")
        document = toml.loads(text)
    except UnicodeDecodeError as error:
        raise UnreadableError("it isn't valid UTF-8", data.count(b"\n", 0, error.start) + 1) from error
    except RecursionError as error:
        raise UnreadableError("it nests too deep") from error
    except ValueError as error:
        place = _TOML_PLACE.search(str(error))
        line, column = (int(place[1]), int(place[2]) - 1) if place else (1, 0)
        raise UnreadableError(f"it isn't valid TOML: {_TOML_PLACE.sub('', str(error))}", line, column) from error
    root = tree_of(document)
    _place(root, text.splitlines())
    return root


def _place(root: Node, lines: list[str]) -> None:
    """Give each stage's strings the first line below its header that quotes them."""
    headers: dict[str, int] = {}
    quoted: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(lines, 1):
        header = _HEADER.match(line)
        if header is not None:
            headers.setdefault(header[1].strip("\"'"), number)
        for match in _QUOTED.finditer(line):
            quoted[match[0][1:-1]].append(number)
    for name, _, stage in root if isinstance(root, Mapping) else ():
        start = headers.get(name, 1)
        for node in descendants(stage):
            node.line = start
            if isinstance(node, Scalar):
                numbers = quoted[node.value]
                first = bisect_left(numbers, start)
                node.line = numbers[first] if first < len(numbers) else start


class _Settings:
    def __init__(self, path: str, root: Mapping) -> None:
        self.path = path
        self.folder = posixpath.dirname(path) or "."
        self.root = root
        self.values = Values()

    def functions(self) -> Iterator[DeployedFunction]:
        for name, _, stage in self.root:
            if isinstance(stage, Mapping):
                line = self.lineage(stage)
                common = self.common(name, line)
                for node, sources, application in self.named(line):
                    handler = handler_text(self.values.text(node))
                    if handler and isinstance(node, Scalar) and node.tag == "str":
                        yield replace(common, handler=handler, line=node.line, sources=sources, application=application)

    def named(self, line: list[Mapping]) -> Iterator[tuple[Node | None, tuple[str, ...], bool]]:
        """What a stage calls: the text that names it, its event sources, and whether it is an application."""
        yield self.setting(line, "app_function"), (), True
        yield self.setting(line, "lambda_handler"), (), False
        yield self.inner(line, "authorizer", "function"), (), False
        for event in (*_mappings(self.setting(line, "events")), *_mappings(self.inner(line, "cognito", "triggers"))):
            yield event.get("function"), self.sources(event), False

    def lineage(self, stage: Mapping) -> list[Mapping]:
        """The stage, and those that it extends, nearest first."""
        found = [stage]
        while len(found) < _MAX_PARENTS:
            parent = self.root.get(self.values.text(found[-1].get("extends")) or "")
            if not isinstance(parent, Mapping) or parent in found:
                break
            found.append(parent)
        return found

    def setting(self, line: list[Mapping], name: str) -> Node | None:
        return next((value for value in (stage.get(name) for stage in line) if value is not None), None)

    def inner(self, line: list[Mapping], *names: str) -> Node | None:
        section = self.setting(line, names[0])
        return section.get(*names[1:]) if isinstance(section, Mapping) else None

    def common(self, stage: str, line: list[Mapping]) -> DeployedFunction:
        """What all functions of a stage have in common; their handlers are left empty."""
        values = self.values
        memory, timeout = self.setting(line, "memory_size"), self.setting(line, "timeout_seconds")
        environment: dict[str, str] = {}
        for section in reversed(line):
            for name in ("environment_variables", "aws_environment_variables"):
                environment.update(variables(section.mapping(name), values))
        return DeployedFunction(
            template=self.path,
            line=1,
            name=stage,
            handler="",
            code_roots=(self.folder,),
            runtime=values.text(self.setting(line, "runtime")) or "",
            memory=values.number(memory) if memory is not None else DEFAULT_MEMORY,
            timeout=values.number(timeout) if timeout is not None else DEFAULT_TIMEOUT,
            snap_start=values.text(self.setting(line, "snap_start")) == "PublishedVersions",
            environment=tuple(environment.items()),
        )

    def sources(self, event: Mapping) -> tuple[str, ...]:
        """`schedule` for an expression, else the service of the event source's ARN."""
        found = ["schedule"] if event.get("expression") or event.get("expressions") else []
        source = event.get("event_source")
        if source is not None:
            arn = (self.values.text(event.get("event_source", "arn")) or "").split(":")
            found.append(arn[2] if len(arn) > 2 else "?")
        return tuple(found)


def _mappings(node: Node | None) -> list[Mapping]:
    """The mappings among the items of a list."""
    return [item for item in node.items if isinstance(item, Mapping)] if isinstance(node, Sequence) else []
