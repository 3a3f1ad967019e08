"""How tests read CDK programs."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent, indent

from lambdalint.deployment import DeployedFunction, Deployment, cdk, looks_like

PYTHON = """\
from aws_cdk import Duration, Stack, aws_dynamodb as dynamodb, aws_lambda as lambda_
from aws_cdk import aws_events as events, aws_events_targets as targets, custom_resources as cr
class Shop(Stack):
    def __init__(self, scope, id, **kwargs):
        super().__init__(scope, id, **kwargs)
"""
TYPESCRIPT = """\
import * as path from 'path'; import { fileURLToPath } from 'node:url';
import { Construct } from 'constructs';
import { Duration, Stack, StackProps } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam'; import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
export class Shop extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
"""


def program(path: str, data: bytes) -> Deployment:
    """What one file says by itself."""
    return cdk.read([path], [path], lambda _: data)


def python(body: str, path: str = "app.py") -> Deployment:
    """What a stack says whose constructor goes on with `body`."""
    return program(path, (PYTHON + indent(dedent(body), " " * 8)).encode())


def typescript(body: str, path: str = "app.ts") -> Deployment:
    return program(path, (TYPESCRIPT + dedent(body) + "\n  }\n}\n").encode())


def project(files: Mapping[str, str]) -> Deployment:
    """What the programs among the files of a project say."""
    data = {path: dedent(text).encode() for path, text in files.items()}

    def read_file(path: str) -> bytes:
        try:
            return data[path]
        except KeyError:
            raise FileNotFoundError(path) from None

    return cdk.read(sorted(path for path in data if looks_like(path, data[path])), list(data), read_file)


def only(deployment: Deployment) -> DeployedFunction:
    assert deployment.problems == ()
    (function,) = deployment.functions
    return function
