"""The fixtures and the rules' examples as cases, and the engine run on one of them.

A fixture is a file of `tests/fixtures/LMBxxx`, or a folder there that is a
project of its own. A line of it ends in `# expect: LMB101` where a finding must
stand; the markers are taken out before anything runs. Beside `app.py`,
`app.fixed.py` is what safe fixes make of it and `app.unsafe.py` what unsafe ones
make of it: a file without the first isn't changed by safe fixes, and one without
the second isn't changed further by unsafe ones. All rules must find what the
markers say, and nothing else; the fixes are those of the folder's own rule.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lambdalint.engine import catalogue, session
from lambdalint.engine.catalogue import Example, RuleEntry
from lambdalint.engine.session import Fixed, Request
from lambdalint.findings import Finding

FIXTURES = Path(__file__).parents[1] / "fixtures"
MARKER = re.compile(r"[ \t]*# expect: (LMB\d{3}(?:, LMB\d{3})*)$", re.MULTILINE)
GOLDEN = re.compile(r"\.(fixed|unsafe)\.py$")


@dataclass(frozen=True, eq=False)
class Case:
    """A project to run: its files by path, and what must come out of it.

    `expected` holds (path, line, code), None where only a run can tell; `safe`
    and `unsafe` hold the texts that fixing makes of the files, by path.
    """

    name: str
    files: Mapping[str, str]
    expected: list[tuple[str, int, str]] | None = None
    safe: Mapping[str, str] = field(default_factory=dict)
    unsafe: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name

    @property
    def python(self) -> dict[str, str]:
        return {path: text for path, text in self.files.items() if path.endswith(".py")}

    def after(self, unsafe: bool) -> dict[str, str]:
        """The files as they are to be when all fixes of this kind are applied."""
        return {**self.files, **self.safe, **(self.unsafe if unsafe else {})}


# Whose fixes take another rule as well: its fix, or its silence.
_ALSO = {"LMB001": ("LMB",), "LMB102": ("LMB101",)}


def own_codes(code: str) -> tuple[str, ...]:
    """The rules whose fixes a rule's fixtures and examples show."""
    return (code, *_ALSO.get(code, ()))


def asked_for(code: str) -> dict[str, object]:
    """The overrides with which all rules run on a rule's fixtures and examples, the rule itself if it is opt-in."""
    return {"select": ("LMB", code)} if code in catalogue.OPT_IN else {}


@functools.cache
def fixtures() -> tuple[Case, ...]:
    """All fixtures, in the order of their paths."""
    cases = []
    for folder in sorted(FIXTURES.iterdir()):
        for entry in sorted(folder.iterdir()):
            if entry.is_dir():
                found = sorted(path for path in entry.rglob("*") if path.is_file())
                cases.append(_case(entry, entry, found))
            elif not GOLDEN.search(entry.name):
                beside = [entry.with_suffix(f".{kind}.py") for kind in ("fixed", "unsafe")]
                cases.append(_case(entry, folder, [entry, *(path for path in beside if path.exists())]))
    return tuple(cases)


def _case(entry: Path, base: Path, found: list[Path]) -> Case:
    files: dict[str, str] = {}
    goldens: dict[str, dict[str, str]] = {"fixed": {}, "unsafe": {}}
    expected: list[tuple[str, int, str]] = []
    for path in found:
        text = path.read_text("utf-8")
        relative = path.relative_to(base).as_posix()
        kind = GOLDEN.search(path.name)
        if kind:
            goldens[kind[1]][GOLDEN.sub(".py", relative)] = text
            continue
        for number, line in enumerate(text.splitlines(), 1):
            marker = MARKER.search(line)
            if marker:
                expected += [(relative, number, code) for code in marker[1].split(", ")]
        files[relative] = MARKER.sub("", text)
    name = entry.relative_to(FIXTURES).as_posix()
    return Case(name, files, sorted(expected), goldens["fixed"], goldens["unsafe"])


@dataclass(frozen=True)
class ExampleCase:
    """An example of a rule's page: `entry` says of which rule, `example` what must come out."""

    entry: RuleEntry
    example: Example
    number: int

    def __str__(self) -> str:
        return self.case.name

    @property
    def case(self) -> Case:
        kind = "bad" if self.example.bad else "good"
        files = {**dict(self.example.files), self.example.path: self.example.code}
        unsafe = {self.example.path: self.example.fixed} if self.example.fixed else {}
        return Case(f"{self.entry.code}-{kind}-{self.number}", files, unsafe=unsafe)


@functools.cache
def examples() -> tuple[ExampleCase, ...]:
    """Every example of every rule."""
    return tuple(
        ExampleCase(entry, example, number)
        for entry in catalogue.entries()
        for number, example in enumerate(entry.examples, 1)
    )


@functools.cache
def all_cases() -> tuple[Case, ...]:
    """The fixtures and the examples."""
    return (*fixtures(), *(example.case for example in examples()))


def write(case: Case, folder: Path, files: Mapping[str, str] | None = None) -> Path:
    """Put a case's files into a folder that is a project root by itself."""
    (folder / ".git").mkdir(parents=True, exist_ok=True)
    for path, text in (case.files if files is None else files).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
    return folder


def check(folder: Path, **overrides: object) -> list[Finding]:
    result = session.check(Request(paths=(str(folder),), overrides=overrides))
    assert not result.errors, result.errors
    return result.findings


def fix(folder: Path, unsafe: bool, **overrides: object) -> Fixed:
    """Fix the files of a folder in place."""
    fixed = session.fix(Request(paths=(str(folder),), overrides=overrides), unsafe=unsafe, write=True)
    assert not fixed.result.errors, fixed.result.errors
    return fixed


def places(findings: list[Finding], folder: Path) -> list[tuple[str, int, str]]:
    """What markers say, of findings."""
    return sorted((inside(finding, folder), finding.span.start.line, finding.code) for finding in findings)


def inside(finding: Finding, folder: Path) -> str:
    """The path of a finding within a folder."""
    return os.path.relpath(os.path.abspath(finding.path), folder).replace(os.sep, "/")


def texts(folder: Path, case: Case) -> dict[str, str]:
    """A case's files as they stand in a folder now."""
    return {path: (folder / path).read_bytes().decode() for path in case.files}
