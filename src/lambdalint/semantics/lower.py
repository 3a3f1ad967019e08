"""From a libcst tree to the model's own picture of it (`semantics.ir`).

One pass. Left-deep chains (`a + b + …`, `a.b().c()…`, `elif`) are walked in
loops, so that generated code with thousands of terms passes.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import Any, cast

import libcst as cst

from lambdalint.semantics import ir, portions
from lambdalint.semantics.lower_statements import lower_statement, register
from lambdalint.semantics.portions import Passes, Portion, Rewritten
from lambdalint.semantics.value import MUTATORS

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


_ROOM = 1 << 10  # places that a statement at module scope has for another text of it
_BODIES = 1 << 29  # the places of functions' bodies begin here


class Lowering:
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
        # By statement at module scope, where that was asked for: what it has in the module, and its first place.
        self.statements: list[Passes] = []
        self.starts: list[int] = []

    # --- entry -------------------------------------------------------------------

    def run(self, tree: cst.Module, by_statement: bool = False) -> ir.Module:
        """Lower all; `by_statement` so that statements can be lowered again."""
        groups: list[Sequence[cst.CSTNode]] = [[one] for one in tree.body] if by_statement else [tree.body]
        begun: list[tuple[Passes, list[Callable[[], None]]]] = []
        for group in groups:
            self.places = max(self.starts[-1] + _ROOM, self.places) if self.starts else 0
            self.starts.append(self.places)
            begun.append(self._begin(group))
        if by_statement:
            self.places = max(_BODIES, self.places)
        statements = [self._finish(passes, deferred) for passes, deferred in begun]
        portions.put_together(self.module, statements)
        self._note_all(statements)
        self.module.scope.bindings = {}
        portions.bind(self.module, statements)
        self.statements = statements if by_statement else []
        return self.module

    def _begin(self, nodes: Sequence[cst.CSTNode]) -> tuple[Passes, list[Callable[[], None]]]:
        """Lower statements at module scope without the bodies of functions, which are left to do."""
        portion = self._portion(lambda: self.body(tuple(nodes), None))
        deferred, self.deferred = self.deferred, []
        return [portion], deferred

    def _finish(self, passes: Passes, deferred: list[Callable[[], None]]) -> Passes:
        """Lower the bodies of functions; they come after the scope around them is complete, as at run time."""
        while deferred:
            pending = deferred

            def lower_bodies(pending: list[Callable[[], None]] = pending) -> list[ir.Stmt]:
                for lower_body in pending:
                    lower_body()
                return []

            passes.append(self._portion(lower_bodies))
            deferred, self.deferred = self.deferred, []
        return passes

    def _portion(self, work: Callable[[], list[ir.Stmt]]) -> Portion:
        portion = Portion()
        portion.lend(self.module)
        self.nodes, self.noted = portion.nodes, portion.noted
        body = work()
        portion.take(body, self.module.scope.bindings)
        return portion

    def _note_all(self, statements: Sequence[Passes]) -> None:
        ordered = list(portions.in_order(statements))
        self.nodes = [node for portion in ordered for node in portion.nodes]
        self.noted = [lowered for portion in ordered for lowered in portion.noted]

    # --- statements with another text ----------------------------------------------------

    def rewritten(self, changed: Mapping[int, cst.CSTNode]) -> tuple[Lowering, Rewritten] | None:
        """Go on with other functions and classes in the place of some statements at module scope, by their numbers.

        None where the module has to be lowered as a whole; otherwise its picture is that of the new text. May raise
        RecursionError, and then nothing has changed.
        """
        new = self._again(changed)
        if new is None:
            return None
        statements = list(self.statements)
        rewritten = portions.rewrite(self.module, statements, new)
        return (self._with(statements, changed), rewritten) if rewritten is not None else None

    def reworded(self, changed: Mapping[int, cst.CSTNode]) -> Lowering | None:
        """As `rewritten`, where the new texts say the same: the module stays. None where that can't be told."""
        new = self._again(changed)
        if new is None:
            return None
        statements = list(self.statements)
        for number, passes in new.items():
            if [len(portion.nodes) for portion in passes] != [len(portion.nodes) for portion in statements[number]]:
                return None
            statements[number] = [copy(portion) for portion in statements[number]]
            for portion, again in zip(statements[number], passes, strict=True):
                portion.nodes = again.nodes
        return self._with(statements, changed)

    def _again(self, changed: Mapping[int, cst.CSTNode]) -> dict[int, Passes] | None:
        if not self.statements:
            return None
        other, module = copy(self), self.module
        other.ir_of, other.cst_of, other.deferred = {}, {}, []
        before = {name: getattr(module, name) for name in ("functions", "classes", "imports", "names", "stores")}
        before |= {name: getattr(module, name) for name in ("annotation_names", "exports")}
        main, bindings = module.main, module.scope.bindings
        of_main = {name: getattr(main, name) for name in ("calls", "attributes", "strings", "returns", "yields")}
        generates = main.is_generator
        found: dict[int, Passes] = {}
        try:
            for number, node in changed.items():
                other.places = self.starts[number]
                passes, deferred = other._begin([node])
                if other.places >= (self.starts[number + 1] if number + 1 < len(self.starts) else _BODIES):
                    return None
                other.places = self.places
                found[number] = other._finish(passes, deferred)
                self.places = other.places
        finally:
            for name, known in before.items():
                setattr(module, name, known)
            for name, known in of_main.items():
                setattr(main, name, known)
            module.scope.bindings, main.is_generator = bindings, generates
        return found

    def _with(self, statements: list[Passes], changed: Mapping[int, cst.CSTNode]) -> Lowering:
        """The way between the tree and the model, with some statements changed."""
        other = copy(self)
        other.ir_of, other.cst_of, other.statements = dict(self.ir_of), dict(self.cst_of), statements
        for number in changed:
            for portion in self.statements[number]:
                for node, lowered in zip(portion.nodes, portion.noted, strict=True):
                    other.ir_of.pop(id(node), None)
                    other.cst_of.pop(id(lowered), None)
        for number in changed:
            for portion in statements[number]:
                for node, lowered in zip(portion.nodes, portion.noted, strict=True):
                    other.ir_of[id(node)] = lowered
                    other.cst_of[id(lowered)] = node
        other._note_all(statements)
        return other

    def note(self, node: cst.CSTNode, lowered: Any) -> None:
        if self.in_text:
            return
        self.ir_of[id(node)] = lowered
        self.cst_of[id(lowered)] = node
        self.nodes.append(node)
        self.noted.append(lowered)

    def stand_in(self, module: ir.Module, noted: Sequence[ir.Node]) -> None:
        """Answer with the pictures of an earlier lowering of the same text, which the project knows."""
        assert len(noted) == len(self.noted)
        self.module, self.noted, self.statements = module, list(noted), []
        self.ir_of = {id(node): lowered for node, lowered in zip(self.nodes, noted, strict=True)}
        self.cst_of = {id(lowered): node for node, lowered in zip(self.nodes, noted, strict=True)}

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

    # --- targets and definitions -----------------------------------------------------

    def target(self, node: cst.CSTNode, parent: ir.Node, kind: str, value: ir.Expr | None, site: ir.Node) -> ir.Expr:
        """Lower an assignment target and record what it defines."""
        return self._target(node, parent, kind, value, (), site)

    def _target(
        self,
        node: cst.CSTNode,
        parent: ir.Node,
        kind: str,
        value: ir.Expr | None,
        path: tuple[int | None, ...],
        site: ir.Node,
    ) -> ir.Expr:
        if isinstance(node, cst.Name):
            lowered: ir.Expr = ir.Name(node.value, self.scope, store=True)
            definition = ir.Definition(kind, value, path, site, scope=self.scope)
            self.scope.binding(node.value).definitions.append(definition)
        elif isinstance(node, (cst.Tuple, cst.List)):
            lowered = ir.Seq(type(node).__name__.lower(), [])
            starred = False
            for index, element in enumerate(node.elements):
                starred = starred or isinstance(element, cst.StarredElement)
                step = None if starred else index
                item = self._target(element.value, lowered, kind, value, (*path, step), site)
                lowered.items.append(item)
        elif isinstance(node, cst.StarredElement):
            return self._target(node.value, parent, kind, value, (*path, None), site)
        else:
            lowered = self.expr(node, parent)
            self.store(lowered, kind, value, path)
        lowered.parent = parent
        self.note(node, lowered)
        return lowered

    def store(self, target: ir.Expr, kind: str, value: ir.Expr | None, path: tuple[int | None, ...] = ()) -> None:
        """Record what an assignment puts into an object: `x.name = value`, `x[key] = value`."""
        known = value if kind == "assign" else None
        if isinstance(target, ir.Attr):
            target.store = True
            cls = self.own_class(target.base)
            if cls is not None:
                cls.attributes.setdefault(target.name, []).append((known, path, self.function))
            else:
                stored = ir.Store("attribute", target.name, target.base, target, known, path)
                self.module.stores.setdefault(target.name, []).append(stored)
        elif isinstance(target, ir.Item):
            target.store = True
            name = ir.last_name(target.base)
            stored = ir.Store("item", name, target.base, target, None if path else known, key=target.key)
            self.module.stores.setdefault(name, []).append(stored)

    def call_store(self, call: ir.Call) -> None:
        """Record a call that puts its arguments into an object: `x.update(…)`, `setattr(x, "name", value)`."""
        if isinstance(call.func, ir.Attr) and call.func.name in MUTATORS:
            stored = ir.Store("call", call.func.name, call.func.base, call)
            self.module.stores.setdefault(ir.last_name(call.func.base), []).append(stored)
        elif isinstance(call.func, ir.Name) and call.func.id == "setattr":
            name = call.positional(1)
            if isinstance(name, ir.Const) and isinstance(name.value, str):
                stored = ir.Store("attribute", name.value, call.args[0].value, call, call.positional(2))
                self.module.stores.setdefault(name.value, []).append(stored)

    def own_class(self, expr: ir.Expr) -> ir.Class | None:
        """The class whose method is being lowered, where `expr` is that method's self or cls."""
        function = self.function
        while function.cls is None and function.outer is not None and not function.is_module:
            function = function.outer
        if not function.bound or not function.params or not isinstance(expr, ir.Name):
            return None
        return function.cls if expr.id == function.params[0].name else None

    def annotation(self, node: cst.Annotation | None, parent: ir.Node | None) -> ir.Expr | None:
        if node is None:
            return None
        before, self.in_annotation = self.in_annotation, True
        lowered = self.expr(node.annotation, parent)
        self.in_annotation = before
        return lowered

    # --- functions and classes ---------------------------------------------------------

    def new_function(self, name: str, parameters: cst.Parameters, parent: ir.Node | None) -> ir.Function:
        outer = self.function
        prefix = self.cls.qualname if self.cls is not None else "" if outer.is_module else outer.qualname
        function = ir.Function(name, f"{prefix}.{name}" if prefix else name, self.module, outer)
        function.scope = ir.Scope("function", self.scope, function)
        groups = (
            *((p, "plain") for p in parameters.posonly_params),
            *((p, "plain") for p in parameters.params),
            *(((parameters.star_arg, "args"),) if isinstance(parameters.star_arg, cst.Param) else ()),
            *((p, "keyword") for p in parameters.kwonly_params),
            *(((parameters.star_kwarg, "kwargs"),) if parameters.star_kwarg is not None else ()),
        )
        for param, kind in groups:
            default = self.expr(param.default, parent) if param.default is not None else None
            annotation = self.annotation(param.annotation, parent)
            definition = ir.Definition(
                "param", default, function=function, index=len(function.params), annotation=annotation
            )
            definition.scope = function.scope
            function.params.append(ir.Param(param.name.value, kind, default, annotation))
            function.scope.binding(param.name.value).definitions.append(definition)
        self.module.functions.append(function)
        return function

    def function_def(self, node: cst.FunctionDef, parent: ir.Node | None) -> ir.Stmt:
        lowered = ir.FunctionDef(cast(ir.Function, None))
        decorators = [self.expr(d.decorator, lowered) for d in node.decorators]
        function = self.new_function(node.name.value, node.params, lowered)
        function.decorators = decorators
        function.is_async = node.asynchronous is not None
        function.site = lowered
        lowered.function = function
        function.annotation = self.annotation(node.returns, lowered)
        if self.cls is not None and self.scope is self.cls.scope:
            function.cls = self.cls
            self.cls.methods.setdefault(function.name, function)
        self.scope.binding(function.name).definitions.append(
            ir.Definition("def", site=lowered, function=function, scope=self.scope)
        )

        def lower_body() -> None:
            saved = self.function, self.scope, self.cls
            self.function, self.scope, self.cls = function, function.scope, None
            function.body = self.body(node.body, lowered)
            self.function, self.scope, self.cls = saved

        self.deferred.append(lower_body)
        return lowered

    def class_def(self, node: cst.ClassDef, parent: ir.Node | None) -> ir.Stmt:
        prefix = self.cls.qualname if self.cls is not None else ""
        if not prefix and not self.function.is_module:
            prefix = self.function.qualname
        name = node.name.value
        cls = ir.Class(name, f"{prefix}.{name}" if prefix else name, self.module)
        lowered = ir.ClassDef(cls)
        cls.site = lowered
        cls.bases = [self.expr(base.value, lowered) for base in node.bases]
        for keyword in node.keywords:
            value = self.expr(keyword.value, lowered)
            if keyword.keyword is None:
                cls.bases.append(value)
            elif keyword.keyword.value == "metaclass":
                cls.metaclass = value
        cls.decorators = [self.expr(d.decorator, lowered) for d in node.decorators]
        cls.scope = ir.Scope("class", self.scope, self.function)
        self.module.classes.append(cls)
        self.scope.binding(name).definitions.append(ir.Definition("class", site=lowered, cls=cls, scope=self.scope))
        saved = self.scope, self.cls
        self.scope, self.cls = cls.scope, cls
        body = self.body(node.body, lowered)
        cls.scope.function = self.function
        self.scope, self.cls = saved
        lowered.body = body
        return lowered

    # --- statements ----------------------------------------------------------------------

    def body(self, node: Any, parent: ir.Node | None) -> list[ir.Stmt]:
        nodes: Sequence[cst.CSTNode] = node if isinstance(node, (tuple, list)) else node.body
        result: list[ir.Stmt] = []
        for statement in nodes:
            if isinstance(statement, cst.SimpleStatementLine):
                for small in statement.body:
                    self.statement(small, parent, result)
            else:
                self.statement(statement, parent, result)
        return result

    def statement(self, node: cst.CSTNode, parent: ir.Node | None, result: list[ir.Stmt]) -> None:
        place = self.begin()
        lowered = lower_statement(self, node, parent)
        lowered.parent = parent
        self.end(lowered, place)
        self.note(node, lowered)
        result.append(lowered)

    def begin(self) -> int:
        """The place of the next statement."""
        self.places += 1
        return self.places

    def end(self, stmt: ir.Stmt, place: int) -> None:
        """Tell a statement its place, once all below it have theirs."""
        stmt.place, stmt.end = place, self.places + 1
        stmt.owner = None if self.function.is_module else self.function


