"""Reads Dockerfiles of images for Lambda: the handler in `CMD`, and where `COPY` takes the code from."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from lambdalint.deployment.instructions import Instruction, instructions
from lambdalint.deployment.model import DeployedFunction, Deployment
from lambdalint.deployment.places import handler_target, inside, unique

_TASK_ROOT = "/var/task"
_CLIENT = "awslambdaric"  # the runtime interface client, which custom images install
# The platform's own images for Python, by their several names.
_BASE = re.compile(r"(^|/)(lambda/python|aws-lambda-python|lambda-python)(?::(?P<version>\d+\.\d+))?")
_VARIABLE = re.compile(r"\$(?:\{(\w+)(?::?-([^{}$]*))?\}|(\w+))")
_SCRIPTS = (".py", ".sh")  # files that a command runs, not handlers
_MAX_TEXT = 4096
_MAX_MOUNTS = 300
_MAX_CONTEXTS = 10


class Mount(NamedTuple):
    """What a `COPY` brings: its absolute place in the image, and the source below the build context."""

    place: str
    source: str


class Command(Struct, frozen=True):
    """The words of a `CMD` or `ENTRYPOINT`, and the line that they stand in."""

    words: tuple[str, ...] = ()
    line: int = 1


class Stage(Struct):
    """What the instructions of one stage add up to."""

    image: str = ""
    folder: str = "/"
    mounts: list[Mount] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    command: Command = Command()
    entrypoint: Command = Command()

    def expand(self, text: str) -> str | None:
        """`text` with its variables replaced; None where one isn't known."""
        unknown = False

        def value(match: re.Match[str]) -> str:
            nonlocal unknown
            found = self.known.get(match[1] or match[3], match[2])
            unknown = unknown or found is None
            return found or ""

        expanded = _VARIABLE.sub(value, text)
        return None if unknown or len(expanded) > _MAX_TEXT else expanded

    def absolute(self, path: str) -> str:
        """A place in the image, normalised."""
        return "/" + posixpath.normpath(posixpath.join(self.folder, path)).lstrip("/")


class Image:
    """An image for Lambda; `handler` is empty where the file doesn't tell it."""

    def __init__(self, path: str, stage: Stage) -> None:
        self.path = path
        self.stage = stage
        self.handler, self.line = _handler(stage)

    @property
    def runtime(self) -> str:
        """As the templates write it: `python3.12`; empty where the image is no one's of the platform."""
        base = _BASE.search(self.stage.image)
        return f"python{base['version']}" if base is not None and base["version"] else ""

    def code(self, contexts: Sequence[str]) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        """The code roots, and what is moved, for the build contexts that come into question."""
        root = _TASK_ROOT if _BASE.search(self.stage.image) else self.stage.folder
        roots: list[str | None] = []
        moved: list[tuple[str, str]] = []
        for context in contexts:
            for mount in self.stage.mounts:
                source = inside(context, mount.source)
                below = posixpath.relpath(mount.place, root)
                if source is None or below.startswith(".."):
                    continue
                if below == ".":
                    roots.append(source)
                    continue
                moved.append((below, source))
                if f"/{source}".endswith(f"/{below}"):
                    roots.append(source[: -len(below)].rstrip("/") or ".")
                elif below.endswith(".py"):
                    roots.append(posixpath.dirname(source) or ".")
        return unique(roots), tuple(dict.fromkeys(moved))


def read(path: str, data: bytes) -> Deployment:
    """The function of the image that the Dockerfile `path` builds."""
    image = image_of(path, data)
    if image is None or not image.handler:
        return Deployment()
    # The context is the file's own folder, or one around it (`docker build -f docker/Dockerfile .`).
    folder = posixpath.dirname(path)
    contexts = [folder or "."]
    while folder and len(contexts) < _MAX_CONTEXTS:
        folder = posixpath.dirname(folder)
        contexts.append(folder or ".")
    roots, moved = image.code(contexts)
    function = DeployedFunction(
        template=path,
        line=image.line,
        name=posixpath.basename(posixpath.dirname(path)) or "image",
        handler=image.handler,
        code_roots=roots,
        runtime=image.runtime,
        environment=tuple(image.stage.environment.items()),
        moved=moved,
    )
    return Deployment((function,))


def built(files: Mapping[str, bytes], context: str | None, name: str | None) -> Image | None:
    """The image that the Dockerfile `name` of the folder `context` builds, if it is among `files`."""
    path = inside(context, name or "Dockerfile") if context is not None else None
    return image_of(path, files[path]) if path is not None and path in files else None


def image_of(path: str, data: bytes) -> Image | None:
    """The image that a Dockerfile's last stage builds; None for one that isn't for Lambda and Python."""
    last = _stages(data)
    if last is None or (_BASE.search(last.image) is None and _CLIENT.encode() not in data):
        return None
    return Image(path, last)


