"""A CDK program as its readers picture it, whatever language it is written in.

Only what builds values is told apart; everything else is `Other`, whose parts are still looked
at, since a function may be created in them. All nodes hold the line (from 1) that they begin on.
"""

from __future__ import annotations

from dataclasses import dataclass

Plain = str | int | float | bool | None


@dataclass(frozen=True, eq=False)
class Node:
    line: int


@dataclass(frozen=True, eq=False)
class Constant(Node):
    value: Plain


@dataclass(frozen=True, eq=False)
class Name(Node):
    """A variable; `super` stands for the base class inside a method."""

    name: str


@dataclass(frozen=True, eq=False)
class Imported(Node):
    """What an import binds: a `name` of a `module`, or all of it where the name is empty.

    `module` is spelled as the program spells it; `path` is what is bound, as a dotted path in
    Python's spelling (`aws_cdk.aws_lambda`), for what isn't a module of the project.
    """

    path: str
    module: str = ""
    name: str = ""


@dataclass(frozen=True, eq=False)
class Taken(Node):
    """All names of a module, made this module's own: `from x import *`, `export * from 'x'`."""

    module: str


@dataclass(frozen=True, eq=False)
class Attribute(Node):
    base: Node
    name: str


@dataclass(frozen=True, eq=False)
class Item(Node):
    base: Node
    key: Node


@dataclass(frozen=True, eq=False)
class Call(Node):
    """A call or a `new`. A keyword without a name is a spread (`**common`)."""

    callee: Node
    arguments: tuple[Node, ...] = ()
    keywords: tuple[tuple[str | None, Node], ...] = ()


@dataclass(frozen=True, eq=False)
class Spread(Node):
    value: Node


@dataclass(frozen=True, eq=False)
class Listing(Node):
    """A list, tuple or array; as a target, a pattern."""

    items: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Mapping(Node):
    """A dict or object; a key of None is a spread. As a target, a pattern of constant keys."""

    entries: tuple[tuple[Node | None, Node], ...]


@dataclass(frozen=True, eq=False)
class Joined(Node):
    """Text made of parts: an f-string or a template literal."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Operation(Node):
    """`+`, `/`, `|`, `==`, `!=`, `and`, `or`, `??` (the right side where the left is nothing)."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, eq=False)
class Not(Node):
    value: Node


@dataclass(frozen=True, eq=False)
class Choice(Node):
    test: Node
    yes: Node
    no: Node


@dataclass(frozen=True, eq=False)
class Each(Node):
    """A comprehension with one loop: the values, or with a `key` the entries."""

    target: Node
    source: Node
    test: Node | None
    key: Node | None
    value: Node


@dataclass(frozen=True, eq=False)
class Assign(Node):
    """`declares`: binds in the scope where it stands, not where the name is known already."""

    target: Node
    value: Node
    declares: bool = True


@dataclass(frozen=True, eq=False)
class Parameter:
    """`kind`: plain, named (only by its name), rest (`*args`), keywords (`**kwargs`).

    `kept`: it also becomes an attribute of `this`.
    """

    target: Node
    default: Node | None = None
    kind: str = "plain"
    kept: bool = False


@dataclass(frozen=True, eq=False)
class Function(Node):
    """A function, method or arrow function; `this` names the receiver that it is called on."""

    name: str
    parameters: tuple[Parameter, ...]
    body: tuple[Node, ...]
    this: str = ""
    getter: bool = False


@dataclass(frozen=True, eq=False)
class Class(Node):
    """The constructor is the method `__init__`. A field without a value is only declared."""

    name: str
    bases: tuple[Node, ...]
    fields: tuple[tuple[str, Node | None], ...]
    methods: tuple[Function, ...]


@dataclass(frozen=True, eq=False)
class If(Node):
    test: Node
    yes: tuple[Node, ...]
    no: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Loop(Node):
    """A loop over `source`; without one, a loop of unknown rounds."""

    target: Node | None
    source: Node | None
    body: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Return(Node):
    """The end of a function; one that raises gives no value back."""

    value: Node | None
    raises: bool = False


@dataclass(frozen=True, eq=False)
class Leave(Node):
    """`break` where it leaves the `loop`, else `continue`."""

    loop: bool


@dataclass(frozen=True, eq=False)
class Other(Node):
    parts: tuple[Node, ...] = ()


def negative(node: Node) -> Node:
    """`-x`, as far as `x` is a number."""
    if isinstance(node, Constant) and isinstance(node.value, int | float):
        return Constant(node.line, -node.value)
    return Other(node.line, (node,))


Body = tuple[Node, ...]
