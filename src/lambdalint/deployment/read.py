"""Which files may describe a deployment, and what they say."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping

from msgspec.structs import replace

from lambdalint.deployment import automation
from lambdalint.deployment.kinds import Kind, kind_of
from lambdalint.deployment.model import Deployment, Problem
from lambdalint.deployment.search import Search
from lambdalint.knowledge import layout
from lambdalint.source import UnreadableError

_RESOURCES = (
    b"AWS::Serverless::Function",
    b"AWS::Lambda::Function",
    b"AWS::DynamoDB::Table",
    b"AWS::DynamoDB::GlobalTable",
    b"AWS::Serverless::SimpleTable",
    b"AWS::SQS::Queue",
)
# CloudFormation takes at most 1 MB; what is far larger is data that mentions a resource's type.
_MAX_BYTES = 2_000_000
_CONSTRUCTS = re.compile(rb"\b(?:aws_cdk|monocdk|aws-cdk-lib)\b|@aws-cdk/")
_PROVIDER = re.compile(rb"^provider[ \t]*:", re.MULTILINE)
_FUNCTIONS = re.compile(rb"^(functions|resources)[ \t]*:", re.MULTILINE)
_BLOCK = re.compile(rb"^[ \t]*(resource|module|data|variable|locals)\b", re.MULTILINE)
_ZAPPA_KEYS = re.compile(rb"app_function|events|lambda_handler|extends")
# Marks of a template language, whose text only becomes YAML once it is rendered.
_UNRENDERED = re.compile(rb"\{\{(?!resolve:)|\{%|<%")


def looks_like(path: str, data: bytes) -> bool:
    """Whether the bytes may be what the path's name says: a template with functions, tables, queues or scripts,
    Terraform, an image for Lambda, settings of a framework, or a part of a CDK program that isn't a test.
    """
    kind = kind_of(path)
    if kind is Kind.PROGRAM:
        return b"cdk" in data and _CONSTRUCTS.search(data) is not None and not layout.is_test_path(path)
    if len(data) > _MAX_BYTES:
        return False
    if kind is Kind.TEMPLATE:
        return _is_template(data) or automation.looks_like(data)
    if kind is Kind.TERRAFORM:
        return not path.endswith(".tf") or _BLOCK.search(data) is not None
    if kind is Kind.IMAGE:
        return b"lambda" in data
    if kind is Kind.ZAPPA:
        return _ZAPPA_KEYS.search(data) is not None
    return kind is Kind.CHALICE and b"stages" in data


def _is_template(data: bytes) -> bool:
    if b"AWS::" in data and b"Resources" in data and any(resource in data for resource in _RESOURCES):
        return True
    return b"provider" in data and bool(_PROVIDER.search(data)) and bool(_FUNCTIONS.search(data))


def read(
    files: Mapping[str, bytes], sources: Collection[str] = (), text_of: Callable[[str], bytes] | None = None
) -> Deployment:
    """What a project's descriptions say together.

    `files` are the descriptions and `sources` all Python files and scripts, by path relative to the
    project root, with slashes; `text_of` gives the bytes of a source, or raises OSError. Never
    raises: what can't be read is among the problems, and the rest is returned. Files that don't
    look like a description say nothing.
    """
    likely = {path: files[path] for path in sorted(files) if looks_like(path, files[path])}
    give = text_of or _text_among(files)
    found = Deployment.joined(_read_all(likely, {*sources, *likely}, give))
    search = Search((path for path in sources if path.endswith(".py")), give, found.inline)
    documents = {path: data for path, data in likely.items() if automation.looks_like(data)}
    scripts = automation.scripts(documents, sources) if documents else ()
    return replace(found, functions=search.locate(found.functions), scripts=scripts)


def _text_among(files: Mapping[str, bytes]) -> Callable[[str], bytes]:
    def text_of(path: str) -> bytes:
        if path not in files:
            raise FileNotFoundError(path)
        return files[path]

    return text_of


def _read_all(
    files: Mapping[str, bytes], sources: Collection[str], text_of: Callable[[str], bytes]
) -> Iterator[Deployment]:
    """Each reader's part. Images come last: the templates that deploy them know more of them."""
    by_kind: dict[Kind | None, dict[str, bytes]] = defaultdict(dict)
    for path, data in files.items():
        by_kind[kind_of(path)][path] = data
    # Readers, and with them their parsers, are only loaded for files that are worth it.
    templates = {path: data for path, data in by_kind[Kind.TEMPLATE].items() if _is_template(data)}
    for path, data in {**templates, **by_kind[Kind.CHALICE]}.items():
        yield _template(path, data, files)
    if by_kind[Kind.ZAPPA]:
        from lambdalint.deployment import zappa

        yield from (zappa.read(path, data) for path, data in by_kind[Kind.ZAPPA].items())
    if by_kind[Kind.TERRAFORM]:
        from lambdalint.deployment.terraform import read as terraform

        yield terraform.read(by_kind[Kind.TERRAFORM])
    if by_kind[Kind.PROGRAM]:
        from lambdalint.deployment import cdk

        yield cdk.read(sorted(by_kind[Kind.PROGRAM]), sources, text_of)
    if by_kind[Kind.IMAGE]:
        from lambdalint.deployment import dockerfile

        yield from (dockerfile.read(path, data) for path, data in by_kind[Kind.IMAGE].items())


def _template(path: str, data: bytes, files: Mapping[str, bytes]) -> Deployment:
    """What a YAML or JSON document says."""
    from lambdalint.deployment import chalice, cloudformation, serverless
    from lambdalint.deployment.nodes import Mapping as Tree
    from lambdalint.deployment.nodes import parse

    try:
        root = parse(path, data)
    except UnreadableError as error:
        lines = data.splitlines()[max(error.line - 2, 0) : error.line]
        if any(_UNRENDERED.search(line) for line in lines):
            return Deployment()
        return Deployment(problems=(Problem(path, error.line, error.column, error.reason),))
    if not isinstance(root, Tree):
        return Deployment()
    if kind_of(path) is Kind.CHALICE:
        return chalice.read(path, root)
    if "Resources" in root.entries:
        return cloudformation.read(path, root, files)
    if "provider" in root.entries:
        return serverless.read(path, root, files)
    return Deployment()
