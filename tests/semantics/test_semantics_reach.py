"""When code runs: never per invocation, once, or on a way from a handler.

The answer is the way to the marked place, with "and 2 more" for further handlers, and
"cold: " in front where only an error path or a deployment comes there.
"""

from __future__ import annotations

import pytest
from notation import case, files_of, functions_of, look, project_of

from lambdalint.deployment import DeployedFunction

WAYS = [
    case("the handler itself", "def lambda_handler(event, context):\n    work()  #?", "lambda_handler"),
    case("function", """
        def load():
            work()  #?
        def lambda_handler(event, context):
            load()
    """, "lambda_handler → load"),
    case("function defined later", """
        def lambda_handler(event, context):
            load()
        def load():
            work()  #?
    """, "lambda_handler → load"),
    case("the shortest of several", """
        def c():
            work()  #?
        def b():
            c()
        def a():
            b()
        def lambda_handler(event, context):
            a()
            b()
    """, "lambda_handler → b → c"),
    case("three handlers", """
        def load():
            work()  #?
        def a_handler(event, context):
            load()
        def b_handler(event, context):
            load()
        def c_handler(event, context):
            load()
    """, "a_handler → load and 2 more"),
    case("handlers of several files", """
        === lib.py
        def load():
            work()  #?
        === a.py
        from lib import load
        def lambda_handler(event, context):
            load()
        === b.py
        import lib
        def lambda_handler(event, context):
            lib.load()
    """, "lambda_handler → load and 1 more"),
    case("recursion", """
        def load(n):
            work()  #?
            load(n - 1)
        def lambda_handler(event, context):
            load(3)
    """, "lambda_handler → load"),
    case("star import", "=== lib.py\ndef load():\n    work()  #?\n=== app.py\nfrom lib import *\n"
         "def lambda_handler(event, context):\n    load()", "lambda_handler → load"),
    case("re-exported by a package", """
        === p/__init__.py
        from .load import load
        === p/load.py
        def load():
            work()  #?
        === app.py
        from p import load
        def lambda_handler(event, context):
            load()
    """, "lambda_handler → load"),
    case("function kept in a name", """
        def load():
            work()  #?
        action = load
        def lambda_handler(event, context):
            action()
    """, "lambda_handler → load"),
    case("comprehension", "def lambda_handler(event, context):\n    return [work() for _ in event]  #?", "lambda_handler"),
    case("default argument of a nested function", """
        def lambda_handler(event, context):
            def inner(x=work()):  #?
                pass
    """, "lambda_handler"),
    case("default argument of a lambda", "def lambda_handler(event, context):\n    f = lambda x=work(): x  #?",
         "lambda_handler"),
    case("class body in a function", """
        def lambda_handler(event, context):
            class C:
                x = work()  #?
    """, "lambda_handler"),
    case("async", """
        async def load():
            work()  #?
        async def main():
            await load()
        def lambda_handler(event, context):
            asyncio.run(main())
    """, "lambda_handler → main → load"),
    case("gathered", """
        async def load(k):
            work()  #?
        async def main(event):
            await asyncio.gather(*[load(k) for k in event])
        def lambda_handler(event, context):
            asyncio.get_event_loop().run_until_complete(main(event))
    """, "lambda_handler → main → load"),
]  # fmt: skip

