"""What an expression may evaluate to, followed through names, attributes and calls.

`Evaluator.evaluate` answers with the set of abstract values an expression may
have. UNKNOWN in the set says that there may be others. Nothing is ever told
from a name alone: a value comes from an import, a definition, an assignment, an
argument of a call in the project, a return, an attribute of a known class, or
an annotation.
"""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from lambdalint.knowledge import tables
from lambdalint.semantics import classes, flow, ir

if TYPE_CHECKING:
    from lambdalint.semantics.callgraph import Edge


@dataclass(frozen=True, slots=True)
class Value:
    """One abstract value.

    kind is one of: "external" (name: dotted name of something imported from
    outside the project), "module" (name: path), "function", "class",
    "instance" (origin: the class), "method" (origin: the function, base: the
    instance), "partial" (origin: the call, base: the function or method),
    "client" and "resource" (name: service), "session", "subresource" (name:
    Table, Bucket, …; base: the resource), "operation" (name; base: what it is
    called on), "paginator" and "waiter" (name; base: the client), "response"
    (name: operation; base: what was asked), "result" (name: the external that
    was called), "batch" (what `batch_writer()` gives), "const", "container" and
    "unknown". origin is the expression or definition that it comes from.
    """

    kind: str
    name: str = ""
    origin: object = None
    base: Value | None = None
    constant: object = None

    @property
    def service(self) -> str:
        """The AWS service behind a client, resource or anything made from one."""
        value: Value | None = self
        while value is not None:
            if value.kind in ("client", "resource"):
                return value.name
            value = value.base
        return ""

    @property
    def outside(self) -> bool:
        """Whether it is what calling something outside the project gave, or hangs on that."""
        value: Value | None = self
        while value is not None and value.kind in ("operation", "response"):
            value = value.base
        return value is not None and value.kind == "result"


UNKNOWN = Value("unknown")
Values = frozenset[Value]
NOTHING: Values = frozenset()
UNSURE: Values = frozenset({UNKNOWN})
_LIMIT = 24  # more alternatives than this tell nothing
_DEPTH = 60
_NO_CUT = 1 << 30
_NESTING = 4  # calls looked into with their own arguments
# Methods that put their arguments into the object they are called on.
MUTATORS = {"append", "add", "extend", "update", "insert", "setdefault", "appendleft", "put", "__setitem__"}


class World(Protocol):
    """What the evaluator needs to know of the rest of the project."""

    def imported(self, module: ir.Module, name: str) -> Values: ...

    def module_attribute(self, path: str, name: str) -> Values: ...

    def star_imported(self, module: ir.Module, name: str) -> Values: ...

    def edges_to(self, function: ir.Function) -> list[Edge]: ...

    def is_handler(self, function: ir.Function) -> bool: ...


@dataclass(frozen=True, slots=True)
class Context:
    """A call whose callee is being looked into: its parameters are this edge's arguments."""

    edge: Edge
    outer: Context | None
    key: tuple[int, ...]

    @classmethod
    def enter(cls, edge: Edge, outer: Context | None) -> Context | None:
        """One call deeper, or None (arguments of all callers) past the limit."""
        key = (id(edge), *(outer.key if outer is not None else ()))
        return cls(edge, outer, key) if len(key) <= _NESTING else None


def single(values: Values) -> Value | None:
    """The one thing that a value surely is, None constants aside."""
    real = [v for v in values if not (v.kind == "const" and v.constant is None)]
    return real[0] if len(real) == 1 and real[0].kind != "unknown" else None


def _refilled(container: ir.Expr, key: ir.Expr | None) -> bool:
    """Whether something may be stored under `key` of a named container after it was made."""
    targets = container.parent.targets if isinstance(container.parent, ir.Assign) else []
    for target in targets:
        binding = target.scope.lookup(target.id) if isinstance(target, ir.Name) else None
        for use in binding.uses if binding is not None else ():
            holder = use.parent
            if isinstance(holder, ir.Item) and holder.store:
                # Another constant key leaves this entry alone.
                if not (isinstance(holder.key, ir.Const) and isinstance(key, ir.Const)) or (
                    holder.key.value == key.value
                ):
                    return True
            elif isinstance(holder, ir.Attr) and holder.name in MUTATORS and isinstance(holder.parent, ir.Call):
                return True
    return False


def _optional(annotation: ir.Expr) -> ir.Expr | None:
    """X of `X | None` and `Optional[X]`."""
    if isinstance(annotation, ir.Item) and ir.dotted(annotation.base) in ("Optional", "typing.Optional"):
        return annotation.key
    if isinstance(annotation, ir.Blend) and annotation.op == "BitOr":
        others = [i for i in annotation.items if not (isinstance(i, ir.Const) and i.value is None)]
        return others[0] if len(others) == 1 and len(annotation.items) > 1 else None
    return None


