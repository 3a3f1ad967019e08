"""Which files may describe a deployment, by their names alone: asked of every file of a project, in every run."""

from __future__ import annotations

import enum
import re

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
# Programs that may describe a deployment (CDK), and what is called like one and is none.
_SCRIPTS = (".ts", ".js", ".mts", ".mjs", ".cts", ".cjs")
_NO_SCRIPTS = re.compile(r".*\.(d\.[mc]?ts|min\.js|(test|spec)\.[mc]?[jt]s)$")


class Kind(enum.Enum):
    TEMPLATE = enum.auto()  # CloudFormation, SAM, or the Serverless Framework's
    TERRAFORM = enum.auto()
    ZAPPA = enum.auto()
    CHALICE = enum.auto()
    IMAGE = enum.auto()
    PROGRAM = enum.auto()  # CDK


def is_candidate(name: str) -> bool:
    """Whether a file of this name (or path) may be a deployment description.

    That of a Python file never says so: what is in it does (`looks_like`).
    """
    return not name.endswith(".py") and kind_of(name) is not None


def kind_of(path: str) -> Kind | None:
    """What a file is by its path; a bare name doesn't tell Chalice's settings from a template."""
    path = path.replace("\\", "/")
    base = path.rpartition("/")[2].lower()
    if base.endswith((".py", *_SCRIPTS)):
        return Kind.PROGRAM if _NO_SCRIPTS.match(base) is None else None
    if _ZAPPA.match(base):
        return Kind.ZAPPA
    if path.endswith(_CHALICE):
        return Kind.CHALICE
    if base.endswith(_SUFFIXES):
        return Kind.TEMPLATE if _OTHERS.match(base) is None else None
    if _TERRAFORM.match(base):
        return Kind.TERRAFORM
    return Kind.IMAGE if _DOCKERFILE.match(base) else None
