"""What an expression may evaluate to: AWS objects above all, through every way a value takes.

A case asks about one expression; the answer names all values it may have, `?` among
them where there may be others.
"""

from __future__ import annotations

import pytest
from notation import case, look

MADE = [
    case("client", 'boto3.client("s3")  #?', "client s3"),
    case("service by keyword", 'boto3.client(service_name="s3")  #?', "client s3"),
    case("service from a name", 'NAME = "sqs"\nboto3.client(NAME)  #?', "client sqs"),
    case("service unknown", 'boto3.client(os.environ["SERVICE"])  #?', "client ?"),
    case("one of two services", 'boto3.client("s3" if os.name else "sqs")  #?', "client ?"),
    case("from import", 'from boto3 import client\nclient("s3")  #?', "client s3"),
    case("renamed import", 'import boto3 as aws\naws.client("s3")  #?', "client s3"),
    case("renamed from import", 'from boto3 import client as make\nmake("s3")  #?', "client s3"),
    case("factory kept in a name", 'make = boto3.client\nmake("s3")  #?', "client s3"),
    case("partial", 'make = functools.partial(boto3.client, "s3")\nmake()  #?', "client s3"),
    case("resource", 'boto3.resource("dynamodb")  #?', "resource dynamodb"),
    case("table", 'boto3.resource("dynamodb").Table("t")  #?', "Table of dynamodb"),
    case("bucket", 'boto3.resource("s3").Bucket("b")  #?', "Bucket of s3"),
    case("object of a bucket", 'boto3.resource("s3").Bucket("b").Object("k")  #?', "Object of s3"),
    case("queue that is asked for", 'boto3.resource("sqs").get_queue_by_name(QueueName="q")  #?', "Queue of sqs"),
    case("session", "boto3.Session()  #?", "session"),
    case("session's other name", "boto3.session.Session()  #?", "session"),
    case("session by from import", "from boto3.session import Session\nSession()  #?", "session"),
    case("botocore session", "botocore.session.get_session()  #?", "session"),
    case("client of a session", 'boto3.Session().client("s3")  #?', "client s3"),
    case("resource of a session", 'boto3.Session().resource("s3")  #?', "resource s3"),
    case("botocore client", 'botocore.session.get_session().create_client("s3")  #?', "client s3"),
    case("paginator", 'boto3.client("s3").get_paginator("list_objects_v2")  #?', "paginator s3.list_objects_v2"),
    case("waiter", 'boto3.client("ec2").get_waiter("instance_running")  #?', "waiter ec2.instance_running"),
    case("response", 'boto3.client("s3").get_object(Bucket="b")  #?', "response get_object of client s3"),
    case("operation", 's3 = boto3.client("s3")\ns3.get_object  #? s3.get_object', "operation get_object of client s3"),
    case("exceptions", 's3 = boto3.client("s3")\ns3.exceptions.NoSuchKey  #? s3.exceptions.NoSuchKey', "?"),
    case("client behind a resource", 'r = boto3.resource("s3")\nr.meta.client  #? r.meta.client', "client s3"),
    case("client behind a table", 't = boto3.resource("dynamodb").Table("t")\nt.meta.client  #? t.meta.client',
         "client dynamodb"),
    case("batch of a table", 't = boto3.resource("dynamodb").Table("t")\nwith t.batch_writer() as b:\n    b  #? b',
         "batch"),
    case("page of a paginator",
         's3 = boto3.client("s3")\nfor page in s3.get_paginator("list_objects_v2").paginate():\n    page  #? page',
         "response paginate of client s3"),
    case("shared session", "boto3._get_default_session()  #?", "session"),
    case("client of the default session", 'boto3.DEFAULT_SESSION.client("s3")  #?', "client s3"),
    case("asynchronous client", 'import aioboto3\nsession = aioboto3.Session()\nasync def f():\n'
         '    async with session.client("s3") as s3:\n        s3  #? s3', "client s3"),
    case("asynchronous table", 'import aioboto3\nasync def f():\n'
         '    async with aioboto3.Session().resource("dynamodb") as d:\n        t = await d.Table("t")\n        t  #? t',
         "Table of dynamodb"),
    case("part of an object", 'boto3.resource("s3").Object("b", "k").Acl()  #?', "ObjectAcl of s3"),
    case("object of a collection", 'for o in boto3.resource("s3").Bucket("b").objects.filter(Prefix="p"):\n    o  #? o',
         "ObjectSummary of s3"),
    case("object of a resource's collection", 'for t in boto3.resource("dynamodb").tables.all():\n    t  #? t',
         "Table of dynamodb"),
    case("message of a queue",
         'for m in boto3.resource("sqs").Queue("u").receive_messages():\n    m  #? m', "Message of sqs"),
    case("attribute of a table is no collection", 't = boto3.resource("dynamodb").Table("t")\n'
         "for i in t.global_secondary_indexes:\n    i  #? i", "?"),
    case("paginator behind a resource", 'r = boto3.resource("s3")\nr.meta.client.get_paginator("list_objects_v2")  #?',
         "paginator s3.list_objects_v2"),
    case("module by its name", 'import importlib\nimportlib.import_module("boto3").client("s3")  #?', "client s3"),
    case("module by an unknown name", 'import importlib\nimportlib.import_module(os.name).client("s3")  #?', "?"),
    case("kept by an exit stack", 'with contextlib.ExitStack() as stack:\n'
         '    c = stack.enter_context(contextlib.closing(boto3.client("s3")))\n    c  #? c', "client s3"),
    case("whole of a match", 'match boto3.client("s3"):\n    case c:\n        c  #? c', "client s3"),
    case("part of a match", 'match boto3.client("s3"):\n    case [c]:\n        c  #? c', "?"),
    case("call that can't be run", 'c = None\nboto3.client("s3", config=c.config)  #?', "nothing"),
    case("awaited", 'async def f():\n    c = await boto3.client("s3")\n    c  #? c', "client s3"),
    case("environment", 'os.environ["A"]  #? os.environ["A"]', "os.environ()"),
]  # fmt: skip

