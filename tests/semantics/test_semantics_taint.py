"""What may depend on the event, and what changes from turn to turn of a loop.

A wrong "nothing" is the dear mistake: something of one event would be called the same
for every invocation.
"""

from __future__ import annotations

import pytest
from notation import case, look, project_of


def in_handler(*lines: str) -> str:
    return "def lambda_handler(event, context):\n" + "\n".join("    " + line for line in lines)


WITHIN = [
    case(label, in_handler(*lines))
    for label, *lines in [
        ("itself", "use(event)  #? event"),
        ("entry", 'use(event["a"])  #? event["a"]'),
        ("got entry", 'event.get("a")  #?'),
        ("assigned", 'a = event["a"]', "use(a)  #? a"),
        ("assigned twice", 'a = event["a"]', "b = a", "use(b)  #? b"),
        ("unpacked", 'a, b = event["a"]', "use(b)  #? b"),
        ("augmented", "a = 1", 'a += event["a"]', "use(a)  #? a"),
        ("walrus", 'if a := event["a"]:', "    use(a)  #? a"),
        ("f-string", "use(f\"{event['a']}\")  #? f\"{event['a']}\""),
        ("format spec", "use(f\"{1:{event['a']}}\")  #? f\"{1:{event['a']}}\""),
        ("format", '"{}".format(event["a"])  #?'),
        ("percent", 'use("%s" % event["a"])  #? "%s" % event["a"]'),
        ("operator", 'use(1 + event["a"])  #? 1 + event["a"]'),
        ("comparison", 'use(event["a"] == 1)  #? event["a"] == 1'),
        ("index of a constant", 'use(TABLES[event["a"]])  #? TABLES[event["a"]]'),
        ("conditional's test", 'a = 1 if event["a"] else 2', "use(a)  #? a"),
        ("or", 'a = event.get("a") or "b"', "use(a)  #? a"),
        ("list", 'a = [event["a"]]', "use(a)  #? a"),
        ("dict value", 'a = {"k": event["a"]}', "use(a)  #? a"),
        ("dict key", 'a = {event["a"]: 1}', "use(a)  #? a"),
        ("spread dict", "a = {**event}", "use(a)  #? a"),
        ("comprehension", "a = [r for r in event]", "use(a)  #? a"),
        ("comprehension's condition", 'a = [r for r in (1, 2) if r == event["a"]]', "use(a)  #? a"),
        ("parsed", 'a = json.loads(event["body"])', "use(a)  #? a"),
        ("result of an outside call", 'a = other.f(1, k=event["a"])', "use(a)  #? a"),
        ("method of what depends", 'a = event["a"].strip()', "use(a)  #? a"),
        ("answer of a call with it", 'a = boto3.client("s3").get_object(Key=event["a"])', "use(a)  #? a"),
        ("awaited", "a = await f(event)", "use(a)  #? a"),
        ("with", 'with open(event["a"]) as a:', "    use(a)  #? a"),
        ("matched", "match event:", '    case {"a": a}:', "        use(a)  #? a"),
        ("request's id", "use(context.aws_request_id)  #? context.aws_request_id"),
        ("client's context", "use(context.client_context)  #? context.client_context"),
        ("item stored", "d = {}", 'd["k"] = event["a"]', "use(d)  #? d"),
        ("key stored", "d = {}", 'd[event["a"]] = 1', "use(d)  #? d"),
        ("appended", "d = []", 'd.append(event["a"])', "use(d)  #? d"),
        ("updated", "d = {}", "d.update(event)", "use(d)  #? d"),
        ("added", "d = set()", 'd.add(event["a"])', "use(d)  #? d"),
        ("attribute stored", "d = other.Thing()", 'd.k = event["a"]', "use(d.k)  #? d.k"),
        ("stored deeper", 'd = {"a": {}}', 'd["a"]["b"] = event["a"]', "use(d)  #? d"),
        ("appended deeper", 'd = {"a": []}', 'd["a"].append(event["a"])', "use(d)  #? d"),
        ("extended by +=", "d = []", 'd += event["a"]', "use(d)  #? d"),
        ("branches", 'if event["a"]:', "    a = 1", "else:", "    a = 2", "use(a)  #? a"),
        ("branch over a default", "a = 1", 'if event["a"]:', "    a = 2", "use(a)  #? a"),
        ("nested branch", "a = 1", 'if event["a"]:', "    if os.name:", "        a = 2", "use(a)  #? a"),
        ("flag set in a loop", "a = False", 'for r in event["a"]:', "    if r:", "        a = True", "use(a)  #? a"),
        ("set in a loop over it", "a = False", 'for r in event["a"]:', "    a = True", "use(a)  #? a"),
        ("set while it holds", "a = 0", 'while event["a"] > a:', "    a = a + 1", "use(a)  #? a"),
        ("cases", "match event:", "    case 1:", "        a = 1", "    case _:", "        a = 2", "use(a)  #? a"),
        (
            "condition through a name",
            'kind = event["a"]',
            "if kind:",
            "    a = 1",
            "else:",
            "    a = 2",
            "use(a)  #? a",
        ),
        ("deleted and set again", "a = 1", "del a", 'a = event["a"]', "use(a)  #? a"),
        ("nested function's closure", 'a = event["a"]', "def inner():", "    use(a)  #? a", "inner()"),
        ("lambda's closure", 'f = lambda: event["a"]', "use(f())  #? f()"),
        ("global", "global A", 'A = event["a"]', "use(A)  #? A"),
        ("nonlocal", "a = None", "def inner():", "    nonlocal a", '    a = event["a"]', "inner()", "use(a)  #? a"),
        ("default of a nested function", 'def inner(a=event["a"]):', "    use(a)  #? a", "inner()"),
        ("stored under another name", "d = {}", "e = d", 'e["k"] = event["a"]', "use(d)  #? d"),
        ("stored on a condition", "d = {}", 'if event["a"]:', '    d["k"] = 1', "use(d)  #? d"),
        ("appended per item", "d = []", 'for r in event["a"]:', "    d.append(1)", "use(d)  #? d"),
        ("remaining time", "context.get_remaining_time_in_millis()  #?"),
        ("environment that was set", 'os.environ["A"] = event["a"]', 'use(os.environ["A"])  #? os.environ["A"]'),
        (
            "assumed credentials",
            'c = boto3.client("sts").assume_role(RoleArn=event["r"])["Credentials"]',
            'boto3.client("s3", aws_access_key_id=c["AccessKeyId"])  #?',
        ),
    ]
]

