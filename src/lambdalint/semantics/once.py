"""Code that runs at most once per execution environment although it stands on the path.

The forms: a caching decorator; a branch or an early return that asks something
that outlives the invocation (a module's variable, a class attribute, an
attribute of an object made at init) and stores into it; `x = x or make()`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lambdalint.knowledge import tables
from lambdalint.semantics import flow, ir
from lambdalint.semantics.values import Evaluator

_FOLLOWED = 3  # names of names that a condition may hang on
_STORING = {"append", "add", "update", "setdefault", "__setitem__", "put", "set", "store"}


class Guards:
    """`long_lived` says whether all instances of a class are made outside the invocation."""

    def __init__(self, evaluator: Evaluator, long_lived: Callable[[ir.Class], bool]) -> None:
        self.evaluator = evaluator
        self.long_lived = long_lived
        self.asked: dict[int, bool] = {}

    # --- functions ---------------------------------------------------------------------

    def cached(self, function: ir.Function) -> bool:
        """Whether a caching decorator keeps the function's result between invocations."""
        for decorator in function.decorators:
            target = decorator.func if isinstance(decorator, ir.Call) else decorator
            name = ir.dotted(target)
            if name.split(".")[-1] == "cached_property":
                return function.cls is not None and self.long_lived(function.cls)
            for value in self.evaluator.evaluate(target):
                full = value.name
                if value.kind == "operation" and value.base is not None:
                    full = f"{value.base.name}.{value.name}"
                if value.kind in ("external", "operation") and tables.is_cache(full):
                    return True
        return False

    # --- places ------------------------------------------------------------------------

    def guarded(self, node: ir.Node) -> bool:
        """Whether a guard in the same function keeps `node` from running twice."""
        stmt = ir.statement_of(node)
        below: ir.Node = node
        current = node.parent
        while current is not None and not isinstance(current, (ir.FunctionDef, ir.Lambda, ir.ClassDef)):
            if isinstance(current, ir.Choice) and self._choice(current, below, stmt):
                return True
            if isinstance(current, ir.If) and self._branch(current, below):
                return True
            if isinstance(current, ir.ExceptHandler) and self._miss(current):
                return True
            if isinstance(below, ir.Stmt) and self._early_exit(below):
                return True
            below, current = current, current.parent
        return isinstance(below, ir.Stmt) and self._early_exit(below)

    def _choice(self, choice: ir.Choice, below: ir.Node, stmt: ir.Stmt | None) -> bool:
        test = choice.items[0] if choice.kind == "or" else choice.test
        if test is None or below is test or stmt is None:
            return False
        return self._asks(test) and any(self._stores([stmt]))

    def _branch(self, branch: ir.If, below: ir.Node) -> bool:
        for block in (branch.body, branch.orelse):
            if any(member is below for member in block):
                return self._asks(branch.test) and any(self._stores(block))
        return False

    def _miss(self, handler: ir.ExceptHandler) -> bool:
        """`try: return CACHE[key]` and the `except KeyError:` that fills it."""
        around = handler.parent
        if not isinstance(around, ir.Try) or not any(self._stores(handler.body)):
            return False
        asked = (part for s in around.body for e in ir.expressions(s) for part in ir.walk(e))
        return any(isinstance(part, (ir.Name, ir.Attr, ir.Item)) and self._persistent(part) for part in asked)

    def _early_exit(self, stmt: ir.Stmt) -> bool:
        """An earlier `if CACHE: return CACHE` in the same block, with a store behind it."""
        block = flow.block_of(stmt)
        for index, member in enumerate(block):
            if member is stmt:
                return False
            asks = False
            if isinstance(member, ir.If) and flow.leaves(member.body):
                asks = self._asks(member.test)
            elif isinstance(member, ir.Try):
                asks = any(
                    isinstance(s, ir.Return) and s.value is not None and self._persistent(s.value) for s in member.body
                )
            if asks and any(self._stores(block[index + 1 :])):
                return True
        return False

    def _asks(self, test: ir.Expr) -> bool:
        """Whether a condition looks at something that outlives the invocation."""
        known = self.asked.get(id(test))
        if known is None:
            known = self.asked[id(test)] = self._looks(test)
        return known

    def _looks(self, test: ir.Expr) -> bool:
        for part in ir.walk(test):
            if isinstance(part, ir.Call):
                asked = ir.dotted(part.func)
                if asked == "globals":
                    return True
                if asked == "hasattr" and part.args and self._persistent(ir.Attr(part.args[0].value, "?")):
                    return True
            if not isinstance(part, (ir.Name, ir.Attr, ir.Item)):
                continue
            if self._persistent(part):
                return True
            if isinstance(part, ir.Name) and self._made_of_persistent(part, _FOLLOWED):
                return True
        return False

    def _made_of_persistent(self, name: ir.Name, depth: int) -> bool:
        """Whether a local name holds something that was read from what outlives the invocation."""
        binding = name.scope.lookup(name.id)
        if binding is None or binding.scope.kind == "module" or depth == 0:
            return False
        for definition in flow.reaching(name, binding):
            value = definition.value
            if definition.kind != "assign" or value is None:
                continue
            if self._reads_persistent(value):
                return True
            if isinstance(value, (ir.Comp, ir.Blend, ir.Compare, ir.Choice, ir.Not)):
                inner = (part for part in ir.walk(value) if isinstance(part, ir.Name))
                if any(self._made_of_persistent(part, depth - 1) for part in inner):
                    return True
        return False

    def _reads_persistent(self, value: ir.Expr) -> bool:
        if isinstance(value, ir.Call):
            if ir.dotted(value.func) in ("getattr", "globals") and value.args:
                return self._persistent(ir.Attr(value.args[0].value, "?"))
            if isinstance(value.func, ir.Attr) and value.func.name in ("get", "pop", "setdefault"):
                return self._persistent(value.func.base)
            return False
        return isinstance(value, (ir.Name, ir.Attr, ir.Item)) and self._persistent(value)

    def _stores(self, block: list[ir.Stmt]) -> Iterator[bool]:
        for stmt in ir.statements(block):
            targets: list[ir.Expr] = []
            if isinstance(stmt, ir.Assign):
                targets = stmt.targets
            elif isinstance(stmt, ir.AugAssign):
                targets = [stmt.target]
            for target in targets:
                parts = target.items if isinstance(target, ir.Seq) else [target]
                if any(self._persistent(part) for part in parts):
                    yield True
            for expr in ir.expressions(stmt):
                for part in ir.walk(expr):
                    if isinstance(part, ir.Bind) and self._persistent(part.target):
                        yield True
                    if isinstance(part, ir.Call) and self._storing_call(part):
                        yield True

    def _storing_call(self, call: ir.Call) -> bool:
        if ir.dotted(call.func) == "setattr" and call.args:
            return self._persistent(ir.Attr(call.args[0].value, "?"))
        if not isinstance(call.func, ir.Attr) or call.func.name not in _STORING:
            return False
        base = call.func.base
        return self._persistent(base) or (isinstance(base, ir.Name) and self._made_of_persistent(base, 1))

    def _persistent(self, expr: ir.Expr) -> bool:
        """Whether what `expr` names outlives the invocation and may change."""
        if isinstance(expr, ir.Item) and ir.dotted(expr.base) in ("os.environ", "environ"):
            return False
        if _names_class(expr):
            return True
        root = ir.root_name(expr)
        if root is None:
            return False
        binding = root.scope.lookup(root.id)
        if binding is None:
            call = expr.base if isinstance(expr, (ir.Item, ir.Attr)) else expr
            return isinstance(call, ir.Call) and ir.dotted(call.func) == "globals"
        kinds = {d.kind for d in binding.definitions}
        if binding.scope.kind == "module":
            if kinds <= {"import"}:
                return isinstance(expr, (ir.Attr, ir.Item)) and self._project_variable(expr)
            if kinds & {"def", "class"}:
                return isinstance(expr, (ir.Attr, ir.Item))
            return _varies(binding)
        if binding.scope.kind == "class":
            return True
        if "param" in kinds:
            return self._through_parameter(binding, expr)
        # A closure's variable outlives the call: the function around it made it.
        return binding.scope.kind == "function" and binding.scope is not _own_scope(root.scope)

    def _project_variable(self, expr: ir.Expr) -> bool:
        while isinstance(expr, (ir.Attr, ir.Item)) and not isinstance(expr.base, ir.Name):
            expr = expr.base
        base = expr.base if isinstance(expr, (ir.Attr, ir.Item)) else expr
        return any(v.kind in ("module", "class", "instance", "container") for v in self.evaluator.evaluate(base))

    def _through_parameter(self, binding: ir.Binding, expr: ir.Expr) -> bool:
        definition = next(d for d in binding.definitions if d.kind == "param")
        function = definition.function
        assert function is not None
        if definition.index == 0 and function.cls is not None and not function.is_static:
            if isinstance(expr, ir.Name):
                return False
            if function.is_classmethod:
                return True
            return self.long_lived(function.cls) or self._class_attribute(function.cls, expr)
        default = function.params[definition.index].default
        return isinstance(default, (ir.Map, ir.Seq)) or (isinstance(default, ir.Call) and not default.args)

    def _class_attribute(self, cls: ir.Class, expr: ir.Expr) -> bool:
        """`self.CACHE[key]`, where CACHE is a container in the class body, is shared by all instances."""
        if isinstance(expr, (ir.Item, ir.Attr)) and isinstance(expr.base, ir.Attr):
            expr = expr.base
        if not isinstance(expr, ir.Attr):
            return False
        binding = cls.scope.bindings.get(expr.name)
        return binding is not None and expr.name not in cls.attributes


def _varies(binding: ir.Binding) -> bool:
    """Whether functions assign a module's variable, or store into what it holds: else it is a constant."""
    if any(d.scope is not binding.scope for d in binding.definitions):
        return True
    for use in binding.uses:
        if use.scope is binding.scope:
            continue
        holder = use.parent
        while isinstance(holder, (ir.Item, ir.Attr)):
            if holder.store or (isinstance(holder, ir.Attr) and holder.name in _STORING):
                return True
            holder = holder.parent
        if isinstance(holder, ir.Call) and ir.dotted(holder.func) == "setattr":
            return True
    return False


def _own_scope(scope: ir.Scope) -> ir.Scope:
    while scope.kind == "comprehension" and scope.parent is not None:
        scope = scope.parent
    return scope


def _names_class(expr: ir.Expr) -> bool:
    """`self.__class__.x` and `type(self).x`."""
    while isinstance(expr, (ir.Attr, ir.Item)):
        if isinstance(expr, ir.Attr) and expr.name == "__class__":
            return True
        expr = expr.base
    return isinstance(expr, ir.Call) and ir.dotted(expr.func) == "type"
