"""Caches and single instances that a project writes itself, and those that can't help the next invocation.

`made()` is the marked call throughout.
"""

from __future__ import annotations

import pytest
from notation import case, look

HANDLER = """
def lambda_handler(event, context):
    return get()
"""


def decorated(decorator: str, how: str = "@memo") -> str:
    """A project's decorator, and a function under it that the handler calls."""
    return f"{decorator}\n{how}\ndef get():\n    return made()  #?\n{HANDLER}"


MEMOISING = [
    case(label, decorated(*parts))
    for label, *parts in [
        ("dict in a closure", """
def memo(fn):
    cache = {}
    def wrapper(*args):
        if args not in cache:
            cache[args] = fn(*args)
        return cache[args]
    return wrapper
"""),
        ("what a missing key raises", """
def memo(fn):
    cache = {}
    def wrapper(*args):
        try:
            return cache[args]
        except KeyError:
            cache[args] = fn(*args)
            return cache[args]
    return wrapper
"""),
        ("nonlocal flag", """
def memo(fn):
    done, result = False, None
    def wrapper():
        nonlocal done, result
        if not done:
            result = fn()
            done = True
        return result
    return wrapper
"""),
        ("attribute of the wrapper", """
def memo(fn):
    def wrapper():
        if not hasattr(wrapper, "result"):
            wrapper.result = fn()
        return wrapper.result
    return wrapper
"""),
        ("wrapped and with a key as text", """
def memo(fn):
    cache = {}
    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        key = str(args) + str(kwargs)
        if key in cache:
            return cache[key]
        result = fn(*args, **kwargs)
        cache[key] = result
        return result
    return wrapper
"""),
        ("time to live", """
def memo(seconds):
    def decorator(fn):
        cache = {}
        def wrapper(*args):
            now = time.time()
            if args in cache:
                value, stamp = cache[args]
                if now - stamp < seconds:
                    return value
            value = fn(*args)
            cache[args] = (value, now)
            return value
        return wrapper
    return decorator
""", "@memo(300)"),
        ("module's dict", """
CACHE = {}
def memo(fn):
    def wrapper():
        if fn.__name__ not in CACHE:
            CACHE[fn.__name__] = fn()
        return CACHE[fn.__name__]
    return wrapper
"""),
        ("class", """
class memo:
    def __init__(self, fn):
        self.fn = fn
        self.cache = {}
    def __call__(self, *args):
        if args not in self.cache:
            self.cache[args] = self.fn(*args)
        return self.cache[args]
"""),
        ("from the table", "import memoization", "@memoization.cached"),
        ("alru_cache", "import async_lru", "@async_lru.alru_cache(maxsize=1)"),
        ("aiocache", "from aiocache import cached", "@cached(ttl=60)"),
        ("joblib in /tmp", 'from joblib import Memory\nmemory = Memory("/tmp")', "@memory.cache"),
        ("diskcache in /tmp", 'import diskcache\nstore = diskcache.Cache("/tmp/c")', "@store.memoize(expire=60)"),
        ("Beaker", "from beaker.cache import CacheManager\nmanager = CacheManager()", '@manager.cache("get")'),
    ]
]  # fmt: skip

NOT_MEMOISING = [
    case(label, decorated(*parts))
    for label, *parts in [
        ("calls it each time", """
def memo(fn):
    def wrapper(*args):
        return fn(*args)
    return wrapper
"""),
        ("asks a cache that is never filled", """
def memo(fn):
    cache = {}
    def wrapper(*args):
        if args in cache:
            return cache[args]
        return fn(*args)
    return wrapper
"""),
        ("makes its cache on each call", """
def memo(fn):
    def wrapper(*args):
        cache = {}
        if args not in cache:
            cache[args] = fn(*args)
        return cache[args]
    return wrapper
"""),
        ("counts the calls", """
def memo(fn):
    calls = {}
    def wrapper(*args):
        if args not in calls:
            calls[args] = 0
        calls[args] += 1
        return fn(*args)
    return wrapper
"""),
        ("tries again", """
def memo(fn):
    def wrapper(*args):
        for _ in range(3):
            try:
                return fn(*args)
            except ValueError:
                pass
    return wrapper
"""),
        ("instance without a guard", """
class memo:
    def __init__(self, fn):
        self.fn = fn
    def __call__(self, *args):
        return self.fn(*args)
"""),
        ("of a name that sounds like a cache", "from elsewhere import memoize", "@memoize"),
    ]
]  # fmt: skip


