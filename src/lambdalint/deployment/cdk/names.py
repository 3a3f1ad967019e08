"""Names of the construct library in one spelling, that of Python."""

from __future__ import annotations

import re

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PACKAGES = {"aws-cdk-lib": "aws_cdk", "@aws-cdk": "aws_cdk", "monocdk": "aws_cdk"}


def snake(name: str) -> str:
    """`fromAsset` as `from_asset`; classes and constants (`Function`, `PYTHON_3_12`) stay as they are."""
    return _HUMP.sub("_", name).lower() if name[:1].islower() else name


def canonical(path: str) -> str:
    """A dotted path, with the packages of the library's first version under the names of its second."""
    path = re.sub(r"^monocdk\b", "aws_cdk", path)
    return re.sub(r"^aws_cdk\.core\b", "aws_cdk", path)


def module_path(specifier: str) -> str:
    """A JavaScript module (`aws-cdk-lib/aws-lambda`, `node:path`) as a dotted path."""
    package, *rest = specifier.removeprefix("node:").split("/")
    parts = [_PACKAGES.get(package, package), *rest]
    return canonical(".".join(part.replace("-", "_") for part in parts if part))
