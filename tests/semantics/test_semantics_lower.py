"""From the syntax tree to the model's own picture: what is bound where, and no text too hard to read."""

from __future__ import annotations

import sysconfig
from collections.abc import Iterator
from pathlib import Path

import libcst as cst
import pytest
from notation import case, nodes, project_of

from lambdalint.semantics import flow, ir
from lambdalint.semantics.lower import Lowering, lower
from lambdalint.semantics.project import Project
from lambdalint.semantics.values import UNSURE
from lambdalint.source import Source
from lambdalint.syntax.parse import SyntaxProblem, parse


def lowered(code: str) -> Lowering:
    return lower(parse(Source("app.py", code)), "app.py")


def main_of(code: str) -> ir.Function:
    return lowered(code).module.main


# --- what is bound ---------------------------------------------------------------------

# The names of a scope with the kinds of their definitions, in order.
BOUND = [
    case("assignment", "a = b = 1", "a:assign b:assign"),
    case("unpacking", "a, (b, *c) = x", "a:assign b:assign c:assign"),
    case("twice", "a = 1\na = 2", "a:assign,assign"),
    case("annotated", "a: int = 1\nb: int", "a:assign b:declare"),
    case("augmented", "a += 1", "a:aug"),
    case("loop", "for a, b in x: pass", "a:element b:element"),
    case("with", "with x as a, y as (b, c): pass", "a:enter b:enter c:enter"),
    case("except", "try: pass\nexcept E as a: pass", "a:except"),
    case("except group", "try: pass\nexcept* E as a: pass", "a:except"),
    case("import", "import a, b.c, d.e as f", "a:import b:import f:import"),
    case("from import", "from a import b, c as d", "b:import d:import"),
    case("function", "def a(): b = 1", "a:def"),
    case("class", "class a: b = 1", "a:class"),
    case("walrus", "if (a := 1): pass", "a:assign"),
    case("walrus in a comprehension", "[a := b for b in x]", "a:assign"),
    case("comprehension keeps its own", "[a for a in x]", ""),
    case("lambda keeps its own", "lambda a: a", ""),
    case("deleted", "a = 1\ndel a", "a:assign,delete"),
    case("attribute and item bind nothing", "a.b = a[0] = 1", ""),
    case("match", "match x:\n    case {'k': a, **b}: pass\n    case [c, *d]: pass\n    case E(e=f) as g: pass",
         "b:pattern a:pattern c:pattern d:pattern g:pattern f:pattern"),
    case("match values bind nothing", "match x:\n    case a.b | 1 | None: pass\n    case _: pass", ""),
    case("global", "def f():\n    global a\n    a = 1", "f:def a:assign"),
    case("in branches", "if x:\n    a = 1\nelse:\n    b = 1\nwhile x:\n    c = 1\nelse:\n    d = 1",
         "a:assign b:assign c:assign d:assign"),
    case("in a try", "try:\n    a = 1\nexcept E:\n    b = 1\nelse:\n    c = 1\nfinally:\n    d = 1",
         "a:assign b:assign c:assign d:assign"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "expected"), BOUND)
def test_what_module_scope_binds(code: str, expected: str) -> None:
    bindings = main_of(code).scope.bindings.values()
    told = {f"{b.name}:{','.join(d.kind for d in b.definitions)}" for b in bindings}
    assert told == set(expected.split())


def test_parameters_come_in_order_with_their_kinds() -> None:
    (function,) = lowered("def f(a, /, b=1, *c, d, e=2, **f): pass").module.functions
    assert [(p.name, p.kind, p.default is not None) for p in function.params] == [
        ("a", "plain", False),
        ("b", "plain", True),
        ("c", "args", False),
        ("d", "keyword", False),
        ("e", "keyword", True),
        ("f", "kwargs", False),
    ]
    assert [d.index for b in function.scope.bindings.values() for d in b.definitions] == [0, 1, 2, 3, 4, 5]


def test_a_bare_star_is_no_parameter() -> None:
    (function,) = lowered("def f(a, *, b): pass").module.functions
    assert [p.name for p in function.params] == ["a", "b"]