_Lower = Callable[[Lowering, Any, "ir.Node | None"], ir.Expr]
_EXPRESSIONS: dict[type, _Lower] = {
    cst.Name: Lowering.name,
    cst.SimpleString: Lowering.string,
    cst.ConcatenatedString: Lowering.concatenated,
    cst.FormattedString: Lowering.fstring,
    cst.Integer: Lowering.number,
    cst.Float: Lowering.number,
    cst.Imaginary: Lowering.number,
    cst.Ellipsis: Lowering.ellipsis,
    cst.Tuple: Lowering.sequence,
    cst.List: Lowering.sequence,
    cst.Set: Lowering.sequence,
    cst.Dict: Lowering.mapping,
    cst.ListComp: Lowering.comprehension,
    cst.SetComp: Lowering.comprehension,
    cst.DictComp: Lowering.comprehension,
    cst.GeneratorExp: Lowering.comprehension,
    cst.Lambda: Lowering.lambda_,
    cst.BooleanOperation: Lowering.boolean,
    cst.IfExp: Lowering.conditional,
    cst.Comparison: Lowering.comparison,
    cst.UnaryOperation: Lowering.unary,
    cst.Await: Lowering.await_,
    cst.Yield: Lowering.yield_,
    cst.NamedExpr: Lowering.walrus,
}

register(cst.FunctionDef, Lowering.function_def)
register(cst.ClassDef, Lowering.class_def)


def lower(tree: cst.Module, path: str, by_statement: bool = False) -> Lowering:
    """Lower a parsed module; `path` is its place relative to the project's root."""
    lowering = Lowering(path)
    lowering.run(tree, by_statement)
    return lowering
