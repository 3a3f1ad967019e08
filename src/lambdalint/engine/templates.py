"""What is said of the deployment descriptions themselves."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING

from lambdalint.deployment.places import handler_target
from lambdalint.engine import suppress
from lambdalint.engine.check import unreadable
from lambdalint.engine.run import Checker, Result, display
from lambdalint.findings import Finding, Position, Span
from lambdalint.settings import ignored_in, is_selected
from lambdalint.source import Source

if TYPE_CHECKING:
    from lambdalint.deployment import DeployedFunction
    from lambdalint.semantics.declared import Unresolved

MISSING = ("LMB002", "missing-handler")


def check_templates(checker: Checker, templates: Collection[str]) -> Result:
    """The findings of the named descriptions (relative to the checker's root)."""
    result = Result()
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
    for one in checker.project.unresolved if wanted else ():
        path = one.deployed.template
        if path in wanted and one.surely and not _built(checker, one.deployed):
            source = sources.get(path) or checker.text_of(path)
            if source is not None:
                sources[path] = source
                found[path].append(_missing(source, one))
    for path, findings in found.items():
        source = sources.get(path)
        if source is not None:
            findings, _ = suppress.apply(source, findings, {MISSING[1]: MISSING[0]}, lambda code: False)
            result.sources[source.path] = source
        result.findings += findings
    return result


def _judged(checker: Checker, path: str) -> bool:
    code = MISSING[0]
    return is_selected(code, checker.settings, True) and not any(
        code.startswith(prefix) for prefix in ignored_in(path, checker.settings)
    )


def _built(checker: Checker, deployed: DeployedFunction) -> bool:
    """Whether something that isn't Python source stands for the module: an extension, a folder, a bytecode file."""
    target = handler_target(deployed.handler)
    if target is None:
        return False
    folder, stem = os.path.split(checker.workspace.absolute(os.path.join(deployed.code_roots[0], target.module)))
    try:
        return any(name.split(".")[0] == stem and not name.endswith(".py") for name in os.listdir(folder))
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
