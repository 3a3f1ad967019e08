"""What can be done about findings, made from the data that their diagnostics carry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lsprotocol import types

from lambdalint.findings import Finding, Safety
from lambdalint.lsp.diagnostics import SOURCE
from lambdalint.lsp.documents import Document

FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.{SOURCE}"
KINDS = [types.CodeActionKind.QuickFix, FIX_ALL]


def wanted(kind: str, only: Sequence[str | types.CodeActionKind] | None) -> bool:
    """Whether the client asked for this kind, by name or by the beginning of its name."""
    return only is None or any(f"{kind}.".startswith(f"{getattr(one, 'value', one)}.") for one in only)


def versioned(document: Document, edits: list[types.TextEdit], by_version: bool) -> types.WorkspaceEdit:
    """A change of this version of a document alone, where the client knows such changes."""
    if not by_version:
        return types.WorkspaceEdit(changes={document.uri: edits})
    name = types.OptionalVersionedTextDocumentIdentifier(uri=document.uri, version=document.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(name, list(edits))])


def quick_fixes(
    document: Document, asked: Iterable[types.Diagnostic], known: Sequence[types.Diagnostic], by_version: bool
) -> Iterator[types.CodeAction]:
    """For each of our diagnostics: its fix, all fixes of its rule (to be resolved), and silence on its line.

    `known` are the diagnostics of the document as they were last sent, for clients that don't send back their data.
    Others leave out of it what is null.
    """
    for diagnostic in asked:
        data = _data(diagnostic, known)
        # A diagnostic of an older text has its edits in the wrong places.
        if data is None or data.get("version") != document.version:
            continue
        code, fix = data["code"], data.get("fix")
        if fix is not None:
            yield types.CodeAction(
                title=f"{code}: {fix['title']}{_warning(fix['safe'])}",
                kind=types.CodeActionKind.QuickFix,
                diagnostics=[diagnostic],
                is_preferred=True if fix["safe"] else None,
                edit=versioned(document, [_edit(edit) for edit in fix["edits"]], by_version),
            )
            if fix["several"]:
                yield types.CodeAction(
                    title=f"{code}: Fix all in this file{_warning(fix['safe'])}",
                    kind=types.CodeActionKind.QuickFix,
                    diagnostics=[diagnostic],
                    data=_order(document, code, not fix["safe"]),
                )
        if data.get("noqa") is not None:
            yield types.CodeAction(
                title=f"{code}: Disable for this line",
                kind=types.CodeActionKind.QuickFix,
                diagnostics=[diagnostic],
                edit=versioned(document, [_edit(data["noqa"])], by_version),
            )


def fix_all(document: Document, findings: Iterable[Finding]) -> types.CodeAction | None:
    """All safe fixes of a document, to be resolved."""
    if not any(finding.fix is not None and finding.fix.safety is Safety.SAFE for finding in findings):
        return None
    return types.CodeAction(title="lambdalint: Fix all that is safe", kind=FIX_ALL, data=_order(document, None, False))


def _data(diagnostic: types.Diagnostic, known: Iterable[types.Diagnostic]) -> Mapping[str, Any] | None:
    """What a diagnostic of ours carries, or carried when it was sent."""
    if diagnostic.source != SOURCE:
        return None
    if isinstance(diagnostic.data, dict):
        return diagnostic.data
    alike = (one for one in known if (one.code, one.range) == (diagnostic.code, diagnostic.range))
    found = next(alike, None)
    return found.data if found is not None and isinstance(found.data, dict) else None


def _order(document: Document, code: str | None, unsafe: bool) -> dict[str, Any]:
    return {"uri": document.uri, "version": document.version, "code": code, "unsafe": unsafe}


def _warning(safe: bool) -> str:
    return "" if safe else " (unsafe: may change behaviour)"


def _edit(data: Any) -> types.TextEdit:
    start, end = data["range"]["start"], data["range"]["end"]
    return types.TextEdit(
        types.Range(
            types.Position(start["line"], start["character"]),
            types.Position(end["line"], end["character"]),
        ),
        data["newText"],
    )
