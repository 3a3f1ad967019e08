"""The model's own picture of a module: what its code does, without its spelling.

A libcst tree is lowered (`semantics.lower`) to these nodes once; every question
of the model is answered on them. They hold no libcst nodes, so a module that is
only called into can drop its tree, and each knows its parent, so that loops,
branches, guards and handlers around a place are found by climbing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(eq=False, slots=True)
class Node:
    parent: Node | None = field(default=None, init=False, repr=False)


# --- expressions ---------------------------------------------------------------------


@dataclass(eq=False, slots=True)
class Expr(Node):
    pass


@dataclass(eq=False, slots=True)
class Const(Expr):
    """A literal: str, bytes, int, float, complex, bool, None or Ellipsis."""

    value: object


@dataclass(eq=False, slots=True)
class Name(Expr):
    id: str
    scope: Scope
    store: bool = False
    annotation: bool = False


@dataclass(eq=False, slots=True)
class Attr(Expr):
    base: Expr
    name: str
    store: bool = False


@dataclass(eq=False, slots=True)
class Argument:
    """`value`, `*value` (star 1), `**value` (star 2) or `keyword=value`."""

    value: Expr
    keyword: str | None = None
    star: int = 0


@dataclass(eq=False, slots=True)
class Call(Expr):
    func: Expr
    args: list[Argument]

    def keyword(self, name: str) -> Expr | None:
        for argument in self.args:
            if argument.keyword == name:
                return argument.value
        return None

    def positional(self, index: int) -> Expr | None:
        """The argument at `index`, unless a `*` argument makes that unsure."""
        plain = 0
        for argument in self.args:
            if argument.star == 1:
                return None
            if argument.keyword is None and argument.star == 0:
                if plain == index:
                    return argument.value
                plain += 1
        return None

    def argument(self, index: int, name: str) -> Expr | None:
        found = self.keyword(name)
        return self.positional(index) if found is None else found

    @property
    def spreads(self) -> bool:
        return any(argument.star for argument in self.args)


@dataclass(eq=False, slots=True)
class Item(Expr):
    """A subscript, `base[key]`."""

    base: Expr
    key: Expr
    store: bool = False


@dataclass(eq=False, slots=True)
class Seq(Expr):
    kind: str  # "tuple", "list" or "set"
    items: list[Expr]


@dataclass(eq=False, slots=True)
class Map(Expr):
    """A dict display; a key of None stands for `**value`."""

    entries: list[tuple[Expr | None, Expr]]


@dataclass(eq=False, slots=True)
class Lambda(Expr):
    function: Function


@dataclass(eq=False, slots=True)
class Loop:
    """One `for target in iter if …` of a comprehension."""

    target: Expr
    iter: Expr
    conditions: list[Expr]


@dataclass(eq=False, slots=True)
class Comp(Expr):
    kind: str  # "list", "set", "dict" or "generator"
    loops: list[Loop]
    elements: list[Expr]
    scope: Scope


@dataclass(eq=False, slots=True)
class Choice(Expr):
    """`a or b`, `a and b`, or `body if test else orelse` (items are body, orelse)."""

    kind: str  # "or", "and" or "if"
    items: list[Expr]
    test: Expr | None = None


@dataclass(eq=False, slots=True)
class Compare(Expr):
    left: Expr
    ops: list[str]  # "==", "is", "not in", …
    rights: list[Expr]


@dataclass(eq=False, slots=True)
class Not(Expr):
    value: Expr


@dataclass(eq=False, slots=True)
class Await(Expr):
    value: Expr


@dataclass(eq=False, slots=True)
class Yield(Expr):
    value: Expr | None
    delegate: bool = False


@dataclass(eq=False, slots=True)
class Bind(Expr):
    """A walrus, `target := value`."""

    target: Name
    value: Expr


@dataclass(eq=False, slots=True)
class Star(Expr):
    value: Expr


@dataclass(eq=False, slots=True)
class Blend(Expr):
    """Anything else that is made of its items: operators, f-strings, slices."""

    op: str
    items: list[Expr]


# --- statements ----------------------------------------------------------------------


@dataclass(eq=False, slots=True)
class Stmt(Node):
    pass


@dataclass(eq=False, slots=True)
class Assign(Stmt):
    targets: list[Expr]
    value: Expr | None
    annotation: Expr | None = None


@dataclass(eq=False, slots=True)
class AugAssign(Stmt):
    target: Expr
    value: Expr


@dataclass(eq=False, slots=True)
class ExprStmt(Stmt):
    value: Expr


@dataclass(eq=False, slots=True)
class Return(Stmt):
    value: Expr | None


@dataclass(eq=False, slots=True)
class Raise(Stmt):
    items: list[Expr]


@dataclass(eq=False, slots=True)
class Assert(Stmt):
    items: list[Expr]


@dataclass(eq=False, slots=True)
class Delete(Stmt):
    targets: list[Expr]


@dataclass(eq=False, slots=True)
class Simple(Stmt):
    kind: str  # "pass", "break", "continue", "global", "nonlocal", "type"


@dataclass(eq=False, slots=True)
class Import(Stmt):
    """`module` is dotted, `level` counts leading dots; `names` are (name, bound as).

    `import a.b` has ("a.b", "a") and an empty module; `import a.b as c` has
    ("a.b", "c"); `from m import *` has ("*", "").
    """

    module: str
    level: int
    names: list[tuple[str, str]]
    is_from: bool


@dataclass(eq=False, slots=True)
class If(Stmt):
    test: Expr
    body: list[Stmt]
    orelse: list[Stmt]


@dataclass(eq=False, slots=True)
class While(Stmt):
    test: Expr
    body: list[Stmt]
    orelse: list[Stmt]


@dataclass(eq=False, slots=True)
class For(Stmt):
    target: Expr
    iter: Expr
    body: list[Stmt]
    orelse: list[Stmt]
    is_async: bool = False


@dataclass(eq=False, slots=True)
class ExceptHandler(Stmt):
    type: Expr | None
    name: str | None
    body: list[Stmt]


@dataclass(eq=False, slots=True)
class Try(Stmt):
    body: list[Stmt]
    handlers: list[ExceptHandler]
    orelse: list[Stmt]
    final: list[Stmt]


@dataclass(eq=False, slots=True)
class With(Stmt):
    items: list[tuple[Expr, Expr | None]]
    body: list[Stmt]
    is_async: bool = False


@dataclass(eq=False, slots=True)
class Case(Stmt):
    pattern: list[Expr]
    guard: Expr | None
    body: list[Stmt]


@dataclass(eq=False, slots=True)
class Match(Stmt):
    subject: Expr
    cases: list[Case]


@dataclass(eq=False, slots=True)
class FunctionDef(Stmt):
    function: Function


@dataclass(eq=False, slots=True)
class ClassDef(Stmt):
    """A class statement; its body runs where it stands."""

    cls: Class
    body: list[Stmt] = field(default_factory=list)


# --- names, functions, classes, modules ------------------------------------------------


@dataclass(eq=False, slots=True)
class Definition:
    """One way that a name gets its value.

    kind: "assign" (value, then `path` into it for unpacking; None is unknown
    position), "element" (an element of value), "enter" (what value's context
    manager gives), "param", "import", "def", "class", "aug", "except", "delete",
    "pattern".
    """

    kind: str
    value: Expr | None = None
    path: tuple[int | None, ...] = ()
    site: Node | None = None
    function: Function | None = None
    cls: Class | None = None
    imported: str | None = None
    annotation: Expr | None = None
    index: int = -1
    scope: Scope | None = None  # the scope whose code this runs in


@dataclass(eq=False, slots=True)
class Binding:
    name: str
    scope: Scope
    definitions: list[Definition] = field(default_factory=list)
    uses: list[Name] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Scope:
    kind: str  # "module", "function", "class" or "comprehension"
    parent: Scope | None
    function: Function
    bindings: dict[str, Binding] = field(default_factory=dict)
    globals: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)

    def owner(self, name: str) -> Scope:
        """The scope that an assignment to `name` in this one binds in."""
        if name in self.globals:
            return self.module_scope()
        if name in self.nonlocals:
            scope = self.parent
            while scope is not None:
                if scope.kind == "function" and name in scope.bindings:
                    return scope
                scope = scope.parent
        return self

    def module_scope(self) -> Scope:
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def binding(self, name: str) -> Binding:
        """The binding to add a definition to, made where there is none yet."""
        owner = self.owner(name)
        found = owner.bindings.get(name)
        if found is None:
            found = owner.bindings[name] = Binding(name, owner)
        return found

    def lookup(self, name: str) -> Binding | None:
        """The binding that a use of `name` here refers to, by Python's rules."""
        if name in self.globals:
            return self.module_scope().bindings.get(name)
        scope: Scope | None = self
        first = True
        while scope is not None:
            if first or scope.kind != "class":
                found = scope.bindings.get(name)
                if found is not None and name not in scope.nonlocals:
                    return found
            first = False
            scope = scope.parent
        return None