def single(made: str, uses: str = "C()") -> str:
    """A class whose text is `made`, and a handler that uses it."""
    return f"{made}\ndef lambda_handler(event, context):\n    {uses}\n"


SINGLE = [
    case(label, single(text))
    for label, text in [
        ("metaclass", """
class Single(type):
    _instances = {}
    def __call__(cls, *args, **kwargs):
        if cls not in cls._instances:
            cls._instances[cls] = super().__call__(*args, **kwargs)
        return cls._instances[cls]
class C(metaclass=Single):
    def __init__(self):
        self.client = made()  #?
"""),
        ("metaclass, early return, with a lock", """
class Single(type):
    _instances = {}
    _lock = threading.Lock()
    def __call__(cls, *args, **kwargs):
        with cls._lock:
            if cls in cls._instances:
                return cls._instances[cls]
            instance = super(Single, cls).__call__(*args, **kwargs)
            cls._instances[cls] = instance
            return instance
class C(metaclass=Single):
    def __init__(self):
        self.client = made()  #?
"""),
        ("metaclass of the base", """
class Single(type):
    _instances = {}
    def __call__(cls):
        if cls not in Single._instances:
            Single._instances[cls] = type.__call__(cls)
        return Single._instances[cls]
class Base(metaclass=Single):
    pass
class C(Base):
    def __init__(self):
        self.client = made()  #?
"""),
        ("class decorator", """
def single(cls):
    instances = {}
    def get(*args):
        if cls not in instances:
            instances[cls] = cls(*args)
        return instances[cls]
    return get
@single
class C:
    def __init__(self):
        self.client = made()  #?
"""),
        ("class under lru_cache", """
@functools.lru_cache(maxsize=None)
class C:
    def __init__(self):
        self.client = made()  #?
"""),
        ("__new__", """
class C:
    _instance = None
    def __new__(cls):
        if cls._instance is None:
            cls._instance = object.__new__(cls)
            cls._instance.client = made()  #?
        return cls._instance
"""),
        ("__new__ that calls a method", """
class C:
    _instance = None
    def __new__(cls):
        if not cls._instance:
            cls._instance = super().__new__(cls)
            cls._instance._setup()
        return cls._instance
    def _setup(self):
        self.client = made()
def lambda_handler(event, context):
    X().get()
class X:
    instance = None
    def get(self):
        if X.instance is None:
            X.instance = made()  #?
"""),
        ("__init__ with its own flag", """
class C:
    _instance = None
    def __new__(cls):
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance
    def __init__(self):
        if getattr(self, "_ready", False):
            return
        self.client = made()  #?
        self._ready = True
"""),
        ("__init__ with a flag of the class", """
class C:
    _instance = None
    _ready = False
    def __new__(cls):
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance
    def __init__(self):
        if not C._ready:
            self.client = made()  #?
            C._ready = True
"""),
        ("shared __dict__", """
class C:
    _shared = {}
    def __init__(self):
        self.__dict__ = self._shared
        if not hasattr(self, "client"):
            self.client = made()  #?
"""),
        ("asked in the shared dict", """
class C:
    _shared = {}
    def __init__(self):
        self.__dict__ = self._shared
        if "client" not in self._shared:
            self._shared["client"] = made()  #?
"""),
    ]
]  # fmt: skip

