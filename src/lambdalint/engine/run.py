"""A whole run: which files of which project, checked against one model, in one order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from lambdalint import checkpoints
from lambdalint.engine import check, screen
from lambdalint.engine.asked import Asked
from lambdalint.engine.workspace import Workspace
from lambdalint.findings import Finding, Safety
from lambdalint.settings import Settings, ignored_in, is_safe, is_selected
from lambdalint.source import Source

if TYPE_CHECKING:
    from lambdalint.deployment import InlineCode
    from lambdalint.engine.memory import Memory
    from lambdalint.engine.shares import Shares
    from lambdalint.engine.stored import Answer
    from lambdalint.rules.base import Rule
    from lambdalint.semantics.declared import Unresolved
    from lambdalint.semantics.modules import Read
    from lambdalint.semantics.part import Part
    from lambdalint.semantics.project import Project


# Modules that were read before, by path, for `Modules`.
Known: TypeAlias = "dict[str, Read]"


@dataclass
class Result:
    """What a run found. `sources` holds the text of every file with a finding, by display path."""

    findings: list[Finding] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    files: int = 0
    errors: list[str] = field(default_factory=list)  # trouble that belongs to no file, a line each

    def add(self, other: Result) -> None:
        self.findings += other.findings
        self.sources.update(other.sources)
        self.files += other.files
        self.errors += other.errors


def display(path: str) -> str:
    """How a path is shown: relative to the current folder where it lies inside, with forward slashes."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return path
    return (path if relative.startswith("..") else relative).replace(os.sep, "/")


