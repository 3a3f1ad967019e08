"""What the roles of functions grant that CDK programs make."""

from __future__ import annotations

import pytest
from programs import project, python, typescript

from lambdalint.deployment.model import Rights

GET, BATCH = "dynamodb:GetItem", "dynamodb:BatchGetItem"
HEAD = """\
from aws_cdk import aws_iam as iam, aws_kinesis as kinesis
import outside
table = dynamodb.Table(self, "Orders", partition_key=dynamodb.Attribute(name="pk", type=X))
role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
def made(id="F", **settings):
    return lambda_.Function(self, id, handler="a.b", code=lambda_.Code.from_asset("src"), **settings)
"""
SCRIPT = """\
const table = new dynamodb.Table(this, 'Orders', {});
const role = new iam.Role(this, 'Role', {});
const settings = { handler: 'a.b', code: lambda.Code.fromAsset('src') };
"""
STATEMENT = 'iam.PolicyStatement(actions=["dynamodb:GetItem"], resources=[table.table_arn])'


def granted(text: str) -> Rights:
    """Of the function `F` that a stack makes."""
    return next(one.rights for one in python(HEAD + text).functions if one.name == "F")


def granted_by_script(text: str) -> Rights:
    found = typescript(SCRIPT + text).functions
    return next(one.rights for one in found if one.name == "F")


def allowed(rights: Rights) -> list[str]:
    return [action for action in (GET, BATCH) if rights.resources(action)]


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("made()", []),
        ("table.grant_read_data(made())", [GET, BATCH]),
        ("table.grant_read_write_data(made())", [GET, BATCH]),
        ("table.grant_full_access(made())", [GET, BATCH]),
        ("table.grants.read_data(made())", [GET, BATCH]),
        ("table.grant_write_data(made())", []),
        ("table.grant_stream_read(made())", []),
        ('table.grant(made(), "dynamodb:GetItem")', [GET]),
        ("table.grant_read_data(grantee=made())", [GET, BATCH]),
        ("table.grant_read_data(made().role)", [GET, BATCH]),
        ("table.grant_read_data(made(role=role))", [GET, BATCH]),
        ("made(role=role)\ntable.grant_read_data(role)", [GET, BATCH]),
        ('made(role=role)\ntable.grant_read_data(made("Other", role=role))', [GET, BATCH]),
        ('made()\ntable.grant_read_data(made("Other"))', []),
        ('dynamodb.Table.from_table_name(self, "T", "orders").grant_read_data(made())', [GET, BATCH]),
        (f"made().add_to_role_policy({STATEMENT})", [GET]),
        (f"made().add_to_role_policy(statement={STATEMENT})", [GET]),
        (f"made().role.add_to_policy({STATEMENT})", [GET]),
        (f"made(role=role)\nrole.add_to_principal_policy({STATEMENT})", [GET]),
        (f"made(initial_policy=[{STATEMENT}])", [GET]),
        ("for grant in [table.grant_read_data]:\n    grant(made())", [GET, BATCH]),
        (f'made(role=role)\nrole.attach_inline_policy(iam.Policy(self, "P", statements=[{STATEMENT}]))', [GET]),
        (f'iam.Policy(self, "P", statements=[{STATEMENT}], roles=[made().role])', [GET]),
        (f'iam.Policy(self, "P", statements=[{STATEMENT}]).attach_to_role(made().role)', [GET]),
        (f'policy = iam.Policy(self, "P", roles=[made().role])\npolicy.add_statements({STATEMENT})', [GET]),
        ('iam.Grant.add_to_principal(grantee=made(), actions=["dynamodb:GetItem"], resource_arns=["*"])', [GET]),
        (f'statement = {STATEMENT}\nstatement.add_actions("dynamodb:Batch*")\nmade(initial_policy=[statement])',
         [GET, BATCH]),
        ('made(initial_policy=[iam.PolicyStatement.from_json({"Effect": "Allow", "Action": "dynamodb:GetItem", '
         '"Resource": table.table_arn})])', [GET]),
        (f'table.grant_full_access(made())\nmade().add_to_role_policy({STATEMENT})', [GET, BATCH]),
        ('fn = made()\ntable.grant_read_data(fn)\nfn.add_to_role_policy(iam.PolicyStatement('
         'effect=iam.Effect.DENY, actions=["dynamodb:Batch*"], resources=["*"]))', [GET]),
    ],
)  # fmt: skip
def test_what_is_known_whole(text: str, actions: list[str]) -> None:
    rights = granted(text)
    assert rights.complete
    assert allowed(rights) == actions


