"""The expressions' half of lowering: what each kind of syntax node becomes.

Left-deep chains (`a + b + …`, `a.b().c()…`) are walked in loops, so that generated code with thousands of terms passes.
"""

from __future__ import annotations

import ast
import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, cast

import libcst as cst

from lambdalint.semantics import ir

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TYPE = re.compile(r"[\w.,|\[\] ]+")  # a type that a text may spell: names, subscripts, alternatives
_LONGEST_TYPE = 200
_COMPARISONS = {
    cst.Equal: "==",
    cst.NotEqual: "!=",
    cst.Is: "is",
    cst.IsNot: "is not",
    cst.In: "in",
    cst.NotIn: "not in",
    cst.LessThan: "<",
    cst.LessThanEqual: "<=",
    cst.GreaterThan: ">",
    cst.GreaterThanEqual: ">=",
}
_SPINES = (cst.Attribute, cst.Call, cst.Subscript, cst.BinaryOperation)


def string_value(node: cst.SimpleString) -> object:
    text = node.value
    if "\\" not in text and text[0] in "\"'":
        quote = 3 if text[:3] in ('"""', "'''") else 1
        return text[quote:-quote]
    try:
        return node.evaluated_value
    except (ValueError, SyntaxError):
        return ""


class Expressions(ABC):
    """Lowers one module; `ir_of` maps a libcst node's id to its picture, `cst_of` back."""

    def __init__(self, path: str) -> None:
        self.module = ir.Module(path)
        self.ir_of: dict[int, ir.Node] = {}
        self.cst_of: dict[int, cst.CSTNode] = {}
        self.nodes: list[cst.CSTNode] = []
        self.noted: list[ir.Node] = []
        main = ir.Function("<module>", "<module>", self.module)
        main.scope = ir.Scope("module", None, main)
        self.module.main = main
        self.function = main
        self.scope = main.scope
        self.cls: ir.Class | None = None
        self.in_annotation = False
        self.in_text = False  # in a quoted annotation: no part of the tree
        self.deferred: list[Callable[[], None]] = []
        self.places = 0  # of statements, so far

    def note(self, node: cst.CSTNode, lowered: Any) -> None:
        if self.in_text:
            return
        self.ir_of[id(node)] = lowered
        self.cst_of[id(lowered)] = node
        self.nodes.append(node)
        self.noted.append(lowered)

    @abstractmethod
    def target(self, node: cst.CSTNode, parent: ir.Node, kind: str, value: ir.Expr | None, site: ir.Node) -> ir.Expr:
        """Lower an assignment target and record what it defines."""

    @abstractmethod
    def new_function(self, name: str, parameters: cst.Parameters, parent: ir.Node | None) -> ir.Function:
        """A function or a lambda, with its parameters."""

    @abstractmethod
    def call_store(self, call: ir.Call) -> None:
        """Record a call that puts its arguments into an object."""

    @abstractmethod
    def begin(self) -> int:
        """The place of the next statement."""

    @abstractmethod
    def end(self, stmt: ir.Stmt, place: int) -> None:
        """Tell a statement its place, once all below it have theirs."""

    # --- expressions ---------------------------------------------------------------

    def expr(self, node: cst.CSTNode, parent: ir.Node | None) -> ir.Expr:
        if isinstance(node, _SPINES):
            return self.spine(node, parent)
        method = _EXPRESSIONS.get(type(node))
        lowered = method(self, node, parent) if method is not None else self.blend(node, parent)
        lowered.parent = parent
        self.note(node, lowered)
        return lowered

    def spine(self, node: cst.CSTNode, parent: ir.Node | None) -> ir.Expr:
        chain: list[cst.CSTNode] = []
        current: cst.CSTNode = node
        while isinstance(current, _SPINES):
            chain.append(current)
            if isinstance(current, cst.Call):
                current = current.func
            elif isinstance(current, cst.BinaryOperation):
                current = current.left
            else:
                current = current.value
        lowered = self.expr(current, None)
        for link in reversed(chain):
            below = lowered
            if isinstance(link, cst.Attribute):
                lowered = ir.Attr(below, link.attr.value)
                if not self.in_annotation:
                    self.function.attributes.append(lowered)
            elif isinstance(link, cst.Call):
                lowered = ir.Call(below, [])
                for arg in link.args:
                    lowered.args.append(
                        ir.Argument(
                            self.expr(arg.value, lowered),
                            arg.keyword.value if arg.keyword is not None else None,
                            len(arg.star),
                        )
                    )
                self.function.calls.append(lowered)
                self.call_store(lowered)
            elif isinstance(link, cst.Subscript):
                lowered = ir.Item(below, cast(ir.Expr, None))
                lowered.key = self.subscript(link, lowered)
            else:
                operation = cast(cst.BinaryOperation, link)
                lowered = ir.Blend(type(operation.operator).__name__, [below])
                lowered.items.append(self.expr(operation.right, lowered))
            below.parent = lowered
            self.note(link, lowered)
        lowered.parent = parent
        return lowered

    def subscript(self, node: cst.Subscript, parent: ir.Node) -> ir.Expr:
        items: list[ir.Expr] = []
        for element in node.slice:
            part = element.slice
            if isinstance(part, cst.Index):
                items.append(self.expr(part.value, parent))
            else:
                limits = cast(cst.Slice, part)
                bounds = [b for b in (limits.lower, limits.upper, limits.step) if b is not None]
                blend = ir.Blend("slice", [])
                blend.parent = parent
                blend.items = [self.expr(bound, blend) for bound in bounds]
                items.append(blend)
        if len(items) == 1:
            return items[0]
        whole = ir.Seq("tuple", items)
        whole.parent = parent
        for item in items:
            item.parent = whole
        return whole

    def name(self, node: cst.Name, parent: ir.Node | None) -> ir.Expr:
        if node.value in ("True", "False", "None"):
            return ir.Const({"True": True, "False": False, "None": None}[node.value])
        lowered = ir.Name(node.value, self.scope, annotation=self.in_annotation)
        if not self.in_text:
            self.module.names.append(lowered)
        return lowered

    def string(self, node: cst.SimpleString, parent: ir.Node | None) -> ir.Expr:
        value = string_value(node)
        if isinstance(value, str):
            if self.in_annotation:
                self.module.annotation_names.update(_IDENTIFIER.findall(value))
                return self.quoted(value, parent) or ir.Const(value)
            if len(value) < 40:
                self.function.strings.add(value)
        return ir.Const(value)

    def quoted(self, text: str, parent: ir.Node | None) -> ir.Expr | None:
        """The type that a text in an annotation spells, or None. Nothing may rename or replace a part of it."""
        if self.in_text or len(text) > _LONGEST_TYPE or not _TYPE.fullmatch(text):
            return None
        try:
            node = cst.parse_expression(text)
        except (cst.ParserSyntaxError, RecursionError):
            return None
        self.in_text = True
        try:
            return self.expr(node, parent)
        finally:
            self.in_text = False

    def concatenated(self, node: cst.ConcatenatedString, parent: ir.Node | None) -> ir.Expr:
        parts: list[cst.CSTNode] = []
        current: cst.CSTNode = node
        while isinstance(current, cst.ConcatenatedString):
            parts.append(current.left)
            current = current.right
        parts.append(current)
        lowered = ir.Blend("fstring", [])
        lowered.items = [self.expr(part, lowered) for part in parts]
        values = [item.value if isinstance(item, ir.Const) else None for item in lowered.items]
        if all(isinstance(value, str) for value in values):
            return ir.Const("".join(cast("list[str]", values)))
        return lowered

    def fstring(self, node: cst.FormattedString, parent: ir.Node | None) -> ir.Expr:
        lowered = ir.Blend("fstring", [])
        for part in node.parts:
            if isinstance(part, cst.FormattedStringText):
                text = ir.Const(part.value)
                text.parent = lowered
                lowered.items.append(text)
            elif isinstance(part, cst.FormattedStringExpression):
                lowered.items.append(self.expr(part.expression, lowered))
                for spec in part.format_spec or ():
                    if isinstance(spec, cst.FormattedStringExpression):
                        lowered.items.append(self.expr(spec.expression, lowered))
        return lowered

    def number(self, node: cst.BaseNumber, parent: ir.Node | None) -> ir.Expr:
        try:
            return ir.Const(ast.literal_eval(cast(Any, node).value))
        except (ValueError, SyntaxError):
            return ir.Const(0)

    def ellipsis(self, node: cst.Ellipsis, parent: ir.Node | None) -> ir.Expr:
        return ir.Const(...)

    def sequence(self, node: cst.CSTNode, parent: ir.Node | None) -> ir.Expr:
        lowered = ir.Seq(type(node).__name__.lower(), [])
        for element in cast(cst.Tuple, node).elements:
            if isinstance(element, cst.StarredElement):
                star = ir.Star(cast(ir.Expr, None))
                star.value = self.expr(element.value, star)
                star.parent = lowered
                lowered.items.append(star)
            else:
                lowered.items.append(self.expr(element.value, lowered))
        return lowered

    def mapping(self, node: cst.Dict, parent: ir.Node | None) -> ir.Expr:
        lowered = ir.Map([])
        for element in node.elements:
            key = self.expr(element.key, lowered) if isinstance(element, cst.DictElement) else None
            lowered.entries.append((key, self.expr(element.value, lowered)))
        return lowered

    def comprehension(self, node: cst.CSTNode, parent: ir.Node | None) -> ir.Expr:
        comp = cast(cst.ListComp, node)
        kind = {cst.ListComp: "list", cst.SetComp: "set", cst.DictComp: "dict"}.get(type(node), "generator")
        outer = self.scope
        scope = ir.Scope("comprehension", outer, self.function)
        lowered = ir.Comp(kind, [], [], scope)
        clause: cst.CompFor | None = comp.for_in
        first = True
        while clause is not None:
            self.scope = outer if first else scope
            source = self.expr(clause.iter, lowered)
            self.scope = scope
            target = self.target(clause.target, lowered, "element", source, lowered)
            conditions = [self.expr(condition.test, lowered) for condition in clause.ifs]
            lowered.loops.append(ir.Loop(target, source, conditions, clause.asynchronous is not None))
            clause, first = clause.inner_for_in, False
        self.scope = scope
        elements = [node.key, node.value] if isinstance(node, cst.DictComp) else [comp.elt]
        lowered.elements = [self.expr(element, lowered) for element in elements]
        self.scope = outer
        return lowered

    def lambda_(self, node: cst.Lambda, parent: ir.Node | None) -> ir.Expr:
        function = self.new_function("<lambda>", node.params, parent)
        function.is_lambda = True
        lowered = ir.Lambda(function)
        function.site = lowered
        outer_function, outer_scope = self.function, self.scope
        self.function, self.scope = function, function.scope
        value = ir.Return(None)
        place = self.begin()
        value.value = self.expr(node.body, value)
        self.end(value, place)
        value.parent = lowered
        function.body = [value]
        function.returns.append(value.value)
        self.function, self.scope = outer_function, outer_scope
        return lowered

    def boolean(self, node: cst.BooleanOperation, parent: ir.Node | None) -> ir.Expr:
        kind = "and" if isinstance(node.operator, cst.And) else "or"
        parts: list[cst.CSTNode] = []
        current: cst.CSTNode = node
        while isinstance(current, cst.BooleanOperation) and isinstance(current.operator, type(node.operator)):
            parts.append(current.right)
            current = current.left
        parts.append(current)
        lowered = ir.Choice(kind, [])
        lowered.items = [self.expr(part, lowered) for part in reversed(parts)]
        return lowered

    def conditional(self, node: cst.IfExp, parent: ir.Node | None) -> ir.Expr:
        lowered = ir.Choice("if", [])
        lowered.test = self.expr(node.test, lowered)
        lowered.items = [self.expr(node.body, lowered), self.expr(node.orelse, lowered)]
        return lowered

    def comparison(self, node: cst.Comparison, parent: ir.Node | None) -> ir.Expr:
        lowered = ir.Compare(cast(ir.Expr, None), [], [])
        lowered.left = self.expr(node.left, lowered)
        for part in node.comparisons:
            lowered.ops.append(_COMPARISONS.get(type(part.operator), "?"))
            lowered.rights.append(self.expr(part.comparator, lowered))
        return lowered

    def unary(self, node: cst.UnaryOperation, parent: ir.Node | None) -> ir.Expr:
        if isinstance(node.operator, cst.Not):
            lowered: ir.Expr = ir.Not(cast(ir.Expr, None))
            cast(ir.Not, lowered).value = self.expr(node.expression, lowered)
            return lowered
        inner = self.expr(node.expression, None)
        if isinstance(node.operator, cst.Minus) and isinstance(inner, ir.Const):
            if isinstance(inner.value, (int, float)):
                return ir.Const(-inner.value)
        lowered = ir.Blend("unary", [inner])
        inner.parent = lowered
        return lowered

    def await_(self, node: cst.Await, parent: ir.Node | None) -> ir.Expr:
        lowered = ir.Await(cast(ir.Expr, None))
        lowered.value = self.expr(node.expression, lowered)
        return lowered

    def yield_(self, node: cst.Yield, parent: ir.Node | None) -> ir.Expr:
        self.function.is_generator = True
        lowered = ir.Yield(None)
        value = node.value
        if isinstance(value, cst.From):
            lowered.value, lowered.delegate = self.expr(value.item, lowered), True
        elif value is not None:
            lowered.value = self.expr(value, lowered)
        if lowered.value is not None:
            self.function.yields.append(lowered.value)
        return lowered

    def walrus(self, node: cst.NamedExpr, parent: ir.Node | None) -> ir.Expr:
        lowered = ir.Bind(cast(ir.Name, None), cast(ir.Expr, None))
        lowered.value = self.expr(node.value, lowered)
        scope = self.scope
        while scope.kind == "comprehension" and scope.parent is not None:
            scope = scope.parent
        target = ir.Name(cast(cst.Name, node.target).value, scope, store=True)
        target.parent = lowered
        lowered.target = target
        self.note(node.target, target)
        scope.binding(target.id).definitions.append(
            ir.Definition("assign", lowered.value, site=lowered, scope=self.scope)
        )
        return lowered

    def blend(self, node: cst.CSTNode, parent: ir.Node | None) -> ir.Expr:
        lowered = ir.Blend(type(node).__name__, [])
        for child in node.children:
            if isinstance(child, cst.BaseExpression):
                lowered.items.append(self.expr(child, lowered))
        return lowered