class Evaluator:
    def __init__(self, world: World) -> None:
        self.world = world
        self.memo: dict[tuple[int, tuple[int, ...]], Values] = {}
        self.active: dict[tuple[int, tuple[int, ...]], int] = {}  # what is being evaluated, with its depth
        self.lowest = _NO_CUT  # the outermost of them that an answer had to do without
        self.edges: dict[tuple[int, int, str], Edge] = {}  # kept, since contexts go by identity
        self._reaching: dict[int, Sequence[ir.Definition]] = {}

    # --- entry -------------------------------------------------------------------

    def evaluate(self, expr: ir.Expr, context: Context | None = None) -> Values:
        key = (id(expr), context.key if context is not None else ())
        known = self.memo.get(key)
        if known is not None:
            return known
        depth = len(self.active)
        if key in self.active or depth > _DEPTH:
            self.lowest = min(self.lowest, self.active.get(key, 0))
            return NOTHING
        before, self.lowest = self.lowest, _NO_CUT
        self.active[key] = depth
        try:
            found = self._evaluate(expr, context)
        finally:
            del self.active[key]
        if len(found) > _LIMIT:
            found = UNSURE
        # An answer that had to do without one that is still being looked for is only part of it.
        if self.lowest >= depth:
            self.memo[key] = found
            self.lowest = before
        else:
            self.lowest = min(before, self.lowest)
        return found

    def _evaluate(self, expr: ir.Expr, context: Context | None) -> Values:
        match expr:
            case ir.Name():
                return self.name(expr, context)
            case ir.Attr():
                return self.union(self.attribute(v, expr, context) for v in self.evaluate(expr.base, context))
            case ir.Call():
                return self.union(self.call(v, expr, context) for v in self.evaluate(expr.func, context))
            case ir.Item():
                return self.union(self.item(v, expr, context) for v in self.evaluate(expr.base, context))
            case ir.Const(value=value):
                return frozenset({Value("const", type(value).__name__, constant=value)})
            case ir.Choice(kind=kind, items=items):
                found = self.union(self.evaluate(item, context) for item in items)
                if kind == "or":
                    found = frozenset(v for v in found if not (v.kind == "const" and v.constant is None))
                return found
            case ir.Await(value=value) | ir.Bind(value=value):
                return self.evaluate(value, context)
            case ir.Lambda(function=function):
                return frozenset({Value("function", "<lambda>", function)})
            case ir.Seq() | ir.Map() | ir.Comp():
                return frozenset({Value("container", origin=expr)})
            case _:
                return UNSURE

    @staticmethod
    def union(parts: object) -> Values:
        merged: set[Value] = set()
        for part in parts:  # type: ignore[attr-defined]
            merged |= part
        return frozenset(merged)

    # --- names ---------------------------------------------------------------------

    def name(self, expr: ir.Name, context: Context | None) -> Values:
        binding = expr.scope.lookup(expr.id)
        if binding is None:
            found = self.world.star_imported(expr.scope.function.module, expr.id)
            builtin = hasattr(builtins, expr.id)
            return found or (frozenset({Value("external", f"builtins.{expr.id}")}) if builtin else UNSURE)
        reaching = self._reaching.get(id(expr))
        if reaching is None:
            reaching = self._reaching[id(expr)] = flow.reaching(expr, binding)
        return self.union(self.definition(binding, definition, context) for definition in reaching)

    def binding(self, binding: ir.Binding, context: Context | None = None) -> Values:
        return self.union(self.definition(binding, d, context) for d in binding.definitions)

    def definition(self, binding: ir.Binding, definition: ir.Definition, context: Context | None) -> Values:
        module = binding.scope.function.module
        match definition.kind:
            case "assign" | "declare" | "enter":
                typed = self.annotated(definition.annotation)
                if typed or definition.value is None:
                    return typed or (NOTHING if definition.kind == "declare" else UNSURE)
                found = self.evaluate(definition.value, context)
                if definition.kind == "enter":
                    found = self.union(self.entered(v) for v in found)
                return self.unpack(found, definition.path, context)
            case "element":
                assert definition.value is not None
                found = self.union(self.elements(v, context) for v in self.evaluate(definition.value, context))
                return self.unpack(found, definition.path, context)
            case "import":
                assert definition.imported is not None
                return self.world.imported(module, definition.imported)
            case "def":
                assert definition.function is not None
                return frozenset({Value("function", definition.function.name, definition.function)})
            case "class":
                assert definition.cls is not None
                return frozenset({Value("class", definition.cls.name, definition.cls)})
            case "param":
                return self.parameter(definition, context)
            case "delete":
                return NOTHING
            case _:
                return UNSURE

    def annotated(self, annotation: ir.Expr | None) -> Values:
        """The client or table that a stub's type names (`mypy_boto3_s3.client.S3Client`)."""
        if annotation is None or isinstance(annotation, ir.Const):
            return NOTHING
        optional = _optional(annotation)
        if optional is not None:
            return self.annotated(optional)
        for value in self.evaluate(annotation):
            if value.kind == "external":
                typed = tables.stub_type(value.name)
                if typed is not None:
                    kind, service, name = typed
                    if kind == "subresource":
                        base = Value("resource", service, annotation)
                        return frozenset({Value("subresource", name, annotation, base)})
                    return frozenset({Value(kind, service, annotation)})
            if value.kind == "class":
                return frozenset({Value("instance", value.name, value.origin)})
        return NOTHING

    def parameter(self, definition: ir.Definition, context: Context | None) -> Values:
        function = definition.function
        assert function is not None
        typed = self.annotated(definition.annotation)
        if typed and next(iter(typed)).kind != "instance":
            return typed
        param = function.params[definition.index]
        inside = context.edge if context is not None and context.edge.callee is function else None
        if definition.index == 0 and function.cls is not None and not function.is_static:
            if inside is None or 0 not in inside.bound:
                kind = "class" if function.is_classmethod else "instance"
                return frozenset({Value(kind, function.cls.name, function.cls)})
        if inside is not None and context is not None:
            return self.argument(inside, definition.index, param, context.outer)
        if self.world.is_handler(function):
            return UNSURE
        edges = self.world.edges_to(function)
        if not edges:
            return typed or UNSURE
        found = self.union(self.argument(edge, definition.index, param, None) for edge in edges)
        return typed if typed and UNKNOWN in found else found

    def argument(self, edge: Edge, index: int, param: ir.Param, outer: Context | None) -> Values:
        bound = edge.bound.get(index)
        if bound is not None:
            return self.evaluate(bound, outer)
        if edge.unsure or param.kind in ("args", "kwargs"):
            return UNSURE
        return self.evaluate(param.default) if param.default is not None else UNSURE

    # --- structure -------------------------------------------------------------------

    def unpack(self, values: Values, path: tuple[int | None, ...], context: Context | None) -> Values:
        for step in path:
            values = self.union(self.part(value, step, context) for value in values)
        return values

    def part(self, value: Value, step: int | None, context: Context | None) -> Values:
        if value.kind == "container" and isinstance(value.origin, ir.Seq) and step is not None:
            items = value.origin.items
            if step < len(items) and not any(isinstance(i, ir.Star) for i in items):
                return self.evaluate(items[step], context)
        return UNSURE

    def elements(self, value: Value, context: Context | None) -> Values:
        origin = value.origin
        if value.kind == "container" and isinstance(origin, ir.Expr) and _refilled(origin, None):
            return UNSURE
        if value.kind == "container" and isinstance(origin, ir.Seq):
            return self.union(self.evaluate(item, context) for item in origin.items) or UNSURE
        if value.kind == "container" and isinstance(origin, ir.Comp):
            return self.evaluate(origin.elements[0], context)
        if value.kind == "response" and value.base is not None and value.base.kind == "paginator":
            return frozenset({Value("response", value.name, origin, value.base.base)})
        return UNSURE

    def entered(self, value: Value) -> Values:
        """What `with value as name` binds to name."""
        if value.kind == "operation" or (value.kind == "response" and value.name == "batch_writer"):
            return frozenset({Value("batch", origin=value.origin, base=value.base)})
        if value.kind == "generator" and isinstance(value.origin, ir.Function):
            return self.union(self.evaluate(y) for y in value.origin.yields)
        if value.kind == "instance":
            methods = (classes.find_method(self, value, n) for n in ("__enter__", "__aenter__"))
            returned = [r for m in methods if m is not None for r in m.returns]
            return self.union(self.evaluate(r) for r in returned) or UNSURE
        return frozenset({value})

    def item(self, value: Value, expr: ir.Item, context: Context | None) -> Values:
        origin = value.origin
        if value.kind == "container" and isinstance(origin, (ir.Map, ir.Seq)) and _refilled(origin, expr.key):
            return UNSURE
        if value.kind == "container" and isinstance(origin, ir.Map):
            keys = [v.constant for v in self.evaluate(expr.key, context) if v.kind == "const"]
            if any(key is None for key, _ in origin.entries):
                return UNSURE
            for key, entry in reversed(origin.entries):
                if keys and isinstance(key, ir.Const) and len(keys) == 1 and key.value == keys[0]:
                    return self.evaluate(entry, context)
            if keys:
                return UNSURE
            return self.union(self.evaluate(entry, context) for _, entry in origin.entries) or UNSURE
        if value.kind == "container" and isinstance(origin, ir.Seq) and isinstance(expr.key, ir.Const):
            index = expr.key.value
            if isinstance(index, int) and -len(origin.items) <= index < len(origin.items):
                return self.evaluate(origin.items[index], context)
        if value.kind == "external" and value.name == "os.environ":
            return frozenset({Value("result", "os.environ", expr)})
        if value.outside:
            return frozenset({Value("response", "[]", expr, value)})
        return UNSURE

    # --- attributes and calls ----------------------------------------------------------

    def attribute(self, value: Value, expr: ir.Attr, context: Context | None) -> Values:
        from lambdalint.semantics import members

        return members.attribute(self, value, expr, context)

    def call(self, value: Value, expr: ir.Call, context: Context | None) -> Values:
        from lambdalint.semantics import members

        return members.call(self, value, expr, context)
