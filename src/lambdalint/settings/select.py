"""Which codes are wanted, by flake8's rule: the longest prefix decides, and ignoring wins a tie."""

from __future__ import annotations

import os
from collections.abc import Iterable

from lambdalint.settings.model import Settings
from lambdalint.settings.patterns import Patterns

_FAMILY = "LMB"
# A file that couldn't be read wasn't checked: narrowing the selection must not hide that.
_ALWAYS = frozenset({"LMB000"})


def is_selected(code: str, settings: Settings, default_on: bool) -> bool:
    """Whether findings of `code` are wanted.

    A rule that is off by default needs more than the family's name in `select`
    or `extend-select`: a longer prefix, or the code itself. `LMB000` is wanted
    unless it's ignored by more than the family's name.
    """
    ignored = _longest(code, settings.ignore)
    if code in _ALWAYS:
        return ignored <= len(_FAMILY)
    selected = _longest(code, (*settings.select, *settings.extend_select))
    if not default_on and selected <= len(_FAMILY):
        return False
    return selected > ignored


def is_safe(code: str, safe: bool, settings: Settings) -> bool:
    """Whether a fix of `code`, which by itself is `safe` or not, counts as safe.

    The longest prefix decides, and to distrust wins a tie.
    """
    trusted, distrusted = _longest(code, settings.extend_safe_fixes), _longest(code, settings.extend_unsafe_fixes)
    return trusted > distrusted if trusted or distrusted else safe


def ignored_in(path: str, settings: Settings) -> tuple[str, ...]:
    """The code prefixes that `per-file-ignores` lifts for a file (absolute, or relative to the root)."""
    relative = os.path.relpath(os.path.join(settings.root, path), settings.root).replace(os.sep, "/")
    codes: list[str] = []
    for pattern, lifted in settings.per_file_ignores:
        # A leading "!" means: in all files but these.
        inverted = pattern.startswith("!")
        if Patterns([pattern.removeprefix("!")]).covers(relative) != inverted:
            codes += lifted
    return tuple(dict.fromkeys(codes))


def _longest(code: str, prefixes: Iterable[str]) -> int:
    """The length of the longest prefix of `code`; 0 without one."""
    return max((len(prefix) for prefix in prefixes if code.startswith(prefix)), default=0)
