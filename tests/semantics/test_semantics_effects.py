"""What a call does to the world outside: reads it, writes it, nothing, or can't be told."""

from __future__ import annotations

import pytest
from notation import case, files_of, functions_of, look, project_of

OPERATIONS = [
    case("client's read", 'boto3.client("s3").get_object(Bucket="b")  #?', "read"),
    case("client's list", 'boto3.client("ec2").describe_instances()  #?', "read"),
    case("client's write", 'boto3.client("s3").put_object(Bucket="b")  #?', "write"),
    case("invocation", 'boto3.client("lambda").invoke(FunctionName="f")  #?', "write"),
    case("no operation", 'boto3.client("s3").no_such_thing()  #?', "unknown"),
    case("presigned", 'boto3.client("s3").generate_presigned_url("get_object")  #?', "none"),
    case("question to the client", 'boto3.client("s3").can_paginate("list_objects_v2")  #?', "none"),
    case("paginator made", 'boto3.client("s3").get_paginator("list_objects_v2")  #?', "none"),
    case("paginator run", 'boto3.client("s3").get_paginator("list_objects_v2").paginate()  #?', "read"),
    case("paginator of a write", 'boto3.client("dynamodb").get_paginator("delete_item").paginate()  #?', "write"),
    case("waiter made", 'boto3.client("ec2").get_waiter("instance_running")  #?', "none"),
    case("operation that every service with it reads by",
         'boto3.client(os.environ["A"]).describe_instances()  #?', "read"),
    case("operation of an unknown service", 'boto3.client(os.environ["A"]).no_such_thing()  #?', "unknown"),
    case("table's read", 'boto3.resource("dynamodb").Table("t").get_item(Key={})  #?', "read"),
    case("table's query", 'boto3.resource("dynamodb").Table("t").query()  #?', "read"),
    case("table's write", 'boto3.resource("dynamodb").Table("t").update_item(Key={})  #?', "write"),
    case("table made", 'boto3.resource("dynamodb").Table("t")  #?', "none"),
    case("resource's own batch read", 'boto3.resource("dynamodb").batch_get_item(RequestItems={})  #?', "read"),
    case("queue looked up", 'boto3.resource("sqs").get_queue_by_name(QueueName="q")  #?', "read"),
    case("queue written to", 'boto3.resource("sqs").Queue("q").send_message(MessageBody="b")  #?', "write"),
    case("collection", 'boto3.resource("s3").Bucket("b").objects.all()  #?', "read"),
    case("action on a collection", 'boto3.resource("s3").Bucket("b").objects.all().delete()  #?', "write"),
    case("client made", 'boto3.client("s3")  #?', "none"),
    case("client of a session made", 'boto3.Session().client("s3")  #?', "none"),
    case("session made", "boto3.Session()  #?", "none"),
    case("one of two clients", 'c = boto3.client("s3") if os.name else boto3.client("sqs")\nc.get_object()  #?', "unknown"),
    case("read or write", 'c = boto3.client("s3")\nf = c.get_object if os.name else c.put_object\nf()  #?', "write"),
    case("exception's constructor", 's3 = boto3.client("s3")\ns3.exceptions.NoSuchKey({}, "x")  #?', "unknown"),
    case("entry of a batch", """
        t = boto3.resource("dynamodb").Table("t")
        with t.batch_writer() as b:
            b.put_item(Item={})  #?
    """, "none"),
]  # fmt: skip

OTHERS = [
    case("HTTP get", 'requests.get("u")  #?', "read"),
    case("HTTP post", 'requests.post("u")  #?', "write"),
    case("HTTP by a read's name", 'requests.request("GET", "u")  #?', "read"),
    case("HTTP by a keyword", 'requests.request(method="HEAD", url="u")  #?', "read"),
    case("HTTP by a write's name", 'requests.request("PUT", "u")  #?', "write"),
    case("HTTP by an unknown name", 'requests.request(os.environ["M"], "u")  #?', "unknown"),
    case("session's get", 'requests.Session().get("u")  #?', "read"),
    case("session's post", 'httpx.Client().post("u")  #?', "write"),
    case("session's request", 'requests.Session().request("GET", "u")  #?', "read"),
    case("session made", "requests.Session()  #?", "none"),
    case("urlopen", 'import urllib.request\nurllib.request.urlopen("u")  #?', "read"),
    case("URL quoted", 'import urllib.parse\nurllib.parse.quote("u")  #?', "none"),
    case("parsing", 'json.loads("1")  #?', "none"),
    case("builtin", "len([])  #?", "none"),
    case("builtin that runs anything", 'eval("f()")  #?', "unknown"),
    case("file", 'open("a")  #?', "unknown"),
    case("environment", 'os.environ.get("A")  #?', "none"),
    case("sleep", "time.sleep(1)  #?", "none"),
    case("method of a text", '"a".upper()  #?', "none"),
    case("method of a date", "import datetime\ndatetime.datetime.now().isoformat()  #?", "none"),
    case("package nobody knows", "import other\nother.get()  #?", "unknown"),
    case("object nobody knows", "import other\nother.Thing().save()  #?", "unknown"),
    case("name that nobody binds", "nowhere()  #?", "unknown"),
    case("name that nobody binds, with a builtin's method", "nowhere.save()  #?", "unknown"),
    case("parameter", "def f(g):\n    g()  #?", "unknown"),
    case("unknown method of a parameter", "def f(g):\n    g.save()  #?", "unknown"),
    case("method of a parameter with a dict's name", "def f(repository):\n    repository.update(1)  #?", "unknown"),
]  # fmt: skip


def called(text: str) -> str:
    """A function `f` of the project that is called by the handler, at the mark."""
    return text + "\ndef lambda_handler(event, context):\n    f()  #?\n"


