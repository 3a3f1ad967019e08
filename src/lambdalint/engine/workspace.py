"""A project on disk, made ready for questions: which files, handlers and tables there are.

Everything here is cheap: files are read as bytes and looked at by patterns;
only what a handler may reach is parsed, when the model asks for it.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from lambdalint import deployment
from lambdalint.engine import files
from lambdalint.engine.looks import Look, Scan, look, together
from lambdalint.engine.observed import Reads
from lambdalint.settings import Settings

if TYPE_CHECKING:
    from lambdalint.deployment import DeployedFunction, InlineCode, Problem
    from lambdalint.engine.asked import Asked
    from lambdalint.semantics.modules import Modules, Read
    from lambdalint.semantics.part import Part
    from lambdalint.semantics.project import Inputs, Project


@dataclass
class Workspace:
    """One project root with its settings. `overlay` maps relative paths to texts that win over the disk."""

    settings: Settings
    overlay: dict[str, bytes] = field(default_factory=dict)

    @property
    def root(self) -> str:
        return self.settings.root

    # --- what is there -------------------------------------------------------------

    @cached_property
    def listing(self) -> files.Discovery:
        return files.walk(self.root, self.settings, deployment.is_candidate)

    @cached_property
    def python(self) -> list[str]:
        """All Python files, what templates hold themselves included."""
        return sorted({*self._files, *self.inline})

    @cached_property
    def _files(self) -> list[str]:
        found = {self.relative(path) for path in self.listing.python}
        return sorted(found | {path for path in self.overlay if path.endswith(".py")})

    @cached_property
    def inline(self) -> dict[str, InlineCode]:
        """Code in templates by the path that the model knows it under."""
        return {code.path: code for code in self.deployments.inline}

    def inline_at(self, path: str) -> InlineCode | None:
        """The code in a template that a path stands for; for a file of its own the templates aren't looked at."""
        own = path in self.overlay or os.path.isfile(self.absolute(path))
        return self.inline.get(path) if not own else None

    def relative(self, path: str) -> str:
        """A path relative to the root, with forward slashes."""
        return os.path.relpath(path, self.root).replace(os.sep, "/")

    def absolute(self, path: str) -> str:
        return os.path.join(self.root, path)

    def read(self, path: str) -> bytes:
        """The bytes of a file by its path relative to the root; OSError where it can't be read."""
        code = self.inline_at(path)
        if code is None:
            return self.read_file(path)
        from lambdalint.engine import inline

        return inline.read(code)

    def read_file(self, path: str) -> bytes:
        """As `read`, for what is known to be no code in a template."""
        return self.overlay[path] if path in self.overlay else self.reads.read(path)

    @cached_property
    def reads(self) -> Reads:
        """What was read of the disk."""
        return Reads(self.root)

    @cached_property
    def _looks(self) -> dict[str, Look]:
        """What one look at each Python file says; those that can't be read are left out."""
        looks: dict[str, Look] = {}
        for path in self._files:
            try:
                looks[path] = look(path, self.read_file(path))
            except OSError:
                continue
        return looks

    @cached_property
    def _scan(self) -> Scan:
        return together(self._looks)

    @property
    def suppressing(self) -> set[str]:
        """The files that hold a suppression comment, or something that looks like one."""
        return self._scan.suppressing

    @cached_property
    def deployments(self) -> deployment.Deployment:
        """What all descriptions of the project say together."""
        texts: dict[str, bytes] = {}
        unread: list[Problem] = []
        candidates = [self.relative(path) for path in self.listing.deployment_candidates]
        for path in (*candidates, *self._scan.programs):
            try:
                data = self.read_file(path)
            except OSError as error:
                unread.append(deployment.Problem(path, 1, 0, f"it can't be read: {error.strerror or error}"))
                continue
            if deployment.looks_like(path, data):
                texts[path] = data
        from msgspec.structs import replace

        said = deployment.read(texts, {*self._files, *candidates}, self.read_file)
        return replace(said, problems=(*said.problems, *unread))

    @property
    def functions(self) -> list[DeployedFunction]:
        return list(self.deployments.functions)

    @property
    def problems(self) -> list[Problem]:
        return list(self.deployments.problems)

    # --- the model --------------------------------------------------------------------

    @cached_property
    def _inputs(self) -> Inputs:
        from lambdalint.engine.options import options
        from lambdalint.semantics.project import Inputs

        return Inputs(
            files=self.python,
            read=self.read,
            candidates=self.candidates,
            functions=self.functions,
            tables=self.deployments.tables,
            queues=self.deployments.queues,
            options=options(self.settings),
            patched=self.patched,
            mentions=self.mentions,
        )

    @property
    def mentions(self) -> dict[str, list[str]]:
        """By the words that matter everywhere, the files outside tests that hold them."""
        return self._scan.mentions

    @property
    def patched(self) -> list[str]:
        """The folders whose files tests patch boto3 in."""
        return self._scan.patched

    @property
    def candidates(self) -> list[str]:
        """The files that may define a handler which nothing declares."""
        return [path for path in self._scan.candidates if path not in self.deployments.scripts]

    def has_handlers(self) -> bool:
        """Whether anything here may be a handler; False spares everything else."""
        return bool(self.settings.handlers or self.functions or self.candidates)

    @cached_property
    def modules(self) -> Modules:
        """The project's modules, none of them loaded."""
        from lambdalint.semantics.modules import Modules
        from lambdalint.semantics.project import import_roots

        return Modules(self._inputs.files, self.read, import_roots(self._inputs), (), self.inline)

    def project(
        self,
        wanted: Collection[str],
        only: Collection[str] | None = None,
        part: Part | None = None,
        known: dict[str, Read] | None = None,
        asked: Asked | None = None,
    ) -> Project:
        """The analysed model.

        wanted: the files that will be checked, by relative path. only: leave out the handlers
        from which none of these files can be reached by imports; None takes all handlers.
        part: what of the project is analysed, instead of all.
        known: modules that were read for this project before; see `Modules`.
        asked: notes what is asked about the rest of the project.
        """
        from msgspec.structs import replace

        from lambdalint.semantics.project import Project

        inputs, modules = replace(self._inputs, part=part), self.modules.unloaded(wanted, known)
        if asked is not None:
            inputs = asked.watch(inputs, modules)
        if only is not None:
            near = self._handler_files_near(set(only))
            inputs.candidates = [path for path in inputs.candidates if path in near]
            inputs.functions = [f for f in inputs.functions if self.file_of(f) in near]
        return Project(inputs, modules, lasting=known is not None)

    def alike(self, texts: Mapping[str, bytes]) -> bool:
        """Whether a look at these texts tells what it told before of the files, so that `with_overlay` may be used."""
        return all(
            path in self._looks and not self._looks[path].is_program and look(path, data) == self._looks[path]
            for path, data in texts.items()
        )

    def with_looks(self, texts: dict[str, bytes]) -> Workspace | None:
        """The same workspace with other texts that are looked at; what was learned of the other files is kept.

        None where that isn't enough: a file that wasn't there, or one that describes a deployment.
        """
        looks = {path: look(path, data) for path, data in texts.items() if path in self._looks}
        if len(looks) < len(texts) or any(
            one.is_program or self._looks[path].is_program for path, one in looks.items()
        ):
            return None
        other = self.with_overlay(texts)
        other.__dict__["_looks"] = {**self._looks, **looks}
        other.__dict__.pop("_scan", None)
        return other

    def with_overlay(self, texts: dict[str, bytes]) -> Workspace:
        """The same workspace with other texts; what was learned of the other files is kept."""
        copy = Workspace(self.settings, {**self.overlay, **texts})
        for name in ("listing", "python", "_files", "_looks", "_scan", "deployments", "inline"):
            if name in self.__dict__:
                copy.__dict__[name] = self.__dict__[name]
        return copy

    def project_again(self, project: Project, changed: Mapping[str, bytes], taken: bool = False) -> Project:
        """The model after some files changed: all other modules are taken over as they are.

        `taken`: what was found out about them as well, and `project` can't be asked any more.
        """
        from msgspec.structs import replace

        from lambdalint.semantics.project import Project

        for path, data in changed.items() if len(changed) == 1 else ():
            same = project.modules.reworded(path, data, self.read)
            if same is not None:
                return project.reworded(same)
        modules = project.modules.without(changed, self.read)
        inputs = replace(project.inputs, read=self.read)
        return Project(inputs, modules, project if taken else None, lasting=taken)

    def file_of(self, function: DeployedFunction) -> str:
        """The file that holds a deployed function's handler, or ""."""
        place = deployment.resolve_handler(function, self._known.__contains__)
        return place[0] if place is not None else ""

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.python)

    def imported(self, path: str) -> set[str]:
        """What a file's imports may load, at any depth of the file: the project's files, and such as would be there."""
        found: set[str] = set()
        for dotted, level in self._scan.imports.get(path, ()):
            parts = dotted.split(".") if dotted else []
            for length in range(len(parts) + 1):
                target = self.modules.find(path, ".".join(parts[:length]), level) if length or level else None
                if target is not None:
                    found.update((target, f"{target}/__init__.py"))
        return found

    def imports(self, path: str) -> list[str]:
        """The dotted names that a file imports, without those relative to its package."""
        return [dotted for dotted, level in self._scan.imports.get(path, ()) if not level]

    def size(self, path: str) -> int:
        """How many bytes a Python file has; 0 where it's no file."""
        try:
            return len(self.overlay[path]) if path in self.overlay else os.path.getsize(self.absolute(path))
        except OSError:
            return 0

    def _handler_files_near(self, targets: set[str]) -> set[str]:
        """The files that hold a handler and may reach one of `targets` by their imports."""
        importers: dict[str, set[str]] = defaultdict(set)
        for path in self._scan.imports:
            for found in self.imported(path):
                importers[found].add(path)
        seen = set(targets)
        stack = list(targets)
        while stack:
            for importer in importers[stack.pop()]:
                if importer not in seen:
                    seen.add(importer)
                    stack.append(importer)
        return seen
