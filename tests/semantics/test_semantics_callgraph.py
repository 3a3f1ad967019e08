"""Which argument of a call each parameter gets."""

from __future__ import annotations

import pytest
from notation import case, files_of, look, project_of

from lambdalint.semantics import ir
from lambdalint.semantics.callgraph import Edge


def edge_of(text: str, callee: str = "f") -> Edge:
    """The one edge to the function of that name in a project whose handler is given by `text`."""
    project = project_of(files_of(text))
    (edge,) = [e for edges in project.connected.values() for e in edges if e.callee.name == callee]
    return edge


def told(edge: Edge) -> str:
    """`parameter=constant` for each one bound, `…` where there may be others, `callback` where none is seen."""
    names = [param.name for param in edge.callee.params]
    pairs = [f"{names[i]}={_text(value)}" for i, value in sorted(edge.bound.items())]
    return " ".join([*pairs, *(["…"] if edge.unsure else []), *(["callback"] if edge.callback else [])])


def _text(value: ir.Expr) -> str:
    if isinstance(value, ir.Each):
        return f"each({_text(value.value)})"
    return str(value.value) if isinstance(value, ir.Const) else ir.dotted(value) or "?"


FUNCTIONS = [
    case("in order", "a, b", "f(1, 2)", "a=1 b=2"),
    case("by name", "a, b", "f(b=1, a=2)", "a=2 b=1"),
    case("mixed", "a, b", "f(1, b=2)", "a=1 b=2"),
    case("default left", "a, b=0", "f(1)", "a=1"),
    case("positional only", "a, /, b", "f(1, 2)", "a=1 b=2"),
    case("keyword only", "a, *, b", "f(1, b=2)", "a=1 b=2"),
    case("too many", "a", "f(1, 2)", "a=1"),
    case("unknown name", "a", "f(1, z=2)", "a=1"),
    case("collected", "a, *b, c", "f(1, 2, 3, c=4)", "a=1 c=4"),
    case("spread", "a, b", "f(*x)", "…"),
    case("spread behind", "a, b", "f(1, *x)", "a=1 …"),
    case("nothing is sure after a spread", "a, b, c", "f(1, *x, 2)", "a=1 …"),
    case("name after a spread", "a, b", "f(*x, b=1)", "b=1 …"),
    case("spread dict", "a, b", "f(1, **x)", "a=1 …"),
    case("handed to something unknown", "a, b", "x.submit(f, 1, 2)", "… callback"),
    case("mapped", "a", "map(f, x)", "a=each(x) callback"),
    case("mapped over two", "a, b", "map(f, x, y)", "a=each(x) b=each(y) callback"),
    case("filtered", "a", "filter(f, x)", "a=each(x) callback"),
    case("sort key", "a", "sorted(x, key=f)", "a=each(x) callback"),
    case("smallest by a key", "a", "min(x, y, key=f)", "a=each(x) callback"),
    case("reduced", "a, b", "functools.reduce(f, x)", "a=? b=each(x) callback"),
    case("spread by starmap", "a, b", "import itertools; itertools.starmap(f, x)", "… callback"),
    case(
        "submitted to an executor",
        "a, b, c=0",
        "concurrent.futures.ThreadPoolExecutor().submit(f, 1, c=2)",
        "a=1 c=2 callback",
    ),
    case(
        "submitted in a block",
        "a, b",
        "with concurrent.futures.ThreadPoolExecutor() as pool: pool.submit(f, 1, 2)",
        "a=1 b=2 callback",
    ),
    case("submitted with a spread", "a, b", "concurrent.futures.ThreadPoolExecutor().submit(f, *x)", "… callback"),
    case("mapped by an executor", "a", "concurrent.futures.ThreadPoolExecutor().map(f, x)", "a=each(x) callback"),
    case("mapped by a pool", "a", "import multiprocessing; multiprocessing.Pool().map(f, x, 10)", "a=each(x) callback"),
    case("in a loop's executor", "a", "asyncio.get_event_loop().run_in_executor(None, f, 1)", "a=1 callback"),
    case("in a thread of asyncio's", "a, b", "asyncio.to_thread(f, 1, b=2)", "a=1 b=2 callback"),
    case("thread", "a, b", "threading.Thread(target=f, args=(1,), kwargs={'b': 2}).start()", "a=1 b=2 callback"),
    case("thread without arguments", "a=0", "threading.Thread(target=f).start()", "callback"),
    case("thread with arguments made elsewhere", "a", "threading.Thread(target=f, args=x).start()", "… callback"),
    case("thread by position", "a", "threading.Thread(None, f, None, [1]).start()", "a=1 callback"),
    case("timer", "a", "threading.Timer(5, f, [1]).start()", "a=1 callback"),
    case("lambda's body", "a", "(lambda: f(1))()", "a=1"),
]