OBJECTS = [
    case("method", """
        class C:
            def load(self):
                work()  #?
        def lambda_handler(event, context):
            C().load()
    """, "lambda_handler → C.load"),
    case("method by self", """
        class C:
            def load(self):
                work()  #?
            def run(self):
                self.load()
        c = C()
        def lambda_handler(event, context):
            c.run()
    """, "lambda_handler → C.run → C.load"),
    case("inherited method", """
        class A:
            def load(self):
                work()  #?
        class B(A):
            pass
        def lambda_handler(event, context):
            B().load()
    """, "lambda_handler → A.load"),
    case("method that was overridden", """
        class A:
            def load(self):
                work()  #?
        class B(A):
            def load(self):
                pass
        def lambda_handler(event, context):
            B().load()
    """, "never"),
    case("super's method", """
        class A:
            def load(self):
                work()  #?
        class B(A):
            def load(self):
                super().load()
        def lambda_handler(event, context):
            B().load()
    """, "lambda_handler → B.load → A.load"),
    case("method that a subclass gives", """
        class A:
            def run(self):
                self.load()
            def load(self):
                raise NotImplementedError
        class B(A):
            def load(self):
                work()  #?
        def lambda_handler(event, context):
            B().run()
    """, "lambda_handler → A.run → B.load"),
    case("method that another subclass gives", """
        class A:
            def run(self):
                self.load()
        class B(A):
            def load(self):
                pass
        class C(A):
            def load(self):
                work()  #?
        c = C()
        def lambda_handler(event, context):
            B().run()
    """, "never"),
    case("method of the base that a subclass hides", """
        class A:
            def run(self):
                self.load()
            def load(self):
                work()  #?
        class B(A):
            def load(self):
                pass
        def lambda_handler(event, context):
            B().run()
    """, "never"),
    case("deep template", """
        class A:
            def __call__(self, event, context):
                self.one()
            def one(self):
                self.two()
            def two(self):
                self.three()
            def three(self):
                self.four()
            def four(self):
                self.five()
        class B(A):
            def five(self):
                work()  #?
        b = B()
        def lambda_handler(event, context):
            b(event, context)
    """, "lambda_handler → A.__call__ → A.one → A.two → A.three → A.four → B.five"),
    case("method that a subclass gives, by super", """
        class A:
            def run(self):
                self.load()
        class B(A):
            def run(self):
                super().run()
            def load(self):
                work()  #?
        def lambda_handler(event, context):
            B().run()
    """, "lambda_handler → B.run → A.run → B.load"),
    case("class method that a subclass gives", """
        class A:
            @classmethod
            def run(cls):
                cls.load()
        class B(A):
            @classmethod
            def load(cls):
                work()  #?
        def lambda_handler(event, context):
            B.run()
    """, "lambda_handler → A.run → B.load"),
    case("property that a subclass gives", """
        class A:
            def run(self):
                return self.table
        class B(A):
            @property
            def table(self):
                return work()  #?
        def lambda_handler(event, context):
            B().run()
    """, "lambda_handler → A.run → B.table"),
    case("method handed over by a base", """
        class A:
            def run(self, xs):
                list(map(self.load, xs))
        class B(A):
            def load(self, x):
                work()  #?
        def lambda_handler(event, context):
            B().run([])
    """, "lambda_handler → A.run → B.load"),
    case("constructor", """
        class C:
            def __init__(self):
                work()  #?
        def lambda_handler(event, context):
            C()
    """, "lambda_handler → C"),
    case("inherited constructor", """
        class A:
            def __init__(self):
                work()  #?
        class B(A):
            pass
        def lambda_handler(event, context):
            B()
    """, "lambda_handler → A"),
    case("constructor of an object made at import", """
        class C:
            def __init__(self):
                work()  #?
            def load(self):
                pass
        c = C()
        def lambda_handler(event, context):
            c.load()
    """, "never"),
    case("dataclass's own initialisation", """
        class C:
            def __post_init__(self):
                work()  #?
        def lambda_handler(event, context):
            C()
    """, "lambda_handler → C"),
    case("property", """
        class C:
            @property
            def table(self):
                return work()  #?
        def lambda_handler(event, context):
            C().table
    """, "lambda_handler → C.table"),
    case("property that is only passed through", """
        class C:
            @property
            def table(self):
                return work()  #?
        c = C()
        def lambda_handler(event, context):
            c.table.get_item()
    """, "lambda_handler → C.table"),
    case("property nobody asks for", """
        class C:
            @property
            def table(self):
                return work()  #?
        def lambda_handler(event, context):
            C().other
    """, "never"),
    case("called instance", """
        class C:
            def __call__(self):
                work()  #?
        c = C()
        def lambda_handler(event, context):
            c()
    """, "lambda_handler → C.__call__"),
    case("static method", """
        class C:
            @staticmethod
            def load():
                work()  #?
        def lambda_handler(event, context):
            C.load()
    """, "lambda_handler → C.load"),
    case("context manager's enter", """
        class C:
            def __enter__(self):
                work()  #?
            def __exit__(self, *args):
                pass
        def lambda_handler(event, context):
            with C():
                pass
    """, "lambda_handler → C.__enter__"),
    case("context manager's exit", """
        class C:
            def __enter__(self):
                return self
            def __exit__(self, *args):
                work()  #?
        c = C()
        def lambda_handler(event, context):
            with c as inner:
                pass
    """, "lambda_handler → C.__exit__"),
    case("generator as context manager", """
        @contextlib.contextmanager
        def opened():
            yield work()  #?
        def lambda_handler(event, context):
            with opened():
                pass
    """, "lambda_handler → opened"),
    case("method of an unknown object", """
        class C:
            def load(self):
                work()  #?
        def lambda_handler(event, context):
            event["c"].load()
    """, "never"),
]  # fmt: skip

