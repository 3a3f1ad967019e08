"""Functions and tables of `serverless.yml`."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from lambdalint.deployment import DeployedFunction, Deployment, read
from lambdalint.deployment.model import Rights

PROVIDER = "provider: {name: aws, runtime: python3.12}\n"


def service(text: str, path: str = "serverless.yml") -> Deployment:
    return read({path: dedent(text).encode()})


def function(body: str, head: str = PROVIDER) -> DeployedFunction:
    found = service(f"{dedent(head)}functions:\n  fn:\n{indent(dedent(body), '    ')}")
    assert found.problems == ()
    (only,) = found.functions
    return only


def test_a_service() -> None:
    found = service(
        """\
        service: shop
        provider:
          name: aws
          runtime: python3.11
          memorySize: 512
          timeout: 10
          environment: {STAGE: dev, LEVEL: info}
        functions:
          get-order:
            handler: src/handlers/get.handler
            timeout: 29
            snapStart: true
            provisionedConcurrency: 3
            environment: {LEVEL: debug, TABLE: !Ref Orders}
        """,
        "api/serverless.yml",
    )
    assert found.functions == (
        DeployedFunction(
            template="api/serverless.yml",
            line=10,
            name="get-order",
            handler="src/handlers/get.handler",
            code_roots=("api",),
            located=True,
            runtime="python3.11",
            memory=512,
            timeout=29,
            snap_start=True,
            provisioned=True,
            environment=(("STAGE", "dev"), ("LEVEL", "debug"), ("TABLE", "ref:Orders")),
            rights=Rights(complete=True),
        ),
    )


def test_the_frameworks_defaults() -> None:
    plain = function("handler: app.handler", "provider: aws\n")
    assert (plain.runtime, plain.memory, plain.timeout) == ("", 1024, 6)
    assert not plain.snap_start
    assert not plain.provisioned
    assert not function("handler: app.handler\nprovisionedConcurrency: 0").provisioned


def test_a_module_is_the_first_code_root() -> None:
    assert function("handler: app.handler\nmodule: fns/one").code_roots == ("fns/one", ".")


@pytest.mark.parametrize(
    "body",
    [
        "handler: index.handler\nruntime: nodejs20.x",
        "image: repo/image",
        "handler: ~",
        "handler: ${file(x.yml):handler}",
        "handler: com.example.App::handle",
        "handler: ''",
    ],
)
def test_functions_that_are_no_python_or_unknown(body: str) -> None:
    found = service(f"{PROVIDER}functions:\n  fn:\n{indent(body, '    ')}")
    assert found == Deployment()


def test_another_vendor() -> None:
    assert service("provider: {name: google}\nfunctions: {a: {handler: app.handler}}\n") == Deployment()
    assert service("provider: azure\nfunctions: {a: {handler: app.handler}}\n") == Deployment()


def test_functions_from_other_files_are_tolerated() -> None:
    found = service(PROVIDER + "functions: ${file(functions.yml)}\n")
    assert found == Deployment()
    found = service(PROVIDER + "functions:\n- ${file(a.yml)}\n- {b: {handler: b.h}, c: '${file(c.yml)}'}\n")
    assert [f.name for f in found.functions] == ["b"]
    assert found.problems == ()


CUSTOM = """\
provider: {name: aws, runtime: python3.12, stage: "${opt:stage, 'dev'}"}
custom:
  size: 256
  env: {A: one}
  list: [x, yy]
  loop: ${self:custom.loop}
