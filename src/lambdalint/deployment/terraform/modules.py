"""Terraform's modules: the files of a folder, with the values that a caller gives to its variables."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice

from lambdalint.deployment.model import Problem
from lambdalint.deployment.places import inside
from lambdalint.deployment.terraform.expressions import Names, evaluate
from lambdalint.deployment.terraform.hcl import Attribute, Block, Document
from lambdalint.deployment.terraform.values import MAX_ITEMS, Reference, Value, number
from lambdalint.source import UnreadableError

# Stands before paths that start at the project's root; all others start where Terraform runs.
PROJECT = "\0/"
_MAX_CALLS = 8  # levels of modules that call modules
_MAX_INSTANCES = 500
_FUNCTION = re.compile(
    rb'^[ \t]*resource[ \t]+"?aws_lambda_function\b|terraform-aws-modules/(terraform-aws-)?lambda', re.MULTILINE
)
_MATTERS = re.compile(_FUNCTION.pattern + rb"|aws_dynamodb_table|aws_sqs_queue|\bsource[ \t]*=[ \t]*\"\.", re.MULTILINE)
_MAX_BROKEN = 100_000  # bytes of broken text, over all files
_META = frozenset({"source", "version", "providers", "count", "for_each", "depends_on"})


class Sources:
    """All Terraform files of a project by folder; a folder is read when it is first asked for."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files: dict[str, dict[str, bytes]] = {}
        for path, data in files.items():
            self.files.setdefault(posixpath.dirname(path) or ".", {})[path] = data
        self.problems: list[Problem] = []
        self._read: dict[str, list[Document]] = {}
        self._broken = 0

    def folders(self) -> list[str]:
        """The folders that may hold functions, tables or queues, or call modules that do."""
        return [folder for folder in sorted(self.files) if any(map(_MATTERS.search, self.files[folder].values()))]

    def documents(self, folder: str) -> list[Document]:
        """The readable files of a folder."""
        if folder not in self._read:
            self._read[folder] = list(self._documents(self.files.get(folder, {})))
        return self._read[folder]

    def _documents(self, files: Mapping[str, bytes]) -> Iterator[Document]:
        for path, data in sorted(files.items()):
            if self._broken > _MAX_BROKEN:
                break
            surely = _FUNCTION.search(data) is not None
            try:
                document = Document(path, data)
            except UnreadableError as error:
                if surely:
                    self.problems.append(Problem(path, error.line, error.column, error.reason))
                continue
            if document.error is not None and surely:
                self.problems.append(Problem(path, *document.error, "it isn't valid Terraform"))
            self._broken += document.broken
            yield document


class Module:
    """One folder as one caller sees it.

    `root` is the folder in which Terraform runs, `given` what the caller passes: the attribute, and
    the names that its value is made of; `path` the names of the calls that lead here. It answers
    what names stand for (`expressions.Names`).
    """

    repeated = False

    def __init__(
        self,
        sources: Sources,
        folder: str,
        root: str,
        given: Mapping[str, tuple[Attribute, Names]] | None = None,
        path: tuple[str, ...] = (),
    ) -> None:
        self.sources = sources
        self.folder = folder
        self.root = root
        self.given = given or {}
        self.path = path
        documents = sources.documents(folder)
        self.blocks = [block for document in documents for block in document.blocks]
        # Whether all that stands in the folder is known.
        unread = len(sources.files.get(folder, {})) - len(documents)
        self.whole = not unread and all(document.whole for document in documents)
        self.by_labels = {(block.kind, *block.labels): block for block in self.blocks}
        self.locals: dict[str, Attribute] = {}
        for block in self.blocks:
            if block.kind == "locals":
                self.locals.update(block.attributes)
        self.set: dict[str, Attribute] = {}
        if not path:
            for document in documents:
                self.set.update({attribute.name: attribute for attribute in document.attributes})
        self._known: dict[tuple[str, str], Value] = {}
        self._archives: dict[str, tuple[Block, str]] | None = None

    def lookup(self, names: tuple[str, ...], depth: int) -> tuple[Value, int]:
        first, second = names[0], names[1] if len(names) > 1 else ""
        if first in ("path", "var", "local") and second:
            if first == "path":
                return PROJECT + (self.folder if second == "module" else self.root), 2
            if (first, second) not in self._known:
                self._known[first, second] = None
                self._known[first, second] = self._variable(first, second, depth)
            return self._known[first, second], 2
        # Resources, data sources and modules; iteration names are no resources.
        if len(names) < 2 or first in ("each", "count", "self", "terraform"):
            return None, len(names)
        return Reference(names, home=self), len(names)

    def _variable(self, kind: str, name: str, depth: int) -> Value:
        if kind == "var" and name in self.given:
            passed, scope = self.given[name]
            return evaluate(passed.value, scope, depth)
        attribute = self.defining(kind, name)
        return evaluate(attribute.value, self, depth) if attribute is not None else None

    def defining(self, kind: str, name: str) -> Attribute | None:
        """The attribute in which a variable's or a local's value is written."""
        if kind == "local":
            return self.locals.get(name)
        if name in self.given:
            return self.given[name][0]
        if name in self.set:
            return self.set[name]
        block = self.by_labels.get(("variable", name))
        return block.attributes.get("default") if block is not None else None

    @staticmethod
    def referred(value: Value) -> tuple[Module, Block] | None:
        """The resource, data source or module call that a reference leads to, and the module that it stands in."""
        if not isinstance(value, Reference) or not isinstance(value.home, Module):
            return None
        kind, length = {"module": ((), 2), "data": ((), 3)}.get(value.names[0], (("resource",), 2))
        block = value.home.by_labels.get((*kind, *value.names[:length]))
        return None if block is None else (value.home, block)

    def archive_at(self, place: str) -> tuple[Block, str] | None:
        """The `archive_file` that is written to a place, and the key of the element that does it."""
        if self._archives is None:
            self._archives = {}
            blocks = [block for block in self.blocks if block.labels[:1] == ("archive_file",)]
            found = ((block, key, scope) for block in blocks for key, scope in elements(self, block))
            for block, key, scope in islice(found, _MAX_INSTANCES):
                output = block.attributes.get("output_path")
                written = self.place(evaluate(output.value, scope)) if output is not None else None
                if written is not None:
                    self._archives.setdefault(written, (block, key))
        return self._archives.get(place)

    def place(self, value: Value) -> str | None:
        """A path of this module as one from the project's root, normalised; None for one outside."""
        if not isinstance(value, str) or not value or "://" in value:
            return None
        if value.startswith(PROJECT):
            joined = posixpath.normpath(value.removeprefix(PROJECT))
        else:
            joined = posixpath.normpath(posixpath.join(self.root, value))
        return None if joined == ".." or joined.startswith(("../", "/")) or "\0" in joined else joined


