"""Code on the path that runs at most once per environment, and code that only looks so.

`made()` is the marked call throughout.
"""

from __future__ import annotations

import pytest
from notation import case, look

CACHED = [
    *(
        case(label, f"""
            {imports}
            {decorator}
            def get():
                return made()  #?
            def lambda_handler(event, context):
                get()
        """)
        for label, imports, decorator in [
            ("lru_cache", "import functools", "@functools.lru_cache"),
            ("lru_cache with arguments", "import functools", "@functools.lru_cache(maxsize=None)"),
            ("cache", "from functools import cache", "@cache"),
            ("cache renamed", "from functools import lru_cache as memo", "@memo()"),
            ("cachetools", "from cachetools import TTLCache, cached", "@cached(TTLCache(1, 60))"),
            ("cachetools.func", "import cachetools.func", "@cachetools.func.ttl_cache(ttl=60)"),
            ("under another decorator", "import functools", "@other\n            @functools.cache"),
        ]
    ),
    case("cached method", """
        class C:
            @functools.lru_cache
            def get(self):
                return made()  #?
        c = C()
        def lambda_handler(event, context):
            c.get()
    """),
    case("cached property of an object made at import", """
        class C:
            @functools.cached_property
            def client(self):
                return made()  #?
        c = C()
        def lambda_handler(event, context):
            c.client.get()
    """),
    case("cached static method", """
        class C:
            @staticmethod
            @functools.lru_cache
            def get():
                return made()  #?
        def lambda_handler(event, context):
            C.get()
    """),
]  # fmt: skip


def in_handler(body: str, before: str = "X = None") -> str:
    """A handler with `body`, after `before` at module scope."""
    indented = "\n".join("    " + line for line in body.splitlines())
    return f"{before}\ndef lambda_handler(event, context):\n    global X\n{indented}\n    use(X)\n"


GUARDED = [
    *(
        case(label, in_handler(body))
        for label, body in [
            ("is None", "if X is None:\n    X = made()  #?"),
            ("not", "if not X:\n    X = made()  #?"),
            ("== None", "if X == None:\n    X = made()  #?"),
            ("None is", "if None is X:\n    X = made()  #?"),
            ("else of a test", "if X:\n    pass\nelse:\n    X = made()  #?"),
            ("early return", "if X is not None:\n    return X\nX = made()  #?"),
            ("early return, short", "if X:\n    return X\nX = made()  #?"),
            ("through a local name", "if X is None:\n    x = made()  #?\n    X = x"),
            ("early return through a local name", "if X:\n    return X\nx = made()  #?\nX = x"),
            ("or", "X = X or made()  #?"),
            ("conditional", "X = X if X else made()  #?"),
            ("conditional, other way round", "X = made() if X is None else X  #?"),
            ("or with a walrus", "x = X or (X := made())  #?"),
            ("in a try", "if X is None:\n    try:\n        X = made()  #?\n    except ValueError:\n        raise"),
            ("try around", "try:\n    if X is None:\n        X = made()  #?\nexcept ValueError:\n    raise"),
            ("in a with", "with LOCK:\n    if X is None:\n        X = made()  #?"),
            ("checked twice", "if X is None:\n    with LOCK:\n        if X is None:\n            X = made()  #?"),
            ("chain", "if X is None:\n    X = made().table()  #? made()"),
            ("with an expiry", "if X is None or time.time() > X.expires:\n    X = made()  #?"),
            ("several names", "if X is None:\n    X, y = made(), 1  #? made()"),
            ("loop inside", "if X is None:\n    for _ in (1, 2):\n        X = made()  #?"),
        ]
    ),
    case("flag beside", in_handler("global Y\nif not Y:\n    X = made()  #?\n    Y = True", "X = None\nY = False")),
    case("name that may be missing",
         "def lambda_handler(event, context):\n    global X\n    try:\n        X\n    except NameError:\n        X = made()  #?"),
    case("globals()",
         'def lambda_handler(event, context):\n    if "X" not in globals():\n        globals()["X"] = made()  #?'),
    case("attribute of a module", """
        === state.py
        client = None
        === app.py
        import state
        def lambda_handler(event, context):
            if state.client is None:
                state.client = made()  #?
    """),
    case("attribute of the function", """
        def get():
            if not hasattr(get, "client"):
                get.client = made()  #?
            return get.client
        def lambda_handler(event, context):
            get()
    """),
    case("mutable default", """
        def get(cache={}):
            if "a" not in cache:
                cache["a"] = made()  #?
            return cache["a"]
        def lambda_handler(event, context):
            get()
    """),
    case("thread's own", """
        LOCAL = threading.local()
        def get():
            if not hasattr(LOCAL, "client"):
                LOCAL.client = made()  #?
            return LOCAL.client
        def lambda_handler(event, context):
            get()
    """),
    case("thread's own by getattr", """
        LOCAL = threading.local()
        def get():
            client = getattr(LOCAL, "client", None)
            if client is None:
                client = made()  #?
                LOCAL.client = client
            return client
        def lambda_handler(event, context):
            get()
    """),
    case("closure of a factory", """
        def factory():
            client = None
            def get():
                nonlocal client
                if client is None:
                    client = made()  #?
                return client
            return get
        get = factory()
        def lambda_handler(event, context):
            get()
    """),
]  # fmt: skip