# load is handed over or wrapped in some way by the handler.
HANDED = [
    case("lambda", "def lambda_handler(event, context):\n    f = lambda: work()  #?\n    f()", "lambda_handler → lambda"),
    case("lambda that nobody calls", "def lambda_handler(event, context):\n    f = lambda: work()  #?", "never"),
    case("nested function", """
        def lambda_handler(event, context):
            def inner():
                work()  #?
            inner()
    """, "lambda_handler → inner"),
    case("nested function that nobody calls", """
        def lambda_handler(event, context):
            def inner():
                work()  #?
    """, "never"),
    *(
        case(label, f"""
            def load(x):
                work()  #?
            def lambda_handler(event, context):
                {code}
        """, "lambda_handler → load")
        for label, code in {
            "submitted": "concurrent.futures.ThreadPoolExecutor().submit(load, 1)",
            "mapped by an executor": "list(concurrent.futures.ThreadPoolExecutor().map(load, event))",
            "mapped": "list(map(load, event))",
            "sort key": "sorted(event, key=load)",
            "thread": "threading.Thread(target=load, args=(1,)).start()",
            "partial": "functools.partial(load, 1)()",
            "outside decorator applied by hand": "other.retry(load)(1)",
        }.items()
    ),
    case("bound method submitted", """
        class C:
            def load(self, x):
                work()  #?
        c = C()
        def lambda_handler(event, context):
            concurrent.futures.ThreadPoolExecutor().submit(c.load, 1)
    """, "lambda_handler → C.load"),
    case("lambda mapped", "def lambda_handler(event, context):\n    list(map(lambda x: work(), event))  #? work()",
         "lambda_handler → lambda"),
    case("handed to a function of the project", """
        def load():
            work()  #?
        def retry(action):
            action()
        def lambda_handler(event, context):
            retry(load)
    """, "lambda_handler → retry → load"),
    case("handed to a function that leaves it alone", """
        def load():
            work()  #?
        def describe(action):
            return 1
        def lambda_handler(event, context):
            describe(load)
    """, "never"),
    case("kept on an object", """
        def load():
            work()  #?
        class C:
            def __init__(self, action):
                self.action = action
            def run(self):
                self.action()
        def lambda_handler(event, context):
            C(load).run()
    """, "lambda_handler → C.run → load"),
    case("dispatch by a dict", """
        def load():
            work()  #?
        ROUTES = {"a": load}
        def lambda_handler(event, context):
            ROUTES[event["a"]]()
    """, "lambda_handler → load"),
    case("dispatch by a dict's get", """
        def load():
            work()  #?
        ROUTES = {"a": load}
        def lambda_handler(event, context):
            ROUTES.get(event["a"])()
    """, "lambda_handler → load"),
    case("dispatch by get with a default", """
        def load():
            work()  #?
        ROUTES = {}
        def lambda_handler(event, context):
            ROUTES.get(event["a"], load)()
    """, "lambda_handler → load"),
    case("dispatch to another entry", """
        def load():
            work()  #?
        ROUTES = {"a": load, "b": print}
        def lambda_handler(event, context):
            ROUTES["b"]()
    """, "never"),
    case("loop over functions", """
        def load():
            work()  #?
        def lambda_handler(event, context):
            for step in (load, print):
                step()
    """, "lambda_handler → load"),
    case("decorator of the project around the handler", """
        def deco(f):
            def wrapper(event, context):
                work()  #?
                return f(event, context)
            return wrapper
        @deco
        def lambda_handler(event, context):
            pass
    """, "lambda_handler → wrapper"),
    case("the decorator's own code", """
        def deco(f):
            work()  #?
            def wrapper(event, context):
                return f(event, context)
            return wrapper
        @deco
        def lambda_handler(event, context):
            pass
    """, "never"),
    case("decorator with arguments", """
        def deco(name):
            def outer(f):
                @functools.wraps(f)
                def wrapper(*args):
                    work()  #?
                    return f(*args)
                return wrapper
            return outer
        @deco("a")
        def lambda_handler(event, context):
            pass
    """, "lambda_handler → wrapper"),
    case("decorator around a function", """
        def deco(f):
            def wrapper():
                work()  #?
                return f()
            return wrapper
        @deco
        def load():
            pass
        def lambda_handler(event, context):
            load()
    """, "lambda_handler → load → wrapper"),
    case("decorator that is a class", """
        class Deco:
            def __init__(self, f):
                self.f = f
            def __call__(self, event, context):
                work()  #?
                return self.f(event, context)
        @Deco
        def lambda_handler(event, context):
            pass
    """, "lambda_handler → Deco.__call__"),
    case("decorator that is an object", """
        class Deco:
            def __init__(self, name):
                self.name = name
            def __call__(self, f):
                def wrapper(event, context):
                    work()  #?
                    return f(event, context)
                return wrapper
        @Deco("a")
        def lambda_handler(event, context):
            pass
    """, "lambda_handler → wrapper"),
    case("decorator that may stand without arguments", """
        def deco(f=None, *, name=""):
            def outer(g):
                def wrapper(event, context):
                    work()  #?
                    return g(event, context)
                return wrapper
            return outer if f is None else outer(f)
        @deco
        def lambda_handler(event, context):
            pass
    """, "lambda_handler → wrapper"),
    case("a wrapper leads to no other function it was put around", """
        def deco(f):
            def wrapper(*args):
                return f(*args)
            return wrapper
        @deco
        def other():
            work()  #?
        @deco
        def lambda_handler(event, context):
            pass
    """, "never"),
    case("an object put around one function leads to no other", """
        class Deco:
            def __init__(self, f):
                self.f = f
            def __call__(self, *args):
                return self.f(*args)
        @Deco
        def other():
            work()  #?
        @Deco
        def lambda_handler(event, context):
            pass
    """, "never"),
    case("Powertools middleware", """
        from aws_lambda_powertools.middleware_factory import lambda_handler_decorator
        @lambda_handler_decorator
        def around(handler, event, context):
            work()  #?
            return handler(event, context)
        @around
        def lambda_handler(event, context):
            pass
    """, "lambda_handler → around"),
    case("Powertools middleware leads to no other function it was put around", """
        from aws_lambda_powertools.middleware_factory import lambda_handler_decorator
        @lambda_handler_decorator
        def around(handler, event, context):
            return handler(event, context)
        @around
        def other(event, context):
            work()  #?
        def load():
            pass
        @around
        def lambda_handler(event, context):
            load()
    """, "other"),
    case("factory in a base class", """
        class Base:
            @classmethod
            def make(cls):
                def inner(event, context):
                    return cls().run(event)
                return inner
        class C(Base):
            def run(self, event):
                work()  #?
        lambda_handler = C.make()
    """, "inner → C.run"),
    case("executor in a dict of futures", """
        def load(x):
            work()  #?
        def lambda_handler(event, context):
            with concurrent.futures.ThreadPoolExecutor() as pool:
                futures = {pool.submit(load, x): x for x in event}
    """, "lambda_handler → load"),
    case("task", """
        async def load():
            work()  #?
        async def main():
            async with asyncio.TaskGroup() as group:
                group.create_task(load())
        def lambda_handler(event, context):
            asyncio.run(main())
    """, "lambda_handler → main → load"),
    case("outside decorator that retries", """
        import tenacity
        @tenacity.retry(stop=tenacity.stop_after_attempt(3))
        def load():
            work()  #?
        def lambda_handler(event, context):
            load()
    """, "lambda_handler → load"),
    case("function that processes a batch's records", """
        from aws_lambda_powertools.utilities.batch import batch_processor
        def load(record):
            work()  #?
        @batch_processor(record_handler=load, processor=processor)
        def lambda_handler(event, context):
            pass
    """, "lambda_handler → load"),
]  # fmt: skip

