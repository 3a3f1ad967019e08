"""What lists and mappings hold, what is stored into them, and which arguments a call gets from them."""

from __future__ import annotations

import pytest
from notation import case, look

from lambdalint.semantics import arguments, ir

MAPPINGS = [
    case("stored later", 'd = {}\nd["a"] = boto3.client("s3")\ndef f():\n    d["a"]  #? d["a"]', "client s3"),
    case("stored under another key", 'd = {}\nd["a"] = boto3.client("s3")\nd["b"]  #? d["b"]', "?"),
    case("stored on both", 'd = {"a": 1}\ndef init():\n    d["a"] = boto3.client("s3")\ndef f():\n    d["a"]  #? d["a"]',
         "1 | client s3"),
    case("stored under any key", """
        CLIENTS = {}
        def get(region):
            if region not in CLIENTS:
                CLIENTS[region] = boto3.client("s3", region_name=region)
            return CLIENTS[region]
        def lambda_handler(event, context):
            get(event["region"])  #?
    """, "client s3"),
    case("stored in another module", """
        === clients.py
        CLIENTS = {}
        === app.py
        import clients
        clients.CLIENTS["s3"] = boto3.client("s3")
        def lambda_handler(event, context):
            clients.CLIENTS["s3"]  #? clients.CLIENTS["s3"]
    """, "client s3"),
    case("another mapping of the same name", """
        === other.py
        d = {}
        d["a"] = boto3.client("sqs")
        === app.py
        import other
        d = {"a": boto3.client("s3")}
        def lambda_handler(event, context):
            d["a"]  #? d["a"]
    """, "client s3"),
    case("held by self", """
        class C:
            def __init__(self):
                self.clients = {}
                self.clients["s3"] = boto3.client("s3")
            def m(self):
                self.clients["s3"]  #? self.clients["s3"]
    """, "client s3"),
    case("get", 'd = {"a": boto3.client("s3")}\nd.get("a")  #?', "client s3"),
    case("get of what isn't there", 'd = {"a": boto3.client("s3")}\nd.get("b")  #?', "None"),
    case("get with a default", 'd = {"a": 1}\nd.get("b", boto3.client("s3"))  #?', "client s3"),
    case("get of an unknown mapping", 'load().get("a")  #?', "?"),
    case("setdefault", 'd = {}\nd.setdefault("a", boto3.client("s3"))  #?', "client s3"),
    case("read after setdefault", 'd = {}\nd.setdefault("a", boto3.client("s3"))\nd["a"]  #? d["a"]', "client s3"),
    case("made by dict", 'd = dict(a=boto3.client("s3"))\nd["a"]  #? d["a"]', "client s3"),
    case("copied by dict", 'd = {"a": boto3.client("s3")}\ndict(d, b=1)["a"]  #? dict(d, b=1)["a"]', "client s3"),
    case("joined", 'd = {"a": boto3.client("s3")} | {"b": 1}\nd["a"]  #? d["a"]', "client s3"),
    case("later side of a join", 'd = {"a": 1} | {"a": boto3.client("s3")}\nd["a"]  #? d["a"]', "client s3"),
    case("spread", 'a = {"a": boto3.client("s3")}\nb = {**a, "b": 1}\nb["a"]  #? b["a"]', "client s3"),
    case("behind an unknown spread", 'b = {**load(), "a": boto3.client("s3")}\nb["a"]  #? b["a"]', "client s3"),
    case("comprehension", 'd = {r: boto3.client("s3") for r in load()}\nd["a"]  #? d["a"]', "client s3"),
    case("values", 'd = {"a": boto3.client("s3")}\nfor c in d.values():\n    c  #? c', "client s3"),
    case("items", 'd = {"a": boto3.client("s3")}\nfor k, c in d.items():\n    c  #? c', "client s3"),
    case("keys of items", 'd = {"s3": 1}\nfor k, c in d.items():\n    boto3.client(k)  #?', "client s3"),
    case("keys of a comprehension", 'd = {r: 1 for r in load()}\nfor k, c in d.items():\n    k  #? k', "?"),
    case("member of an enumeration as key", """
        import enum
        class E(str, enum.Enum):
            A = "a"
        d = {E.A: boto3.client("s3"), "b": 1}
        d[E.A]  #? d[E.A]
    """, "client s3"),
    case("dispatch to functions", """
        def make():
            return boto3.client("s3")
        ROUTES = {"a": make}
        ROUTES["b"] = lambda: boto3.client("sqs")
        def lambda_handler(event, context):
            ROUTES.get(event["a"])()  #?
    """, "client s3 | client sqs"),
    case("mappings that hold each other", 'a = {}\nb = {**a}\na.update(b)\na["x"]  #? a["x"]', "?"),
]  # fmt: skip

LISTS = [
    case("appended", 'a = []\na.append(boto3.client("s3"))\nfor c in a:\n    c  #? c', "client s3"),
    case("extended by a list", 'a = []\na.extend([boto3.client("s3")])\nfor c in a:\n    c  #? c', "client s3"),
    case("extended by something unknown", 'a = [boto3.client("s3")]\na.extend(load())\nfor c in a:\n    c  #? c',
         "? | client s3"),
    case("copied", 'a = [boto3.client("s3")]\nfor c in sorted(a):\n    c  #? c', "client s3"),
    case("first of", 'c = next(iter([boto3.client("s3")]))\nc  #? c', "client s3"),
    case("star in a list", 'a = [boto3.client("s3")]\nfor c in [1, *a]:\n    c  #? c', "1 | client s3"),
    case("index behind a star", 'a = [*load(), boto3.client("s3")]\na[0]  #? a[0]', "?"),
    case("generator", 'def gen():\n    yield boto3.client("s3")\nfor c in gen():\n    c  #? c', "client s3"),
    case("lists that hold each other", "a = []\nb = list(a)\na.extend(b)\nfor c in b:\n    c  #? c", "?"),
]  # fmt: skip

