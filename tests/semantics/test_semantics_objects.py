"""What objects of the project hold: made by which call, of which subclass, with which fields, changed by whom."""

from __future__ import annotations

import pytest
from notation import case, look

MADE = [
    case("method on an object that is known", """
        class C:
            def __init__(self):
                self.session = boto3.Session()
            def make(self):
                return self.session.client("s3")
        c = C()
        c.make()  #?
    """, "client s3"),
    case("argument of its own constructor", """
        class C:
            def __init__(self, name):
                self.client = boto3.client(name)
            def get(self):
                return self.client
        a = C("s3")
        b = C("sqs")
        a.get()  #?
    """, "client s3"),
    case("all makers together, seen from a method", """
        class C:
            def __init__(self, name):
                self.name = name
            def get(self):
                return self.name  #? self.name
        def lambda_handler(event, context):
            C("s3").get()
            C("sqs").get()
    """, "'s3' | 'sqs'"),
    case("constructor of a base class", """
        class A:
            def __init__(self, name):
                self.client = boto3.client(name)
        class B(A):
            def __init__(self):
                super().__init__("s3")
        class C(A):
            def __init__(self):
                super().__init__("sqs")
        B().client  #? B().client
    """, "client s3"),
    case("made by a factory", """
        class C:
            def __init__(self, name):
                self.client = boto3.client(name)
        def make(name):
            return C(name)
        make("sqs")
        make("s3").client  #? make("s3").client
    """, "client s3"),
    case("class method that makes its class", """
        class A:
            name = "s3"
            @classmethod
            def create(cls):
                return cls()
        class B(A):
            name = "sqs"
        boto3.client(B.create().name)  #?
    """, "client sqs"),
    case("class of self", """
        class A:
            name = "s3"
            def m(self):
                return type(self).name, self.__class__.name  #? self.__class__.name
    """, "'s3'"),
    case("one object for all", """
        class C:
            one = None
            @classmethod
            def get(cls):
                if cls.one is None:
                    cls.one = cls()
                return cls.one
            def __init__(self):
                self.client = boto3.client("s3")
        C.get().client  #? C.get().client
    """, "client s3"),
    case("stored by __new__", """
        class C:
            def __new__(cls):
                self = super().__new__(cls)
                self.client = boto3.client("s3")
                return self
        C().client  #? C().client
    """, "client s3"),
    case("property that makes it once", """
        class C:
            def __init__(self):
                self._client = None
            @property
            def client(self):
                if self._client is None:
                    self._client = boto3.client("s3")
                return self._client
        C().client  #? C().client
    """, "None | client s3"),
    case("typed attribute", """
        from mypy_boto3_s3 import S3Client
        class C:
            def __init__(self, registry):
                self.client: S3Client = registry.client()
            def m(self):
                self.client  #? self.client
    """, "client s3"),
    case("__getattr__ may give anything", """
        class C:
            def __getattr__(self, name):
                return getattr(self.inner, name)
        C().client  #? C().client
    """, "?"),
    case("objects that hold objects without end", """
        class Node:
            def __init__(self, inner):
                self.inner = inner
            def wrap(self):
                return Node(self)
        n = Node(boto3.client("s3"))
        n.wrap().wrap().inner.inner.inner  #? n.wrap().wrap().inner.inner.inner
    """, "client s3"),
]  # fmt: skip

SELF = [
    case("hook that the only subclass gives", """
        class A:
            def run(self):
                return self.make()  #?
            def make(self):
                raise NotImplementedError
        class B(A):
            def make(self):
                return boto3.client("s3")
        def lambda_handler(event, context):
            B().run()
    """, "client s3"),
    case("hook of two subclasses", """
        class A:
            def run(self):
                return self.make()  #?
        class B(A):
            def make(self):
                return boto3.client("s3")
        class C(A):
            def make(self):
                return boto3.client("sqs")
        def lambda_handler(event, context):
            B().run()
            C().run()
    """, "client s3 | client sqs"),
    case("subclass that nobody makes", """
        class A:
            def run(self):
                return self.make()  #?
            def make(self):
                return boto3.client("s3")
        class B(A):
            def make(self):
                return boto3.client("sqs")
        def lambda_handler(event, context):
            A().run()
    """, "client s3"),
    case("hook by the object it is called on", """
        class A:
            def run(self):
                return self.make()
        class B(A):
            def make(self):
                return boto3.client("s3")
        class C(A):
            def make(self):
                return boto3.client("sqs")
        def lambda_handler(event, context):
            C().run()
            B().run()  #?
    """, "client s3"),
    case("super in the middle of a line of classes", """
        class A:
            def make(self):
                return boto3.client(self.name)
        class B(A):
            def make(self):
                return super().make()
        class C(B):
            name = "s3"
            def make(self):
                return super().make()
        C().make()  #?
    """, "client s3"),
    case("an annotated base stands for the subclasses that are made", """
        class A:
            pass
        class B(A):
            client = boto3.client("s3")
        def load(a: A):
            a.client  #? a.client
        def lambda_handler(event, context):
            load(event["a"])
            B()
    """, "client s3"),
]  # fmt: skip