NEVER = [
    case("dead function", "def load():\n    work()  #?\ndef lambda_handler(event, context):\n    pass"),
    case("function that only dead ones call",
         "def load():\n    work()  #?\ndef dead():\n    load()\ndef lambda_handler(event, context):\n    pass"),
    case("at import", "x = work()  #?\ndef lambda_handler(event, context):\n    pass"),
    case("class body", "class C:\n    x = work()  #?\ndef lambda_handler(event, context):\n    C.x"),
    case("default argument", "def load(x=work()):  #?\n    pass\ndef lambda_handler(event, context):\n    load()"),
    case("decorator's argument", "@deco(work())  #? work()\ndef lambda_handler(event, context):\n    pass"),
    case("called at import only", "def load():\n    work()  #?\nx = load()\ndef lambda_handler(event, context):\n    return x"),
    case("called by an import of the path", """
        === lib.py
        def load():
            work()  #?
        x = load()
        === app.py
        import lib
        def lambda_handler(event, context):
            return lib.x
    """),
    case("local run", """
        def load():
            work()  #?
        def lambda_handler(event, context):
            pass
        if __name__ == "__main__":
            load()
    """),
    case("a server's start", """
        from fastapi import FastAPI
        from mangum import Mangum
        app = FastAPI()
        @app.on_event("startup")
        def start():
            work()  #?
        @app.get("/")
        def index(): pass
        handler = Mangum(app)
    """),
    case("a server's handler of errors", """
        from flask import Flask
        import awsgi
        app = Flask(__name__)
        @app.errorhandler(500)
        def failed(error):
            work()  #?
        def lambda_handler(event, context):
            return awsgi.response(app, event, context)
    """),
    case("function that runs when the process ends",
         "import atexit\ndef load():\n    work()  #?\ndef lambda_handler(event, context):\n    atexit.register(load)"),
    case("function that a wrapper is named after",
         "def load():\n    work()  #?\ndef lambda_handler(event, context):\n    @functools.wraps(load)\n    def inner(): pass\n    inner()"),
    case("no handler at all", "def load():\n    work()  #?\nload()"),
    case("behind a once-guard", """
        def make():
            return work()  #?
        C = None
        def lambda_handler(event, context):
            global C
            if C is None:
                C = make()
    """),
    case("behind a cache", """
        def make():
            return work()  #?
        @functools.lru_cache
        def get():
            return make()
        def lambda_handler(event, context):
            get()
    """),
    case("function of the same name elsewhere", """
        === other.py
        def load():
            work()  #?
        === app.py
        def load():
            pass
        def lambda_handler(event, context):
            load()
    """),
    case("name that hides the function", """
        def load():
            work()  #?
        def lambda_handler(event, context):
            load = event["load"]
            load()
    """),
]  # fmt: skip

