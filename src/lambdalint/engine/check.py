"""One file against the model of its project: parse, run the rules, locate, suppress."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lambdalint.findings import Finding, Severity, Span
from lambdalint.source import Source, UnreadableError

if TYPE_CHECKING:
    import libcst as cst

    from lambdalint.rules.base import RawFinding, Rule
    from lambdalint.semantics.lower import Lowering
    from lambdalint.semantics.project import Project
    from lambdalint.syntax.locate import Locator
    from lambdalint.syntax.pieces import Pieces

UNREADABLE = ("LMB000", "unreadable-file")


def unreadable(path: str, reason: str, line: int = 1, column: int = 0) -> Finding:
    """The finding for a file (or template) that can't be checked."""
    code, name = UNREADABLE
    return Finding(
        code=code,
        name=name,
        path=path,
        span=Span.at(line, column, line, column),
        problem=reason,
        severity=Severity.ERROR,
    )


@contextmanager
def no_garbage_collection() -> Iterator[None]:
    """Trees are full of cycles that live as long as the work: collecting meanwhile finds nothing."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def read_source(path: str, data: bytes) -> Source | Finding:
    """The decoded source, or the finding that says why there is none."""
    try:
        return Source.from_bytes(path, data)
    except UnreadableError as error:
        return unreadable(path, f"the file can't be decoded: {error.reason}", error.line, error.column)


def parses(source: Source) -> Finding | None:
    """Whether a file that no rule has to see is Python at all; the finding where it isn't.

    The compiler's parser is asked first because it is ten times faster, more so where it needn't
    make a tree; libcst, which knows newer syntax too, has the last word.
    """
    import symtable
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            symtable.symtable(source.text, source.path, "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        tree = parse_source(source)
        return tree if isinstance(tree, Finding) else None
    return None


def parse_source(source: Source) -> cst.Module | Finding:
    """The tree, or the finding that says where the text stops being Python."""
    from lambdalint.syntax.parse import SyntaxProblem, parse

    try:
        return parse(source)
    except SyntaxProblem as problem:
        return unreadable(source.path, f"the file can't be parsed: {problem.reason}", problem.line, problem.column)


def check_tree(
    source: Source,
    tree: cst.Module,
    lowering: Lowering,
    project: Project,
    rules: Sequence[type[Rule]],
    crashed: Callable[[str], None] | None = None,
    pieces: Pieces | None = None,
) -> list[Finding]:
    """What the rules say of one parsed file, located, in source order.

    A rule that raises becomes one finding that names it and the file; the other
    rules go on. `crashed` is told the traceback.
    """
    from lambdalint.rules.precedence import settle
    from lambdalint.semantics.model import Model
    from lambdalint.syntax.driver import run
    from lambdalint.syntax.locate import Locator

    findings: list[Finding] = []

    def failed(name: str, error: BaseException) -> None:
        if crashed is not None:
            import traceback

            crashed("".join(traceback.format_exception(error)))
        detail = f"{type(error).__name__}: {error}".splitlines()[0]
        findings.append(
            unreadable(source.path, f"{name} failed on this file and was skipped ({detail}); please report it")
        )

    model = Model(project, lowering, source, tree)
    visitors = [rule(model) for rule in rules]

    def on_error(visitor: cst.CSTVisitor, error: BaseException, node: cst.CSTNode) -> None:
        assert hasattr(visitor, "code")
        failed(str(visitor.code), error)
        visitor.failed = True  # type: ignore[attr-defined]

    run(tree, visitors, on_error)
    raw = settle([finding for visitor in visitors if not hasattr(visitor, "failed") for finding in visitor.findings])
    if raw:
        findings += _located(raw, source, Locator(source, tree, pieces), failed, model.options.line_length)
    model.forget()
    return sorted(findings, key=Finding.sort_key)


def _located(
    raw: Sequence[RawFinding],
    source: Source,
    locator: Locator,
    failed: Callable[[str, BaseException], None],
    width: int | None,
) -> Iterator[Finding]:
    from lambdalint.findings import Safety
    from lambdalint.fixing.resolve import resolve

    for one in raw:
        fix = None
        try:
            span = locator.span(one.node)
            if one.fix is not None and one.fix.safety is not Safety.SHOWN:
                fix = resolve(one.fix, locator.module, locator, source, width)
        except Exception as error:
            failed(one.rule.code, error)
            continue
        yield Finding(
            code=one.rule.code,
            name=one.rule.name,
            path=source.path,
            span=span,
            problem=one.problem,
            cost=one.cost,
            remedy=one.remedy,
            way=one.way,
            more=one.more,
            fix=fix,
            severity=one.severity,
        )
