"""The rules as plain data, for help pages, documentation and the faces."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lambdalint.findings import Safety

# The rules that are off unless they are asked for, as a constant so that flake8 can
# read them without loading any rule; a test holds it equal to the rules' own word.
OPT_IN: tuple[str, ...] = ("LMB110", "LMB507", "LMB804")

_HEADING = re.compile(r"^## +(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """Code that the rule reports (`bad`), with what its fix makes of it, or leaves alone for a reason."""

    bad: bool
    path: str
    code: str
    files: tuple[tuple[str, str], ...] = ()
    fixed: str = ""
    why: str = ""


@dataclass(frozen=True)
class RuleEntry:
    """One rule: `summary` is the first sentence of its page, `sections` are (title, text) pairs."""

    code: str
    name: str
    summary: str
    sections: tuple[tuple[str, str], ...] = ()
    examples: tuple[Example, ...] = ()
    safety: Safety | None = None
    default: bool = True
    since: str = "0.1.0"


UNREADABLE = RuleEntry(
    "LMB000",
    "unreadable-file",
    "A file or a deployment template that can't be read, decoded or parsed was not checked.",
    (
        (
            "What it costs",
            "Nothing is known about such a file, and handlers that import it may be judged wrongly.\n"
            "A rule that fails on a file is reported under this code as well; the other rules go on.",
        ),
        ("What to do", "Mend the place that the finding names, or exclude the file."),
        (
            "When to ignore",
            "Exclude files that are meant to be broken with `extend-exclude`. The code can't be lifted by\n"
            "a comment, since what can't be read holds none; selecting other codes doesn't hide it. The\n"
            "command line ends with exit code 2. flake8 reports syntax errors itself (E999).",
        ),
    ),
)
UNUSED = RuleEntry(
    "LMB001",
    "unused-suppression",
    "A `noqa` or `lambdalint: ignore` comment names a code of lambdalint that it doesn't suppress there.",
    (
        (
            "What it costs",
            "A comment that lifts nothing today hides the finding that comes tomorrow.",
        ),
        ("What to do", "Remove the code, or the comment where it names no other."),
        (
            "When to ignore",
            "Only codes that this run checked are judged. A bare `# noqa` and other tools' codes are left\n"
            "alone. flake8 doesn't report this.",
        ),
        ("Fix safety", "Safe: only the code that lifts nothing is taken out; other codes stay."),
    ),
    (
        Example(
            True,
            "app.py",
            'def lambda_handler(event, context):\n    return event["id"]  # noqa: LMB101, E501\n',
            fixed='def lambda_handler(event, context):\n    return event["id"]  # noqa: E501\n',
        ),
    ),
    Safety.SAFE,
)

MISSING = RuleEntry(
    "LMB002",
    "missing-handler",
    "A deployment description names a handler that isn't in the code.",
    (
        (
            "What it costs",
            "Every invocation of that function fails before it begins, and lambdalint can't say anything\n"
            "about the code that was meant.",
        ),
        (
            "What to do",
            "Name a module and a function that are in the function's code. `lambdalint handlers --explain`\n"
            "tells for each declaration what it came to.",
        ),
        (
            "When to ignore",
            "It is only said where the description itself names a folder with Python code, and nothing of\n"
            "a build or a layer could bring the handler. A comment with `noqa: LMB002` in the description\n"
            "lifts it where the code is generated. flake8 doesn't read descriptions.",
        ),
    ),
)


@functools.cache
def entries() -> tuple[RuleEntry, ...]:
    """All rules by code, with those that the engine itself speaks for."""
    from lambdalint.rules.base import Bad
    from lambdalint.rules.registry import all_rules

    found = [UNREADABLE, UNUSED, MISSING]
    for rule in all_rules():
        summary, sections = _page(inspect.cleandoc(rule.__doc__ or ""))
        examples = tuple(
            Example(True, one.path, one.code, one.files, fixed=one.fixed)
            if isinstance(one, Bad)
            else Example(False, one.path, one.code, one.files, why=one.why)
            for one in rule.examples
        )
        found.append(
            RuleEntry(rule.code, rule.name, summary, sections, examples, rule.safety, rule.default, rule.since)
        )
    return tuple(sorted(found, key=lambda entry: entry.code))


def find(word: str) -> RuleEntry | None:
    """The rule with this code or slug, in any case."""
    return next((one for one in entries() if word.upper() == one.code or word.lower() == one.name), None)


class _Slugs(Mapping[str, str]):
    """Slug → code. Loads the rules when it is first asked: most runs name no slug."""

    @functools.cached_property
    def _codes(self) -> dict[str, str]:
        return {entry.name: entry.code for entry in entries()}

    def __getitem__(self, slug: str) -> str:
        return self._codes[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)

    def __bool__(self) -> bool:
        return True


_SLUGS = _Slugs()


def slugs() -> Mapping[str, str]:
    """The rules' slugs with their codes."""
    return _SLUGS


def _page(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    first, *parts = _HEADING.split(text)
    sections = tuple((title, body.strip()) for title, body in zip(parts[::2], parts[1::2], strict=True))
    return first.strip(), sections
