"""Which files may describe a deployment, and what they say."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

from lambdalint.deployment.model import Deployment, Problem
from lambdalint.knowledge import layout
from lambdalint.source import UnreadableError

_SUFFIXES = (".yaml", ".yml", ".json", ".template")
# Files that a tool other than a deployment reads under this very name.
_OTHERS = re.compile(
    r"\.|package(-lock)?\.json$|(ts|js)config.*\.json$|(docker-)?compose[.-]|(composer|angular|lerna|nx|cdk"
    r"|cdk\.context|deno|turbo|renovate|vercel|firebase|manifest)\.json$|pnpm-|mkdocs\.|codecov\.|buildspec\."
)
_RESOURCES = (
    b"AWS::Serverless::Function",
    b"AWS::Lambda::Function",
    b"AWS::DynamoDB::Table",
    b"AWS::DynamoDB::GlobalTable",
    b"AWS::Serverless::SimpleTable",
)
_PROVIDER = re.compile(rb"^provider[ \t]*:", re.MULTILINE)
_FUNCTIONS = re.compile(rb"^(functions|resources)[ \t]*:", re.MULTILINE)
# CloudFormation takes at most 1 MB; what is far larger is data that mentions a resource's type.
_MAX_BYTES = 2_000_000
# Programs that may describe a deployment (CDK), and what is called like one and is none.
_SCRIPTS = (".ts", ".js", ".mts", ".mjs", ".cts", ".cjs")
_NO_SCRIPTS = re.compile(r".*\.(d\.[mc]?ts|min\.js|(test|spec)\.[mc]?[jt]s)$")
_CONSTRUCTS = re.compile(rb"\b(?:aws_cdk|monocdk|aws-cdk-lib)\b|@aws-cdk/")
# Marks of a template language, whose text only becomes YAML once it is rendered.
_UNRENDERED = re.compile(rb"\{\{(?!resolve:)|\{%|<%")


def is_candidate(name: str) -> bool:
    """Whether a file of this name (or path) may be a deployment description.

    That of a Python file never says so: what is in it does (`is_program`).
    """
    base = name.replace("\\", "/").rpartition("/")[2].lower()
    if base.endswith(_SCRIPTS):
        return _NO_SCRIPTS.match(base) is None
    return base.endswith(_SUFFIXES) and _OTHERS.match(base) is None


def looks_like(data: bytes) -> bool:
    """Whether the bytes may be a template with functions or tables, or a `serverless.yml`."""
    if len(data) > _MAX_BYTES:
        return False
    if b"AWS::" in data and b"Resources" in data and any(kind in data for kind in _RESOURCES):
        return True
    return b"provider" in data and bool(_PROVIDER.search(data)) and bool(_FUNCTIONS.search(data))


def is_program(path: str, data: bytes) -> bool:
    """Whether a file may be part of a program that describes a deployment, and not one that tests it."""
    named = path.endswith((".py", *_SCRIPTS)) and not layout.is_test_path(path)
    return named and b"cdk" in data and _CONSTRUCTS.search(data) is not None


def read_programs(paths: Iterable[str], files: Collection[str], read_file: Callable[[str], bytes]) -> Deployment:
    """What the programs at `paths` say, which may import each other and any of `files`.

    All paths are relative to the project root, with slashes; `read_file` gives a file's bytes or an OSError.
    """
    # Parsers of other languages are only loaded for projects that are worth it.
    from lambdalint.deployment import cdk

    return cdk.read(paths, files, read_file)


def read(path: str, data: bytes) -> Deployment:
    """What the description `data` says; `path` is relative to the project root, with slashes.

    Never raises: what can't be read is among the problems, and the rest is returned. Bytes that
    don't look like a description give an empty deployment.
    """
    if path.endswith((".py", *_SCRIPTS)):
        return read_programs([path], [path], lambda _: data) if is_program(path, data) else Deployment()
    if not looks_like(data):
        return Deployment()
    # PyYAML is only loaded for files that are worth it.
    from lambdalint.deployment import cloudformation, serverless
    from lambdalint.deployment.nodes import Mapping, parse

    try:
        root = parse(path, data)
    except UnreadableError as error:
        lines = data.splitlines()[max(error.line - 2, 0) : error.line]
        if any(_UNRENDERED.search(line) for line in lines):
            return Deployment()
        return Deployment(problems=(Problem(path, error.line, error.column, error.reason),))
    if not isinstance(root, Mapping):
        return Deployment()
    if "Resources" in root.entries:
        return cloudformation.read(path, root)
    if "provider" in root.entries:
        return serverless.read(path, root)
    return Deployment()
