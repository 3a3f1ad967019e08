"""Functions of CloudFormation and SAM templates."""

from __future__ import annotations

import json
from textwrap import dedent, indent

import pytest

from lambdalint.deployment import DeployedFunction, Deployment, read
from lambdalint.deployment.model import Rights


def template(resources: str, head: str = "", path: str = "template.yaml") -> Deployment:
    text = f"{dedent(head)}\nResources:\n{indent(dedent(resources), '  ')}"
    return read({path: text.encode()})


def function(
    properties: str, head: str = "", kind: str = "Serverless", path: str = "template.yaml"
) -> DeployedFunction:
    """The only function of a template, whose other properties are usual."""
    resource = f"F:\n  Type: AWS::{kind}::Function\n  Properties:\n{indent(dedent(properties), '    ')}"
    found = template(resource, head, path)
    assert found.problems == ()
    (only,) = found.functions
    return only


def count(properties: str, kind: str = "Serverless") -> int:
    resource = f"F:\n  Type: AWS::{kind}::Function\n  Properties:\n{indent(dedent(properties), '    ')}"
    found = template(resource)
    assert found.problems == ()
    return len(found.functions)


USUAL = "Handler: app.handler\nRuntime: python3.12\n"
SIZE = "Parameters: {P: {Type: String, Default: '256'}, Q: {Type: String}, N: {Type: Number, Default: 7}}"


def test_a_function_as_sam_writes_it() -> None:
    text = dedent("""\
        Resources:
          Get:
            Type: AWS::Serverless::Function
            Properties:
              CodeUri: ../src/get/
              Handler: app.handler
              Runtime: python3.12
              MemorySize: 512
              Timeout: "30"
              SnapStart: {ApplyOn: PublishedVersions}
              ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 2}
        """)
    found = read({"infra/template.yaml": text.encode()})
    assert found.functions == (
        DeployedFunction(
            template="infra/template.yaml",
            line=6,
            name="Get",
            handler="app.handler",
            code_roots=("src/get", "infra"),
            located=True,
            runtime="python3.12",
            memory=512,
            timeout=30,
            snap_start=True,
            provisioned=True,
            rights=Rights(complete=True),
        ),
    )


def test_globals_are_inherited_and_overridden() -> None:
    head = """\
    Globals:
      Function:
        Handler: app.handler
        Runtime: python3.11
        CodeUri: shared
        MemorySize: 512
        Timeout: 20
        SnapStart: {ApplyOn: PublishedVersions}
        Environment: {Variables: {A: global, B: global}}
    """
    inherited = function("Description: x", head)
    assert (inherited.handler, inherited.runtime, inherited.memory, inherited.timeout) == (
        "app.handler",
        "python3.11",
        512,
        20,
    )
    assert inherited.code_roots == ("shared", ".")
    assert inherited.line == 12
    assert inherited.snap_start
    own = function("MemorySize: 128\nCodeUri: own\nEnvironment: {Variables: {B: own}}", head)
    assert (own.memory, own.timeout, own.code_roots) == (128, 20, ("own", "."))
    assert own.environment == (("A", "global"), ("B", "own"))


def test_globals_are_for_serverless_functions_only() -> None:
    head = "Globals: {Function: {MemorySize: 512, Runtime: nodejs20.x}}"
    plain = function("Handler: app.handler", head, kind="Lambda")
    assert (plain.memory, plain.runtime) == (128, "")


def test_the_platforms_defaults() -> None:
    plain = function(USUAL)
    assert (plain.memory, plain.timeout, plain.snap_start, plain.provisioned) == (128, 3, False, False)
    assert (plain.code_roots, plain.layers, plain.environment) == ((".",), (), ())


