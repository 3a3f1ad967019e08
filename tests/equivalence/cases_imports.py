"""LMB603: what tracing loads only to patch it.

A stand-in for the SDK loads and notes what it is told to patch, as the real one does; that one would go on tracing
all that the other cases call.
"""

from __future__ import annotations

from proof import REFUSED, SILENT, UNSAFE, Case

XRAY = {
    "aws_xray_sdk/__init__.py": "",
    "aws_xray_sdk/core/__init__.py": "from aws_xray_sdk.core.patcher import patch, patch_all\n",
    "aws_xray_sdk/core/patcher.py": """\
import importlib

_PATCHED_MODULES = set()


def patch_all():
    patch(("botocore", "sqlalchemy"))


def patch(modules_to_patch):
    for name in modules_to_patch:
        importlib.import_module(name)
        _PATCHED_MODULES.add(name)
""",
    "sqlalchemy/__init__.py": "",
}
POWERTOOLS = {
    **XRAY,
    "aws_lambda_powertools/__init__.py": """\
from aws_xray_sdk.core import patch, patch_all


class Tracer:
    def __init__(self, service=None, patch_modules=None):
        self.service = service
        patch(patch_modules) if patch_modules else patch_all()

    def capture_lambda_handler(self, handler):
        return handler
""",
}
PACKAGE = {
    "template.yaml": """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.12
    CodeUri: .
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.lambda_handler
  Reports:
    Type: AWS::Serverless::Function
    Properties:
      Handler: report.lambda_handler
""",
    "report.py": """\
import sqlalchemy

engine = sqlalchemy.create_engine("postgresql://reports")


def lambda_handler(event, context):
    with engine.connect() as connection:
        return connection.execute(sqlalchemy.text("SELECT 1")).scalar()
""",
}
LIBRARY = "import sqlalchemy"

CASES = [
    Case(
        "LMB603",
        "all that the package holds is patched",
        UNSAFE,
        '''\
"""Deletes orders."""

import boto3
from aws_xray_sdk.core import patch_all

patch_all()  # for tracing

s3 = boto3.client("s3")


def lambda_handler(event, context):
    s3.delete_object(Bucket="orders", Key=event["key"])
    return event["key"]
''',
        events=[{"key": "a"}, {"key": "b"}],
        state=lambda remote: remote.bucket("orders", a="1", b="2", c="3"),
        files=PACKAGE,
        installed=XRAY,
        calls={LIBRARY: (1, 0)},
    ),
    Case(
        "LMB603",
        "a tracer of Powertools that has a name",
        UNSAFE,
        """\
import boto3
from aws_lambda_powertools import Tracer

tracer = Tracer(service="orders")
s3 = boto3.client("s3")


@tracer.capture_lambda_handler
def lambda_handler(event, context):
    s3.delete_object(Bucket="orders", Key=event["key"])
    return tracer.service
""",
        events=[{"key": "a"}],
        state=lambda remote: remote.bucket("orders", a="1", c="3"),
        files=PACKAGE,
        installed=POWERTOOLS,
        calls={LIBRARY: (1, 0)},
    ),
    Case(
        "LMB603",
        "what is traced",
        UNSAFE,
        """\
import aws_xray_sdk.core as xray
import boto3
from aws_xray_sdk.core import patcher

xray.patch_all()
s3 = boto3.client("s3")


def lambda_handler(event, context):
    return sorted(patcher._PATCHED_MODULES)
""",
        events=[{}],
        files=PACKAGE,
        installed=XRAY,
        calls={LIBRARY: (1, 0)},
        differs="only the libraries that are named are traced",
    ),
    Case(
        "LMB603",
        "a mean, whose type differs",
        REFUSED,
        """\
import numpy as np


def lambda_handler(event, context):
    return {"mean": float(np.mean(event["values"]))}
""",
    ),
    Case(
        "LMB603",
        "a package of which nothing is known, which may use the library",
        REFUSED,
        """\
import boto3
import our_models
from aws_xray_sdk.core import patch_all

patch_all()
s3 = boto3.client("s3")


def lambda_handler(event, context):
    our_models.delete(s3, event["key"])
""",
        files=PACKAGE,
    ),
    Case(
        "LMB603",
        "libraries that are named",
        SILENT,
        """\
import boto3
from aws_xray_sdk.core import patch

patch(("botocore",))
s3 = boto3.client("s3")


def lambda_handler(event, context):
    s3.delete_object(Bucket="orders", Key=event["key"])
""",
        files=PACKAGE,
    ),
]
