"""Which files are read, and that nothing in them stops the reading."""

from __future__ import annotations

import pytest

from lambdalint.deployment import Deployment, Problem, is_candidate, looks_like, read

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.12, Timeout: 9}}
Parameters: {Size: {Type: Number, Default: 512}}
Resources:
  Get:
    Type: AWS::Serverless::Function
    Properties:
      Handler: get.handler
      CodeUri: src
      MemorySize: !Ref Size
      Layers: [!Ref Shared]
      Environment: {Variables: {TABLE: !Ref Orders}}
  Shared: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer}}
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: pk, KeyType: HASH}]
      GlobalSecondaryIndexes: [{IndexName: i, Projection: {ProjectionType: ALL}}]
"""
SERVICE = """\
service: shop
provider: {name: aws, runtime: python3.12, stage: dev}
custom: {memory: 256}
functions:
  get:
    handler: src/get.handler
    memorySize: ${self:custom.memory}
    environment: {TABLE: "orders-${self:provider.stage}"}
resources: {Resources: {Orders: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders-dev}}}}
"""


@pytest.mark.parametrize(
    "name",
    [
        "template.yaml",
        "a/b/Template.YML",
        "serverless.yml",
        "stack.template",
        "x.template.json",
        "a\\b\\t.yml",
        "main.tf",
        "infra/terraform.tfvars",
        "prod.auto.tfvars",
        "Dockerfile",
        "images/Dockerfile.get",
        "get.Dockerfile",
        "zappa_settings.json",
        "zappa_settings.toml",
        ".chalice/config.json",
    ],
)
def test_names_that_may_describe_a_deployment(name: str) -> None:
    assert is_candidate(name)


@pytest.mark.parametrize(
    "name",
    [
        "package.json",
        "web/package-lock.json",
        "tsconfig.json",
        "tsconfig.app.json",
        ".pre-commit-config.yaml",
        "docker-compose.yml",
        "docker-compose.dev.yaml",
        "compose.yaml",
        "nb.ipynb",
        "app.py",
        "README.md",
        "yaml",
        "cdk.json",
        "main.tf.bak",
        "prod.tfvars",
        ".terraform.lock.hcl",
        "Dockerfiles",
        "settings.toml",
    ],
)
def test_names_that_say_something_else(name: str) -> None:
    assert not is_candidate(name)


def test_only_templates_look_like_one() -> None:
    assert looks_like("t.yaml", TEMPLATE.encode())
    assert looks_like("t.yaml", SERVICE.encode())
    assert looks_like("t.yaml", b'{"Resources": {"T": {"Type": "AWS::DynamoDB::Table"}}}')
    assert looks_like("t.yaml", b"service: x\nprovider:\n  name: aws\nfunctions: ${file(f.yml)}\n")
    assert not looks_like("t.yaml", b"Resources: {T: {Type: AWS::SNS::Topic}}\n")
    assert not looks_like("t.yaml", b"event: {source: 'AWS::Lambda::Function'}\n")
    assert not looks_like("t.yaml", b"on: push\njobs: {functions: 1}\n  provider: aws\n")
    assert not looks_like("t.yaml", b"")


@pytest.mark.parametrize(
    ("path", "likely", "unlikely"),
    [
        ("m.tf", b'resource "aws_lambda_function" "f" {\n}\n', b"# nothing\n"),
        ("v.tf", b'  variable "x" {}\n', b"my_module = 1\n"),
        ("terraform.tfvars", b"memory = 512\n", None),
        ("Dockerfile", b"FROM public.ecr.aws/lambda/python:3.12\n", b"FROM python:3.12\n"),
        ("a/Dockerfile.x", b"RUN pip install awslambdaric\n", b""),
        ("zappa_settings.json", b'{"dev": {"app_function": "a.app"}}', b"{}"),
        ("zappa_settings.toml", b'[dev]\nextends = "x"\n', b"[dev]\n"),
        ("a/.chalice/config.json", b'{"stages": {}}', b"{}"),
        ("a/config.json", b'{"Resources": {"F": {"Type": "AWS::Lambda::Function"}}}', b'{"stages": {}}'),
        ("other.txt", b"", b'resource "aws_lambda_function" "f" {\n}\n'),
    ],
)
def test_each_kind_has_its_marks(path: str, likely: bytes, unlikely: bytes | None) -> None:
    assert looks_like(path, likely) is (path != "other.txt")
    assert unlikely is None or not looks_like(path, unlikely)


def test_kinds_are_read_together() -> None:
    files = {
        "Dockerfile": b'FROM public.ecr.aws/lambda/python:3.12\nCMD ["image.handler"]\n',
        "main.tf": b'resource "aws_lambda_function" "f" {\n  handler = "terraform.handler"\n}\n',
        "t.yaml": TEMPLATE.encode(),
        "zappa_settings.toml": b'[dev]\napp_function = "zappa.app"\n',
        "notes.txt": b"Resources AWS::Lambda::Function",
    }
    found = read(files)
    # An image comes last: what the others say of a function wins.
    assert [f.handler for f in found.functions] == ["get.handler", "zappa.app", "terraform.handler", "image.handler"]
    assert [t.name for t in found.tables] == ["Orders"]


def test_what_looks_like_nothing_is_not_read() -> None:
    assert read({"broken.yaml": b"a: ["}) == Deployment()


@pytest.mark.parametrize(
    ("data", "line", "column", "reason"),
    [
        (b"Resources:\n  F: {Type: AWS::Lambda::Function\n", 3, 0, "it isn't valid YAML: "),
        (b"Resources: # caf\xe9\n  F: {Type: AWS::Lambda::Function}\n", 1, 0, "it isn't valid UTF-8: "),
        (b"Resources:\n  F: {Type: AWS::Lambda::Function}\n#\0", 3, 1, "it holds the control character"),
        (b"Resources:\n- Type: AWS::Lambda::Function\n", 2, 0, "Resources is no mapping"),
        (b"Resources: &r\n  F: {Type: AWS::Lambda::Function}\n  G: *r\n", 3, 5, "the alias 'r' stands"),
        (b"provider: aws\nfunctions: {a: {handler: 3}}\n", 2, 25, "the handler of a is no text"),
    ],
)
def test_a_broken_description_is_one_problem(data: bytes, line: int, column: int, reason: str) -> None:
    (problem,) = read({"infra/t.yaml": data}).problems
    assert (problem.path, problem.line, problem.column) == ("infra/t.yaml", line, column)
    assert problem.reason.startswith(reason)


def test_a_template_of_a_template_language_is_no_problem() -> None:
    text = "Resources:\n  F:\n    Type: AWS::Lambda::Function\n{% if x %}\n  G: [\n{% endif %}\n"
    assert read({"t.yaml": text.encode()}) == Deployment()
    secret = 'Resources:\n  F:\n    Type: AWS::Lambda::Function\n    A: "{{resolve:ssm:x}}"\n  B: [}\n'
    assert [p.line for p in read({"t.yaml": secret.encode()}).problems] == [5]


@pytest.mark.parametrize(
    "text",
    [
        "- Resources: AWS::Lambda::Function\n",
        "# Resources AWS::Lambda::Function\n",
        "text: Resources AWS::Lambda::Function\n",
        "Resources:\n# AWS::Lambda::Function\n",
        "Resources: !Transform {Name: AWS::Include, P: AWS::Lambda::Function}\n",
        "'provider': 1\nprovider: aws\nfunctions: ~\n",
    ],
)
def test_other_documents_say_nothing(text: str) -> None:
    assert looks_like("t.yaml", text.encode())
    assert read({"t.yaml": text.encode()}) == Deployment()


def test_an_empty_description_has_no_problem() -> None:
    data = b"Resources:\n  F:\n    Type: AWS::Lambda::Function\n"
    assert read({"t.yaml": data}) == Deployment()


@pytest.mark.parametrize("text", [TEMPLATE, SERVICE])
def test_the_samples_are_read_whole(text: str) -> None:
    found = read({"t.yaml": text.encode()})
    assert (len(found.functions), len(found.tables), found.problems) == (1, 1, ())


@pytest.mark.parametrize("text", [TEMPLATE, SERVICE])
@pytest.mark.parametrize(
    "value", ["7", "[]", "{}", "~", "[~]", "{a: ~}", "!Ref", "!Sub [x]", "!GetAtt []", "{Ref: []}"]
)
def test_any_value_may_have_any_type(text: str, value: str) -> None:
    lines = text.splitlines()
    for number, line in enumerate(lines):
        head, colon, rest = line.partition(": ")
        # A block's own lines go where its first one is replaced.
        indent = len(line) - len(line.lstrip())
        if not colon:
            head = line.rstrip(":")
        below = number + 1
        while not rest and below < len(lines) and len(lines[below]) - len(lines[below].lstrip()) > indent:
            below += 1
        changed = "\n".join([*lines[:number], f"{head}: {value}", *lines[below:]])
        found = read({"t.yaml": changed.encode()})
        assert all(isinstance(p, Problem) and "valid YAML" not in p.reason for p in found.problems), changed


@pytest.mark.parametrize("text", [TEMPLATE, SERVICE])
def test_a_text_may_end_anywhere(text: str) -> None:
    results = {bool(read({"t.yaml": text.encode()[:end]}).problems) for end in range(len(text))}
    assert results == {True, False}


def test_what_is_too_large_for_a_template_is_data() -> None:
    data = b"Resources:\n  A: {Type: AWS::Lambda::Function}\nx: !broken ]\n#" + b"#" * 2_000_000
    assert not looks_like("t.yaml", data)
    assert read({"t.yaml": data}) == Deployment()


def test_resources_from_another_file() -> None:
    text = b"provider: {name: aws}\nresources:\n  Resources:\n    A: ${file(a.yml)}\n    B: text\nfunctions: {}\n"
    assert [problem.line for problem in read({"serverless.yml": text}).problems] == [5]