CARRIED = [
    case("name", 'a = boto3.client("s3")\na  #? a', "client s3"),
    case("name of a name", 'a = boto3.client("s3")\nb = a\nb  #? b', "client s3"),
    case("two targets", 'a = b = boto3.client("s3")\nb  #? b', "client s3"),
    case("later one hides", 'a = boto3.client("s3")\na = boto3.client("sqs")\na  #? a', "client sqs"),
    case("branches", 'if os.name:\n    a = boto3.client("s3")\nelse:\n    a = boto3.client("sqs")\na  #? a',
         "client s3 | client sqs"),
    case("loop carries back", 'a = boto3.client("s3")\nfor _ in (1, 2):\n    a  #? a\n    a = None',
         "None | client s3"),
    case("unpacking", 'a, b = boto3.client("s3"), boto3.client("sqs")\nb  #? b', "client sqs"),
    case("nested unpacking", '(a, (b, c)) = 1, (2, boto3.client("s3"))\nc  #? c', "client s3"),
    case("star target", 'a, *b = boto3.client("s3"), 1, 2\nb  #? b', "?"),
    case("after a star target", 'a, *b, c = 1, 2, boto3.client("s3")\nc  #? c', "?"),
    case("unpacking a call", "a, b = make()\na  #? a", "?"),
    case("list item", 'a = [boto3.client("s3"), 1]\na[0]  #? a[0]', "client s3"),
    case("last list item", 'a = [1, boto3.client("s3")]\na[-1]  #? a[-1]', "client s3"),
    case("dict entry", 'd = {"a": boto3.client("s3"), "b": 1}\nd["a"]  #? d["a"]', "client s3"),
    case("dict entry by a name", 'K = "a"\nd = {"a": boto3.client("s3"), "b": 1}\nd[K]  #? d[K]', "client s3"),
    case("other dict entry", 'd = {"a": boto3.client("s3"), "b": 1}\nd["b"]  #? d["b"]', "1"),
    case("missing dict entry", 'd = {"a": boto3.client("s3")}\nd["c"]  #? d["c"]', "?"),
    case("dict entry that hides one", 'd = {"a": 1, "a": boto3.client("s3")}\nd["a"]  #? d["a"]', "client s3"),
    case("dict entry by unknown key", 'd = {"a": boto3.client("s3"), "b": None}\nd[os.name]  #? d[os.name]',
         "None | client s3"),
    case("dict with another's entries", 'd = {"a": boto3.client("s3"), **os.environ}\nd["a"]  #? d["a"]', "? | client s3"),
    case("empty dict filled later", 'd = {}\nd["a"] = boto3.client("s3")\nd["a"]  #? d["a"]', "client s3"),
    case("walrus", 'if a := boto3.client("s3"):\n    a  #? a', "client s3"),
    case("walrus in a comprehension", '[(a := boto3.client("s3")) for _ in (1, 2)]\na  #? a', "client s3"),
    case("either", 'a = None or boto3.client("s3")\na  #? a', "client s3"),
    case("conditional", 'a = boto3.client("s3") if os.name else None\na  #? a', "None | client s3"),
    case("comprehension's elements", 'for a in [boto3.client("s3") for _ in (1, 2)]:\n    a  #? a', "client s3"),
    case("loop over a list", 'for a in [boto3.client("s3"), boto3.client("sqs")]:\n    a  #? a',
         "client s3 | client sqs"),
    case("loop inside a comprehension", 'a = [c.x() for c in [boto3.client("s3")]]  #? c', "client s3"),
    case("loop over pairs", 'for n, a in [(1, boto3.client("s3"))]:\n    a  #? a', "client s3"),
    case("with", 'with boto3.client("s3") as a:\n    a  #? a', "client s3"),
    case("except name", "try:\n    pass\nexcept Exception as a:\n    a  #? a", "?"),
    case("global", 'A = None\ndef init():\n    global A\n    A = boto3.client("s3")\ndef f():\n    A  #? A',
         "None | client s3"),
    case("closure", 'def f():\n    a = boto3.client("s3")\n    def g():\n        a  #? a', "client s3"),
    case("nonlocal", 'def f():\n    a = None\n    def g():\n        nonlocal a\n        a = boto3.client("s3")\n    a  #? a',
         "None | client s3"),
    case("class scope isn't seen from a method",
         'a = 1\nclass C:\n    a = boto3.client("s3")\n    def m(self):\n        a  #? a', "1"),
    case("lambda", 'make = lambda: boto3.client("s3")\nmake()  #?', "client s3"),
    case("conditional import", "try:\n    import boto3 as b\nexcept ImportError:\n    b = None\n"
         'b.client("s3")  #?', "client s3"),
    case("getattr", 's3 = boto3.client("s3")\ngetattr(s3, "get_object")  #?', "operation get_object of client s3"),
    case("getattr of an unknown name", 's3 = boto3.client("s3")\ngetattr(s3, os.name)  #?', "builtins.getattr()"),
    case("cast", 'a = typing.cast("S3Client", boto3.client("s3"))\na  #? a', "client s3"),
    case("deleted", 'a = boto3.client("s3")\ndel a\na = boto3.client("sqs")\na  #? a', "client sqs"),
    case("None at first", 'A = None\ndef init():\n    global A\n    A = boto3.client("s3")\ndef f():\n    A.x  #? A.x',
         "operation x of client s3"),
    case("augmented", "a = 1\na += 1\na  #? a", "1 | ?"),
]  # fmt: skip