STORED = [
    case("on an instance", """
        class C:
            pass
        c = C()
        c.client = boto3.client("s3")
        c.client  #? c.client
    """, "client s3"),
    case("on another instance that a call tells apart", """
        class C:
            client = None
        a, b = C(), C()
        a.client = boto3.client("s3")
        b.client  #? b.client
    """, "None"),
    case("on the class", """
        class C:
            client = None
        C.client = boto3.client("s3")
        C().client  #? C().client
    """, "None | client s3"),
    case("on a base class", """
        class A:
            client = None
        class B(A):
            pass
        A.client = boto3.client("s3")
        B().client  #? B().client
    """, "None | client s3"),
    case("on another class", """
        class A:
            client = None
        class B:
            client = None
        A.client = boto3.client("s3")
        B().client  #? B().client
    """, "None"),
    case("by setattr", """
        class C:
            client = None
        setattr(C, "client", boto3.client("s3"))
        C.client  #? C.client
    """, "None | client s3"),
    case("on a function", """
        def f():
            f.client  #? f.client
        f.client = boto3.client("s3")
    """, "client s3"),
    case("on a thread's own object", """
        local = threading.local()
        def f():
            local.client = boto3.client("s3")
        def g():
            local.client  #? local.client
    """, "client s3"),
    case("on another thread's own object", """
        one, other = threading.local(), threading.local()
        def f():
            one.client = boto3.client("s3")
        def g():
            other.client  #? other.client
    """, "operation client of threading.local()"),
    case("on a module, read there", """
        === a.py
        s3 = None
        def f():
            s3  #? s3
        === app.py
        import a
        a.s3 = boto3.client("s3")
        def lambda_handler(event, context):
            a.f()
    """, "None | client s3"),
    case("by a test", """
        === a.py
        s3 = boto3.client("s3")
        === tests/test_a.py
        import a
        a.s3 = make_fake()
        === app.py
        import a
        def lambda_handler(event, context):
            a.s3  #? a.s3
    """, "client s3"),
    case("something unknown", """
        class C:
            client = boto3.client("s3")
        C.client = make()
        C.client  #? C.client
    """, "? | client s3"),
]  # fmt: skip