BY_KEY = [
    case(label, in_handler(body, "X = {}"))
    for label, body in [
        ("not in", 'if "a" not in X:\n    X["a"] = made()  #?'),
        ("not … in", 'if not "a" in X:\n    X["a"] = made()  #?'),
        ("get is None", 'if X.get("a") is None:\n    X["a"] = made()  #?'),
        ("not get", 'if not X.get("a"):\n    X["a"] = made()  #?'),
        ("got before", 'x = X.get("a")\nif x is None:\n    x = made()  #?\n    X["a"] = x'),
        ("walrus", 'if (x := X.get("a")) is None:\n    x = X["a"] = made()  #?'),
        ("early return", 'if "a" in X:\n    return X["a"]\nX["a"] = made()  #?'),
        ("early return through a name", 'if "a" in X:\n    return X["a"]\nx = made()  #?\nX["a"] = x'),
        ("KeyError", 'try:\n    return X["a"]\nexcept KeyError:\n    X["a"] = made()  #?'),
        ("KeyError, then on", 'try:\n    return X["a"]\nexcept KeyError:\n    pass\nX["a"] = made()  #?'),
        ("key of the event", 'k = event["k"]\nif k not in X:\n    X[k] = made()  #?'),
        ("update", 'if "a" not in X:\n    X.update(a=made())  #? made()'),
        ("loop over keys", "for k in event:\n    if k in X:\n        continue\n    X[k] = made()  #?"),
        ("empty", "if not X:\n    X.update(made())  #? made()"),
        ("length", "if len(X) == 0:\n    X.update(made())  #? made()"),
    ]
]

ON_OBJECTS = [
    case("attribute of an object made at import", """
        class C:
            def __init__(self):
                self.x = None
            def get(self):
                if self.x is None:
                    self.x = made()  #?
                return self.x
        c = C()
        def lambda_handler(event, context):
            c.get()
    """),
    case("property of an object made at import", """
        class C:
            x = None
            @property
            def client(self):
                if not self.x:
                    self.x = made()  #?
                return self.x
        c = C()
        def lambda_handler(event, context):
            c.client.get()
    """),
    case("attribute of an object kept behind a guard", """
        class C:
            def __init__(self):
                self.x = None
            def get(self):
                if self.x is None:
                    self.x = made()  #?
                return self.x
        c = None
        def lambda_handler(event, context):
            global c
            if c is None:
                c = C()
            c.get()
    """),
    case("attribute of the class by cls", """
        class C:
            x = None
            @classmethod
            def get(cls):
                if cls.x is None:
                    cls.x = made()  #?
                return cls.x
        def lambda_handler(event, context):
            C.get()
    """),
    case("attribute of the class by its name", """
        class C:
            x = None
            def get(self):
                if C.x is None:
                    C.x = made()  #?
                return C.x
        def lambda_handler(event, context):
            C().get()
    """),
    case("attribute of the class by type", """
        class C:
            x = None
            def get(self):
                if type(self).x is None:
                    type(self).x = made()  #?
        def lambda_handler(event, context):
            C().get()
    """),
    case("attribute of the class by __class__", """
        class C:
            x = None
            def get(self):
                if not self.__class__.x:
                    self.__class__.x = made()  #?
        def lambda_handler(event, context):
            C().get()
    """),
    case("attribute of the class that may be missing", """
        class C:
            @classmethod
            def get(cls):
                if not hasattr(cls, "x"):
                    cls.x = made()  #?
                return cls.x
        def lambda_handler(event, context):
            C.get()
    """),
    case("dict of the class by self", """
        class C:
            CACHE = {}
            def get(self, k):
                if k not in self.CACHE:
                    self.CACHE[k] = made()  #?
                return self.CACHE[k]
        def lambda_handler(event, context):
            C().get("a")
    """),
    case("singleton", """
        class C:
            _instance = None
            def __new__(cls):
                if cls._instance is None:
                    cls._instance = super().__new__(cls)
                    cls._instance.client = made()  #?
                return cls._instance
        def lambda_handler(event, context):
            C()
    """),
]  # fmt: skip

