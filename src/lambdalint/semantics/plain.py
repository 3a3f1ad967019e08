"""Whether an object is plain data: a builtin value, whose methods stay in the process.

What a handler's event, an answer of AWS or a parsed text gives is plain all the
way down; of a list of anything only the list itself is. Told from where a value
comes from, never from the name of what is called on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from lambdalint.knowledge import objects, operations, tables
from lambdalint.semantics import flow, ir
from lambdalint.semantics.callgraph import Edge
from lambdalint.semantics.remote import kind_of
from lambdalint.semantics.solving import Solver
from lambdalint.semantics.values import MUTATORS, Evaluator, Value, single

# How far an object is known: not at all, itself, or with all that it holds.
NO, ITSELF, WHOLE = 0, 1, 2
_DEPTH = 100
# Methods of plain containers that may give back their own argument.
_DEFAULTING = {"get", "setdefault", "pop"}
_SIMPLE = {
    *("str", "int", "float", "bool", "bytes", "bytearray", "complex", "None"),
    *("datetime.datetime", "datetime.date", "datetime.timedelta", "decimal.Decimal", "uuid.UUID", "logging.Logger"),
}
_CONTAINERS = {
    *("dict", "list", "tuple", "set", "frozenset"),
    *(
        f"typing.{name}"
        for name in ("Dict", "List", "Tuple", "Set", "FrozenSet", "DefaultDict", "Deque", "OrderedDict")
    ),
}


class World(Protocol):
    evaluator: Evaluator

    def calls_at(self, site: ir.Expr) -> Sequence[Edge]: ...

    def edges_to(self, function: ir.Function) -> Sequence[Edge]: ...

    def passed(self, function: ir.Function) -> int | None: ...


class Plain:
    def __init__(self, world: World) -> None:
        self.world = world
        self._solver = Solver(_DEPTH, world.evaluator.grounds)
        self.forget = self._solver.forget

    def drop(self, gone: set[object]) -> None:
        """Let go of what is known of nodes that are no more."""
        self._solver.drop(gone.__contains__)

    def level(self, expr: ir.Expr) -> int:
        """NO, ITSELF or WHOLE: how far what an expression gives is surely plain data."""
        # What hangs on itself is as plain as the rest of it.
        return self._solver.solve(expr, lambda: self._level(expr), WHOLE, NO)

    def least(self, parts: Iterable[ir.Expr]) -> int:
        found = WHOLE
        for part in parts:
            found = min(found, self.level(part))
            if found == NO:
                break
        return found

    def _level(self, expr: ir.Expr) -> int:
        match expr:
            case ir.Const() | ir.Compare() | ir.Not():
                return WHOLE
            case ir.Blend(op="fstring"):
                return WHOLE
            case ir.Blend(items=items) | ir.Choice(items=items):
                return self.least(items)
            case ir.Seq(items=items):
                return max(ITSELF, self.least(items))
            case ir.Map(entries=entries):
                return max(ITSELF, self.least(value for _, value in entries))
            case ir.Comp(elements=elements):
                return max(ITSELF, self.least(elements))
            case ir.Await(value=value) | ir.Bind(value=value) | ir.Star(value=value):
                return self.level(value)
            case ir.Name():
                return self._name(expr)
            case ir.Call():
                return self._call(expr)
            case ir.Item(base=base) | ir.Attr(base=base):
                return WHOLE if self.level(base) == WHOLE else self._values(expr)
            case _:
                return NO

    def _values(self, expr: ir.Expr) -> int:
        values = self.world.evaluator.evaluate(expr)
        return min((self._value(v) for v in values), default=NO)

    def _value(self, value: Value) -> int:
        """How plain a known value is."""
        if value.kind == "const":
            return WHOLE
        if value.kind == "container" and isinstance(value.origin, ir.Expr):
            return self.level(value.origin)
        if value.kind == "response" and value.service and value.base is not None:
            return NO if _gives_object(value) else WHOLE
        if value.kind in ("result", "response", "operation"):
            if value.kind == "result" and isinstance(value.origin, ir.Call):
                return self._made(value.name, value.origin)
            return WHOLE if kind_of(self.world.evaluator.facts, value) == objects.DATA else NO
        return NO

    # --- names -----------------------------------------------------------------------

    def _name(self, expr: ir.Name) -> int:
        binding = expr.scope.lookup(expr.id)
        if binding is None:
            return NO
        found = WHOLE
        for definition in flow.reaching(expr, binding):
            found = min(found, self._definition(definition, expr))
            if found == NO:
                return NO
        return min(found, ITSELF) if found == WHOLE and self._mixed(binding) else found

    def _definition(self, definition: ir.Definition, use: ir.Name) -> int:
        value = definition.value
        match definition.kind:
            case "assign" | "aug" if value is not None:
                found = self.level(value)
                if not definition.path or found == WHOLE:
                    return found
                if isinstance(value, ir.Seq) and definition.path[0] is not None and len(definition.path) == 1:
                    step = definition.path[0]
                    return self.level(value.items[step]) if step < len(value.items) else NO
                return NO
            case "element" | "pattern" if value is not None:
                return WHOLE if self.level(value) == WHOLE else NO
            case "except" | "declare" | "delete":
                return WHOLE  # an exception, or nothing
            case "param":
                return self._parameter(definition)
            case "import":
                return self._values(use)
            case _:
                return NO

    def _parameter(self, definition: ir.Definition) -> int:
        function = definition.function
        assert function is not None
        if self.world.passed(function) is not None:
            return WHOLE if definition.index > 0 or function.cls is None or function.is_static else NO
        if definition.index == 0 and function.cls is not None and not function.is_static:
            return NO
        param = function.params[definition.index]
        typed = self._annotated(param.annotation)
        if typed == WHOLE or param.kind in ("args", "kwargs"):
            return max(typed, ITSELF)
        edges = self.world.edges_to(function)
        found = WHOLE if edges else NO
        for edge in edges:
            found = min(found, self._handed(edge, definition.index, param))
            if found == NO:
                break
        return max(found, typed)

    def _handed(self, edge: Edge, index: int, param: ir.Param) -> int:
        """How plain what a call gives to a parameter is."""
        if edge.callback:
            return self._from_siblings(edge)
        given = edge.bound.get(index)
        if given is None and not edge.unsure:
            given = param.default
        return self.level(given) if given is not None else NO

    def _from_siblings(self, edge: Edge) -> int:
        """`sorted(records, key=f)` and its like give to `f` the elements of what they were given themselves."""
        if not isinstance(edge.site, ir.Call) or not edge.siblings or self.least(edge.siblings) != WHOLE:
            return NO
        values, facts = self.world.evaluator.evaluate(edge.site.func), self.world.evaluator.facts
        return WHOLE if values and all(facts.made_by(v.name) == objects.CONTAINER for v in values) else NO

    def _annotated(self, annotation: ir.Expr | None) -> int:
        """What a parameter's type says: `str`, `dict[str, int]`, `Optional[str]`."""
        if annotation is None:
            return NO
        if isinstance(annotation, ir.Const):
            return WHOLE if annotation.value is None else NO
        if isinstance(annotation, ir.Blend) and annotation.op == "BitOr":
            return min(self._annotated(item) for item in annotation.items)
        if isinstance(annotation, ir.Item):
            name = self._type_name(annotation.base)
            arguments = annotation.key.items if isinstance(annotation.key, ir.Seq) else [annotation.key]
            inner = min((self._annotated(a) for a in arguments), default=NO)
            if name in ("typing.Optional", "typing.Union"):
                return inner
            return max(ITSELF, inner) if name in _CONTAINERS else NO
        name = self._type_name(annotation)
        return WHOLE if name in _SIMPLE else ITSELF if name in _CONTAINERS else NO

    def _type_name(self, annotation: ir.Expr) -> str:
        values = self.world.evaluator.evaluate(annotation)
        names = {value.name.removeprefix("builtins.") for value in values if value.kind == "external"}
        return names.pop() if len(names) == 1 == len(values) else ""

    def _mixed(self, binding: ir.Binding) -> bool:
        """Whether something that isn't plain is put into what a name holds."""
        if binding.scope.kind == "module":
            self.world.evaluator.grounds.rest_on(("used", binding))
        for use in binding.uses:
            holder = use.parent
            if isinstance(holder, (ir.Item, ir.Attr)) and holder.store:
                stmt = ir.statement_of(holder)
                if isinstance(stmt, ir.Assign) and stmt.value is not None and self.level(stmt.value) != WHOLE:
                    return True
            elif isinstance(holder, ir.Attr) and holder.name in MUTATORS and isinstance(holder.parent, ir.Call):
                if self.least(a.value for a in holder.parent.args) != WHOLE:
                    return True
        return False

    # --- calls -----------------------------------------------------------------------

    def _call(self, call: ir.Call) -> int:
        edges = [edge for edge in self.world.calls_at(call) if not edge.callback]
        if edges:
            if any(edge.made is not None or edge.callee.is_generator for edge in edges):
                return NO
            return self.least(value for edge in edges for value in edge.callee.returns)
        if isinstance(call.func, ir.Attr) and self.level(call.func.base) == WHOLE:
            return self.least(a.value for a in call.args) if call.func.name in _DEFAULTING else WHOLE
        callee = single(self.world.evaluator.evaluate(call.func))
        if callee is not None and callee.kind == "external":
            name = tables.canonical(callee.name)
            if self.world.evaluator.facts.hands_on(name):
                return self._made(name, call)
        return self._values(call)

    def _made(self, name: str, call: ir.Call) -> int:
        """What calling something outside the project gives."""
        facts = self.world.evaluator.facts
        if facts.call_effect(name) == "none" and facts.hands_on(name):
            return self.least(a.value for a in call.args) if call.args else NO
        made = facts.made_by(name)
        if made == objects.CONTAINER:
            return max(ITSELF, self.least(a.value for a in call.args))
        return WHOLE if made == objects.DATA else NO


def _gives_object(value: Value) -> bool:
    """Whether an action of a resource gives objects that can be called upon again."""
    base = value.base
    if base is None or base.kind not in ("resource", "subresource"):
        return base is None or base.kind not in ("client", "paginator")
    kind = base.name if base.kind == "subresource" else "ServiceResource"
    member = operations.resource_member(value.service, kind, value.name)
    return member is None or bool(member.target)
