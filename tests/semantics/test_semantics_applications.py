"""Which functions of a web application run per request, where something serves it from Lambda."""

from __future__ import annotations

import pytest
from notation import case, files_of, handlers_of, lines, look, project_of

from lambdalint.deployment import DeployedFunction
from lambdalint.engine import screen
from lambdalint.knowledge import frameworks, tables

FASTAPI = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/')\ndef index(): pass\n"
FLASK = "from flask import Flask\napp = Flask(__name__)\n@app.route('/')\ndef index(): pass\n"
BY_FASTAPI = "app.py:index (FastAPI route app.get)"
BY_FLASK = "app.py:index (Flask route app.route)"
HANDLER = "app.py:lambda_handler (name and parameters)"

ADAPTERS = [
    case("Mangum", FASTAPI + "from mangum import Mangum\nhandler = Mangum(app)", BY_FASTAPI),
    case("Mangum by keyword", FASTAPI + "from mangum import Mangum\nhandler = Mangum(app=app, lifespan='off')", BY_FASTAPI),
    case("Mangum by its module", FASTAPI + "import mangum\nserve = mangum.Mangum(app)", BY_FASTAPI),
    case("Mangum called in a handler", FASTAPI + "from mangum import Mangum\ndef lambda_handler(event, context):\n"
         "    return Mangum(app)(event, context)", f"{BY_FASTAPI}\n{HANDLER}"),
    case("awsgi", FLASK + "import awsgi\ndef lambda_handler(event, context):\n    return awsgi.response(app, event, context)",
         f"{BY_FLASK}\n{HANDLER}"),
    case("aws_wsgi", FLASK + "import aws_wsgi\ndef lambda_handler(event, context):\n"
         "    return aws_wsgi.response(app, event, context)", f"{BY_FLASK}\n{HANDLER}"),
    case("serverless_wsgi", FLASK + "import serverless_wsgi\ndef lambda_handler(event, context):\n"
         "    return serverless_wsgi.handle_request(app, event, context)", f"{BY_FLASK}\n{HANDLER}"),
    case("apig_wsgi", FLASK + "from apig_wsgi import make_lambda_handler\nlambda_handler = make_lambda_handler(app)", BY_FLASK),
    case("wrapped", FLASK + "from mangum import Mangum\nfrom a2wsgi import WSGIMiddleware\nhandler = Mangum(WSGIMiddleware(app))",
         BY_FLASK),
    case("wrapped in place", FLASK + "import awsgi\nfrom werkzeug.middleware.proxy_fix import ProxyFix\n"
         "serve = lambda event, context: awsgi.response(ProxyFix(app.wsgi_app), event, context)", BY_FLASK),
    case("nothing serves it", FASTAPI, ""),
    case("another server", FASTAPI + "import uvicorn\nuvicorn.run(app)", ""),
    case("another application is served",
         FASTAPI + "from mangum import Mangum\nother = FastAPI()\nhandler = Mangum(other)", ""),
    case("an unknown application is served", FASTAPI + "from mangum import Mangum\nhandler = Mangum(make())", ""),
    case("a Mangum of the project", FASTAPI + "def Mangum(app): pass\nhandler = Mangum(app)", ""),
    case("served in a test", f"=== tests/test_app.py\n{FASTAPI}from mangum import Mangum\nhandler = Mangum(app)", ""),
    case("served in another file", f"=== main.py\n{FASTAPI}=== app.py\nfrom mangum import Mangum\nfrom main import app\n"
         "handler = Mangum(app)", BY_FASTAPI),
    case("made by a factory", """
        from fastapi import FastAPI
        from mangum import Mangum
        def create():
            app = FastAPI()
            @app.get("/")
            def index(): pass
            return app
        handler = Mangum(create())
    """, "app.py:create.index (FastAPI route app.get)"),
    case("handed to a function that registers routes", """
        from fastapi import FastAPI
        from mangum import Mangum
        def register(target):
            @target.get("/")
            def index(): pass
        app = FastAPI()
        register(app)
        handler = Mangum(app)
    """, "app.py:register.index (FastAPI route target.get)"),
]  # fmt: skip