class Element:
    """A module's names inside of a block that stands for several: `each.key`, `each.value`, `count.index`."""

    repeated = True

    def __init__(self, module: Module, key: str, value: Value) -> None:
        self.module = module
        self.known: dict[tuple[str, ...], Value] = {("each", "key"): key, ("each", "value"): value}
        if key.isdigit():
            self.known["count", "index"] = number(key)

    def lookup(self, names: tuple[str, ...], depth: int) -> tuple[Value, int]:
        if names[:2] in self.known:
            return self.known[names[:2]], 2
        return self.module.lookup(names, depth)


def instances(sources: Sources) -> list[Module]:
    """Every folder that is no module of another, and the local modules that they call, each as called."""
    roots = sources.folders()
    called: set[str] = set()
    found: list[Module] = []
    for folder in roots:
        for block in Module(sources, folder, folder).blocks:
            target = local_source(folder, block)
            if target is not None and target != folder:
                called.add(target)
    # Modules that only call each other have no root: they are read by themselves.
    starts = [folder for folder in roots if folder not in called] or roots
    stack = [Module(sources, folder, folder) for folder in reversed(starts)]
    while stack and len(found) < _MAX_INSTANCES:
        module = stack.pop()
        found.append(module)
        if len(module.path) < _MAX_CALLS:
            stack += reversed(list(islice(_calls(module), _MAX_INSTANCES)))
    return found


def _calls(module: Module) -> Iterator[Module]:
    for block in module.blocks:
        folder = local_source(module.folder, block)
        if folder is None or folder not in module.sources.files:
            continue
        for _, scope in elements(module, block):
            given = {name: (attribute, scope) for name, attribute in block.attributes.items() if name not in _META}
            yield Module(module.sources, folder, module.root, given, (*module.path, *block.labels))


def local_source(folder: str, block: Block) -> str | None:
    """The folder of the local module that a block calls."""
    source = block.attributes.get("source") if block.kind == "module" else None
    value = evaluate(source.value, _Nothing()) if source is not None else None
    return inside(folder, value) if isinstance(value, str) and value.startswith(".") else None


def elements(module: Module, block: Block, depth: int = 0) -> Iterator[tuple[str, Module | Element]]:
    """The keys and names of all that a block stands for: one, or one per item of `for_each` or `count`.

    Where how many there are isn't known, one stands for all, whose key and value aren't known either.
    """
    items = _items(module, block, depth)
    if items is None:
        yield "", module
        return
    for key, value in items.items():
        # The only one is called by the block's own name.
        yield "" if len(items) == 1 and "count" in block.attributes else key, Element(module, key, value)


def settled(module: Module, block: Block) -> bool:
    """Whether it is known how many things a block stands for."""
    repeated = "for_each" in block.attributes or "count" in block.attributes
    return not repeated or _items(module, block, 0) is not None


def _items(module: Module, block: Block, depth: int) -> dict[str, Value] | None:
    """The keys and values of `for_each`, or the indexes of `count`; None where there is neither, or it isn't known."""
    attribute = block.attributes.get("for_each") or block.attributes.get("count")
    if attribute is None:
        return None
    value = evaluate(attribute.value, module)
    if attribute.name == "count":
        amount = number(value)
        return None if amount is None else {str(index): None for index in range(min(amount, MAX_ITEMS))}
    if isinstance(value, list):
        return {item: item for item in value if isinstance(item, str)}
    if isinstance(value, dict):
        return value
    # All elements of another block.
    found = module.referred(value)
    if isinstance(value, Reference) and found is not None and depth < _MAX_CALLS:
        return {key: replace(value, key=key) for key, _ in elements(*found, depth + 1)}
    return None


def scope_of(module: Module, block: Block, key: str) -> Module | Element | None:
    """The names inside of the element `key` of a block, or inside of the only one."""
    scopes = dict(elements(module, block))
    return scopes.get(key) or scopes.get("")


class _Nothing:
    repeated = False

    def lookup(self, names: tuple[str, ...], depth: int) -> tuple[Value, int]:
        return None, len(names)
