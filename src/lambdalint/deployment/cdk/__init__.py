"""Reads programs of the AWS Cloud Development Kit, in Python and in TypeScript or JavaScript.

The programs are pictured alike (`program`), followed without being run (`evaluate`), and what
they make is read (`functions`, `rights`, `tables`, `queues`). They may be spread over several files.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from lambdalint.deployment.cdk.evaluate import follow
from lambdalint.deployment.cdk.functions import FUNCTIONS, read_functions
from lambdalint.deployment.cdk.modules import Modules
from lambdalint.deployment.cdk.places import above
from lambdalint.deployment.cdk.queues import read_queues
from lambdalint.deployment.cdk.rights import Roles
from lambdalint.deployment.cdk.tables import read_tables
from lambdalint.deployment.cdk.usage import Usage
from lambdalint.deployment.model import DeployedFunction, Deployment


def read(paths: Iterable[str], files: Collection[str], read_file: Callable[[str], bytes]) -> Deployment:
    """The functions, tables and queues of the programs at `paths`.

    `files` are all files that they may import, relative to the project root as they are;
    `read_file` gives the bytes of one, or an OSError. What can't be parsed is left out.
    """
    known = set(files)
    sources = [path for path in paths if not (path.endswith("js") and f"{path[:-2]}ts" in known)]
    machine = follow(sources, Modules(known, read_file))
    made = machine.made
    usage = Usage(made, FUNCTIONS)
    roles = Roles(made, machine.lost, machine.whole, usage)
    folders = {folder for path in known for folder in above(path)}
    functions = [_narrowed(function, folders) for function in read_functions(made, usage, roles)]
    return Deployment(tuple(functions), read_tables(made, usage), queues=read_queues(made))


def _narrowed(function: DeployedFunction, folders: Collection[str]) -> DeployedFunction:
    """The function with those of its folders alone that the project has, where it has any."""
    roots, layers = (
        tuple(folder for folder in candidates if folder == "." or folder in folders)
        for candidates in (function.code_roots, function.layers)
    )
    return replace(function, code_roots=roots or function.code_roots, layers=layers or function.layers)
