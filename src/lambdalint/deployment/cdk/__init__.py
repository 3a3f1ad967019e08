"""Reads programs of the AWS Cloud Development Kit, in Python and in TypeScript or JavaScript.

The programs are pictured alike (`program`), followed without being run (`evaluate`), and what
they make is read (`functions`, `tables`). They may be spread over several files.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from lambdalint.deployment.cdk.evaluate import follow
from lambdalint.deployment.cdk.functions import FUNCTIONS, read_functions
from lambdalint.deployment.cdk.modules import Modules
from lambdalint.deployment.cdk.tables import read_tables
from lambdalint.deployment.cdk.usage import Usage
from lambdalint.deployment.model import Deployment


def read(paths: Iterable[str], files: Collection[str], read_file: Callable[[str], bytes]) -> Deployment:
    """The functions and tables of the programs at `paths`.

    `files` are all files that they may import, relative to the project root as they are;
    `read_file` gives the bytes of one, or an OSError. What can't be parsed is left out.
    """
    made = follow(paths, Modules(files, read_file))
    usage = Usage(made, FUNCTIONS)
    return Deployment(read_functions(made, usage), read_tables(made, usage))
