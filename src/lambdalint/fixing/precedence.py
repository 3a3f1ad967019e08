"""Which expression may stand where without parentheses."""

from __future__ import annotations

import libcst as cst

ATOM = 17
_AWAIT, _POWER, _UNARY, _TERM, _ARITHMETIC, _SHIFT = 16, 15, 14, 13, 12, 11
_AND_BITS, _XOR, _OR_BITS, _COMPARISON, _NOT, _AND, _OR = 10, 9, 8, 7, 6, 5, 4
_TERNARY, _LAMBDA, _NAMED, _LOOSE = 3, 2, 1, 0
# What commas and assignments separate: anything but a walrus, a `yield` and a bare tuple.
_ANY = _LAMBDA

_BINARY: dict[str, int] = {
    "Power": _POWER,
    "Multiply": _TERM,
    "MatrixMultiply": _TERM,
    "Divide": _TERM,
    "FloorDivide": _TERM,
    "Modulo": _TERM,
    "Add": _ARITHMETIC,
    "Subtract": _ARITHMETIC,
    "LeftShift": _SHIFT,
    "RightShift": _SHIFT,
    "BitAnd": _AND_BITS,
    "BitXor": _XOR,
    "BitOr": _OR_BITS,
    "And": _AND,
    "Or": _OR,
}

# For each holder what its fields bear; the rest (names of things, targets) takes atoms alone.
_PLACES: dict[str, dict[str, int]] = {
    "Arg": {"value": _ANY},
    "Assert": {"test": _ANY, "msg": _ANY},
    "Assign": {"value": _LOOSE},
    "AnnAssign": {"value": _ANY},
    "Annotation": {"annotation": _ANY},
    "AugAssign": {"value": _LOOSE},
    "Await": {"expression": ATOM},
    "CompFor": {"iter": _OR},
    "CompIf": {"test": _OR},
    "ComparisonTarget": {"comparator": _OR_BITS},
    "Comparison": {"left": _OR_BITS},
    "Decorator": {"decorator": _ANY},
    "DictComp": {"key": _ANY, "value": _ANY},
    "DictElement": {"key": _ANY, "value": _ANY},
    "Element": {"value": _ANY},
    "ExceptHandler": {"type": _ANY},
    "ExceptStarHandler": {"type": _ANY},
    "Expr": {"value": _ANY},
    "For": {"iter": _ANY},
    "From": {"item": _ANY},
    "GeneratorExp": {"elt": _ANY},
    "If": {"test": _NAMED},
    "IfExp": {"body": _OR, "test": _OR, "orelse": _LAMBDA},
    "Index": {"value": _ANY},
    "Lambda": {"body": _LAMBDA},
    "ListComp": {"elt": _ANY},
    "Match": {"subject": _ANY},
    "NamedExpr": {"value": _LAMBDA},
    "Param": {"default": _ANY},
    "Raise": {"exc": _ANY},
    "Return": {"value": _LOOSE},
    "SetComp": {"elt": _ANY},
    "Slice": {"lower": _ANY, "upper": _ANY, "step": _ANY},
    "StarredDictElement": {"value": _OR_BITS},
    "StarredElement": {"value": _OR_BITS},
    "While": {"test": _NAMED},
    "WithItem": {"item": _ANY},
    "Yield": {"value": _ANY},
}


def binding(node: cst.BaseExpression) -> int:
    """How tightly an expression holds together; ATOM needs parentheses nowhere."""
    if node.lpar:
        return ATOM
    if isinstance(node, (cst.BinaryOperation, cst.BooleanOperation)):
        return _BINARY[type(node.operator).__name__]
    if isinstance(node, cst.UnaryOperation):
        return _NOT if isinstance(node.operator, cst.Not) else _UNARY
    if isinstance(node, (cst.Tuple, cst.Yield)):
        return _LOOSE
    if isinstance(node, cst.GeneratorExp):
        return _LOOSE - 1
    return {
        "Await": _AWAIT,
        "Comparison": _COMPARISON,
        "IfExp": _TERNARY,
        "Lambda": _LAMBDA,
        "NamedExpr": _NAMED,
    }.get(type(node).__name__, ATOM)


def required(parent: cst.CSTNode, child: cst.CSTNode) -> int | None:
    """How tightly what stands in the child's place must hold together.

    None where only certain nodes may stand, such as the name of an attribute.
    """
    kind = type(parent).__name__
    if isinstance(parent, (cst.BinaryOperation, cst.BooleanOperation)):
        own = _BINARY[type(parent.operator).__name__]
        if isinstance(parent.operator, cst.Power):
            return _AWAIT if child is parent.left else _UNARY
        return own if child is parent.left else own + 1
    if isinstance(parent, cst.UnaryOperation):
        return _NOT if isinstance(parent.operator, cst.Not) else _UNARY
    if isinstance(parent, (cst.Attribute, cst.Subscript)) and child is parent.value:
        return ATOM
    if isinstance(parent, cst.Call) and child is parent.func:
        return ATOM
    for name, level in _PLACES.get(kind, {}).items():
        if getattr(parent, name, None) is child:
            return level
    return None


def needs_parentheses(parent: cst.CSTNode, child: cst.CSTNode, new: cst.BaseExpression) -> bool | None:
    """Whether `new` needs them in the child's place; None where it may not stand at all."""
    if isinstance(parent, (cst.For, cst.CompFor)) and child is parent.target:
        # The target of a loop: names, their parts, and tuples of such, which need no brackets there.
        return False if isinstance(new, (cst.Name, cst.Tuple, cst.Attribute, cst.Subscript)) else None
    level = required(parent, child)
    if level is None:
        # A name may replace a name anywhere: a target, a keyword, an attribute.
        return False if isinstance(new, cst.Name) and isinstance(child, cst.Name) and not new.lpar else None
    if isinstance(parent, cst.Attribute) and isinstance(new, cst.Integer) and not new.lpar:
        return True
    if isinstance(new, cst.NamedExpr) and not new.lpar:
        # Where a bare tuple may stand, a bare walrus may not, and the other way round.
        return level != _NAMED
    if isinstance(new, cst.Yield) and not new.lpar:
        return not isinstance(parent, (cst.Assign, cst.AugAssign))
    return binding(new) < level
