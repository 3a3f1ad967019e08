"""The face for flake8, which loads this on every run: everything else is imported when a file needs it."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator, Sequence
from typing import Protocol

from lambdalint import __version__

_UNUSED_SUPPRESSION = "LMB001"  # flake8 has its own selection, so only the command line can tell


class _Options(Protocol):
    def extend_default_ignore(self, error_codes: Sequence[str], /) -> None: ...


class Plugin:
    """Checks the lines that flake8 holds, judged with the project around the file."""

    name = "lambdalint"
    version = __version__

    def __init__(self, tree: ast.AST, filename: str, lines: Sequence[str]) -> None:
        self.filename = filename if filename != "stdin" else "stdin.py"
        self.lines = lines

    @staticmethod
    def add_options(options: _Options) -> None:
        from lambdalint.engine.catalogue import OPT_IN

        options.extend_default_ignore(list(OPT_IN))

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        from lambdalint.settings.model import SettingsError

        try:
            yield from self._findings()
        except SettingsError as error:
            yield 1, 0, f"LMB000 {error}", type(self)
        except Exception as error:  # an exception here would end the whole flake8 run
            detail = f"{type(error).__name__}: {error}".partition("\n")[0]
            yield 1, 0, f"LMB000 lambdalint failed on this file ({detail}); please report it", type(self)

    def _findings(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        from lambdalint.engine import session

        text = "".join(self.lines)
        encoding, _ = tokenize.detect_encoding(io.BytesIO(text.encode()).readline)
        data = text.encode(encoding)
        if not session.may_matter(self.filename, data):
            return
        from lambdalint.engine import catalogue, texts
        from lambdalint.report.text import flake8_text

        # flake8 chooses among the codes: nothing is left out here that it may want.
        for finding in texts.check_text(self.filename, data, {"select": ("LMB", *catalogue.OPT_IN)}):
            if finding.code != _UNUSED_SUPPRESSION:
                start = finding.span.start
                yield start.line, start.column, flake8_text(finding), type(self)