class Checker:
    """Checks files of one workspace; the model is built when the first file needs it."""

    def __init__(
        self,
        workspace: Workspace,
        wanted: Iterable[str],
        *,
        alone: bool = False,
        crashed: Callable[[str], None] | None = None,
        memory: Memory | None = None,
        part: Part | None = None,
        known: Known | None = None,
        parsed: bool = False,
    ) -> None:
        self.workspace = workspace
        self.asked = Asked(part.files if part is not None else frozenset())  # what is asked about the rest
        self.part = part  # what of the project is analysed, where that isn't all of it
        self.shares: Shares | None = None  # what was found ahead
        self.known = known  # modules that were read before, and those that are read now
        self.memory = memory
        self.settings: Settings = workspace.settings
        self.wanted = sorted(set(wanted))
        self.alone = alone  # few files: leave out the handlers that can't reach them
        self.crashed = crashed
        self._parsed = parsed  # whoever asks has parsed the files already
        self._project: Project | None = None
        self._chosen: dict[tuple[str, ...], list[type[Rule]]] = {}  # by what is ignored

    # --- the model -----------------------------------------------------------------

    @property
    def project(self) -> Project:
        if self._project is None:
            with check.no_garbage_collection():
                only = self.wanted if self.alone else None
                # What follows on other texts isn't kept for later runs.
                asked = self.asked if self.part is not None and self.known is None else None
                self._project = self.workspace.project(self.wanted, only, self.part, self.known, asked)
        return self._project

    def changed(self, texts: dict[str, bytes]) -> Checker:
        """A checker of the same project in which some files hold another text."""
        workspace = self.workspace.with_overlay(texts)
        copy = Checker(workspace, self.wanted, alone=self.alone, crashed=self.crashed, part=self.part, known=self.known)
        if self._project is not None:
            with check.no_garbage_collection():
                copy._project = workspace.project_again(self._project, texts)
        return copy

    def succeeded(self, texts: dict[str, bytes]) -> Checker:
        """As `changed`, where this checker won't be asked any more: what its model found out is taken over.

        For a checker with `known` modules.
        """
        project, self._project = self._project, None
        successor = self.changed(texts)
        # A model that is half taken over is of no use, so this is done to the end; it doesn't take long.
        if project is not None:
            with check.no_garbage_collection(), checkpoints.until(lambda: False):
                successor._project = successor.workspace.project_again(project, texts, taken=True)
        return successor

    @cached_property
    def connected(self) -> set[str]:
        """The files that any handler runs or imports: only of these a rule can have something to say."""
        if self.alone and not any(map(self._may_matter, self.wanted)):
            return set()
        if not (self.part.handlers if self.part is not None else self.workspace.has_handlers()):
            return set()
        project = self.project
        found = {function.module.path for function in project.connected}
        return found.union(project.closures.files)

    def _may_matter(self, path: str) -> bool:
        """Whether a file may hold anything to report; where none that is asked for does, no model is made."""
        try:
            data = self.workspace.read(path)
        except OSError:
            return True
        return screen.may_matter(data, {row.name.partition(".")[0] for row in self.settings.calls})

    @property
    def unresolved(self) -> list[Unresolved]:
        """The declarations in descriptions that came to no function in the code."""
        return self.project.unresolved if self.shares is None else self.shares.unresolved

    # --- one file ---------------------------------------------------------------------

    def check(self, path: str, data: bytes | None = None) -> tuple[list[Finding], Source | None]:
        """The findings of the file at `path` (relative to the root), and its text where it has one.

        What an earlier run found comes without the text where there is nothing to show.
        """
        if data is not None or self.memory is None:
            return self._check(path, data)
        known = self.memory.find(path)
        if known is not None:
            findings, shown_with = known
            return list(findings), self.text_of(shown_with) if findings and shown_with is not None else None
        found, source = self._check(path, None)
        self.memory.keep(path, self.with_text(path, (found, source)))
        return found, source

    def with_text(self, path: str, found: tuple[list[Finding], Source | None]) -> Answer:
        """What was found in a file, with the path of the file that the text is of."""
        code = self.workspace.inline_at(path)
        shown_with = code.template if code is not None else path
        return list(found[0]), shown_with if found[1] is not None else None

    def done_with(self, path: str) -> None:
        """Let go of what is held for checking a file that won't be asked for any more."""
        if self._project is not None:
            self._project.modules.let_go(path)

    def _check(self, path: str, data: bytes | None) -> tuple[list[Finding], Source | None]:
        if data is None and self.shares is not None and path in self.shares.answers:
            return self.shares.answers[path]
        code = self.workspace.inline_at(path) if data is None else None
        if code is not None:
            return self._check_inline(code)
        shown = display(self.workspace.absolute(path))
        if data is None:
            try:
                data = self.workspace.read(path)
            except OSError as error:
                reason = f"the file can't be read: {error.strerror or error}"
                return [check.unreadable(shown, reason)], None
        source = check.read_source(shown, data)
        if isinstance(source, Finding):
            return [source], None
        return self._check_source(path, source, data), source

    def _check_source(self, path: str, source: Source, data: bytes) -> list[Finding]:
        with check.no_garbage_collection():
            findings = self._findings(path, source)
        return self._judged(path, source, data, findings)

    def broken(self, path: str, data: bytes) -> list[Finding] | None:
        """The findings of a file with a text that is no Python, for which the model isn't asked; None where it is."""
        source = check.read_source(display(self.workspace.absolute(path)), data)
        problem = source if isinstance(source, Finding) else check.parses(source)
        if problem is None or isinstance(source, Finding):
            return [problem] if problem is not None else None
        return self._judged(path, source, data, [problem])

    def _judged(self, path: str, source: Source, data: bytes, findings: list[Finding]) -> list[Finding]:
        if screen.may_suppress(data):
            findings = self._suppressed(path, source, findings)
        return [self._graded(f) for f in findings if self._selected(f.code)]

    def _check_inline(self, code: InlineCode) -> tuple[list[Finding], Source | None]:
        """The findings of the code that a template holds, at their places there, and the template's text."""
        from lambdalint.engine import inline

        template = self.text_of(code.template)
        if template is None:
            return [], None
        data = self.workspace.read(code.path)
        source = check.read_source(template.path, data)
        if isinstance(source, Finding):
            return [], None
        places = inline.Places(code, template)
        findings = self._check_source(code.path, source, data)
        return [places.translate(f) for f in findings if not inline.unsure(code, f)], template

    def text_of(self, path: str) -> Source | None:
        """The text of a file on disk; None where it can't be read, which is told when it is checked."""
        try:
            source = check.read_source(display(self.workspace.absolute(path)), self.workspace.read_file(path))
        except OSError:
            return None
        return source if isinstance(source, Source) else None

    def _findings(self, path: str, source: Source) -> list[Finding]:
        if path not in self.connected:
            problem = check.parses(source) if not self._parsed else None
            return [problem] if problem is not None else []
        kept = self.project.modules.for_checking(path)
        if kept is None:
            problem = check.parses(source)
            deep = "the file can't be checked: it is nested too deeply"
            return [problem if problem is not None else check.unreadable(source.path, deep)]
        rules = self._rules(path)
        return check.check_tree(
            replace(kept.source, path=source.path),
            kept.tree,
            kept.lowering,
            self.project,
            rules,
            self.crashed,
            kept.pieces,
        )

    def _rules(self, path: str) -> list[type[Rule]]:
        from lambdalint.rules.registry import all_rules

        code = self.workspace.inline_at(path)
        ignored = tuple(ignored_in(code.template if code is not None else path, self.settings))
        if ignored not in self._chosen:
            self._chosen[ignored] = [
                rule
                for rule in all_rules()
                if is_selected(rule.code, self.settings, rule.default)
                and not any(rule.code.startswith(prefix) for prefix in ignored)
            ]
        return self._chosen[ignored]

    def _graded(self, finding: Finding) -> Finding:
        """A finding whose fix is as safe as the settings say."""
        if finding.fix is None:
            return finding
        was_safe = finding.fix.safety is Safety.SAFE
        safe = is_safe(finding.code, was_safe, self.settings)
        if safe is was_safe:
            return finding
        message = finding.fix.message if safe else f"{finding.fix.message} (the configuration doesn't trust it)"
        return replace(
            finding, fix=replace(finding.fix, safety=Safety.SAFE if safe else Safety.UNSAFE, message=message)
        )

    def _selected(self, code: str) -> bool:
        return code == check.UNREADABLE[0] or is_selected(code, self.settings, True)

    def _suppressed(self, path: str, source: Source, findings: list[Finding]) -> list[Finding]:
        from lambdalint.engine import suppress
        from lambdalint.rules.registry import all_rules

        slugs = {rule.name: rule.code for rule in all_rules()}
        checked = {rule.code for rule in self._rules(path)}
        kept, unused = suppress.apply(source, findings, slugs, checked.__contains__)
        return sorted([*kept, *unused], key=Finding.sort_key)


def check_paths(checker: Checker, paths: Sequence[str], progress: Callable[[int, int], None] | None = None) -> Result:
    """Check files (relative to the checker's root) and the project's deployment descriptions."""
    result = Result()
    for number, path in enumerate(paths):
        findings, source = checker.check(path)
        result.files += 1
        result.findings += findings
        if findings and source is not None:
            result.sources[source.path] = source
        if progress is not None:
            progress(number + 1, len(paths))
    result.findings.sort(key=Finding.sort_key)
    return result
