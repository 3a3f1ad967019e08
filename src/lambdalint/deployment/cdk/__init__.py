"""Reads programs of the AWS Cloud Development Kit, in Python and in TypeScript or JavaScript."""

from __future__ import annotations

import posixpath

from lambdalint.deployment.cdk import from_python, from_typescript
from lambdalint.deployment.cdk.evaluate import follow
from lambdalint.deployment.cdk.functions import read_functions
from lambdalint.deployment.cdk.places import PROJECT
from lambdalint.deployment.cdk.tables import read_tables
from lambdalint.deployment.cdk.values import Record, Value
from lambdalint.deployment.model import Deployment


def read(path: str, data: bytes) -> Deployment:
    """The functions and tables of the program `data`; empty where it can't be parsed."""
    here, folder = f"{PROJECT}/{path}", posixpath.dirname(f"{PROJECT}/{path}")
    variables: dict[str, Value]
    if path.endswith(".py"):
        program = from_python.parse(data)
        variables = {"__file__": here}
    else:
        program = from_typescript.parse(data, typed=path.endswith("ts"))
        meta: dict[str, Value] = {"url": here, "filename": here, "dirname": folder}
        variables = {"__dirname": folder, "__filename": here, "import.meta": Record(meta)}
    made = follow(program or (), variables)
    return Deployment(read_functions(path, made), read_tables(path, made))