SPREAD = [
    case("service", 'boto3.client(**{"service_name": "s3"})  #?', "client s3"),
    case("service among others", 'p = {"region_name": "x"}\np["service_name"] = "s3"\nboto3.client(**p)  #?', "client s3"),
    case("service by update", 'p = {}\np.update(service_name="s3")\nboto3.client(**p)  #?', "client s3"),
    case("service by update with a mapping", 'p = {}\np.update({"service_name": "s3"})\nboto3.client(**p)  #?', "client s3"),
    case("service stored on one way", """
        def f(x):
            p = {"service_name": "s3"}
            if x:
                p["service_name"] = "sqs"
            boto3.client(**p)  #?
    """, "client ?"),
    case("service stored surely", """
        def f(x):
            p = {"service_name": "s3"}
            p["service_name"] = "sqs"
            boto3.client(**p)  #?
    """, "client sqs"),
    case("service stored too late", """
        def f(x):
            p = {"service_name": "s3"}
            boto3.client(**p)  #?
            p["service_name"] = "sqs"
    """, "client s3"),
    case("service stored in the loop around", """
        def f(x):
            p = {"service_name": "s3"}
            for _ in x:
                boto3.client(**p)  #?
                p["service_name"] = "sqs"
    """, "client ?"),
    case("service passed on", """
        def inner(**kwargs):
            return boto3.client(**kwargs)
        def outer(**kwargs):
            return inner(**kwargs)
        outer(service_name="sqs")
        outer(service_name="s3")  #?
    """, "client s3"),
    case("what has a parameter isn't passed on", """
        def make(service_name, **kwargs):
            return boto3.client(**kwargs)
        make(service_name="s3")  #?
    """, "client ?"),
    case("stored in what is passed on", """
        def make(**kwargs):
            kwargs["service_name"] = "s3"
            return boto3.client(**kwargs)
        make()  #?
    """, "client s3"),
    case("parameter by a mapping", 'def make(name):\n    return boto3.client(name)\nmake(**{"name": "s3"})  #?', "client s3"),
    case("default beside a mapping",
         'def make(x, name="s3"):\n    return boto3.client(name)\nmake(**{"x": "s3"})  #?', "client s3"),
    case("default beside an unknown mapping",
         'def make(x, name="s3"):\n    return boto3.client(name)\nmake(**load())  #?', "client ?"),
    case("partial of a function",
         'def make(name):\n    return boto3.client(name)\nfunctools.partial(make, "s3")()  #?', "client s3"),
    case("partial with keywords", 'functools.partial(boto3.client, service_name="s3")()  #?', "client s3"),
    case("partial of a class", """
        class C:
            def __init__(self, name):
                self.client = boto3.client(name)
        make = functools.partial(C, "s3")
        make().client  #? make().client
    """, "client s3"),
]  # fmt: skip

# By keyword: what a call gives, `!` after what it surely gives; `…` where it may give more.
GIVEN = [
    case("named", "f(a=1, b=2)  #?", "a! b!"),
    case("position has no name", "f(1, b=2)  #?", "b!"),
    case("display", 'f(**{"a": 1})  #?', "a!"),
    case("unknown mapping", "f(a=1, **load())  #?", "a! …"),
    case("unknown key", "f(**{os.name: 1})  #?", "…"),
    case("stored in a branch", 'def g(x):\n    p = {"a": 1}\n    if x:\n        p["b"] = 2\n    f(**p)  #?', "a! b"),
    case("stored in a with", 'def g(x):\n    p = {}\n    with x:\n        p["b"] = 2\n    f(**p)  #?', "b!"),
    case("stored in a try", 'def g(x):\n    p = {}\n    try:\n        p["b"] = 2\n    except E:\n        pass\n    f(**p)  #?',
         "b"),
    case("stored in the loop around", """
        def g(x):
            p = {"a": 1}
            while x:
                r = f(**p)  #?
                p["b"] = r
    """, "a! b"),
    case("stored by the last turn into a mapping of this turn", """
        def g(x):
            while x:
                p = {"a": 1}
                r = f(**p)  #?
                p["b"] = r
    """, "a!"),
    case("stored by another function", """
        p = {"a": 1}
        def init():
            p["b"] = 2
        def g():
            f(**p)  #?
    """, "a! b"),
    case("one of two mappings", """
        def g(x):
            p = {"a": 1} if x else {"b": 2}
            f(**p)  #?
    """, "a b"),
]  # fmt: skip


def _given(text: str) -> str:
    place = look(text)
    assert isinstance(place.node, ir.Call)
    found = arguments.given(place.model.project.evaluator, place.node)
    names = [f"{name}{'!' if found.sure(name) else ''}" for name in sorted(found.named, key=str)]
    return " ".join([*names, *([] if found.complete and not found.others else ["…"])])


@pytest.mark.parametrize(("text", "expected"), MAPPINGS)
def test_what_a_mapping_holds(text: str, expected: str) -> None:
    assert look(text).value == expected


@pytest.mark.parametrize(("text", "expected"), LISTS)
def test_what_a_list_holds(text: str, expected: str) -> None:
    assert look(text).value == expected


@pytest.mark.parametrize(("text", "expected"), SPREAD)
def test_arguments_from_mappings(text: str, expected: str) -> None:
    assert look(text).value == expected


@pytest.mark.parametrize(("text", "expected"), GIVEN)
def test_the_arguments_that_a_call_gets(text: str, expected: str) -> None:
    assert _given(text) == expected