_SERVED = "from mangum import Mangum\nhandler = Mangum(app)\n"
_FASTAPI = "from fastapi import APIRouter, Depends, FastAPI\napp = FastAPI()\n"
_FLASK = "from flask import Blueprint, Flask\napp = Flask(__name__)\n"

PARTS = [
    case("router", _FASTAPI + "router = APIRouter()\n@router.post('/a')\ndef a(): pass\napp.include_router(router)\n",
         "app.py:a (FastAPI route router.post)"),
    case("router in another file", "=== routes/users.py\nfrom fastapi import APIRouter\nrouter = APIRouter()\n"
         f"@router.post('/a')\ndef a(): pass\n=== app.py\n{_FASTAPI}from routes import users\napp.include_router(users.router)\n",
         "app.py:a (FastAPI route router.post)"),
    case("router of a router", _FASTAPI + "inner = APIRouter()\n@inner.get('/a')\ndef a(): pass\nouter = APIRouter()\n"
         "outer.include_router(inner)\napp.include_router(outer)\n", "app.py:a (FastAPI route inner.get)"),
    case("router that nothing includes", _FASTAPI + "router = APIRouter()\n@router.post('/a')\ndef a(): pass\n", ""),
    case("mounted application", _FASTAPI + "sub = FastAPI()\n@sub.get('/a')\ndef a(): pass\napp.mount('/s', sub)\n",
         "app.py:a (FastAPI route sub.get)"),
    case("function added", _FASTAPI + "def a(): pass\napp.add_api_route('/', a)\n", "app.py:a (FastAPI route app.add_api_route)"),
    case("dependency", _FASTAPI + "def user(token): pass\n@app.get('/')\ndef a(u=Depends(user)): pass\n",
         "app.py:a (FastAPI route app.get)\napp.py:user (FastAPI route dependency Depends)"),
    case("class as a dependency", _FASTAPI + "class Page:\n    def __init__(self, n): pass\n    def __call__(self): pass\n"
         "@app.get('/')\ndef a(p=Depends(Page)): pass\n",
         "app.py:Page.__init__ (FastAPI route dependency Depends)\napp.py:a (FastAPI route app.get)"),
    case("object as a dependency", _FASTAPI + "class Page:\n    def __init__(self, n): pass\n    def __call__(self): pass\n"
         "page = Page(1)\n@app.get('/')\ndef a(p=Depends(page)): pass\n",
         "app.py:Page.__call__ (FastAPI route dependency Depends)\napp.py:a (FastAPI route app.get)"),
    case("package of routers", """
=== app/api/v1/__init__.py
from fastapi import APIRouter
from app.api.v1.endpoints import items, users
api_router = APIRouter()
api_router.include_router(users.router, prefix="/users")
=== app/api/v1/endpoints/__init__.py
=== app/api/v1/endpoints/users.py
from fastapi import APIRouter
router = APIRouter()
@router.get("/")
async def users(): pass
=== app/api/v1/endpoints/items.py
from fastapi import APIRouter
router = APIRouter()
@router.get("/")
async def items(): pass
=== app.py
from fastapi import FastAPI
from app.api.v1 import api_router
app = FastAPI()
app.include_router(api_router, prefix="/v1")
""".replace("=== app.py", "=== main.py"), "main.py:users (FastAPI route router.get)"),
    case("middleware", _FASTAPI + "@app.middleware('http')\nasync def around(request, call_next): pass\n",
         "app.py:around (FastAPI middleware app.middleware)"),
    case("middleware class", _FASTAPI + "class Around:\n    async def dispatch(self, request, call_next): pass\n"
         "    def other(self): pass\napp.add_middleware(Around)\n", "app.py:Around.dispatch (Starlette middleware app.add_middleware)"),
    case("start of the process", _FASTAPI + "@app.on_event('startup')\ndef start(): pass\n", ""),
    case("handler of exceptions", _FASTAPI + "@app.exception_handler(ValueError)\ndef failed(request, exc): pass\n", ""),
    case("Starlette's routes", "from starlette.applications import Starlette\nfrom starlette.routing import Mount, Route\n"
         "def a(request): pass\ndef b(request): pass\n"
         "app = Starlette(routes=[Route('/', a), Mount('/s', routes=[Route('/', endpoint=b)])])\n",
         "app.py:a (Starlette route Route)\napp.py:b (Starlette route Route)"),
    case("blueprint", _FLASK + "bp = Blueprint('a', __name__)\n@bp.get('/a')\ndef a(): pass\napp.register_blueprint(bp)\n",
         "app.py:a (Flask route bp.get)"),
    case("blueprint that a factory imports", """
=== users.py
from flask import Blueprint
bp = Blueprint('a', __name__)
@bp.route('/a')
def a(): pass
=== app.py
from flask import Flask
def create():
    app = Flask(__name__)
    from users import bp
    app.register_blueprint(bp)
    return app
app = create()
""", "app.py:a (Flask route bp.route)"),
    case("hook", _FLASK + "@app.before_request\ndef before(): pass\n", "app.py:before (Flask hook app.before_request)"),
    case("hook by hand", _FLASK + "def before(): pass\napp.before_request(before)\n", "app.py:before (Flask hook app.before_request)"),
    case("error handler", _FLASK + "@app.errorhandler(404)\ndef missing(e): pass\n", ""),
    case("command", _FLASK + "@app.cli.command('x')\ndef command(): pass\n", ""),
    case("rule added", _FLASK + "def a(): pass\napp.add_url_rule('/', 'a', a)\n", "app.py:a (Flask route app.add_url_rule)"),
    case("class-based view", _FLASK + "from flask.views import MethodView\nclass Users(MethodView):\n    def get(self): pass\n"
         "    def helper(self): pass\napp.add_url_rule('/', view_func=Users.as_view('u'))\n",
         "app.py:Users.get (Flask route app.add_url_rule)"),
    case("Flask-RESTful", _FLASK + "from flask_restful import Api, Resource\napi = Api(app)\nclass Users(Resource):\n"
         "    def post(self): pass\napi.add_resource(Users, '/')\n", "app.py:Users.post (Flask route api.add_resource)"),
    case("Flask-RESTX", _FLASK + "from flask_restx import Api, Namespace, Resource\napi = Api()\nns = Namespace('a')\n"
         "@ns.route('/')\nclass Users(Resource):\n    def get(self): pass\napi.add_namespace(ns)\napi.init_app(app)\n",
         "app.py:Users.get (Flask route ns.route)"),
    case("Falcon", "import falcon\napp = falcon.App()\nclass Users:\n    def on_get(self, req, resp): pass\napp.add_route('/', Users())\n",
         "app.py:Users.on_get (Falcon route app.add_route)"),
    case("Bottle", "from bottle import Bottle\napp = Bottle()\n@app.route('/')\ndef a(): pass\n", "app.py:a (Bottle route app.route)"),
    case("Bottle's default application", "import bottle\n@bottle.get('/')\ndef a(): pass\napp = bottle.default_app()\n",
         "app.py:a (Bottle route bottle.get)"),
    case("Django", """
=== shop/urls.py
from django.urls import path
from shop import views
urlpatterns = [path("a", views.a), path("b", views.B.as_view())]
=== shop/views.py
class B:
    def get(self, request): pass
def a(request): pass
def helper(): pass
=== app.py
from django.core.wsgi import get_wsgi_application
app = get_wsgi_application()
""", "app.py:B.get (Django route path)\napp.py:a (Django route path)"),
]  # fmt: skip

