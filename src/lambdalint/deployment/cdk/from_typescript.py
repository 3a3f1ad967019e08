"""TypeScript and JavaScript programs as `program` pictures them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from lambdalint.deployment.cdk.names import module_path, snake
from lambdalint.deployment.cdk.program import (
    Assign,
    Attribute,
    Body,
    Call,
    Choice,
    Class,
    Constant,
    Function,
    If,
    Imported,
    Item,
    Joined,
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
)

if TYPE_CHECKING:
    from tree_sitter import Node as Syntax

_MAX_DEPTH = 90
_OPERATORS = {"+": "+", "*": "*", "&&": "and", "||": "or", "??": "??", "===": "==", "==": "==", "!==": "!=", "!=": "!="}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
_LITERALS = {"true": True, "false": False, "null": None, "undefined": None}
# Types, and what else holds no values.
_SILENT = frozenset({"comment", "type_annotation", "type_arguments", "type_parameters", "accessibility_modifier"})


def parse(data: bytes, typed: bool = True) -> Body:
    """The program in `data`, as far as it can be told; `typed`: TypeScript, else JavaScript."""
    import tree_sitter
    import tree_sitter_typescript

    # JavaScript may hold JSX, which only the second grammar knows; TypeScript may hold `<T>x`.
    language = tree_sitter_typescript.language_typescript() if typed else tree_sitter_typescript.language_tsx()
    tree = tree_sitter.Parser(tree_sitter.Language(language)).parse(data)
    return _Lowering().body(tree.root_node.named_children)


def _text(node: Syntax | None) -> str:
    return (node.text or b"").decode("utf-8", "replace") if node is not None else ""


def _line(node: Syntax) -> int:
    return node.start_point[0] + 1


class _Lowering:
    def __init__(self) -> None:
        self.depth = 0
        self.lowerings: dict[str, Callable[[Syntax], Node]] = {
            "string": self.template,
            "template_string": self.template,
            "number": self.number,
            "identifier": lambda node: Name(_line(node), _text(node)),
            "shorthand_property_identifier": lambda node: Name(_line(node), _text(node)),
            "shorthand_property_identifier_pattern": lambda node: Name(_line(node), _text(node)),
            "this": lambda node: Name(_line(node), "this"),
            "meta_property": lambda node: Name(_line(node), _text(node)),
            "member_expression": self.member,
            "subscript_expression": self.subscript,
            "call_expression": self.call,
            "new_expression": self.call,
            "object": self.mapping,
            "object_pattern": self.mapping,
            "array": self.listing,
            "array_pattern": self.listing,
            "spread_element": self.spread,
            "binary_expression": self.binary,
            "unary_expression": self.unary,
            "ternary_expression": self.ternary,
            "arrow_function": self.closure,
            "function_expression": self.closure,
            "function_declaration": self.definition,
            "class_declaration": self.declaration,
            "abstract_class_declaration": self.declaration,
            "class": self.class_value,
            "enum_declaration": self.enumeration,
            "assignment_expression": self.assignment,
            "augmented_assignment_expression": self.augmented,
            "assignment_pattern": self.defaulted,
            "object_assignment_pattern": self.defaulted,
            "return_statement": self.returned,
            "throw_statement": lambda node: Return(_line(node), None, raises=True),
            "if_statement": self.condition,
            "for_in_statement": self.loop,
        }
        # What only wraps one expression: brackets, types, `await`, `x!`.
        for wrapper in (
            "parenthesized_expression",
            "expression_statement",
            "as_expression",
            "satisfies_expression",
            "non_null_expression",
            "await_expression",
            "computed_property_name",
            "template_substitution",
            "required_parameter",
        ):
            self.lowerings[wrapper] = self.wrapped
        for literal in _LITERALS:
            self.lowerings[literal] = lambda node: Constant(_line(node), _LITERALS[node.type])

    def node(self, node: Syntax | None) -> Node:
        """One expression or statement that stays one."""
        if node is None:
            return Other(0)
        lower = self.lowerings.get(node.type)
        self.depth += 1
        try:
            if self.depth > _MAX_DEPTH:
                return Other(_line(node))
            return lower(node) if lower is not None else Other(_line(node), self.nodes(node.named_children))
        finally:
            self.depth -= 1

    def nodes(self, nodes: Sequence[Syntax]) -> tuple[Node, ...]:
        return tuple(self.node(node) for node in nodes if node.type not in _SILENT)

    # Statements

    def body(self, statements: Sequence[Syntax]) -> Body:
        """Statements in the order in which they take effect: functions are known from the start."""
        found: list[Node] = []
        hoisted: list[Node] = []
        self.depth += 1
        try:
            for statement in statements if self.depth <= _MAX_DEPTH else ():
                if statement.type in ("function_declaration", "generator_function_declaration"):
                    hoisted.append(self.node(statement))
                else:
                    found += self.statement(statement)
        finally:
            self.depth -= 1
        return (*hoisted, *found)

    def block(self, node: Syntax | None) -> Body:
        """The statements of a block, or one alone."""
        if node is None:
            return ()
        if node.type in ("statement_block", "else_clause", "finally_clause", "catch_clause", "switch_body"):
            return self.body(node.named_children)
        return self.body([node])

    def statement(self, node: Syntax) -> Sequence[Node]:
        """A statement, which may be several of the picture's."""
        kind = node.type
        if kind in ("import_statement", "import_alias"):
            return self.imports(node)
        if kind in ("lexical_declaration", "variable_declaration"):
            return [found for child in node.named_children for found in self.declarator(child)]
        if kind == "export_statement":
            return self.exports(node)
        if kind in ("statement_block", "ambient_declaration", "internal_module", "module"):
            return self.block(node.child_by_field_name("body") or node)
        if kind == "try_statement":
            caught = node.child_by_field_name("handler")
            after = If(_line(node), Other(_line(node)), self.block(caught), ())
            return [
                *self.block(node.child_by_field_name("body")),
                after,
                *self.block(node.child_by_field_name("finalizer")),
            ]
        if kind in ("for_statement", "while_statement", "do_statement"):
            return [Loop(_line(node), None, None, self.block(node.child_by_field_name("body")))]
        if kind == "switch_statement":
            body = node.child_by_field_name("body")
            cases = body.named_children if body is not None else []
            return [
                If(_line(case), Other(_line(case)), self.body(case.children_by_field_name("body")), ())
                for case in cases
            ]
        if kind in ("comment", "interface_declaration", "type_alias_declaration"):
            return []
        return [self.node(node)]

    def imports(self, node: Syntax) -> Sequence[Node]:
        line = _line(node)
        clause = next((child for child in node.named_children if child.type.endswith("_clause")), None)
        source = node.child_by_field_name("source") or (clause and clause.child_by_field_name("source"))
        if clause is None or source is None:
            return []
        module = _text(source)[1:-1]
        found: list[Node] = []
        for child in clause.named_children:
            if child.type == "identifier":
                name = "" if clause.type == "import_require_clause" else "default"
                found.append(Assign(line, self.node(child), Imported(line, module_path(module), module, name)))
            elif child.type == "namespace_import":
                whole = Imported(line, module_path(module), module)
                found.append(Assign(line, self.node(child.named_children[0]), whole))
            elif child.type == "named_imports":
                found += [self.specifier(one, module) for one in child.named_children]
        return found

    def specifier(self, node: Syntax, module: str) -> Node:
        """One `name as alias` of an import, or of an export from another module."""
        line, name = _line(node), _text(node.child_by_field_name("name"))
        bound = _text(node.child_by_field_name("alias")) or name
        return Assign(line, Name(line, bound), Imported(line, f"{module_path(module)}.{snake(name)}", module, name))

    def exports(self, node: Syntax) -> Sequence[Node]:
        line, source = _line(node), node.child_by_field_name("source")
        clause = next((child for child in node.named_children if child.type == "export_clause"), None)
        if source is not None:
            module = _text(source)[1:-1]
            return [self.specifier(one, module) for one in clause.named_children] if clause else [Taken(line, module)]
        inner = node.child_by_field_name("declaration") or node.child_by_field_name("value")
        if inner is None:
            return []
        declared = self.body([inner])
        if any(child.type == "default" for child in node.children) and declared:
            last = declared[-1]
            value = last.target if isinstance(last, Assign) else last
            return [*(declared if isinstance(last, Assign) else ()), Assign(line, Name(line, "default"), value)]
        return declared

    def declarator(self, node: Syntax) -> Sequence[Node]:
        value = node.child_by_field_name("value")
        if node.type != "variable_declarator" or value is None:
            return []
        return [Assign(_line(node), self.node(node.child_by_field_name("name")), self.node(value))]

    def returned(self, node: Syntax) -> Node:
        return Return(_line(node), self.node(node.named_children[0]) if node.named_children else None)

    def condition(self, node: Syntax) -> Node:
        test = self.node(node.child_by_field_name("condition"))
        yes = self.block(node.child_by_field_name("consequence"))
        return If(_line(node), test, yes, self.block(node.child_by_field_name("alternative")))

    def loop(self, node: Syntax) -> Node:
        body = self.block(node.child_by_field_name("body"))
        target = self.node(node.child_by_field_name("left"))
        source = self.node(node.child_by_field_name("right"))
        keys = _text(node.child_by_field_name("operator")) == "in"
        if keys:
            source = Call(_line(node), Imported(_line(node), "Object.keys"), (source,))
        return Loop(_line(node), target, source, body)

    # Expressions

    def wrapped(self, node: Syntax) -> Node:
        return self.node(next((child for child in node.named_children if child.type != "comment"), None))

    def template(self, node: Syntax) -> Node:
        """A text, with what is put into it."""
        parts: list[Node] = []
        for child in node.named_children:
            if child.type == "string_fragment":
                parts.append(Constant(_line(child), _text(child)))
            elif child.type == "escape_sequence":
                escaped = _text(child)[1:]
                parts.append(Constant(_line(child), _ESCAPES.get(escaped, escaped if len(escaped) == 1 else "\ufffd")))
            else:
                parts.append(self.node(child))
        if len(parts) == 1 and isinstance(parts[0], Constant):
            return parts[0]
        return Joined(_line(node), tuple(parts))

    def number(self, node: Syntax) -> Node:
        try:
            value = ast.literal_eval(_text(node)[:20])
        except (ValueError, SyntaxError):
            return Other(_line(node))
        return Constant(_line(node), value) if isinstance(value, int | float) else Other(_line(node))

    def member(self, node: Syntax) -> Node:
        name = _text(node.child_by_field_name("property"))
        return Attribute(_line(node), self.node(node.child_by_field_name("object")), name)

    def subscript(self, node: Syntax) -> Node:
        base, index = node.child_by_field_name("object"), node.child_by_field_name("index")
        return Item(_line(node), self.node(base), self.node(index))

    def call(self, node: Syntax) -> Node:
        callee = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        arguments = node.child_by_field_name("arguments")
        given = arguments.named_children if arguments is not None else []
        plain = callee is not None and callee.type == "identifier" and len(given) == 1 and given[0].type == "string"
        if plain and _text(callee) == "require":
            module = _text(given[0])[1:-1]
            return Imported(_line(node), module_path(module), module)
        target = self.node(callee)
        if callee is not None and callee.type == "super":
            target = Attribute(_line(node), Name(_line(node), "super"), "__init__")
        return Call(_line(node), target, self.nodes(given))

    def mapping(self, node: Syntax) -> Node:
        entries: list[tuple[Node | None, Node]] = []
        for child in node.named_children:
            line = _line(child)
            if child.type in ("pair", "pair_pattern"):
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                entries.append((self.key(key), self.node(value)))
            elif child.type.startswith("shorthand_property_identifier"):
                entries.append((Constant(line, _text(child)), self.node(child)))
            elif child.type == "object_assignment_pattern":
                name = _text(child.child_by_field_name("left"))
                entries.append((Constant(line, name), self.node(child)))
            elif child.type == "method_definition":
                method = self.method(child)
                entries.append((Constant(line, method.name), method))
            elif child.type in ("spread_element", "rest_pattern"):
                entries.append((None, self.wrapped(child)))
        return Mapping(_line(node), tuple(entries))

    def key(self, node: Syntax | None) -> Node:
        if node is not None and node.type == "property_identifier":
            return Constant(_line(node), _text(node))
        return self.node(node)

    def listing(self, node: Syntax) -> Node:
        return Listing(_line(node), self.nodes(node.named_children))

    def spread(self, node: Syntax) -> Node:
        return Spread(_line(node), self.wrapped(node))

    def binary(self, node: Syntax) -> Node:
        operator = _OPERATORS.get(_text(node.child_by_field_name("operator")), "?")
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        return Operation(_line(node), operator, self.node(left), self.node(right))

    def unary(self, node: Syntax) -> Node:
        value = self.node(node.child_by_field_name("argument"))
        negated = _text(node.child_by_field_name("operator")) == "!"
        return Not(_line(node), value) if negated else Other(_line(node), (value,))

    def ternary(self, node: Syntax) -> Node:
        fields = ("condition", "consequence", "alternative")
        return Choice(_line(node), *(self.node(node.child_by_field_name(field)) for field in fields))

    def assignment(self, node: Syntax) -> Node:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        return Assign(_line(node), self.node(left), self.node(right), declares=False)

    def augmented(self, node: Syntax) -> Node:
        line, target = _line(node), self.node(node.child_by_field_name("left"))
        operator = _OPERATORS.get(_text(node.child_by_field_name("operator"))[:-1], "?")
        value = Operation(line, operator, target, self.node(node.child_by_field_name("right")))
        return Assign(line, target, value, declares=False)

    def defaulted(self, node: Syntax) -> Node:
        """A pattern with a default, as a target: the pattern, or the default where there is nothing."""
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        return Choice(_line(node), Other(_line(node)), self.node(left), self.node(right))

    def enumeration(self, node: Syntax) -> Node:
        entries: list[tuple[Node | None, Node]] = []
        body = node.child_by_field_name("body")
        for child in body.named_children if body is not None else []:
            if child.type == "enum_assignment":
                key, value = child.child_by_field_name("name"), child.child_by_field_name("value")
                entries.append((self.key(key), self.node(value)))
        name = _text(node.child_by_field_name("name"))
        return Assign(_line(node), Name(_line(node), name), Mapping(_line(node), tuple(entries)))

    # Functions and classes

    def closure(self, node: Syntax) -> Node:
        return self.callable(node, "", "")

    def definition(self, node: Syntax) -> Node:
        name = _text(node.child_by_field_name("name"))
        return Assign(_line(node), Name(_line(node), name), self.callable(node, name, ""))

    def method(self, node: Syntax) -> Function:
        name = _text(node.child_by_field_name("name"))
        name = "__init__" if name == "constructor" else name
        getter = any(child.type == "get" for child in node.children)
        return self.callable(node, name, "this", getter)

    def callable(self, node: Syntax, name: str, this: str, getter: bool = False) -> Function:
        body = node.child_by_field_name("body")
        if body is not None and body.type != "statement_block":
            statements: Body = (Return(_line(body), self.node(body)),)
        else:
            statements = self.block(body)
        alone = node.child_by_field_name("parameter")
        listed = node.child_by_field_name("parameters")
        parameters = [alone] if alone is not None else listed.named_children if listed is not None else []
        lowered = tuple(self.parameter(one) for one in parameters if one.type != "comment")
        return Function(_line(node), name, lowered, statements, this, getter)

    def parameter(self, node: Syntax) -> Parameter:
        pattern = node.child_by_field_name("pattern") or node
        value = node.child_by_field_name("value")
        kept = any(child.type in ("accessibility_modifier", "readonly") for child in node.children)
        if pattern.type == "rest_pattern":
            return Parameter(self.wrapped(pattern), kind="rest")
        return Parameter(self.node(pattern), None if value is None else self.node(value), kept=kept)

    def declaration(self, node: Syntax) -> Node:
        one = self.class_value(node)
        return Assign(_line(node), Name(_line(node), _text(node.child_by_field_name("name"))), one)

    def class_value(self, node: Syntax) -> Node:
        bases: list[Node] = []
        fields: list[tuple[str, Node | None]] = []
        methods: list[Function] = []
        for child in node.named_children:
            if child.type == "class_heritage":
                clauses = [clause for clause in child.named_children if clause.type == "extends_clause"]
                bases += [self.node(clause.child_by_field_name("value")) for clause in clauses]
        body = node.child_by_field_name("body")
        for child in body.named_children if body is not None else []:
            name = _text(child.child_by_field_name("name"))
            if child.type == "method_definition":
                methods.append(self.method(child))
            elif child.type == "public_field_definition":
                value = child.child_by_field_name("value")
                if value is not None:
                    fields.append((name, self.node(value)))
        name = _text(node.child_by_field_name("name"))
        return Class(_line(node), name, tuple(bases), tuple(fields), tuple(methods))
