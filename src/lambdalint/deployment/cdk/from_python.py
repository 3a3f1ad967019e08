"""Python programs as `program` pictures them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence

from lambdalint.deployment.cdk.program import (
    Assign,
    Attribute,
    Body,
    Call,
    Choice,
    Class,
    Constant,
    Each,
    Function,
    If,
    Imported,
    Item,
    Joined,
    Leave,
    Listing,
    Loop,
    Mapping,
    Name,
    Node,
    Not,
    Operation,
    Other,
    Parameter,
    Return,
    Spread,
    Taken,
    negative,
)

_MAX_DEPTH = 90
_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Div: "/",
    ast.Mult: "*",
    ast.BitOr: "|",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Is: "==",
    ast.IsNot: "!=",
    ast.And: "and",
    ast.Or: "or",
}


def parse(data: bytes) -> Body:
    """The program in `data`; empty where it isn't Python that this interpreter can parse."""
    try:
        tree = ast.parse(data)
        return _Lowering().body(tree.body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()


class _Lowering:
    def __init__(self) -> None:
        self.depth = 0
        self.lowerings: dict[type[ast.AST], Callable[..., Node]] = {
            ast.Constant: self.constant,
            ast.Name: lambda node: Name(node.lineno, node.id),
            ast.Attribute: lambda node: Attribute(node.lineno, self.node(node.value), node.attr),
            ast.Subscript: lambda node: Item(node.lineno, self.node(node.value), self.node(node.slice)),
            ast.Call: self.call,
            ast.Starred: lambda node: Spread(node.lineno, self.node(node.value)),
            ast.List: self.listing,
            ast.Tuple: self.listing,
            ast.Dict: self.mapping,
            ast.JoinedStr: self.joined,
            ast.BinOp: self.binary,
            ast.BoolOp: self.boolean,
            ast.Compare: self.compare,
            ast.UnaryOp: self.unary,
            ast.IfExp: lambda node: Choice(
                node.lineno, self.node(node.test), self.node(node.body), self.node(node.orelse)
            ),
            ast.ListComp: self.comprehension,
            ast.GeneratorExp: self.comprehension,
            ast.DictComp: self.comprehension,
            ast.Lambda: self.closure,
            ast.NamedExpr: lambda node: Assign(node.lineno, self.node(node.target), self.node(node.value)),
            ast.Expr: lambda node: self.node(node.value),
            ast.Return: lambda node: Return(node.lineno, self.node(node.value) if node.value else None),
            ast.Raise: lambda node: Return(node.lineno, None, raises=True),
            ast.If: lambda node: If(node.lineno, self.node(node.test), self.body(node.body), self.body(node.orelse)),
            ast.For: lambda node: Loop(node.lineno, self.node(node.target), self.node(node.iter), self.body(node.body)),
            ast.While: lambda node: Loop(node.lineno, None, None, self.body(node.body)),
            ast.Break: lambda node: Leave(node.lineno, loop=True),
            ast.Continue: lambda node: Leave(node.lineno, loop=False),
            ast.AugAssign: self.augmented,
            ast.FunctionDef: self.definition,
            ast.AsyncFunctionDef: self.definition,
            ast.ClassDef: self.declaration,
        }

    def node(self, node: ast.AST) -> Node:
        """One expression or statement that stays one."""
        line = getattr(node, "lineno", 0)
        lower = self.lowerings.get(type(node))
        self.depth += 1
        try:
            if self.depth > _MAX_DEPTH:
                return Other(line)
            if lower is None:
                children = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
                return Other(line, self.nodes(children))
            return lower(node)
        finally:
            self.depth -= 1

    def nodes(self, nodes: Iterable[ast.AST]) -> tuple[Node, ...]:
        return tuple(self.node(node) for node in nodes)

    def body(self, statements: Sequence[ast.stmt]) -> Body:
        found: list[Node] = []
        self.depth += 1
        try:
            for statement in statements if self.depth <= _MAX_DEPTH else ():
                found += self.statement(statement)
        finally:
            self.depth -= 1
        return tuple(found)

    def statement(self, node: ast.stmt) -> Sequence[Node]:
        """A statement, which may be several of the picture's."""
        if isinstance(node, ast.Assign):
            value = self.node(node.value)
            first, *others = self.nodes(node.targets)
            return [
                Assign(node.lineno, first, value),
                *(Assign(node.lineno, other, first) for other in others),
            ]
        if isinstance(node, ast.AnnAssign):
            return [Assign(node.lineno, self.node(node.target), self.node(node.value))] if node.value else []
        if isinstance(node, ast.Import | ast.ImportFrom):
            return self.imports(node)
        if isinstance(node, ast.With | ast.AsyncWith):
            entered = [
                Assign(node.lineno, self.node(item.optional_vars), self.node(item.context_expr))
                if item.optional_vars
                else self.node(item.context_expr)
                for item in node.items
            ]
            return [*entered, *self.body(node.body)]
        if isinstance(node, ast.Try):
            handlers = [
                If(handler.lineno, Other(handler.lineno), self.body(handler.body), ()) for handler in node.handlers
            ]
            return [*self.body(node.body), *handlers, *self.body(node.orelse), *self.body(node.finalbody)]
        if isinstance(node, ast.Match):
            return [If(node.lineno, Other(node.lineno), self.body(case.body), ()) for case in node.cases]
        return [self.node(node)]

    def imports(self, node: ast.Import | ast.ImportFrom) -> list[Node]:
        found: list[Node] = []
        line = node.lineno
        for alias in node.names:
            bound = alias.asname or alias.name
            if isinstance(node, ast.ImportFrom):
                module = f"{'.' * node.level}{node.module or ''}"
                if alias.name == "*":
                    found.append(Taken(line, module))
                    continue
                value = Imported(line, f"{module}.{alias.name}", module, alias.name)
            elif alias.asname:
                value = Imported(line, alias.name, alias.name)
            else:
                # Of `import a.b` only the package is bound.
                bound, _, inner = alias.name.partition(".")
                value = Imported(line, bound, "" if inner else bound)
            found.append(Assign(line, Name(line, bound), value))
        return found

    # Expressions

    def constant(self, node: ast.Constant) -> Node:
        if node.value is None or isinstance(node.value, str | int | float):
            return Constant(node.lineno, node.value)
        return Other(node.lineno)

    def call(self, node: ast.Call) -> Node:
        if isinstance(node.func, ast.Name) and node.func.id == "super":
            return Name(node.lineno, "super")
        keywords = tuple((keyword.arg, self.node(keyword.value)) for keyword in node.keywords)
        return Call(node.lineno, self.node(node.func), self.nodes(node.args), keywords)

    def listing(self, node: ast.List | ast.Tuple) -> Node:
        return Listing(node.lineno, self.nodes(node.elts))

    def mapping(self, node: ast.Dict) -> Node:
        keys = [None if key is None else self.node(key) for key in node.keys]
        return Mapping(node.lineno, tuple(zip(keys, self.nodes(node.values), strict=True)))

    def joined(self, node: ast.JoinedStr) -> Node:
        parts = [
            part.value if isinstance(part, ast.FormattedValue) and part.format_spec is None else part
            for part in node.values
        ]
        return Joined(node.lineno, self.nodes(parts))

    def binary(self, node: ast.BinOp) -> Node:
        operator = _OPERATORS.get(type(node.op), "?")
        return Operation(node.lineno, operator, self.node(node.left), self.node(node.right))

    def boolean(self, node: ast.BoolOp) -> Node:
        first, *others = self.nodes(node.values)
        for other in others:
            first = Operation(node.lineno, _OPERATORS[type(node.op)], first, other)
        return first

    def compare(self, node: ast.Compare) -> Node:
        if len(node.ops) != 1:
            return Other(node.lineno, self.nodes([node.left, *node.comparators]))
        operator = _OPERATORS.get(type(node.ops[0]), "?")
        return Operation(node.lineno, operator, self.node(node.left), self.node(node.comparators[0]))

    def unary(self, node: ast.UnaryOp) -> Node:
        value = self.node(node.operand)
        if isinstance(node.op, ast.Not):
            return Not(node.lineno, value)
        return negative(value) if isinstance(node.op, ast.USub) else Other(node.lineno, (value,))

    def comprehension(self, node: ast.ListComp | ast.GeneratorExp | ast.DictComp) -> Node:
        line, (loop, *inner) = node.lineno, node.generators
        if inner:
            return Other(line)
        test = self.node(loop.ifs[0]) if loop.ifs else None
        key, value = (node.key, node.value) if isinstance(node, ast.DictComp) else (None, node.elt)
        lowered_key = None if key is None else self.node(key)
        return Each(line, self.node(loop.target), self.node(loop.iter), test, lowered_key, self.node(value))

    def augmented(self, node: ast.AugAssign) -> Node:
        operator = _OPERATORS.get(type(node.op), "?")
        target = self.node(node.target)
        return Assign(node.lineno, target, Operation(node.lineno, operator, target, self.node(node.value)))

    # Functions and classes

    def closure(self, node: ast.Lambda) -> Node:
        body = (Return(node.lineno, self.node(node.body)),)
        return Function(node.lineno, "", self.parameters(node.args), body)

    def definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Node:
        function = Function(node.lineno, node.name, self.parameters(node.args), self.body(node.body))
        return Assign(node.lineno, Name(node.lineno, node.name), function)

    def method(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Function:
        decorators = {decorator.id for decorator in node.decorator_list if isinstance(decorator, ast.Name)}
        parameters, this = self.parameters(node.args), ""
        if parameters and "staticmethod" not in decorators and isinstance(parameters[0].target, Name):
            this, parameters = parameters[0].target.name, parameters[1:]
        body = self.body(node.body)
        return Function(node.lineno, node.name, parameters, body, this, getter="property" in decorators)

    def parameters(self, node: ast.arguments) -> tuple[Parameter, ...]:
        positional = [*node.posonlyargs, *node.args]
        defaults = [None] * (len(positional) - len(node.defaults)) + list(node.defaults)
        found = [self.parameter(*pair) for pair in zip(positional, defaults, strict=True)]
        if node.vararg:
            found.append(Parameter(Name(0, node.vararg.arg), kind="rest"))
        found += [
            Parameter(Name(0, argument.arg), None if default is None else self.node(default), kind="named")
            for argument, default in zip(node.kwonlyargs, node.kw_defaults, strict=True)
        ]
        if node.kwarg:
            found.append(Parameter(Name(0, node.kwarg.arg), kind="keywords"))
        return tuple(found)

    def parameter(self, argument: ast.arg, default: ast.expr | None) -> Parameter:
        return Parameter(Name(argument.lineno, argument.arg), None if default is None else self.node(default))

    def declaration(self, node: ast.ClassDef) -> Node:
        fields: list[tuple[str, Node | None]] = []
        methods: list[Function] = []
        for statement in node.body:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                methods.append(self.method(statement))
            elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                fields.append((statement.target.id, self.node(statement.value) if statement.value else None))
            elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                fields.append((statement.targets[0].id, self.node(statement.value)))
        one = Class(node.lineno, node.name, self.nodes(node.bases), tuple(fields), tuple(methods))
        return Assign(node.lineno, Name(node.lineno, node.name), one)
