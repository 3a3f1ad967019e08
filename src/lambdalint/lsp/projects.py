"""The projects behind the open texts: each has one model, which is kept up with what is typed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lambdalint import deployment
from lambdalint.engine import catalogue, files, rounds, ways
from lambdalint.engine.check import unreadable
from lambdalint.engine.invocations import Invocation, invocations
from lambdalint.engine.run import Checker, Known, display
from lambdalint.engine.session import Request, settings_for
from lambdalint.engine.templates import check_templates
from lambdalint.engine.workspace import Workspace
from lambdalint.findings import Edit, Finding
from lambdalint.lsp.documents import is_configuration
from lambdalint.settings import Settings, SettingsError, find_root, load

Buffers = Mapping[str, bytes]  # by absolute path


@dataclass
class _Project:
    """One project in memory: its newest checker, and the modules that any of its checkers read."""

    checker: Checker | None = None
    known: Known = field(default_factory=dict)


class Projects:
    """Checks open texts with the projects around them. For one thread at a time."""

    def __init__(self, overrides: Mapping[str, Any]) -> None:
        self._overrides = overrides  # laid over each project's own settings
        self.folders: tuple[str, ...] = ()  # those that the editor has open
        self._projects: dict[tuple[str, str, bool], _Project] = {}

    def forget(self) -> None:
        """Something on the disk has changed: all is read again when it is next asked for.

        A module whose bytes turn out to be the same isn't parsed again.
        """
        for project in self._projects.values():
            project.checker = None

    def check(self, path: str, buffers: Buffers) -> list[Finding]:
        """The findings of an open file. Raises SettingsError."""
        if is_configuration(path):
            return list(_misconfigured(path, buffers))
        found = self._found(path, buffers)
        if found is None:
            return []
        if _is_description(path):
            checker = self._brought_up(found)
            inline = [code.path for code in checker.workspace.inline.values() if code.template == found.path]
            findings = check_templates(checker, [found.path]).findings
            findings += ways.explained(checker, [finding for one in inline for finding in checker.check(one)[0]])
            return sorted(findings, key=Finding.sort_key)
        broken = _broken(found)
        if broken is not None:
            return broken
        checker = self._brought_up(found)
        return ways.explained(checker, checker.check(found.path)[0])

    def repair(self, path: str, buffers: Buffers, unsafe: bool, code: str | None) -> list[Edit]:
        """The edits that make a file's safe fixes, or all of them, or those of one code."""
        found = self.checker(path, buffers)
        return rounds.edits(*found, unsafe, code) if found is not None else []

    def invocations(self, path: str, buffers: Buffers) -> list[Invocation]:
        """What each invocation of the handlers in a file asks of other hosts. Raises SettingsError."""
        found = self._found(path, buffers) if not is_configuration(path) else None
        if found is None or (not _is_description(path) and _broken(found) is not None):
            return []
        return invocations(self._brought_up(found), found.path)

    def checker(self, path: str, buffers: Buffers) -> tuple[Checker, str] | None:
        """The checker of the project around a file, and the file's name in it; None where it is left out."""
        found = self._found(path, buffers)
        return (self._brought_up(found), found.path) if found is not None else None

    def _found(self, path: str, buffers: Buffers) -> _Found | None:
        settings, alone = self._settings(path, buffers)
        if not _admitted(path, settings):
            return None
        inside = [path] if alone else [one for one in buffers if _within(one, settings.root)]
        texts = {
            os.path.relpath(one, settings.root).replace(os.sep, "/"): buffers[one]
            for one in inside
            if one == path or (not is_configuration(one) and _admitted(one, settings))
        }
        # A description is judged with all handlers; a Python file with those that may come to an open one.
        wanted = None if _is_description(path) else sorted(one for one in texts if one.endswith(".py"))
        project = self._projects.setdefault((settings.root, path if alone else "", wanted is None), _Project())
        return _Found(
            project, settings, os.path.relpath(path, settings.root).replace(os.sep, "/"), texts, wanted, alone
        )

    def _brought_up(self, found: _Found) -> Checker:
        """The checker with the texts as they are now."""
        known = found.project.checker
        checker = _current(known, found) if known is not None else None
        if checker is None:
            workspace = Workspace(found.settings, found.texts)
            if found.alone:
                workspace.listing = files.Discovery(python=[os.path.join(found.settings.root, found.path)])
            checker = _checker(workspace, found)
        found.project.checker = checker
        return checker

    def _settings(self, path: str, buffers: Buffers) -> tuple[Settings, bool]:
        """The settings for a file, and whether it belongs to no project and is looked at alone."""
        texts = {one: data for one, data in buffers.items() if is_configuration(one)}
        settings = settings_for(path, Request(texts=texts, overrides=self._overrides))
        if find_root(path, texts)[1] is not None or os.path.exists(os.path.join(settings.root, ".git")):
            return settings, False
        around = [folder for folder in self.folders if _within(path, folder)]
        if around:
            return replace(settings, root=max(around, key=len)), False
        return replace(settings, root=os.path.dirname(path)), True


