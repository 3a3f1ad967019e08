"""What is said of the deployment descriptions themselves."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING

from lambdalint.engine.check import unreadable
from lambdalint.engine.run import Checker, Result, display
from lambdalint.findings import Finding, Position, Span
from lambdalint.settings import ignored_in, is_selected
from lambdalint.source import Source

if TYPE_CHECKING:
    from lambdalint.deployment import DeployedFunction
    from lambdalint.engine.stored import Answer
    from lambdalint.semantics.declared import Unresolved

MISSING = ("LMB002", "missing-handler")


def check_templates(checker: Checker, templates: Collection[str]) -> Result:
    """The findings of the named descriptions (relative to the checker's root)."""
    memory = checker.memory
    known = {path: memory.find(question(path)) for path in templates} if memory is not None else {}
    answers = {path: answer for path, answer in known.items() if answer is not None}
    if len(answers) < len(templates):
        answers = _check(checker, templates)
        if memory is not None:
            for path, answer in answers.items():
                memory.keep(question(path), answer)
    result = Result()
    for findings, shown_with in answers.values():
        result.findings += findings
        source = checker.text_of(shown_with) if shown_with is not None else None
        if source is not None:
            result.sources[source.path] = source
    return result


def question(path: str) -> str:
    """How a description is asked for: a Python program may be one and is also checked as a file."""
    return f"/{path}"


def _check(checker: Checker, templates: Collection[str]) -> dict[str, Answer]:
    found: dict[str, list[Finding]] = defaultdict(list)
    workspace = checker.workspace
    for problem in workspace.problems:
        if problem.path in templates:
            reason = f"the template can't be read: {problem.reason}"
            shown = display(workspace.absolute(problem.path))
            found[problem.path].append(unreadable(shown, reason, problem.line, problem.column))
    declaring = {function.template for function in workspace.functions}.intersection(templates)
    wanted = {path for path in declaring if _judged(checker, path)}
    sources: dict[str, Source] = {}
    for one in checker.unresolved if wanted else ():
        path = one.deployed.template
        if path in wanted and one.surely and not _built(checker, one.deployed):
            source = sources.get(path) or checker.text_of(path)
            if source is not None:
                sources[path] = source
                found[path].append(_missing(source, one))
    from lambdalint.engine import suppress

    answers: dict[str, Answer] = {}
    for path in templates:
        findings, source = found[path], sources.get(path)
        if source is not None:
            findings, _ = suppress.apply(source, findings, {MISSING[1]: MISSING[0]}, lambda code: False)
        answers[path] = findings, path if source is not None else None
    return answers


def _judged(checker: Checker, path: str) -> bool:
    code = MISSING[0]
    return is_selected(code, checker.settings, True) and not any(
        code.startswith(prefix) for prefix in ignored_in(path, checker.settings)
    )


def _built(checker: Checker, deployed: DeployedFunction) -> bool:
    """Whether something that isn't Python source stands for the module: an extension, a folder, a bytecode file."""
    from lambdalint.deployment.places import handler_target

    target = handler_target(deployed.handler)
    if target is None:
        return False
    folder, stem = os.path.split(os.path.join(deployed.code_roots[0], target.module))
    try:
        names = checker.workspace.reads.names(folder)
        return any(name.split(".")[0] == stem and not name.endswith(".py") for name in names)
    except OSError:
        return False


def _missing(source: Source, one: Unresolved) -> Finding:
    deployed = one.deployed
    code, name = MISSING
    remedy = f"name {one.instead}, which is there" if one.instead else "name a function that is there, or add it"
    return Finding(
        code=code,
        name=name,
        path=source.path,
        span=_span(source, deployed.line, deployed.handler),
        problem=f"the handler {deployed.handler} of {deployed.name} isn't in the code: {one.reason}",
        cost="each invocation fails before it begins",
        remedy=remedy,
    )


def _span(source: Source, line: int, text: str) -> Span:
    """The handler's text on its line, or all that the line holds."""
    shown = source.lines[line - 1] if line <= len(source.lines) else ""
    column = shown.find(text)
    if column < 0:
        column, text = len(shown) - len(shown.lstrip()), shown.strip()
    return Span(Position(line, column), Position(line, column + len(text)))
