"""Names and who owns them: definitions, bindings, scopes, functions, classes, modules."""

from __future__ import annotations

from msgspec import Struct, field

from lambdalint.semantics.ir.expressions import Attr, Call, Expr, Name, Node
from lambdalint.semantics.ir.statements import Import, Stmt


class Definition(Struct, eq=False):
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


class Binding(Struct, eq=False):
    """A name of one scope, with all that gives it a value and all that asks for it."""

    name: str
    scope: Scope
    definitions: list[Definition] = field(default_factory=list)
    uses: list[Name] = field(default_factory=list)
    changes: dict[object, object] = field(default_factory=dict)  # what `changes` found out
    placed: object = None  # what `flow` found out


class Scope(Struct, eq=False):
    """Where names are bound: a module, a function, a class body, a comprehension."""

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


class Store(Struct, eq=False):
    """Something put into an object that a name or an attribute holds.

    kind: "attribute" (`holder.name = value`, from outside the object's own
    methods), "item" (`holder[key] = value`) or "call" (`holder.name(…)` of a
    method that adds to it). value is None where it can't be told.
    """

    kind: str
    name: str
    holder: Expr
    site: Node
    value: Expr | None = None
    path: tuple[int | None, ...] = ()
    key: Expr | None = None


class Param(Struct, eq=False):
    """A parameter of a function."""

    name: str
    kind: str  # "plain", "keyword", "args" or "kwargs"
    default: Expr | None
    annotation: Expr | None


class Function(Struct, eq=False):
    """A function, a lambda, or a module as what its import runs."""

    name: str
    qualname: str
    module: Module
    outer: Function | None = None
    cls: Class | None = None
    params: list[Param] = field(default_factory=list)
    decorators: list[Expr] = field(default_factory=list)
    annotation: Expr | None = None  # of what it returns
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
        if self.name in ("__new__", "__init_subclass__", "__class_getitem__"):
            return True  # they are given the class without any decorator
        return any(isinstance(d, Name) and d.id == "classmethod" for d in self.decorators)

    @property
    def bound(self) -> bool:
        """Whether its first parameter is the instance, or the class, that it is called on."""
        return self.cls is not None and not self.is_static

    def param_index(self, name: str) -> int:
        for index, param in enumerate(self.params):
            if param.name == name:
                return index
        return -1


class Class(Struct, eq=False):
    """A class with its methods."""

    name: str
    qualname: str
    module: Module
    bases: list[Expr] = field(default_factory=list)
    metaclass: Expr | None = None
    decorators: list[Expr] = field(default_factory=list)
    scope: Scope = field(default=None)  # type: ignore[assignment]
    methods: dict[str, Function] = field(default_factory=dict)
    # what methods store on self (or cls), by attribute
    attributes: dict[str, list[tuple[Expr | None, tuple[int | None, ...], Function]]] = field(default_factory=dict)
    declared: dict[str, Expr] = field(default_factory=dict)  # the types of those, where they are given
    site: Node | None = None


class Module(Struct, eq=False):
    """A file of the project, lowered."""

    path: str
    main: Function = field(default=None)  # type: ignore[assignment]
    functions: list[Function] = field(default_factory=list)
    classes: list[Class] = field(default_factory=list)
    imports: list[tuple[Import, Function]] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    annotation_names: set[str] = field(default_factory=set)
    # what is put into objects, by the attribute or by the last name of the container
    stores: dict[str, list[Store]] = field(default_factory=dict)
    exports: set[str] = field(default_factory=set)  # names listed in __all__
    # the names that are read in each statement at module scope, by its identity; what `needed` found out
    mentioned: dict[int, list[Name]] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        return self.main.scope
