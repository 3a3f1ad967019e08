"""The texts that are open in the editor."""

from __future__ import annotations

import io
import os
import tokenize
from dataclasses import dataclass
from functools import cached_property

from pygls import uris

from lambdalint import deployment
from lambdalint.settings.locate import OWN_FILE, SHARED_FILE
from lambdalint.source import Source


@dataclass(frozen=True)
class Document:
    """One version of an open text."""

    uri: str
    version: int | None
    text: str
    language: str = "python"

    @cached_property
    def path(self) -> str | None:
        """Where the file lies; None for what is no file, such as a text that was never saved."""
        return path_of(self.uri)

    @cached_property
    def is_python(self) -> bool:
        return self.language == "python" or (self.path or "").endswith(".py")

    @property
    def is_checked(self) -> bool:
        """Whether it is of a kind that there may be something to say of, whatever the client sends."""
        name = os.path.basename(self.path or "")
        return bool(name) and (self.is_python or is_configuration(name) or deployment.is_candidate(name))

    @cached_property
    def source(self) -> Source:
        return Source(self.path or "", self.text)

    @cached_property
    def data(self) -> bytes:
        """The bytes as they would be saved."""
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(self.text.encode("utf-8", "replace")).readline)
        except SyntaxError:  # the check says so
            encoding = "utf-8"
        return self.text.encode(encoding.removesuffix("-sig"), "replace")


def is_configuration(path: str) -> bool:
    """Whether a file of this name may be lambdalint's configuration."""
    return os.path.basename(path) in (OWN_FILE, SHARED_FILE)


def path_of(uri: str) -> str | None:
    """The file that a URI names, if it names one."""
    path = uris.to_fs_path(uri) if uri.startswith("file:") else None
    return os.path.abspath(path) if path else None