@dataclass(eq=False, slots=True)
class Param:
    name: str
    kind: str  # "plain", "keyword", "args" or "kwargs"
    default: Expr | None
    annotation: Expr | None


@dataclass(eq=False, slots=True)
class Function:
    name: str
    qualname: str
    module: Module
    outer: Function | None = None
    cls: Class | None = None
    params: list[Param] = field(default_factory=list)
    decorators: list[Expr] = field(default_factory=list)
    body: list[Stmt] = field(default_factory=list)
    scope: Scope = field(default=None)  # type: ignore[assignment]
    calls: list[Call] = field(default_factory=list)
    attributes: list[Attr] = field(default_factory=list)
    returns: list[Expr] = field(default_factory=list)
    yields: list[Expr] = field(default_factory=list)
    strings: set[str] = field(default_factory=set)  # its short string literals
    is_async: bool = False
    is_generator: bool = False
    is_lambda: bool = False
    site: Node | None = None

    @property
    def is_module(self) -> bool:
        return self.outer is None and self.name == "<module>"

    @property
    def is_static(self) -> bool:
        return any(isinstance(d, Name) and d.id == "staticmethod" for d in self.decorators)

    @property
    def is_classmethod(self) -> bool:
        return any(isinstance(d, Name) and d.id == "classmethod" for d in self.decorators)

    def param_index(self, name: str) -> int:
        for index, param in enumerate(self.params):
            if param.name == name:
                return index
        return -1