OBJECTS = [
    case("attribute of self", """
        class C:
            def __init__(self):
                self.s3 = boto3.client("s3")
            def m(self):
                self.s3  #? self.s3
    """, "client s3"),
    case("attribute set in another method", """
        class C:
            def __init__(self):
                self.s3 = None
            def open(self):
                self.s3 = boto3.client("s3")
            def m(self):
                self.s3  #? self.s3
    """, "None | client s3"),
    case("unpacked into attributes", """
        class C:
            def __init__(self):
                self.a, self.b = boto3.client("s3"), boto3.client("sqs")
            def m(self):
                self.b  #? self.b
    """, "client sqs"),
    case("attribute seen from outside", """
        class C:
            def __init__(self):
                self.s3 = boto3.client("s3")
        c = C()
        c.s3  #? c.s3
    """, "client s3"),
    case("class attribute by the class", """
        class C:
            s3 = boto3.client("s3")
        C.s3  #? C.s3
    """, "client s3"),
    case("class attribute by self", """
        class C:
            s3 = boto3.client("s3")
            def m(self):
                self.s3  #? self.s3
    """, "client s3"),
    case("inherited attribute", """
        class A:
            def __init__(self):
                self.s3 = boto3.client("s3")
        class B(A):
            def m(self):
                self.s3  #? self.s3
    """, "client s3"),
    case("own attribute before the inherited one", """
        class A:
            def __init__(self):
                self.c = boto3.client("s3")
        class B(A):
            def __init__(self):
                self.c = boto3.client("sqs")
            def m(self):
                self.c  #? self.c
    """, "client sqs"),
    case("attribute of an outside base class", """
        from elsewhere import Base
        class C(Base):
            def m(self):
                self.s3  #? self.s3
    """, "?"),
    case("attribute nobody sets", """
        class C:
            def m(self):
                self.s3  #? self.s3
    """, "?"),
    case("attribute set to an unknown thing", """
        class C:
            def __init__(self, s3):
                self.s3 = s3
            def m(self):
                self.s3  #? self.s3
    """, "?"),
    case("property", """
        class C:
            @property
            def s3(self):
                return boto3.client("s3")
            def m(self):
                self.s3  #? self.s3
    """, "client s3"),
    case("cached property", """
        class C:
            @functools.cached_property
            def s3(self):
                return boto3.client("s3")
        C().s3  #? C().s3
    """, "client s3"),
    case("method", """
        class C:
            def make(self):
                return boto3.client("s3")
            def m(self):
                self.make()  #?
    """, "client s3"),
    case("static method", """
        class C:
            @staticmethod
            def make(name):
                return boto3.client(name)
        C.make("s3")  #?
    """, "client s3"),
    case("class method", """
        class C:
            @classmethod
            def make(cls, name):
                return boto3.client(name)
        C.make("s3")  #?
    """, "client s3"),
    case("super's method", """
        class A:
            def make(self):
                return boto3.client("s3")
        class B(A):
            def make(self):
                return super().make()  #?
    """, "client s3"),
    case("instance that is called", """
        class C:
            def __call__(self):
                return boto3.client("s3")
        c = C()
        c()  #?
    """, "client s3"),
    case("dataclass default", """
        from dataclasses import dataclass
        @dataclass
        class C:
            name: str = "s3"
        boto3.client(C().name)  #?
    """, "client s3"),
    case("dataclass field that is given", """
        from dataclasses import dataclass
        @dataclass
        class C:
            name: str = "s3"
        boto3.client(C("sqs").name)  #?
    """, "client sqs"),
    case("field of a named tuple", """
        class C(typing.NamedTuple):
            name: str = "s3"
        boto3.client(C("sqs").name)  #?
    """, "client sqs"),
    case("annotated constant of a class", """
        class C:
            name: str = "s3"
        boto3.client(C().name)  #?
    """, "client s3"),
    case("what a context manager of the project gives", """
        class C:
            def __enter__(self):
                return boto3.client("s3")
            def __exit__(self, *a):
                pass
        with C() as c:
            c  #? c
    """, "client s3"),
    case("a context manager that gives itself", """
        class C:
            def __enter__(self):
                return self
            def __exit__(self, *a):
                pass
            def make(self):
                return boto3.client("s3")
        with C() as c:
            c.make()  #?
    """, "client s3"),
    case("a generator as context manager", """
        @contextlib.contextmanager
        def session():
            yield boto3.client("s3")
        with session() as s3:
            s3  #? s3
    """, "client s3"),
    case("enum member's value", """
        import enum
        class E(enum.Enum):
            A = "s3"
        boto3.client(E.A.value)  #?
    """, "client s3"),
]  # fmt: skip

