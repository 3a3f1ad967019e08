"""What one look at the bytes of a project's Python files says, before any of them is parsed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lambdalint import deployment
from lambdalint.knowledge import layout


class Look(NamedTuple):
    """What one look at the bytes of a Python file says."""

    may_define_handler: bool
    patches_boto3: bool
    is_program: bool
    words: tuple[str, ...]
    imports: tuple[tuple[str, int], ...]
    may_suppress: bool


@dataclass
class Scan:
    """What the looks at all Python files say together."""

    candidates: list[str] = field(default_factory=list)
    patched: list[str] = field(default_factory=list)
    mentions: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    imports: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    suppressing: set[str] = field(default_factory=set)
    programs: list[str] = field(default_factory=list)


def look(path: str, data: bytes) -> Look:
    from lambdalint.engine import screen

    return Look(
        screen.may_define_handler(data),
        screen.patches_boto3(data),
        deployment.looks_like(path, data),
        () if layout.is_test_path(path) else tuple(sorted(screen.mentioned_words(data))),
        tuple(screen.imports_in(data)),
        screen.may_suppress(data),
    )


def together(looks: Mapping[str, Look]) -> Scan:
    """What the looks at files say of all of them, in their order."""
    scan = Scan()
    for path, one in looks.items():
        if one.may_define_handler:
            scan.candidates.append(path)
        if one.patches_boto3:
            scan.patched.append(layout.tested_folder(path))
        if one.is_program:
            scan.programs.append(path)
        for word in one.words:
            scan.mentions[word].append(path)
        scan.imports[path] = list(one.imports)
        if one.may_suppress:
            scan.suppressing.add(path)
    return scan