FIELDS = [
    case("given by name", """
        from dataclasses import dataclass
        @dataclass
        class Role:
            session: object
        role = Role(session=boto3.Session())
        role.session.client("s3")  #?
    """, "client s3"),
    case("of a cached role that wraps a session", """
        from dataclasses import dataclass
        @dataclass
        class Role:
            session: boto3.Session
            region: str
            def client(self, name):
                return self.session.client(name, region_name=self.region)
        @functools.cache
        def role():
            session = boto3.Session()
            return Role(session=session, region=session.region_name)
        role().client("events")  #?
    """, "client events"),
    case("by position, behind a base's fields", """
        from dataclasses import dataclass
        @dataclass
        class A:
            name: str
        @dataclass
        class B(A):
            client: object
        B("x", boto3.client("s3")).client  #? B("x", boto3.client("s3")).client
    """, "client s3"),
    case("what isn't a parameter doesn't count", """
        from dataclasses import dataclass, field
        @dataclass
        class A:
            cache: dict = field(init=False)
            client: object = None
        A(boto3.client("s3")).client  #? A(boto3.client("s3")).client
    """, "client s3"),
    case("default factory", """
        from dataclasses import dataclass, field
        @dataclass
        class A:
            client: object = field(default_factory=lambda: boto3.client("s3"))
        A().client  #? A().client
    """, "client s3"),
    case("default of a field", """
        from dataclasses import dataclass, field
        @dataclass
        class A:
            name: str = field(default="s3")
        boto3.client(A().name)  #?
    """, "client s3"),
    case("from a mapping", """
        from dataclasses import dataclass
        @dataclass
        class A:
            name: str = "s3"
        given = {"name": "sqs"}
        boto3.client(A(**given).name)  #?
    """, "client sqs"),
    case("from an unknown mapping", """
        from dataclasses import dataclass
        @dataclass
        class A:
            name: str = "s3"
        boto3.client(A(**load()).name)  #?
    """, "client ?"),
    case("of all makers, seen from a method", """
        from dataclasses import dataclass
        @dataclass
        class A:
            client: object
            def m(self):
                self.client  #? self.client
        def lambda_handler(event, context):
            A(boto3.client("s3")).m()
    """, "client s3"),
    case("constructor of its own", """
        from dataclasses import dataclass
        @dataclass
        class A:
            client: object = None
            def __init__(self, name):
                self.client = boto3.client(name)
        A("s3").client  #? A("s3").client
    """, "None | client s3"),
    case("class variable", """
        from dataclasses import dataclass
        from typing import ClassVar
        @dataclass
        class A:
            name: ClassVar[str] = "s3"
            other: str = "x"
        boto3.client(A("sqs").name)  #?
    """, "client s3"),
    case("attrs", """
        import attrs
        @attrs.define
        class A:
            client: object
        A(boto3.client("s3")).client  #? A(boto3.client("s3")).client
    """, "client s3"),
    case("attrs without annotations", """
        import attr
        @attr.s
        class A:
            client = attr.ib()
        A(client=boto3.client("s3")).client  #? A(client=boto3.client("s3")).client
    """, "client s3"),
    case("a model's fields have no position", """
        from pydantic import BaseModel
        class A(BaseModel):
            name: str = "s3"
        boto3.client(A(name="sqs").name)  #?
    """, "client sqs"),
    case("decorator that isn't known", """
        from elsewhere import record
        @record
        class A:
            name: str = "s3"
        boto3.client(A("sqs").name)  #?
    """, "client ?"),
    case("named tuple by a call", """
        from collections import namedtuple
        P = namedtuple("P", "name client")
        P("x", boto3.client("s3")).client  #? P("x", boto3.client("s3")).client
    """, "client s3"),
    case("named tuple's missing field", """
        from collections import namedtuple
        P = namedtuple("P", ["name"])
        P("x").client  #? P("x").client
    """, "?"),
]  # fmt: skip

ENUMERATIONS = [
    case("text that is a member", """
        import enum
        class E(str, enum.Enum):
            A = "s3"
        boto3.client(E.A)  #?
    """, "client s3"),
    case("member that is no text", """
        import enum
        class E(enum.Enum):
            A = "s3"
        boto3.client(E.A)  #?
    """, "client ?"),
    case("name of a member", """
        import enum
        class E(enum.Enum):
            s3 = 1
        boto3.client(E.s3.name)  #?
    """, "client s3"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), MADE)
def test_objects_by_the_call_that_made_them(text: str, expected: str) -> None:
    assert look(text).value == expected


@pytest.mark.parametrize(("text", "expected"), SELF)
def test_self_is_every_class_that_is_made(text: str, expected: str) -> None:
    assert look(text).value == expected


@pytest.mark.parametrize(("text", "expected"), STORED)
def test_attributes_stored_from_outside(text: str, expected: str) -> None:
    assert look(text).value == expected


@pytest.mark.parametrize(("text", "expected"), FIELDS)
def test_fields_hold_what_the_maker_was_given(text: str, expected: str) -> None:
    assert look(text).value == expected


@pytest.mark.parametrize(("text", "expected"), ENUMERATIONS)
def test_members_of_enumerations(text: str, expected: str) -> None:
    assert look(text).value == expected


def test_a_method_of_many_objects_of_one_class_is_known() -> None:
    sent = ", ".join(f"send(Role(SESSION, {number}))" for number in range(12))
    text = f"""
import boto3
SESSION = boto3.Session()
class Role:
    def __init__(self, session, number):
        self.session = session
        self.number = number
    def client(self, service):
        return self.session.client(service)
def send(role):
    return role.client("events")  #? role.client("events")
def lambda_handler(event, context):
    return [{sent}]
"""
    assert look(text).value == "client events"