"""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${self:custom.size}", "256"),
        ("t-${self:provider.stage}-${self:custom.list.1}", "t-dev-yy"),
        ("${self:custom.none, 'x'}", "x"),
        ("${opt:a, self:custom.size}", "256"),
        ("${opt:a, ${self:custom.size}}", "256"),
        ('${env:A, "d"}', "d"),
        ("${sls:stage}", "dev"),
        ("${opt:a, plain}", "plain"),
        ("${opt:a, ''}", ""),
        ("${Table}", "${Table}"),
        ("${opt:stage}", None),
        ("${env:A}", None),
        ("${file(x.yml):a}", None),
        ("${file(x.yml)}", None),
        ("${ssm:/a/b}", None),
        ("${cf.eu-west-1:stack.out}", None),
        ("${self:custom.loop}", None),
        ("${self:custom.env}", None),
        ("${self:custom.list.7}", None),
    ],
)
def test_variables(text: str, value: str | None) -> None:
    quoted = text.replace("'", "''")
    found = function(f"handler: app.handler\nenvironment: {{V: '{quoted}'}}", CUSTOM)
    assert dict(found.environment).get("V") == value


def test_sections_behind_variables() -> None:
    found = service(
        CUSTOM
        + dedent("""\
        functions: ${self:fns}
        fns:
          a: ${self:one}
          b: {handler: b.handler, environment: "${self:custom.env}", memorySize: "${self:custom.size}"}
        one: {handler: a.handler}
        """)
    )
    assert [(f.name, f.memory, f.environment) for f in found.functions] == [
        ("a", 1024, ()),
        ("b", 256, (("A", "one"),)),
    ]


def test_variables_without_end() -> None:
    chain = "".join(f"  a{i}: ${{self:custom.a{i + 1}}}${{self:custom.a{i + 1}}}\n" for i in range(2000))
    links = "".join(f"  b{i}: ${{self:custom.b{i + 1}}}\n" for i in range(2000))
    found = service(
        "provider: {name: aws, memorySize: '${self:custom.a0}'}\n"
        "functions: {f: {handler: a.b, environment: '${self:custom.b0}', layers: '${self:custom.l.m.n}'}}\n"
        "custom:\n  l: ${self:custom.l.m}\n" + chain + links
    )
    assert [(f.memory, f.environment, f.layers) for f in found.functions] == [(None, (), ())]


def test_tables_and_usage_from_the_resources() -> None:
    found = service(
        """\
        provider: {name: aws, stage: dev}
        functions:
          seed_data: {handler: seed.handler}
          rotate-it: {handler: rotate.handler}
          api: {handler: api.handler, events: [{httpApi: '*'}]}
        resources:
          - Resources:
              Orders:
                Type: AWS::DynamoDB::Table
                Properties:
                  TableName: orders-${self:provider.stage}
                  KeySchema: [{AttributeName: pk, KeyType: HASH}]
          - ${file(other.yml)}
          - Resources:
              Seed:
                Type: Custom::Seed
                Properties: {ServiceToken: !GetAtt SeedUnderscoredataLambdaFunction.Arn}
              Api: {Type: Custom::Api, Properties: {ServiceToken: !GetAtt ApiLambdaFunction.Arn}}
              Rotation:
                Type: AWS::SecretsManager::RotationSchedule
                Properties: {RotationLambdaARN: !GetAtt RotateDashitLambdaFunction.Arn}
              Named:
                Type: AWS::Serverless::SimpleTable
                Properties: {TableName: !Sub "x-${self:provider.stage}"}
        """
    )
    assert [(t.name, t.table_name, t.hash_key, t.line) for t in found.tables] == [
        ("Orders", "orders-dev", "pk", 8),
        ("Named", "x-dev", "id", 22),
    ]
    assert [(f.name, f.custom_resource, f.rotation) for f in found.functions] == [
        ("seed_data", True, False),
        ("rotate-it", False, True),
        ("api", False, False),
    ]


def test_layers_of_the_service() -> None:
    layers = PROVIDER + "layers:\n  common-code: {path: layers/common}\n  other: {path: layers/other}\n"
    own = function("handler: a.b\nlayers:\n- !Ref CommonDashcodeLambdaLayer\n- arn:aws:x\n", layers)
    assert own.layers == ("layers/common",)
    shared = layers.replace("python3.12}", "python3.12, layers: [{Ref: OtherLambdaLayer}]}")
    assert function("handler: a.b", shared).layers == ("layers/other",)


def test_what_is_wrong_is_told_and_the_rest_is_read() -> None:
    found = service(PROVIDER + "functions:\n  a: [x]\n  b: {handler: [x]}\n  c: {handler: c.h}\n  d:\n")
    assert [f.name for f in found.functions] == ["c"]
    assert [(p.line, p.column, p.reason) for p in found.problems] == [
        (3, 2, "the function a is no mapping"),
        (4, 15, "the handler of b is no text"),
        (6, 2, "the function d is no mapping"),
    ]
    assert [p.reason for p in service(PROVIDER + "functions: 3\n").problems] == [
        "functions is no mapping of names to functions"
    ]
