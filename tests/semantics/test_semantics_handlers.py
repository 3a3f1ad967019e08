"""Which functions are handlers, and how that is known."""

from __future__ import annotations

import pytest
from notation import case, files_of, handlers_of, lines, project_of

from lambdalint.deployment import DeployedFunction
from lambdalint.semantics.project import Options

NAMED = [
    case("lambda_handler", "def lambda_handler(event, context): pass"),
    case("lambda_handler with other names", "def lambda_handler(a, b): pass"),
    case("lambda_handler with one more", "def lambda_handler(event, context, s3=None): pass"),
    case("handler", "def handler(event, context): pass"),
    case("handle", "def handle(event, context): pass"),
    case("its own name", "def users_handler(event, context): pass"),
    case("name behind", "def handler_users(event, context): pass"),
    case("camel case", "def usersHandler(event, context): pass"),
    case("unused names", "def handler(_event, _context): pass"),
    case("underscores", "def handler(_, __): pass"),
    case("short names", "def handler(e, ctx): pass"),
    case("request", "def handler(request, context): pass"),
    case("annotated", "def handler(event: dict, context: object) -> dict: pass"),
    case("async", "async def handler(event, context): pass"),
    case("sns_event", "def handler(sns_event, context): pass"),
    case("bound method", "class C:\n    def run(self, event, context): pass\nhandler = C().run"),
    case("method of a class", "class C:\n    @staticmethod\n    def run(event, context): pass\nhandler = C.run"),
    case("class method", "class C:\n    @classmethod\n    def run(cls, event, context): pass\nhandler = C.run"),
    case("object that is called", "class C:\n    def __call__(self, event, context): pass\nlambda_handler = C()"),
    case("factory", "def make():\n    def inner(event, context): pass\n    return inner\nlambda_handler = make()"),
    case("factory's star", "def make(f):\n    def inner(*args): pass\n    return inner\nlambda_handler = make(print)"),
    case("another name for it", "def main(event, context): pass\nhandler = main"),
    case("lambda", "lambda_handler = lambda event, context: None"),
    case("annotated name", "def main(event, context): pass\nhandler: object = main"),
    case("inherited call", "class A:\n    def __call__(self, event, context): pass\nclass B(A): pass\nhandler = B()"),
    case(
        "wrapper's parameters",
        "def deco(f):\n    def inner(event, context):\n        return f(1)\n    return inner\n"
        "@deco\ndef handler(user): pass",
    ),
]

NOT_NAMED = [
    case("hook of botocore", "def retry_handler(parsed, context): pass"),
    case("hook with a model", "def params_handler(params, context): pass"),
    case("handler of exceptions", "def exception_handler(exc, context): pass"),
    case("handler of exceptions by its whole name", "def my_exception_handler(exception, context): pass"),
    case("handler of signals", "def signal_handler(signum, frame): pass"),
    case("handler of signals, short", "def signal_handler(sig, frame): pass"),
    case("logging", "handler = logging.StreamHandler()"),
    case("script of an SSM automation", "def script_handler(events, context): pass"),
    case("fixture", "import pytest\n@pytest.fixture\ndef handler(event, context): pass"),
    case("fixture by call", "import pytest\n@pytest.fixture(scope='module')\ndef handler(event, context): pass"),
    case("in a test", "=== tests/test_app.py\ndef handler(event, context): pass"),
    case("in a test's helper", "=== tests/conftest.py\ndef lambda_handler(event, context): pass"),
    case("assigned in a test", "=== tests/test_app.py\ndef main(event, context): pass\nhandler = main"),
    case("beside the code under test", "=== src/test_app.py\ndef lambda_handler(event, context): pass"),
    case("method", "class C:\n    def handler(self, event, context): pass"),
    case("nested", "def make():\n    def handler(event, context): pass\n    return handler"),
    case("one parameter", "def handler(event): pass"),
    case("one parameter of the usual name", "def lambda_handler(event): pass"),
    case("three parameters", "def handler(event, context, callback): pass"),
    case("keyword parameter", "def handler(event, *, context): pass"),
    case("other parameters", "def handler(a, b): pass"),
    case("request and response", "def handler(request, response): pass"),
    case("HTTP server", "def not_found_handler(request, exception): pass"),
    case("another name", "def main(event, context): pass"),
    case("name that only begins so", "def handlers(event, context): pass"),
    case("argument of a command", "def handle(args, options): pass"),
    case("call of a class", "handler = make_handler(1)"),
    case("object of other parameters", "class C:\n    def __call__(self, exc, context): pass\nerror_handler = C()"),
    case("object that isn't called", "class C:\n    def handle(self, event, context): pass\nhandler = C()"),
    case("function of other parameters", "def main(a, b): pass\nhandler = main"),
    case(
        "star of another name", "def make(f):\n    def inner(*args): pass\n    return inner\nmy_handler = make(print)"
    ),
    case("name of no handler", "def main(event, context): pass\nrun = main"),
    case("local name", "def main(event, context): pass\ndef f():\n    handler = main"),
    case("method of an object that nothing names", "class C:\n    def handle(self, event, context): pass\nc = C()"),
    case(
        "other parameters by a wrapper",
        "def deco(f):\n    def inner(request, response):\n        return f(1, 2)\n    return inner\n"
        "@deco\ndef handler(event, context): pass",
    ),
    case("socket's handler", "def connect_handler(sid, environ): pass"),
]

