"""What the analysis of a part asks about the rest of its project, and what the answer is in another run.

A question is a kind and a subject. They are noted while the part is analysed; as long as each has the same answer
as then, and the part itself is the same, so is what was found.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from lambdalint.engine.observed import digest

if TYPE_CHECKING:
    from lambdalint.engine.workspace import Workspace
    from lambdalint.semantics.mentions import Mentions, Text
    from lambdalint.semantics.modules import Modules
    from lambdalint.semantics.project import Inputs

Question = tuple[str, str]
_GONE_THROUGH, _COUNTED = "?", "#"  # beside the attributes
_SEPARATOR = "|"  # between an import and the folder of its file: no name of a module holds it


class Asked:
    """The questions that were asked about anything but the files of the part itself."""

    def __init__(self, own: frozenset[str]) -> None:
        self._own = own
        self._questions: set[Question] = set()
        self._attributes: dict[str, set[str]] = defaultdict(set)  # by the kind of deployed things
        self._modules: list[Modules] = []

    def questions(self) -> set[Question]:
        imports = (key for modules in self._modules for key in modules.asked)
        return {
            *self._questions,
            *((kind, " ".join(sorted(names))) for kind, names in self._attributes.items() if names),
            *(("import", _SEPARATOR.join((dotted, folder))) for folder, dotted in imports),
            *(("named", name) for modules in self._modules for name in modules.asked_names),
        }

    def forget(self) -> None:
        """Begin anew: what was asked so far is told by somebody else."""
        self._questions.clear()  # not the attributes: those of one kind are one question
        for modules in self._modules:
            modules.asked.clear()
            modules.asked_names.clear()

    def watch(self, inputs: Inputs, modules: Modules) -> Inputs:
        """The same inputs, which note what is asked of them; the modules are watched too."""
        from msgspec.structs import replace  # not above: an unchanged project loads this file, and no such class

        def read(path: str) -> bytes:
            if path not in self._own:
                self._note("file", path)
            return inputs.read(path)

        self._modules.append(modules)
        modules.read = read
        modules.mentions = cast("Any", _Texts(modules.mentions, partial(self._note, "texts")))
        return replace(
            inputs,
            read=read,
            functions=self._things("functions", inputs.functions),
            tables=self._things("tables", inputs.tables),
            queues=self._things("queues", inputs.queues),
            options=replace(inputs.options, tables=cast("Any", self._things("tables", inputs.options.tables))),
            mentions=_Mentions(inputs.mentions, partial(self._note, "mentions")),
        )

    def _things(self, kind: str, things: Sequence[Any]) -> _Things:
        return _Things(things, self._attributes[kind].add)

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
        return sorted([text.path, digest(text.data)] for text in workspace.modules.mentions.of(path))
    except OSError:
        return None


def _functions(workspace: Workspace, attributes: str) -> str:
    return _of_all(workspace.functions, attributes)


def _tables(workspace: Workspace, attributes: str) -> str:
    from lambdalint.engine.options import options

    return _of_all((*options(workspace.settings).tables, *workspace.deployments.tables), attributes)


def _queues(workspace: Workspace, attributes: str) -> str:
    return _of_all(workspace.deployments.queues, attributes)


def _of_all(things: Iterable[object], attributes: str) -> str:
    """What some things have for some attributes. Those that are alike count once, unless they were counted."""
    noted = attributes.split()
    names = [name for name in noted if name not in (_GONE_THROUGH, _COUNTED)]
    found = [tuple(getattr(thing, name) for name in names) for thing in things]
    return _digest(found if _COUNTED in noted else list(dict.fromkeys(found)))


def _mentions(workspace: Workspace, word: str) -> list[str]:
    return list(workspace.mentions.get(word, ()))


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


class _Things(Sequence[Any]):
    """Deployed things of one kind; what is asked of them is noted, for all of them together."""

    def __init__(self, things: Sequence[object], note: Callable[[str], None]) -> None:
        self._members = [_Member(thing, note) for thing in things]
        self._note = note

    def __iter__(self) -> Iterator[Any]:
        self._note(_GONE_THROUGH)
        return iter(self._members)

    def __getitem__(self, index: Any) -> Any:
        self._note(_COUNTED)
        return self._members[index]

    def __len__(self) -> int:
        self._note(_COUNTED)
        return len(self._members)


class _Mentions(Mapping[str, Sequence[str]]):
    def __init__(self, words: Mapping[str, Sequence[str]], note: Callable[[str], None]) -> None:
        self._words = words
        self._note = note

    def __getitem__(self, word: str) -> Sequence[str]:
        self._note(word)
        if word not in self._words:  # it may be one that makes what it is asked for
            raise KeyError(word)
        return self._words[word]

    def __iter__(self) -> Iterator[str]:
        raise TypeError("all words at once aren't asked for")

    def __len__(self) -> int:
        raise TypeError("all words at once aren't asked for")


class _Texts:
    def __init__(self, texts: Mentions, note: Callable[[str], None]) -> None:
        self._texts = texts
        self._note = note

    def of(self, path: str) -> Iterator[Text]:
        self._note(path)
        return self._texts.of(path)