OTHERS = [
    case("Slack", "from slack_bolt import App\nfrom slack_bolt.adapter.aws_lambda import SlackRequestHandler\napp = App()\n"
         "@app.command('/a')\ndef a(ack): pass\ndef lambda_handler(event, context):\n"
         "    return SlackRequestHandler(app=app).handle(event, context)", f"app.py:a (Slack Bolt route app.command)\n{HANDLER}"),
    case("Alexa", "from ask_sdk_core.skill_builder import SkillBuilder\nclass Launch:\n    def can_handle(self, i): pass\n"
         "    def handle(self, i): pass\nsb = SkillBuilder()\nsb.add_request_handler(Launch())\nlambda_handler = sb.lambda_handler()",
         "app.py:Launch.can_handle (Alexa route sb.add_request_handler)\napp.py:Launch.handle (Alexa route sb.add_request_handler)"),
    case("flask_lambda", "from flask_lambda import FlaskLambda\napp = FlaskLambda(__name__)\n@app.route('/')\ndef a(): pass",
         "app.py:a (Flask route app.route)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [*ADAPTERS, *OTHERS])
def test_applications_that_an_adapter_serves(text: str, expected: str) -> None:
    assert lines(handlers_of(project_of(files_of(text)))) == expected


@pytest.mark.parametrize(("text", "expected"), PARTS)
def test_what_an_application_runs_per_request(text: str, expected: str) -> None:
    assert lines(handlers_of(project_of(files_of(text.rstrip() + "\n" + _SERVED)))) == expected
    assert handlers_of(project_of(files_of(text))) == []


DEPLOYED = [
    case("the application itself", FLASK, "app.app", BY_FLASK),
    case("an adapter's object", FASTAPI + "from mangum import Mangum\nserve = Mangum(app)", "app.serve", BY_FASTAPI),
    case("a method of an adapter's object", FASTAPI + "from mangum import Mangum\nserve = Mangum(app).handler", "app.serve", BY_FASTAPI),
    case("a factory's application", "=== main.py\nfrom flask import Flask\ndef create():\n    app = Flask(__name__)\n"
         "    @app.route('/')\n    def index(): pass\n    return app\n=== app.py\nfrom main import create\napp = create()", "app.app",
         "app.py:create.index (Flask route app.route)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "handler", "expected"), DEPLOYED)
def test_applications_that_a_deployment_names(text: str, handler: str, expected: str) -> None:
    function = DeployedFunction("zappa_settings.json", 2, "dev", handler, ("",), memory=256)
    project = project_of(files_of(text), [function])
    assert lines(handlers_of(project)) == expected
    assert [h.deployed for h in project.handlers] == [function]
    assert project.unresolved == []


def test_a_name_that_is_no_application_stays_unresolved() -> None:
    function = DeployedFunction("zappa_settings.json", 2, "dev", "app.app", ("",))
    assert [one.deployed for one in project_of(files_of("app = 1"), [function]).unresolved] == [function]


INJECTED = [
    case("default", "x=Depends(get)"),
    case("annotation", "x: Annotated[object, Depends(get)]"),
]


@pytest.mark.parametrize("param", INJECTED)
def test_what_a_dependency_gives(param: str) -> None:
    text = f"""
from typing import Annotated
from fastapi import Depends, FastAPI
from mangum import Mangum
app = FastAPI()
def get():
    yield boto3.client("s3")
@app.get("/")
def index({param}):
    x.get_object()  #? x
handler = Mangum(app)
"""
    assert look(text).value == "client s3"


@pytest.mark.parametrize("default", [case("other marker", "Query(get)"), case("called", "get()"), case("none", "None")])
def test_what_is_no_dependency(default: str) -> None:
    text = f"""
from fastapi import FastAPI, Query
from mangum import Mangum
app = FastAPI()
def get():
    return boto3.client("s3")
@app.get("/")
def index(x={default}):
    x.get_object()  #? x
handler = Mangum(app)
"""
    assert look(text).value == "?"


def test_routes_that_another_file_registers_on_what_it_is_given() -> None:
    text = """
=== app.py
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
import routes
app = APIGatewayRestResolver()
routes.register(app)
def lambda_handler(event, context):
    return app.resolve(event, context)
=== routes.py
from aws_lambda_powertools import Logger
def register(app):
    @app.get("/")
    def index(): pass
def unused(app):
    @app.get("/other")
    def other(): pass
"""
    found = handlers_of(project_of(files_of(text.lstrip())))
    assert "routes.py:register.index (Powertools route app.get)" in found
    assert not any("other" in handler for handler in found)


def test_routes_depend_on_the_request() -> None:
    text = FASTAPI.replace("index()", "index(name)").replace("pass", "work(name)  #? name")
    assert look(text + "from mangum import Mangum\nhandler = Mangum(app)").depends == "event"


@pytest.mark.parametrize("package", sorted(frameworks.adapter_packages()))
def test_the_screen_knows_every_adapter(package: str) -> None:
    assert screen.may_define_handler(f"from {package} import x".encode())


def test_every_row_has_a_source() -> None:
    rows = [row for table in tables.load("frameworks").values() if isinstance(table, list) for row in table]
    assert all(row["source"] for row in rows)