ACROSS = [
    case("argument", """
        def load(a):
            use(a)  #? a
        def lambda_handler(event, context):
            load(event["a"])
    """),
    case("argument by keyword", """
        def load(*, a):
            use(a)  #? a
        def lambda_handler(event, context):
            load(a=event["a"])
    """),
    case("second of two calls", """
        def load(a):
            use(a)  #? a
        def lambda_handler(event, context):
            load("constant")
            load(event["a"])
    """),
    case("two calls deep", """
        def inner(a):
            use(a)  #? a
        def outer(a):
            inner(a)
        def lambda_handler(event, context):
            outer(event["a"])
    """),
    case("default that is overridden", """
        def load(a="x"):
            use(a)  #? a
        def lambda_handler(event, context):
            load(event["a"])
    """),
    case("default made of an argument", """
        def load(a, b=None):
            b = b or a
            use(b)  #? b
        def lambda_handler(event, context):
            load(event["a"])
    """),
    case("spread list", """
        def load(a):
            use(a)  #? a
        def lambda_handler(event, context):
            load(*event["a"])
    """),
    case("spread dict", """
        def load(a):
            use(a)  #? a
        def lambda_handler(event, context):
            load(**event)
    """),
    case("collected arguments", """
        def load(*a):
            use(a)  #? a
        def lambda_handler(event, context):
            load(1, event["a"])
    """),
    case("collected keywords", """
        def load(**a):
            use(a)  #? a
        def lambda_handler(event, context):
            load(b=event["a"])
    """),
    case("collected and handed on", """
        def inner(b):
            use(b)  #? b
        def outer(*a, **k):
            inner(*a, **k)
        def lambda_handler(event, context):
            outer(event["a"])
    """),
    case("argument of a method", """
        class C:
            def load(self, a):
                use(a)  #? a
        def lambda_handler(event, context):
            C().load(event["a"])
    """),
    case("returned argument", """
        def same(a):
            return a
        def lambda_handler(event, context):
            use(same(event["a"]))  #? same(event["a"])
    """),
    case("part of what is returned", """
        def wrap(a):
            return {"k": [a]}
        def lambda_handler(event, context):
            x = wrap(event["a"])
            use(x)  #? x
    """),
    case("yielded argument", """
        def each(a):
            yield a
        def lambda_handler(event, context):
            for x in each(event["a"]):
                use(x)  #? x
    """),
    case("chosen by the argument", """
        def region(a):
            if a == 1:
                return "eu-west-1"
            return "us-east-1"
        def lambda_handler(event, context):
            x = region(event["a"])
            use(x)  #? x
    """),
    case("chosen by a name of the argument", """
        def region(a):
            x = "eu-west-1"
            if a:
                x = "us-east-1"
            return x
        def lambda_handler(event, context):
            x = region(event["a"])
            use(x)  #? x
    """),
    case("looked up by the argument", """
        def region(a):
            return REGIONS[a]
        def lambda_handler(event, context):
            x = region(event["a"])
            use(x)  #? x
    """),
    case("container that a function fills", """
        def fill(d, a):
            d["k"] = a
        def lambda_handler(event, context):
            d = {}
            fill(d, event["a"])
            use(d)  #? d
    """),
    case("container of the module", """
        STATE = {}
        def lambda_handler(event, context):
            STATE["a"] = event["a"]
            use(STATE["a"])  #? STATE["a"]
    """),
    case("container of the module, read elsewhere", """
        STATE = {}
        def load():
            use(STATE["a"])  #? STATE["a"]
        def lambda_handler(event, context):
            STATE.update(event)
            load()
    """),
    case("global, read elsewhere", """
        A = None
        def load():
            use(A)  #? A
        def lambda_handler(event, context):
            global A
            A = event["a"]
            load()
    """),
    case("attribute set by the constructor", """
        class C:
            def __init__(self, a):
                self.a = a
            def load(self):
                use(self.a)  #? self.a
        def lambda_handler(event, context):
            C(event["a"]).load()
    """),
    case("attribute seen from outside", """
        class C:
            def __init__(self, a):
                self.a = a
        def lambda_handler(event, context):
            c = C(event["a"])
            use(c.a)  #? c.a
    """),
    case("attribute set by a method", """
        class C:
            def __init__(self):
                self.a = None
            def take(self, a):
                self.a = a
            def load(self):
                use(self.a)  #? self.a
        def lambda_handler(event, context):
            c = C()
            c.take(event["a"])
            c.load()
    """),
    case("attribute set from outside", """
        class C:
            a = None
        def lambda_handler(event, context):
            c = C()
            c.a = event["a"]
            use(c.a)  #? c.a
    """),
    case("container on an object", """
        class C:
            def __init__(self):
                self.a = {}
            def take(self, a):
                self.a["k"] = a
            def load(self):
                use(self.a)  #? self.a
        def lambda_handler(event, context):
            c = C()
            c.take(event)
            c.load()
    """),
    case("dataclass field", """
        from dataclasses import dataclass
        @dataclass
        class C:
            a: str
        def lambda_handler(event, context):
            c = C(event["a"])
            use(c.a)  #? c.a
    """),
    case("dataclass field with a default", """
        from dataclasses import dataclass
        @dataclass
        class C:
            a: str = "x"
        def lambda_handler(event, context):
            c = C(a=event["a"])
            use(c.a)  #? c.a
    """),
    case("property", """
        class C:
            def __init__(self, a):
                self._a = a
            @property
            def a(self):
                return self._a
        def lambda_handler(event, context):
            c = C(event["a"])
            use(c.a)  #? c.a
    """),
    case("outside class made of it", "class C(other.Model):\n    pass\n" + in_handler('c = C(a=event["a"])', "use(c.a)  #? c.a")),
    case("submitted", """
        def load(a):
            use(a)  #? a
        def lambda_handler(event, context):
            concurrent.futures.ThreadPoolExecutor().submit(load, event["a"])
    """),
    case("handed to something unknown", """
        def load(a):
            use(a)  #? a
        def lambda_handler(event, context):
            other.delayed(load)(event)
    """),
    case("record of a batch", """
        from aws_lambda_powertools.utilities.batch import batch_processor
        def load(a):
            use(a)  #? a
        @batch_processor(record_handler=load, processor=processor)
        def lambda_handler(event, context):
            pass
    """),
    case("mapped", """
        def load(a):
            use(a)  #? a
        def lambda_handler(event, context):
            list(map(load, event["a"]))
    """),
    case("thread's arguments", """
        def load(a):
            use(a)  #? a
        def lambda_handler(event, context):
            threading.Thread(target=load, args=(event["a"],)).start()
    """),
    case("lambda's parameter", in_handler('f = lambda a: use(a)  #? a', 'f(event["a"])')),
    case("partial's own argument", """
        def load(a, b):
            use(a)  #? a
        def lambda_handler(event, context):
            f = functools.partial(load, event["a"])
            f(1)
    """),
    case("partial's later argument", """
        def load(a, b):
            use(b)  #? b
        def lambda_handler(event, context):
            f = functools.partial(load, 1)
            f(event["a"])
    """),
    case("wrapper of a decorator", """
        def deco(f):
            def wrapper(e, c):
                use(e["a"])  #? e["a"]
                return f(e, c)
            return wrapper
        @deco
        def lambda_handler(event, context):
            pass
    """),
    case("wrapper of a decorator around a function", """
        def deco(f):
            def wrapper(*args):
                use(args[0])  #? args[0]
                return f(*args)
            return wrapper
        @deco
        def load(a):
            pass
        def lambda_handler(event, context):
            load(event["a"])
    """),
    case("parameter of a route", """
        from aws_lambda_powertools.event_handler import APIGatewayRestResolver
        app = APIGatewayRestResolver()
        @app.get("/users/<user>")
        def get_user(user):
            use(user)  #? user
    """),
    case("event that a framework keeps", """
        from aws_lambda_powertools.event_handler import APIGatewayRestResolver
        app = APIGatewayRestResolver()
        @app.get("/users")
        def get_users():
            use(app.current_event.body)  #? app.current_event.body
    """),
    case("request that Chalice keeps", """
        from chalice import Chalice
        app = Chalice()
        @app.route("/users")
        def get_users():
            use(app.current_request.json_body)  #? app.current_request.json_body
    """),
    case("attribute of the context's name, on the event", """
        from elsewhere import parse
        def lambda_handler(event, context):
            request = parse(event)
            use(request.function_name)  #? request.function_name
    """),
    case("method of a class as the handler's callee", """
        class C:
            @classmethod
            def load(cls, a):
                use(a)  #? a
        def lambda_handler(event, context):
            C.load(event["a"])
    """),
    case("attribute set by name", """
        class C:
            a = None
        def lambda_handler(event, context):
            c = C()
            setattr(c, "a", event["a"])
            use(c.a)  #? c.a
    """),
    case("attribute set by a function", """
        class C:
            a = None
        def fill(c, e):
            c.a = e["a"]
        def lambda_handler(event, context):
            c = C()
            fill(c, event)
            use(c.a)  #? c.a
    """),
    case("context variable", """
        import contextvars
        TENANT = contextvars.ContextVar("tenant")
        def load():
            use(TENANT.get())  #? TENANT.get()
        def lambda_handler(event, context):
            TENANT.set(event["a"])
            load()
    """),
    case("context manager's own value", """
        @contextlib.contextmanager
        def tenant(a):
            yield a
        def lambda_handler(event, context):
            with tenant(event["a"]) as t:
                use(t)  #? t
    """),
    case("base class's constructor", """
        class A:
            def __init__(self, a):
                self.a = a
        class B(A):
            def __init__(self, e):
                super().__init__(e["a"])
            def load(self):
                use(self.a)  #? self.a
        def lambda_handler(event, context):
            B(event).load()
    """),
    case("module's attribute", """
        === state.py
        tenant = None
        === app.py
        import state
        def load():
            use(state.tenant)  #? state.tenant
        def lambda_handler(event, context):
            state.tenant = event["a"]
            load()
    """),
    case("method by its class", """
        class A:
            def __init__(self, a):
                use(a)  #? a
        class B(A):
            def __init__(self, a):
                A.__init__(self, a)
        def lambda_handler(event, context):
            B(event["a"])
    """),
]  # fmt: skip

