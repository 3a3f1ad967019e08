"""The statements' half of lowering; `semantics.lower_expressions` has the expressions'."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import libcst as cst

from lambdalint.semantics import ir

if TYPE_CHECKING:
    from lambdalint.semantics.lower_definitions import Definitions

Parent = ir.Node | None
_NO_EXPR = cast(ir.Expr, None)


def dotted_name(node: cst.BaseExpression | None) -> str:
    """The text of a dotted name as written in an import."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if isinstance(node, cst.Name):
        parts.append(node.value)
    return ".".join(reversed(parts))


def lower_statement(low: Definitions, node: cst.CSTNode, parent: Parent) -> ir.Stmt:
    method = _STATEMENTS.get(type(node))
    return method(low, node, parent) if method is not None else ir.Simple(type(node).__name__.lower())


def _expression(low: Definitions, node: cst.Expr, parent: Parent) -> ir.Stmt:
    stmt = ir.ExprStmt(_NO_EXPR)
    stmt.value = low.expr(node.value, stmt)
    return stmt


def _assign(low: Definitions, node: cst.Assign, parent: Parent) -> ir.Stmt:
    stmt = ir.Assign([], None)
    stmt.value = low.expr(node.value, stmt)
    for target in node.targets:
        stmt.targets.append(low.target(target.target, stmt, "assign", stmt.value, stmt))
    if len(stmt.targets) == 1 and isinstance(stmt.targets[0], ir.Name) and stmt.targets[0].id == "__all__":
        items = stmt.value.items if isinstance(stmt.value, ir.Seq) else []
        low.module.exports.update(str(i.value) for i in items if isinstance(i, ir.Const))
    return stmt


def _annotated(low: Definitions, node: cst.AnnAssign, parent: Parent) -> ir.Stmt:
    stmt = ir.Assign([], None)
    stmt.annotation = low.annotation(node.annotation, stmt)
    if node.value is not None:
        stmt.value = low.expr(node.value, stmt)
        target = low.target(node.target, stmt, "assign", stmt.value, stmt)
        stmt.targets.append(target)
        if isinstance(target, ir.Name):
            low.scope.binding(target.id).definitions[-1].annotation = stmt.annotation
        _declare(low, target, stmt.annotation)
    elif isinstance(node.target, cst.Name):
        # A bare declaration binds nothing at run time, but says what the name will be.
        low.scope.binding(node.target.value).definitions.append(
            ir.Definition("declare", site=stmt, annotation=stmt.annotation, scope=low.scope)
        )
    else:
        _declare(low, low.expr(node.target, stmt), stmt.annotation)
    return stmt


def _declare(low: Definitions, target: ir.Expr, annotation: ir.Expr | None) -> None:
    """`self.name: type`, which tells what instances hold there."""
    cls = low.own_class(target.base) if isinstance(target, ir.Attr) else None
    if cls is not None and annotation is not None and isinstance(target, ir.Attr):
        cls.declared.setdefault(target.name, annotation)


def _augmented(low: Definitions, node: cst.AugAssign, parent: Parent) -> ir.Stmt:
    stmt = ir.AugAssign(_NO_EXPR, _NO_EXPR)
    stmt.value = low.expr(node.value, stmt)
    stmt.target = low.expr(node.target, stmt)
    target = stmt.target
    if isinstance(target, ir.Name):
        low.scope.binding(target.id).definitions.append(ir.Definition("aug", stmt.value, site=stmt, scope=low.scope))
    else:
        low.store(target, "aug", stmt.value)
    return stmt


def _return(low: Definitions, node: cst.Return, parent: Parent) -> ir.Stmt:
    stmt = ir.Return(None)
    if node.value is not None:
        stmt.value = low.expr(node.value, stmt)
        low.function.returns.append(stmt.value)
    return stmt


def _raise(low: Definitions, node: cst.Raise, parent: Parent) -> ir.Stmt:
    stmt = ir.Raise([])
    if node.exc is not None:
        stmt.items.append(low.expr(node.exc, stmt))
    if node.cause is not None:
        stmt.items.append(low.expr(node.cause.item, stmt))
    return stmt


