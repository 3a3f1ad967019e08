"""What the faces call: check, fix, list handlers."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from lambdalint import deployment
from lambdalint.engine import files
from lambdalint.engine.check import no_garbage_collection, unreadable
from lambdalint.engine.memory import Memory, memory
from lambdalint.engine.run import Checker, Result, check_paths, display
from lambdalint.engine.templates import check_templates, question
from lambdalint.engine.workspace import Workspace
from lambdalint.findings import Finding
from lambdalint.settings import Settings, SettingsError, find_root, load, merge
from lambdalint.source import Source

if TYPE_CHECKING:
    from lambdalint.engine.entries import DeclarationRow, HandlerRow
    from lambdalint.engine.import_targets import Target
    from lambdalint.engine.walk import Ask

Progress = Callable[[int, int], None]
Crashed = Callable[[str], None]
_ALONE = 8  # so few files are judged with those handlers only that may reach them


@dataclass(frozen=True)
class Request:
    """What to check: `paths`, or `stdin` as if it were the text of `stdin_filename`.

    `overrides` are the settings that the caller lays over the project's own (see
    `settings.merge`); `config` names a configuration file. `force_exclude` leaves
    out excluded files even where they are named, for callers that name every file.
    Without `cache` nothing is taken from earlier runs or kept for later ones;
    `cache_dir` is where, instead of the configured place. `texts` are those of
    configuration files that win over the disk, by absolute path. Up to `jobs` processes work at once.
    """

    paths: tuple[str, ...] = (".",)
    overrides: Mapping[str, Any] = field(default_factory=dict)
    stdin: bytes | None = None
    stdin_filename: str | None = None
    config: str | None = None
    force_exclude: bool = False
    cache: bool = True
    cache_dir: str | None = None
    texts: Mapping[str, bytes] = field(default_factory=dict)
    jobs: int = 1


@dataclass
class Fixed:
    """What a fixing run did: `changed` maps display paths to (before, new text), `unseen` counts what it left out."""

    result: Result
    changed: dict[str, tuple[Source, str]] = field(default_factory=dict)
    applied: list[Finding] = field(default_factory=list)
    dropped: list[tuple[Finding, str]] = field(default_factory=list)
    unseen: int = 0


def may_matter(filename: str, data: bytes) -> bool:
    """Whether a file may hold anything to report; False spares all further work."""
    from lambdalint.engine import screen

    own = functools.partial(_own_packages, os.path.dirname(os.path.abspath(filename)), os.getcwd())
    return screen.may_matter(data) or screen.mentions(data, own())


@functools.lru_cache
def _own_packages(folder: str, here: str) -> frozenset[str]:
    """The packages that the configuration for a folder has rows of its own for; `here` is the working directory."""
    try:
        return frozenset(row.name.partition(".")[0] for row in settings_for(folder, Request()).calls)
    except SettingsError:
        return frozenset()  # told for files that matter


def settings_for(path: str, request: Request) -> Settings:
    """The settings of the project around a path. Raises SettingsError."""
    from lambdalint.engine.catalogue import slugs

    root, config = find_root(path, request.texts)
    known = slugs()
    settings = load(root, os.path.abspath(request.config) if request.config else config, known, request.texts)
    return merge(settings, **request.overrides, slugs=known)


@dataclass(frozen=True)
class _Job:
    """One project: the Python files and the descriptions to check, relative to its root.

    `alone`: they are so few that only the handlers count that may reach them.
    """

    workspace: Workspace
    files: list[str]
    templates: list[str]
    alone: bool
    memory: Memory | None = None


def _jobs(request: Request, result: Result) -> Iterator[_Job]:
    """The projects that the paths belong to."""
    if request.stdin is not None:
        name = os.path.abspath(request.stdin_filename or "stdin.py")
        settings = settings_for(name, request)
        relative = os.path.relpath(name, settings.root).replace(os.sep, "/")
        yield _Job(Workspace(settings, {relative: request.stdin}), [relative], [], True)
        return
    groups: dict[str, tuple[Settings, list[str]]] = {}
    for path in request.paths:
        settings = settings_for(path, request)
        groups.setdefault(settings.root, (settings, []))[1].append(path)
    for settings, paths in groups.values():
        found = files.discover(paths, settings, deployment.is_candidate, force_exclude=request.force_exclude)
        for problem in found.problems:
            if not os.path.lexists(problem.path):
                result.errors.append(f"{display(problem.path)}: {problem.reason}")
            else:
                result.findings.append(unreadable(display(problem.path), problem.reason))
        workspace = Workspace(settings)
        if list(map(os.path.abspath, paths)) == [settings.root] and not request.force_exclude:
            workspace.listing = found
        whole = any(os.path.isdir(path) for path in paths)
        wanted = [workspace.relative(path) for path in found.python]
        templates = [workspace.relative(path) for path in found.deployment_candidates]
        alone = not whole and not templates and len(wanted) <= _ALONE
        remembered = memory(workspace, wanted if alone else None, request.cache_dir) if request.cache else None
        if templates:
            wanted += [path for path, template in _inline(workspace, remembered).items() if template in templates]
        yield _Job(workspace, wanted, templates, alone, remembered)


def _inline(workspace: Workspace, remembered: Memory | None) -> dict[str, str]:
    """The code in templates, with its template."""
    known = remembered.inline if remembered is not None else None
    return {path: code.template for path, code in workspace.inline.items()} if known is None else known


def check(request: Request, progress: Progress | None = None, crashed: Crashed | None = None) -> Result:
    """Check and report; nothing is written. Raises SettingsError."""
    total = Result()
    for job in _jobs(request, total):
        # Who wants to see what crashes gets a run of all rules.
        remembered = job.memory if crashed is None else None
        checker = Checker(job.workspace, job.files, alone=job.alone, crashed=crashed, memory=remembered)
        with no_garbage_collection():
            ahead = crashed is None and _ahead(checker, job, request.jobs, progress)
            total.add(check_templates(checker, job.templates))
            total.add(check_paths(checker, job.files, None if ahead else progress))
        if remembered is not None:
            remembered.save()
    total.findings.sort(key=Finding.sort_key)
    return total


def _ahead(checker: Checker, job: _Job, jobs: int, progress: Progress | None) -> bool:
    """Work out part by part what earlier runs don't tell of a project; False where it is to be looked at as a whole."""
    find = checker.memory.find if checker.memory is not None else lambda question: None
    paths = [path for path in job.files if find(path) is None]
    if job.alone or not (paths or any(find(question(path)) is None for path in job.templates)):
        return False
    from lambdalint.engine.shares import Shares

    checker.shares = Shares(checker, paths, job.templates, jobs, progress)
    checker.shares.run()
    return True


