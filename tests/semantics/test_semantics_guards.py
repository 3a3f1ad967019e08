"""Guards as they are met in the wild: through functions, aliases and flags, and what defeats them.

`made()` is the marked call throughout; test_semantics_once.py has the plain forms.
"""

from __future__ import annotations

import pytest
from notation import case, files_of, look, project_of

HANDLER = """
def lambda_handler(event, context):
    return get()
"""


def getter(text: str) -> str:
    """`get`, which the handler calls, and what stands before it."""
    return text + HANDLER


ONCE = [
    *(
        case(label, getter(text))
        for label, text in [
            ("flag beside a client, early return", """
_initialized = False
client = None
def get():
    global _initialized, client
    if _initialized:
        return
    client = made()  #?
    _initialized = True
"""),
            ("set up by a function", """
client = None
def set_up():
    global client
    client = made()
def get():
    if client is None:
        set_up()  #?
    return client
"""),
            ("set up by a function of a function", """
client = None
def connect():
    global client
    client = object()
def set_up():
    connect()
def get():
    if not client:
        set_up()  #?
"""),
            ("a cache of the project's own, with methods named like those of a dict", """
class Kept:
    def __init__(self):
        self.entries = {}
    def get(self, key):
        return self.entries.get(key)
    def set(self, key, value):
        self.entries[key] = value
kept = Kept()
def get():
    found = kept.get("a")
    if found is None:
        found = made()  #?
        kept.set("a", found)
    return found
"""),
            ("asked by a function", """
client = None
def is_ready():
    return client is not None
def get():
    global client
    if not is_ready():
        client = made()  #?
"""),
            ("a function says no where it is there", """
client = None
def is_missing():
    if client is not None:
        return False
    return True
def get():
    global client
    if is_missing():
        client = made()  #?
    return client
"""),
            ("an object that says when it is out of date", """
class Texts:
    def __init__(self):
        self.load()
    def load(self):
        self.version = made()
    def is_stale(self):
        try:
            if self.version != newest():
                return True
            return False
        except Exception:
            return False
    def get(self):
        if self.is_stale():
            self.load()  #?
        return self.version
texts = Texts()
def get():
    return texts.get()
"""),
            ("asked by a function, and set up by one", """
state = {}
def is_ready():
    return "client" in state
def set_up():
    state["client"] = object()
def get():
    if not is_ready():
        set_up()  #?
"""),
            ("and", """
client = None
def set_up():
    global client
    client = object()
def get():
    client is None and set_up()  #?
"""),
            ("while", """
client = None
def get():
    global client
    while client is None:
        client = made()  #?
"""),
            ("match", """
client = None
def get():
    global client
    match client:
        case None:
            client = made()  #?
"""),
            ("time that has come", """
EXPIRES = 0
TOKEN = None
def get():
    global TOKEN, EXPIRES
    if time.time() > EXPIRES:
        TOKEN = made()  #?
        EXPIRES = time.time() + 300
    return TOKEN
"""),
            ("time to live, seen within a hit", """
CACHE = {}
def get():
    if "a" in CACHE:
        value, stamp = CACHE["a"]
        if time.time() - stamp < 300:
            return value
    value = made()  #?
    CACHE["a"] = value, time.time()
    return value
"""),
            ("time to live, by a name", """
CACHE = {}
def get():
    entry = CACHE.get("a")
    fresh = entry is not None and entry["expires"] > time.time()
    if fresh:
        return entry["value"]
    value = made()  #?
    CACHE["a"] = {"value": value, "expires": time.time() + 300}
    return value
"""),
            ("suppressed", """
import contextlib
CACHE = {}
def get():
    with contextlib.suppress(KeyError):
        return CACHE["a"]
    CACHE["a"] = made()  #?
    return CACHE["a"]
"""),
            ("get or setdefault", """
CACHE = {}
def get():
    return CACHE.get("a") or CACHE.setdefault("a", made())  #? made()
"""),
            ("walrus", """
CACHE = {}
def get():
    if (found := CACHE.get("a")) is None:
        found = CACHE["a"] = made()  #?
    return found
"""),
            ("alias of a dict", """
STATE = {"clients": {}}
def get():
    clients = STATE["clients"]
    if "a" not in clients:
        clients["a"] = made()  #?
    return clients["a"]
"""),
            ("dict that is handed over, and on", """
CACHE = {}
def load(cache, key):
    if key not in cache:
        cache[key] = made()  #?
    if key == "b":
        load(cache, "a")
    return cache[key]
def get():
    return load(CACHE, "b")
"""),
            ("dict that is handed over", """
CACHE = {}
def load(cache, key):
    if key not in cache:
        cache[key] = made()  #?
    return cache[key]
def get():
    return load(CACHE, "a")
"""),
            ("default that is a name", """
CACHE = {}
def load(key, cache=CACHE):
    if key not in cache:
        cache[key] = made()  #?
    return cache[key]
def get():
    return load("a")
"""),
            ("default that is made", """
def load(key, cache=dict(a=1)):
    if key not in cache:
        cache[key] = made()  #?
    return cache[key]
def get():
    return load("b")
"""),
            ("setattr on a module", """
import sys
def get():
    module = sys.modules[__name__]
    if getattr(module, "client", None) is None:
        setattr(module, "client", made())  #? made()
"""),
            ("in globals()", """
def get():
    if "client" not in globals():
        globals()["client"] = made()  #?
"""),
            ("missing in globals(), set by name", """
def get():
    global client
    if "client" not in globals():
        client = made()  #?
"""),
            ("globals().get", """
def get():
    global client
    if globals().get("client") is None:
        client = made()  #?
"""),
            ("sys.modules", """
import sys
def get():
    if "settings" not in sys.modules:
        sys.modules["settings"] = made()  #?
"""),
            ("environment that is filled", """
def get():
    if "TOKEN" not in os.environ:
        os.environ["TOKEN"] = made()  #?
"""),
            ("attribute that is missing raises", """
def get():
    try:
        return get.client
    except AttributeError:
        get.client = made()  #?
        return get.client
"""),
            ("__dict__ of an object", """
class State:
    pass
state = State()
def get():
    if "client" not in state.__dict__:
        state.client = made()  #?
"""),
            ("vars of an object", """
class State:
    pass
state = State()
def get():
    if "client" not in vars(state):
        state.client = made()  #?
"""),
            ("registry of objects", """
class Repo:
    def __init__(self):
        self.client = None
    def connect(self):
        if self.client is None:
            self.client = made()  #?
        return self.client
REPOS = {"a": Repo()}
def get():
    return REPOS["a"].connect()
"""),
            ("registry that is filled behind a guard", """
class Repo:
    def __init__(self):
        self.client = made()
        if self.client:
            REPOS["b"] = self
REPOS = {}
def get():
    if "a" not in REPOS:
        REPOS["a"] = Repo()  #?
    return REPOS["a"]
"""),
            ("context variable of a synchronous handler", """
import contextvars
CLIENT = contextvars.ContextVar("client", default=None)
def get():
    if CLIENT.get() is None:
        CLIENT.set(made())  #? made()
    return CLIENT.get()
"""),
            ("expiring dict", """
from expiringdict import ExpiringDict
CACHE = ExpiringDict(max_len=10, max_age_seconds=60)
def get():
    if CACHE.get("a") is None:
        CACHE["a"] = made()  #?
"""),
            ("dict on disk", """
import diskcache
CACHE = diskcache.Cache("/tmp/cache")
def get():
    if "a" not in CACHE:
        CACHE.set("a", made())  #? made()
"""),
            ("emptied where it is filled, behind an early return", """
CACHE = {}
def get():
    global CACHE
    if CACHE:
        return CACHE
    CACHE = {}
    CACHE["a"] = made()  #?
    return CACHE
"""),
        ]
    ),
    case("emptied on demand", """
        client = None
        def lambda_handler(event, context):
            global client
            if event.get("refresh"):
                client = None
            if client is None:
                client = made()  #?
    """),
    case("emptied by another handler's own variable", """
        client = None
        def other_handler(event, context):
            client = None
            return client
        def lambda_handler(event, context):
            global client
            if client is None:
                client = made()  #?
    """),
    case("closure of a factory behind a guard", """
        def factory():
            client = None
            def inner():
                nonlocal client
                if client is None:
                    client = made()  #?
                return client
            return inner
        get = None
        def lambda_handler(event, context):
            global get
            if get is None:
                get = factory()
            return get()
    """),
    case("imported dict", """
        === state.py
        CACHE = {}
        === app.py
        from state import CACHE
        def lambda_handler(event, context):
            if "a" not in CACHE:
                CACHE["a"] = made()  #?
    """),
    case("set up by another module's function", """
        === state.py
        client = None
        def set_up():
            global client
            client = object()
        === app.py
        import state
        def lambda_handler(event, context):
            if state.client is None:
                state.set_up()  #?
    """),
    case("attribute of the handler", """
        def lambda_handler(event, context):
            if not hasattr(lambda_handler, "client"):
                lambda_handler.client = made()  #?
    """),
]  # fmt: skip

