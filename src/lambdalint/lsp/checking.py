"""When open texts are checked: once they are quiet, one after the other; what is stale is given up."""

from __future__ import annotations

import asyncio
import gc
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from lsprotocol import types
from pygls.workspace import PositionCodec

from lambdalint.checkpoints import Abandoned, until
from lambdalint.engine.check import UNREADABLE
from lambdalint.findings import Finding
from lambdalint.lsp.convert import Places
from lambdalint.lsp.diagnostics import diagnostics
from lambdalint.lsp.documents import Document
from lambdalint.lsp.projects import Buffers, Projects
from lambdalint.settings import SettingsError

QUIET = 0.2  # seconds without a change before anything is said
EARLY = 0.05  # seconds without a change before a check begins: the next keystroke only costs what was begun
IDLE = 1.0  # seconds without a change before garbage is collected, which no keystroke should wait for
_MOST_GARBAGE = 4  # checks whose garbage may lie about meanwhile
Answer = TypeVar("Answer")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Checked:
    """What was found in one version of a text. `trouble` is what keeps the project from being checked."""

    document: Document
    generation: int
    findings: tuple[Finding, ...]
    diagnostics: tuple[types.Diagnostic, ...]
    trouble: str = ""


class Desk:
    """The open documents and what is known of them; its methods belong to the server's event loop."""

    def __init__(self, overrides: Mapping[str, Any]) -> None:
        self.documents: dict[str, Document] = {}
        self.projects = Projects(overrides)
        self.codec = PositionCodec()
        self.generation = 0  # counts what may change findings, in any file
        self._changed_at = 0.0
        self._results: dict[str, Checked] = {}
        self._lock = asyncio.Lock()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lambdalint")
        self._uncollected = 0

    # --- what happens ----------------------------------------------------------------

    def opened(self, document: Document) -> None:
        self.documents.pop(document.uri, None)
        self.documents[document.uri] = document  # the newest is the last
        self.generation += 1

    def changed(self, document: Document) -> None:
        self.opened(document)
        self._changed_at = time.monotonic()

    def closed(self, uri: str) -> None:
        self.documents.pop(uri, None)
        self._results.pop(uri, None)
        self.generation += 1

    def disk_changed(self) -> None:
        """Files that aren't open have changed."""
        self._worker.submit(self.projects.forget)
        self.generation += 1

    def stop(self) -> None:
        """Give up what is being checked: nobody asks any more."""
        self.documents.clear()
        self.generation += 1

    # --- what is asked ---------------------------------------------------------------

    async def current(self, uri: str) -> Checked | None:
        """What holds for the newest text of a document; None where it isn't open."""
        while uri in self.documents:
            await self._quiet_for(EARLY)
            async with self._lock:
                known = self._results.get(uri)
                document = self.documents.get(uri)
                if document is None or self._quiet() < EARLY:
                    continue
                if known is None or known.generation != self.generation:
                    await self._run(document, known)
            await self._quiet_for(QUIET)
            known = self._results.get(uri)
            if known is not None and known.generation == self.generation:
                return known
        return None

    def _quiet(self) -> float:
        """For how many seconds nothing was changed."""
        return time.monotonic() - self._changed_at

    async def _quiet_for(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds - self._quiet()))

    async def _run(self, document: Document, known: Checked | None) -> None:
        """Check a document, unless something changes meanwhile."""
        loop = asyncio.get_running_loop()
        generation = self.generation
        checked = await loop.run_in_executor(self._worker, self._check, document, self._buffers(), generation, known)
        if checked is not None and generation == self.generation:
            self._results[document.uri] = checked
        self._uncollected += 1
        if self._uncollected >= _MOST_GARBAGE:
            self._uncollected = 0
            self._worker.submit(gc.collect)
        loop.call_later(IDLE, self._tidy, generation)

    def _tidy(self, generation: int) -> None:
        if generation == self.generation and self._uncollected:
            self._uncollected = 0
            self._worker.submit(_collect_all)

    def known(self, uri: str) -> Checked | None:
        """What was last found for a document, if that is the text that it holds now."""
        found = self._results.get(uri)
        return found if found is not None and found.document is self.documents.get(uri) else None

    def is_new(self, uri: str) -> bool:
        """Whether an open document was never checked."""
        return uri in self.documents and uri not in self._results

    async def ask(self, question: Callable[[Projects, Buffers], Answer]) -> Answer:
        """What the projects say, with the open texts as they are now; asked where they are at home."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, question, self.projects, self._buffers())

    # --- in the worker ---------------------------------------------------------------

    def _buffers(self) -> Mapping[str, bytes]:
        return {one.path: one.data for one in self.documents.values() if one.path is not None and one.is_checked}

    def _check(
        self, document: Document, buffers: Mapping[str, bytes], generation: int, before: Checked | None
    ) -> Checked | None:
        """What is found in a document; None where that was given up for something newer."""
        kept = before.diagnostics if before is not None else ()
        last = before.findings if before is not None else ()
        if document.path is None or not document.is_checked:
            return Checked(document, generation, (), ())
        try:
            with until(lambda: generation != self.generation):
                findings = self.projects.check(document.path, buffers)
            found = tuple(diagnostics(document, findings, Places(document.source, self.codec)))
        except Abandoned:
            return None
        except SettingsError as error:
            told = error.file in buffers  # where it stands: the file is open too
            return Checked(document, generation, last, kept, "" if told else str(error))
        except Exception as error:  # a broken file must not end the server
            _log.exception("%s can't be checked", document.uri)
            return Checked(document, generation, last, kept, f"{type(error).__name__}: {error}".partition("\n")[0])
        if findings and all(finding.code == UNREADABLE[0] for finding in findings):
            # While a line is being typed, what was found stays.
            found = (*(one for one in kept if one.code != UNREADABLE[0]), *found)
        return Checked(document, generation, tuple(findings), found)


def _collect_all() -> None:
    """Collect all garbage, and leave out what is alive from what is looked through next time."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
