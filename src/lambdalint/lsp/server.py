"""The server: which message leads where."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from lambdalint import __version__
from lambdalint.lsp import actions, client, lenient
from lambdalint.lsp.checking import Checked, Desk
from lambdalint.lsp.convert import Places
from lambdalint.lsp.diagnostics import SOURCE
from lambdalint.lsp.documents import Document, path_of
from lambdalint.lsp.hover import hover
from lambdalint.lsp.projects import concerns
from lambdalint.lsp.shield import protocol_streams

# What a project's findings depend on, besides the open texts.
_WATCHED = "**/{*.py,*.toml,*.yaml,*.yml,*.json,*.template,*.tf,*.ts,Dockerfile*,.gitignore}"
_PARENT_CHECK = 5.0  # seconds


class Server(LanguageServer):
    """The server with its documents."""

    def __init__(self) -> None:
        super().__init__(
            SOURCE,
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Full,
            converter_factory=lenient.converter,
        )
        self.desk = Desk()
        self._told: set[str] = set()
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
        checked = await self.desk.current(uri)
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

    def set_folders(self) -> None:
        paths = map(path_of, self.workspace.folders)
        self.desk.projects.folders = tuple(path for path in paths if path is not None)

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

    async def resolved(self, action: types.CodeAction) -> types.CodeAction:
        """An action with its edit; without one where the text has changed since it was offered."""
        order: Any = action.data
        document = self.desk.documents.get(order["uri"])
        if document is not None and document.version == order["version"]:
            edits = await self.desk.repair(document, order["unsafe"], order["code"])
            places = Places(document.source, self.desk.codec)
            action.edit = actions.versioned(
                document, [places.edit(edit) for edit in edits], client.keeps_versions(self.abilities)
            )
        return action


def make() -> Server:
    """The server with all its features."""
    server = Server()
    _lifetime(server)
    _documents(server)
    _questions(server)
    return server


def _lifetime(server: Server) -> None:
    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.desk.codec = server.workspace.position_codec
        server.set_folders()
        if client.pulls(params.capabilities):
            options = types.DiagnosticOptions(
                inter_file_dependencies=True, workspace_diagnostics=False, identifier=SOURCE
            )
            server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, options)(pull)

    async def pull(params: types.DocumentDiagnosticParams) -> types.RelatedFullDocumentDiagnosticReport:
        checked = await server.current(params.text_document.uri)
        return types.RelatedFullDocumentDiagnosticReport(items=list(checked.diagnostics) if checked is not None else [])

    @server.feature(types.INITIALIZED)
    def initialized(params: types.InitializedParams) -> None:
        server.start(server.end_with_parent())
        if client.watches(server.abilities):
            watcher = types.FileSystemWatcher(glob_pattern=_WATCHED)
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers=[watcher])
            method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
            server.client_register_capability(
                types.RegistrationParams([types.Registration("lambdalint-files", method, options)])
            )

    @server.feature(types.SHUTDOWN)
    def shutdown(params: None) -> None:
        server.desk.stop()


def _documents(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: types.DidOpenTextDocumentParams) -> None:
        one = params.text_document
        server.desk.opened(Document(one.uri, one.version, one.text))
        server.again()

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: types.DidChangeTextDocumentParams) -> None:
        uri = params.text_document.uri
        text = server.workspace.get_text_document(uri).source
        server.desk.changed(Document(uri, params.text_document.version, text))
        server.again()

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def saved(params: types.DidSaveTextDocumentParams) -> None:
        if not client.watches(server.abilities):  # others tell what was changed beside the open texts
            server.disk_changed()

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        server.desk.closed(uri)
        if not client.pulls(server.abilities):
            server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))
        server.again()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def watched(params: types.DidChangeWatchedFilesParams) -> None:
        if concerns(path for change in params.changes if (path := path_of(change.uri)) is not None):
            server.disk_changed()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    async def folders(params: types.DidChangeWorkspaceFoldersParams) -> None:
        server.set_folders()
        server.disk_changed()


def _questions(server: Server) -> None:
    options = types.CodeActionOptions(code_action_kinds=actions.KINDS, resolve_provider=True)

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
    async def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        document = server.desk.documents.get(params.text_document.uri)
        checked = await server.current(params.text_document.uri)
        if checked is None or document is None or checked.document is not document:
            return []
        only = params.context.only
        found: list[types.CodeAction] = []
        if actions.wanted(types.CodeActionKind.QuickFix.value, only):
            by_version = client.keeps_versions(server.abilities)
            found += actions.quick_fixes(document, params.context.diagnostics, checked.findings, by_version)
        if actions.wanted(actions.FIX_ALL, only):
            everything = actions.fix_all(document, checked.findings)
            found += [everything] if everything is not None else []
        if not client.resolves_edits(server.abilities):
            found = [await server.resolved(one) if one.edit is None else one for one in found]
        return found

    @server.feature(types.CODE_ACTION_RESOLVE)
    async def resolve(action: types.CodeAction) -> types.CodeAction:
        return await server.resolved(action)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hovered(params: types.HoverParams) -> types.Hover | None:
        document = server.desk.documents.get(params.text_document.uri)
        if document is None:
            return None
        checked = server.desk.known(document.uri)
        found = checked.diagnostics if checked is not None else ()
        return hover(Places(document.source, server.desk.codec), params.position, found)


def serve() -> int:
    """Serve one client on standard input and output, until it leaves."""
    incoming, outgoing = protocol_streams()
    gc.disable()  # the desk collects when nobody waits
    server = make()
    server.start_io(incoming, outgoing)
    sys.stderr.flush()
    # A check that is still running is of no use to anybody.
    os._exit(0)