# The scope that the last use of x means: the kind, and the function it belongs to.
MEANT = [
    case("module", "x = 1\ndef f():\n    x", "module <module>"),
    case("own", "x = 1\ndef f():\n    x = 2\n    x", "function f"),
    case("own, assigned later", "x = 1\ndef f():\n    x\n    x = 2", "function f"),
    case("global", "x = 1\ndef f():\n    global x\n    x = 2\n    x", "module <module>"),
    case("global, said later", "x = 1\ndef f():\n    if x:\n        global x\n    x", "module <module>"),
    case("around", "def f():\n    x = 1\n    def g():\n        x", "function f"),
    case("around, assigned later", "def f():\n    def g():\n        x\n    x = 1", "function f"),
    case("nonlocal", "x = 0\ndef f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2\n        x", "function f"),
    case("class body", "x = 1\nclass C:\n    x = 2\n    x", "class <module>"),
    case("method past the class", "x = 1\nclass C:\n    x = 2\n    def m(self):\n        x", "module <module>"),
    case("default of a method", "x = 1\nclass C:\n    x = 2\n    def m(self, a=x): pass", "class <module>"),
    case("decorator of a method", "x = 1\nclass C:\n    x = 2\n    @x\n    def m(self): pass", "class <module>"),
    case("comprehension", "x = 1\n[x for x in y]", "comprehension <module>"),
    case("comprehension's first source", "x = 1\n[1 for x in x]", "module <module>"),
    case("comprehension's second source", "[1 for x in y for z in x]", "comprehension <module>"),
    case("comprehension in a class body", "x = 1\nclass C:\n    x = 2\n    y = [x for _ in z]", "module <module>"),
    case("lambda's parameter", "x = 1\nlambda x: x", "function <lambda>"),
    case("lambda's default", "x = 1\nlambda x=x: 1", "module <module>"),
    case("walrus out of a comprehension", "def f():\n    [(x := 1) for _ in y]\n    x", "function f"),
    case("exception's name", "def f():\n    try: pass\n    except E as x:\n        x", "function f"),
    case("pattern", "def f():\n    match y:\n        case [x]:\n            x", "function f"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "expected"), MEANT)
def test_the_scope_that_a_name_means(code: str, expected: str) -> None:
    module = lowered(code).module
    use = [name for name in module.names if name.id == "x"][-1]
    binding = use.scope.lookup("x")
    assert binding is not None
    assert f"{binding.scope.kind} {binding.scope.function.name}" == expected
    assert use in binding.uses


# --- expressions -----------------------------------------------------------------------

SHAPES = [
    case("text", "'a'", "Const"),
    case("texts in a row", "'a' 'b' \"c\"", "Const"),
    case("raw text", r"r'\d'", "Const"),
    case("bytes", "b'a'", "Const"),
    case("negative number", "-1", "Const"),
    case("f-string", "f'{a}'", "Blend"),
    case("text and f-string", "'a' f'{a}'", "Blend"),
    case("and", "a and b and c", "Choice"),
    case("conditional", "a if b else c", "Choice"),
    case("not", "not a", "Not"),
    case("comparison", "a < b <= c", "Compare"),
    case("slice", "a[1:2]", "Item"),
    case("several indices", "a[1, 2:3]", "Item"),
    case("star", "[*a]", "Seq"),
    case("set", "{a}", "Seq"),
    case("dict", "{a: b, **c}", "Map"),
    case("generator", "(a for a in b)", "Comp"),
    case("dict comprehension", "{a: a for a in b}", "Comp"),
    case("lambda", "lambda: 1", "Lambda"),
    case("ellipsis", "...", "Const"),
]


@pytest.mark.parametrize(("code", "expected"), SHAPES)
def test_the_shape_of_an_expression(code: str, expected: str) -> None:
    (stmt,) = main_of(code).body
    assert isinstance(stmt, ir.ExprStmt)
    assert type(stmt.value).__name__ == expected