# What may have changed since it was made: a certain answer would be wrong.
CHANGED = [
    case("dict entry stored later", 'd = {"a": boto3.client("s3")}\nd["a"] = boto3.client("sqs")\nd["a"]  #? d["a"]'),
    case("dict updated later", 'd = {"a": boto3.client("s3")}\nd.update(a=boto3.client("sqs"))\nd["a"]  #? d["a"]'),
    case("list item stored later", 'a = [boto3.client("s3")]\na[0] = boto3.client("sqs")\na[0]  #? a[0]'),
    case("list extended later",
         'a = [boto3.client("s3")]\na.append(boto3.client("sqs"))\nfor c in a:\n    c  #? c'),
    case("attribute stored from outside", """
        class C:
            def __init__(self):
                self.c = boto3.client("s3")
            def m(self):
                self.c  #? self.c
        c = C()
        c.c = boto3.client("sqs")
    """),
    case("method that a subclass overrides", """
        class A:
            def make(self):
                return boto3.client("s3")
            def m(self):
                self.make()  #?
        class B(A):
            def make(self):
                return boto3.client("sqs")
        B().m()
    """),
    case("attribute that a subclass overrides", """
        class A:
            c = boto3.client("s3")
            def m(self):
                self.c  #? self.c
        class B(A):
            c = boto3.client("sqs")
        B().m()
    """),
]  # fmt: skip