@pytest.mark.parametrize(
    ("value", "memory"),
    [
        ("!Ref P", 256),
        ("{Ref: P}", 256),
        ("!Sub '${P}'", 256),
        ("!Ref Q", None),
        ("!If [Big, 1024, 512]", None),
        ("lots", None),
        ("1.5", None),
        ("'²'", None),
        ("[512]", None),
        ("~", 128),
    ],
)
def test_memory_of_other_forms(value: str, memory: int | None) -> None:
    assert function(USUAL + f"MemorySize: {value}", SIZE).memory == memory


@pytest.mark.parametrize(
    ("value", "handler"),
    [
        ("'src/app.handler'", "src/app.handler"),
        ("!Sub app.handler", "app.handler"),
        ("!Sub app${N}.${!x}", "app7.${x}"),
        ("!Sub ['${D}/app.handler', {D: lib}]", "lib/app.handler"),
        ("{'Fn::Sub': 'app.${P}'}", "app.256"),
        ("!Join ['.', [app, !Ref P]]", "app.256"),
        ("{'Fn::Join': ['.', [app, handler]]}", "app.handler"),
        ("!Ref P", "256"),
    ],
)
def test_handlers_of_other_forms(value: str, handler: str) -> None:
    assert function(f"Runtime: python3.12\nHandler: {value}", SIZE).handler == handler


@pytest.mark.parametrize(
    "value",
    [
        "!Sub '${AWS::StackName}.handler'",
        "!Ref Q",
        "!Ref Nothing",
        "!ImportValue x",
        "!Join ['.', [app, !Ref Q]]",
        "!Join",
        "!Sub [1, 2, 3]",
        "!Select [0, [app.handler]]",
        "''",
        "a b.handler",
        "com.example.App::handle",
        "~",
    ],
)
def test_handlers_that_only_a_deployment_can_tell(value: str) -> None:
    assert count(f"Runtime: python3.12\nHandler: {value}") == 0


def test_a_stored_parameters_default_is_only_its_name() -> None:
    head = "Parameters: {S: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /app/size}}"
    assert function(USUAL + "Environment: {Variables: {A: !Ref S}}", head).environment == (("A", "ref:S"),)


@pytest.mark.parametrize("runtime", ["nodejs20.x", "java21", "provided.al2023", "go1.x"])
def test_other_languages_are_dropped(runtime: str) -> None:
    assert count(f"Handler: index.handler\nRuntime: {runtime}") == 0


def test_an_unknown_runtime_is_kept() -> None:
    assert function("Handler: app.handler\nRuntime: !FindInMap [A, B, C]").runtime == ""


def test_images() -> None:
    assert count("PackageType: Image\nImageUri: x") == 0
    commanded = function("PackageType: Image\nImageConfig:\n  Command:\n    - app.handler\n")
    assert (commanded.handler, commanded.line) == ("app.handler", 9)


def test_an_images_context_is_a_code_root() -> None:
    resource = """\
    F:
      Type: AWS::Serverless::Function
      Metadata: {DockerContext: ./image}
      Properties: {PackageType: Image, ImageConfig: {Command: [app.handler]}}
    """
    (only,) = template(resource).functions
    assert only.code_roots == ("image", ".")


@pytest.mark.parametrize(
    ("properties", "kind", "roots"),
    [
        ("CodeUri: src", "Serverless", ("infra/src", "infra")),
        ("CodeUri: .", "Serverless", ("infra",)),
        ("CodeUri: ../../out", "Serverless", ("infra",)),
        ("CodeUri: s3://bucket/key", "Serverless", ("infra",)),
        ("CodeUri: {Bucket: b, Key: k}", "Serverless", ("infra",)),
        ("CodeUri: !Ref Nothing", "Serverless", ("infra",)),
        ("CodeUri: !Sub '${D}/src'", "Serverless", ("infra/fns/src", "infra")),
        ("CodeUri: dist/fn.zip", "Serverless", ("infra",)),
        ("Code: ../src", "Lambda", ("src", "infra")),
        ("Code: {S3Bucket: b, S3Key: k}", "Lambda", ("infra",)),
    ],
)
def test_code_roots(properties: str, kind: str, roots: tuple[str, ...]) -> None:
    head = "Parameters: {D: {Type: String, Default: fns}}"
    assert function(USUAL + properties, head, kind, "infra/template.yaml").code_roots == roots