ROLE = 'iam.Role(self, "R", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"), {})'
NAMED = 'iam.ManagedPolicy.from_aws_managed_policy_name("{}")'


@pytest.mark.parametrize(
    ("settings", "actions"),
    [
        (f"inline_policies={{'p': iam.PolicyDocument(statements=[{STATEMENT}])}}", [GET]),
        ("inline_policies={'p': iam.PolicyDocument.from_json({'Statement': [{'Effect': 'Allow', "
         "'Action': 'dynamodb:*', 'Resource': '*'}]})}", [GET, BATCH]),
        (f"managed_policies=[{NAMED.format('service-role/AWSLambdaBasicExecutionRole')}]", []),
        (f"managed_policies=[{NAMED.format('AmazonDynamoDBReadOnlyAccess')}]", [GET, BATCH]),
        (f"managed_policies=[iam.ManagedPolicy(self, 'M', statements=[{STATEMENT}])]", [GET]),
        ("managed_policies=[iam.ManagedPolicy.from_managed_policy_arn(self, 'M', "
         "'arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess')]", [GET, BATCH]),
    ],
)  # fmt: skip
def test_policies_of_a_role_itself(settings: str, actions: list[str]) -> None:
    rights = granted(f"made(role={ROLE.format(settings)})")
    assert rights.complete
    assert allowed(rights) == actions


def test_the_low_level_constructs() -> None:
    document = "{'Statement': {'Effect': 'Allow', 'Action': ['dynamodb:GetItem'], 'Resource': table.table_arn}}"
    text = f"""\
role = iam.CfnRole(self, "R", assume_role_policy_document={{}}, managed_policy_arns=[
    "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"], policies=[
    iam.CfnRole.PolicyProperty(policy_name="p", policy_document={document})])
code = assets.Asset(self, "Code", path="src")
lambda_.CfnFunction(self, "F", handler="a.b", code={{"s3_bucket": code.s3_bucket_name}}, role=role.attr_arn)
"""
    rights = granted("from aws_cdk import aws_s3_assets as assets\n" + text)
    assert rights.complete
    assert allowed(rights) == [GET]


@pytest.mark.parametrize(
    "text",
    [
        "made(role=kwargs['role'])",
        'made(role=iam.Role.from_role_arn(self, "R", "arn:aws:iam::123456789012:role/ours"))',
        "made(initial_policy=kwargs['statements'])",
        "made().add_to_role_policy(kwargs['statement'])",
        'made(initial_policy=[iam.PolicyStatement(not_actions=["iam:*"], resources=["*"])])',
        'made(initial_policy=[iam.PolicyStatement(actions=[f"dynamodb:{kwargs[0]}"], resources=["*"])])',
        "kwargs['table'].grant_read_data(made())",
        "table.grant_everything(made())",
        "outside.allow(made())",
        'outside.Queue(self, "Q", handler=made())',
        "kwargs['helper'](made())",
        "made(role=role)\nrole.add_managed_policy(kwargs['policy'])",
        f"made(role={ROLE.format('managed_policies=[' + NAMED.format('PolicyOfTomorrow') + ']')})",
        "made()\niam.Policy(self, 'P', statements=kwargs['statements'], roles=kwargs['roles'])",
    ],
)
def test_what_a_program_leaves_open(text: str) -> None:
    rights = granted(text)
    assert not rights.complete
    assert not allowed(rights)


@pytest.mark.parametrize(
    "text",
    [
        'table.grant_read_data(made())\nouter = kwargs["x"]\nouter.node.add_dependency(table)',
        "fn = made()\nprint(fn)\ntable.grant_read_data(fn)",
        "fn = made()\nfn.add_event_source(kwargs['source'])\ntable.grant_read_data(fn)",
        'table.grant_read_data(made())\nkwargs["bucket"].grant_read(made("Other"))',
    ],
)
def test_what_has_no_part_in_a_functions_rights(text: str) -> None:
    rights = granted(text)
    assert rights.complete
    assert allowed(rights) == [GET, BATCH]