EACH_TIME = [
    case("__init__ of a __new__ singleton", single("""
class C:
    _instance = None
    def __new__(cls):
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance
    def __init__(self):
        self.client = made()  #?
""")),
    case("flag of an object that __new__ makes each time", single("""
class C:
    def __new__(cls):
        return super().__new__(cls)
    def __init__(self):
        if not hasattr(self, "client"):
            self.client = made()  #?
""")),
    case("metaclass that counts", single("""
class Counting(type):
    def __call__(cls, *args):
        print(cls)
        return super().__call__(*args)
class C(metaclass=Counting):
    def __init__(self):
        self.client = made()  #?
""")),
    case("class decorator that registers", single("""
CLASSES = []
def register(cls):
    CLASSES.append(cls)
    return cls
@register
class C:
    def __init__(self):
        self.client = made()  #?
""")),
    case("own dict instead of the shared one", single("""
class C:
    def __init__(self):
        self.__dict__ = {}
        if not hasattr(self, "client"):
            self.client = made()  #?
""")),
    case("guard in a base class whose subclass is made per invocation", single("""
class Base:
    x = None
    def get(self):
        if self.x is None:
            self.x = made()  #?
        return self.x
class C(Base):
    pass
""", "C().get()")),
    case("nested lru_cache", """
        def lambda_handler(event, context):
            @functools.lru_cache(maxsize=None)
            def get():
                return made()  #?
            return get()
    """),
    case("lru_cache in a factory that the handler calls", """
        def factory():
            @functools.lru_cache(maxsize=None)
            def get():
                return made()  #?
            return get
        def lambda_handler(event, context):
            return factory()()
    """),
    case("project's memo on a nested function", """
        def memo(fn):
            cache = {}
            def wrapper(*args):
                if args not in cache:
                    cache[args] = fn(*args)
                return cache[args]
            return wrapper
        def lambda_handler(event, context):
            @memo
            def get():
                return made()  #?
            return get()
    """),
    case("nested function with a new cache", """
        def lambda_handler(event, context):
            @cachetools.cached(cachetools.TTLCache(1, 60))
            def get():
                return made()  #?
            return get()
    """),
    case("cached method of an object made per invocation", """
        class C:
            @functools.lru_cache(maxsize=None)
            def get(self):
                return made()  #?
        def lambda_handler(event, context):
            return C().get()
    """),
    case("cachedmethod of an object made per invocation", """
        import operator
        class C:
            def __init__(self):
                self.cache = {}
            @cachetools.cachedmethod(operator.attrgetter("cache"))
            def get(self):
                return made()  #?
        def lambda_handler(event, context):
            return C().get()
    """),
    case("keyed by the event as a text", """
        @functools.lru_cache(maxsize=None)
        def get(text):
            return made()  #?
        def lambda_handler(event, context):
            return get(json.dumps(event))
    """),
    case("keyed by the context", """
        @functools.lru_cache(maxsize=None)
        def get(context):
            return made()  #?
        def lambda_handler(event, context):
            return get(context)
    """),
    case("keyed by the event through another function", """
        @functools.lru_cache(maxsize=None)
        def get(text):
            return made()  #?
        def load(event):
            items = tuple(sorted(event.items()))
            return get(items)
        def lambda_handler(event, context):
            return load(event)
    """),
]  # fmt: skip

SURVIVING = [
    case("nested function with the module's cache", """
        CACHE = cachetools.TTLCache(1, 60)
        def lambda_handler(event, context):
            @cachetools.cached(CACHE)
            def get():
                return made()  #?
            return get()
    """),
    case("lru_cache in a factory that runs at import", """
        def factory():
            @functools.lru_cache(maxsize=None)
            def get():
                return made()  #?
            return get
        get = factory()
        def lambda_handler(event, context):
            return get()
    """),
    case("lru_cache in a cached factory", """
        @functools.lru_cache(maxsize=None)
        def factory():
            @functools.lru_cache(maxsize=None)
            def get():
                return made()  #?
            return get
        def lambda_handler(event, context):
            return factory()()
    """),
    case("cached method of objects that are equal by value", """
        from dataclasses import dataclass
        @dataclass(frozen=True)
        class C:
            region: str
            @functools.lru_cache(maxsize=None)
            def get(self):
                return made()  #?
        def lambda_handler(event, context):
            return C("eu-west-1").get()
    """),
    case("cached method whose key leaves the object out", """
        import cachetools
        from cachetools.keys import methodkey
        class C:
            @cachetools.cached(cachetools.LRUCache(10), key=methodkey)
            def get(self):
                return made()  #?
        def lambda_handler(event, context):
            return C().get()
    """),
    case("cached class method", """
        class C:
            @classmethod
            @functools.lru_cache(maxsize=None)
            def get(cls):
                return made()  #?
        def lambda_handler(event, context):
            return C.get()
    """),
    case("keyed by a part of the event", """
        @functools.lru_cache(maxsize=None)
        def get(tenant):
            return made()  #?
        def lambda_handler(event, context):
            return get(event["tenant"])
    """),
    case("keyed by a part of the event as a text", """
        @functools.lru_cache(maxsize=None)
        def get(text):
            return made()  #?
        def lambda_handler(event, context):
            return get(json.dumps(event["tenant"]))
    """),
]  # fmt: skip


@pytest.mark.parametrize("text", [*MEMOISING, *SINGLE, *SURVIVING])
def test_what_runs_once(text: str) -> None:
    assert look(text).when in ("once", "never")


@pytest.mark.parametrize("text", [*NOT_MEMOISING, *EACH_TIME])
def test_what_runs_each_time(text: str) -> None:
    assert look(text).when not in ("once", "never")


@pytest.mark.parametrize("text", MEMOISING)
def test_a_cached_function_is_on_the_path(text: str) -> None:
    assert look(text).when == "once"