# Marked code on a path that isn't the usual one, or just looks so.
COLD = [
    case("assertion's message", 'def lambda_handler(event, context):\n    assert event, work()  #? work()', "lambda_handler"),
    case("except body", "def lambda_handler(event, context):\n    try:\n        pass\n    except ValueError:\n        work()  #?",
         "cold: lambda_handler"),
    case("function of an except body", """
        def report():
            work()  #?
        def lambda_handler(event, context):
            try:
                pass
            except ValueError:
                report()
    """, "cold: lambda_handler → report"),
    case("function of both paths", """
        def report():
            work()  #?
        def lambda_handler(event, context):
            try:
                report()
            except ValueError:
                report()
    """, "lambda_handler → report"),
    case("branch that raises", "def lambda_handler(event, context):\n    if event:\n        work()  #?\n        raise ValueError",
         "cold: lambda_handler"),
    case("loop in a branch that raises", """
        def lambda_handler(event, context):
            if event:
                for _ in event:
                    work()  #?
                raise ValueError
    """, "cold: lambda_handler"),
    case("else branch that raises",
         "def lambda_handler(event, context):\n    if event:\n        pass\n    else:\n        work()  #?\n        raise ValueError",
         "cold: lambda_handler"),
    case("branch beside one that raises",
         "def lambda_handler(event, context):\n    if event:\n        raise ValueError\n    else:\n        work()  #?",
         "lambda_handler"),
    case("condition of a branch that raises", "def lambda_handler(event, context):\n    if work():  #?\n        raise ValueError",
         "lambda_handler"),
    case("case that raises", """
        def lambda_handler(event, context):
            match event:
                case 1:
                    work()  #?
                    raise ValueError
    """, "cold: lambda_handler"),
    case("what is raised", "def lambda_handler(event, context):\n    raise ValueError(work())  #? work()", "cold: lambda_handler"),
    case("try body", "def lambda_handler(event, context):\n    try:\n        work()  #?\n    except ValueError:\n        raise",
         "lambda_handler"),
    case("else of a try",
         "def lambda_handler(event, context):\n    try:\n        pass\n    except ValueError:\n        pass\n    else:\n        work()  #?",
         "lambda_handler"),
    case("finally", "def lambda_handler(event, context):\n    try:\n        pass\n    finally:\n        work()  #?", "lambda_handler"),
    case("branch that returns", "def lambda_handler(event, context):\n    if event:\n        work()  #?\n        return", "lambda_handler"),
    case("nested function in a branch that raises", """
        def lambda_handler(event, context):
            if event:
                def inner():
                    work()  #?
                inner()
                raise ValueError
    """, "cold: lambda_handler → inner"),
    case("custom resource", 'def lambda_handler(event, context):\n    if event["RequestType"] == "Create":\n        work()  #?',
         "cold: lambda_handler"),
    case("custom resource that answers itself", """
        def send(event):
            requests.put(event["ResponseURL"])
        def lambda_handler(event, context):
            work()  #?
            send(event)
    """, "cold: lambda_handler"),
    case("custom resource by crhelper", """
        from crhelper import CfnResource
        helper = CfnResource()
        def lambda_handler(event, context):
            work()  #?
            helper(event, context)
    """, "cold: lambda_handler"),
    case("CDK provider's two handlers", """
        def on_create():
            work()  #?
        def on_event_handler(event, context):
            if event["RequestType"] == "Create":
                on_create()
        def is_complete_handler(event, context):
            return {"IsComplete": event["RequestType"] == "Delete"}
    """, "cold: on_event_handler → on_create"),
    case("a secret's rotation", """
        def lambda_handler(event, context):
            step = event["Step"]
            token = event["ClientRequestToken"]
            work()  #?
    """, "cold: lambda_handler"),
    case("a workflow's step is no rotation", 'def lambda_handler(event, context):\n    step = event["Step"]\n    work()  #?',
         "lambda_handler"),
    case("helper of a deployment and of an invocation", """
        === lib.py
        def load():
            work()  #?
        === deploy.py
        from lib import load
        def lambda_handler(event, context):
            if event["RequestType"] == "Create":
                load()
        === api.py
        from lib import load
        def lambda_handler(event, context):
            load()
    """, "lambda_handler → load"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WAYS)
def test_the_way_there(text: str, expected: str) -> None:
    assert look(text).when == expected


@pytest.mark.parametrize(("text", "expected"), OBJECTS)
def test_the_way_into_objects(text: str, expected: str) -> None:
    assert look(text).when == expected


@pytest.mark.parametrize(("text", "expected"), HANDED)
def test_the_way_by_functions_as_values(text: str, expected: str) -> None:
    assert look(text).when == expected


@pytest.mark.parametrize("text", NEVER)
def test_what_no_invocation_reaches(text: str) -> None:
    assert look(text).when == "never"


@pytest.mark.parametrize(("text", "expected"), COLD)
def test_error_paths_and_deployments(text: str, expected: str) -> None:
    assert look(text).when == expected


def test_a_handler_that_is_made_by_a_wrapper() -> None:
    deployed = DeployedFunction("template.yaml", 1, "F", "app.handler", ("",))
    text = """
        def wrap(f):
            def wrapper(event, context):
                return f(event, context)
            return wrapper
        def _handle(event, context):
            work()  #?
        handler = wrap(_handle)
    """
    assert look(text, [deployed]).when == "wrapper → _handle"


def test_memory_is_the_smallest_of_those_that_reach_a_place() -> None:
    deployed = [
        DeployedFunction("template.yaml", 1, "A", "a.lambda_handler", ("",), memory=512),
        DeployedFunction("template.yaml", 9, "B", "b.lambda_handler", ("",), memory=256),
        DeployedFunction("template.yaml", 19, "C", "c.lambda_handler", ("",), memory=128),
    ]
    place = look(
        """
        === lib.py
        def load():
            work()  #?
        === a.py
        from lib import load
        def lambda_handler(event, context):
            load()
        === b.py
        from lib import load
        def lambda_handler(event, context):
            load()
        === c.py
        def lambda_handler(event, context):
            pass
        """,
        deployed,
    )
    assert place.model.memory(place.node) == 256
    assert place.model.memory_of_module() == 256


def test_every_reached_function_has_a_way_that_begins_at_a_handler() -> None:
    project = project_of(
        files_of("""
            def a(): b()
            def b(): a(); c()
            def c(): pass
            def dead(): c()
            def x_handler(event, context): a()
            def y_handler(event, context): c()
        """)
    )
    functions = functions_of(project)
    ways = {function.name: way for function, way in project.reach.ways.items()}
    assert ways["c"] == ("y_handler", "c")
    assert {way[0] for way in ways.values()} == {"x_handler", "y_handler"}
    assert {len(project.reach.reached_by[functions[name]]) for name in ("a", "b")} == {1}
    assert "dead" not in ways


BASE = """
import boto3
class Base:
    def main(self):
        return self.work()
    def work(self):
        raise NotImplementedError
class A(Base):
    def work(self):
        return boto3.client("s3")
class B(Base):
    def work(self):
        return self.other()
    def other(self):
        return 2
def a_handler(event, context):
    return A().main()
def b_handler(event, context):
    return B().main()
"""


def test_what_a_base_class_calls_on_itself_is_the_method_of_the_class_that_was_made() -> None:
    project = project_of(files_of(BASE))
    reached = {f.qualname: {project.handlers[i].name for i in by} for f, by in project.reach.reached_by.items()}
    assert reached["A.work"] == {"a_handler"}
    assert reached["B.work"] == reached["B.other"] == {"b_handler"}
    assert reached["Base.main"] == {"a_handler", "b_handler"}


def test_calls_of_other_objects_of_the_same_class_are_followed_for_each_class() -> None:
    text = BASE.replace("return A().main()", "return A().main(), [x.main() for x in (A(), B())]")
    reached = project_of(files_of(text)).reach.reached_by
    assert {f.qualname: len(by) for f, by in reached.items()}["B.work"] == 2