@pytest.mark.parametrize(("params", "call", "expected"), FUNCTIONS)
def test_arguments_of_functions(params: str, call: str, expected: str) -> None:
    assert told(edge_of(f"def f({params}): pass\ndef lambda_handler(event, context):\n    {call}\n")) == expected


METHODS = [
    case("method", "def f(self, a): pass", "C().f(1)", "a=1"),
    case("method by its class", "def f(self, a): pass", "C.f(x, 1)", "self=x a=1"),
    case("static method", "@staticmethod\n    def f(a): pass", "C().f(1)", "a=1"),
    case("static method by its class", "@staticmethod\n    def f(a): pass", "C.f(1)", "a=1"),
    case("class method", "@classmethod\n    def f(cls, a): pass", "C.f(1)", "a=1"),
    case("class method by an object", "@classmethod\n    def f(cls, a): pass", "C().f(1)", "a=1"),
    case("bound method kept", "def f(self, a): pass", "g = C().f; g(1)", "a=1"),
]


@pytest.mark.parametrize(("method", "call", "expected"), METHODS)
def test_arguments_of_methods(method: str, call: str, expected: str) -> None:
    text = f"class C:\n    {method}\ndef lambda_handler(event, context):\n    {call}\n"
    assert told(edge_of(text)) == expected


def test_arguments_of_a_constructor() -> None:
    edge = edge_of(
        "class C:\n    def __init__(self, a, b=0): pass\ndef lambda_handler(event, context):\n    C(1)\n", "__init__"
    )
    assert told(edge) == "a=1"
    assert edge.made is not None
    assert edge.made.name == "C"


def test_arguments_of_a_partial() -> None:
    text = """
        def f(a, b, c=0): pass
        def lambda_handler(event, context):
            g = functools.partial(f, 1, c=3)
            g(2)
    """
    project = project_of(files_of(text))
    edges = [e for edges in project.connected.values() for e in edges if e.callee.name == "f"]
    assert sorted(map(told, edges)) == ["a=1 b=2 c=3", "a=1 c=3 … callback"]


def test_arguments_of_a_partial_that_is_handed_over() -> None:
    text = """
        def f(a, b): pass
        def lambda_handler(event, context):
            concurrent.futures.ThreadPoolExecutor().submit(functools.partial(f, 1), 2)
    """
    project = project_of(files_of(text))
    edges = [e for edges in project.connected.values() for e in edges]
    assert sorted(map(told, edges)) == ["a=1 b=2 callback", "a=1 … callback"]


DECORATED = [
    case("changed by a wrapper", """
        def deco(f):
            def wrapper(event, context):
                return f(event, boto3.client("s3"))
            return wrapper
        @deco
        def lambda_handler(event, s3):
            s3  #? s3
    """, "client s3", "nothing"),
    case("given by name", """
        def deco(f):
            def wrapper(event, context):
                return f(event, context, s3=boto3.client("s3"))
            return wrapper
        @deco
        def lambda_handler(event, context, s3):
            s3  #? s3
    """, "client s3", "nothing"),
    case("moved", """
        def deco(f):
            def wrapper(event, context):
                user = event["user"]
                return f(user, event)
            return wrapper
        @deco
        def lambda_handler(user, event):
            user  #? user
    """, "?", "event"),
    case("moved from another place", """
        def deco(f):
            def wrapper(event, context):
                return f(1, event)
            return wrapper
        @deco
        def lambda_handler(user, event):
            event  #? event
    """, "?", "event"),
    case("passed through", """
        def deco(f):
            def wrapper(event, context):
                return f(event, context)
            return wrapper
        @deco
        def lambda_handler(event, context):
            event  #? event
    """, "?", "event"),
    case("passed through whole", """
        def deco(f):
            def wrapper(*args, **kwargs):
                return f(*args, **kwargs)
            return wrapper
        @deco
        def lambda_handler(event, context):
            event  #? event
    """, "?", "event"),
    case("callers of a function that is passed through", """
        def deco(f):
            def wrapper(client):
                return f(client)
            return wrapper
        @deco
        def load(client):
            client  #? client
        def lambda_handler(event, context):
            load(boto3.client("s3"))
    """, "client s3", "nothing"),
    case("changed by an object", """
        class Deco:
            def __init__(self, f):
                self.f = f
            def __call__(self, event, context):
                return self.f(event, boto3.client("s3"))
        @Deco
        def lambda_handler(event, s3):
            s3  #? s3
    """, "client s3", "nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value", "depends"), DECORATED)
def test_arguments_of_a_decorated_function(text: str, value: str, depends: str) -> None:
    place = look(text)
    assert (place.value, place.depends) == (value, depends)


def test_a_call_of_one_of_two_functions_has_two_edges() -> None:
    text = """
        def f(a): pass
        def g(b): pass
        def lambda_handler(event, context):
            h = f if event else g
            h(1)
    """
    project = project_of(files_of(text))
    assert sorted(told(e) for edges in project.connected.values() for e in edges) == ["a=1", "b=1"]
