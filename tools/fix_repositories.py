"""Hold the fixes to their laws on real code: repositories are copied, fixed, and judged.

    python tools/fix_repositories.py FOLDER... [--keep COPIES] [--json RESULTS]

Each folder holds repositories, one in each of its own folders (or is one, with `--one`). Of each, a copy gets all
safe fixes and another one all fixes, and counted are the fixes that were proposed and applied, the findings that
one of higher precedence had covered, and what must not be: fixes that are taken back, files that compiled and don't
any more, files that a second run changes again, findings and complaints of ruff's default rules that weren't there
before, and comments that are gone. The exit status is 1 where there is any of these.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lambdalint.engine import session
from lambdalint.findings import Finding, Safety
from lambdalint.rules.precedence import PRECEDENCE
from lambdalint.source import Source

# What a run never looks at, and what only takes time to copy.
LEFT_OUT = shutil.ignore_patterns(".git", "node_modules", "*.zip", "*.png", "*.jpg", "*.gif", "*.mp4", "*.pdf", "*.csv")
DELETING = frozenset({"LMB001", "LMB112", "LMB601"})  # what stands beside a deleted line goes with it
LAX = ("--ignore=UP033",)  # where a template names Python 3.8, which has no `cache`, getters go by `lru_cache`
BROKEN = ("dropped", "not_compiling", "changed_again", "new_findings", "new_complaints", "comments_lost", "crashed")


@dataclass
class Judged:
    """One kind of fixing of one repository, or the sum of several. The lists name each place with what is there."""

    repositories: int = 0
    files_changed: int = 0
    compiling: int = 0
    proposed: Counter[str] = field(default_factory=Counter)
    applied: Counter[str] = field(default_factory=Counter)
    dropped: list[str] = field(default_factory=list)
    not_compiling: list[str] = field(default_factory=list)
    changed_again: list[str] = field(default_factory=list)
    new_findings: list[str] = field(default_factory=list)
    new_complaints: list[str] = field(default_factory=list)
    comments_lost: list[str] = field(default_factory=list)
    uncovered: list[str] = field(default_factory=list)
    crashed: list[str] = field(default_factory=list)

    def add(self, other: Judged) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    def broken(self) -> list[str]:
        return [f"{name}: {place}" for name in BROKEN for place in getattr(self, name)]


def judge(repository: Path, copies: Path, unsafe: bool) -> Judged:
    """Fix a copy of a repository, and hold it against what it was."""
    copy = copies / ("unsafe" if unsafe else "safe") / repository.name
    shutil.copytree(repository, copy, symlinks=True, ignore=LEFT_OUT)
    (copy / ".git").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as cache:
        request = session.Request((str(copy),), cache_dir=cache)
        before = session.check(request).findings
        done = session.fix(request, unsafe=unsafe, write=True)
        again = session.fix(request, unsafe=unsafe, write=False)
    levels = {Safety.SAFE, Safety.UNSAFE} if unsafe else {Safety.SAFE}
    judged = Judged(1, len(done.changed))
    judged.proposed.update(finding.code for finding in before if finding.fix and finding.fix.safety in levels)
    judged.applied.update(finding.code for finding in done.applied)
    judged.dropped += [f"{_place(finding)} {finding.code} {reason}" for finding, reason in done.dropped]
    judged.changed_again += [_named(path) for path in again.changed]
    for finding in _more(before, done.result.findings):
        place = f"{_place(finding)} {finding.message}"
        (judged.uncovered if _covered(finding, done.applied) else judged.new_findings).append(place)
    for path, (source, text) in done.changed.items():
        if not _compiles(text) and _compiles(source.text):
            judged.not_compiling.append(_named(path))
        judged.compiling += _compiles(text)
        if not any(finding.code in DELETING for finding in done.applied if finding.path == path):
            judged.comments_lost += [f"{_named(path)} {one}" for one in _comments(source.text) - _comments(text)]
    judged.new_complaints += _complaints(done.changed)
    return judged


def _place(finding: Finding) -> str:
    return f"{_named(finding.path)}:{finding.span.start.line}"


def _named(path: str) -> str:
    """A path inside the copies, beginning with the repository's name."""
    return re.split(r"[/\\](?:un)?safe[/\\]", os.path.abspath(path), maxsplit=1)[-1]