CALLS = [
    case("return", 'def make():\n    return boto3.client("s3")\nmake()  #?', "client s3"),
    case("one of two returns",
         'def make(x):\n    if x:\n        return boto3.client("s3")\n    return None\nmake(1)  #?', "None | client s3"),
    case("no return", "def make():\n    pass\nmake()  #?", "None"),
    case("cached getter", '@functools.lru_cache(maxsize=None)\ndef make():\n    return boto3.client("s3")\nmake()  #?',
         "client s3"),
    case("service as parameter", "def make(name):\n    return boto3.client(name)\nmake('sqs')\nmake('s3')  #?",
         "client s3"),
    case("service as keyword", "def make(*, name):\n    return boto3.client(name)\nmake(name='s3')  #?", "client s3"),
    case("service as default", 'def make(name="s3"):\n    return boto3.client(name)\nmake()  #?', "client s3"),
    case("service through two getters",
         'def inner(n):\n    return boto3.client(n)\ndef outer(n):\n    return inner(n)\nouter("sqs")\nouter("s3")  #?',
         "client s3"),
    case("getter by a lambda", 'make = lambda n: boto3.client(n)\nmake("s3")  #?', "client s3"),
    case("getter with **", "def make(**k):\n    return boto3.client(**k)\nmake(service_name='s3')  #?", "client s3"),
    case("argument by *", "def make(name):\n    return boto3.client(name)\nmake(*os.environ)  #?", "client ?"),
    case("global getter",
         'C = None\ndef get():\n    global C\n    if C is None:\n        C = boto3.client("s3")\n    return C\nget()  #?',
         "None | client s3"),
    case("recursion ends", "def f(n):\n    return f(n - 1) if n else boto3.client('s3')\nf(3)  #?", "client s3"),
    case("mutual recursion ends", "def f(n):\n    return g(n)\ndef g(n):\n    return f(n)\nf(3)  #?", "nothing"),
    case("dispatch by a dict", 'D = {"a": lambda: boto3.client("s3")}\nD["a"]()  #?', "client s3"),
    case("generator", 'def gen():\n    yield boto3.client("s3")\ngen()  #?', "generator gen"),
    case("asyncio.run", 'async def make():\n    return boto3.client("s3")\nasyncio.run(make())  #?', "client s3"),
    case("inner function that is returned",
         'def outer():\n    def inner():\n        return boto3.client("s3")\n    return inner\nouter()()  #?', "client s3"),
    case("parameter of a function that is called", """
        def load(client):
            client.get_object()  #? client
        def lambda_handler(event, context):
            load(boto3.client("s3"))
    """, "client s3"),
    case("parameter by every call", """
        def load(client):
            client.get_object()  #? client
        def lambda_handler(event, context):
            load(boto3.client("s3"))
            load(client=boto3.client("sqs"))
    """, "client s3 | client sqs"),
    case("parameter that one caller leaves unsure", """
        def load(client):
            client.get_object()  #? client
        def lambda_handler(event, context):
            load(boto3.client("s3"))
            load(event["client"])
    """, "? | client s3"),
    case("default of a parameter", """
        S3 = boto3.client("s3")
        def load(key, client=S3):
            client.get_object()  #? client
        def lambda_handler(event, context):
            load(1)
    """, "client s3"),
    case("default beside an argument", """
        def load(key, client=None):
            client.get_object()  #? client
        def lambda_handler(event, context):
            load(1)
            load(1, boto3.client("s3"))
    """, "None | client s3"),
    case("default that is overridden", """
        def load(key, client=boto3.client("sqs")):
            client.get_object()  #? client
        def lambda_handler(event, context):
            load(1, boto3.client("s3"))
    """, "client s3"),
    case("parameter of a method", """
        class C:
            def load(self, client):
                client.get_object()  #? client
        def lambda_handler(event, context):
            C().load(boto3.client("s3"))
    """, "client s3"),
    case("parameter of a constructor", """
        class C:
            def __init__(self, client):
                self.client = client
            def load(self):
                self.client.get_object()  #? self.client
        def lambda_handler(event, context):
            C(boto3.client("s3")).load()
    """, "client s3"),
    case("parameter of a function nobody calls", "def load(client):\n    client.get_object()  #? client", "?"),
    case("default of a function nobody calls",
         'def load(client=boto3.client("s3")):\n    client.get_object()  #? client', "?"),
    case("parameter of a handler", "def lambda_handler(event, context):\n    event  #? event", "?"),
    case("parameter that Lambda never passes",
         'def lambda_handler(event, context, s3=boto3.client("s3")):\n    s3.x()  #? s3', "client s3"),
    case("default of the event", "def lambda_handler(event=1, context=2):\n    event  #? event", "?"),
    case("method by its class, self handed over", """
        class A:
            def __init__(self, client):
                self.client = client
        class B(A):
            def __init__(self):
                A.__init__(self, boto3.client("s3"))
            def m(self):
                self.client.x()  #? self.client
        def lambda_handler(event, context):
            B().m()
    """, "client s3"),
    case("class method by its class", """
        class A:
            @classmethod
            def load(cls, client):
                client.x()  #? client
        def lambda_handler(event, context):
            A.load(boto3.client("s3"))
    """, "client s3"),
    case("static method by its class", """
        class A:
            @staticmethod
            def load(client):
                client.x()  #? client
        def lambda_handler(event, context):
            A.load(boto3.client("s3"))
    """, "client s3"),
    case("instance method by its instance", """
        class A:
            def load(self, client):
                client.x()  #? client
        a = A()
        def lambda_handler(event, context):
            a.load(boto3.client("s3"))
    """, "client s3"),
    case("parameter of a callback", """
        def load(client):
            client.get_object()  #? client
        def lambda_handler(event, context):
            list(map(load, [boto3.client("s3")]))
    """, "client s3"),
    case("parameter of an unknown call's callback", """
        def load(client):
            client.get_object()  #? client
        def lambda_handler(event, context):
            other.run(load, boto3.client("s3"))
    """, "?"),
    case("variable arguments", """
        def load(*clients):
            clients  #? clients
        def lambda_handler(event, context):
            load(boto3.client("s3"))
    """, "?"),
]  # fmt: skip