@dataclass(eq=False, slots=True)
class Class:
    name: str
    qualname: str
    module: Module
    bases: list[Expr] = field(default_factory=list)
    decorators: list[Expr] = field(default_factory=list)
    scope: Scope = field(default=None)  # type: ignore[assignment]
    methods: dict[str, Function] = field(default_factory=dict)
    # what methods store on self (or cls), by attribute
    attributes: dict[str, list[tuple[Expr | None, tuple[int | None, ...], Function]]] = field(default_factory=dict)
    site: Node | None = None


@dataclass(eq=False, slots=True)
class Module:
    path: str
    main: Function = field(default=None)  # type: ignore[assignment]
    functions: list[Function] = field(default_factory=list)
    classes: list[Class] = field(default_factory=list)
    imports: list[tuple[Import, Function]] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    annotation_names: set[str] = field(default_factory=set)
    exports: set[str] = field(default_factory=set)  # names listed in __all__

    @property
    def scope(self) -> Scope:
        return self.main.scope


def children(node: Node) -> Iterator[Expr]:
    """The expressions directly below an expression, in evaluation order."""
    match node:
        case Attr(base=base):
            yield base
        case Call(func=func, args=args):
            yield func
            for argument in args:
                yield argument.value
        case Item(base=base, key=key):
            yield base
            yield key
        case Seq(items=items) | Blend(items=items):
            yield from items
        case Map(entries=entries):
            for key_, value in entries:
                if key_ is not None:
                    yield key_
                yield value
        case Comp(loops=loops, elements=elements):
            for loop in loops:
                yield loop.iter
                yield from loop.conditions
            yield from elements
        case Choice(items=items, test=test):
            if test is not None:
                yield test
            yield from items
        case Compare(left=left, rights=rights):
            yield left
            yield from rights
        case Not(value=value) | Await(value=value) | Bind(value=value) | Star(value=value):
            yield value
        case Yield(value=value):
            if value is not None:
                yield value
        case _:
            return


