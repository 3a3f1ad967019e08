"""TypeScript and JavaScript programs as `program` pictures them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from lambdalint.deployment.cdk.declarations import Declarations, line_of, text_of
from lambdalint.deployment.cdk.names import module_path
from lambdalint.deployment.cdk.program import (
    Assign,
    Attribute,
    Body,
    Call,
    Choice,
    Constant,
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
    Return,
    Spread,
    negative,
)

if TYPE_CHECKING:
    from tree_sitter import Node as Syntax

_MAX_DEPTH = 90
_MAX_DIGITS = 20
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
    return Lowering().body(tree.root_node.named_children)


class Lowering:
    def __init__(self) -> None:
        self.depth = 0
        self.declarations = Declarations(self)
        self.lowerings: dict[str, Callable[[Syntax], Node]] = {
            "string": self.template,
            "template_string": self.template,
            "number": self.number,
            "identifier": lambda node: Name(line_of(node), text_of(node)),
            "shorthand_property_identifier": lambda node: Name(line_of(node), text_of(node)),
            "shorthand_property_identifier_pattern": lambda node: Name(line_of(node), text_of(node)),
            "this": lambda node: Name(line_of(node), "this"),
            "meta_property": lambda node: Name(line_of(node), text_of(node)),
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
            "arrow_function": self.declarations.closure,
            "function_expression": self.declarations.closure,
            "function_declaration": self.declarations.definition,
            "class_declaration": self.declarations.declaration,
            "abstract_class_declaration": self.declarations.declaration,
            "class": self.declarations.class_value,
            "enum_declaration": self.declarations.enumeration,
            "assignment_expression": self.assignment,
            "augmented_assignment_expression": self.augmented,
            "assignment_pattern": self.defaulted,
            "object_assignment_pattern": self.defaulted,
            "return_statement": self.returned,
            "throw_statement": lambda node: Return(line_of(node), None, raises=True),
            "break_statement": lambda node: Leave(line_of(node), loop=True),
            "continue_statement": lambda node: Leave(line_of(node), loop=False),
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
            self.lowerings[literal] = lambda node: Constant(line_of(node), _LITERALS[node.type])

    def node(self, node: Syntax | None) -> Node:
        """One expression or statement that stays one."""
        if node is None:
            return Other(0)
        lower = self.lowerings.get(node.type)
        self.depth += 1
        try:
            if self.depth > _MAX_DEPTH:
                return Other(line_of(node))
            return lower(node) if lower is not None else Other(line_of(node), self.nodes(node.named_children))
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
            return self.declarations.imports(node)
        if kind in ("lexical_declaration", "variable_declaration"):
            return [found for child in node.named_children for found in self.declarator(child)]
        if kind == "export_statement":
            return self.declarations.exports(node)
        if kind in ("statement_block", "ambient_declaration", "internal_module", "module"):
            return self.block(node.child_by_field_name("body") or node)
        if kind == "try_statement":
            caught = node.child_by_field_name("handler")
            after = If(line_of(node), Other(line_of(node)), self.block(caught), ())
            return [
                *self.block(node.child_by_field_name("body")),
                after,
                *self.block(node.child_by_field_name("finalizer")),
            ]
        if kind in ("for_statement", "while_statement", "do_statement"):
            return [Loop(line_of(node), None, None, self.block(node.child_by_field_name("body")))]
        if kind == "switch_statement":
            body = node.child_by_field_name("body")
            return [self.case(case) for case in (body.named_children if body is not None else [])]
        if kind in ("comment", "interface_declaration", "type_alias_declaration"):
            return []
        return [self.node(node)]

    def declarator(self, node: Syntax) -> Sequence[Node]:
        value = node.child_by_field_name("value")
        if node.type != "variable_declarator" or value is None:
            return []
        return [Assign(line_of(node), self.node(node.child_by_field_name("name")), self.node(value))]

    def case(self, node: Syntax) -> Node:
        """One of a switch; the `break` at its end leaves nothing else."""
        statements = [child for child in node.children_by_field_name("body") if child.type != "break_statement"]
        return If(line_of(node), Other(line_of(node)), self.body(statements), ())

    def returned(self, node: Syntax) -> Node:
        return Return(line_of(node), self.node(node.named_children[0]) if node.named_children else None)

    def condition(self, node: Syntax) -> Node:
        test = self.node(node.child_by_field_name("condition"))
        yes = self.block(node.child_by_field_name("consequence"))
        return If(line_of(node), test, yes, self.block(node.child_by_field_name("alternative")))

    def loop(self, node: Syntax) -> Node:
        body = self.block(node.child_by_field_name("body"))
        target = self.node(node.child_by_field_name("left"))
        source = self.node(node.child_by_field_name("right"))
        keys = text_of(node.child_by_field_name("operator")) == "in"
        if keys:
            source = Call(line_of(node), Imported(line_of(node), "Object.keys"), (source,))
        return Loop(line_of(node), target, source, body)

    # Expressions

    def wrapped(self, node: Syntax) -> Node:
        return self.node(next((child for child in node.named_children if child.type != "comment"), None))

    def template(self, node: Syntax) -> Node:
        """A text, with what is put into it."""
        parts: list[Node] = []
        for child in node.named_children:
            if child.type == "string_fragment":
                parts.append(Constant(line_of(child), text_of(child)))
            elif child.type == "escape_sequence":
                escaped = text_of(child)[1:]
                known = _ESCAPES.get(escaped, escaped)
                parts.append(Constant(line_of(child), known) if len(known) < 2 else Other(line_of(child)))
            else:
                parts.append(self.node(child))
        if len(parts) == 1 and isinstance(parts[0], Constant):
            return parts[0]
        return Joined(line_of(node), tuple(parts))

    def number(self, node: Syntax) -> Node:
        written = text_of(node)
        try:
            value = ast.literal_eval(written) if len(written) < _MAX_DIGITS else None
        except (ValueError, SyntaxError):
            value = None
        return Constant(line_of(node), value) if isinstance(value, int | float) else Other(line_of(node))

    def member(self, node: Syntax) -> Node:
        name = text_of(node.child_by_field_name("property"))
        return Attribute(line_of(node), self.node(node.child_by_field_name("object")), name)

    def subscript(self, node: Syntax) -> Node:
        base, index = node.child_by_field_name("object"), node.child_by_field_name("index")
        return Item(line_of(node), self.node(base), self.node(index))

    def call(self, node: Syntax) -> Node:
        callee = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        arguments = node.child_by_field_name("arguments")
        given = arguments.named_children if arguments is not None else []
        plain = callee is not None and callee.type == "identifier" and len(given) == 1 and given[0].type == "string"
        if plain and text_of(callee) == "require":
            module = text_of(given[0])[1:-1]
            return Imported(line_of(node), module_path(module), module)
        target = self.node(callee)
        if callee is not None and callee.type == "super":
            target = Attribute(line_of(node), Name(line_of(node), "super"), "__init__")
        return Call(line_of(node), target, self.nodes(given))

    def mapping(self, node: Syntax) -> Node:
        entries: list[tuple[Node | None, Node]] = []
        for child in node.named_children:
            line = line_of(child)
            if child.type in ("pair", "pair_pattern"):
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                entries.append((self.key(key), self.node(value)))
            elif child.type.startswith("shorthand_property_identifier"):
                entries.append((Constant(line, text_of(child)), self.node(child)))
            elif child.type == "object_assignment_pattern":
                name = text_of(child.child_by_field_name("left"))
                entries.append((Constant(line, name), self.node(child)))
            elif child.type == "method_definition":
                method = self.declarations.method(child)
                entries.append((Constant(line, method.name), method))
            elif child.type in ("spread_element", "rest_pattern"):
                entries.append((None, self.wrapped(child)))
        return Mapping(line_of(node), tuple(entries))

    def key(self, node: Syntax | None) -> Node:
        if node is not None and node.type == "property_identifier":
            return Constant(line_of(node), text_of(node))
        return self.node(node)

    def listing(self, node: Syntax) -> Node:
        items: list[Node] = []
        free = True
        for child in node.children[1:]:
            if child.is_named and child.type not in _SILENT:
                items.append(self.node(child))
            elif child.type == "," and free:
                # A hole, as in `const [, second] = pair`.
                items.append(Other(line_of(child)))
            free = child.type == ","
        return Listing(line_of(node), tuple(items))

    def spread(self, node: Syntax) -> Node:
        return Spread(line_of(node), self.wrapped(node))

    def binary(self, node: Syntax) -> Node:
        operator = _OPERATORS.get(text_of(node.child_by_field_name("operator")), "?")
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        return Operation(line_of(node), operator, self.node(left), self.node(right))

    def unary(self, node: Syntax) -> Node:
        value = self.node(node.child_by_field_name("argument"))
        operator = text_of(node.child_by_field_name("operator"))
        if operator == "!":
            return Not(line_of(node), value)
        return negative(value) if operator == "-" else Other(line_of(node), (value,))

    def ternary(self, node: Syntax) -> Node:
        fields = ("condition", "consequence", "alternative")
        return Choice(line_of(node), *(self.node(node.child_by_field_name(field)) for field in fields))

    def assignment(self, node: Syntax) -> Node:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        return Assign(line_of(node), self.node(left), self.node(right), declares=False)

    def augmented(self, node: Syntax) -> Node:
        line, target = line_of(node), self.node(node.child_by_field_name("left"))
        operator = _OPERATORS.get(text_of(node.child_by_field_name("operator"))[:-1], "?")
        value = Operation(line, operator, target, self.node(node.child_by_field_name("right")))
        return Assign(line, target, value, declares=False)

    def defaulted(self, node: Syntax) -> Node:
        """A pattern with a default, as a target: the pattern, or the default where there is nothing."""
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        return Choice(line_of(node), Other(line_of(node)), self.node(left), self.node(right))