CONSTANT = [
    *(
        case(label, in_handler(*lines))
        for label, *lines in [
            ("literal", 'use("a")  #? "a"'),
            ("environment", 'use(os.environ["A"])  #? os.environ["A"]'),
            ("environment by get", 'os.environ.get("A")  #?'),
            ("function's name", "use(context.function_name)  #? context.function_name"),
            ("function's version", "use(context.function_version)  #? context.function_version"),
            ("memory", "use(context.memory_limit_in_mb)  #? context.memory_limit_in_mb"),
            ("region of the ARN", 'a = context.invoked_function_arn.split(":")[3]', "use(a)  #? a"),
            ("log group", 'a = f"x-{context.log_group_name}"', "use(a)  #? a"),
            ("module's constant", "use(A)  #? A"),
            ("overwritten", 'a = event["a"]', "a = 1", "use(a)  #? a"),
            ("branches of the environment", 'if os.environ["A"]:', "    a = 1", "else:", "    a = 2", "use(a)  #? a"),
            ("assigned in a branch, once", 'if event["a"]:', "    a = 1", "    use(a)  #? a"),
            ("unpacked beside", 'a, b = event["a"], 1', "use(b)  #? b"),
            ("outside call without it", "a = other.f(1)", "use(a)  #? a"),
            ("account of the ARN", 'a = context.invoked_function_arn.split(":")[4]', "use(a)  #? a"),
            ("made under the event's condition", 'if event["a"]:', "    d = {}", '    d["k"] = 1', "    use(d)  #? d"),
            ("other name for what isn't changed", "d = {}", "e = d", "e = {}", 'use(event["a"])', "use(d)  #? d"),
            ("clock", "a = time.time()", "use(a)  #? a"),
            ("client", 'use(boto3.client("s3"))  #? boto3.client("s3")'),
        ]
    ),
    case("default that is never overridden", """
        def load(a, b="x"):
            use(b)  #? b
        def lambda_handler(event, context):
            load(event["a"])
    """),
    case("constant argument beside the event's", """
        def load(a, b):
            use(b)  #? b
        def lambda_handler(event, context):
            load(event["a"], "x")
    """),
    case("constant argument of a method beside the event's", """
        class C:
            def load(self, a, b):
                use(b)  #? b
        def lambda_handler(event, context):
            C().load(event["a"], "x")
    """),
    case("attribute beside the event's", """
        class C:
            def __init__(self, a):
                self.a = a
                self.b = "x"
            def load(self):
                use(self.b)  #? self.b
        def lambda_handler(event, context):
            C(event["a"]).load()
    """),
    case("function of a constant", """
        def name(a):
            return "x-" + a
        def lambda_handler(event, context):
            name(event["a"])
            use(name("b"))  #? name("b")
    """),
    case("function that ignores its argument", """
        def name(a):
            return "x"
        def lambda_handler(event, context):
            use(name(event["a"]))  #? name(event["a"])
    """),
    case("function that chooses by the environment", """
        def name():
            if os.environ["A"]:
                return "x"
            return "y"
        def lambda_handler(event, context):
            use(name())  #? name()
    """),
    case("parameter of a dead function", "def load(a):\n    use(a)  #? a\ndef lambda_handler(event, context):\n    pass"),
    case("object made at import", """
        class C:
            def __init__(self):
                self.a = os.environ["A"]
            def load(self, b):
                use(self.a)  #? self.a
        c = C()
        def lambda_handler(event, context):
            c.load(event["a"])
    """),
    case("container of the module that is filled with constants", """
        STATE = {}
        def lambda_handler(event, context):
            STATE["a"] = "x"
            use(STATE["a"])  #? STATE["a"]
    """),
    case("property of constants", """
        class C:
            def __init__(self, b):
                self.b = b
            @property
            def a(self):
                return "x"
        def lambda_handler(event, context):
            c = C(event["b"])
            use(c.a)  #? c.a
    """),
    case("function that leaves the container alone", """
        def look(d, a):
            return a in d
        def lambda_handler(event, context):
            d = {}
            look(d, event["a"])
            use(d)  #? d
    """),
    case("partial's own constant", """
        def load(a, b):
            use(a)  #? a
        def lambda_handler(event, context):
            f = functools.partial(load, 1)
            f(event["a"])
    """),
    case("context handed on", """
        def load(ctx):
            use(ctx.function_name)  #? ctx.function_name
        def lambda_handler(event, context):
            load(context)
    """),
    case("constant of the class", """
        class C:
            A = "x"
            def __init__(self, b):
                self.b = b
            def load(self):
                use(self.A)  #? self.A
        def lambda_handler(event, context):
            C(event["a"]).load()
    """),
]  # fmt: skip