ANNOTATED = [
    case("stub's client", "from mypy_boto3_s3 import S3Client\ndef f(c: S3Client):\n    c  #? c", "client s3"),
    case("stub's client by submodule",
         "from mypy_boto3_s3.client import S3Client\ndef f(c: S3Client):\n    c  #? c", "client s3"),
    case("stub by its module", "import mypy_boto3_s3\ndef f(c: mypy_boto3_s3.S3Client):\n    c  #? c", "client s3"),
    case("newer stubs", "from types_boto3_sqs import SQSClient\ndef f(c: SQSClient):\n    c  #? c", "client sqs"),
    case("stub's table",
         "from mypy_boto3_dynamodb.service_resource import Table\ndef f(t: Table):\n    t  #? t", "Table of dynamodb"),
    case("stub's resource",
         "from mypy_boto3_s3.service_resource import S3ServiceResource\ndef f(r: S3ServiceResource):\n    r  #? r",
         "resource s3"),
    case("under TYPE_CHECKING",
         "if typing.TYPE_CHECKING:\n    from mypy_boto3_s3 import S3Client\ndef f(c: S3Client):\n    c  #? c",
         "client s3"),
    case("annotated variable",
         "from mypy_boto3_s3 import S3Client\ns3: S3Client = make()\ns3  #? s3", "client s3"),
    case("declared variable", """
        from mypy_boto3_s3 import S3Client
        s3: S3Client
        def init():
            global s3
            s3 = make()
        def f():
            s3  #? s3
    """, "? | client s3"),
    case("declared attribute",
         "from mypy_boto3_s3 import S3Client\nclass C:\n    s3: S3Client\n    def m(self):\n        self.s3  #? self.s3",
         "client s3"),
    case("class of the project", "class C:\n    pass\ndef f(c: C):\n    c  #? c", "instance C"),
    case("class of the project, called with another", """
        class C:
            pass
        class D(C):
            pass
        def f(c: C):
            c  #? c
        def lambda_handler(event, context):
            f(D())
    """, "instance D"),
    case("type of the same name from elsewhere", "from mytypes import S3Client\ndef f(c: S3Client):\n    c  #? c", "?"),
    case("text that isn't a type's name", 'def f(c: "any text"):\n    c  #? c', "?"),
    case("quoted", 'from mypy_boto3_s3 import S3Client\ndef f(c: "S3Client"):\n    c  #? c', "client s3"),
    case("quoted with its module", 'import mypy_boto3_s3\ndef f(c: "mypy_boto3_s3.S3Client"):\n    c  #? c', "client s3"),
    case("quoted name that nothing binds", 'def f(c: "S3Client"):\n    c  #? c', "?"),
    case("optional", "from typing import Optional\nfrom mypy_boto3_s3 import S3Client\n"
         "def f(c: Optional[S3Client]):\n    c  #? c", "client s3"),
    case("or None", "from mypy_boto3_s3 import S3Client\ndef f(c: S3Client | None):\n    c  #? c", "client s3"),
    case("quoted or None", 'from mypy_boto3_s3 import S3Client\ndef f(c: None | "S3Client"):\n    c  #? c', "client s3"),
    case("or something else", "from mypy_boto3_s3 import S3Client\ndef f(c: S3Client | int):\n    c  #? c", "?"),
    case("many of them", "from mypy_boto3_s3 import S3Client\ndef f(c: list[S3Client]):\n    c  #? c", "?"),
    case("no type says more than data flow", """
        from mypy_boto3_s3 import S3Client
        def f(c: S3Client = None):
            c  #? c
    """, "client s3"),
]  # fmt: skip