@pytest.mark.parametrize(
    "text",
    [
        "fn = made()\nif kwargs['read']:\n    table.grant_read_data(fn)",
        "fn = made()\nkwargs['read'] and table.grant_read_data(fn)",
        "fn = made()\ntable.grant_read_data(fn) if kwargs['read'] else None",
        "fn = made()\nfor one in kwargs['tables']:\n    table.grant_read_data(fn)",
        "fn = made()\ntable.grant_read_data(kwargs['fn'])",
        f"fn = made()\nkwargs['fn'].add_to_role_policy({STATEMENT.replace('Get', 'Batch*')})",
        "fn = made()\nfn.add_to_role_policy(iam.PolicyStatement(actions=['dynamodb:*'], conditions={'Bool': {}}))",
    ],
)
def test_what_may_be_granted(text: str) -> None:
    rights = granted(text)
    assert not allowed(rights)
    assert not rights.settles(BATCH)
    assert rights.settles("kinesis:PutRecords")


def test_what_is_granted_where_the_function_is_made() -> None:
    rights = granted("if kwargs['read']:\n    table.grant_read_data(made())")
    assert rights.complete
    assert allowed(rights) == [GET, BATCH]


def test_a_resource_is_the_same_however_it_is_granted() -> None:
    more = 'made().add_to_role_policy(iam.PolicyStatement(actions=["dynamodb:BatchGetItem"], resources=[{}]))'
    grant = 'fn = made()\ntable.grant(fn, "dynamodb:GetItem")\n'
    same = granted(grant + more.replace("made()", "fn").format("table.table_arn"))
    assert same.resources(GET) == same.resources(BATCH)
    other = granted(grant + more.replace("made()", "fn").format("kwargs['arn']"))
    assert not other.resources(GET) & other.resources(BATCH)


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("const fn = new lambda.Function(this, 'F', settings);\ntable.grantReadData(fn);", [GET, BATCH]),
        ("const fn = new lambda.Function(this, 'F', settings);\ntable.grant(fn, 'dynamodb:GetItem');", [GET]),
        ("const fn = new lambda.Function(this, 'F', settings);\nfn.role!.addToPrincipalPolicy(new iam.PolicyStatement("
         "{ actions: ['dynamodb:GetItem'], resources: [table.tableArn] }));", [GET]),
        ("new lambda.Function(this, 'F', { ...settings, initialPolicy: [new iam.PolicyStatement("
         "{ effect: iam.Effect.ALLOW, actions: ['dynamodb:GetItem'], resources: ['*'] })] });", [GET]),
        ("const fn = new lambda.Function(this, 'F', { ...settings, role });\n"
         "role.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonDynamoDBFullAccess'));",
         [GET, BATCH]),
        ("const fn = new lambda.Function(this, 'F', { ...settings, role: new iam.Role(this, 'R', { inlinePolicies: { "
         "p: new iam.PolicyDocument({ statements: [new iam.PolicyStatement({ actions: ['dynamodb:GetItem'] })] }) "
         "} }) });", [GET]),
        ("[new lambda.Function(this, 'F', settings)].forEach(fn => table.grantReadData(fn));", [GET, BATCH]),
    ],
)  # fmt: skip
def test_programs_in_typescript(text: str, actions: list[str]) -> None:
    rights = granted_by_script(text)
    assert rights.complete
    assert allowed(rights) == actions


def test_a_function_of_the_programs_own_class() -> None:
    text = """
    export class Reader extends lambda.Function {
      constructor(scope: Construct, id: string, table: dynamodb.Table) {
        super(scope, id, { handler: 'a.b', code: lambda.Code.fromAsset('src') });
        table.grantReadData(this);
      }
    }
    """
    stack = "import { Reader } from './reader';\nimport * as dynamodb from 'aws-cdk-lib/aws-dynamodb';\n"
    stack += "const table = new dynamodb.Table(stack, 'T', {});\nnew Reader(stack, 'F', table);\n"
    head = "import * as lambda from 'aws-cdk-lib/aws-lambda';\nimport * as dynamodb from 'aws-cdk-lib/aws-dynamodb';\n"
    (one,) = project({"lib/reader.ts": head + text, "lib/stack.ts": stack}).functions
    assert one.rights.complete
    assert allowed(one.rights) == [GET, BATCH]


def test_a_program_that_is_too_large_is_open() -> None:
    rounds = "for a in range(90):\n    for b in range(90):\n        for c in range(90):\n            d = a"
    assert not granted(f"made()\n{rounds}").complete