EACH_TIME = [
    *(
        case(label, getter(text))
        for label, text in [
            ("other key", """
CACHE = {}
def get():
    if "a" not in CACHE:
        CACHE["b"] = made()  #?
"""),
            ("other attribute", """
class State:
    a = None
    b = None
def get():
    if State.a is None:
        State.b = made()  #?
"""),
            ("stored as None", """
client = None
def get():
    global client
    if client is None:
        made()  #?
        client = None
"""),
            ("stored in the other branch", """
client = None
def get():
    global client
    if client is None:
        if other():
            client = 1
        else:
            return made()  #?
"""),
            ("stored behind a return", """
client = None
def get():
    global client
    if client is None:
        return made()  #?
        client = 1
"""),
            ("locals()", """
def get():
    if "client" not in locals():
        client = made()  #?
    return client
"""),
            ("parameter that gets another object", """
client = None
def load(client):
    if not client:
        client = made()  #?
    return client
def get():
    return load(client)
"""),
            ("dict that some caller makes", """
CACHE = {}
def load(cache, key):
    if key not in cache:
        cache[key] = made()  #?
    return cache[key]
def get():
    load(CACHE, "b")
    return load({}, "a")
"""),
            ("copy of a dict", """
CACHE = {}
def get():
    cache = dict(CACHE)
    if "a" not in cache:
        cache["a"] = made()  #?
"""),
            ("limit that is counted", """
COUNT = 0
def get():
    global COUNT
    if COUNT > 100:
        return None
    COUNT += 1
    return made()  #?
"""),
            ("limit that an object counts", """
class Limit:
    def __init__(self):
        self.used = 0
    def check(self):
        return self.used < 10
    def count(self):
        self.used = self.used + 1
limit = Limit()
def get():
    allowed = limit.check()
    if not allowed:
        return None
    limit.count()
    return made()  #?
"""),
            ("a function that says yes or no by something else", """
client = None
def is_wanted(name):
    if name == "a":
        return True
    return False
def get():
    global client
    if is_wanted(name()):
        client = made()  #?
    return client
"""),
            ("a function that asks on its way to a number", """
client = None
def number():
    if client is not None:
        print("there")
        return 1
    return 2
def get():
    global client
    if number() > other():
        client = made()  #?
    return client
"""),
            ("a store of the project's own that asks and writes elsewhere", """
class Users:
    client = boto3.client("dynamodb")
    def get(self, key):
        return self.client.get_item(TableName="users", Key=key).get("Item")
    def update(self, key, score):
        self.client.update_item(TableName="users", Key=key)
users = Users()
def get():
    user = users.get({"id": {"S": "1"}})
    if not user:
        return None
    users.update({"id": {"S": "1"}}, 5)
    return made()  #?
"""),
            ("answer of a kept client", """
client = object()
def get():
    global client
    rows = client.rows()
    if not rows:
        return None
    client = object()
    return made()  #?
"""),
            ("setdefault", """
CACHE = {}
def get():
    return CACHE.setdefault("a", made())  #? made()
"""),
            ("emptied at its own start", """
CACHE = {}
def get():
    CACHE.clear()
    if "a" not in CACHE:
        CACHE["a"] = made()  #?
"""),
            ("context variable of a coroutine", """
import contextvars
CLIENT = contextvars.ContextVar("client", default=None)
async def load():
    if CLIENT.get() is None:
        CLIENT.set(made())  #? made()
def get():
    return asyncio.run(load())
"""),
        ]
    ),
    case("emptied at each invocation", """
        client = None
        def lambda_handler(event, context):
            global client
            client = None
            if client is None:
                client = made()  #?
    """),
    case("emptied at each invocation, asked elsewhere", """
        CACHE = {}
        def get():
            if "a" not in CACHE:
                CACHE["a"] = made()  #?
        def lambda_handler(event, context):
            CACHE.clear()
            get()
    """),
    case("proxy that asks on each use", """
        from werkzeug.local import LocalProxy
        def make():
            return made()  #?
        client = LocalProxy(make)
        def lambda_handler(event, context):
            return client.rows
    """),
    case("default of a nested function", """
        def lambda_handler(event, context):
            def get(cache={}):
                if "a" not in cache:
                    cache["a"] = made()  #?
                return cache["a"]
            return get()
    """),
    case("attribute of a nested function", """
        def lambda_handler(event, context):
            def get():
                if not hasattr(get, "client"):
                    get.client = made()  #?
                return get.client
            return get()
    """),
    case("closure of a factory that is called at import and per invocation", """
        def factory():
            client = None
            def inner():
                nonlocal client
                if client is None:
                    client = made()  #?
                return client
            return inner
        get = factory()
        def lambda_handler(event, context):
            get()
            return factory()()
    """),
]  # fmt: skip