def _handler(stage: Stage) -> tuple[str, int]:
    """The handler's text and line: what follows the runtime client, else what the entry point is given."""
    for command in (stage.entrypoint, stage.command):
        words = [posixpath.basename(word) for word in command.words]
        if _CLIENT in words[:-1]:
            return _checked(command.words[words.index(_CLIENT) + 1], command.line)
    return _checked(stage.command.words[0] if stage.command.words else "", stage.command.line)


def _checked(word: str, line: int) -> tuple[str, int]:
    return ("" if handler_target(word) is None or word.endswith(_SCRIPTS) else word), line


def _stages(data: bytes) -> Stage | None:
    """The last stage, with all that it takes from those before it."""
    named: dict[str, Stage] = {}
    shared: dict[str, str] = {}
    stage: Stage | None = None
    count = 0
    for instruction in instructions(data):
        if instruction.kind == "from":
            stage = _begun(instruction.words, named, shared)
            named[str(count)] = stage
            count += 1
            if len(instruction.words) > 2:
                named[instruction.words[2].lower()] = stage
        elif stage is None:
            if instruction.kind == "arg":
                shared.update(_assigned(Stage(known=shared), instruction.words))
        else:
            _follow(stage, instruction, named, shared)
    return stage


def _begun(words: list[str], named: dict[str, Stage], shared: dict[str, str]) -> Stage:
    image = Stage(known=shared).expand(words[0] if words else "") or ""
    base = named.get(image.lower())
    if base is not None:
        return replace(base, mounts=list(base.mounts), known=dict(base.known), environment=dict(base.environment))
    if _BASE.search(image):
        return Stage(image, _TASK_ROOT, known={"LAMBDA_TASK_ROOT": _TASK_ROOT})
    return Stage(image)


def _follow(stage: Stage, instruction: Instruction, named: dict[str, Stage], shared: dict[str, str]) -> None:
    """What one instruction does to its stage."""
    kind, words = instruction.kind, instruction.words
    if kind == "arg":
        # Declared again without a value, it has the one from above the first stage.
        stage.known.update({name: shared[name] for name in words if name in shared})
        stage.known.update(_assigned(stage, words))
    elif kind == "env":
        values = _assigned(stage, [f"{words[0]}={' '.join(words[1:])}"] if "=" not in "".join(words[:1]) else words)
        stage.known.update(values)
        stage.environment.update(values)
    elif kind == "workdir":
        folder = stage.expand(" ".join(words))
        stage.folder = stage.absolute(folder) if folder is not None else stage.folder
    elif kind in ("copy", "add"):
        source = named.get(instruction.options.get("from", "").lower())
        if source is not None or "from" not in instruction.options:
            stage.mounts += islice(_mounts(stage, words, source), _MAX_MOUNTS - len(stage.mounts))
    elif kind == "cmd":
        stage.command = Command(tuple(words), instruction.line)
    elif kind == "entrypoint":
        stage.entrypoint = Command(tuple(words), instruction.line)


def _mounts(stage: Stage, words: list[str], source_stage: Stage | None) -> Iterator[Mount]:
    sources = [stage.expand(word) for word in words]
    target = sources.pop() if sources else None
    if target is None:
        return
    place = stage.absolute(target)
    into_folder = len(sources) > 1 or target.endswith(("/", ".")) or place == stage.folder
    for source in sources:
        if source is None:
            continue
        if source_stage is not None:
            yield from _taken(source_stage, source_stage.absolute(source), place)
            continue
        source = posixpath.normpath(source.lstrip("/") or ".")
        name = posixpath.basename(source)
        suffix = posixpath.splitext(name)[1]
        if suffix not in ("", ".py"):  # a file that is no code
            continue
        if set(name) & set("*?["):
            yield Mount(place, posixpath.dirname(source) or ".")
        elif suffix and (into_folder or not target.endswith(".py")):
            yield Mount(posixpath.join(place, name), source)
        else:
            yield Mount(place, source)


def _taken(stage: Stage, wanted: str, place: str) -> Iterator[Mount]:
    """What another stage has at `wanted`, as it stands at `place`."""
    for mount in stage.mounts:
        below = posixpath.relpath(mount.place, wanted)
        if not below.startswith(".."):
            yield Mount(posixpath.normpath(posixpath.join(place, below)), mount.source)
            continue
        above = posixpath.relpath(wanted, mount.place)
        if not above.startswith(".."):
            yield Mount(place, posixpath.normpath(posixpath.join(mount.source, above)))


def _assigned(stage: Stage, words: list[str]) -> dict[str, str]:
    """The variables that `NAME=value` words set to something known."""
    found: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        expanded = stage.expand(value.strip("\"'")) if equals else None
        if expanded is not None:
            found[name] = expanded
    return found