LOOPS = [
    case("loop variable", in_handler("for a in (1, 2, 3):", "    use(a)  #? a"), "loop"),
    case("loop over the event", in_handler('for a in event["a"]:', "    use(a)  #? a"), "event loop"),
    case("made of the loop variable", in_handler("for a in (1, 2):", '    b = f"x{a}"', "    use(b)  #? b"), "loop"),
    case("comprehension's variable", in_handler("[use(a) for a in (1, 2)]  #? a"), "loop"),
    case("index of enumerate", in_handler("for i, a in enumerate(X):", "    use(i)  #? i"), "loop"),
    case("argument in a loop", """
        def load(a):
            use(a)  #? a
        def lambda_handler(event, context):
            for a in (1, 2):
                load(a)
    """, "loop"),
    case("invariant argument in a loop", """
        def load(a):
            use(a)  #? a
        def lambda_handler(event, context):
            for _ in (1, 2):
                load("x")
    """, "nothing"),
    case("invariant in a loop", in_handler('b = event["a"]', "for a in (1, 2):", "    use(b)  #? b"), "event"),
    case("mapped", "def load(a):\n    use(a)  #? a\n" + in_handler("list(map(load, (1, 2)))"), "loop"),
    case("generator's yield in a loop", """
        def each():
            for a in (1, 2):
                yield a
        def lambda_handler(event, context):
            for b in each():
                use(b)  #? b
    """, "loop"),
    case("counter", in_handler("i = 0", "while i < 3:", "    use(i)  #? i", "    i += 1"), "loop"),
    case("counter of a for loop", in_handler("n = 0", "for a in (1, 2):", "    use(n)  #? n", "    n = n + 1"), "loop"),
    case("token of the page before", in_handler(
        "token = None", "while True:", "    page = other.f(token)  #? token", '    token = page["next"]'), "loop"),
    case("page of a token", in_handler(
        "token = None", "while True:", "    page = other.f(token)", "    use(page)  #? page", '    token = page["next"]'), "loop"),
    case("token among arguments", in_handler(
        "kw = {}", "while True:", "    page = other.f(**kw)  #? kw", '    kw["token"] = page["next"]'), "loop"),
    case("made anew of the same in each turn", in_handler("while f():", "    a = other.f()", "    use(a)  #? a"), "nothing"),
    case("begun anew in each turn", in_handler(
        "while f():", '    q = "a"', '    q += "b"', "    use(q)  #? q"), "nothing"),
    case("another name that counts", in_handler(
        "i = 0", "while i < 3:", '    use("x")  #? "x"', "    i += 1"), "nothing"),
    case("client made in a loop", in_handler(
        "for a in (1, 2):", '    c = boto3.client("s3")', "    use(c)  #? c"), "nothing"),
]  # fmt: skip


