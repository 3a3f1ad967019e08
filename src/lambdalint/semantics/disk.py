"""Files as a place that outlives the invocation: who asks whether one is there, and who writes it.

The folder /tmp stays as it is for as long as the execution environment does.
"""

from __future__ import annotations

from collections.abc import Iterator

from lambdalint.knowledge import tables
from lambdalint.semantics import flow, ir
from lambdalint.semantics.value import single
from lambdalint.semantics.values import Evaluator

File = tuple[object, ...]


class Disk:
    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self._removed: dict[ir.Module, frozenset[File]] = {}

    def asked(self, call: ir.Call) -> File | None:
        """The file that `os.path.exists(path)` or `path.exists()` asks for, unless the module removes it again."""
        if self._is(call, "asking"):
            given = call.positional(0)
        elif isinstance(call.func, ir.Attr) and call.func.name in tables.load("caches")["disk"]["asking_methods"]:
            given = call.func.base
        else:
            return None
        file = self._file(given) if given is not None else None
        return file if file is not None and file not in self._removed_in(call) else None

    def written(self, call: ir.Call) -> Iterator[File]:
        """The files that a call writes, or that a function of the project which is given the path may write."""
        disk = tables.load("caches")["disk"]
        parts = [argument.value for argument in call.args]
        if isinstance(call.func, ir.Attr) and call.func.name in disk["writing_methods"]:
            parts.append(call.func.base)
        elif self._is(call, "opening"):
            mode = call.argument(1, "mode")
            if not (isinstance(mode, ir.Const) and isinstance(mode.value, str) and set(mode.value) & set("wax+")):
                return
        elif not self._is(call, "writing") and not self._of_project(call):
            return
        there = {file for test in _tests_that_hold(call) if (file := self._asked_as_it_is(test)) is not None}
        yield from (file for part in parts if (file := self._file(part)) is not None and file not in there)

    def _asked_as_it_is(self, test: ir.Expr) -> File | None:
        """The file that a condition says is there."""
        parts = test.items if isinstance(test, ir.Choice) and test.kind == "and" else [test]
        return next((file for part in parts if isinstance(part, ir.Call) and (file := self.asked(part))), None)

    def _of_project(self, call: ir.Call) -> bool:
        values = self.evaluator.evaluate(call.func)
        return bool(values) and all(v.kind in ("function", "method") for v in values)

    def _is(self, call: ir.Call, kind: str) -> bool:
        value = single(self.evaluator.evaluate(call.func))
        return value is not None and value.kind == "external" and value.name in tables.load("caches")["disk"][kind]

    def _file(self, path: ir.Expr) -> File | None:
        """What tells one file from another: a literal path, or the name that holds the path."""
        value = single(self.evaluator.evaluate(path))
        if value is not None and value.kind == "const" and isinstance(value.constant, str) and value.constant:
            return ("file", value.constant)
        if isinstance(path, ir.Name):
            binding = path.scope.lookup(path.id)
            return ("file", id(binding)) if binding is not None else None
        return None

    def _removed_in(self, call: ir.Call) -> frozenset[File]:
        function = flow.function_of(call)
        if function is None:
            return frozenset()
        module = function.module
        known = self._removed.get(module)
        if known is None:
            calls = [c for function in (module.main, *module.functions) for c in function.calls]
            given = [c.positional(0) for c in calls if self._is(c, "removing")]
            given += [c.func.base for c in calls if isinstance(c.func, ir.Attr) and c.func.name == "unlink"]
            files = (self._file(path) for path in given if path is not None)
            known = self._removed[module] = frozenset(file for file in files if file is not None)
        return known


def _tests_that_hold(node: ir.Node) -> Iterator[ir.Expr]:
    """The conditions of the branches that a node stands in."""
    below = node
    for ancestor in ir.ancestors(node):
        if isinstance(ancestor, ir.If) and any(member is below for member in ancestor.body):
            yield ancestor.test
        below = ancestor
