"""The definitions' part of lowering: targets, functions, classes and the blocks of statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import libcst as cst

from lambdalint.semantics import ir
from lambdalint.semantics.lower_expressions import Expressions
from lambdalint.semantics.lower_statements import lower_statement, register
from lambdalint.semantics.value import MUTATORS


class Definitions(Expressions):
    """Knows names, and what is put where."""

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


register(cst.FunctionDef, Definitions.function_def)
register(cst.ClassDef, Definitions.class_def)
