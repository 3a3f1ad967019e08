"""What scripts (TypeScript, JavaScript) declare: imports and exports, functions and classes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lambdalint.deployment.cdk.names import module_path, snake
from lambdalint.deployment.cdk.program import (
    Assign,
    Body,
    Class,
    Function,
    Imported,
    Mapping,
    Name,
    Node,
    Parameter,
    Return,
    Taken,
)

if TYPE_CHECKING:
    from tree_sitter import Node as Syntax

    from lambdalint.deployment.cdk.from_typescript import Lowering


def text_of(node: Syntax | None) -> str:
    return (node.text or b"").decode("utf-8", "replace") if node is not None else ""


def line_of(node: Syntax) -> int:
    return node.start_point[0] + 1


class Declarations:
    """Lowers declarations for the `lowering`, which lowers what is in them."""

    def __init__(self, lowering: Lowering) -> None:
        self.lowering = lowering

    def imports(self, node: Syntax) -> Sequence[Node]:
        line = line_of(node)
        clause = next((child for child in node.named_children if child.type.endswith("_clause")), None)
        source = node.child_by_field_name("source") or (clause and clause.child_by_field_name("source"))
        if clause is None or source is None:
            return []
        module = text_of(source)[1:-1]
        found: list[Node] = []
        for child in clause.named_children:
            if child.type == "identifier":
                name = "" if clause.type == "import_require_clause" else "default"
                found.append(Assign(line, self.lowering.node(child), Imported(line, module_path(module), module, name)))
            elif child.type == "namespace_import":
                whole = Imported(line, module_path(module), module)
                found.append(Assign(line, self.lowering.node(child.named_children[0]), whole))
            elif child.type == "named_imports":
                found += [self.specifier(one, module) for one in child.named_children]
        return found

    def specifier(self, node: Syntax, module: str) -> Node:
        """One `name as alias` of an import, or of an export from another module."""
        line, name = line_of(node), text_of(node.child_by_field_name("name"))
        bound = text_of(node.child_by_field_name("alias")) or name
        return Assign(line, Name(line, bound), Imported(line, f"{module_path(module)}.{snake(name)}", module, name))

    def exports(self, node: Syntax) -> Sequence[Node]:
        line, source = line_of(node), node.child_by_field_name("source")
        clause = next((child for child in node.named_children if child.type == "export_clause"), None)
        if source is not None:
            module = text_of(source)[1:-1]
            return [self.specifier(one, module) for one in clause.named_children] if clause else [Taken(line, module)]
        inner = node.child_by_field_name("declaration") or node.child_by_field_name("value")
        if inner is None:
            return []
        declared = self.lowering.body([inner])
        if any(child.type == "default" for child in node.children) and declared:
            last = declared[-1]
            value = last.target if isinstance(last, Assign) else last
            return [*(declared if isinstance(last, Assign) else ()), Assign(line, Name(line, "default"), value)]
        return declared

    def enumeration(self, node: Syntax) -> Node:
        entries: list[tuple[Node | None, Node]] = []
        body = node.child_by_field_name("body")
        for child in body.named_children if body is not None else []:
            if child.type == "enum_assignment":
                key, value = child.child_by_field_name("name"), child.child_by_field_name("value")
                entries.append((self.lowering.key(key), self.lowering.node(value)))
        name = text_of(node.child_by_field_name("name"))
        return Assign(line_of(node), Name(line_of(node), name), Mapping(line_of(node), tuple(entries)))

    def closure(self, node: Syntax) -> Node:
        return self.callable(node, "", "")

    def definition(self, node: Syntax) -> Node:
        name = text_of(node.child_by_field_name("name"))
        return Assign(line_of(node), Name(line_of(node), name), self.callable(node, name, ""))

    def method(self, node: Syntax) -> Function:
        name = text_of(node.child_by_field_name("name"))
        name = "__init__" if name == "constructor" else name
        getter = any(child.type == "get" for child in node.children)
        return self.callable(node, name, "this", getter)

    def callable(self, node: Syntax, name: str, this: str, getter: bool = False) -> Function:
        body = node.child_by_field_name("body")
        if body is not None and body.type != "statement_block":
            statements: Body = (Return(line_of(body), self.lowering.node(body)),)
        else:
            statements = self.lowering.block(body)
        alone = node.child_by_field_name("parameter")
        listed = node.child_by_field_name("parameters")
        parameters = [alone] if alone is not None else listed.named_children if listed is not None else []
        lowered = tuple(self.parameter(one) for one in parameters if one.type != "comment")
        return Function(line_of(node), name, lowered, statements, this, getter)

    def parameter(self, node: Syntax) -> Parameter:
        pattern = node.child_by_field_name("pattern") or node
        value = node.child_by_field_name("value")
        kept = any(child.type in ("accessibility_modifier", "readonly") for child in node.children)
        if pattern.type == "rest_pattern":
            return Parameter(self.lowering.wrapped(pattern), kind="rest")
        return Parameter(self.lowering.node(pattern), None if value is None else self.lowering.node(value), kept=kept)

    def declaration(self, node: Syntax) -> Node:
        one = self.class_value(node)
        return Assign(line_of(node), Name(line_of(node), text_of(node.child_by_field_name("name"))), one)

    def class_value(self, node: Syntax) -> Node:
        bases: list[Node] = []
        fields: list[tuple[str, Node | None]] = []
        methods: list[Function] = []
        for child in node.named_children:
            if child.type == "class_heritage":
                clauses = [clause for clause in child.named_children if clause.type == "extends_clause"]
                bases += [self.lowering.node(clause.child_by_field_name("value")) for clause in clauses]
        body = node.child_by_field_name("body")
        for child in body.named_children if body is not None else []:
            name = text_of(child.child_by_field_name("name"))
            if child.type == "method_definition":
                methods.append(self.method(child))
            elif child.type == "public_field_definition":
                value = child.child_by_field_name("value")
                if value is not None:
                    fields.append((name, self.lowering.node(value)))
        name = text_of(node.child_by_field_name("name"))
        return Class(line_of(node), name, tuple(bases), tuple(fields), tuple(methods))