MODULES = [
    case("from a module", "=== a.py\ns3 = boto3.client('s3')\n=== app.py\nfrom a import s3\ns3  #? s3", "client s3"),
    case("attribute of a module", "=== a.py\ns3 = boto3.client('s3')\n=== app.py\nimport a\na.s3  #? a.s3", "client s3"),
    case("attribute of a submodule",
         "=== p/__init__.py\n=== p/a.py\ns3 = boto3.client('s3')\n=== app.py\nimport p.a\np.a.s3  #? p.a.s3", "client s3"),
    case("re-exported", "=== a.py\ns3 = boto3.client('s3')\n=== b.py\nfrom a import s3\n=== app.py\nfrom b import s3\ns3  #? s3",
         "client s3"),
    case("star import", "=== a.py\ns3 = boto3.client('s3')\n=== app.py\nfrom a import *\ns3  #? s3", "client s3"),
    case("star import of a star import",
         "=== a.py\ns3 = boto3.client('s3')\n=== b.py\nfrom a import *\n=== app.py\nfrom b import *\ns3  #? s3", "client s3"),
    case("star imports in a circle",
         "=== a.py\nfrom b import *\n=== b.py\nfrom a import *\n=== app.py\nfrom a import *\ns3  #? s3", "?"),
    case("star import from outside", "from elsewhere import *\ns3  #? s3", "?"),
    case("last star import wins",
         "=== a.py\nc = boto3.client('s3')\n=== b.py\nc = boto3.client('sqs')\n=== app.py\n"
         "from a import *\nfrom b import *\nc  #? c", "client sqs"),
    case("own name before a star import's",
         "=== a.py\nc = boto3.client('s3')\n=== app.py\nfrom a import *\nc = 1\nc  #? c", "1"),
    case("getter in another module",
         "=== a.py\ndef make(n):\n    return boto3.client(n)\n=== app.py\nfrom a import make\nmake('s3')  #?", "client s3"),
    case("set from another module",
         "=== a.py\ns3 = None\n=== app.py\nimport a\na.s3 = boto3.client('s3')\na.s3  #? a.s3", "None | client s3"),
    case("name that a module doesn't have", "=== a.py\nx = 1\n=== app.py\nfrom a import y\ny  #? y", "?"),
    case("import within a function",
         "=== a.py\ns3 = boto3.client('s3')\n=== app.py\ndef f():\n    from a import s3\n    s3  #? s3", "client s3"),
]  # fmt: skip