NOT_AT_ALL = [
    case("lazy proxy", """
        import lazy_object_proxy
        def make():
            return made()  #?
        client = lazy_object_proxy.Proxy(make)
        def lambda_handler(event, context):
            return client.get()
    """),
    case("lazy object", """
        from django.utils.functional import SimpleLazyObject
        client = SimpleLazyObject(lambda: made())  #? made()
        def lambda_handler(event, context):
            return client.get()
    """),
    case("generator that was started at import", """
        def clients():
            client = made()  #?
            while True:
                yield client
        client = clients()
        next(client)
        def lambda_handler(event, context):
            return next(client)
    """),
    case("constructor of an object made at import", """
        class Repo:
            def __init__(self):
                self.client = made()  #?
        repo = Repo()
        def lambda_handler(event, context):
            return repo.client
    """),
]  # fmt: skip


@pytest.mark.parametrize("text", ONCE)
def test_what_runs_once(text: str) -> None:
    assert look(text).when == "once"


@pytest.mark.parametrize("text", EACH_TIME)
def test_what_runs_each_time(text: str) -> None:
    assert look(text).when not in ("once", "never")


@pytest.mark.parametrize("text", NOT_AT_ALL)
def test_what_only_runs_at_import(text: str) -> None:
    assert look(text).when == "never"


def test_single_classes_that_hang_on_one_another() -> None:
    classes = "".join(
        f"class C{i}:\n    _one = None\n    def __new__(cls):\n        if C{i + 1}().x is None:\n"
        f"            cls._one = super().__new__(cls)\n            C{i + 1}().x = 1\n        return cls._one\n"
        for i in range(200)
    )
    text = f"{classes}class C200:\n    x = None\ndef lambda_handler(event, context):\n    C0()\n"
    ways = project_of(files_of(text)).reach.ways
    assert {function.qualname for function in ways} >= {"lambda_handler", "C0.__new__", "C199.__new__"}
