"""Writes the rules' pages and the lists of rules from the rules themselves.

    python tools/generate_rule_pages.py            writes them
    python tools/generate_rule_pages.py --check    exit status 1 where anything differs

Comes out: docs/rules/<slug>.md and docs/rules/README.md, the table in README.md, and this
version's list of rules in CHANGELOG.md (both between markers).
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from lambdalint import __version__
from lambdalint.engine.catalogue import RuleEntry, entries
from lambdalint.engine.page import fix_word, one_line, page

TOP = Path(__file__).parent.parent
PAGES = Path("docs/rules")
_NOTE = "<!-- Made by tools/generate_rule_pages.py from the rule itself. -->\n\n"


def wanted(top: Path = TOP) -> dict[Path, str]:
    """All files that this makes, relative to `top`, with what should stand in them."""
    files = {PAGES / f"{entry.name}.md": _NOTE + page(entry) for entry in entries()}
    files[PAGES / "README.md"] = f"{_NOTE}# Rules\n\n{table('')}"
    readme, changelog = Path("README.md"), Path("CHANGELOG.md")
    files[readme] = between_markers((top / readme).read_text("utf-8"), table(f"{PAGES.as_posix()}/"))
    files[changelog] = between_markers((top / changelog).read_text("utf-8"), news())
    return files


def table(folder: str) -> str:
    """The rules as a Markdown table, with links to the pages in `folder`."""
    rows = ["| Code | Name | Fix | What is found |", "|---|---|---|---|"]
    rows += [
        f"| {_code(entry)} | {_link(entry, folder)} | {fix_word(entry)} | {_summary(entry)} |" for entry in entries()
    ]
    return "\n".join(rows) + "\n"


def news() -> str:
    """The rules that came with this version."""
    new = [entry for entry in entries() if entry.since == __version__]
    return "".join(f"- {entry.code} {entry.name}: {one_line(entry.summary)}\n" for entry in new)


def between_markers(text: str, content: str) -> str:
    """The text with what stands between its markers replaced."""
    pattern = re.compile(r"(<!-- rules: begin[^\n]*-->\n).*?(<!-- rules: end -->)", re.DOTALL)
    assert pattern.search(text), "the markers are gone"
    return pattern.sub(lambda found: f"{found[1]}\n{content}\n{found[2]}", text, count=1)


def stale(top: Path = TOP) -> list[Path]:
    """Pages of rules that are no more."""
    made = wanted(top)
    return sorted(path for path in (top / PAGES).glob("*.md") if path.relative_to(top) not in made)


def differing(top: Path = TOP) -> list[Path]:
    """The files that don't hold what they should, or shouldn't be there."""
    return [
        *(top / path for path, text in wanted(top).items() if _read(top / path) != text),
        *stale(top),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit status 1 where anything differs")
    arguments = parser.parse_args()
    different = differing()
    for path in different:
        print(path.relative_to(TOP))
    if arguments.check:
        return 1 if different else 0
    (TOP / PAGES).mkdir(parents=True, exist_ok=True)
    for path in stale():
        path.unlink()
    for path, text in wanted().items():
        (TOP / path).write_text(text, "utf-8")
    return 0


def _read(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


def _code(entry: RuleEntry) -> str:
    return entry.code if entry.default else f"{entry.code} (opt-in)"


def _link(entry: RuleEntry, folder: str) -> str:
    return f"[{entry.name}]({folder}{entry.name}.md)"


def _summary(entry: RuleEntry) -> str:
    return one_line(entry.summary).replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
