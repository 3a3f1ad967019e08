"""What the roles of functions grant, as templates say it."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from lambdalint.deployment import DeployedFunction, read
from lambdalint.deployment.model import Rights, Statement

GET, BATCH = "dynamodb:GetItem", "dynamodb:BatchGetItem"


def only(text: str, path: str) -> DeployedFunction:
    found = read({path: dedent(text).encode()})
    assert found.problems == ()
    (function,) = found.functions
    return function


def sam(policies: str, more: str = "") -> Rights:
    """Of a function of SAM with these policies, beside these resources."""
    text = "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: app.handler\n"
    return only(text + indent(dedent(policies), "      ") + indent(dedent(more), "  "), "template.yaml").rights


def serverless(provider: str = "", function: str = "", more: str = "") -> Rights:
    text = "service: s\nprovider:\n  name: aws\n  runtime: python3.12\n" + indent(dedent(provider), "  ")
    text += "functions:\n  f:\n    handler: app.handler\n" + indent(dedent(function), "    ") + dedent(more)
    return only(text, "serverless.yml").rights


def allowed(rights: Rights) -> list[str]:
    return [action for action in (GET, BATCH) if rights.resources(action)]


STATEMENT = "{Effect: Allow, Action: dynamodb:GetItem, Resource: '*'}"


@pytest.mark.parametrize(
    ("policies", "granted"),
    [
        (f"Policies: [{{Statement: [{STATEMENT}]}}]", [GET]),
        (f"Policies: {{Statement: {STATEMENT}}}", [GET]),
        ("Policies: {Statement: {Effect: Allow, Action: [dynamodb:GetItem,'dynamodb:B*'], Resource: x}}", [GET, BATCH]),
        ("Policies: [{Statement: [{Effect: Allow, Action: 'dynamodb:*', Resource: x}]}]", [GET, BATCH]),
        ("Policies: [{Statement: [{Effect: Allow, Action: 'DynamoDB:getitem', Resource: x}]}]", [GET]),
        ("Policies: [{DynamoDBReadPolicy: {TableName: orders}}]", [GET, BATCH]),
        ("Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Orders}}, AWSLambdaBasicExecutionRole]", [GET, BATCH]),
        ("Policies: [{DynamoDBWritePolicy: {TableName: orders}}]", []),
        ("Policies: AmazonDynamoDBFullAccess", [GET, BATCH]),
        ("Policies: [arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess]", [GET, BATCH]),
        ("Policies: [!Sub 'arn:${AWS::Partition}:iam::aws:policy/AmazonDynamoDBFullAccess']", [GET, BATCH]),
        ("", []),
    ],
)  # fmt: skip
def test_policies_of_sam_are_known_whole(policies: str, granted: list[str]) -> None:
    rights = sam(policies)
    assert rights.complete
    assert allowed(rights) == granted


@pytest.mark.parametrize(
    "policies",
    [
        "Policies: [arn:aws:iam::123456789012:policy/ours]",
        "Policies: [{PolicyOfTomorrow: {TableName: orders}}]",
        "Policies: [!If [Prod, AmazonDynamoDBFullAccess, !Ref 'AWS::NoValue']]",
        "Policies: [!ImportValue shared-policy]",
        "Policies: [{Statement: [{Effect: Allow, NotAction: 'iam:*', Resource: '*'}]}]",
        "Policies: [{Statement: [!If [A, {Effect: Allow, Action: 'dynamodb:*', Resource: '*'}, {}]]}]",
        "Role: arn:aws:iam::123456789012:role/ours",
        "Role: !ImportValue shared-role",
    ],
)
def test_what_a_template_leaves_open_is_unknown(policies: str) -> None:
    rights = sam(policies)
    assert not rights.complete
    assert not allowed(rights)


def test_what_hangs_on_a_condition_is_open_for_its_own_actions() -> None:
    statement = "{Effect: Allow, Action: 'dynamodb:B*', Resource: '*', Condition: {Bool: {a: b}}}"
    rights = sam(f"Policies: [{{Statement: [{STATEMENT}, {statement}]}}]")
    assert allowed(rights) == [GET]
    assert not rights.settles(BATCH)
    assert rights.settles("sqs:SendMessage")


def test_what_is_denied_is_not_granted() -> None:
    rights = sam(
        "Policies: [AmazonDynamoDBFullAccess, {Statement: {Effect: Deny, Action: 'dynamodb:B*', Resource: '*'}}]"
    )
    assert allowed(rights) == [GET]


def test_a_connector_grants_what_it_likes() -> None:
    connector = "C: {Type: AWS::Serverless::Connector, Properties: {Source: {Id: F}, Destination: {Id: T}}}\n"
    assert not sam(f"Policies: {{Statement: {STATEMENT}}}\n", connector).complete


ROLE = """\
    R:
      Type: AWS::IAM::Role
      Properties:
        ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
        Policies:
          - PolicyName: p
            PolicyDocument: {Statement: [{Effect: Allow, Action: 'dynamodb:GetItem', Resource: !GetAtt T.Arn}]}
    """


@pytest.mark.parametrize("reference", ["!GetAtt R.Arn", "{'Fn::GetAtt': [R, Arn]}", "!Sub '${R.Arn}'"])
def test_a_role_of_the_template(reference: str) -> None:
    rights = sam(f"Role: {reference}\n", ROLE)
    assert rights.complete
    assert allowed(rights) == [GET]


def test_policies_that_are_attached_to_a_role() -> None:
    more = """\
        P:
          Type: AWS::IAM::Policy
          Properties:
            Roles: [!Ref R]
            PolicyDocument: {Statement: [{Effect: Allow, Action: 'dynamodb:Batch*', Resource: !GetAtt T.Arn}]}
        Other:
          Type: AWS::IAM::Policy
          Properties:
            Roles: [!Ref Another]
            PolicyDocument: {Statement: [{Effect: Allow, Action: 'sqs:*', Resource: '*'}]}
        """
    rights = sam("Role: !GetAtt R.Arn\n", dedent(ROLE) + dedent(more))
    assert allowed(rights) == [GET, BATCH]
    assert not rights.resources("sqs:SendMessage")
    assert rights.resources(GET) == rights.resources(BATCH)


def test_a_managed_policy_of_the_template() -> None:
    policy = "P: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Statement: [" + STATEMENT + "]}}}\n"
    assert allowed(sam("Policies: [!Ref P]\n", policy)) == [GET]


def test_a_plain_function_without_a_role_of_the_template() -> None:
    text = "Resources: {F: {Type: AWS::Lambda::Function, Properties: {Handler: a.b, Role: !Ref RoleArn}}}"
    assert only(text, "template.yaml").rights == Rights()


def test_statements_of_the_serverless_framework() -> None:
    legacy = serverless(f"iamRoleStatements: [{STATEMENT}]\n")
    modern = serverless(f"iam: {{role: {{statements: [{STATEMENT}]}}}}\n")
    assert legacy == modern == Rights((Statement((GET,)),), complete=True)


def test_managed_policies_of_the_serverless_framework() -> None:
    managed = "[arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess]"
    assert allowed(serverless(f"iam: {{role: {{managedPolicies: {managed}}}}}\n")) == [GET, BATCH]
    assert allowed(serverless(f"iamManagedPolicies: {managed}\n")) == [GET, BATCH]


def test_a_functions_own_statements_come_in_place_of_the_services() -> None:
    batch = "{Effect: Allow, Action: 'dynamodb:BatchGetItem', Resource: '*'}"
    provider = f"iamRoleStatements: [{batch}]\n"
    own = f"iamRoleStatements: [{STATEMENT}]\n"
    assert allowed(serverless(provider, own)) == [GET]
    assert allowed(serverless(provider, own + "iamRoleStatementsInherit: true\n")) == [GET, BATCH]


def test_roles_by_name_in_the_serverless_framework() -> None:
    more = "resources:\n  Resources:\n" + indent(dedent(ROLE), "    ")
    assert allowed(serverless("", "role: R\n", more)) == [GET]
    assert allowed(serverless("iam: {role: !GetAtt R.Arn}\n", "", more)) == [GET]
    assert serverless("iam: {role: 'arn:aws:iam::123456789012:role/ours'}\n") == Rights()


def test_statements_in_another_file_are_unknown() -> None:
    assert not serverless("iamRoleStatements: ${file(roles.yml)}\n").complete
    assert not serverless(f"iamRoleStatements: [{STATEMENT}, '${{file(roles.yml)}}']\n").complete
