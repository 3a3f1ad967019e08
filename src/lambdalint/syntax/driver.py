"""One pass over a tree for many visitors, without recursion.

`run` calls the same `visit_X` and `leave_X` methods, in the same order, as
`module.visit(visitor)` would call for each visitor alone, so a rule stays
runnable by plain libcst. It differs in three points: it builds no new tree
(which makes it some fifteen times faster), it has no recursion limit, and it
leaves whitespace and punctuation out where no visitor asks for them. Attribute
hooks (`visit_X_attribute`) and own `on_visit`/`on_leave` methods aren't
supported: `unsupported_hooks` names them, so that registration can refuse them.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, Optional

import libcst as cst

from lambdalint.checkpoints import checkpoint

OnError = Callable[[cst.CSTVisitor, BaseException, cst.CSTNode], None]

# Attributes under which only whitespace, comments, brackets and punctuation live,
# and the types found there. Tests hold both against all of libcst's nodes.
TRIVIA_PREFIX = "whitespace"
TRIVIA_ATTRIBUTES = frozenset(
    """
    colon comma comment dot empty_lines equal first_colon first_line footer header last_line lbrace
    lbracket leading_lines leading_whitespace lines_after_decorators lpar newline rbrace rbracket relative
    rpar second_colon semicolon trailing_comma trailing_whitespace
    """.split()  # noqa: SIM905 - one word a line would fill the page
)
TRIVIA_TYPES = frozenset(
    """
    AssignEqual Colon Comma Comment Dot EmptyLine LeftCurlyBrace LeftParen LeftSquareBracket Newline
    ParenthesizedWhitespace RightCurlyBrace RightParen RightSquareBracket Semicolon SimpleWhitespace
    TrailingWhitespace
    """.split()  # noqa: SIM905 - one word a line would fill the page
)


class _Order(NamedTuple):
    """The attributes that hold a type's children, in libcst's order; `pending` may add to them."""

    all: tuple[str, ...]
    significant: tuple[str, ...]
    pending: tuple[str, ...]


class _Plan(NamedTuple):
    """What to do at a node of one type: calls by the visitor's number, then the children.

    `attributes` is None where they have to be asked of each node.
    """

    visits: tuple[tuple[int, Callable[[Any], Any]], ...]
    leaves: tuple[tuple[int, Callable[[Any], Any]], ...]
    attributes: tuple[str, ...] | None


# Asking for the exact type is much cheaper than isinstance: CSTNode is an abstract base class.
_NO_NODES: frozenset[type] = frozenset((type(None), cst.MaybeSentinel, str, bool))

_PLAIN = Optional[str]  # noqa: UP045 - compared with what libcst wrote

# What `muted` holds for a visitor that raised: no node, so nothing ever lifts it.
_DROPPED = object()

_orders: dict[type, _Order] = {}
_variants: dict[tuple[type, tuple[str, ...]], _Order] = {}
_tables: dict[type, dict[str, tuple[str, str]]] = {}

_Methods = tuple[tuple[int, str], ...]
_methods: dict[tuple[type[cst.CSTVisitor], ...], dict[str, tuple[_Methods, _Methods]]] = {}


def run(module: cst.Module, visitors: Sequence[cst.CSTVisitor], on_error: OnError | None = None) -> None:
    """Call the visitors' methods over the whole tree.

    A visitor's `visit_X` that returns False keeps that visitor, and no other,
    out of the node's children; its `leave_X` is called all the same, as libcst
    does. Exceptions go through, unless `on_error` takes them: it's called with
    the visitor, the exception and the node, and that visitor sees no more nodes.

    Raises TypeError for a visitor with hooks that this driver doesn't call.
    """
    tables = [_table(type(visitor)) for visitor in visitors]
    methods = _methods.setdefault(tuple(map(type, visitors)), {})
    trivia = any(TRIVIA_TYPES & table.keys() for table in tables)
    plans: dict[type, _Plan] = {}
    # Types whose values need no visit: what is no node, and nodes that nobody asks for.
    silent = set(_NO_NODES)
    # For each visitor the node whose children it stays out of.
    muted: list[object] = [None] * len(visitors)
    # Nodes to enter, and (node, calls) pairs to leave.
    stack: list[Any] = [module]
    pop, push = stack.pop, stack.append
    while stack:
        node = pop()
        if type(node) is tuple:
            node, leaves = node
            for index, method in leaves:
                if muted[index] is None or muted[index] is node:
                    try:
                        method(node)
                    except Exception as error:
                        if on_error is None:
                            raise
                        muted[index] = _DROPPED
                        on_error(visitors[index], error, node)
            for index, place in enumerate(muted):
                if place is node:
                    muted[index] = None
            continue
        kind = type(node)
        plan = plans.get(kind)
        if plan is None:
            plan = plans[kind] = _plan(node, visitors, tables, methods, trivia)
            if plan == ((), (), ()):
                silent.add(kind)
        visits, leaves, attributes = plan
        if visits:
            checkpoint()
        mutes = False
        for index, method in visits:
            if muted[index] is None:
                try:
                    if method(node) is False:
                        muted[index] = node
                        mutes = True
                except Exception as error:
                    if on_error is None:
                        raise
                    muted[index] = _DROPPED
                    on_error(visitors[index], error, node)
        if leaves or mutes:
            push((node, leaves))
        if mutes and None not in muted:
            continue
        if attributes is None:
            attributes = _attributes(node, trivia)
        # Last child first, so that the first is on top.
        for name in reversed(attributes):
            value = getattr(node, name)
            kind = type(value)
            if kind is tuple or kind is list:
                stack.extend(reversed(value))
            elif kind not in silent:
                push(value)


def children(node: cst.CSTNode, trivia: bool = True) -> list[cst.CSTNode]:
    """The node's children in libcst's order, without whitespace and punctuation unless `trivia`."""
    found: list[cst.CSTNode] = []
    for name in _attributes(node, trivia):
        value = getattr(node, name)
        kind = type(value)
        if kind is tuple or kind is list:
            found.extend(value)
        elif kind not in _NO_NODES:
            found.append(value)
    return found


def walk(node: cst.CSTNode, trivia: bool = True) -> Iterator[cst.CSTNode]:
    """The node and all below it, parents first, in libcst's order and without recursion."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children(node, trivia)))


