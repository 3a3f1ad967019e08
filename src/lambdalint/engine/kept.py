"""What earlier runs found out part by part: what is left of their work when something in the project has changed.

A part's findings are taken over where its files, what the descriptions and the settings say of it, and the answers to
all that its analysis asked about the rest of the project are what they were. A file that no handler runs or
imports hangs on itself alone.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lambdalint.engine import cache, stored
from lambdalint.engine.asked import Question, Rest
from lambdalint.engine.observed import digest
from lambdalint.settings import Settings, ignored_in

if TYPE_CHECKING:
    from lambdalint.engine.stored import Answer
    from lambdalint.engine.workspace import Workspace
    from lambdalint.semantics.declared import Unresolved
    from lambdalint.semantics.part import Part

_GENERAL = Settings("")


@dataclass(frozen=True)
class Missing:
    """A declared handler without its function: the number of the deployed function in its part, and what is said."""

    number: int
    reason: str
    surely: bool
    instead: str


@dataclass
class Outcome:
    """What came of a part's analysis: the answers for its files, or the files of other parts that it loads."""

    answers: dict[str, Answer] = field(default_factory=dict)
    strayed: frozenset[str] = frozenset()
    missing: tuple[Missing, ...] = ()

    @staticmethod
    def of(
        part: Part, answers: dict[str, Answer], strayed: frozenset[str], unresolved: Iterable[Unresolved]
    ) -> Outcome:
        numbers = {function: number for number, function in enumerate(part.functions)}
        missing = (Missing(numbers[one.deployed], one.reason, one.surely, one.instead) for one in unresolved)
        return Outcome(answers, strayed, tuple(missing))

    def declared(self, part: Part) -> list[Unresolved]:
        """The declarations of the part that came to nothing."""
        from lambdalint.semantics.declared import Unresolved

        return [Unresolved(part.functions[one.number], one.reason, one.surely, one.instead) for one in self.missing]