VALUES = [
    case("plain", "'a'", "a"),
    case("three quotes", "'''a'b'''", "a'b"),
    case("escaped", r"'a\n'", "a\n"),
    case("raw", r"r'\n'", "\\n"),
    case("in a row", "'a' 'b' r'\\n'", "ab\\n"),
    case("bytes", r"b'\x00'", b"\0"),
    case("number", "1_000", 1000),
    case("hexadecimal", "0xFF", 255),
    case("negative", "-1.5", -1.5),
    case("complex", "2j", 2j),
    case("truth", "True", True),
    case("none", "None", None),
    case("unicode prefix", "u'a'", "a"),
]


@pytest.mark.parametrize(("code", "expected"), VALUES)
def test_the_value_of_a_literal(code: str, expected: object) -> None:
    (stmt,) = main_of(code).body
    assert isinstance(stmt, ir.ExprStmt)
    assert isinstance(stmt.value, ir.Const)
    assert stmt.value.value == expected
    assert type(stmt.value.value) is type(expected)


def test_arguments_of_a_call() -> None:
    (call,) = main_of("f(1, *a, 2, k=3, **b)").calls
    assert [(a.keyword, a.star) for a in call.args] == [(None, 0), (None, 1), (None, 0), ("k", 0), (None, 2)]
    first = call.positional(0)
    assert isinstance(first, ir.Const)
    assert first.value == 1
    assert call.positional(1) is None  # what the star gives may be any number of arguments
    third = call.argument(9, "k")
    assert isinstance(third, ir.Const)
    assert third.value == 3
    assert call.spreads


def test_calls_belong_to_the_function_that_runs_them() -> None:
    code = """
a()
@b()
def f(x=c()):
    d()
    lambda y=e(): g()
    class C:
        h()
        def m(self, z=i()):
            j()
"""
    low = lowered(code)
    told = {f.name: {ir.dotted(c.func) for c in f.calls} for f in [low.module.main, *low.module.functions]}
    assert told == {"<module>": {"a", "b", "c"}, "f": {"d", "e", "h", "i"}, "<lambda>": {"g"}, "m": {"j"}}


def test_what_methods_store_on_self() -> None:
    code = """
class C:
    def __init__(this, a):
        this.a = a
        this.b, this.c = 1, 2
        this.d += 1
        other.e = 1
        def inner():
            this.f = 1
    @staticmethod
    def s(this):
        this.g = 1
    @classmethod
    def k(cls):
        cls.h = 1
"""
    (cls,) = lowered(code).module.classes
    assert set(cls.attributes) == {"a", "b", "c", "d", "f", "h"}
    assert cls.attributes["d"][0][0] is None
    assert [path for _, path, _ in cls.attributes["c"]] == [(1,)]


def test_methods_and_qualified_names() -> None:
    code = "class C:\n    class D:\n        def m(self):\n            def n(): pass\n    def o(self): pass\ndef f():\n    class E: pass\n"
    low = lowered(code)
    assert [c.qualname for c in low.module.classes] == ["C", "C.D", "f.E"]
    assert {f.qualname for f in low.module.functions} == {"C.D.m", "C.D.m.n", "C.o", "f"}
    assert {name: f.qualname for c in low.module.classes for name, f in c.methods.items()} == {
        "m": "C.D.m",
        "o": "C.o",
    }


def test_imports_keep_what_they_bind() -> None:
    low = lowered("import a.b, c.d as e\nfrom ..f import g as h\nfrom i import *\ndef k():\n    from . import j\n")
    told = [(s.module, s.level, s.names, f.name) for s, f in low.module.imports]
    assert told == [
        ("", 0, [("a.b", "a"), ("c.d", "e")], "<module>"),
        ("f", 2, [("g", "h")], "<module>"),
        ("i", 0, [("*", "")], "<module>"),
        ("", 1, [("j", "j")], "k"),
    ]
    imported = {b.name: b.definitions[0].imported for b in low.module.scope.bindings.values()}
    assert imported == {"a": "a", "e": "c.d", "h": "..f.g", "k": None}


