"""Which module a function's import begins with, and from where: for measuring it as Lambda would run it."""

from __future__ import annotations

import difflib
import math
import os
import posixpath
from collections.abc import Iterable, Iterator

from msgspec import Struct

from lambdalint.deployment import DeployedFunction
from lambdalint.deployment.places import Place, places
from lambdalint.engine.run import Checker, display

_REFERENCE = "ref:"  # how a description's variable names a resource, see DeployedFunction


class Target(Struct, frozen=True):
    """The module that Lambda imports for one function, or for one handler that no description declares.

    `filename` and the folders are absolute: `folder` is the root of the code, `roots` are the others
    that imports may start from. `function` is the logical name, `handler` its text; both are empty
    for what no description declares. `names` are the handlers that the module brings.
    """

    filename: str
    module: str
    folder: str
    roots: tuple[str, ...] = ()
    function: str = ""
    handler: str = ""
    names: tuple[str, ...] = ()
    memory: int | None = None
    runtime: str = ""
    environment: tuple[tuple[str, str], ...] = ()
    in_template: bool = False

    @property
    def label(self) -> str:
        """What a user may type for it: `app.lambda_handler`, else the module."""
        if self.handler:
            return self.handler
        return f"{self.module}.{self.names[0]}" if len(self.names) == 1 else self.module

    @property
    def place(self) -> tuple[str, str]:
        """What two functions share whose import is the same."""
        return self.filename, self.folder

    def answers_to(self, word: str) -> bool:
        """Whether a word of the command line means it: a logical name, a handler's text, or a file."""
        path, _, name = word.rpartition(":")
        if path.endswith(".py"):
            return os.path.abspath(path) == self.filename and name in self.names
        if word.endswith(".py"):
            return os.path.abspath(word) == self.filename
        dotted = word.replace("/", ".").replace(":", ".")
        whole = [f".{self.module}.{name}" for name in self.names]
        return word in (self.function, self.handler) or any(one.endswith(f".{dotted}") for one in whole)


class NoTargetError(Exception):
    """No single module is meant; the text says which there are."""


def targets(checker: Checker) -> list[Target]:
    """What every function of a project imports, those of the descriptions first."""
    found = list(_declared(checker))
    known = {target.filename for target in found}
    return found + [target for target in _undeclared(checker) if target.filename not in known]


def chosen(found: list[Target], word: str | None, everything: bool) -> list[Target]:
    """The targets that are meant, one for each import; raises NoTargetError where that can't be told.

    Those in the current folder come before those elsewhere in the project.
    """
    meant = found if word is None else [target for target in found if target.answers_to(word)]
    here = os.path.join(os.getcwd(), "")
    unique = _unique([target for target in meant if target.filename.startswith(here)] or meant)
    if not unique:
        raise NoTargetError(_nothing(found, word))
    if len(unique) > 1 and not everything:
        start = "several handlers are there" if word is None else f'"{word}" means several handlers'
        raise NoTargetError(f"{start}; name one, or give --all:\n{_listed(unique)}")
    return unique


def of_file(checker: Checker, path: str) -> Target:
    """The target of any Python file, in which no handler is known; `path` is relative to the root."""
    return _beside(checker, path, ())


def _unique(found: Iterable[Target]) -> list[Target]:
    """One of those that share an import: that with the least memory, which pays most."""
    best: dict[tuple[str, str], Target] = {}
    for target in found:
        known = best.setdefault(target.place, target)
        if target.memory and target.memory < (known.memory or math.inf):
            best[target.place] = target
    return list(best.values())


def _nothing(found: list[Target], word: str | None) -> str:
    if word is None or not found:
        return "no handler was found; `lambdalint handlers --explain` says more"
    known = {name for t in found for name in (t.function, t.label, *t.names) if name}
    close = difflib.get_close_matches(word, sorted(known), n=1)
    hint = f'did you mean "{close[0]}"?' if close else f"these are there:\n{_listed(_unique(found))}"
    return f'there is no handler "{word}"; {hint}'


def _listed(found: list[Target]) -> str:
    return "\n".join(
        f"  {target.label}  ({display(target.filename)}{', ' if target.function else ''}{target.function})"
        for target in found
    )


# --- from declarations -----------------------------------------------------------------------


def _declared(checker: Checker) -> Iterator[Target]:
    project = checker.project
    names = _names_by_file(checker)
    for deployed, functions in project.declared:
        place = next((place for place in places(deployed) if place.path in project.modules.files), None)
        if place is not None:
            own = tuple(function.qualname for function in functions) or names.get(place.path, ())
            yield _deployed(checker, deployed, place, own)


def _deployed(checker: Checker, deployed: DeployedFunction, place: Place, names: tuple[str, ...]) -> Target:
    root = posixpath.normpath(place.root)
    layers = [f"{layer}{below}" for layer in deployed.layers for below in ("/python", "")]
    roots = [*layers, *checker.settings.import_roots, *deployed.code_roots]
    return Target(
        filename=_absolute(checker, place.path),
        module=_dotted(posixpath.relpath(place.path, root)),
        folder=_absolute(checker, root),
        roots=_folders(checker, roots, root),
        function=deployed.name,
        handler=deployed.handler,
        names=names,
        memory=deployed.memory,
        runtime=deployed.runtime,
        environment=tuple((key, value.removeprefix(_REFERENCE)) for key, value in deployed.environment),
        in_template=place.path in checker.workspace.inline,
    )


# --- from the code alone ---------------------------------------------------------------------


def _undeclared(checker: Checker) -> Iterator[Target]:
    for path, names in _names_by_file(checker).items():
        yield _beside(checker, path, names)


def _names_by_file(checker: Checker) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for handler in checker.project.handlers:
        found.setdefault(handler.path, []).append(handler.name)
    return {path: tuple(names) for path, names in found.items()}


def _beside(checker: Checker, path: str, names: tuple[str, ...]) -> Target:
    """A module by its file alone: imported from a configured root, else from above its packages."""
    files = checker.project.modules.files
    folder = posixpath.dirname(path)
    configured = [posixpath.normpath(root) for root in checker.settings.import_roots]
    root = max((r for r in configured if folder == r or folder.startswith(f"{r}/")), key=len, default=None)
    if root is None:
        root = folder
        while root and f"{root}/__init__.py" in files:
            root = posixpath.dirname(root)
    return Target(
        filename=_absolute(checker, path),
        module=_dotted(posixpath.relpath(path, root or ".")),
        folder=_absolute(checker, root),
        roots=_folders(checker, checker.project.modules.search_path(folder), root),
        names=names,
        in_template=path in checker.workspace.inline,
    )


# --- paths -----------------------------------------------------------------------------------


def _dotted(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _absolute(checker: Checker, path: str) -> str:
    return os.path.normpath(checker.workspace.absolute(path))


def _folders(checker: Checker, roots: Iterable[str], but: str) -> tuple[str, ...]:
    """The folders among `roots` that are there, absolute, without `but`."""
    found = dict.fromkeys(_absolute(checker, root) for root in roots)
    found.pop(_absolute(checker, but), None)
    return tuple(folder for folder in found if os.path.isdir(folder))