class Kept:
    """The outcomes of one workspace's parts, loaded when first asked for."""

    def __init__(self, workspace: Workspace, folder: cache.Folder) -> None:
        self._workspace = workspace
        self._folder = folder
        self._rest = Rest(workspace)
        self._used: dict[str, Any] = {}  # the entries that hold now, by the names of their parts
        self._plain: dict[str, Any] = {}
        self._names: dict[Part, str] = {}
        self.there: Collection[Part] = ()  # the parts that there are, asked about or not
        self._changed = False

    # --- what is known ---------------------------------------------------------------------------

    def part(self, part: Part) -> Outcome | None:
        """What came of a part, where that still holds."""
        name = self._name_of(part)
        try:
            entry = self._entries["parts"].get(name)
            if entry is None or not self._same(entry["asked"]):
                return None
            outcome = Outcome(
                {str(path): stored.decode_answer(values) for path, values in entry["answers"].items()},
                frozenset(map(str, entry["strayed"])),
                tuple(
                    Missing(abs(number), str(why), bool(sure), str(other))
                    for number, why, sure, other in entry["missing"]
                ),
            )
        except (AttributeError, KeyError, TypeError, ValueError):
            return None
        if any(one.number >= len(part.functions) for one in outcome.missing):
            return None
        self._used[name] = entry
        return outcome

    def plain(self, path: str) -> Answer | None:
        """The answer for a file that no handler runs or imports."""
        try:
            known, *values = self._entries["plain"][path]
            if known != self._plainly(path):
                return None
            answer = stored.decode_answer(values)
        except (AttributeError, KeyError, TypeError, ValueError):
            return None
        self._plain[path] = [known, *values]
        return answer

    def _same(self, asked: Mapping[str, Mapping[str, Any]]) -> bool:
        """Whether the rest of the project gives the answers that it gave."""
        return all(
            self._rest.answer(kind, subject) == answer
            for kind, answers in asked.items()
            for subject, answer in answers.items()
        )

    # --- what is new ---------------------------------------------------------------------------

    def keep_part(self, part: Part, outcome: Outcome, asked: Collection[Question]) -> None:
        """Keep what came of a part, or of further files of it, by asking certain questions."""
        name = self._name_of(part)
        entry = self._used.get(name, {"asked": {}, "answers": {}})
        answers = {kind: dict(known) for kind, known in entry["asked"].items()}
        for kind, subject in sorted(asked):
            answers.setdefault(kind, {})[subject] = self._rest.answer(kind, subject)
        found = {path: stored.encode_answer(answer) for path, answer in outcome.answers.items()}
        self._used[name] = {
            "asked": answers,
            "answers": {**entry["answers"], **found},
            "strayed": sorted(outcome.strayed),
            "missing": [[one.number, one.reason, one.surely, one.instead] for one in outcome.missing],
        }
        self._changed = True

    def keep_plain(self, path: str, answer: Answer) -> None:
        self._plain[path] = [self._plainly(path), *stored.encode_answer(answer)]
        self._changed = True

    def save(self) -> None:
        """Write what is new, and what earlier runs knew of the parts that there are now."""
        if not self._changed:
            return
        names, paths = set(map(self._name_of, self.there)), set(self._workspace.python)
        old, old_plain = self._entries["parts"], self._entries["plain"]
        self._folder.store(
            self._file,
            {
                "parts": {**{name: old[name] for name in old if name in names}, **self._used},
                "plain": {**{path: old_plain[path] for path in old_plain if path in paths}, **self._plain},
            },
        )
        self._changed = False

    # --- names -----------------------------------------------------------------------------------

    @cached_property
    def _entries(self) -> dict[str, dict[str, Any]]:
        entry = self._folder.load(self._file)
        good = isinstance(entry, dict) and all(isinstance(entry.get(key), dict) for key in ("parts", "plain"))
        return entry if good else {"parts": {}, "plain": {}}

    @cached_property
    def _file(self) -> str:
        """The file for all runs whose settings differ at most in what single parts are asked for."""
        settings = self._workspace.settings
        general = {name: getattr(settings, name) for name in _WHOLE}
        return cache.key(replace(_GENERAL, **general), os.getcwd()) + "-parts"

    @cached_property
    def _candidates(self) -> frozenset[str]:
        return frozenset(self._workspace.candidates)

    def _name_of(self, part: Part) -> str:
        """Tells a part, as it is now, from all others.

        The lines of a description are left out: the model doesn't know them, and one more
        resource moves all that follow it.
        """
        if part not in self._names:
            self._names[part] = self._digest_of(part)
        return self._names[part]

    def _digest_of(self, part: Part) -> str:
        from lambdalint.semantics.handlers import configured

        workspace = self._workspace
        said = (
            sorted(part.handlers),
            sorted(self._candidates & part.handlers),
            [(path, self._plainly(path)) for path in sorted(part.files)],
            [(replace(function, line=0), workspace.file_of(function)) for function in part.functions],
            list(configured(workspace.settings.handlers, part.handlers)),
            sorted(_above(part.files).intersection(workspace.patched)),
        )
        return digest(repr(said).encode("utf-8", "surrogateescape"))

    def _plainly(self, path: str) -> str:
        """What the findings of one file hang on in any case: what it holds, and the codes that are ignored in it."""
        code = self._workspace.inline.get(path)
        ignored = ignored_in(code.template if code is not None else path, self._workspace.settings)
        return f"{self._rest.answer('file', path)} {' '.join(ignored)}".rstrip()


# The settings that concern all parts. Of the others, those on files show in the list of files, the handlers
# and the codes ignored in files in the parts, the folders that imports start from in what imports mean.
_WHOLE = (
    *("root", "select", "ignore", "extend_select", "extend_safe_fixes", "extend_unsafe_fixes"),
    *("reuse_style", "heavy_import_ms", "sparse_indexes", "calls", "line_length"),
)


def _above(paths: Collection[str]) -> set[str]:
    """The folders that some files are in, at any depth."""
    found = {""}
    for path in paths:
        folder = posixpath.dirname(path)
        while folder not in found:
            found.add(folder)
            folder = posixpath.dirname(folder)
    return found
