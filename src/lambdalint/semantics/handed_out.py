"""Whether code that doesn't name a module's variable plainly may still reach it: by its text, or from other files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from lambdalint.semantics import ir
from lambdalint.semantics.mentions import Text
from lambdalint.semantics.project import Project

# What may look at a name without naming it (Python library reference: built-in functions).
_NAMESPACES = {"globals", "locals", "vars", "eval", "exec"}
_BY_TEXT = _NAMESPACES | {"getattr"}


def looked_up_by_text(module: ir.Module, binding: ir.Binding, *, of_module: bool = False) -> bool:
    """Whether code around a name may look it up by its text; `of_module`: in the module's namespace itself."""
    functions = module.functions if binding.scope.kind == "module" else ()
    around = (binding.scope.function, *functions)
    readers = _NAMESPACES if of_module else _BY_TEXT
    if any(ir.dotted(call.func) in readers for function in around for call in function.calls):
        return True
    # A module is an object, too: `sys.modules[__name__]`.
    return any(ir.dotted(attr) == "sys.modules" for function in around for attr in function.attributes)


def named_elsewhere(project: Project, module: ir.Module, name: str) -> bool:
    """Whether another file that speaks of a module has such a word at all."""
    word = re.compile(rb"\b" + re.escape(name.encode()) + rb"\b")
    return _found_elsewhere(project, module, lambda text: word.search(text.data) is not None)


def reached_elsewhere(project: Project, module: ir.Module, name: str) -> bool:
    """Whether another file, a test above all, takes the name from a module: `app.pd`, "app.pd", `import pd`."""
    stem = re.escape(posixpath.basename(module.path).removesuffix(".py").encode())
    word = re.escape(name.encode())

    def takes(text: Text) -> bool:
        if not text.may_take(name.encode()):
            return False
        listed = stem + rb"\s+import\s*(?:\([^)]*|[^\n(]*)\b" + word + rb"\b"
        quoted = rb"[\"']" + word + rb"[\"']"
        wanted = stem + rb"\." + word + rb"\b|" + listed + rb"|" + quoted
        return re.search(wanted, text.data) is not None or _by_another_name(text.data, stem, word)

    return _found_elsewhere(project, module, takes)


def _found_elsewhere(project: Project, module: ir.Module, wanted: Callable[[Text], bool]) -> bool:
    try:
        # A star hands it on under whatever name the importing module goes by.
        return any(text.imports_star or wanted(text) for text in project.mentioning(module))
    except OSError:
        return True  # a file that can't be read may be the one


def _by_another_name(data: bytes, stem: bytes, word: bytes) -> bool:
    """`import app as handler` or `handler = import_module("app")`, and then `handler.pd`."""
    names = re.findall(rb"\b" + stem + rb"\s+as\s+(\w+)", data)
    names += re.findall(rb"(\w+)\s*=[^\n=]*(?:import_module|reload)\(", data)
    return any(re.search(rb"\b" + re.escape(name) + rb"\." + word + rb"\b", data) for name in names)