def unsupported_hooks(visitor: type[cst.CSTVisitor]) -> list[str]:
    """The methods of a visitor class that libcst would call and `run` would not, sorted."""
    return _hooks(visitor)[1]


def _table(visitor: type[cst.CSTVisitor]) -> dict[str, tuple[str, str]]:
    """For each type's name the methods to call: (visit, leave), empty where there's none."""
    table = _tables.get(visitor)
    if table is None:
        methods, refused = _hooks(visitor)
        if refused:
            raise TypeError(f"{visitor.__name__} defines {', '.join(refused)}, which the driver doesn't call")
        table = {}
        for name in methods:
            kind = name.partition("_")[2]
            visit, leave = table.get(kind, ("", ""))
            table[kind] = (name, leave) if name.startswith("visit_") else (visit, name)
        _tables[visitor] = table
    return table


def _hooks(visitor: type[cst.CSTVisitor]) -> tuple[list[str], list[str]]:
    """The methods that stand for nodes, and those that can't be called from here."""
    methods: list[str] = []
    refused: list[str] = []
    # What libcst's own base class has are stubs, seven hundred of them.
    classes = [cls for cls in visitor.__mro__ if cls not in cst.CSTVisitor.__mro__]
    for name in sorted({name for cls in classes for name in vars(cls)}):
        method = getattr(visitor, name)
        if name.startswith(("visit_", "leave_")):
            # libcst's own stubs do nothing, and say so.
            if not getattr(method, "_is_no_op", False):
                kind = getattr(cst, name.partition("_")[2], None)
                is_node = isinstance(kind, type) and issubclass(kind, cst.CSTNode)
                (methods if is_node else refused).append(name)
        elif name in ("on_visit", "on_leave", "on_visit_attribute", "on_leave_attribute"):
            if method is not getattr(cst.CSTVisitor, name):
                refused.append(name)
    return methods, refused


def _plan(
    node: cst.CSTNode,
    visitors: Sequence[cst.CSTVisitor],
    tables: Sequence[dict[str, tuple[str, str]]],
    methods: dict[str, tuple[_Methods, _Methods]],
    trivia: bool,
) -> _Plan:
    kind = type(node).__name__
    if kind not in methods:
        methods[kind] = _called(kind, tables)
    visits, leaves = methods[kind]
    order = _order(node)
    return _Plan(
        tuple((index, getattr(visitors[index], name)) for index, name in visits),
        tuple((index, getattr(visitors[index], name)) for index, name in leaves),
        None if order.pending else order.all if trivia else order.significant,
    )


def _called(kind: str, tables: Sequence[dict[str, tuple[str, str]]]) -> tuple[_Methods, _Methods]:
    """The methods that visitors have for one type of nodes, by the visitor's number."""
    found = [(index, table[kind]) for index, table in enumerate(tables) if kind in table]
    visits = tuple((index, visit) for index, (visit, _) in found if visit)
    return visits, tuple((index, leave) for index, (_, leave) in found if leave)


def _attributes(node: cst.CSTNode, trivia: bool) -> tuple[str, ...]:
    order = _orders.get(type(node)) or _order(node)
    if order.pending:
        # A field that was empty when the type was learned: libcst may visit it when it's not.
        filled = tuple(name for name in order.pending if getattr(node, name) is not None)
        if filled:
            key = (type(node), filled)
            variant = _variants.get(key)
            if variant is None:
                variant = _variants[key] = _learn(node)
            order = variant
    return order.all if trivia else order.significant


def _order(node: cst.CSTNode) -> _Order:
    order = _orders.get(type(node))
    if order is None:
        order = _orders[type(node)] = _learn(node)
    return order


def _learn(node: cst.CSTNode) -> _Order:
    """Ask libcst itself in which order it visits a node's attributes."""
    recorder = _Recorder(node)
    # The hooks run before libcst builds its copy, so they are complete even if that fails.
    with contextlib.suppress(cst.CSTValidationError):
        node.visit(recorder)
    names = recorder.names
    pending = tuple(
        field.name
        for field in dataclasses.fields(node)
        if field.name not in names and field.type != _PLAIN and getattr(node, field.name) is None
    )
    significant = tuple(name for name in names if name not in TRIVIA_ATTRIBUTES and not name.startswith(TRIVIA_PREFIX))
    return _Order(tuple(names), significant, pending)


class _Recorder(cst.CSTVisitor):
    """Notes the attributes of one node and goes no deeper."""

    def __init__(self, target: cst.CSTNode) -> None:
        super().__init__()
        self.target = target
        self.names: list[str] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        return node is self.target

    def on_leave(self, original_node: cst.CSTNode) -> None:
        pass

    def on_visit_attribute(self, node: cst.CSTNode, attribute: str) -> None:
        if node is self.target:
            self.names.append(attribute)
