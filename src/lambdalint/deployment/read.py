"""Which files may describe a deployment, and what they say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from lambdalint.deployment.model import Deployment, Problem
from lambdalint.deployment.search import Search
from lambdalint.source import UnreadableError

_SUFFIXES = (".yaml", ".yml", ".json", ".template")
# Files that a tool other than a deployment reads under this very name.
_OTHERS = re.compile(
    r"\.|package(-lock)?\.json$|(ts|js)config.*\.json$|(docker-)?compose[.-]|(composer|angular|lerna|nx|cdk"
    r"|cdk\.context|deno|turbo|renovate|vercel|firebase|manifest)\.json$|pnpm-|mkdocs\.|codecov\.|buildspec\."
)
_DOCKERFILE = re.compile(r"dockerfile(\..*)?$|.*\.dockerfile$")
_ZAPPA = re.compile(r"zappa_settings\.(json|ya?ml|toml)$")
# What Terraform loads by itself: `.auto.tfvars` and the one file of values without a name of its own.
_TERRAFORM = re.compile(r".*\.tf$|terraform\.tfvars$|.*\.auto\.tfvars$")
_CHALICE = ".chalice/config.json"
_RESOURCES = (
    b"AWS::Serverless::Function",
    b"AWS::Lambda::Function",
    b"AWS::DynamoDB::Table",
    b"AWS::DynamoDB::GlobalTable",
    b"AWS::Serverless::SimpleTable",
)
_PROVIDER = re.compile(rb"^provider[ \t]*:", re.MULTILINE)
_FUNCTIONS = re.compile(rb"^(functions|resources)[ \t]*:", re.MULTILINE)
_BLOCK = re.compile(rb"^[ \t]*(resource|module|data|variable|locals)\b", re.MULTILINE)
_ZAPPA_KEYS = re.compile(rb"app_function|django_settings|events|lambda_handler|extends")
# Marks of a template language, whose text only becomes YAML once it is rendered.
_UNRENDERED = re.compile(rb"\{\{(?!resolve:)|\{%|<%")


def is_candidate(name: str) -> bool:
    """Whether a file of this name (or path) may be a deployment description."""
    base = _base(name)
    if base.endswith(_SUFFIXES):
        return _OTHERS.match(base) is None
    return any(pattern.match(base) for pattern in (_TERRAFORM, _DOCKERFILE, _ZAPPA))


def looks_like(path: str, data: bytes) -> bool:
    """Whether the bytes may be what the path's name says: a template with functions or tables,
    Terraform, an image for Lambda, or settings of a framework.
    """
    base = _base(path)
    if _TERRAFORM.match(base):
        return base.endswith(".tfvars") or _BLOCK.search(data) is not None
    if _DOCKERFILE.match(base) and not base.endswith(_SUFFIXES):
        return b"lambda" in data
    if _ZAPPA.match(base):
        return _ZAPPA_KEYS.search(data) is not None
    if path.endswith(_CHALICE):
        return b"app_name" in data or b"stages" in data
    if b"AWS::" in data and b"Resources" in data and any(kind in data for kind in _RESOURCES):
        return True
    return b"provider" in data and bool(_PROVIDER.search(data)) and bool(_FUNCTIONS.search(data))


def read(
    files: Mapping[str, bytes], python: Iterable[str] = (), text_of: Callable[[str], bytes] | None = None
) -> Deployment:
    """What a project's descriptions say together.

    `files` are the descriptions and `python` the Python files, all by path relative to the project
    root, with slashes; `text_of` gives the bytes of a Python file, or raises OSError. Never raises:
    what can't be read is among the problems, and the rest is returned. Files that don't look like
    a description say nothing.
    """
    likely = {path: files[path] for path in sorted(files) if looks_like(path, files[path])}
    found = Deployment.joined(_read_all(likely))
    search = Search(python, text_of or (lambda path: b""))
    return replace(found, functions=search.locate(found.functions))


def _read_all(files: Mapping[str, bytes]) -> Iterator[Deployment]:
    """Each reader's part. Images come last: the templates that deploy them know more of them."""
    # Readers, and with them their parsers, are only loaded for files that are worth it.
    terraform_files: dict[str, bytes] = {}
    images: list[str] = []
    for path, data in files.items():
        base = _base(path)
        if _TERRAFORM.match(base):
            terraform_files[path] = data
        elif _DOCKERFILE.match(base) and not base.endswith(_SUFFIXES):
            images.append(path)
        elif _ZAPPA.match(base):
            from lambdalint.deployment import zappa

            yield zappa.read(path, data)
        else:
            yield _template(path, data, files)
    if terraform_files:
        from lambdalint.deployment.terraform import read as terraform

        yield terraform.read(terraform_files)
    for path in images:
        from lambdalint.deployment import dockerfile

        yield dockerfile.read(path, files[path])


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
    if path.endswith(_CHALICE):
        return chalice.read(path, root)
    if "Resources" in root.entries:
        return cloudformation.read(path, root, files)
    if "provider" in root.entries:
        return serverless.read(path, root, files)
    return Deployment()


def _base(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2].lower()