FRAMEWORKS = [
    case("Powertools logger", """
        from aws_lambda_powertools import Logger
        logger = Logger()
        @logger.inject_lambda_context
        def main(event, context): pass
    """, "app.py:main (Powertools decorator logger.inject_lambda_context)"),
    case("Powertools logger with arguments", """
        from aws_lambda_powertools import Logger
        logger = Logger(service="a")
        @logger.inject_lambda_context(log_event=True)
        def main(event, context): pass
    """, "app.py:main (Powertools decorator logger.inject_lambda_context)"),
    case("Powertools tracer", """
        from aws_lambda_powertools.tracing import Tracer
        tracer = Tracer()
        @tracer.capture_lambda_handler
        def main(event, context): pass
    """, "app.py:main (Powertools decorator tracer.capture_lambda_handler)"),
    case("Powertools metrics", """
        from aws_lambda_powertools import Metrics
        metrics = Metrics()
        @metrics.log_metrics(capture_cold_start_metric=True)
        def main(event, context): pass
    """, "app.py:main (Powertools decorator metrics.log_metrics)"),
    case("Powertools event source", """
        from aws_lambda_powertools.utilities.data_classes import SQSEvent, event_source
        @event_source(data_class=SQSEvent)
        def main(event, context): pass
    """, "app.py:main (Powertools decorator event_source)"),
    case("Powertools event parser", """
        from aws_lambda_powertools.utilities.parser import event_parser
        @event_parser(model=object)
        def main(event, context): pass
    """, "app.py:main (Powertools decorator event_parser)"),
    case("Powertools routes", """
        from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
        app = APIGatewayHttpResolver()
        @app.get("/a")
        def a(): pass
        @app.route("/b", method="POST")
        def b(): pass
        @app.not_found
        def c(): pass
    """, "app.py:a (Powertools route app.get)\napp.py:b (Powertools route app.route)"),
    case("Powertools router in another file", """
        === users.py
        from aws_lambda_powertools.event_handler.router import APIGatewayRouter
        router = APIGatewayRouter()
        @router.post("/users")
        def create(): pass
    """, "users.py:create (Powertools route router.post)"),
    case("Powertools GraphQL", """
        from aws_lambda_powertools.event_handler import AppSyncResolver
        app = AppSyncResolver()
        @app.resolver(type_name="Query", field_name="a")
        def a(): pass
    """, "app.py:a (Powertools route app.resolver)"),
    case("Chalice routes", """
        from chalice import Chalice
        app = Chalice(app_name="a")
        @app.route("/")
        def index(): pass
        @app.lambda_function(name="x")
        def job(event, context): pass
        @app.on_sqs_message(queue="q")
        def message(event): pass
        @app.schedule("rate(1 hour)")
        def tick(event): pass
    """, "app.py:index (Chalice route app.route)\napp.py:job (Chalice route app.lambda_function)\n"
         "app.py:message (Chalice route app.on_sqs_message)\napp.py:tick (Chalice route app.schedule)"),
    case("Chalice blueprint", """
        from chalice import Blueprint
        extra = Blueprint(__name__)
        @extra.route("/")
        def index(): pass
    """, "app.py:index (Chalice route extra.route)"),
    case("Powertools middleware of an application", """
        from aws_lambda_powertools.event_handler import APIGatewayRestResolver
        app = APIGatewayRestResolver()
        def around(app, next_middleware): pass
        class Around:
            def __call__(self, app, next_middleware): pass
        app.use(middlewares=[around, Around()])
    """, "app.py:Around.__call__ (Powertools middleware app.use)\napp.py:around (Powertools middleware app.use)"),
    case("Powertools middleware of a route", """
        from aws_lambda_powertools.event_handler import APIGatewayRestResolver
        app = APIGatewayRestResolver()
        def around(app, next_middleware): pass
        @app.get("/a", middlewares=[around])
        def a(): pass
    """, "app.py:a (Powertools route app.get)\napp.py:around (Powertools route middleware app.get)"),
    case("Powertools agent", """
        from aws_lambda_powertools.event_handler import BedrockAgentResolver
        app = BedrockAgentResolver()
        @app.get("/a", description="a")
        def a(): pass
    """, "app.py:a (Powertools route app.get)"),
    case("Powertools handler of exceptions", """
        from aws_lambda_powertools.event_handler import APIGatewayRestResolver
        app = APIGatewayRestResolver()
        @app.exception_handler(ValueError)
        def failed(error): pass
    """, ""),
    case("Chalice middleware", """
        from chalice import Chalice
        app = Chalice(app_name="a")
        @app.middleware("all")
        def around(event, get_response): pass
        def other(event, get_response): pass
        app.register_middleware(other, "all")
    """, "app.py:around (Chalice route app.middleware)\napp.py:other (Chalice middleware app.register_middleware)"),
    case("Chalice authorizer and web socket", """
        from chalice import Chalice
        app = Chalice(app_name="a")
        @app.authorizer()
        def check(request): pass
        @app.on_ws_message()
        def message(event): pass
    """, "app.py:check (Chalice route app.authorizer)\napp.py:message (Chalice route app.on_ws_message)"),
    case("command", "import click\n@click.command()\ndef run(event, context): pass", ""),
    case("crhelper", "from crhelper import CfnResource\nhelper = CfnResource()\n@helper.create\ndef create(event, context): pass", ""),
    case("decorated and named", """
        from aws_lambda_powertools import Logger
        logger = Logger()
        @logger.inject_lambda_context
        def lambda_handler(event, context): pass
    """, "app.py:lambda_handler (Powertools decorator logger.inject_lambda_context)"),
    case("Flask's route", "from flask import Flask\napp = Flask(__name__)\n@app.route('/')\ndef index(): pass", ""),
    case("FastAPI's route", "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/')\ndef index(): pass", ""),
    case("a class of the project called Logger", """
        class Logger:
            def inject_lambda_context(self, f):
                return f
        logger = Logger()
        @logger.inject_lambda_context
        def main(event, context): pass
    """, ""),
    case("a decorator of that name from elsewhere", """
        from elsewhere import logger
        @logger.inject_lambda_context
        def main(event, context): pass
    """, ""),
    case("Powertools middleware", """
        from aws_lambda_powertools.middleware_factory import lambda_handler_decorator
        @lambda_handler_decorator
        def around(handler, event, context):
            return handler(event, context)
        @around
        def main(event, context): pass
    """, "app.py:main (Powertools decorator around)"),
]  # fmt: skip