def test_exports_and_names_in_annotations() -> None:
    low = lowered('__all__ = ["a", "b"]\ndef f(x: "C", y: D) -> "list[E]":\n    z: "F" = 1\n    return "G"\n')
    assert low.module.exports == {"a", "b"}
    assert low.module.annotation_names == {"C", "list", "E", "F"}
    assert [n.id for n in low.module.names if n.annotation] == ["D"]


def test_generators_and_coroutines() -> None:
    low = lowered("def a():\n    yield 1\nasync def b():\n    await c\ndef d():\n    x = yield from a()\n"
                  "def e():\n    return [lambda: (yield) for _ in x]\n")  # fmt: skip
    told = {f.name: (f.is_generator, f.is_async) for f in low.module.functions if not f.is_lambda}
    assert told == {"a": (True, False), "b": (False, True), "d": (True, False), "e": (False, False)}


# --- newer and harder texts --------------------------------------------------------------

NEWER = [
    case("type statement", "type A[T] = list[T]\n"),
    case("type parameters", "def f[T: int, *U, **V](x: T) -> T:\n    return x\nclass C[T](list[T]):\n    x: T\n"),
    case("except groups", "try:\n    f()\nexcept* (A, B) as e:\n    g(e)\n"),
    case("quotes inside f-strings", "x = f\"{d[\"a\"]}\"\n"),
    case("f-strings inside f-strings", "x = f'{f\"{a!r:>{b}}\"}'\n"),
    case("positional only", "def f(a, /, b): pass\n"),
    case("with in brackets", "with (open(a) as b, open(c) as d):\n    pass\n"),
    case("match with everything", """
match x, y:
    case (0, -1.5, "a" | b"b" | None | True | 1+2j): pass
    case [a, *_, b] if a > b: pass
    case {"k": {"l": c}, **d}: pass
    case P(1, q=[e], r=f.g) as h: pass
    case _: pass
"""),
    case("decorators of any kind", "@a.b[0](c) if d else e\ndef f(): pass\n"),
    case("async everything", "async def f():\n    async with a as b:\n        async for c in b:\n            [d async for d in c if await d]\n"),
    case("return with stars", "def f():\n    return 1, *a\n"),
    case("unparenthesised tuple in a subscript", "a[*b, 1:2, ...]\n"),
    case("print with a chevron-like shift", "a >> b, c\n"),
    case("byte order mark and form feed", "\ufeffa = 1\n\x0cb = 2\n"),
    case("names beyond ASCII", "größe = 1\ndef ƒ(): return größe\n"),
    case("nothing", ""),
    case("only a comment", "# nothing\n"),
]  # fmt: skip


@pytest.mark.parametrize("code", NEWER)
def test_newer_syntax_is_lowered(code: str) -> None:
    low = lowered(code)
    assert check_parents(low) == sum(1 for _ in everything(low))


