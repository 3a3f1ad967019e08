"""A CDK program as its readers picture it, whatever language it is written in.

Only what builds values is told apart; everything else is `Other`, whose parts are still looked
at, since a function may be created in them. All nodes hold the line (from 1) that they begin on.
"""

from __future__ import annotations

from msgspec import Struct

Plain = str | int | float | bool | None


class Node(Struct, frozen=True, eq=False):
    line: int


class Constant(Node, frozen=True, eq=False):
    value: Plain


class Name(Node, frozen=True, eq=False):
    """A variable; `super` stands for the base class inside a method."""

    name: str


class Imported(Node, frozen=True, eq=False):
    """What an import binds: a `name` of a `module`, or all of it where the name is empty.

    `module` is spelled as the program spells it; `path` is what is bound, as a dotted path in
    Python's spelling (`aws_cdk.aws_lambda`), for what isn't a module of the project.
    """

    path: str
    module: str = ""
    name: str = ""


class Taken(Node, frozen=True, eq=False):
    """All names of a module, made this module's own: `from x import *`, `export * from 'x'`."""

    module: str


class Attribute(Node, frozen=True, eq=False):
    base: Node
    name: str


class Item(Node, frozen=True, eq=False):
    base: Node
    key: Node


class Call(Node, frozen=True, eq=False):
    """A call or a `new`. A keyword without a name is a spread (`**common`)."""

    callee: Node
    arguments: tuple[Node, ...] = ()
    keywords: tuple[tuple[str | None, Node], ...] = ()


class Spread(Node, frozen=True, eq=False):
    value: Node


class Listing(Node, frozen=True, eq=False):
    """A list, tuple or array; as a target, a pattern."""

    items: tuple[Node, ...]


class Mapping(Node, frozen=True, eq=False):
    """A dict or object; a key of None is a spread. As a target, a pattern of constant keys."""

    entries: tuple[tuple[Node | None, Node], ...]


class Joined(Node, frozen=True, eq=False):
    """Text made of parts: an f-string or a template literal."""

    parts: tuple[Node, ...]


class Operation(Node, frozen=True, eq=False):
    """`+`, `/`, `|`, `==`, `!=`, `and`, `or`, `??` (the right side where the left is nothing)."""

    operator: str
    left: Node
    right: Node


class Not(Node, frozen=True, eq=False):
    value: Node


class Choice(Node, frozen=True, eq=False):
    test: Node
    yes: Node
    no: Node


class Each(Node, frozen=True, eq=False):
    """A comprehension with one loop: the values, or with a `key` the entries."""

    target: Node
    source: Node
    test: Node | None
    key: Node | None
    value: Node


class Assign(Node, frozen=True, eq=False):
    """`declares`: binds in the scope where it stands, not where the name is known already."""

    target: Node
    value: Node
    declares: bool = True


class Parameter(Struct, frozen=True, eq=False):
    """`kind`: plain, named (only by its name), rest (`*args`), keywords (`**kwargs`).

    `kept`: it also becomes an attribute of `this`.
    """

    target: Node
    default: Node | None = None
    kind: str = "plain"
    kept: bool = False


class Function(Node, frozen=True, eq=False):
    """A function, method or arrow function; `this` names the receiver that it is called on."""

    name: str
    parameters: tuple[Parameter, ...]
    body: tuple[Node, ...]
    this: str = ""
    getter: bool = False


class Class(Node, frozen=True, eq=False):
    """The constructor is the method `__init__`. A field without a value is only declared."""

    name: str
    bases: tuple[Node, ...]
    fields: tuple[tuple[str, Node | None], ...]
    methods: tuple[Function, ...]


class If(Node, frozen=True, eq=False):
    test: Node
    yes: tuple[Node, ...]
    no: tuple[Node, ...]


class Loop(Node, frozen=True, eq=False):
    """A loop over `source`; without one, a loop of unknown rounds."""

    target: Node | None
    source: Node | None
    body: tuple[Node, ...]


class Return(Node, frozen=True, eq=False):
    """The end of a function; one that raises gives no value back."""

    value: Node | None
    raises: bool = False


class Leave(Node, frozen=True, eq=False):
    """`break` where it leaves the `loop`, else `continue`."""

    loop: bool


class Other(Node, frozen=True, eq=False):
    parts: tuple[Node, ...] = ()


def negative(node: Node) -> Node:
    """`-x`, as far as `x` is a number."""
    if isinstance(node, Constant) and isinstance(node.value, int | float):
        return Constant(node.line, -node.value)
    return Other(node.line, (node,))


Body = tuple[Node, ...]
