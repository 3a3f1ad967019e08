"""What a module scope binds, as far as a new import or helper has to know.

Coarser than the semantic model on purpose: every binding of a name counts,
wherever it stands, because a fix must not change what a name means.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import libcst as cst

from lambdalint.syntax.driver import children, walk

STAR = "*"


class Binding(NamedTuple):
    """One binding: `at` which top-level statement, and what is bound.

    `module` and `name` are those of an import ("" for none); `certain` is false
    inside `if`, `try` and the like, `typing` true under TYPE_CHECKING.
    """

    at: int
    node: cst.CSTNode
    module: str
    name: str
    certain: bool
    typing: bool

    def imports(self, module: str, name: str = "") -> bool:
        return (self.module, self.name) == (module, name)


def module_bindings(module: cst.Module, globals_too: bool = True) -> dict[str, list[Binding]]:
    """All bindings of the module scope by name; star imports stand under `STAR`.

    `globals_too`: also what functions declare `global`, which takes a walk over all of them.
    """
    found: dict[str, list[Binding]] = {}
    for index, statement in enumerate(module.body):
        stack: list[tuple[cst.CSTNode, bool, bool]] = [
            (statement, isinstance(statement, cst.SimpleStatementLine), False)
        ]
        while stack:
            node, certain, typing = stack.pop()
            for bound, origin, name in _bound_by(node):
                found.setdefault(bound, []).append(Binding(index, node, origin, name, certain, typing))
            if isinstance(node, cst.If) and _is_type_checking(node.test):
                stack.append((node.body, False, True))
                if node.orelse is not None:
                    stack.append((node.orelse, False, typing))
                continue
            for child in children(node, trivia=False):
                if isinstance(node, (cst.FunctionDef, cst.ClassDef)) and child is node.body:
                    continue
                if not isinstance(child, cst.Lambda):
                    stack.append((child, certain, typing))
    for node in walk(module, trivia=False) if globals_too else ():
        if isinstance(node, cst.Global):
            for item in node.names:
                found.setdefault(item.name.value, []).append(Binding(0, node, "", "", False, False))
    return found


def _is_type_checking(test: cst.BaseExpression) -> bool:
    if isinstance(test, cst.Attribute):
        test = test.attr
    return isinstance(test, cst.Name) and test.value == "TYPE_CHECKING"


def _bound_by(node: cst.CSTNode) -> Iterator[tuple[str, str, str]]:
    """The names that a node itself binds, each with the module and name imported."""
    if isinstance(node, cst.Import):
        for alias in node.names:
            origin = dotted(alias.name)
            if alias.asname is None:
                yield origin.partition(".")[0], origin, ""
            else:
                # Another name for it: as foreign as an assignment.
                yield from _others(alias.asname.name)
    elif isinstance(node, cst.ImportFrom):
        origin = "." * len(node.relative) + (dotted(node.module) if node.module else "")
        if isinstance(node.names, cst.ImportStar):
            yield STAR, origin, STAR
            return
        for alias in node.names:
            name = dotted(alias.name)
            asname = alias.asname.name if alias.asname is not None else alias.name
            if isinstance(asname, cst.Name) and asname.value == name:
                yield name, origin, name
            else:
                yield from _others(asname)
    elif isinstance(node, (cst.FunctionDef, cst.ClassDef)):
        yield node.name.value, "", ""
    elif isinstance(node, (cst.AssignTarget, cst.AugAssign, cst.AnnAssign, cst.For, cst.NamedExpr, cst.Del)):
        yield from _others(node.target)
    elif isinstance(node, cst.AsName):
        yield from _others(node.name)
    elif type(node).__name__ in ("MatchAs", "MatchStar", "TypeAlias", "MatchMapping"):
        target = getattr(node, "rest", None) or getattr(node, "name", None)
        if isinstance(target, cst.Name):
            yield target.value, "", ""


def _others(target: cst.CSTNode) -> Iterator[tuple[str, str, str]]:
    """The names in a target; what an attribute or subscript holds isn't bound."""
    stack = [target]
    while stack:
        node = stack.pop()
        if isinstance(node, cst.Name):
            yield node.value, "", ""
        elif not isinstance(node, (cst.Attribute, cst.Subscript)):
            stack.extend(children(node, trivia=False))


def dotted(node: cst.CSTNode) -> str:
    """`a.b.c` of nested attributes."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if isinstance(node, cst.Name):
        parts.append(node.value)
    return ".".join(reversed(parts))
