"""The same session with the capabilities of real clients, as pytest-lsp has them on record."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pytest_lsp import LanguageClient, client_capabilities, make_test_lsp_client
from stdio_client import CLIENT, START, TOP

PROFILES = {  # and whether they ask for diagnostics, and the units they count in
    "neovim@0.11": (True, "utf-8"),
    "neovim@0.7": (False, "utf-16"),
    "visual-studio-code": (False, "utf-16"),  # of 1.65, before it asked
    "emacs@29": (False, "utf-32"),
}


async def session(profile: str, folder: Path) -> dict[str, Any]:
    """What a client of this kind is told of a text with an emoji, and what fixing all makes of it."""
    text = CLIENT.replace("    client = ", '    a = "\N{ROCKET}"; client = ')
    uri = (folder / "app.py").as_uri()
    client: LanguageClient = make_test_lsp_client()
    path = os.pathsep.join([str(TOP / "src"), *filter(None, [os.environ.get("PYTHONPATH")])])
    await client.start_io(
        sys.executable, "-c", START, "server", cwd=str(folder), env={**os.environ, "PYTHONPATH": path}
    )
    try:
        server = await client.initialize_session(
            types.InitializeParams(
                capabilities=client_capabilities(profile),
                workspace_folders=[types.WorkspaceFolder(uri=folder.as_uri(), name="project")],
            )
        )
        client.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, types.LanguageKind.Python, 1, text))
        )
        document = types.TextDocumentIdentifier(uri)
        pulls = server.capabilities.diagnostic_provider is not None
        if pulls:
            report = await client.text_document_diagnostic_async(types.DocumentDiagnosticParams(document))
            assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
            found = list(report.items)
        else:
            await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
            found = list(client.diagnostics[uri])
        actions = await client.text_document_code_action_async(
            types.CodeActionParams(document, found[0].range, types.CodeActionContext(found))
        )
        everything = await client.text_document_code_action_async(
            types.CodeActionParams(
                document, found[0].range, types.CodeActionContext([], only=[types.CodeActionKind.SourceFixAll])
            )
        )
        assert everything is not None
        (whole,) = everything
        assert isinstance(whole, types.CodeAction)
        if whole.edit is None:
            whole = await client.code_action_resolve_async(whole)
        return {
            "pulls": pulls,
            "encoding": server.capabilities.position_encoding,
            "pushed": uri in client.diagnostics,
            "found": [(one.code, one.range.start.line, one.range.start.character) for one in found],
            "titles": [one.title for one in actions or ()],
            "whole": whole.edit,
        }
    finally:
        await client.shutdown_session()
        await client.stop()


@pytest.mark.parametrize("profile", PROFILES)
def test_a_session(profile: str, folder: Path) -> None:
    pulls, encoding = PROFILES[profile]
    told = asyncio.run(session(profile, folder))
    column = {"utf-8": 25, "utf-16": 23, "utf-32": 22}[encoding]
    assert (told["pulls"], told["pushed"], told["encoding"]) == (pulls, not pulls, encoding)
    assert told["found"] == [("LMB101", 4, column)]
    assert len(told["titles"]) == 3
    assert told["titles"][1:] == ["LMB101: Disable for this line", "lambdalint: Fix all that is safe"]
    edit = told["whole"]
    edits = edit.document_changes[0].edits if edit.document_changes else next(iter(edit.changes.values()))
    assert any('boto3.client("s3")' in one.new_text for one in edits)