def test_layers_of_the_same_template() -> None:
    found = template(
        """\
        F:
          Type: AWS::Serverless::Function
          Properties:
            Handler: app.handler
            Layers: [!Ref B, !Sub "${C}", "arn:aws:lambda:x:1:layer:y:1", !Ref B, !Ref Nothing, {Ref: R}]
        A: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layers/a}}
        B: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layers/b}}
        C: {Type: AWS::Lambda::LayerVersion, Properties: {Content: layers/c}}
        R: {Type: AWS::Lambda::LayerVersion, Properties: {Content: {S3Bucket: b, S3Key: k}}}
        """,
        "Globals: {Function: {Layers: [!Ref A]}}",
    )
    assert found.functions[0].layers == ("layers/a", "layers/b", "layers/c")


def test_environment_variables() -> None:
    variables = """\
    Environment:
      Variables:
        LITERAL: text
        NUMBER: 010
        TABLE: !Ref Orders
        LONG: {Ref: Orders}
        SUBBED: !Sub "${Orders}"
        PARAMETER: !Ref P
        REGION: !Ref AWS::Region
        ATTRIBUTE: !GetAtt Orders.Arn
        PREFIXED: !Sub "x-${Orders}"
        CHOSEN: !If [A, b, c]
        EMPTY:
    """
    assert function(USUAL + dedent(variables), SIZE).environment == (
        ("LITERAL", "text"),
        ("NUMBER", "010"),
        ("TABLE", "ref:Orders"),
        ("LONG", "ref:Orders"),
        ("SUBBED", "ref:Orders"),
        ("PARAMETER", "256"),
    )


CUSTOM = "C: {Type: 'Custom::Seed', Properties: {ServiceToken: !GetAtt F.Arn}}\n"
PLAIN = "F: {Type: AWS::Lambda::Function, Properties: {Handler: app.handler}}\n"


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ("", False),
        (CUSTOM, True),
        (CUSTOM.replace("Custom::Seed", "AWS::CloudFormation::CustomResource"), True),
        (CUSTOM.replace("!GetAtt F.Arn", "!GetAtt [F, Arn]"), True),
        (CUSTOM.replace("!GetAtt F.Arn", "!Sub '${F.Arn}'"), True),
        (CUSTOM.replace("!GetAtt F.Arn", "{'Fn::GetAtt': [F, Arn]}"), True),
        (CUSTOM.replace("F.Arn", "G.Arn"), False),
        (CUSTOM + "L: {Type: AWS::Logs::LogGroup, Properties: {Name: !Sub '/aws/${F}'}}", True),
        (
            CUSTOM + "P: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref F, Principal: x}}",
            False,
        ),
        (
            CUSTOM + "P: {Type: AWS::Lambda::Permission, Properties: "
            "{FunctionName: !Ref F, Principal: cloudformation.amazonaws.com}}",
            True,
        ),
        (CUSTOM + "E: {Type: AWS::Events::Rule, Properties: {Targets: [{Arn: !GetAtt F.Arn}]}}", False),
    ],
)
def test_functions_that_only_custom_resources_call(others: str, expected: bool) -> None:
    assert template(PLAIN + others).functions[0].custom_resource is expected


def test_an_event_source_makes_a_function_more_than_a_custom_resource() -> None:
    resource = PLAIN.replace("Lambda::", "Serverless::").replace("r}}", "r, Events: {A: {Type: Api}}}}")
    assert template(resource + CUSTOM).functions[0].custom_resource is False