FUNCTIONS = [
    case("computes", called("def f():\n    return json.dumps(1)"), "none"),
    case("empty", called("def f():\n    pass"), "none"),
    case("reads", called('s3 = boto3.client("s3")\ndef f():\n    return s3.get_object()'), "read"),
    case("writes", called('s3 = boto3.client("s3")\ndef f():\n    s3.put_object()'), "write"),
    case("reads and writes", called('s3 = boto3.client("s3")\ndef f():\n    s3.get_object()\n    s3.put_object()'), "write"),
    case("reads and something unknown",
         called('s3 = boto3.client("s3")\nimport other\ndef f():\n    s3.get_object()\n    other.f()'), "unknown"),
    case("reads by another", called('s3 = boto3.client("s3")\ndef g():\n    s3.get_object()\ndef f():\n    g()'), "read"),
    case("reads in a branch", called('s3 = boto3.client("s3")\ndef f():\n    if os.name:\n        s3.get_object()'), "read"),
    case("reads by recursion", called('s3 = boto3.client("s3")\ndef f(n=1):\n    s3.get_object()\n    f(n - 1)'), "read"),
    case("recursion that writes later",
         called('s3 = boto3.client("s3")\ndef g():\n    f()\ndef f():\n    g()\n    s3.put_object()'), "write"),
    case("cached", called('s3 = boto3.client("s3")\n@functools.lru_cache\ndef f():\n    return s3.get_object()'), "none"),
    case("guarded",
         called('s3 = boto3.client("s3")\nX = None\ndef f():\n    global X\n    if X is None:\n        X = s3.get_object()\n    return X'),
         "none"),
    case("calls its client's maker",
         called('@functools.lru_cache\ndef s3():\n    return boto3.client("s3")\ndef f():\n    return s3().get_object()'), "read"),
    case("nested function that isn't called",
         called('s3 = boto3.client("s3")\ndef f():\n    def g():\n        s3.put_object()\n    return g'), "none"),
    case("class that is made",
         'class C:\n    pass\ndef lambda_handler(event, context):\n    C()  #?', "none"),
    case("class whose constructor reads",
         's3 = boto3.client("s3")\nclass C:\n    def __init__(self):\n        s3.get_object()\n'
         "def lambda_handler(event, context):\n    C()  #?", "read"),
    case("method that reads", """
        class C:
            def __init__(self):
                self.s3 = boto3.client("s3")
            def load(self):
                return self.s3.get_object()
        c = C()
        def lambda_handler(event, context):
            c.load()  #?
    """, "read"),
    case("client as argument", """
        def load(client):
            return client.get_object()
        def lambda_handler(event, context):
            load(boto3.client("s3"))  #?
    """, "read"),
    case("function that is handed over",
         's3 = boto3.client("s3")\nimport other\ndef f():\n    s3.get_object()\ndef lambda_handler(event, context):\n    other.run(f)  #?',
         "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), OPERATIONS)
def test_aws_operations(text: str, expected: str) -> None:
    assert look(text).effect == expected


@pytest.mark.parametrize(("text", "expected"), OTHERS)
def test_other_calls(text: str, expected: str) -> None:
    assert look(text).effect == expected


@pytest.mark.parametrize(("text", "expected"), FUNCTIONS)
def test_functions_of_the_project(text: str, expected: str) -> None:
    assert look(text).effect == expected


def test_functions_that_call_each_other_are_told_whole_each() -> None:
    text = """
        s3 = boto3.client("s3")
        def f():
            g()
            s3.put_object()
        def g():
            h()
        def h():
            f()
        def lambda_handler(event, context):
            f()
            g()
            h()
    """
    for order in ("fgh", "hgf", "gfh"):
        project = project_of(files_of(text))
        functions = functions_of(project)
        assert {project.effects.of_function(functions[name]).effect for name in order} == {"write"}, order


SUMMARIES = [
    case("nothing", "def f(a):\n    b = a\n    return b", (False, False)),
    case("raises", "def f(a):\n    raise ValueError", (True, False)),
    case("raises by another", "def g():\n    raise ValueError\ndef f(a):\n    g()", (True, False)),
    case("raises again what it caught", "def f(a):\n    try:\n        g()\n    except ValueError:\n        raise", (False, False)),
    case("nested function raises", "def f(a):\n    def g():\n        raise ValueError", (False, False)),
    case("stores into a parameter", "def f(a):\n    a['k'] = 1", (False, True)),
    case("stores on an object", "class C:\n    def f(self):\n        self.a = 1\nf = C().f", (False, True)),
    case("assigns a parameter anew", "def f(a):\n    a = 1", (False, False)),
    case("stores into its own", "def f(a):\n    b = {}\n    b['k'] = 1", (False, False)),
    case("assigns a global", "X = 1\ndef f(a):\n    global X\n    X = 2", (False, True)),
    case("stores into the module's", "X = {}\ndef f(a):\n    X['k'] = 1", (False, True)),
    case("deletes from a parameter", "def f(a):\n    del a['k']", (False, True)),
    case("appends to a parameter", "def f(a):\n    a.append(1)", (False, True)),
    case("appends to the module's", "X = []\ndef f(a):\n    X.append(1)", (False, True)),
    case("appends to its own", "def f(a):\n    b = []\n    b.append(1)", (False, False)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SUMMARIES)
def test_whether_a_function_raises_and_what_it_changes(text: str, expected: tuple[bool, bool]) -> None:
    project = project_of(files_of(text + "\ndef lambda_handler(event, context):\n    f(event)\n"))
    functions = functions_of(project)
    summary = project.effects.of_function(functions.get("f") or functions["C.f"])
    assert (summary.raises, summary.mutates) == expected
