"""What the client at the other end can do."""

from __future__ import annotations

from lsprotocol import types


def pulls(client: types.ClientCapabilities) -> bool:
    """Whether it asks for diagnostics; one that doesn't is sent them."""
    return client.text_document is not None and client.text_document.diagnostic is not None


def refreshes(client: types.ClientCapabilities) -> bool:
    """Whether it can be told to ask again."""
    workspace = client.workspace
    return workspace is not None and bool(workspace.diagnostics and workspace.diagnostics.refresh_support)


def watches(client: types.ClientCapabilities) -> bool:
    """Whether it can be asked to watch files."""
    watched = client.workspace.did_change_watched_files if client.workspace is not None else None
    return watched is not None and bool(watched.dynamic_registration)


def configures(client: types.ClientCapabilities) -> bool:
    """Whether it can be asked for the user's settings."""
    return client.workspace is not None and bool(client.workspace.configuration)


def tells_configuration(client: types.ClientCapabilities) -> bool:
    """Whether it can be asked to tell when the user's settings change."""
    change = client.workspace.did_change_configuration if client.workspace is not None else None
    return change is not None and bool(change.dynamic_registration)


def refreshes_lenses(client: types.ClientCapabilities) -> bool:
    """Whether it can be told to ask for code lenses again."""
    workspace = client.workspace
    return workspace is not None and bool(workspace.code_lens and workspace.code_lens.refresh_support)


def shows_progress(client: types.ClientCapabilities) -> bool:
    return client.window is not None and bool(client.window.work_done_progress)


def markup(client: types.ClientCapabilities) -> types.MarkupKind:
    """How a hover is written: Markdown, unless the client knows only plain text."""
    hover = client.text_document.hover if client.text_document is not None else None
    formats = hover.content_format if hover is not None else None
    plain = formats and types.MarkupKind.Markdown not in formats
    return types.MarkupKind.PlainText if plain else types.MarkupKind.Markdown


def resolves_edits(client: types.ClientCapabilities) -> bool:
    """Whether it asks for the edit of an action when that is chosen."""
    action = client.text_document.code_action if client.text_document is not None else None
    support = action.resolve_support if action is not None else None
    return support is not None and "edit" in support.properties


def keeps_versions(client: types.ClientCapabilities) -> bool:
    """Whether a change can say for which version of a document it is."""
    edit = client.workspace.workspace_edit if client.workspace is not None else None
    return edit is not None and bool(edit.document_changes)
