"""Which file an import means, and what a module's names are worth."""

from __future__ import annotations

import builtins
import posixpath
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from copy import copy

import libcst as cst
from msgspec import Struct, field
from msgspec.structs import replace

from lambdalint.knowledge import tables
from lambdalint.semantics import ir, objects
from lambdalint.semantics.lower import Lowering, lower
from lambdalint.semantics.mentions import Mentions
from lambdalint.semantics.value import NOTHING, UNSURE, Value, Values, union
from lambdalint.semantics.values import Evaluator
from lambdalint.source import Source, UnreadableError
from lambdalint.syntax.again import Tree, parse_again, parse_anew, says_the_same
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


class Modules:
    """The project's modules by path relative to its root, loaded when asked for.

    `read` gives a file's bytes (OSError where it can't); `roots` are folders that
    imports start from, best first, besides the importing file's own ancestors.
    `alone` are files that are deployed each by itself: none of the others is there.
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
        self.files = set(files)
        self.read = read
        self.mentions = Mentions(sorted(self.files), read)
        self.keep = set(keep)  # the files that will be checked: their trees are held
        self.kept: dict[str, Kept] = {}
        self.roots = list(roots)
        self.alone = set(alone)
        self.loaded: dict[str, ir.Module | None] = {}
        self.reads: dict[str, Read] = {}  # of the loaded ones
        self.known = known if known is not None else {}
        self.folders: set[str] = set()
        self.homes: dict[str, set[str]] = defaultdict(set)  # top-level name → folders that hold it
        for path in self.files - self.alone:
            folder, name = posixpath.split(path)
            self.homes[name.removesuffix(".py")].add(folder)
            while folder and folder not in self.folders:
                self.folders.add(folder)
                above, package = posixpath.split(folder)
                self.homes[package].add(above)
                folder = above
        self.resolved: dict[tuple[str, str], str | None] = {}
        self._imports: dict[str, list[str]] = {}
        self.believed: dict[tuple[str, str], str] = {}
        # What was asked about the list of files: which file an import means, which files have a name.
        self.asked: set[tuple[str, str]] = set()
        self.asked_names: set[str] = set()

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
        kept = _lowered(parse_again(source, earlier.parsed) if earlier is not None else parse_anew(source))
        return Read(data, kept.lowering.module, kept.lowering.noted, kept)

    def for_checking(self, path: str) -> Kept | None:
        """The file with its tree, read again where only its module was held; None where that fails."""
        module = self.load(path)
        if module is None or path in self.kept:
            return self.kept.get(path)
        kept = _lowered(parse_anew(Source.from_bytes(path, self.read(path))))
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
        return other

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
            kept = _lowered(parse_again(source, before.parsed))
        except (UnreadableError, SyntaxProblem, RecursionError):
            return None
        module, noted = self.reads[path].module, self.reads[path].noted
        kept.lowering.stand_in(module, noted)
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
        return other

    def let_go(self, path: str) -> None:
        """Hold no longer what only a check of the file needs."""
        if self.kept.pop(path, None) is not None:
            for reads in (self.reads, self.known):
                reads[path] = replace(self.reads[path], kept=None)

    # --- imports -------------------------------------------------------------------

    def find(self, importer: str, dotted: str, level: int = 0) -> str | None:
        """The file (or folder of a namespace package) that `dotted` means in `importer`."""
        if importer in self.alone:
            return None
        key = (posixpath.dirname(importer), "." * level + dotted)
        self.asked.add(key)
        if key not in self.resolved:
            self.resolved[key] = self._find(key[0], dotted, level)
        return self.resolved[key]

    def named(self, name: str) -> list[str]:
        """The files of that name, in whatever folder."""
        self.asked_names.add(name)
        return sorted(path for path in self.files if posixpath.basename(path) == name)

    def _find(self, folder: str, dotted: str, level: int) -> str | None:
        relative = dotted.replace(".", "/")
        if level:
            for _ in range(level - 1):
                folder = posixpath.dirname(folder)
            return self._at(folder, relative)
        top = dotted.split(".")[0]
        if top not in self.homes or top in sys.stdlib_module_names or tables.is_third_party(top):
            return None
        for root in self.search_path(folder):
            found = self._at(root, relative)
            if found is not None:
                return found
        # No root of the importing file has it: take the only place in the project that does.
        # A folder without `__init__.py` that shares the name is no module beside one that is.
        places = {home: self._at(home, relative) for home in self.homes[top]}
        modules = {place for home, place in places.items() if self._is_module(home, top) and place is not None}
        found_anywhere = modules or {place for place in places.values() if place is not None}
        return found_anywhere.pop() if len(found_anywhere) == 1 else None

    def _is_module(self, home: str, top: str) -> bool:
        base = posixpath.join(home, top)
        return f"{base}.py" in self.files or f"{base}/__init__.py" in self.files

    def search_path(self, folder: str) -> Iterable[str]:
        """Where absolute imports of a file in `folder` are looked for, nearest first."""
        yield folder
        yield from (root for root in self.roots if folder == root or folder.startswith(root + "/"))
        yield posixpath.join(folder, "src")
        while folder:
            folder = posixpath.dirname(folder)
            yield folder
            yield posixpath.join(folder, "src")
        yield from self.roots

    def _at(self, root: str, relative: str) -> str | None:
        base = posixpath.join(root, relative) if relative else root
        for candidate in (f"{base}/__init__.py", f"{base}.py"):  # Python's own order
            if candidate in self.files:
                return candidate
        return base if base in self.folders else None

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

    def targets(self, path: str, statement: ir.Import) -> list[str]:
        """The project files that one import statement runs, outermost package first."""
        wanted: list[tuple[str, int]] = []
        if statement.is_from:
            wanted.append((statement.module, statement.level))
            wanted += [
                (f"{statement.module}.{name}".strip("."), statement.level) for name, _ in statement.names if name != "*"
            ]
        else:
            wanted += [(name, 0) for name, _ in statement.names]
        found: dict[str, None] = {}
        for dotted, level in wanted:
            parts = dotted.split(".") if dotted else []
            for length in range(1, len(parts) + 1):
                target = self.find(path, ".".join(parts[:length]), level)
                if target is not None and target.endswith(".py"):
                    found[target] = None
            if not parts:
                target = self.find(path, "", level)
                init = f"{target}/__init__.py" if target else ""
                if init in self.files:
                    found[init] = None
        found.pop(path, None)
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


def _lowered(parsed: Tree) -> Kept:
    return Kept(parsed.source, parsed.module, lower(parsed.module, parsed.source.path), parsed.pieces)


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
