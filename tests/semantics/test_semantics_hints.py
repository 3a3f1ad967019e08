"""What types say of values that data flow leaves open."""

from __future__ import annotations

import pytest
from notation import case, look

STUB = "from mypy_boto3_s3 import S3Client\n"

# By the annotation of a parameter that no call gives.
PARAMETERS = [
    case("annotated", "typing.Annotated[S3Client, 1]", "client s3"),
    case("final", "typing.Final[S3Client]", "client s3"),
    case("union with None", "typing.Union[S3Client, None]", "client s3"),
    case("union with another", "typing.Union[S3Client, int]", "?"),
    case("quoted optional", '"typing.Optional[S3Client]"', "client s3"),
    case("quoted or None", '"S3Client | None"', "client s3"),
    case("optional of a quoted", 'typing.Optional["S3Client"]', "client s3"),
    case("quoted within a quoted", "\"typing.Optional['S3Client']\"", "?"),
    case("a class itself", "typing.Type[C]", "class C"),
    case("a quoted class of the project", '"C"', "instance C"),
    case("session", "boto3.Session", "session"),
    case("session by its module", "boto3.session.Session", "session"),
    case("any client", "botocore.client.BaseClient", "client ?"),
    case("what makes a client, for what it makes", "boto3.client", "client ?"),
    case("text that is no type", '"the client; of S3"', "?"),
    case("text that calls something", '"make()"', "?"),
    case("callable", "typing.Callable[[], S3Client]", "?"),
    case("unclosed", '"Optional[S3Client"', "?"),
    case("very long", '"' + "S3Client | " * 40 + 'None"', "?"),
    case("deep", "typing.Optional[" * 30 + "S3Client" + "]" * 30, "?"),
]  # fmt: skip

RETURNS = [
    case("function", "def make() -> S3Client:\n    return registry()\nmake()  #?", "client s3"),
    case("quoted", 'def make() -> "S3Client":\n    return registry()\nmake()  #?', "client s3"),
    case("body that says more",
         'def make() -> S3Client:\n    return boto3.client("sqs")\nmake()  #?', "client sqs"),
    case("body without a return", "def make() -> S3Client: ...\nmake()  #?", "client s3"),
    case("None by its body", "def make() -> typing.Optional[int]:\n    return None\nmake()  #?", "None"),
    case("method", "class A:\n    def make(self) -> S3Client: ...\nA().make()  #?", "client s3"),
    case("property", "class A:\n    @property\n    def s3(self) -> S3Client: ...\nA().s3  #? A().s3", "client s3"),
    case("context manager", """
        class A:
            def __enter__(self) -> S3Client:
                return make()
        with A() as s3:
            s3  #? s3
    """, "client s3"),
    case("asynchronous", "async def make() -> S3Client:\n    return await registry()\nasync def f():\n"
         "    s3 = await make()\n    s3  #? s3", "client s3"),
    case("type that says nothing", "def make() -> typing.Any:\n    return registry()\nmake()  #?", "?"),
]  # fmt: skip

FLOW_FIRST = [
    case("argument that is known", """
        def f(client: S3Client):
            client  #? client
        def lambda_handler(event, context):
            f(boto3.client("sqs"))
    """, "client sqs"),
    case("one of two arguments", """
        def f(client: S3Client):
            client  #? client
        def lambda_handler(event, context):
            f(boto3.client("sqs"))
            f(event["client"])
    """, "client s3"),
    case("assignment that is known", 'x: S3Client = boto3.client("sqs")\nx  #? x', "client sqs"),
    case("attribute that is None at first", """
        class A:
            def __init__(self):
                self.s3: typing.Optional[S3Client] = None
            def m(self):
                self.s3  #? self.s3
    """, "client s3"),
]  # fmt: skip


@pytest.mark.parametrize(("annotation", "expected"), PARAMETERS)
def test_types_of_parameters(annotation: str, expected: str) -> None:
    text = f"{STUB}class C:\n    pass\ndef f(c: {annotation}):\n    c  #? c"
    assert look(text).value == expected


@pytest.mark.parametrize(("text", "expected"), RETURNS)
def test_types_of_results(text: str, expected: str) -> None:
    assert look(_with_stub(text)).value == expected


@pytest.mark.parametrize(("text", "expected"), FLOW_FIRST)
def test_data_flow_comes_before_types(text: str, expected: str) -> None:
    assert look(_with_stub(text)).value == expected


def _with_stub(text: str) -> str:
    indent = text[: len(text) - len(text.lstrip())].strip("\n")
    return f"{indent}{STUB}{text.lstrip(chr(10))}"