# The same thing made in two places is one thing; anything else is not.
ALIKE = [
    case("clients of one service", 'a = boto3.client("s3") if os.name else boto3.client("s3")\na  #? a', "client s3"),
    case("clients of two services", 'a = boto3.client("s3") if os.name else boto3.client("sqs")\na  #? a', ""),
    case("tables of two clients", """
        def table():
            return boto3.resource("dynamodb").Table("a" if os.name else "b")
        t = table() if os.name else boto3.resource("dynamodb").Table("c")
        t.get_item  #? t.get_item
    """, "operation get_item of Table of dynamodb"),
    case("one that isn't known", 'a = boto3.client("s3") if os.name else load()\na  #? a', ""),
    case("objects of one class", "class C:\n    pass\na = C() if os.name else C()\na  #? a", "instance C"),
    case("two lists", "a = [] if os.name else []\na  #? a", ""),
    case("one and True", "a = 1 if os.name else True\na  #? a", ""),
]  # fmt: skip

NEVER = [
    case("a client's name that nobody binds", "s3.get_object()  #? s3"),
    case("a client's name that an unknown call gives", "s3 = make_client()\ns3  #? s3"),
    case("a parameter with a client's name", "def f(s3_client):\n    s3_client  #? s3_client"),
    case("an attribute with a client's name", "class C:\n    def m(self):\n        self.dynamodb  #? self.dynamodb"),
    case("another package's client", 'import other\nother.client("s3")  #?'),
    case("a local function called client", 'def client(name):\n    return object()\nclient("s3")  #?'),
    case("another package's session", 'from other import Session\nSession().client("s3")  #?'),
    case("a name that hides boto3", 'boto3 = fake()\nboto3.client("s3")  #?'),
    case("a parameter that hides boto3", 'import boto3\ndef f(boto3):\n    return boto3.client("s3")  #?'),
    case("a table's name on something unknown", 'make().Table("t")  #?'),
    case("a module's own client function",
         "=== aws.py\ndef client(n):\n    return None\n=== app.py\nimport aws\naws.client('s3')  #?"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), MADE)
def test_what_makes_a_value(text: str, expected: str) -> None:
    assert look(text).value == expected


@pytest.mark.parametrize(("text", "expected"), CARRIED)
def test_what_carries_a_value(text: str, expected: str) -> None:
    assert look(text).value == expected


@pytest.mark.parametrize(("text", "expected"), OBJECTS)
def test_values_of_objects(text: str, expected: str) -> None:
    assert look(text).value == expected


@pytest.mark.parametrize(("text", "expected"), CALLS)
def test_values_through_calls(text: str, expected: str) -> None:
    assert look(text).value == expected


@pytest.mark.parametrize(("text", "expected"), ANNOTATED)
def test_values_by_annotation(text: str, expected: str) -> None:
    assert look(text).value == expected


@pytest.mark.parametrize(("text", "expected"), MODULES)
def test_values_between_modules(text: str, expected: str) -> None:
    assert look(text).value == expected


@pytest.mark.parametrize("text", CHANGED)
def test_what_may_have_changed_is_not_certain(text: str) -> None:
    assert look(text).sure == ""


@pytest.mark.parametrize(("text", "expected"), ALIKE)
def test_the_one_thing_that_a_value_surely_is(text: str, expected: str) -> None:
    assert look(text).sure == expected


@pytest.mark.parametrize("text", NEVER)
def test_a_name_alone_gives_no_value(text: str) -> None:
    place = look(text)
    aws = ("client", "resource", "session", "subresource", "paginator", "waiter", "batch")
    values = place.model.values(place.node)
    assert not [value.kind for value in values if value.kind in aws or value.service]


def test_classes_that_make_each_other_in_every_way_are_followed_in_time() -> None:
    count = 30
    classes = [
        f"class D{i}(B):\n    def make(self, o):\n        self.y = D{(i + 1) % count}()\n        self.y.y = o\n"
        f"        return self.y.make(D{(i + 7) % count}())\n"
        for i in range(count)
    ]
    base = "class B:\n    def run(self):\n        self.x = self.make(self)\n        return self.x.run()\n"
    calls = [f"    D{i}().run()\n" for i in range(count)]
    place = look(base + "".join(classes) + "def lambda_handler(event, context):\n" + "".join(calls) + "    D0()  #?\n")
    assert len(place.model.project.evaluator.memo) < 100_000
