"""`lambdalint fix --interactive`: each fix is shown, and applied where the user says so."""

from __future__ import annotations

import argparse
import sys

from lambdalint.cli import output
from lambdalint.engine import session
from lambdalint.engine.walk import Answer
from lambdalint.findings import Finding, Safety
from lambdalint.report import changes, text
from lambdalint.report.style import counted, printable

_QUESTION = "Apply this fix? [y]es, [n]o, [a]ll of this rule, [q]uit: "
_ANSWERS = {word: answer for answer in Answer for word in (answer.value, answer.name.lower())}


def interactive(arguments: argparse.Namespace, request: session.Request) -> int:
    """Walk through the fixes; the exit code says whether trouble came up or findings with a fix are left."""
    style = output.style(arguments)

    def ask(finding: Finding, before: str, after: str) -> Answer:
        output.emit(["", *text.concise([finding], style)])
        if finding.fix is not None:
            unsafe = " (unsafe)" if finding.fix.safety is Safety.UNSAFE else ""
            output.emit([f"fix{unsafe}: {printable(finding.fix.message)}"])
        sys.stdout.writelines(changes.diff(finding.path, before, after, style))
        return _answer()

    fixed = session.walk(request, ask)
    for error in fixed.result.errors:
        output.tell(f"lambdalint: {printable(error)}")
    output.emit([""])
    output.emit(changes.applied(fixed.applied, style))
    output.emit(changes.held_back(fixed.dropped, style))
    left = sum(finding.fix is not None for finding in fixed.result.findings)
    if not fixed.applied and not left:
        output.emit(["Nothing to fix."])
    elif left:
        unseen = f"; {counted(fixed.unseen, 'file')} not looked at" if fixed.unseen else ""
        output.emit([f"{counted(left, 'finding')} with a fix left as {'it is' if left == 1 else 'they are'}{unseen}."])
    if fixed.result.errors:
        return 2
    return 1 if left and not arguments.exit_zero else 0


def _answer() -> Answer:
    """What the user types, asked until it is one of the answers; the end of the input ends the walk."""
    while True:
        try:
            word = input(_QUESTION).strip().lower()
        except EOFError:
            output.emit([""])
            return Answer.QUIT
        if word in _ANSWERS:
            return _ANSWERS[word]
