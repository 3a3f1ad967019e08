"""Which message leads where."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping
from typing import Any, NoReturn

from lsprotocol import types

from lambdalint.lsp import actions, client
from lambdalint.lsp.convert import Places
from lambdalint.lsp.diagnostics import SOURCE
from lambdalint.lsp.documents import Document, path_of
from lambdalint.lsp.hover import hover
from lambdalint.lsp.options import SECTION
from lambdalint.lsp.projects import concerns
from lambdalint.lsp.server import Server
from lambdalint.lsp.shield import protocol_streams

# What a project's findings depend on, besides the open texts.
_WATCHED = "**/{*.py,*.toml,*.yaml,*.yml,*.json,*.template,*.tf,*.ts,Dockerfile*,.gitignore}"


def make(overrides: Mapping[str, Any]) -> Server:
    """The server with all its features."""
    server = Server(overrides)
    _lifetime(server)
    _workspace(server)
    _documents(server)
    _fixes(server)
    _questions(server)
    return server


def _lifetime(server: Server) -> None:
    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.desk.codec = server.workspace.position_codec
        server.set_folders()
        server.options = server.options.updated(params.initialization_options)
        if client.pulls(params.capabilities):
            options = types.DiagnosticOptions(
                inter_file_dependencies=True, workspace_diagnostics=False, identifier=SOURCE
            )
            server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, options)(pull)

    async def pull(params: types.DocumentDiagnosticParams) -> types.RelatedFullDocumentDiagnosticReport:
        checked = await server.current(params.text_document.uri)
        return types.RelatedFullDocumentDiagnosticReport(items=list(checked.diagnostics) if checked is not None else [])

    @server.feature(types.INITIALIZED)
    async def initialized(params: types.InitializedParams) -> None:
        server.start(server.end_with_parent())
        wanted = []
        if client.watches(server.abilities):
            watcher = types.FileSystemWatcher(glob_pattern=_WATCHED)
            files = types.DidChangeWatchedFilesRegistrationOptions(watchers=[watcher])
            wanted.append(types.Registration("lambdalint-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, files))
        if client.tells_configuration(server.abilities):
            section = types.DidChangeConfigurationRegistrationOptions(section=SECTION)
            method = types.WORKSPACE_DID_CHANGE_CONFIGURATION
            wanted.append(types.Registration("lambdalint-settings", method, section))
        if wanted:
            server.client_register_capability(types.RegistrationParams(wanted))
        await server.ask_options()

    @server.feature(types.SHUTDOWN)
    def shutdown(params: None) -> None:
        server.desk.stop()
        server.is_shut_down = True

    @server.feature(types.EXIT)
    def exit(params: None) -> None:
        _leave(0 if server.is_shut_down else 1)


def _workspace(server: Server) -> None:
    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def watched(params: types.DidChangeWatchedFilesParams) -> None:
        if concerns(path for change in params.changes if (path := path_of(change.uri)) is not None):
            server.disk_changed()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    async def folders(params: types.DidChangeWorkspaceFoldersParams) -> None:
        server.set_folders()
        server.disk_changed()

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def configured(params: types.DidChangeConfigurationParams) -> None:
        server.set_options(params.settings)
        await server.ask_options()


def _documents(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: types.DidOpenTextDocumentParams) -> None:
        one = params.text_document
        server.desk.opened(Document(one.uri, one.version, one.text, one.language_id))
        server.again()

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: types.DidChangeTextDocumentParams) -> None:
        uri = params.text_document.uri
        now = server.workspace.get_text_document(uri)
        server.desk.changed(Document(uri, params.text_document.version, now.source, now.language_id or ""))
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


def _fixes(server: Server) -> None:
    options = types.CodeActionOptions(code_action_kinds=actions.KINDS, resolve_provider=True)

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
    async def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        document = server.desk.documents.get(params.text_document.uri)
        if document is None:
            return []
        only = params.context.only
        found: list[types.CodeAction] = []
        if actions.wanted(types.CodeActionKind.QuickFix.value, only):
            by_version = client.keeps_versions(server.abilities)
            known = server.desk.known(document.uri)
            sent = known.diagnostics if known is not None else ()
            found += actions.quick_fixes(document, params.context.diagnostics, sent, by_version)
        if actions.wanted(actions.FIX_ALL, only):
            checked = await server.current(document.uri)
            if checked is None or checked.document is not document:
                return []  # the text has changed meanwhile
            everything = actions.fix_all(document, checked.findings)
            found += [everything] if everything is not None else []
        if not client.resolves_edits(server.abilities):
            found = [await server.resolved(one) if one.edit is None else one for one in found]
        return found

    @server.feature(types.CODE_ACTION_RESOLVE)
    async def resolve(action: types.CodeAction) -> types.CodeAction:
        return await server.resolved(action)


def _questions(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hovered(params: types.HoverParams) -> types.Hover | None:
        document = server.desk.documents.get(params.text_document.uri)
        if document is None:
            return None
        checked = server.desk.known(document.uri)
        found = checked.diagnostics if checked is not None else ()
        kind = client.markup(server.abilities)
        return hover(Places(document.source, server.desk.codec), params.position, found, kind)

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions(resolve_provider=False))
    async def code_lens(params: types.CodeLensParams) -> list[types.CodeLens]:
        return await server.lenses(params.text_document.uri)


def serve(overrides: Mapping[str, Any]) -> int:
    """Serve one client on standard input and output, until it leaves. `overrides`: see `session.Request`."""
    incoming, outgoing = protocol_streams()
    gc.disable()  # the desk collects when nobody waits
    server = make(overrides)
    server.start_io(incoming, outgoing)
    _leave(0)


def _leave(code: int) -> NoReturn:
    """End at once: a check that is still running is of no use to anybody."""
    sys.stderr.flush()
    os._exit(code)