CONFIGURED = [
    case("path and name", "app.py:run", "app.py:run (configuration)"),
    case(
        "glob",
        "functions/*/main.py:run",
        "functions/a/main.py:run (configuration)\nfunctions/b/main.py:run (configuration)",
    ),
    case("module and name", "functions.a.main:run", "functions/a/main.py:run (configuration)"),
    case("dotted", "functions.a.main.run", "functions/a/main.py:run (configuration)"),
    case("end of a path", "a/main.py:run", "functions/a/main.py:run (configuration)"),
    case("no such function", "app.py:walk", ""),
    case("no such file", "nowhere.py:run", ""),
    case("end of a name is no path", "p.py:run", ""),
]

_RUN = "def run(event, context): pass"
_FUNCTIONS = f"=== app.py\n{_RUN}\n=== functions/a/main.py\n{_RUN}\n=== functions/b/main.py\n{_RUN}\n"


def deployed(handler: str, *roots: str, **facts: object) -> DeployedFunction:
    return DeployedFunction("template.yaml", 7, "Users", handler, roots or ("",), **facts)  # type: ignore[arg-type]


DEPLOYED = [
    case("function", "def run(event, context): pass", "app.run", "app.py:run"),
    case("imported function", "=== lib.py\ndef run(event, context): pass\n=== app.py\nfrom lib import run", "app.run", "lib.py:run"),
    case("function of a star import", "=== lib.py\ndef run(event, context): pass\n=== app.py\nfrom lib import *", "app.run", "lib.py:run"),
    case("bound method", "class C:\n    def run(self, event, context): pass\nrun = C().run", "app.run", "app.py:C.run"),
    case("object that is called", "class C:\n    def __call__(self, event, context): pass\nrun = C()", "app.run", "app.py:C.__call__"),
    case("lambda", "run = lambda event, context: None", "app.run", "app.py:<lambda>"),
    case("partial", "def f(a, event, context): pass\nrun = functools.partial(f, 1)", "app.run", "app.py:f"),
    case("made by a wrapper", "def wrap(f):\n    def inner(event, context):\n        return f(event, context)\n    return inner\n"
         "run = wrap(print)", "app.run", "app.py:wrap.inner"),
    case("nothing of that name", "def walk(event, context): pass", "app.run", ""),
    case("something outside", "from elsewhere import run", "app.run", ""),
]  # fmt: skip