def _assert(low: Definitions, node: cst.Assert, parent: Parent) -> ir.Stmt:
    stmt = ir.Assert([])
    stmt.items = [low.expr(part, stmt) for part in (node.test, node.msg) if part is not None]
    return stmt


def _delete(low: Definitions, node: cst.Del, parent: Parent) -> ir.Stmt:
    stmt = ir.Delete([])
    targets = [e.value for e in node.target.elements] if isinstance(node.target, cst.Tuple) else [node.target]
    for part in targets:
        target = low.expr(part, stmt)
        stmt.targets.append(target)
        if isinstance(target, ir.Name):
            low.scope.binding(target.id).definitions.append(ir.Definition("delete", site=stmt, scope=low.scope))
        elif isinstance(target, (ir.Attr, ir.Item)):
            target.store = True
    return stmt


def _global(low: Definitions, node: cst.Global, parent: Parent) -> ir.Stmt:
    low.scope.globals.update(item.name.value for item in node.names)
    return ir.Simple("global")


def _nonlocal(low: Definitions, node: cst.Nonlocal, parent: Parent) -> ir.Stmt:
    low.scope.nonlocals.update(item.name.value for item in node.names)
    return ir.Simple("nonlocal")


def _import(low: Definitions, node: cst.Import, parent: Parent) -> ir.Stmt:
    # One statement may import several modules: they are kept as one with all names.
    stmt = ir.Import("", 0, [], is_from=False)
    for alias in node.names:
        module = dotted_name(alias.name)
        if alias.asname is not None:
            bound, imported = cast(cst.Name, alias.asname.name).value, module
        else:
            bound = imported = module.split(".")[0]
        stmt.names.append((module, bound))
        low.scope.binding(bound).definitions.append(
            ir.Definition("import", site=stmt, imported=imported, scope=low.scope)
        )
        low.note(alias, stmt)
    low.module.imports.append((stmt, low.function))
    return stmt


def _import_from(low: Definitions, node: cst.ImportFrom, parent: Parent) -> ir.Stmt:
    stmt = ir.Import(dotted_name(node.module), len(node.relative), [], is_from=True)
    prefix = "." * stmt.level + stmt.module
    if isinstance(node.names, cst.ImportStar):
        stmt.names.append(("*", ""))
    else:
        for alias in node.names:
            name = dotted_name(alias.name)
            bound = cast(cst.Name, alias.asname.name).value if alias.asname is not None else name
            stmt.names.append((name, bound))
            separator = "" if prefix.endswith(".") or not prefix else "."
            low.scope.binding(bound).definitions.append(
                ir.Definition("import", site=stmt, imported=f"{prefix}{separator}{name}", scope=low.scope)
            )
            low.note(alias, stmt)
    low.module.imports.append((stmt, low.function))
    return stmt


def _if(low: Definitions, node: cst.If, parent: Parent) -> ir.Stmt:
    first = current = ir.If(_NO_EXPR, [], [])
    clause: cst.If | cst.Else | None = node
    branches: list[tuple[ir.If, int]] = []
    while isinstance(clause, cst.If):
        if clause is not node:
            nested = ir.If(_NO_EXPR, [], [])
            branches.append((nested, low.begin()))
            nested.parent = current
            low.note(clause, nested)
            current.orelse = [nested]
            current = nested
        current.test = low.expr(clause.test, current)
        current.body = low.body(clause.body, current)
        clause = clause.orelse
    if clause is not None:
        current.orelse = low.body(clause.body, current)
    for branch, place in branches:
        low.end(branch, place)
    return first


def _while(low: Definitions, node: cst.While, parent: Parent) -> ir.Stmt:
    stmt = ir.While(_NO_EXPR, [], [])
    stmt.test = low.expr(node.test, stmt)
    stmt.body = low.body(node.body, stmt)
    if node.orelse is not None:
        stmt.orelse = low.body(node.orelse.body, stmt)
    return stmt


def _for(low: Definitions, node: cst.For, parent: Parent) -> ir.Stmt:
    stmt = ir.For(_NO_EXPR, _NO_EXPR, [], [], node.asynchronous is not None)
    stmt.iter = low.expr(node.iter, stmt)
    stmt.target = low.target(node.target, stmt, "element", stmt.iter, stmt)
    stmt.body = low.body(node.body, stmt)
    if node.orelse is not None:
        stmt.orelse = low.body(node.orelse.body, stmt)
    return stmt


