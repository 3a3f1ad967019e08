"""YAML and JSON text to a small tree with places, without building any of its objects.

PyYAML's own composer recurses once per level, and its C form ends the whole process on a deep
document. So the tree is built here from the parser's events with a stack of our own, which also
bounds the depth and what aliases add up to. An alias is a second way to the same node and is
never expanded; one to a node around it is refused, so the result has no cycles.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from msgspec import Struct, field

from lambdalint.source import UnreadableError

MAX_DEPTH = 100
# How many nodes all aliases together may stand for.
MAX_ALIASED = 200_000

_TOO_DEEP = f"it nests deeper than {MAX_DEPTH} levels"
_STANDARD = "tag:yaml.org,2002:"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
# One half of a character beyond U+FFFF, which JSON writes as two escapes and YAML forbids.
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")


class _Sized(Struct, eq=False, kw_only=True):
    """How many nodes it stands for, aliases expanded (0 while unfinished), and those below it so far."""

    size: int = 0
    below: int = 0


class Node(_Sized, eq=False):
    """`tag` is `str`, `int`, `null`, `map`, … for YAML's own kinds, else as written (`!Ref`).

    `line` counts from 1 and `column` from 0. Nodes compare and hash by identity.
    """

    tag: str
    line: int
    column: int


class Scalar(Node, eq=False):
    value: str = ""


class Sequence(Node, eq=False):
    items: list[Node] = field(default_factory=list)


class Mapping(Node, eq=False):
    """`entries` maps each key's text to the key's node and the value, merge keys included."""

    entries: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)
    # The key that waits for its value, and the mappings to merge once the mapping ends.
    pending: Node | None = None
    merged: list[Node] = field(default_factory=list)

    def get(self, *names: str) -> Node | None:
        """The value under the keys `names`, one level each; None where a level is missing."""
        node: Node | None = self
        for name in names:
            entry = node.entries.get(name) if isinstance(node, Mapping) else None
            node = None if entry is None or entry[1].tag == "null" else entry[1]
        return node

    def mapping(self, *names: str) -> Mapping:
        """As `get`; an empty mapping where there is none."""
        node = self.get(*names)
        return node if isinstance(node, Mapping) else Mapping("map", self.line, self.column)

    def sequence(self, *names: str) -> list[Node]:
        """As `get`; the items of a sequence, or none."""
        node = self.get(*names)
        return node.items if isinstance(node, Sequence) else []

    def key_line(self, name: str) -> int:
        """The line of the key `name`, or the mapping's own."""
        return self.entries[name][0].line if name in self.entries else self.line

    def __iter__(self) -> Iterator[tuple[str, Scalar, Node]]:
        for name, (key, value) in self.entries.items():
            yield name, key, value


def descendants(node: Node) -> Iterator[Node]:
    """The node and all below it, each once, however many aliases lead there."""
    seen: set[Node] = set()
    stack = [node]
    while stack:
        current = stack.pop()
        if current in seen:
            continue
        seen.add(current)
        yield current
        if isinstance(current, Sequence):
            stack.extend(current.items)
        elif isinstance(current, Mapping):
            stack.extend(value for _, value in current.entries.values())


def parse(path: str, data: bytes) -> Node | None:
    """The tree of a document, None for an empty one; UnreadableError where it is broken."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableError(f"it isn't valid UTF-8: byte 0x{data[error.start]:02x} can't be decoded", line) from error
    control = _CONTROL.search(text)
    if control:
        start = text.rfind("\n", 0, control.start()) + 1
        reason = f"it holds the control character 0x{ord(control.group()):02x}"
        raise UnreadableError(reason, text.count("\n", 0, start) + 1, control.start() - start)
    if path.lower().endswith(".json"):
        return _parse_json(text)
    # A raw tab stands between two tokens of JSON, where YAML refuses it and a blank does as well.
    return compose(text.replace("\t", " ") if text.lstrip().startswith("{") else text)


def _parse_json(text: str) -> Node | None:
    # YAML takes most of JSON and tells the places, but also much that is no JSON.
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        reason = f"it isn't valid JSON: {error.msg}"
        raise UnreadableError(reason, error.lineno, error.colno - 1) from error
    except RecursionError as error:
        raise UnreadableError(_TOO_DEEP) from error
    except ValueError as error:
        raise UnreadableError("it isn't valid JSON: a number is too long") from error
    text = text.replace("\t", " ")
    for candidate in (text, _SURROGATE.sub(r"\\ufffd", text)):
        try:
            return compose(candidate)
        except UnreadableError as error:
            if error.reason == _TOO_DEEP:
                raise
    return tree_of(value)


def tree_of(value: Any, depth: int = 0) -> Node:
    """The tree of decoded JSON or TOML, all of it at line 1: for what YAML can't read."""
    if depth > MAX_DEPTH:
        raise UnreadableError(_TOO_DEEP)
    if isinstance(value, dict):
        entries = {k: (Scalar("str", 1, 0, k), tree_of(v, depth + 1)) for k, v in value.items()}
        return Mapping("map", 1, 0, entries)
    if isinstance(value, list):
        return Sequence("seq", 1, 0, [tree_of(item, depth + 1) for item in value])
    if isinstance(value, str):
        return Scalar("str", 1, 0, value)
    kind = {bool: "bool", int: "int", float: "float"}.get(type(value), "null")
    return Scalar(kind, 1, 0, json.dumps(value, default=str))


