"""Files of the deployment package or a layer: which paths are theirs, and what is made of them on the way."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from lambdalint.knowledge import setups
from lambdalint.semantics import creation, ir
from lambdalint.semantics.addresses import known_text
from lambdalint.semantics.core import Core
from lambdalint.semantics.fetches import followed
from lambdalint.semantics.looked_at import only_looked_at

_OPEN = ("builtins.open", "io.open", "codecs.open")
_WHOLE = ("read_text", "read_bytes")
_CALLS = 3  # functions that a parsed object is followed through


class FileRead(Struct, frozen=True):
    """A call that opens or reads a packaged file whole; `path` is how the code names it."""

    call: ir.Call
    path: ir.Expr


def is_packaged(model: Core, path: ir.Expr) -> bool:
    """Whether a path surely names the same file of the package, or of a layer, on every invocation."""
    if model.depends_on_event(path) or model.depends_on_loop(path) or _changes_folder(model):
        return False
    parts = list(followed(path))
    if any(_in_folder(part, "changing") for part in parts):
        return False
    start = known_text(model.project.evaluator, path).start
    if start:
        return (not start.startswith(("/", "~")) and "://" not in start) or setups.in_folder(start, "packaged")
    return any(_is_place(part) for part in parts)


def speaks_of_changing_files(model: Core, expr: ir.Expr) -> bool:
    """Whether an argument names a folder whose files may change, directly or through names."""
    return any(_in_folder(part, "changing") for part in followed(expr))


def _in_folder(part: ir.Expr, table: str) -> bool:
    return isinstance(part, ir.Const) and isinstance(part.value, str) and setups.in_folder(part.value, table)


def _is_place(part: ir.Expr) -> bool:
    """`__file__`, LAMBDA_TASK_ROOT or a folder of the package."""
    if isinstance(part, ir.Name):
        return part.id == "__file__"
    if isinstance(part, ir.Const) and part.value in setups.names("packaged", "variables"):
        return True
    return _in_folder(part, "packaged")


def _changes_folder(model: Core) -> bool:
    """Whether the module leaves the folder that relative paths start from."""
    functions = (model.module.main, *model.module.functions)
    return any(ir.dotted(call.func) == "os.chdir" for function in functions for call in function.calls)


def file_read(model: Core, call: ir.Call) -> FileRead | None:
    """A read of a packaged file whose contents the code only looks at, or None."""
    path = _path_read(model, call)
    if path is None or creation.varies(model, call) or not is_packaged(model, path) or _written(model, path):
        return None
    contents = list(_contents(call))
    if not contents or not all(_unchanged(model, content) for content in contents):
        return None
    return FileRead(call, path)


def _path_read(model: Core, call: ir.Call) -> ir.Expr | None:
    """The path of the file that a call opens for reading, or reads."""
    if model.qualified(call.func) in _OPEN:
        mode = call.argument(1, "mode")
        given = "r" if mode is None else model.constant(mode)
        plain = isinstance(given, str) and given.startswith("r") and "+" not in given
        return call.argument(0, "file") if plain else None
    if isinstance(call.func, ir.Attr) and call.func.name in _WHOLE:
        parts = followed(call.func.base)
        made = any(isinstance(part, ir.Call) and model.qualified(part.func) == "pathlib.Path" for part in parts)
        return call.func.base if made else None
    return None


def _written(model: Core, path: ir.Expr) -> bool:
    """Whether the module opens a file that is spelled the same to write it."""
    spelled = model.text(path)
    for function in (model.module.main, *model.module.functions):
        for call in function.calls:
            given = call.argument(0, "file")
            mode = call.argument(1, "mode") if model.qualified(call.func) in _OPEN else None
            if mode is not None and given is not None and model.text(given) == spelled:
                if not str(model.constant(mode) or "w").startswith("r"):
                    return True
    return False


def _contents(call: ir.Call) -> Iterator[ir.Expr]:
    """The expressions that give what stands in the file; a use of the handle itself where it is handed on."""
    if isinstance(call.func, ir.Attr) and call.func.name in _WHOLE:
        yield call
        return
    for handle in _handles(call):
        attr = handle.parent
        if isinstance(attr, ir.Attr) and isinstance(attr.parent, ir.Call):
            if attr.name != "close":
                yield attr.parent
        else:
            yield handle


def _handles(call: ir.Call) -> Iterator[ir.Expr]:
    """The uses of the open file."""
    holder, target = call.parent, None
    if isinstance(holder, ir.With):
        target = next((name for expr, name in holder.items if expr is call), None)
    elif isinstance(holder, ir.Assign) and len(holder.targets) == 1:
        target = holder.targets[0]
    if target is None:
        yield call
        return
    binding = target.scope.lookup(target.id) if isinstance(target, ir.Name) else None
    own = [d for d in binding.definitions if d.value is call] if binding is not None else []
    if binding is None or not own:
        yield call
        return
    statement = ir.statement_of(call)
    for use in binding.uses:
        if use.store:
            continue
        if len(binding.definitions) == 1 or (isinstance(statement, ir.With) and statement in ir.ancestors(use)):
            yield use


def _unchanged(model: Core, content: ir.Expr) -> bool:
    """Whether a read gives text that stays as it is, or an object that is only looked at."""
    if isinstance(content, ir.Call) and isinstance(content.func, ir.Attr):
        if content.func.name not in ("read", "readlines", *_WHOLE):
            return False
        parsed = _parsed(model, content)
        return all(only_looked_at(model, made, _CALLS) for made in parsed)
    made = content.parent
    if isinstance(made, ir.Call) and model.qualified(made.func) in setups.names("readers", "names"):
        return only_looked_at(model, made, _CALLS)
    return False


def _parsed(model: Core, text: ir.Call) -> Iterator[ir.Expr]:
    """The objects that are parsed from a text, directly or through the name that it is assigned to."""
    places: list[ir.Expr] = [text]
    if isinstance(text.parent, ir.Assign) and isinstance(text.parent.targets[0], ir.Name):
        binding = text.parent.targets[0].scope.lookup(text.parent.targets[0].id)
        places += [use for use in (binding.uses if binding is not None else ()) if not use.store]
    for place in places:
        if isinstance(place.parent, ir.Call) and place.parent.func is not place:
            if model.qualified(place.parent.func) in setups.names("readers", "names"):
                yield place.parent