LONG = [
    case("sum", "x = " + " + ".join(["a"] * 800) + "\n"),  # the parser's own time grows with the square
    case("or", "x = " + " or ".join(["a"] * 1000) + "\n"),
    case("texts in a row", "x = (" + "\n".join(["'a'"] * 1000) + ")\n"),
    case("comparison", "x = " + " < ".join(["a"] * 1000) + "\n"),
    case("method chain", "x = a" + ".b(1)" * 500 + "\n"),
    case("attribute chain", "x = a" + ".b" * 3000 + "\n"),
    case("elif", "if a == 0:\n    b\n" + "".join(f"elif a == {n}:\n    b = {n}\n" for n in range(1000))),
    case("elif that calls", "if a == 0:\n    b\n" + "".join(f"elif a == {n}:\n    b({n})\n" for n in range(400))),
    case("elif that returns", "def lambda_handler(event, context):\n    if event == 0:\n        return 0\n"
         + "".join(f"    elif event == {n}:\n        return {n}\n" for n in range(1000))
         + "    else:\n        return f(event)\n    g(event)\n"),
    case("statements", "a = 1\n" * 10_000),
    case("list", "x = [" + "1, " * 20_000 + "]\n"),
    case("dict", "x = {" + "'a': 1, " * 10_000 + "}\n"),
    case("nested brackets", "x = " + "[" * 150 + "]" * 150 + "\n"),
    case("nested calls", "x = " + "f(" * 90 + ")" * 90 + "\n"),
    case("nested functions", "".join(f"{'    ' * n}def f{n}():\n" for n in range(60)) + "    " * 60 + "pass\n"),
    case("nested blocks", "".join(f"{' ' * n}if a:\n" for n in range(90)) + " " * 90 + "pass\n"),
    case("unary", "x = " + "not " * 150 + "a\n"),
    case("conditionals", "x = " + "1 if a else " * 100 + "2\n"),
    case("definitions of one name", "def lambda_handler(event, context):\n    a = event\n" + "    a = f(a)\n" * 500),
    case("calls of one function", "def f(a):\n    return a\ndef lambda_handler(event, context):\n"
         + "    f(event)\n" * 500),
    case("functions in a chain", "".join(f"def f{n}(a):\n    return f{n + 1}(a)\n" for n in range(500))
         + "def f500(a):\n    return a\ndef lambda_handler(event, context):\n    return f0(event)\n"),
    case("classes in a chain", "class C0:\n    pass\n" + "".join(f"class C{n + 1}(C{n}):\n    pass\n" for n in range(300))
         + "def lambda_handler(event, context):\n    C300().load()\n"),
]  # fmt: skip


@pytest.mark.parametrize("code", LONG)
def test_long_texts_are_read_and_asked_about(code: str) -> None:
    if "def lambda_handler" not in code:
        code += "\ndef lambda_handler(event, context):\n    return x\n"
    project = project_of({"app.py": code})
    assert project.handlers, "the file was given up"
    assert ask_everything(project.modules.kept["app.py"].lowering, project)


def test_five_thousand_terms_are_lowered_and_followed() -> None:
    tree: cst.BaseExpression = cst.Name("event")
    for _ in range(5000):
        tree = cst.BinaryOperation(tree, cst.Add(), cst.Integer("1"))
    low = lower(cst.Module([cst.SimpleStatementLine([cst.Expr(tree)])]), "app.py")
    (stmt,) = low.module.main.body
    assert isinstance(stmt, ir.ExprStmt)
    assert sum(1 for _ in ir.walk(stmt.value)) == 10_001
    project = project_of({"app.py": "def lambda_handler(event, context): pass\n"})
    assert project.evaluator.evaluate(stmt.value) == UNSURE
    assert not project.taint.on_event(stmt.value)  # event is nobody's parameter here


# --- the standard library as a corpus ------------------------------------------------------

_MODULES = [
    "argparse",
    "base64",
    "bdb",
    "codecs",
    "collections/__init__",
    "contextlib",
    "csv",
    "dataclasses",
    "enum",
    "functools",
    "heapq",
    "json/decoder",
    "pathlib",
    "random",
    "shutil",
    "string",
    "tempfile",
    "threading",
    "traceback",
    "types",
    "uuid",
    "weakref",
]


def standard_library() -> Iterator[Path]:
    folder = Path(sysconfig.get_paths()["stdlib"])
    yield from (path for name in _MODULES if (path := folder / f"{name}.py").is_file())


def everything(low: Lowering) -> Iterator[ir.Node]:
    for function in (low.module.main, *low.module.functions):
        yield from nodes(function.body)


def check_parents(low: Lowering) -> int:
    """How many nodes were looked at: each knows the node above it."""
    count = 0
    for node in everything(low):
        count += 1
        if isinstance(node, ir.Expr):
            for child in ir.children(node):
                assert child.parent is node, (type(node).__name__, type(child).__name__)
        else:
            assert isinstance(node, ir.Stmt)
            for expr in ir.expressions(node):
                assert expr.parent is node, (type(node).__name__, type(expr).__name__)
            for block in ir.blocks(node):
                for stmt in block:
                    above = stmt.parent
                    inner = above.parent if isinstance(above, (ir.ExceptHandler, ir.Case)) else above
                    assert inner is node, type(stmt).__name__
    return count


