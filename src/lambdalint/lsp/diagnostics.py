"""Findings as the protocol's diagnostics, with all that their code actions need."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from typing import Any

from lsprotocol import types
from pygls import uris

from lambdalint.engine.silence import Silencer
from lambdalint.findings import Edit, Finding, Safety, Severity
from lambdalint.lsp import pages
from lambdalint.lsp.convert import Places
from lambdalint.lsp.documents import Document

SOURCE = "lambdalint"
_UNUSED = frozenset({"heavy-import-unused", "unused-suppression"})
_RUN = "LMB0"  # what the run itself says can't be silenced by a comment
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}


def diagnostics(document: Document, findings: list[Finding], places: Places) -> list[types.Diagnostic]:
    silencer = Silencer(document.source)
    fixable = Counter((one.code, safe) for one in findings for safe in _levels(one))
    return [_diagnostic(document, finding, places, silencer, fixable) for finding in findings]


def _levels(finding: Finding) -> tuple[bool, ...]:
    """Whether safe fixes alone, or unsafe ones too, settle it."""
    if finding.fix is None:
        return ()
    return (True, False) if finding.fix.safety is Safety.SAFE else (False,)


def _diagnostic(
    document: Document,
    finding: Finding,
    places: Places,
    silencer: Silencer,
    fixable: Mapping[tuple[str, bool], int],
) -> types.Diagnostic:
    href = pages.address(finding.name)
    return types.Diagnostic(
        range=places.range(finding.span),
        message=finding.message,
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        code_description=types.CodeDescription(href) if href else None,
        source=SOURCE,
        tags=[types.DiagnosticTag.Unnecessary] if finding.name in _UNUSED else None,
        related_information=_related(document, finding, places) or None,
        data=_data(document, finding, places, silencer, fixable),
    )


def _related(document: Document, finding: Finding, places: Places) -> list[types.DiagnosticRelatedInformation]:
    found = []
    for one in finding.related:
        path = os.path.abspath(one.path)
        if path == document.path:
            where = places.range(one.span)
        else:  # another file's text isn't at hand: its line is enough to go there
            start = types.Position(one.span.start.line - 1, 0)
            where = types.Range(start, start)
        uri = document.uri if path == document.path else uris.from_fs_path(path)
        if uri:
            found.append(types.DiagnosticRelatedInformation(types.Location(uri, where), one.message))
    return found


def _data(
    document: Document,
    finding: Finding,
    places: Places,
    silencer: Silencer,
    fixable: Mapping[tuple[str, bool], int],
) -> dict[str, Any]:
    """All that the actions for a finding are made of. `fixable` counts a rule's findings, by `_levels`."""
    fix = finding.fix
    # A comment in a template may end up in a text of one line.
    may = document.is_python and not finding.code.startswith(_RUN)
    noqa = silencer.edit(finding) if may else None
    return {
        "version": document.version,
        "code": finding.code,
        "name": finding.name,
        "fix": None
        if fix is None
        else {
            "title": fix.message,
            "safe": fix.safety is Safety.SAFE,
            "edits": [_edit(edit, places) for edit in fix.edits],
            "several": fixable[finding.code, fix.safety is Safety.SAFE] > 1,
        },
        "noqa": None if noqa is None else _edit(noqa, places),
    }


def _edit(edit: Edit, places: Places) -> dict[str, Any]:
    """As the protocol writes it: this goes to the client and comes back as it is."""
    made = places.edit(edit)
    start, end = made.range.start, made.range.end
    return {
        "range": {
            "start": {"line": start.line, "character": start.character},
            "end": {"line": end.line, "character": end.character},
        },
        "newText": made.new_text,
    }