def compose(text: str) -> Node | None:
    """The tree of a YAML text, None for an empty one; UnreadableError where it is broken."""
    # Loaded here, so that a project without templates doesn't pay for it. The interface of
    # events has no types of its own, with or without stubs.
    yaml: Any = importlib.import_module("yaml")
    try:
        return _Composer(yaml, text).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = f"it isn't valid YAML: {error.problem or error.context}"
        place = (mark.line + 1, mark.column) if mark else (1, 0)
        raise UnreadableError(reason, *place) from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # Without its C form, PyYAML passes an escape beyond Unicode to `chr`.
        raise UnreadableError("it isn't valid YAML: it holds a character that YAML forbids") from error


class _Composer:
    """Builds the first document's tree from the events of a PyYAML loader."""

    def __init__(self, yaml: Any, text: str) -> None:
        self.yaml = yaml
        self.loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
        self.anchors: dict[str, Node] = {}
        self.open: list[Mapping | Sequence] = []
        self.root: Node | None = None
        self.aliased = 0

    def document(self) -> Node | None:
        try:
            while True:
                event = self.loader.get_event()
                if isinstance(event, self.yaml.StreamEndEvent):
                    return self.root
                if isinstance(event, self.yaml.DocumentStartEvent) and self.root is not None:
                    self.fail(event, "it holds more than one document")
                self.take(event)
        finally:
            self.loader.dispose()

    def fail(self, event: Any, reason: str) -> NoReturn:
        raise UnreadableError(reason, event.start_mark.line + 1, event.start_mark.column)

    def take(self, event: Any) -> None:
        yaml = self.yaml
        line, column = event.start_mark.line + 1, event.start_mark.column
        if isinstance(event, yaml.ScalarEvent):
            tag = event.tag
            if tag is None or tag == "!":
                tag = self.loader.resolve(yaml.ScalarNode, event.value, event.implicit)
            scalar = Scalar(tag.removeprefix(_STANDARD), line, column, event.value)
            self.place(event, scalar)
            self.finish(scalar)
        elif isinstance(event, yaml.AliasEvent):
            target = self.anchors.get(event.anchor)
            if target is None:
                self.fail(event, f"the alias {event.anchor!r} has no anchor")
            if not target.size:
                self.fail(event, f"the alias {event.anchor!r} stands inside what it names")
            self.aliased += target.size
            if self.aliased > MAX_ALIASED:
                self.fail(event, "its aliases stand for more than a template can hold")
            self.put(target)
            self.finish(target)
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(self.open) >= MAX_DEPTH:
                self.fail(event, _TOO_DEEP)
            is_map = isinstance(event, yaml.MappingStartEvent)
            tag = (event.tag or ("map" if is_map else "seq")).removeprefix(_STANDARD)
            opened = Mapping(tag, line, column) if is_map else Sequence(tag, line, column)
            self.place(event, opened)
            self.open.append(opened)
        elif isinstance(event, yaml.CollectionEndEvent):
            closed = self.open.pop()
            if isinstance(closed, Mapping):
                _merge(closed)
            self.finish(closed)

    def place(self, event: Any, node: Node) -> None:
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        self.put(node)

    def finish(self, node: Node) -> None:
        """Count a node into the one around it, once its own children are counted."""
        node.size = node.size or 1 + node.below
        if self.open:
            self.open[-1].below += node.size

    def put(self, node: Node) -> None:
        parent = self.open[-1] if self.open else None
        if parent is None:
            self.root = node
        elif isinstance(parent, Sequence):
            parent.items.append(node)
        elif parent.pending is None:
            parent.pending = node
        else:
            key, parent.pending = parent.pending, None
            if key.tag == "merge":
                parent.merged.append(node)
            elif isinstance(key, Scalar):
                parent.entries[key.value] = (key, node)


def _merge(node: Mapping) -> None:
    """Add what `<<` brings: a mapping's own keys win, then the first that has the key."""
    sources: list[Node] = []
    for merged in node.merged:
        sources += merged.items if isinstance(merged, Sequence) else [merged]
    for source in sources:
        if isinstance(source, Mapping):
            node.entries = {**source.entries, **node.entries}
