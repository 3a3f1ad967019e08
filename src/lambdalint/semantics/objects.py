"""Attributes of the project's own objects: instances, classes, and whatever else attributes are stored on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lambdalint.semantics import classes, containers, fields, hints, ir
from lambdalint.semantics.value import NOTHING, UNKNOWN, UNSURE, Context, Value, Values, union

if TYPE_CHECKING:
    from lambdalint.semantics.values import Evaluator

_CHAINED = 4  # constructors that call the next one by `super().__init__(…)`


def receivers(evaluator: Evaluator, function: ir.Function, receiver: Value | None) -> Values:
    """What the first parameter of a method is: `receiver` where the call is known, else all that it may be."""
    assert function.cls is not None
    if receiver is not None and isinstance(receiver.origin, ir.Class):
        wanted = "class" if function.is_classmethod else "instance"
        same = receiver.kind == wanted
        return frozenset({receiver if same else Value(wanted, receiver.name, receiver.origin)})
    if not function.is_classmethod:
        return _selves(evaluator, function, function.cls)
    called_on = {e.receiver.origin for e in evaluator.world.edges_to(function) if e.receiver is not None}
    found = {Value("class", cls.name, cls) for cls in called_on if isinstance(cls, ir.Class)}
    return frozenset(found) or frozenset({Value("class", function.cls.name, function.cls)})


def _selves(evaluator: Evaluator, function: ir.Function, cls: ir.Class) -> Values:
    """The objects that a method may be called on: those that its calls are seen on, or all where one can't be told."""
    made = classes.instances(evaluator, cls)
    edges = evaluator.world.edges_to(function)
    if not all(edge.called_on for edge in edges) or evaluator.world.passed(function) is not None:
        return made
    seen = {owner for edge in edges for owner in edge.called_on}
    return frozenset(value for value in made if value.origin in seen) or made


def member(evaluator: Evaluator, value: Value, name: str) -> Values:
    """What `value.name` may be, of an instance, a class or `super()` of the project."""
    owner = value.base if value.kind == "super" and value.base is not None else value
    if name == "__class__" and owner.kind == "instance":
        return frozenset({Value("class", owner.name, owner.origin)})
    found: Values = NOTHING
    for ancestor in classes.search(evaluator, value):
        if ancestor is None:
            continue
        method = ancestor.methods.get(name)
        if method is not None:
            return _method(evaluator, owner, method)
        found = _of_class(evaluator, owner, ancestor, name)
        if found:
            break
    found |= _stored_outside(evaluator, owner, name)
    return found or UNSURE


def _method(evaluator: Evaluator, owner: Value, method: ir.Function) -> Values:
    if classes.is_property(method):
        inner = evaluator.enter(method, receiver=owner)
        found = union(evaluator.evaluate(r, inner) for r in method.returns)
        return hints.refine(evaluator, found, method.annotation)
    if method.is_static:
        return frozenset({Value("function", method.name, method)})
    return frozenset({Value("method", method.name, method, owner)})


def _of_class(evaluator: Evaluator, owner: Value, cls: ir.Class, name: str) -> Values:
    """What methods of a class store under `self.name`, and what its body says of the name."""
    found: Values = NOTHING
    for stored, path, function in cls.attributes.get(name, ()):
        if stored is None:
            found |= UNSURE
        else:
            inner = _while_made(evaluator, owner, function)
            found |= containers.unpack(evaluator, evaluator.evaluate(stored, inner), path)
    if found:
        found = hints.refine(evaluator, found, cls.declared.get(name))
    binding = cls.scope.bindings.get(name)
    if binding is None:
        return found or hints.values(evaluator, cls.declared.get(name))
    if owner.kind == "class" and fields.is_enumeration(evaluator, cls):
        return frozenset({fields.enumerated(evaluator, cls, binding)})
    if owner.kind == "instance":
        given = fields.given(evaluator, owner, cls, binding)
        if given is not None:
            return found | given
    return found | evaluator.binding(binding)


# --- what constructors store -------------------------------------------------------------


def _while_made(evaluator: Evaluator, owner: Value, function: ir.Function) -> Context | None:
    """The context in which a method stored something on `owner`: its constructor's where that is known."""
    if owner.kind != "instance" or function.cls is None:
        return None
    if function.name != "__init__" or owner.call is None:
        return evaluator.enter(function, receiver=owner)
    made = Value("class", owner.name, owner.origin)
    init = classes.find_method(evaluator, owner, "__init__")
    call, outer = owner.call, owner.context
    for _ in range(_CHAINED):
        if init is None:
            break
        inner = evaluator.enter(init, outer, edge=evaluator.edge(init, call, made), receiver=owner)
        if init is function:
            return inner
        following = _super_call(evaluator, init, inner)
        if following is None:
            break
        (call, init), outer = following, inner
    return evaluator.enter(function, receiver=owner)


def _super_call(evaluator: Evaluator, init: ir.Function, context: Context) -> tuple[ir.Call, ir.Function] | None:
    """The call in a constructor that runs the one of a base class."""
    for call in init.calls:
        if isinstance(call.func, ir.Attr) and call.func.name == "__init__":
            for value in evaluator.evaluate(call.func, context):
                if value.kind == "method" and isinstance(value.origin, ir.Function):
                    return call, value.origin
    return None


# --- what is stored from outside ---------------------------------------------------------


def _stored_outside(evaluator: Evaluator, owner: Value, name: str) -> Values:
    """What `x.name = …` stores, anywhere in the project, where x may be this instance or class."""
    return evaluator.once(
        ("stored outside", owner, name),
        lambda: _stored(evaluator, name, lambda holder: _same_object(evaluator, holder, owner)),
    )


def _same_object(evaluator: Evaluator, holder: Value, owner: Value) -> bool:
    if holder.kind not in ("instance", "class") or not isinstance(holder.origin, ir.Class):
        return False
    if holder.call is not None and owner.call is not None and holder.call is not owner.call:
        return False
    assert isinstance(owner.origin, ir.Class)
    if holder.origin is owner.origin:
        return True
    if holder.kind == "class":
        return any(ancestor is holder.origin for ancestor in classes.lineage(evaluator, owner.origin))
    return False


def stored_on_module(evaluator: Evaluator, path: str, name: str) -> Values:
    """What `module.name = …` stores in other modules."""
    return evaluator.once(
        ("stored on module", path, name),
        lambda: _stored(evaluator, name, lambda holder: holder.kind == "module" and holder.name == path),
    )


def stored_on(evaluator: Evaluator, value: Value, name: str) -> Values:
    """What `x.name = …` stores on a function, or on what an outside class made (`threading.local()`)."""
    return _stored(
        evaluator, name, lambda holder: holder.kind == value.kind and holder.origin is value.origin is not None
    )


def _stored(evaluator: Evaluator, name: str, fits: Callable[[Value], bool]) -> Values:
    found: Values = NOTHING
    for store in evaluator.world.stores(name):
        if store.kind == "attribute" and any(fits(holder) for holder in evaluator.evaluate(store.holder)):
            if store.value is None:
                found |= {UNKNOWN}
            else:
                found |= containers.unpack(evaluator, evaluator.evaluate(store.value), store.path)
    return found