def walk(node: Expr) -> Iterator[Expr]:
    """`node` and all expressions below it, outer first; lambda bodies left out."""
    stack: list[Expr] = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(list(children(current))))


def expressions(stmt: Stmt) -> Iterator[Expr]:
    """The expressions that belong to a statement itself, not to its blocks."""
    match stmt:
        case Assign(targets=targets, value=value):
            if value is not None:
                yield value
            yield from targets
        case AugAssign(target=target, value=value):
            yield value
            yield target
        case ExprStmt(value=value):
            yield value
        case Return(value=value):
            if value is not None:
                yield value
        case Raise(items=items) | Assert(items=items) | Delete(targets=items):
            yield from items
        case If(test=test) | While(test=test):
            yield test
        case For(target=target, iter=iter_):
            yield iter_
            yield target
        case With(items=pairs):
            for context, bound in pairs:
                yield context
                if bound is not None:
                    yield bound
        case Match(subject=subject):
            yield subject
        case Case(pattern=pattern, guard=guard):
            yield from pattern
            if guard is not None:
                yield guard
        case ExceptHandler(type=type_):
            if type_ is not None:
                yield type_
        case _:
            return


def blocks(stmt: Stmt) -> Iterator[list[Stmt]]:
    """The statement lists nested in a compound statement (not in defs)."""
    match stmt:
        case If(body=body, orelse=orelse) | While(body=body, orelse=orelse) | For(body=body, orelse=orelse):
            yield body
            yield orelse
        case Try(body=body, handlers=handlers, orelse=orelse, final=final):
            yield body
            for handler in handlers:
                yield handler.body
            yield orelse
            yield final
        case With(body=body) | ClassDef(body=body):
            yield body
        case Match(cases=cases):
            for case in cases:
                yield case.body
        case _:
            return


def statements(body: list[Stmt]) -> Iterator[Stmt]:
    """All statements of a body, nested blocks included, in source order."""
    stack = list(reversed(body))
    while stack:
        stmt = stack.pop()
        yield stmt
        for block in reversed(list(blocks(stmt))):
            stack.extend(reversed(block))


def ancestors(node: Node) -> Iterator[Node]:
    current = node.parent
    while current is not None:
        yield current
        current = current.parent


def statement_of(node: Node) -> Stmt | None:
    """The innermost statement that holds an expression (or the statement itself)."""
    current: Node | None = node
    while current is not None and not isinstance(current, Stmt):
        current = current.parent
    return current


def root_name(expr: Expr) -> Name | None:
    """The name at the bottom of an attribute, subscript or call chain."""
    while True:
        if isinstance(expr, Name):
            return expr
        if isinstance(expr, (Attr, Item)):
            expr = expr.base
        elif isinstance(expr, Call):
            expr = expr.func
        elif isinstance(expr, Await):
            expr = expr.value
        else:
            return None


def dotted(expr: Expr) -> str:
    """`a.b.c` for a chain of attributes on a name, else an empty string."""
    parts: list[str] = []
    while isinstance(expr, Attr):
        parts.append(expr.name)
        expr = expr.base
    if not isinstance(expr, Name):
        return ""
    parts.append(expr.id)
    return ".".join(reversed(parts))