@pytest.mark.parametrize("text", NAMED)
def test_handlers_by_convention(text: str) -> None:
    (handler,) = project_of(files_of(text)).handlers
    assert handler.evidence == "name and parameters"


@pytest.mark.parametrize("text", NOT_NAMED)
def test_what_only_reads_like_a_handler(text: str) -> None:
    assert handlers_of(project_of(files_of(text))) == []


@pytest.mark.parametrize(("text", "expected"), FRAMEWORKS)
def test_handlers_of_frameworks(text: str, expected: str) -> None:
    assert lines(handlers_of(project_of(files_of(text)))) == expected


@pytest.mark.parametrize(("pattern", "expected"), CONFIGURED)
def test_handlers_of_the_configuration(pattern: str, expected: str) -> None:
    project = project_of(files_of(_FUNCTIONS), options=Options(handlers=(pattern,)))
    assert lines(handlers_of(project)) == expected


@pytest.mark.parametrize(("text", "handler", "expected"), DEPLOYED)
def test_handlers_of_a_template(text: str, handler: str, expected: str) -> None:
    function = deployed(handler)
    project = project_of(files_of(text), [function])
    assert [f"{h.path}:{h.name}" for h in project.handlers if h.deployed is function] == expected.split()
    assert [one.deployed for one in project.unresolved] == ([] if expected else [function])


def test_a_template_says_where_the_code_is() -> None:
    project = project_of(files_of(_FUNCTIONS), [deployed("main.run", "functions/b", memory=512)])
    (handler,) = project.handlers
    assert (handler.path, handler.evidence) == ("functions/b/main.py", "template.yaml:7 (Users)")
    assert handler.deployed is not None
    assert handler.deployed.memory == 512


def test_the_stronger_evidence_counts() -> None:
    text = """
        from aws_lambda_powertools import Logger
        logger = Logger()
        @logger.inject_lambda_context
        def lambda_handler(event, context): pass
    """
    function = deployed("app.lambda_handler")
    told = handlers_of(project_of(files_of(text), [function]))
    assert told == ["app.py:lambda_handler (template.yaml:7 (Users))"]
    both = project_of(files_of(text), [function], Options(handlers=("app.py:lambda_handler",)))
    assert handlers_of(both) == ["app.py:lambda_handler (configuration)"]


def test_handlers_come_in_the_order_of_files_and_names() -> None:
    text = "=== b.py\ndef b_handler(event, context): pass\ndef a_handler(event, context): pass\n"
    text += "=== a.py\ndef c_handler(event, context): pass\n"
    names = [handler.name for handler in project_of(files_of(text)).handlers]
    assert names == ["c_handler", "a_handler", "b_handler"]


DEPLOY_TIME = [
    case("plain", "def lambda_handler(event, context): pass", {}, False),
    case("custom resource of the template", "def lambda_handler(event, context): pass", {"custom_resource": True}, True),
    case("rotation of the template", "def lambda_handler(event, context): pass", {"rotation": True}, True),
    case("request's type", "def lambda_handler(event, context):\n    event['RequestType']", {}, True),
    case("request's type in a function it calls",
         "def kind(event):\n    return event['RequestType']\ndef lambda_handler(event, context):\n    kind(event)", {}, True),
    case("cfnresponse", "import cfnresponse\ndef lambda_handler(event, context): pass", {}, True),
    case("crhelper", "from crhelper import CfnResource\ndef lambda_handler(event, context): pass", {}, True),
    case("rotation", "def lambda_handler(event, context):\n    event['Step'], event['ClientRequestToken']", {}, True),
    case("one of the rotation's words", "def lambda_handler(event, context):\n    event['Step']", {}, False),
    case("a word in a comment", "def lambda_handler(event, context):\n    pass  # RequestType", {}, False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "facts", "expected"), DEPLOY_TIME)
def test_handlers_that_only_a_deployment_calls(text: str, facts: dict[str, bool], expected: bool) -> None:
    (handler,) = project_of(files_of(text), [deployed("app.lambda_handler", **facts)]).handlers
    assert handler.deploy_time is expected
