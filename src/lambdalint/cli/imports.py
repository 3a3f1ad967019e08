"""`lambdalint imports`: what a handler's import costs in the user's own environment.

The only command that runs code of the project, and it says so before it does.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Mapping

from lambdalint.cli import output
from lambdalint.cli.import_tree import Costs, lines
from lambdalint.engine import import_times, session
from lambdalint.engine.import_targets import NoTargetError, Target
from lambdalint.engine.import_times import CannotRunError, Failure, Measured
from lambdalint.engine.run import display
from lambdalint.report.style import printable

OK, TROUBLE = 0, 2
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")


def imports(arguments: argparse.Namespace) -> int:
    """Measure, and print trees; 2 where something can't be imported or no handler is meant."""
    try:
        targets, settings = session.import_targets(
            session.Request(config=arguments.config), arguments.handler, arguments.all
        )
    except NoTargetError as problem:
        return _trouble(str(problem))
    python = arguments.python or _interpreter(settings.root, os.environ)
    if os.path.dirname(python):
        python = os.path.abspath(python)  # the child starts in another folder
    shown: list[dict[str, object]] = []
    code = OK
    for target in targets:
        if target.in_template:
            code = _trouble(f"{target.label}: its code stands in a template and can't be imported")
            continue
        name = printable(display(target.filename))
        output.tell(f"Importing {name} with {printable(python)}: this runs its module-level code.")
        try:
            measured = import_times.measure(target, python, arguments.runs, arguments.timeout)
        except CannotRunError as problem:
            return _trouble(str(problem))
        costs = Costs(target, measured, settings.heavy_import_ms)
        if arguments.output_format == "json":
            shown.append(costs.as_json())
        else:
            output.emit(lines(costs, output.style(arguments), arguments.min_ms, arguments.depth))
        if measured.failure is not None:
            code = _trouble(_explained(target, measured, measured.failure))
    if arguments.output_format == "json":
        output.emit([json.dumps(shown, indent=2)])
    return code


def _interpreter(root: str, environment: Mapping[str, str]) -> str:
    """The Python of the active virtual environment, of the project's own, or the one that runs this."""
    windows = os.name == "nt"
    below = ("Scripts", "python.exe") if windows else ("bin", "python")
    for folder in (environment.get("VIRTUAL_ENV", ""), os.path.join(root, ".venv"), os.path.join(root, "venv")):
        path = os.path.join(folder, *below)
        if folder and os.path.isfile(path):
            return path
    return sys.executable


def _explained(target: Target, measured: Measured, failure: Failure) -> str:
    place = f" ({display(failure.filename)}:{failure.line})" if failure.filename else ""
    hint = ""
    if failure.missing:
        hint = f"; {measured.executable} doesn't have it: --python names another interpreter"
    elif _VARIABLE.fullmatch(failure.key):
        hint = f"; an environment variable is handed on: {failure.key}=… lambdalint imports {target.label}"
    return f"importing {target.module} failed: {failure.text}{place}{hint}"


def _trouble(text: str) -> int:
    first, *rest = text.splitlines()
    output.tell("\n".join([f"lambdalint: {printable(first)}", *map(printable, rest)]))
    return TROUBLE
