"""A rule's page as Markdown: what `lambdalint rule` prints and what docs/rules holds."""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.engine.catalogue import Example, RuleEntry
from lambdalint.findings import Safety
from lambdalint.knowledge import measured

_FIX = {
    Safety.SAFE: "safe where the page says so (`--fix`), else unsafe",
    Safety.UNSAFE: "unsafe (`--fix --unsafe-fixes`)",
    Safety.SHOWN: "shown as an example, not applied",
    None: "none",
}
_COST = "What it costs"
_LANGUAGES = {"py": "python", "yaml": "yaml", "yml": "yaml", "json": "json", "toml": "toml", "txt": "text"}


def page(entry: RuleEntry) -> str:
    return "\n\n".join(_parts(entry)) + "\n"


def fix_word(entry: RuleEntry) -> str:
    """The fix in one word: safe, unsafe, shown or none."""
    return entry.safety.value if entry.safety is not None else "none"


def one_line(text: str) -> str:
    """A summary without its line breaks."""
    return " ".join(text.split())


def _parts(entry: RuleEntry) -> Iterator[str]:
    yield f"# {entry.code}: {entry.name}"
    yield entry.summary
    switched = "on" if entry.default else f'off; turn it on with `extend-select = ["{entry.code}"]`'
    yield f"- Fix: {_FIX[entry.safety]}\n- By default: {switched}\n- Since: {entry.since}"
    sources = [section for section in entry.sections if section[0] == "Sources"]
    for title, text in _with_effects(entry):
        if title != "Sources":
            yield f"## {title}\n\n{text}"
    if entry.examples:
        yield "## Examples"
    for example in entry.examples:
        yield from _example(example)
    for title, text in sources:
        yield f"## {title}\n\n{text}"


def _with_effects(entry: RuleEntry) -> Iterator[tuple[str, str]]:
    """The sections, with what the fix was measured to gain under what the defect costs."""
    effects = "\n".join(f"- {line}" for line in measured.effects(entry.code))
    told = f"\n\nBefore and after, measured against an emulator (docs/effect.md):\n\n{effects}" if effects else ""
    for title, text in entry.sections:
        yield title, text + told if title == _COST else text


def _example(example: Example) -> Iterator[str]:
    if example.bad:
        yield "### Reported"
    else:
        yield f"### Left alone: {example.why}" if example.why else "### Left alone"
    several = bool(example.files)
    for path, text in ((example.path, example.code), *example.files):
        if several:
            yield f"`{path}`:"
        language = _LANGUAGES.get(path.rpartition(".")[2], "")
        yield f"```{language}\n{text.rstrip()}\n```"
    if example.fixed:
        yield "After the fix:"
        yield f"```python\n{example.fixed.rstrip()}\n```"