def test_a_secrets_rotation() -> None:
    rotation = "R: {Type: AWS::SecretsManager::RotationSchedule, Properties: {RotationLambdaARN: !GetAtt F.Arn}}"
    (only,) = template(PLAIN + rotation).functions
    assert only.rotation
    assert not only.custom_resource
    assert not template(PLAIN).functions[0].rotation


@pytest.mark.parametrize(("executions", "expected"), [("5", True), ("0", False), ("!Ref Anything", True)])
def test_an_alias_may_keep_a_function_warm(executions: str, expected: bool) -> None:
    alias = f"""\
    A:
      Type: AWS::Lambda::Alias
      Properties:
        FunctionName: !Ref F
        ProvisionedConcurrencyConfig: {{ProvisionedConcurrentExecutions: {executions}}}
    """
    assert template(PLAIN + dedent(alias)).functions[0].provisioned is expected


def test_json_with_its_nesting_and_places() -> None:
    value = {
        "Resources": {
            "F": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "Runtime": "python3.12",
                    "Handler": {"Fn::Sub": ["${M}.handler", {"M": {"Fn::Join": ["/", ["src", "app"]]}}]},
                    "Environment": {"Variables": {"T": {"Ref": "Orders"}}},
                },
            }
        }
    }
    for blank in ("\t", 2):
        (only,) = read({"t.json": json.dumps(value, indent=blank).encode()}).functions
        assert (only.handler, only.line) == ("src/app.handler", 7)
        assert only.environment == (("T", "ref:Orders"),)


def test_macros_stand_where_resources_could() -> None:
    found = template(
        """\
        Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://x}}
        Fn::ForEach::Fns:
          - Name
          - [A, B]
          - "${Name}Function": {Type: AWS::Serverless::Function, Properties: {Handler: a.b}}
        Included: !Transform {Name: AWS::Include}
        G:
          Type: AWS::Serverless::Function
          Properties: {Fn::Transform: {Name: x}}
        """
        + PLAIN
    )
    assert [f.name for f in found.functions] == ["F"]
    assert found.problems == ()


def test_what_is_wrong_is_told_and_the_rest_is_read() -> None:
    found = template(
        """\
        A: [not, a, resource]
        B: {Type: AWS::Lambda::Function, Properties: [x]}
        C: {Type: AWS::Lambda::Function, Properties: {Handler: 42}}
        D: {Type: AWS::Lambda::Function, Properties: {Handler: [app.handler]}}
        E: {Type: [AWS::Lambda::Function], Properties: {Handler: app.handler}}
        F: {Type: AWS::Lambda::Function, Properties: {Handler: app.handler, Layers: 3, Environment: x}}
        T: {Type: AWS::DynamoDB::Table, Properties: {KeySchema: x}}
        """
    )
    assert [f.name for f in found.functions] == ["F"]
    assert [(p.line, p.column, p.reason) for p in found.problems] == [
        (3, 5, "the resource A is no mapping"),
        (4, 47, "the Properties of B are no mapping"),
        (5, 57, "the Handler of C is no text"),
        (6, 57, "the Handler of D is no text"),
        (9, 58, "the KeySchema of T is no list"),
    ]


def test_an_inherited_mistake_is_told_once() -> None:
    found = template(
        "A: {Type: AWS::Serverless::Function}\nB: {Type: AWS::Serverless::Function}\n",
        "Globals: {Function: {Handler: 1}}",
    )
    assert [(p.line, p.column) for p in found.problems] == [(1, 30)]


def test_aliases_may_share_properties() -> None:
    found = template(
        """\
        A:
          Type: AWS::Lambda::Function
          Properties: &shared {Handler: app.handler, MemorySize: 512}
        B:
          Type: AWS::Lambda::Function
          Properties: {<<: *shared, MemorySize: 256}
        """
    )
    assert [(f.name, f.handler, f.memory) for f in found.functions] == [
        ("A", "app.handler", 512),
        ("B", "app.handler", 256),
    ]