_Lower = Callable[[Expressions, Any, "ir.Node | None"], ir.Expr]
_EXPRESSIONS: dict[type, _Lower] = {
    cst.Name: Expressions.name,
    cst.SimpleString: Expressions.string,
    cst.ConcatenatedString: Expressions.concatenated,
    cst.FormattedString: Expressions.fstring,
    cst.Integer: Expressions.number,
    cst.Float: Expressions.number,
    cst.Imaginary: Expressions.number,
    cst.Ellipsis: Expressions.ellipsis,
    cst.Tuple: Expressions.sequence,
    cst.List: Expressions.sequence,
    cst.Set: Expressions.sequence,
    cst.Dict: Expressions.mapping,
    cst.ListComp: Expressions.comprehension,
    cst.SetComp: Expressions.comprehension,
    cst.DictComp: Expressions.comprehension,
    cst.GeneratorExp: Expressions.comprehension,
    cst.Lambda: Expressions.lambda_,
    cst.BooleanOperation: Expressions.boolean,
    cst.IfExp: Expressions.conditional,
    cst.Comparison: Expressions.comparison,
    cst.UnaryOperation: Expressions.unary,
    cst.Await: Expressions.await_,
    cst.Yield: Expressions.yield_,
    cst.NamedExpr: Expressions.walrus,
}
