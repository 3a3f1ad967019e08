"""`lambdalint check`: look, and repair."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from typing import TextIO

from lambdalint.cli import output
from lambdalint.cli.arguments import chosen_rules, joined
from lambdalint.engine import session
from lambdalint.engine.pool import usable_processors
from lambdalint.engine.run import Result
from lambdalint.findings import Finding
from lambdalint.report import changes, statistics, text
from lambdalint.report.style import Style, printable

OK, FOUND, TROUBLE = 0, 1, 2
_UNREADABLE = "LMB000"


def check(arguments: argparse.Namespace) -> int:
    request = _request(arguments)
    if isinstance(request, str):
        output.tell(f"lambdalint: {request}")
        return TROUBLE
    fixing = arguments.fix or arguments.fix_only
    if arguments.interactive or fixing or arguments.diff:
        gc.enable()  # one model is made after the other
    if arguments.interactive:
        from lambdalint.cli.interactive import interactive

        return interactive(arguments, request)
    unsafe = arguments.unsafe_fixes or session.codes(joined(arguments.unsafe_fixes_of), "--unsafe-fixes")
    progress = output.Progress()
    try:
        if fixing or arguments.diff:
            writing = fixing and not arguments.diff and request.stdin is None
            fixed = session.fix(request, unsafe, writing, progress)
        else:
            crashed = output.tell if arguments.verbose else None
            fixed = session.Fixed(session.check(request, progress, crashed))
    finally:
        progress.clear()
    for error in fixed.result.errors:
        output.tell(f"lambdalint: {printable(error)}")
    if arguments.diff:
        return _show_diff(arguments, fixed)
    fixed_stdin = fixing and request.stdin is not None
    if fixed_stdin:
        assert request.stdin is not None
        after = [source.encode(new) for source, new in fixed.changed.values()]
        output.write_bytes(after[0] if after else request.stdin)
    # The fixed text has standard output for itself, and so has JSON.
    stream = sys.stderr if fixed_stdin else sys.stdout
    if fixing:
        _show_fixed(arguments, fixed, sys.stderr if arguments.output_format == "json" else stream)
    if arguments.fix_only:
        fixed.result.findings[:] = [f for f in fixed.result.findings if f.code == _UNREADABLE]
    if not arguments.fix_only or fixed.result.findings:
        _show_findings(arguments, fixed.result, stream)
    return _exit_code(arguments, fixed)


def _request(arguments: argparse.Namespace) -> session.Request | str:
    """What to check, or what is wrong with the wish."""
    overrides = chosen_rules(arguments)
    named = arguments.stdin_filename
    paths = tuple(arguments.paths) or (("-",) if named is not None else (".",))
    if arguments.interactive and (named is not None or "-" in paths):
        return "--interactive asks on standard input, and can't read the text from there"
    if "-" not in paths:
        if named is not None:
            return "--stdin-filename goes with standard input: give - as the path, and no other"
        return session.Request(
            paths,
            overrides,
            config=arguments.config,
            force_exclude=arguments.force_exclude,
            cache=not arguments.no_cache,
            cache_dir=os.path.abspath(arguments.cache_dir) if arguments.cache_dir else None,
            jobs=arguments.jobs or usable_processors(),
        )
    if len(paths) > 1:
        return "- stands for standard input and can't be given beside other paths"
    data = sys.stdin.buffer.read()
    return session.Request(paths, overrides, stdin=data, stdin_filename=named, config=arguments.config)


def _show_findings(arguments: argparse.Namespace, result: Result, stream: TextIO) -> None:
    findings, style = result.findings, output.style(arguments, stream)
    if arguments.output_format == "json":
        from lambdalint.report import json

        counts = statistics.rows(findings)
        whole = json.statistics_text(counts) if arguments.statistics else json.findings_text(findings)
        output.emit([whole], stream)
        return
    if arguments.statistics:
        output.emit(statistics.table(statistics.rows(findings), style), stream)
    elif arguments.output_format == "concise":
        output.emit(text.concise(findings, style), stream)
    else:
        lines = {path: source.lines for path, source in result.sources.items()}
        output.emit(text.full(findings, lines, style), stream)
    if findings or not result.errors:
        if not result.files and not findings:
            output.tell("lambdalint: no Python files found under the given paths")
        else:
            output.emit([text.summary(findings, result.files, arguments.unsafe_fixes)], stream)


def _show_fixed(arguments: argparse.Namespace, fixed: session.Fixed, stream: TextIO) -> None:
    style = output.style(arguments, stream)
    lines = [*changes.applied(fixed.applied, style), *changes.held_back(fixed.dropped, style)]
    if arguments.fix_only or arguments.statistics or arguments.output_format == "concise":
        lines += changes.unsafe(_untried(arguments, fixed), style)  # findings in full and JSON say it themselves
    if lines:
        output.emit([*lines, ""], stream)


def _show_diff(arguments: argparse.Namespace, fixed: session.Fixed) -> int:
    style = output.style(arguments)
    for path, (before, new) in sorted(fixed.changed.items()):
        sys.stdout.writelines(changes.diff(path, before.text, new, style))
    on_error = output.style(arguments, sys.stderr)
    for line in _diff_notes(arguments, fixed, on_error):
        output.tell(line)
    if fixed.result.errors or _unreadable(fixed.result.findings):
        return TROUBLE
    return FOUND if fixed.changed and not arguments.exit_zero else OK


def _diff_notes(arguments: argparse.Namespace, fixed: session.Fixed, style: Style) -> Iterator[str]:
    yield from changes.applied(fixed.applied, style, "Would fix")
    yield from changes.held_back(fixed.dropped, style)
    for finding in fixed.result.findings:
        if finding.code == _UNREADABLE:
            yield from text.concise([finding], style)
    held_back = list(changes.unsafe(_untried(arguments, fixed), style))
    yield from held_back
    if not fixed.applied and not held_back:
        yield "Nothing to fix."


def _exit_code(arguments: argparse.Namespace, fixed: session.Fixed) -> int:
    result = fixed.result
    if result.errors or _unreadable(result.findings):
        return TROUBLE
    if arguments.exit_zero:
        return OK
    changed = arguments.exit_non_zero_on_fix and bool(fixed.applied)
    return FOUND if result.findings or changed else OK


def _unreadable(findings: Sequence[Finding]) -> bool:
    return any(finding.code == _UNREADABLE for finding in findings)


def _untried(arguments: argparse.Namespace, fixed: session.Fixed) -> list[Finding]:
    """The findings that are left though there are fixes of them, but for those that were tried and left out."""
    dropped = [finding for finding, _ in fixed.dropped]
    return [] if arguments.unsafe_fixes else [f for f in fixed.result.findings if f not in dropped]
