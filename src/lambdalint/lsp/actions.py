"""What can be done about findings, made from the data that their diagnostics carry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    document: Document, asked: Iterable[types.Diagnostic], findings: Sequence[Finding], by_version: bool
) -> Iterator[types.CodeAction]:
    """For each of our diagnostics: its fix, all fixes of its rule (to be resolved), and silence on its line."""
    for diagnostic in asked:
        data: Any = diagnostic.data
        # A diagnostic of an older text has its edits in the wrong places.
        if diagnostic.source != SOURCE or not isinstance(data, dict) or data.get("version") != document.version:
            continue
        code, fix = data["code"], data["fix"]
        if fix is not None:
            yield types.CodeAction(
                title=f"{code}: {fix['title']}{_warning(fix['safe'])}",
                kind=types.CodeActionKind.QuickFix,
                diagnostics=[diagnostic],
                is_preferred=True if fix["safe"] else None,
                edit=versioned(document, [_edit(edit) for edit in fix["edits"]], by_version),
            )
            if sum(_fixable(finding, code, not fix["safe"]) for finding in findings) > 1:
                yield types.CodeAction(
                    title=f"{code}: Fix all in this file{_warning(fix['safe'])}",
                    kind=types.CodeActionKind.QuickFix,
                    diagnostics=[diagnostic],
                    data=_order(document, code, not fix["safe"]),
                )
        if data["noqa"] is not None:
            yield types.CodeAction(
                title=f"{code}: Disable for this line",
                kind=types.CodeActionKind.QuickFix,
                diagnostics=[diagnostic],
                edit=versioned(document, [_edit(data["noqa"])], by_version),
            )


def fix_all(document: Document, findings: Sequence[Finding]) -> types.CodeAction | None:
    """All safe fixes of a document, to be resolved."""
    if not any(_fixable(finding, finding.code, False) for finding in findings):
        return None
    return types.CodeAction(title="lambdalint: Fix all that is safe", kind=FIX_ALL, data=_order(document, None, False))


def _order(document: Document, code: str | None, unsafe: bool) -> dict[str, Any]:
    return {"uri": document.uri, "version": document.version, "code": code, "unsafe": unsafe}


def _fixable(finding: Finding, code: str, unsafe: bool) -> bool:
    return finding.code == code and finding.fix is not None and (unsafe or finding.fix.safety is Safety.SAFE)


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