def codes(values: Sequence[str], option: str) -> tuple[str, ...]:
    """Codes, beginnings of codes or names that an option was given, as codes. Raises SettingsError."""
    from lambdalint.engine.catalogue import slugs
    from lambdalint.settings.place import Place
    from lambdalint.settings.schema import read_codes

    return read_codes(values, Place(keys=(option,), slugs=slugs()))


def fix(request: Request, unsafe: bool | Sequence[str], write: bool, progress: Progress | None = None) -> Fixed:
    """Apply the safe fixes until nothing changes, and with `unsafe` the others as well.

    `unsafe` may name the codes (or their beginnings) that this holds for.

    With `write` the files are replaced, each whole or not at all; an OSError of
    one file becomes an entry of `result.errors`.
    """
    from lambdalint.engine import rounds

    total = Fixed(Result())
    for job in _jobs(request, total.result):
        checker = Checker(job.workspace, job.files, alone=job.alone, memory=job.memory)
        with no_garbage_collection():
            ahead = _ahead(checker, job, request.jobs, progress)
        total.result.add(check_templates(checker, job.templates))
        rounds.fix_files(checker, job.files, unsafe, write, total, None if ahead else progress)
        if job.memory is not None and not total.changed:
            job.memory.save()
    total.result.findings.sort(key=Finding.sort_key)
    return total


def walk(request: Request, ask: Ask) -> Fixed:
    """Apply, one by one, the fixes that `ask` says yes to, and write the files; see `engine.walk`."""
    from lambdalint.engine.walk import walk as through

    total = Fixed(Result())
    going_on = True
    for job in _jobs(request, total.result):
        if going_on:
            going_on = through(Checker(job.workspace, job.files, alone=job.alone), job.files, ask, total)
        else:
            total.unseen += len(job.files)
    return total


def handlers(request: Request) -> tuple[list[HandlerRow], list[DeclarationRow]]:
    """The projects' handlers, where they stand and by which evidence, and what each declaration came to."""
    from lambdalint.engine.entries import Entries

    found: list[HandlerRow] = []
    declared: list[DeclarationRow] = []
    for job in _jobs(request, Result()):
        if job.workspace.has_handlers():
            entries = Entries(Checker(job.workspace, job.workspace.python))
            found += entries.handlers()
            declared += entries.declarations()
    return found, declared


def import_targets(request: Request, word: str | None, everything: bool) -> tuple[list[Target], Settings]:
    """What to import for a handler that the command line names; raises NoTargetError.

    The project is that of the request's path, or of the file that `word` names.
    """
    from lambdalint.engine.import_targets import chosen, of_file, targets

    path = (word or "").rpartition(":")[0] or word or ""
    named = path.endswith(".py") and os.path.isfile(path)
    (job,) = _jobs(replace(request, paths=(path,)) if named else request, Result())
    checker = Checker(job.workspace, job.workspace.python)
    found = targets(checker) if job.workspace.has_handlers() else []
    if named and path == word and not any(target.answers_to(word) for target in found):
        found = [of_file(checker, job.workspace.relative(os.path.abspath(path)))]
    return chosen(found, word, everything), job.workspace.settings