def _covered(finding: Finding, applied: Iterable[Finding]) -> bool:
    """Whether a rule that was fixed in the file speaks in the place of this finding's, as long as it has anything to
    say: of one cause there is one finding."""
    fixed = {one.code for one in applied if one.path == finding.path}
    pairs = ((winner, loser) for winner, loser in PRECEDENCE if finding.code.startswith(loser))
    return any(code.startswith(winner) for winner, _ in pairs for code in fixed)


def _more(before: Iterable[Finding], after: Iterable[Finding]) -> list[Finding]:
    """The findings of files that hold more of a rule's than they did."""
    left = Counter((finding.path, finding.code) for finding in before)
    known = {(finding.path, finding.code, finding.problem) for finding in before}
    more = []
    for finding in sorted(after, key=lambda one: (one.path, one.code, one.problem) not in known):
        left[finding.path, finding.code] -= 1
        if left[finding.path, finding.code] < 0:
            more.append(finding)
    return more


def _compiles(text: str) -> bool:
    try:
        compile(text, "file.py", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def _comments(text: str) -> Counter[str]:
    """The comments of a module, as far as it can be read."""
    found: Counter[str] = Counter()
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                found[token.string] += 1
    except (tokenize.TokenError, SyntaxError):
        pass
    return found


def _complaints(changed: dict[str, tuple[Source, str]]) -> list[str]:
    """What ruff's default rules (those of pyflakes among them) say of the new texts, and didn't of the old ones."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, (source, text) in enumerate(changed.values()):
            (folder / f"before_{number}.py").write_text(source.text, "utf-8")
            (folder / f"after_{number}.py").write_text(text, "utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--output-format=json", *LAX, name],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        said: dict[str, Counter[tuple[str, str]]] = {}
        for one in json.loads(done.stdout or "[]"):
            said.setdefault(Path(one["filename"]).stem, Counter())[one["code"], one["message"]] += 1
    return [
        f"{_named(path)} {code} {message}"
        for number, path in enumerate(changed)
        for code, message in (said.get(f"after_{number}", Counter()) - said.get(f"before_{number}", Counter()))
    ]


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("folders", nargs="+", type=Path)
    options.add_argument("--one", action="store_true", help="each folder is a repository")
    options.add_argument("--keep", type=Path, metavar="COPIES", help="where the fixed copies stay")
    options.add_argument("--json", type=Path, metavar="RESULTS", help="where the counts are written")
    asked = options.parse_args()
    total = {"safe": Judged(), "all": Judged()}
    for repository in sorted(_repositories(asked.folders, asked.one)):
        for kind, sum_of_all in total.items():
            begin = time.process_time()
            with _folder(asked.keep) as copies:
                try:
                    judged = judge(repository, copies, kind == "all")
                except Exception as error:
                    judged = Judged(1, crashed=[f"{repository.name} {type(error).__name__}: {error}"])
            sum_of_all.add(judged)
            counts = f"{judged.files_changed} files, {sum(judged.applied.values())} of {sum(judged.proposed.values())}"
            print(f"{repository.name} {kind}: {counts} ({time.process_time() - begin:.0f} s)", flush=True)
            print(*(f"    {line}\n" for line in judged.broken()), sep="", end="", flush=True)
    if asked.json:
        asked.json.write_text(json.dumps({kind: vars(one) for kind, one in total.items()}, indent=1), "utf-8")
    for kind, judged in total.items():
        print(kind, {name: _short(value) for name, value in vars(judged).items()})
    return int(any(judged.broken() for judged in total.values()))


def _repositories(folders: Iterable[Path], alone: bool) -> Iterator[Path]:
    for folder in folders:
        yield from [folder.resolve()] if alone else (one for one in folder.resolve().iterdir() if one.is_dir())


@contextlib.contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """A folder that goes at the end of the block, or one that stays."""
    if keep is not None:
        yield keep.resolve()
        return
    with tempfile.TemporaryDirectory() as name:
        yield Path(name).resolve()


def _short(value: object) -> object:
    if isinstance(value, Counter):
        return dict(sorted(value.items()))
    return len(value) if isinstance(value, list) else value


if __name__ == "__main__":
    sys.exit(main())