@pytest.mark.parametrize("text", WITHIN)
def test_dependence_within_a_handler(text: str) -> None:
    assert look(text).depends.startswith("event")


@pytest.mark.parametrize("text", ACROSS)
def test_dependence_across_functions(text: str) -> None:
    assert look(text).depends.startswith("event")


@pytest.mark.parametrize("text", CONSTANT)
def test_what_is_the_same_for_every_event(text: str) -> None:
    assert not look(text).depends.startswith("event")


@pytest.mark.parametrize(("text", "expected"), LOOPS)
def test_dependence_on_loops(text: str, expected: str) -> None:
    assert look(text).depends == expected


def test_a_long_expression_is_followed_to_its_end() -> None:
    terms = " + ".join(["1"] * 1000)
    project = project_of({"app.py": in_handler(f'a = {terms} + event["a"]', "use(a)") + "\n"})
    (use,) = [call for function in project.connected for call in function.calls]
    assert project.taint.on_event(use.args[0].value)


def test_what_is_nested_too_deeply_is_taken_to_depend() -> None:
    steps = [f"    x{n + 1} = f(x{n})" for n in range(300)]
    code = "\n".join(["def lambda_handler(event, context):", "    x0 = 1", *steps, "    use(x300)", ""])
    project = project_of({"app.py": code})
    (use,) = [call for function in project.connected for call in function.calls if call.func.id == "use"]
    assert project.taint.on_event(use.args[0].value)


def test_answers_do_not_hang_on_the_order_of_the_questions() -> None:
    text = in_handler(
        "a = b = c = 1",
        "for _ in (1, 2):",
        "    a, b, c = b + 1, c + 1, a + 1",
        '    c += event["c"]',
        "    use(a, b, c)",
    )
    for order in ((0, 1, 2), (2, 1, 0), (1, 0, 2)):
        project = project_of({"app.py": text + "\n"})
        (use,) = [call for function in project.connected for call in function.calls]
        assert all(project.taint.on_event(use.args[i].value) for i in order), order