@dataclass(frozen=True)
class _Found:
    """An open file (`path` in its project) with the project's open texts."""

    project: _Project
    settings: Settings
    path: str
    texts: dict[str, bytes]
    wanted: list[str] | None  # the Python files that are open; None where all handlers count
    alone: bool


def _broken(found: _Found) -> list[Finding] | None:
    """The findings of a text that is no Python, as most are while something is typed: no model is made for it."""
    checker = found.project.checker
    if checker is None or checker.settings != found.settings:
        return None
    return checker.broken(found.path, found.texts[found.path])


def _checker(workspace: Workspace, found: _Found) -> Checker:
    return Checker(workspace, found.wanted or (), alone=found.wanted is not None, known=found.project.known)


def _misconfigured(path: str, buffers: Buffers) -> Iterator[Finding]:
    """What keeps an open configuration file from being used."""
    try:
        load(os.path.dirname(path), path, catalogue.slugs(), buffers)
    except SettingsError as error:
        yield unreadable(display(path), f"the configuration can't be used: {error.problem}", error.line or 1)


def _current(checker: Checker, found: _Found) -> Checker | None:
    """The checker brought up to the texts; None where the project has to be looked at afresh."""
    if checker.settings != found.settings:
        return None
    try:
        changed = _differing(checker.workspace, found.texts)
    except OSError:
        return None
    if checker.wanted == (found.wanted or []) and (not changed or checker.workspace.alike(changed)):
        return checker.succeeded(changed) if changed else checker
    workspace = checker.workspace.with_looks(changed)
    return _checker(workspace, found) if workspace is not None else None


def _differing(workspace: Workspace, texts: Mapping[str, bytes]) -> dict[str, bytes]:
    """The texts that the workspace has otherwise; those no longer open are as they are on the disk."""
    wanted = dict(texts)
    for path in workspace.overlay.keys() - texts.keys():
        with open(workspace.absolute(path), "rb") as stream:
            wanted[path] = stream.read()
    return {path: data for path, data in wanted.items() if workspace.read(path) != data}


def _is_description(path: str) -> bool:
    return deployment.is_candidate(os.path.basename(path)) and not path.endswith(".py")


def _admitted(path: str, settings: Settings) -> bool:
    """Whether a run on the project would check the file; one that isn't saved yet is."""
    if not os.path.exists(path):
        return True
    found = files.discover([path], settings, deployment.is_candidate, force_exclude=True)
    return bool(found.python or found.deployment_candidates)


def _within(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip(os.sep) + os.sep)


def concerns(paths: Iterable[str]) -> bool:
    """Whether a change of one of these files may change what is found."""
    names = map(os.path.basename, paths)
    return any(
        name.endswith((".py", ".toml")) or name == ".gitignore" or deployment.is_candidate(name) for name in names
    )
