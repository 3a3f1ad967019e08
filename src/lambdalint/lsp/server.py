"""The server: its documents, its client, and what it tells that client by itself."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInternalError
from pygls.lsp.server import LanguageServer

from lambdalint import __version__
from lambdalint.engine.check import UNREADABLE
from lambdalint.lsp import actions, client, lenient, progress
from lambdalint.lsp.checking import Checked, Desk
from lambdalint.lsp.convert import Places
from lambdalint.lsp.diagnostics import SOURCE
from lambdalint.lsp.documents import path_of
from lambdalint.lsp.lenses import lenses
from lambdalint.lsp.options import SECTION, Options
from lambdalint.settings import SettingsError

_PARENT_CHECK = 5.0  # seconds


class Server(LanguageServer):
    """The server with its documents."""

    def __init__(self, overrides: Mapping[str, Any]) -> None:
        super().__init__(
            SOURCE,
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Full,
            converter_factory=lenient.converter,
        )
        self.desk = Desk(overrides)
        self.options = Options()
        self.is_shut_down = False
        self._told: set[str] = set()
        self._lenses: dict[str, list[types.CodeLens]] = {}
        self._publishing: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def abilities(self) -> types.ClientCapabilities:
        return self.protocol.client_capabilities

    def start(self, work: Any) -> None:
        """Run a coroutine beside the messages."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """What can't be sent can't be told either: pygls would tell of that again, until its stack is full."""
        if source is not JsonRpcInternalError:
            super().report_server_error(error, source)

    # --- findings --------------------------------------------------------------------

    def again(self) -> None:
        """Something changed: send what is found now, unless the client asks for it."""
        if client.pulls(self.abilities):
            return
        if self._publishing is not None:
            self._publishing.cancel()
        self._publishing = asyncio.get_running_loop().create_task(self._publish())

    async def _publish(self) -> None:
        for uri in reversed(list(self.desk.documents)):  # the one that is typed in first
            checked = await self.current(uri)
            if checked is not None:
                self.text_document_publish_diagnostics(
                    types.PublishDiagnosticsParams(uri, list(checked.diagnostics), checked.document.version)
                )

    async def current(self, uri: str) -> Checked | None:
        """What holds for a document; trouble with its project is told once."""
        work = self.desk.current(uri)
        if client.shows_progress(self.abilities) and self.desk.is_new(uri):
            checked = await progress.told(self, "lambdalint: looking at the project", work)
        else:
            checked = await work
        trouble = checked.trouble if checked is not None else ""
        if trouble and trouble not in self._told:
            self._told.add(trouble)
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"lambdalint: {trouble}"))
        return checked

    def disk_changed(self) -> None:
        self._told.clear()
        self.desk.disk_changed()
        self.again()
        if client.pulls(self.abilities) and client.refreshes(self.abilities):
            self.workspace_diagnostic_refresh(None)
        self.refresh_lenses()

    # --- what the user set -------------------------------------------------------------

    def set_folders(self) -> None:
        paths = map(path_of, self.workspace.folders)
        self.desk.projects.folders = tuple(path for path in paths if path is not None)

    def set_options(self, said: Any) -> None:
        before, self.options = self.options, self.options.updated(said)
        if before != self.options:
            self.refresh_lenses()

    async def ask_options(self) -> None:
        if client.configures(self.abilities):
            items = [types.ConfigurationItem(section=SECTION)]
            for said in await self.workspace_configuration_async(types.ConfigurationParams(items)) or ():
                self.set_options(said)

    # --- lenses --------------------------------------------------------------------------

    def refresh_lenses(self) -> None:
        if client.refreshes_lenses(self.abilities):
            self.workspace_code_lens_refresh(None)

    async def lenses(self, uri: str) -> list[types.CodeLens]:
        """Those of an open document, once it is quiet."""
        checked = await self.current(uri) if self.options.code_lens else None
        path = checked.document.path if checked is not None and checked.document.is_checked else None
        if checked is None or path is None:
            return []
        if any(finding.code == UNREADABLE[0] for finding in checked.findings):
            return self._lenses.get(uri, [])  # while a line is being typed, what was counted stays
        try:
            found = await self.desk.ask(lambda projects, buffers: projects.invocations(path, buffers))
        except SettingsError:  # told with the findings
            return []
        self._lenses[uri] = list(lenses(found))
        return self._lenses[uri]

    # --- fixes ---------------------------------------------------------------------------

    async def resolved(self, action: types.CodeAction) -> types.CodeAction:
        """An action with its edit; without one where the text has changed since it was offered."""
        order: Any = action.data
        document = self.desk.documents.get(order["uri"])
        path = document.path if document is not None else None
        if document is not None and path is not None and document.version == order["version"]:
            unsafe, code = order["unsafe"], order.get("code")  # null is left out by some clients
            edits = await self.desk.ask(lambda projects, buffers: projects.repair(path, buffers, unsafe, code))
            places = Places(document.source, self.desk.codec)
            action.edit = actions.versioned(
                document, [places.edit(edit) for edit in edits], client.keeps_versions(self.abilities)
            )
        return action

    async def end_with_parent(self) -> None:
        """A parent that was killed may leave the pipe open in another child of its own."""
        while self.process_id is not None and os.name == "posix":
            try:
                os.kill(self.process_id, 0)
            except ProcessLookupError:
                os._exit(0)
            except PermissionError:
                pass
            await asyncio.sleep(_PARENT_CHECK)