def ask_everything(low: Lowering, project: Project) -> int:
    """Every question about every statement's expressions and every call; how many were asked."""
    count = 0
    for function in (low.module.main, *low.module.functions):
        for stmt in ir.statements(function.body):
            for expr in ir.expressions(stmt):
                if getattr(expr, "store", False):
                    continue
                count += 1
                project.evaluator.evaluate(expr)
                project.taint.on_event(expr)
        for call in function.calls:
            count += 1
            project.effects.of_call(call)
            project.guards.guarded(call)
            project.taint.on_event(call)
            flow.on_error_path(call)
            flow.loops_around(call)
    return count


def test_enough_of_the_standard_library_is_there() -> None:
    assert len(list(standard_library())) >= 15


@pytest.mark.parametrize("path", list(standard_library()), ids=lambda path: path.stem)
def test_real_code_is_lowered_whole(path: Path) -> None:
    source = Source.from_bytes(path.name, path.read_bytes())
    try:
        tree = parse(source)
    except SyntaxProblem:  # pragma: no cover - newer than the parser
        pytest.skip("the parser can't read it")
    low = lower(tree, path.name)
    assert check_parents(low) > 50
    assert calls_in(tree) == sum(len(f.calls) for f in (low.module.main, *low.module.functions))
    for name in low.module.names:
        assert name.parent is not None, name.id


def calls_in(tree: cst.Module) -> int:
    count = 0
    stack: list[cst.CSTNode] = [tree]
    while stack:
        node = stack.pop()
        count += isinstance(node, cst.Call)
        stack.extend(node.children)
    return count


def test_every_question_has_an_answer_for_real_code() -> None:
    chosen = {"argparse", "configparser", "contextlib", "csv", "functools", "heapq", "shutil", "uuid", "textwrap"}
    files = {path.name: path.read_text("utf-8") for path in standard_library() if path.stem in chosen}
    files["app.py"] = "".join(f"from {name.removesuffix('.py')} import *\n" for name in files) + (
        "def lambda_handler(event, context):\n    return ArgumentParser(event).parse_args(event)\n"
    )
    project = project_of(files)
    asked = 0
    for path in files:
        project.modules.load(path)
        asked += ask_everything(project.modules.kept[path].lowering, project)
    assert asked > 3_000


# What is put into objects: kind, name, `holder`, by line.
STORES = [
    case("attribute from outside", "a.b = 1", "attribute b of a"),
    case("attribute of an attribute", "a.b.c = 1", "attribute c of a.b"),
    case("unpacked", "a.b, x = f()", "attribute b of a"),
    case("setattr", 'setattr(a, "b", 1)', "attribute b of a"),
    case("setattr by an unknown name", "setattr(a, b, 1)", ""),
    case("item", "a[1] = 2", "item a of a"),
    case("item of an attribute", "a.b[1] = 2", "item b of a.b"),
    case("method that adds", "a.b.update(c=1)", "call update of a.b"),
    case("method that doesn't", "a.b.get(1)", ""),
    case("a name", "a = 1", ""),
    case("an object's own method", "class C:\n    def m(self):\n        self.a = 1", ""),
    case("another object in a method", "class C:\n    def m(self, o):\n        o.a = 1", "attribute a of o"),
    case("static method", "class C:\n    @staticmethod\n    def m(o):\n        o.a = 1", "attribute a of o"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "expected"), STORES)
def test_what_is_put_into_objects(code: str, expected: str) -> None:
    stores = lowered(code).module.stores
    found = [f"{s.kind} {s.name} of {ir.dotted(s.holder)}" for known in stores.values() for s in known]
    assert "\n".join(found) == expected


def test_a_quoted_type_is_no_part_of_the_tree() -> None:
    low = lowered('def f(c: "Optional[C]") -> "C": ...')
    (function,) = low.module.functions
    (param,) = function.params
    assert isinstance(param.annotation, ir.Item)
    assert isinstance(function.annotation, ir.Name)
    assert not low.module.names
    assert all(node in low.nodes for node in low.cst_of.values())
    assert id(param.annotation) in low.cst_of  # as the text that it is