EACH_TIME = [
    *(
        case(label, in_handler(body))
        for label, body in [
            ("nothing around", "X = made()  #?"),
            ("no store", "if X is None:\n    use(made())  #? made()"),
            ("store to another local name", "if X is None:\n    y = made()  #?"),
            ("returned, not stored", "if X:\n    return X\nreturn made()  #?"),
            ("or, not stored", "x = X or made()  #?"),
            ("condition of the event", 'if event["a"]:\n    X = made()  #?'),
            ("early return on the event", 'if event["a"]:\n    return\nX = made()  #?'),
            ("in front of the guard", "x = made()  #?\nif X is None:\n    X = x"),
            ("behind the guard", "if X is None:\n    X = 1\nmade()  #?"),
            ("other branch", "if X is None:\n    X = 1\nelse:\n    made()  #?"),
            ("the condition itself", "if X is None and made():  #? made()\n    X = 1"),
            ("environment", 'if os.environ["A"]:\n    X = made()  #?'),
            ("environment by get", 'if os.environ.get("A"):\n    X = made()  #?'),
            ("environment by getenv", 'if os.getenv("A") is None:\n    X = made()  #?'),
            ("environment that is set", 'if "A" not in os.environ:\n    X = made()  #?'),
            ("argument of setdefault", '{}.setdefault("a", made())  #? made()'),
            ("a parameter's default", "if context is None:\n    X = made()  #?"),
        ]
    ),
    case("setdefault of a cache", in_handler('X.setdefault("a", made())  #? made()', "X = {}")),
    case("default of get", in_handler('X["a"] = X.get("a", made())  #? made()', "X = {}")),
    case("local name without global", """
        X = None
        def lambda_handler(event, context):
            X = None
            if X is None:
                X = made()  #?
    """),
    case("local dict", """
        def lambda_handler(event, context):
            cache = {}
            if "a" not in cache:
                cache["a"] = made()  #?
    """),
    case("local dict of the module's name", """
        CACHE = {}
        def lambda_handler(event, context):
            CACHE = {}
            if "a" not in CACHE:
                CACHE["a"] = made()  #?
    """),
    case("parameter with None as default", """
        def get(client=None):
            if client is None:
                client = made()  #?
            return client
        def lambda_handler(event, context):
            get()
    """),
    case("parameter with or", """
        def get(client=None):
            client = client or made()  #?
            return client
        def lambda_handler(event, context):
            get()
    """),
    case("attribute of an object of a subclass, made per invocation", """
        class Base:
            def __init__(self):
                self.client = None
            def load(self):
                if self.client is None:
                    self.client = work()  #?
        class C(Base):
            pass
        def lambda_handler(event, context):
            C().load()
    """),
    case("attribute of an object made per invocation", """
        class C:
            def __init__(self):
                self.x = None
            def get(self):
                if self.x is None:
                    self.x = made()  #?
                return self.x
        def lambda_handler(event, context):
            C().get()
    """),
    case("attribute over the class's None", """
        class C:
            x = None
            def get(self):
                if self.x is None:
                    self.x = made()  #?
                return self.x
        def lambda_handler(event, context):
            C().get()
    """),
    case("dict of an object made per invocation", """
        class C:
            def __init__(self):
                self.cache = {}
            def get(self, k):
                if k not in self.cache:
                    self.cache[k] = made()  #?
        def lambda_handler(event, context):
            C().get("a")
    """),
    case("cached property of an object made per invocation", """
        class C:
            @functools.cached_property
            def client(self):
                return made()  #?
        def lambda_handler(event, context):
            C().client
    """),
    case("plain property", """
        class C:
            @property
            def client(self):
                return made()  #?
        c = C()
        def lambda_handler(event, context):
            c.client
    """),
    case("another's decorator called cache", """
        from elsewhere import cache
        @cache
        def get():
            return made()  #?
        def lambda_handler(event, context):
            get()
    """),
    case("object made at import and per invocation", """
        class C:
            def __init__(self):
                self.x = None
            def get(self):
                if self.x is None:
                    self.x = made()  #?
        c = C()
        def lambda_handler(event, context):
            c.get()
            C().get()
    """),
    case("match on the event", 'X = None\ndef lambda_handler(event, context):\n    global X\n    match event:\n'
         "        case 1:\n            X = made()  #?"),
    case("closure of the handler", """
        def lambda_handler(event, context):
            client = None
            def get():
                nonlocal client
                if client is None:
                    client = made()  #?
                return client
            get()
    """),
    case("a constant asked, a name stored", in_handler("if ENABLED:\n    X = made()  #?", "X = None\nENABLED = True")),
    case("early return on a constant",
         in_handler("if not ENABLED:\n    return\nX = made()  #?", "X = None\nENABLED = True")),
    case("one name asked, another one stored",
         in_handler("global Y\nif Y:\n    X = made()  #?\nY += 1", "X = None\nY = 1")),
    case("attribute of the class asked, of the object stored", """
        class C:
            x = None
            def get(self):
                if C.x is None:
                    self.x = made()  #?
        def lambda_handler(event, context):
            C().get()
    """),
    case("a parameter whose default is shared, of another name", """
        def get(key, cache={}):
            if "a" not in key:
                return made()  #?
        def lambda_handler(event, context):
            get("b")
    """),
]  # fmt: skip


@pytest.mark.parametrize("text", CACHED)
def test_caches(text: str) -> None:
    assert look(text).when == "once"


@pytest.mark.parametrize("text", GUARDED)
def test_guards_on_names(text: str) -> None:
    assert look(text).when == "once"


@pytest.mark.parametrize("text", BY_KEY)
def test_guards_on_keys(text: str) -> None:
    assert look(text).when == "once"


@pytest.mark.parametrize("text", ON_OBJECTS)
def test_guards_on_objects_and_classes(text: str) -> None:
    assert look(text).when == "once"


@pytest.mark.parametrize("text", EACH_TIME)
def test_what_runs_each_time(text: str) -> None:
    assert look(text).when not in ("once", "never")
