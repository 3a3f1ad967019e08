"""One text at a time, as flake8 hands them in: each is judged with the project around it.

What is needed for that is kept between the texts of one process: the answers for the project's files,
and the models of the parts that were asked for last.
"""

from __future__ import annotations

import codecs
import multiprocessing.util
import os
from collections import OrderedDict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lambdalint.engine.memory import memory
from lambdalint.engine.run import Checker
from lambdalint.engine.session import Request, settings_for
from lambdalint.engine.shares import LARGE
from lambdalint.engine.workspace import Workspace
from lambdalint.findings import Finding
from lambdalint.semantics.part import Part

if TYPE_CHECKING:
    from lambdalint.engine.parts import Parts

_HELD = 3  # files come folder by folder, so the next one mostly belongs to a part that was just asked for


class _Project:
    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._memory = memory(workspace, None, None)
        # The processes that flake8 works with end like this as well.
        multiprocessing.util.Finalize(None, self._memory.finish, exitpriority=1)
        self._parts: Parts | None = None
        self._part_of: dict[str, Part] = {}
        self._held: OrderedDict[Part, Checker] = OrderedDict()

    def findings(self, path: str) -> list[Finding]:
        """The findings of a file of the project as it is on the disk."""
        if not self.workspace.has_handlers():
            return []
        if self._memory.find(path) is not None:
            return Checker(self.workspace, (), memory=self._memory).check(path)[0]
        checker = self._checker(path)
        found = checker.check(path)[0]
        checker.done_with(path)
        self._memory.save(often=True)
        return found

    def _checker(self, path: str) -> Checker:
        """One that knows the part of the project that a file belongs to."""
        from lambdalint.engine.parts import Parts

        if self._parts is None:
            self._parts = Parts(self.workspace)
            self._number()
        while True:
            part = self._part_of.get(path, Part())
            if part in self._held:
                self._held.move_to_end(part)
                return self._held[part]
            trees = part.files if sum(map(self.workspace.size, part.files)) <= LARGE else ()
            checker = Checker(self.workspace, trees, memory=self._memory, part=part, parsed=True)
            if self._parts.strays(part, checker.connected):
                self._number()
                continue
            self._held[part] = checker
            if len(self._held) > _HELD:
                self._held.popitem(last=False)
            return checker

    def _number(self) -> None:
        assert self._parts is not None
        self._part_of = {path: part for part in self._parts.all() for path in part.files}


_projects: dict[tuple[object, ...], _Project] = {}


def check_text(filename: str, data: bytes, overrides: Mapping[str, Any] | None = None) -> list[Finding]:
    """The findings of a text that flake8 has parsed already, judged with the project around `filename`.

    A text that differs from the file on disk is checked in its place. Raises SettingsError.
    """
    request = Request(overrides=overrides or {})
    name = os.path.abspath(filename)
    key = (
        os.path.dirname(name),
        os.getcwd(),
        tuple(sorted((k, str(v)) for k, v in request.overrides.items())),
    )
    known = _projects.get(key)
    if known is None:
        settings = settings_for(name, request)
        whole = (settings, os.getcwd())
        known = _projects[key] = _projects.get(whole) or _Project(Workspace(settings))
        _projects[whole] = known
    relative = known.workspace.relative(name)
    try:
        if _plain(known.workspace.read(relative)) == _plain(data):
            return known.findings(relative)
    except OSError:
        pass
    # Another text may define or lose handlers and imports: it is looked at afresh, with the files around it.
    workspace = Workspace(known.workspace.settings, {relative: data})
    for part in ("listing", "deployments"):
        workspace.__dict__[part] = getattr(known.workspace, part)
    return Checker(workspace, [relative], alone=True, parsed=True).check(relative)[0]


def _plain(data: bytes) -> bytes:
    """Bytes without what flake8 and editors take off: the byte order mark and the kind of newlines."""
    return data.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n")
