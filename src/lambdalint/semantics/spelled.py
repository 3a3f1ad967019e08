"""Names that are put together at run time: `getattr(self, f"handle_{kind}")`, `globals()["do_" + kind]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from lambdalint.semantics import classes, flow, ir
from lambdalint.semantics.value import UNSURE, Value, Values, union

if TYPE_CHECKING:
    from lambdalint.semantics.values import Evaluator


class Pattern(Struct, frozen=True):
    """What is known of a name: how it begins and ends."""

    prefix: str
    suffix: str

    def __bool__(self) -> bool:
        return bool(self.prefix or self.suffix)

    def matches(self, name: str) -> bool:
        longer = len(name) >= len(self.prefix) + len(self.suffix)
        return longer and name.startswith(self.prefix) and name.endswith(self.suffix)


def pattern(expr: ir.Expr) -> Pattern:
    """What the texts in `f"a_{x}_b"`, `"a_" + x`, `"a_%s" % x` and `"a_{}".format(x)` tell of the whole."""
    if isinstance(expr, ir.Name):
        binding = expr.scope.lookup(expr.id)
        definitions = flow.reaching(expr, binding) if binding is not None else ()
        value = definitions[0].value if len(definitions) == 1 and definitions[0].kind == "assign" else None
        if value is None or isinstance(value, ir.Name):
            return Pattern("", "")
        expr = value
    match expr:
        case ir.Blend(op="fstring" | "Add", items=items) if items:
            return Pattern(_text(items[0]), _text(items[-1]))
        case ir.Blend(op="Modulo", items=[ir.Const(value=str(text)), *_]):
            return Pattern(text.partition("%")[0], "")
        case ir.Call(func=ir.Attr(base=ir.Const(value=str(text)), name="format")):
            return Pattern(text.partition("{")[0], text.rpartition("}")[2])
        case _:
            return Pattern("", "")


def _text(expr: ir.Expr) -> str:
    return expr.value if isinstance(expr, ir.Const) and isinstance(expr.value, str) else ""


def members(evaluator: Evaluator, owner: Value, spelled: Pattern) -> list[str]:
    """The methods of an object, or the functions and classes of a module, whose names match."""
    if not spelled:
        return []
    names: set[str] = set()
    if owner.kind in ("instance", "class") and isinstance(owner.origin, ir.Class):
        for ancestor in classes.lineage(evaluator, owner.origin):
            names.update(ancestor.methods if ancestor is not None else ())
    elif owner.kind == "module":
        names.update(evaluator.world.definitions(owner.name))
    return sorted(name for name in names if spelled.matches(name))


def in_module(evaluator: Evaluator, expr: ir.Item) -> Values:
    """`globals()["do_" + kind]`: the functions and classes of the module with such names."""
    root = ir.root_name(expr)
    if root is None:
        return UNSURE
    path = root.scope.function.module.path
    names = members(evaluator, Value("module", path), pattern(expr.key))
    return union(evaluator.world.module_attribute(path, name) for name in names) | UNSURE
