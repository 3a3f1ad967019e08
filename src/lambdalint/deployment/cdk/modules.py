"""The files that CDK programs are made of: where an import leads, and what is in them."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterator

from lambdalint.deployment.cdk import from_python, from_typescript
from lambdalint.deployment.cdk.places import PROJECT, above
from lambdalint.deployment.cdk.program import Body
from lambdalint.deployment.cdk.values import Record, Value
from lambdalint.deployment.places import inside

# More is the work of a bundler.
_MAX_SIZE = 500_000
_SCRIPTS = (".ts", ".mts", ".cts", ".js", ".mjs", ".cjs")


class Modules:
    """The modules among `files`, the paths of a project; `read` gives a file's bytes or an OSError."""

    def __init__(self, files: Collection[str], read: Callable[[str], bytes]) -> None:
        self._files = files
        self._read = read

    def body(self, path: str) -> Body:
        """What is in a file; nothing where it can't be read or parsed."""
        try:
            data = self._read(path)
        except OSError:
            return ()
        if len(data) > _MAX_SIZE:
            return ()
        if path.endswith(".py"):
            return from_python.parse(data)
        return from_typescript.parse(data, typed=path.endswith("ts"))

    def variables(self, path: str) -> dict[str, Value]:
        """What a module has from its language: where it stands."""
        here = f"{PROJECT}/{path}"
        if path.endswith(".py"):
            return {"__file__": here}
        folder = posixpath.dirname(here)
        meta: dict[str, Value] = {"url": here, "filename": here, "dirname": folder}
        return {"__filename": here, "__dirname": folder, "import.meta": Record(meta)}

    def find(self, importer: str, module: str) -> str | None:
        """The file of a module, as the file `importer` names it."""
        python = importer.endswith(".py")
        for place in (_python if python else _script)(importer, module):
            if place in self._files:
                return place
        return None

    def find_submodule(self, importer: str, module: str, name: str) -> str | None:
        """The file of a module that Python imports from its package."""
        if not importer.endswith(".py") or not name:
            return None
        return self.find(importer, f"{module}{'' if module.endswith('.') else '.'}{name}")


def _python(importer: str, module: str) -> Iterator[str]:
    parts = module.lstrip(".")
    level = len(module) - len(parts)
    folders = above(importer)
    below = parts.replace(".", "/")
    for folder in folders[level - 1 : level] if level else folders:
        base = posixpath.join(folder, below)
        if below:
            yield f"{base}.py"
        yield posixpath.join(base, "__init__.py")


def _script(importer: str, module: str) -> Iterator[str]:
    if not module.startswith("."):
        return
    base = inside(posixpath.dirname(importer), module)
    if base is not None:
        yield base
        stem, suffix = posixpath.splitext(base)
        if suffix in _SCRIPTS:
            # The name that the compiler gives the file.
            yield f"{stem}.ts"
        for suffix in _SCRIPTS:
            yield f"{base}{suffix}"
            yield f"{base}/index{suffix}"
