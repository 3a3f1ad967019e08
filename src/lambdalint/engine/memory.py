"""What an earlier run found in a project, as long as nothing that it looked at has changed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lambdalint.engine import cache, stored
from lambdalint.engine.kept import Kept
from lambdalint.engine.observed import Seen, digest
from lambdalint.engine.stored import Answer

if TYPE_CHECKING:
    from lambdalint.engine.workspace import Workspace

_GROWTH = 4  # a fourth more answers are worth a write: the writes of a run stay few


class Memory:
    """The answers for one workspace; `wanted` are the files asked for, where the answers depend on that.

    Loaded, and held against the files on disk, when it is first asked.
    """

    def __init__(self, workspace: Workspace, folder: str, wanted: Sequence[str] | None) -> None:
        self._workspace = workspace
        self._folder = cache.Folder(folder)
        self.kept = Kept(workspace, self._folder)  # what holds of the parts where the whole has changed
        self._wanted = wanted
        self._answers: dict[str, Answer] | None = None
        self._inline: dict[str, str] | None = None
        self._name = ""
        self._unsaved = 0

    @property
    def inline(self) -> dict[str, str] | None:
        """The code in templates that was found: its path → the template; None where that isn't known."""
        self._load()
        return self._inline

    def find(self, question: str) -> Answer | None:
        """The answer for a file by its path, or another question."""
        return self._load().get(question)

    def keep(self, question: str, answer: Answer) -> None:
        self._load()[question] = answer
        self._unsaved += 1

    def save(self, *, often: bool = False) -> None:
        """Write what is new; `often` where it is called after each answer and mostly does nothing."""
        answers = self._load()
        reads = self._workspace.reads
        if not self._unsaved or not reads.steady or (often and self._unsaved * _GROWTH < len(answers)):
            return
        self._unsaved = 0
        self.kept.save()
        self._folder.store(
            self._name,
            {
                "files": self._listing(),
                "seen": {path: [seen.digest, *seen.stamp] for path, seen in reads.seen.items()},
                "inline": self._templates(),
                "answers": {question: stored.encode_answer(answer) for question, answer in answers.items()},
            },
        )

    def finish(self) -> None:
        """Write what is new, beside what other processes found meanwhile."""
        if not self._unsaved or self._answers is None or not os.path.isdir(self._workspace.root):
            return
        try:
            others, _ = self._read(self._folder.load(self._name))
        except (AttributeError, KeyError, TypeError, ValueError):
            others = {}
        self._answers = {**others, **self._answers}
        self.save()

    def _templates(self) -> dict[str, str]:
        if self._inline is None:
            self._inline = {path: code.template for path, code in self._workspace.inline.items()}
        return self._inline

    def _listing(self) -> str:
        """Which files there are: the walk over them is done anew in each run."""
        listing = self._workspace.listing
        lines = (*listing.python, "", *listing.deployment_candidates)
        return digest("\0".join(lines).encode("utf-8", "surrogateescape"))

    def _load(self) -> dict[str, Answer]:
        if self._answers is None:
            settings = replace(self._workspace.settings, cache_dir="")
            self._name = cache.key(settings, os.getcwd(), self._wanted)
            try:
                self._answers, self._inline = self._read(self._folder.load(self._name))
            except (AttributeError, KeyError, TypeError, ValueError):
                self._answers, self._inline = {}, None
        return self._answers

    def _read(self, entry: Any) -> tuple[dict[str, Answer], dict[str, str] | None]:
        if entry is None or entry["files"] != self._listing():
            return {}, None
        reads = self._workspace.reads
        renewed = 0
        for path, (known, *stamp) in entry["seen"].items():
            then = Seen(known, tuple(stamp))
            if not reads.same(path, then):
                return {}, None
            renewed += reads.seen[path] != then
        answers = {str(question): stored.decode_answer(values) for question, values in entry["answers"].items()}
        inline = {str(path): str(template) for path, template in entry["inline"].items()}
        self._unsaved += renewed  # where the file system can be relied on now, the next run needn't read
        return answers, inline


def memory(workspace: Workspace, wanted: Sequence[str] | None, cache_dir: str | None) -> Memory:
    """The memory of a workspace, in `cache_dir` or where the settings say."""
    settings = workspace.settings
    return Memory(workspace, cache.folder_for(settings.root, settings.cache_dir, cache_dir), wanted)