def _try(low: Definitions, node: cst.Try | cst.TryStar, parent: Parent) -> ir.Stmt:
    stmt = ir.Try([], [], [], [])
    stmt.body = low.body(node.body, stmt)
    for clause in node.handlers:
        handler = ir.ExceptHandler(None, None, [])
        handler.parent = stmt
        place = low.begin()
        if clause.type is not None:
            handler.type = low.expr(clause.type, handler)
        if clause.name is not None and isinstance(clause.name.name, cst.Name):
            handler.name = clause.name.name.value
            low.scope.binding(handler.name).definitions.append(ir.Definition("except", site=handler, scope=low.scope))
        handler.body = low.body(clause.body, handler)
        low.end(handler, place)
        low.note(clause, handler)
        stmt.handlers.append(handler)
    if node.orelse is not None:
        stmt.orelse = low.body(node.orelse.body, stmt)
    if node.finalbody is not None:
        stmt.final = low.body(node.finalbody.body, stmt)
    return stmt


def _with(low: Definitions, node: cst.With, parent: Parent) -> ir.Stmt:
    stmt = ir.With([], [], node.asynchronous is not None)
    for item in node.items:
        context = low.expr(item.item, stmt)
        bound = None
        if item.asname is not None:
            bound = low.target(item.asname.name, stmt, "enter", context, stmt)
        stmt.items.append((context, bound))
    stmt.body = low.body(node.body, stmt)
    return stmt


def _match(low: Definitions, node: cst.Match, parent: Parent) -> ir.Stmt:
    stmt = ir.Match(_NO_EXPR, [])
    stmt.subject = low.expr(node.subject, stmt)
    for clause in node.cases:
        case = ir.Case([], None, [])
        case.parent = stmt
        place = low.begin()
        _pattern(low, clause.pattern, case, stmt.subject)
        if clause.guard is not None:
            case.guard = low.expr(clause.guard, case)
        case.body = low.body(clause.body, case)
        low.end(case, place)
        low.note(clause, case)
        stmt.cases.append(case)
    return stmt


def _pattern(low: Definitions, pattern: cst.CSTNode, case: ir.Case, subject: ir.Expr) -> None:
    """Names in a pattern are bound to the subject or to parts of it; values are compared with it."""
    stack: list[cst.CSTNode] = [pattern]
    while stack:
        node = stack.pop()
        if isinstance(node, (cst.MatchAs, cst.MatchStar, cst.MatchMapping)):
            name = node.rest if isinstance(node, cst.MatchMapping) else node.name
            if name is not None:
                low.scope.binding(name.value).definitions.append(
                    ir.Definition("pattern", subject, () if node is pattern else (None,), case, scope=low.scope)
                )
        if isinstance(node, cst.MatchValue):
            case.pattern.append(low.expr(node.value, case))
        elif isinstance(node, cst.MatchClass):
            case.pattern.append(low.expr(node.cls, case))
            stack.extend(node.patterns)
            stack.extend(node.kwds)
        elif not isinstance(node, (cst.BaseExpression, cst.BaseParenthesizableWhitespace)):
            stack.extend(node.children)


_STATEMENTS: dict[type, Callable[..., ir.Stmt]] = {
    cst.Expr: _expression,
    cst.Assign: _assign,
    cst.AnnAssign: _annotated,
    cst.AugAssign: _augmented,
    cst.Return: _return,
    cst.Raise: _raise,
    cst.Assert: _assert,
    cst.Del: _delete,
    cst.Global: _global,
    cst.Nonlocal: _nonlocal,
    cst.Import: _import,
    cst.ImportFrom: _import_from,
    cst.If: _if,
    cst.While: _while,
    cst.For: _for,
    cst.Try: _try,
    cst.TryStar: _try,
    cst.With: _with,
    cst.Match: _match,
}


def register(kind: type, method: Callable[..., ir.Stmt]) -> None:
    """Functions and classes are lowered by methods of `Definitions` itself."""
    _STATEMENTS[kind] = method
