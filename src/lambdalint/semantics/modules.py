"""A project's modules, loaded when asked for, and what their names are worth."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy

import libcst as cst
from msgspec import Struct, field
from msgspec.structs import replace

from lambdalint.knowledge import tables
from lambdalint.semantics import ir, objects
from lambdalint.semantics.lower import Lowering, lower
from lambdalint.semantics.mentions import Mentions
from lambdalint.semantics.portions import Rewritten
from lambdalint.semantics.resolution import Resolver
from lambdalint.semantics.value import NOTHING, UNSURE, Value, Values, union
from lambdalint.semantics.values import Evaluator
from lambdalint.source import Source, UnreadableError
from lambdalint.syntax.again import Tree, exchanged, parse_again, parse_anew, says_the_same
from lambdalint.syntax.parse import SyntaxProblem
from lambdalint.syntax.pieces import Pieces


class Kept(Struct, frozen=True):
    """A file that will be checked: its text, its tree, and the way between tree and model."""

    source: Source
    tree: cst.Module
    lowering: Lowering
    pieces: Pieces = field(default_factory=Pieces)

    @property
    def parsed(self) -> Tree:
        return Tree(self.source, self.tree, self.pieces)


class Read(Struct, frozen=True):
    """A module as it was read: its bytes, what they were lowered to, and with which nodes in which order."""

    data: bytes
    module: ir.Module
    noted: list[ir.Node]
    kept: Kept | None


class Modules(Resolver):
    """The project's modules by path relative to its root, loaded when asked for.

    `read` gives a file's bytes (OSError where it can't); `roots` and `alone` are those of `Resolver`.
    `known` are modules that were read for the same project before, and takes those that are read now: none is
    lowered again as long as its bytes are the same, and one that will be checked is only parsed where they differ.
    """

    def __init__(
        self,
        files: Iterable[str],
        read: Callable[[str], bytes],
        roots: Sequence[str] = (),
        keep: Iterable[str] = (),
        alone: Iterable[str] = (),
        known: dict[str, Read] | None = None,
    ) -> None:
        super().__init__(files, roots, alone)
        self.read = read
        self.mentions = Mentions(sorted(self.files), read)
        self.keep = set(keep)  # the files that will be checked: their trees are held
        self.kept: dict[str, Kept] = {}
        self.loaded: dict[str, ir.Module | None] = {}
        self.reads: dict[str, Read] = {}  # of the loaded ones
        self.rewritten: list[Rewritten] = []  # what of the loaded ones was something else in the project before
        self.lasting = False  # whether other texts are to come
        self.known = known if known is not None else {}
        self._imports: dict[str, list[str]] = {}
        self.believed: dict[tuple[str, str], str] = {}

    def believe(self, names: Iterable[str]) -> None:
        """Take functions and classes of the project, by their dotted names, for outside ones that facts tell of."""
        for dotted in names:
            module, _, name = dotted.rpartition(".")
            for home in self.homes.get(module.partition(".")[0], ()):
                path = self._at(home, module.replace(".", "/"))
                if path is not None:
                    self.believed[path, name] = dotted

    # --- loading -------------------------------------------------------------------

    def load(self, path: str) -> ir.Module | None:
        """The lowered module, or None where it can't be read or parsed."""
        if path not in self.loaded:
            self.loaded[path] = None
            try:
                found = self._read(path)
            except (OSError, UnreadableError, SyntaxProblem, RecursionError):
                return None
            self.loaded[path] = found.module
            self.reads[path] = self.known[path] = found
            if found.kept is not None:
                self.kept[path] = found.kept
        return self.loaded[path]

    def _read(self, path: str) -> Read:
        data = self.read(path)
        known = self.known.get(path)
        if known is not None and known.data == data and (known.kept is not None or path not in self.keep):
            return known
        source = Source.from_bytes(path, data)
        if path not in self.keep:
            lowering = lower(parse_anew(source).module, path)
            return Read(data, lowering.module, lowering.noted, None)
        earlier = known.kept if known is not None else None
        kept = self._lowered(parse_again(source, earlier.parsed) if earlier is not None else parse_anew(source))
        return Read(data, kept.lowering.module, kept.lowering.noted, kept)

    def _lowered(self, parsed: Tree) -> Kept:
        lowering = lower(parsed.module, parsed.source.path, self.lasting)
        return Kept(parsed.source, parsed.module, lowering, parsed.pieces)

    def for_checking(self, path: str) -> Kept | None:
        """The file with its tree, read again where only its module was held; None where that fails."""
        module = self.load(path)
        if module is None or path in self.kept:
            return self.kept.get(path)
        kept = self._lowered(parse_anew(Source.from_bytes(path, self.read(path))))
        kept.lowering.stand_in(module, self.reads[path].noted)
        self.kept[path] = kept
        return kept

    def without(self, paths: Iterable[str], read: Callable[[str], bytes]) -> Modules:
        """The same project with some files to be read anew, all other modules shared."""
        other = copy(self)
        changed = set(paths)
        other.read = read
        other.mentions = self.mentions.without(changed, read)
        other._imports = {path: found for path, found in self._imports.items() if path not in changed}
        other.loaded = {path: module for path, module in self.loaded.items() if path not in changed}
        other.reads = {path: read for path, read in self.reads.items() if path not in changed}
        other.kept = {path: kept for path, kept in self.kept.items() if path not in changed}
        other.rewritten = []
        return other

    def with_texts(self, texts: Mapping[str, bytes], read: Callable[[str], bytes]) -> Modules:
        """As `without`, for a project that takes the place of this one: modules stay where only functions and
        classes of theirs have other texts."""
        other = self.without(texts, read)
        for path, data in texts.items():
            try:
                found = self._rewritten(path, data)
            except (UnreadableError, SyntaxProblem, RecursionError):
                continue
            if found is not None:
                kept, rewritten = found
                now = Read(data, kept.lowering.module, kept.lowering.noted, kept)
                other.reads[path] = other.known[path] = now
                other.kept[path] = kept
                other.rewritten.append(rewritten)
        other.loaded = {path: module for path, module in self.loaded.items() if path not in texts or path in other.kept}
        return other

    def _rewritten(self, path: str, data: bytes) -> tuple[Kept, Rewritten] | None:
        before = self.kept.get(path)
        if before is None or self.loaded.get(path) is not before.lowering.module:
            return None
        tree = parse_again(Source.from_bytes(path, data), before.parsed)
        changed = exchanged(before.tree.body, tree.module.body)
        found = before.lowering.rewritten(changed) if changed else None
        return (Kept(tree.source, tree.module, found[0], tree.pieces), found[1]) if found is not None else None

    def replaced(self, by: Modules) -> dict[str, ir.Module | None]:
        """The modules that another project reads anew."""
        return {path: module for path, module in self.loaded.items() if path not in by.loaded}

    def reworded(self, path: str, data: bytes, read: Callable[[str], bytes]) -> Modules | None:
        """The same project with another text of one file, all modules shared; None unless the text says the same
        to Python as the one before, comments and spaces aside."""
        before = self.kept.get(path)
        if before is None:
            return None
        try:
            source = Source.from_bytes(path, data)
            if not says_the_same(source, before.parsed):
                return None
            tree = parse_again(source, before.parsed)
            changed = exchanged(before.tree.body, tree.module.body)
            lowering = before.lowering.reworded(changed) if changed is not None else None
            if lowering is not None:
                kept = Kept(source, tree.module, lowering, tree.pieces)
            else:
                kept = self._lowered(tree)
                kept.lowering.stand_in(self.reads[path].module, self.reads[path].noted)
        except (UnreadableError, SyntaxProblem, RecursionError):
            return None
        module, noted = self.reads[path].module, self.reads[path].noted
        shared = copy(self)
        shared.read = read
        shared.mentions = self.mentions.without((path,), read)
        shared.reads = {**self.reads, path: Read(data, module, noted, kept)}
        shared.kept = {**self.kept, path: kept}
        return shared

    def unloaded(self, keep: Iterable[str], known: dict[str, Read] | None = None) -> Modules:
        """The same project with nothing loaded yet; which file an import means is found once for all such."""
        other = copy(self)
        other.keep, other.kept, other.loaded, other.reads, other.believed = set(keep), {}, {}, {}, {}
        other.asked, other.asked_names = set(), set()
        other._imports = {}
        other.known = known if known is not None else {}
        other.lasting = known is not None
        return other

    def let_go(self, path: str) -> None:
        """Hold no longer what only a check of the file needs."""
        if self.kept.pop(path, None) is not None:
            for reads in (self.reads, self.known):
                reads[path] = replace(self.reads[path], kept=None)

    # --- imports -------------------------------------------------------------------

    def imports_of(self, path: str) -> list[str]:
        """The project files that importing `path` runs directly, its packages' `__init__` included."""
        if path not in self._imports:
            self._imports[path] = self._imports_of(path)
        return self._imports[path]

    def _imports_of(self, path: str) -> list[str]:
        module = self.load(path)
        if module is None:
            return []
        found: dict[str, None] = {}
        for statement, function in module.imports:
            if not function.is_module or in_type_checking(statement):
                continue
            for target in self.targets(path, statement):
                found[target] = None
        return list(found)

    # --- names ---------------------------------------------------------------------

    def imported(self, evaluator: Evaluator, module: ir.Module, name: str) -> Values:
        """What an import binds: `..pkg.mod.attr`, `pkg.mod` or an external's dotted name."""
        level = len(name) - len(name.lstrip("."))
        parts = name[level:].split(".")
        for length in range(len(parts), -1, -1):
            if length == 0 and not level:
                break
            path = self.find(module.path, ".".join(parts[:length]), level)
            if path is None or (path == module.path and length):
                continue
            if length and self._hidden(evaluator, module, parts[:length], level):
                continue
            values: Values = frozenset({Value("module", path)})
            rest = parts[length:]
            for attr in rest:
                values = union(
                    self.attribute(evaluator, v.name, attr) if v.kind == "module" else UNSURE for v in values
                )
            return values
        return UNSURE if level else frozenset({Value("external", tables.canonical(name))})

    def _hidden(self, evaluator: Evaluator, module: ir.Module, parts: list[str], level: int) -> bool:
        """Whether a package binds the name of its own module to something else (`from .load import load`)."""
        above = self.find(module.path, ".".join(parts[:-1]), level) if level or len(parts) > 1 else None
        if above is None or above == module.path or not above.endswith("__init__.py"):
            return False
        evaluator.grounds.rest_on(("module", above))
        package = self.load(above)
        return package is not None and parts[-1] in package.scope.bindings

    def star_imported(self, evaluator: Evaluator, module: ir.Module, name: str) -> Values:
        """What `from x import *` of a module binds `name` to; nothing where no such import may."""
        if hasattr(builtins, name):
            return NOTHING
        # Star imports may run in circles.
        key = ("star", module.path, name)
        return evaluator.solve(key, lambda: self._star_imported(evaluator, module, name), NOTHING, UNSURE)

    def _star_imported(self, evaluator: Evaluator, module: ir.Module, name: str) -> Values:
        evaluator.grounds.rest_on(("module", module.path))
        unsure = False
        for statement, function in reversed(module.imports):
            if not function.is_module or ("*", "") not in statement.names:
                continue
            target = self.find(module.path, statement.module, statement.level)
            found = self.attribute(evaluator, target, name) if target is not None else UNSURE
            if found and found != UNSURE:
                return found
            unsure = True
        return UNSURE if unsure else NOTHING

    def attribute(self, evaluator: Evaluator, path: str, name: str) -> Values:
        """`name` of the module or package at `path`."""
        if (path, name) in self.believed:
            return frozenset({Value("external", self.believed[path, name])})
        if path.endswith(".py"):
            evaluator.grounds.rest_on(("module", path))
            module = self.load(path)
            if module is not None:
                binding = module.scope.bindings.get(name)
                if binding is not None:
                    # Modules may import one name from each other.
                    return evaluator.solve(
                        ("name", binding),
                        lambda: evaluator.binding(binding) | objects.stored_on_module(evaluator, path, name),
                        NOTHING,
                        UNSURE,
                    )
                found = self.star_imported(evaluator, module, name)
                if not found or found == UNSURE:
                    found = objects.stored_on_module(evaluator, path, name)
                if found:
                    return found
        if path.endswith("/__init__.py") or not path.endswith(".py"):
            inner = self.find(f"{path.removesuffix('/__init__.py')}/__init__.py", name, 1)
            if inner is not None:
                return frozenset({Value("module", inner)})
        return UNSURE if path.endswith(".py") else NOTHING


def packages_of(module: ir.Module) -> set[str]:
    """The top-level names of what a module imports, at any depth, by absolute imports."""
    found: set[str] = set()
    for statement, _ in module.imports:
        dotted = [statement.module] if statement.is_from else [name for name, _ in statement.names]
        found.update(name.split(".")[0] for name in dotted if not statement.level)
    return found


def in_type_checking(node: ir.Node) -> bool:
    """Whether a statement stands under `if TYPE_CHECKING:`, which never runs."""
    below = node
    for ancestor in ir.ancestors(node):
        if isinstance(ancestor, ir.If) and ir.dotted(ancestor.test).split(".")[-1] == "TYPE_CHECKING":
            return any(stmt is below for stmt in ancestor.body)
        below = ancestor
    return False
