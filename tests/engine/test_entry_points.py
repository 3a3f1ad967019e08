"""Every way into a function: a client that is made on its path is found, whatever names the handler.

Each project is written as one text (`=== path` begins a file); `#!` marks the line where LMB101 must
stand. A project without a mark must give no finding.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from lambdalint.engine import session

_FILE = re.compile(r"^=== (\S+)\n", re.MULTILINE)
CLIENT = 'boto3.client("s3").list_buckets()'
# A function that no convention would take for a handler.
RUN = f"import boto3\ndef run(a, b):\n    return {CLIENT}  #!\n"

DESCRIBED = {
    "SAM": f"""
        === template.yaml
        Globals: {{Function: {{Runtime: python3.12, CodeUri: src}}}}
        Resources:
          Fn: {{Type: AWS::Serverless::Function, Properties: {{Handler: app.run}}}}
        === src/app.py
        {RUN}""",
    "code relative to the template": f"""
        === infra/template.yaml
        Resources:
          Fn: {{Type: AWS::Serverless::Function, Properties: {{Handler: app.run, CodeUri: ../src, Runtime: python3.12}}}}
        === src/app.py
        {RUN}""",
    "CloudFormation in JSON": f"""
        === stack.json
        {{"Resources": {{"Fn": {{"Type": "AWS::Lambda::Function", "Properties":
          {{"Handler": "app.run", "Runtime": "python3.12", "Code": "src"}}}}}}}}
        === src/app.py
        {RUN}""",
    "slashes in the handler": f"""
        === template.yaml
        Resources:
          Fn: {{Type: AWS::Serverless::Function, Properties: {{Handler: src/jobs/app.run, CodeUri: ., Runtime: python3.12}}}}
        === src/jobs/app.py
        {RUN}""",
    "dots in the handler": f"""
        === template.yaml
        Resources:
          Fn: {{Type: AWS::Serverless::Function, Properties: {{Handler: src.jobs.app.run, CodeUri: ., Runtime: python3.12}}}}
        === src/jobs/app.py
        {RUN}""",
    "package": f"""
        === template.yaml
        Resources:
          Fn: {{Type: AWS::Serverless::Function, Properties: {{Handler: orders.run, CodeUri: src, Runtime: python3.12}}}}
        === src/orders/__init__.py
        {RUN}""",
    "layer": f"""
        === template.yaml
        Resources:
          Shared: {{Type: AWS::Serverless::LayerVersion, Properties: {{ContentUri: layers/x}}}}
          Fn:
            Type: AWS::Serverless::Function
            Properties: {{Handler: app.run, CodeUri: src, Runtime: python3.12, Layers: [!Ref Shared]}}
        === src/app.py
        from shared import load
        def run(a, b):
            return load()
        === layers/x/python/shared.py
        import boto3
        def load():
            return {CLIENT}  #!
        """,
    "flattened folders": f"""
        === template.yaml
        Resources:
          Fn: {{Type: AWS::Serverless::Function, Properties: {{Handler: orders.run, CodeUri: dist/orders.zip, Runtime: python3.12}}}}
        === functions/api/orders.py
        {RUN}""",
    "inline code": f"""
        === template.yaml
        Resources:
          Fn:
            Type: AWS::Lambda::Function
            Properties:
              Handler: index.run
              Runtime: python3.12
              Code:
                ZipFile: |
                  import boto3
                  def run(a, b):
                      return {CLIENT}  #!
        """,
    "Serverless Framework": f"""
        === serverless.yml
        provider: {{name: aws, runtime: python3.12}}
        functions: {{fn: {{handler: src/app.run}}}}
        === src/app.py
        {RUN}""",
    "Terraform": f"""
        === infra/main.tf
        data "archive_file" "code" {{
          type        = "zip"
          source_dir  = "${{path.module}}/../src"
          output_path = "code.zip"
        }}
        resource "aws_lambda_function" "fn" {{
          function_name = "fn"
          handler       = "app.run"
          runtime       = "python3.12"
          filename      = data.archive_file.code.output_path
        }}
        === src/app.py
        {RUN}""",
    "Terraform's community module": f"""
        === main.tf
        module "fn" {{
          source      = "terraform-aws-modules/lambda/aws"
          handler     = "app.run"
          runtime     = "python3.12"
          source_path = "./src"
        }}
        === src/app.py
        {RUN}""",
    "CDK in Python": f"""
        === app.py
        from aws_cdk import Stack, aws_lambda as lambda_
        class Shop(Stack):
            def __init__(self, scope, id):
                super().__init__(scope, id)
                lambda_.Function(self, "Fn", runtime=lambda_.Runtime.PYTHON_3_12, handler="jobs.run",
                                 code=lambda_.Code.from_asset("src"))
        === src/jobs.py
        {RUN}""",
    "CDK in TypeScript": f"""
        === lib/shop.ts
        import {{ Stack }} from 'aws-cdk-lib';
        import {{ PythonFunction }} from '@aws-cdk/aws-lambda-python-alpha';
        import {{ Runtime }} from 'aws-cdk-lib/aws-lambda';
        export class Shop extends Stack {{
          constructor(scope: any, id: string) {{
            super(scope, id);
            new PythonFunction(this, 'Fn', {{ entry: 'src', index: 'jobs.py', handler: 'run', runtime: Runtime.PYTHON_3_12 }});
          }}
        }}
        === src/jobs.py
        {RUN}""",
    "image of CDK": f"""
        === app.py
        from aws_cdk import Stack, aws_lambda as lambda_
        class Shop(Stack):
            def __init__(self, scope, id):
                super().__init__(scope, id)
                lambda_.DockerImageFunction(self, "Fn", code=lambda_.DockerImageCode.from_image_asset("img", cmd=["jobs.run"]))
        === img/jobs.py
        {RUN}""",
    "container image": f"""
        === Dockerfile
        FROM public.ecr.aws/lambda/python:3.12
        COPY src/ ${{LAMBDA_TASK_ROOT}}
        CMD ["jobs.run"]
        === src/jobs.py
        {RUN}""",
    "Zappa": f"""
        === zappa_settings.json
        {{"dev": {{"app_function": "web.app", "events": [{{"function": "jobs.run", "expression": "rate(1 day)"}}]}}}}
        === web.py
        from flask import Flask
        app = Flask(__name__)
        === jobs.py
        {RUN}""",
    "configuration": f"""
        === lambdalint.toml
        handlers = ["jobs.py:run"]
        === jobs.py
        {RUN}""",
}

FRAMEWORKS = {
    "Zappa application": f"""
        === zappa_settings.json
        {{"dev": {{"app_function": "web.app"}}}}
        === web.py
        import boto3
        from flask import Flask
        app = Flask(__name__)
        @app.route("/")
        def index():
            return {CLIENT}  #!
        """,
    "Chalice route": f"""
        === app.py
        import boto3
        from chalice import Chalice
        app = Chalice(app_name="shop")
        @app.route("/")
        def index():
            return {CLIENT}  #!
        """,
    "Chalice schedule": f"""
        === app.py
        import boto3
        from chalice import Chalice, Rate
        app = Chalice(app_name="shop")
        @app.schedule(Rate(1, unit=Rate.HOURS))
        def nightly(event):
            return {CLIENT}  #!
        """,
    "Chalice authorizer": f"""
        === app.py
        import boto3
        from chalice import Chalice
        app = Chalice(app_name="shop")
        @app.authorizer()
        def check(request):
            return {CLIENT}  #!
        """,
    "Mangum": f"""
        === app.py
        import boto3
        from fastapi import FastAPI
        from mangum import Mangum
        app = FastAPI()
        @app.get("/")
        def index():
            return {CLIENT}  #!
        handler = Mangum(app)
        """,
    "Mangum and a router": f"""
        === main.py
        from fastapi import FastAPI
        from mangum import Mangum
        from routes import router
        app = FastAPI()
        app.include_router(router)
        handler = Mangum(app)
        === routes.py
        import boto3
        from fastapi import APIRouter
        router = APIRouter()
        @router.get("/")
        def index():
            return {CLIENT}  #!
        """,
    "web application that isn't served from Lambda": f"""
        === app.py
        import boto3
        from fastapi import FastAPI
        app = FastAPI()
        @app.get("/")
        def index():
            return {CLIENT}
        """,
    "Powertools route": f"""
        === app.py
        import boto3
        from aws_lambda_powertools.event_handler import APIGatewayRestResolver
        app = APIGatewayRestResolver()
        @app.get("/")
        def index():
            return {CLIENT}  #!
        def lambda_handler(event, context):
            return app.resolve(event, context)
        """,
    "Powertools batch": f"""
        === app.py
        import boto3
        from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
        processor = BatchProcessor(event_type=EventType.SQS)
        def record_handler(record):
            return {CLIENT}  #!
        def lambda_handler(event, context):
            return process_partial_response(
                event=event, record_handler=record_handler, processor=processor, context=context)
        """,
    "Powertools middleware": f"""
        === app.py
        import boto3
        from aws_lambda_powertools.middleware_factory import lambda_handler_decorator
        @lambda_handler_decorator
        def audited(handler, event, context):
            {CLIENT}  #!
            return handler(event, context)
        @audited
        def lambda_handler(event, context):
            return event
        """,
}

BEHIND = {
    "executor": ("from concurrent.futures import ThreadPoolExecutor", "ThreadPoolExecutor().submit(work, event)"),
    "executor's map": (
        "from concurrent.futures import ThreadPoolExecutor",
        "list(ThreadPoolExecutor().map(work, event['items']))",
    ),
    "partial": ("import functools", "functools.partial(work, event)()"),
    "dispatch table": ("", "ACTIONS[event['action']](event)"),
    "dispatch table with a default": ("", "ACTIONS.get(event['action'], work)(event)"),
}

SHAPES = {
    "coroutine": f"""
        === app.py
        import asyncio, boto3
        async def main(event):
            return {CLIENT}  #!
        def lambda_handler(event, context):
            return asyncio.run(main(event))
        """,
    "registry": f"""
        === app.py
        import boto3
        ACTIONS = {{}}
        def action(name):
            def add(function):
                ACTIONS[name] = function
                return function
            return add
        @action("load")
        def load(event):
            return {CLIENT}  #!
        def lambda_handler(event, context):
            return ACTIONS[event["action"]](event)
        """,
    "class that is called": f"""
        === app.py
        import boto3
        class Handler:
            def __call__(self, event, context):
                return {CLIENT}  #!
        handler = Handler()
        === template.yaml
        Resources:
          Fn: {{Type: AWS::Serverless::Function, Properties: {{Handler: app.handler, CodeUri: ., Runtime: python3.12}}}}
        """,
    "method": f"""
        === app.py
        import boto3
        class Handler:
            def handle(self, event, context):
                return {CLIENT}  #!
        handler = Handler().handle
        === template.yaml
        Resources:
          Fn: {{Type: AWS::Serverless::Function, Properties: {{Handler: app.handler, CodeUri: ., Runtime: python3.12}}}}
        """,
    "hook of a subclass": f"""
        === base.py
        class Base:
            def handle(self, event, context):
                return self.process(event)
        === app.py
        import boto3
        from base import Base
        class Orders(Base):
            def process(self, event):
                return {CLIENT}  #!
        orders = Orders()
        def lambda_handler(event, context):
            return orders.handle(event, context)
        """,
    "decorator that changes the signature": f"""
        === app.py
        import boto3, functools
        def authorized(function):
            @functools.wraps(function)
            def wrapper(event, context):
                return function(event["user"], event)
            return wrapper
        @authorized
        def lambda_handler(user, event):
            return {CLIENT}  #!
        === template.yaml
        Resources:
          Fn: {{Type: AWS::Serverless::Function, Properties: {{Handler: app.lambda_handler, CodeUri: ., Runtime: python3.12}}}}
        """,
    "factory": f"""
        === app.py
        import boto3
        def make(name):
            def inner(event, context):
                return {CLIENT}  #!
            return inner
        lambda_handler = make("orders")
        === template.yaml
        Resources:
          Fn: {{Type: AWS::Serverless::Function, Properties: {{Handler: app.lambda_handler, CodeUri: ., Runtime: python3.12}}}}
        """,
    "method by its name": f"""
        === app.py
        import boto3
        class Api:
            def handle_get(self, event):
                return {CLIENT}  #!
            def handle(self, event):
                return getattr(self, f"handle_{{event['method']}}")(event)
        api = Api()
        def lambda_handler(event, context):
            return api.handle(event)
        """,
    "scripts of Systems Manager's automation": f"""
        === runbooks/EnableLogs.yaml
        schemaVersion: "0.3"
        mainSteps:
          - name: Enable
            action: aws:executeScript
            inputs:
              Runtime: python3.11
              Handler: lambda_handler
              Script: |-
                %%SCRIPT=enable_logs.py%%
        === runbooks/scripts/enable_logs.py
        import boto3
        def lambda_handler(event, context):
            return {CLIENT}
        === functions/enable_logs.py
        import boto3
        def lambda_handler(event, context):
            return {CLIENT}  #!
        """,
    "only a deployment": f"""
        === app.py
        import boto3
        def lambda_handler(event, context):
            if event["RequestType"] == "Create":
                {CLIENT}
            return event["ResponseURL"]
        """,
}


def write(text: str, folder: Path) -> list[tuple[str, int]]:
    """Write the files; the places that are marked in them."""
    _, *rest = _FILE.split(textwrap.dedent(_aligned(text)).lstrip("\n"))
    marked = []
    (folder / ".git").mkdir()
    for path, code in zip(rest[::2], rest[1::2], strict=True):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(code.replace("  #!", ""))
        marked += [(path, number) for number, line in enumerate(code.splitlines(), 1) if line.endswith("#!")]
    return marked


def _aligned(text: str) -> str:
    """A text put in with `{RUN}` with all its lines as far right as its first."""
    return text.replace(RUN, textwrap.indent(RUN, " " * 8).lstrip())


def found(folder: Path) -> list[tuple[str, int]]:
    result = session.check(session.Request((str(folder),), {"select": ["LMB0", "LMB101"]}))
    assert not result.errors
    return [
        (Path(f.path).resolve().relative_to(folder.resolve()).as_posix(), f.span.start.line) for f in result.findings
    ]


@pytest.mark.parametrize(
    "text", [pytest.param(text, id=name) for name, text in {**DESCRIBED, **FRAMEWORKS, **SHAPES}.items()]
)
def test_the_way_in_is_found(text: str, tmp_path: Path) -> None:
    marked = write(text, tmp_path)
    assert found(tmp_path) == marked


@pytest.mark.parametrize(("given", "call"), [pytest.param(g, c, id=name) for name, (g, c) in BEHIND.items()])
def test_the_way_on_is_found(given: str, call: str, tmp_path: Path) -> None:
    text = (
        f"=== app.py\nimport boto3\n{given}\ndef work(event):\n    return {CLIENT}  #!\n"
        f'ACTIONS = {{"work": work}}\ndef lambda_handler(event, context):\n    return {call}\n'
    )
    marked = write(text, tmp_path)
    assert found(tmp_path) == marked
