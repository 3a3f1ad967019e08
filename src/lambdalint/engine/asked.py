"""What the analysis of a part asks about the rest of its project, and what the answer is in another run.

A question is a kind and a subject. They are noted while the part is analysed; as long as each has the same answer
as then, and the part itself is the same, so is what was found.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from lambdalint.engine.observed import digest

if TYPE_CHECKING:
    from lambdalint.engine.workspace import Workspace
    from lambdalint.semantics.lookups import Text, Texts
    from lambdalint.semantics.modules import Modules
    from lambdalint.semantics.project import Inputs

Question = tuple[str, str]
_COUNT, _ANY = "#", "?"
_SEPARATOR = "|"  # between an import and the folder of its file: no name of a module holds it


class Asked:
    """The questions that were asked about anything but the files of the part itself."""

    def __init__(self, own: frozenset[str]) -> None:
        self._own = own
        self._questions: set[Question] = set()
        self._modules: list[Modules] = []

    def questions(self) -> set[Question]:
        imports = (key for modules in self._modules for key in modules.asked)
        files = (("named", name) for modules in self._modules for name in modules.asked_names)
        return {
            *self._questions,
            *(("import", _SEPARATOR.join((dotted, folder))) for folder, dotted in imports),
            *files,
        }

    def forget(self) -> None:
        """Begin anew: what was asked so far is told by somebody else."""
        self._questions.clear()
        for modules in self._modules:
            modules.asked.clear()
            modules.asked_names.clear()

    def watch(self, inputs: Inputs, modules: Modules) -> Inputs:
        """The same inputs, which note what is asked of them; the modules are watched too."""

        def read(path: str) -> bytes:
            if path not in self._own:
                self._note("file", path)
            return inputs.read(path)

        self._modules.append(modules)
        modules.read = read
        note_tables, note_queues = partial(self._note, "tables", ""), partial(self._note, "queues", "")
        return replace(
            inputs,
            read=read,
            functions=_Functions(inputs.functions, partial(self._note, "functions")),
            tables=_Watched(inputs.tables, note_tables),
            queues=_Watched(inputs.queues, note_queues),
            options=replace(inputs.options, tables=cast("Any", _Watched(inputs.options.tables, note_tables))),
            mentions=_Mentions(inputs.mentions, partial(self._note, "mentions")),
            texts=_Texts(inputs.texts, partial(self._note, "texts")) if inputs.texts is not None else None,
        )

    def _note(self, kind: str, subject: str) -> None:
        self._questions.add((kind, subject))


class Rest:
    """The answers of one project."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._answers: dict[Question, Any] = {}

    def answer(self, kind: str, subject: str) -> Any:
        """The answer as JSON knows it."""
        key = (kind, subject)
        if key not in self._answers:
            self._answers[key] = _KINDS[kind](self._workspace, subject)
        return self._answers[key]


# --- the kinds of questions --------------------------------------------------------------------


def _file(workspace: Workspace, path: str) -> str:
    """What a file holds; of code in a template all that the template says, since places are counted there."""
    try:
        code = workspace.inline.get(path)
        if code is not None:
            return digest(repr(code).encode("utf-8", "surrogateescape")) + _file(workspace, code.template)
        seen = workspace.reads.seen.get(path)
        return seen.digest if seen is not None else digest(workspace.read_file(path))
    except OSError:
        return ""


def _import(workspace: Workspace, subject: str) -> str | None:
    """Which file an import means."""
    dotted, _, folder = subject.partition(_SEPARATOR)
    name = dotted.lstrip(".")
    return workspace.modules.find(posixpath.join(folder, "_"), name, len(dotted) - len(name))


def _named(workspace: Workspace, name: str) -> list[str]:
    """The files of one name."""
    return workspace.modules.named(name)


def _texts(workspace: Workspace, path: str) -> list[list[str]] | None:
    """The files that speak of a module, and what they hold."""
    try:
        return sorted([text.path, digest(text.data)] for text in workspace.texts.of(path))
    except OSError:
        return None


def _functions(workspace: Workspace, attribute: str) -> str:
    """What the deployed functions have for an attribute; how many there are, or whether there are any."""
    functions = workspace.functions
    if attribute in (_COUNT, _ANY):
        return str(len(functions) if attribute == _COUNT else bool(functions))
    return _digest(list(dict.fromkeys(getattr(function, attribute) for function in functions)))


def _tables(workspace: Workspace, _: str) -> str:
    return _digest([workspace.settings.tables, [replace(table, line=0) for table in workspace.deployments.tables]])


def _queues(workspace: Workspace, _: str) -> str:
    return _digest([replace(queue, line=0) for queue in workspace.deployments.queues])


def _mentions(workspace: Workspace, word: str) -> list[str]:
    return list(workspace.mentions.get(word, ()))


def _believed(workspace: Workspace, _: str) -> str:
    """Which functions and classes of the project the configuration tells of."""
    from lambdalint.engine.options import options
    from lambdalint.knowledge.facts import Facts

    modules = workspace.modules.unloaded(())
    modules.believe(Facts(options(workspace.settings).calls).own_names)
    return _digest(sorted(modules.believed.items()))


def _digest(value: object) -> str:
    return digest(repr(value).encode("utf-8", "surrogateescape"))


_KINDS: dict[str, Callable[[Workspace, str], Any]] = {
    "file": _file,
    "import": _import,
    "named": _named,
    "texts": _texts,
    "functions": _functions,
    "tables": _tables,
    "queues": _queues,
    "mentions": _mentions,
    "believed": _believed,
}


# --- what notes the questions ------------------------------------------------------------------


class _Member:
    """A thing whose attributes are noted when they are asked for."""

    def __init__(self, thing: object, note: Callable[[str], None]) -> None:
        self._thing = thing
        self._note = note

    def __getattr__(self, name: str) -> Any:
        self._note(name)
        return getattr(self._thing, name)


class _Functions(Sequence[Any]):
    """The deployed functions: what is asked of them is noted, for all of them together."""

    def __init__(self, functions: Sequence[Any], note: Callable[[str], None]) -> None:
        self._members = [_Member(function, note) for function in functions]
        self._note = note

    def __getitem__(self, index: Any) -> Any:
        self._note(_COUNT)
        return self._members[index]

    def __len__(self) -> int:
        self._note(_COUNT)
        return len(self._members)

    def __iter__(self) -> Iterator[Any]:
        self._note(_ANY)
        return iter(self._members)


class _Watched(Sequence[Any]):
    """A sequence; that it is looked at is noted."""

    def __init__(self, things: Sequence[Any], note: Callable[[], None]) -> None:
        self._things = things
        self._note = note

    def __getitem__(self, index: Any) -> Any:
        self._note()
        return self._things[index]

    def __len__(self) -> int:
        self._note()
        return len(self._things)


class _Mentions(Mapping[str, Sequence[str]]):
    def __init__(self, words: Mapping[str, Sequence[str]], note: Callable[[str], None]) -> None:
        self._words = words
        self._note = note

    def __getitem__(self, word: str) -> Sequence[str]:
        self._note(word)
        return self._words[word]

    def __iter__(self) -> Iterator[str]:
        raise TypeError("all words at once aren't asked for")

    def __len__(self) -> int:
        raise TypeError("all words at once aren't asked for")


class _Texts:
    def __init__(self, texts: Texts, note: Callable[[str], None]) -> None:
        self._texts = texts
        self._note = note

    def of(self, path: str) -> Iterator[Text]:
        self._note(path)
        return self._texts.of(path)
