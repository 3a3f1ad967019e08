"""What the roles of Terraform's functions grant."""

from __future__ import annotations

from textwrap import dedent

import pytest

from lambdalint.deployment import DeployedFunction, read
from lambdalint.deployment.model import Rights, Statement

GET, BATCH = "dynamodb:GetItem", "dynamodb:BatchGetItem"
FUNCTION = """
resource "aws_lambda_function" "f" {
  handler = "app.handler"
  role    = ROLE
}
"""
ROLE = """
resource "aws_iam_role" "r" {
  name = "reader"
}
"""
TABLE = "aws_dynamodb_table.orders.arn"
STATEMENT = f'{{ Effect = "Allow", Action = "dynamodb:GetItem", Resource = {TABLE} }}'
POLICY = f"jsonencode({{ Statement = [{STATEMENT}] }})"


def functions(files: dict[str, str]) -> tuple[DeployedFunction, ...]:
    found = read({path: dedent(text).encode() for path, text in files.items()})
    assert found.problems == ()
    return found.functions


def granted(rest: str, role: str = "aws_iam_role.r.arn", **others: str) -> Rights:
    """Of a function beside these blocks, which has this role; `others` are modules' files by their folders."""
    files = {f"{folder}/main.tf": text for folder, text in others.items()}
    (only,) = functions({"main.tf": FUNCTION.replace("ROLE", role) + dedent(rest), **files})
    return only.rights


def allowed(rights: Rights) -> list[str]:
    return [action for action in (GET, BATCH) if rights.resources(action)]


def attached(policy: str) -> str:
    """A role with this policy."""
    return f'{ROLE}resource "aws_iam_role_policy" "p" {{\n  role   = aws_iam_role.r.id\n  policy = {policy}\n}}\n'


HEREDOC = """<<-EOF
  {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:Batch*"], "Resource": "${TABLE}/*"}
  }
  EOF
"""


@pytest.mark.parametrize(
    ("policy", "actions"),
    [
        (POLICY, [GET]),
        (f'jsonencode({{ Statement = {STATEMENT.replace("GetItem", "*")} }})', [GET, BATCH]),
        ('jsonencode({ Statement = [for a in ["Get*", "BatchGet*"] : '
         '{ Effect = "Allow", Action = "dynamodb:${a}", Resource = "*" }] })', [GET, BATCH]),
        (HEREDOC.replace("TABLE", TABLE), [GET, BATCH]),
        (HEREDOC.replace("TABLE", 'var.tables["orders"]'), [GET, BATCH]),
        ('"{\\"Statement\\": [{\\"Effect\\": \\"Allow\\", \\"Action\\": \\"dynamodb:Get*\\", '
         '\\"Resource\\": \\"*\\"}]}"', [GET]),
        ('jsonencode({ Statement = [] })', []),
    ],
)  # fmt: skip
def test_policies_in_the_text(policy: str, actions: list[str]) -> None:
    rights = granted(attached(policy))
    assert rights.complete
    assert allowed(rights) == actions


@pytest.mark.parametrize(
    "policy",
    [
        "var.policy",
        'file("policy.json")',
        'templatefile("policy.tftpl", { table = aws_dynamodb_table.orders.arn })',
        "jsonencode(var.policy)",
        "jsonencode({ Statement = concat([], var.more) })",
        'jsonencode({ Statement = [{ Effect = "Allow", Action = concat(["dynamodb:GetItem"], var.more) }] })',
        'jsonencode({ Statement = [{ Effect = "Allow", NotAction = "iam:*", Resource = "*" }] })',
        'jsonencode({ Statement = [{ Effect = var.effect, Action = "dynamodb:*", Resource = "*" }] })',
        'jsonencode({ Statement = [{ Effect = "Allow", Action = "dynamodb:${var.action}", Resource = "*" }] })',
        HEREDOC.replace("Batch*", "${var.action}"),
        HEREDOC.replace('"Version"', "%{ if var.all }").replace('"2012-10-17"', "%{ endif }"),
        "<<EOF\nno JSON\nEOF\n",
        '"' + "[" * 4000 + '"',
    ],
)
def test_a_policy_that_only_a_deployment_knows(policy: str) -> None:
    rights = granted(attached(policy))
    assert not rights.complete
    assert not allowed(rights)


def test_what_hangs_on_a_condition_is_open_for_its_own_actions() -> None:
    condition = 'Condition = { Bool = { "aws:SecureTransport" = "true" } }'
    statement = f'{{ Effect = "Allow", Action = "dynamodb:Batch*", Resource = {TABLE}, {condition} }}'
    rights = granted(attached(f"jsonencode({{ Statement = [{STATEMENT}, {statement}] }})"))
    assert allowed(rights) == [GET]
    assert not rights.settles(BATCH)
    assert rights.settles("sqs:SendMessage")


DOCUMENT = """
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["dynamodb:GetItem"]
    resources = [aws_dynamodb_table.orders.arn, "${aws_dynamodb_table.orders.arn}/index/*"]
  }
  MORE
}
"""


@pytest.mark.parametrize(
    ("more", "actions", "complete"),
    [
        ("", [GET], True),
        ('statement {\n actions = ["dynamodb:Batch*"]\n resources = ["*"]\n }', [GET, BATCH], True),
        ('statement {\n effect = "Deny"\n actions = ["dynamodb:*"]\n resources = ["*"]\n }', [], True),
        ('statement {\n not_actions = ["iam:*"]\n resources = ["*"]\n }', [GET], False),
        ('dynamic "statement" {\n for_each = var.x\n content {\n actions = ["dynamodb:*"]\n }\n }', [GET], False),
        ("source_policy_documents = [data.aws_iam_policy_document.more.json]", [GET, BATCH], True),
        ("source_policy_documents = [var.more]", [GET], False),
        ("override_policy_documents = [data.aws_iam_policy_document.more.json]", [GET], False),
    ],
)
def test_policy_documents(more: str, actions: list[str], complete: bool) -> None:
    other = (
        'data "aws_iam_policy_document" "more" {\n statement {\n actions = ["dynamodb:B*"]\n resources = ["*"]\n}\n}'
    )
    rights = granted(attached("data.aws_iam_policy_document.d.json") + DOCUMENT.replace("MORE", more) + other)
    assert allowed(rights) == actions
    assert rights.complete == complete


def test_a_condition_of_a_document() -> None:
    condition = 'condition {\n test = "Bool"\n variable = "aws:SecureTransport"\n values = ["true"]\n }'
    more = f'statement {{\n actions = ["dynamodb:Batch*"]\n resources = ["*"]\n {condition}\n }}'
    rights = granted(attached("data.aws_iam_policy_document.d.json") + DOCUMENT.replace("MORE", more))
    assert allowed(rights) == [GET]
    assert not rights.settles(BATCH)


ATTACHMENT = """
resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.r.name
  policy_arn = ARN
}
"""
OWN = f'resource "aws_iam_policy" "own" {{\n  policy = {POLICY}\n}}\n'
KNOWN = 'data "aws_iam_policy" "known" {\n  name = "AmazonDynamoDBReadOnlyAccess"\n}\n'


@pytest.mark.parametrize(
    ("arn", "actions", "complete"),
    [
        ("aws_iam_policy.own.arn", [GET], True),
        ('"arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"', [GET, BATCH], True),
        ('"arn:${data.aws_partition.now.partition}:iam::aws:policy/AmazonDynamoDBFullAccess"', [GET, BATCH], True),
        ('"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"', [], True),
        ("data.aws_iam_policy.known.arn", [GET, BATCH], True),
        ('"arn:aws:iam::123456789012:policy/AdministratorAccess"', [], False),
        ('"arn:aws:iam::aws:policy/PolicyOfTomorrow"', [], False),
        ("var.policy_arn", [], False),
    ],
)
def test_managed_policies(arn: str, actions: list[str], complete: bool) -> None:
    rights = granted(ROLE + OWN + KNOWN + ATTACHMENT.replace("ARN", arn))
    assert allowed(rights) == actions
    assert rights.complete == complete


def test_policies_of_a_role_itself() -> None:
    managed = 'managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"]'
    assert allowed(granted(f'resource "aws_iam_role" "r" {{\n  {managed}\n}}\n')) == [GET, BATCH]
    inline = f'inline_policy {{\n  name = "p"\n  policy = {POLICY}\n}}'
    rights = granted(f'resource "aws_iam_role" "r" {{\n  {inline}\n}}\n')
    assert allowed(rights) == [GET]
    assert rights == Rights((Statement((GET,), ("${aws_dynamodb_table.orders.arn}",)),), complete=True)


def test_a_policy_for_several_roles() -> None:
    several = """
    resource "aws_iam_policy_attachment" "a" {
      name       = "a"
      roles      = [aws_iam_role.other.name, aws_iam_role.r.name]
      policy_arn = aws_iam_policy.own.arn
    }
    resource "aws_iam_role" "other" {
    }
    """
    assert allowed(granted(ROLE + OWN + dedent(several))) == [GET]


def test_each_of_several_policies() -> None:
    each = """
    resource "aws_iam_role_policy_attachment" "a" {
      for_each   = toset(["AmazonDynamoDBFullAccess", "AmazonSSMFullAccess"])
      role       = aws_iam_role.r.name
      policy_arn = "arn:aws:iam::aws:policy/${each.value}"
    }
    """
    rights = granted(ROLE + dedent(each))
    assert rights.complete
    assert allowed(rights) == [GET, BATCH]
    assert rights.resources("ssm:GetParameters")


def test_a_policy_that_may_be_attached() -> None:
    text = ROLE + OWN + ATTACHMENT.replace("ARN", "aws_iam_policy.own.arn\n  count = var.read ? 1 : 0")
    rights = granted(text)
    assert not allowed(rights)
    assert not rights.settles(GET)
    assert rights.settles(BATCH)


def test_a_role_for_each_function() -> None:
    text = """
    resource "aws_lambda_function" "f" {
      for_each = toset(["get", "scan"])
      handler  = "app.handler"
      role     = aws_iam_role.r[each.key].arn
    }
    resource "aws_iam_role" "r" {
      for_each = toset(["get", "scan"])
    }
    resource "aws_iam_role_policy" "get" {
      role   = aws_iam_role.r["get"].id
      policy = POLICY
    }
    """
    found = {one.name: one.rights for one in functions({"main.tf": dedent(text).replace("POLICY", POLICY)})}
    assert {name: allowed(rights) for name, rights in found.items()} == {'f["get"]': [GET], 'f["scan"]': []}
    assert all(rights.complete for rights in found.values())


def test_attachments_by_the_roles_name() -> None:
    text = ROLE + OWN + ATTACHMENT.replace("aws_iam_role.r.name", "NAME").replace("ARN", "aws_iam_policy.own.arn")
    assert allowed(granted(text.replace("NAME", '"reader"'))) == [GET]
    assert granted(text.replace("NAME", '"writer"')) == Rights(complete=True)
    assert not granted(text.replace("NAME", "var.role")).settles(GET)


@pytest.mark.parametrize("role", ["var.role_arn", "data.aws_iam_role.r.arn", '"arn:aws:iam::123456789012:role/ours"'])
def test_a_role_of_somewhere_else(role: str) -> None:
    assert granted(attached(POLICY) + 'data "aws_iam_role" "r" {\n  name = "r"\n}\n', role) == Rights()


def test_a_role_of_a_local_module() -> None:
    call = 'module "iam" {\n  source = "./iam"\n  table = aws_dynamodb_table.orders.arn\n}\n'
    iam = attached(POLICY.replace(TABLE, "var.table")) + 'output "arn" {\n  value = aws_iam_role.r.arn\n}\n'
    rights = granted(call, "module.iam.arn", iam=iam)
    assert rights == Rights((Statement((GET,), ("${aws_dynamodb_table.orders.arn}",)),), complete=True)
    by_key = iam.replace("aws_iam_role.r.arn\n}", "{ reader = aws_iam_role.r.arn }\n}")
    assert allowed(granted(call, 'module.iam.arn["reader"]', iam=by_key)) == [GET]


def test_a_local_module_that_attaches() -> None:
    call = 'module "more" {\n  source = "./more"\n  role = aws_iam_role.r.name\n}\n'
    more = f'resource "aws_iam_role_policy" "p" {{\n  role = var.role\n  policy = {POLICY}\n}}\n'
    assert allowed(granted(ROLE + call, more=more)) == [GET]


def test_a_module_from_elsewhere_may_attach_anything() -> None:
    call = 'module "more" {\n  source = "example/policies/aws"\n  role = aws_iam_role.r.name\n}\n'
    assert allowed(granted(attached(POLICY) + call)) == [GET]
    assert not granted(attached(POLICY) + call).complete


def test_a_file_that_is_not_read_whole_may_attach_anything() -> None:
    large = 'resource "aws_iam_role_policy" "p" {\n' + "  # policies\n" * 3000 + "}\n"
    assert not granted(attached(POLICY) + large).complete
    assert granted(attached(POLICY) + large.replace("aws_iam_role_policy", "aws_api_gateway_deployment")).complete


COMMUNITY = """
module "f" {
  source  = "terraform-aws-modules/lambda/aws"
  handler = "app.handler"
  MORE
}
"""
STATEMENTS = """
  policy_statements = {
    orders = { effect = "Allow", actions = ["dynamodb:GetItem"], resources = [aws_dynamodb_table.orders.arn] }
  }
"""


@pytest.mark.parametrize(
    ("more", "actions", "complete"),
    [
        ("", [], True),
        (f"attach_policy_statements = true\n{STATEMENTS}", [GET], True),
        (f"attach_policy_statements = var.attach\n{STATEMENTS}", [], False),
        (STATEMENTS, [], True),
        (f"attach_policy_json = true\npolicy_json = {POLICY}", [GET], True),
        (f"attach_policy_jsons = true\npolicy_jsons = [{POLICY}]\nnumber_of_policy_jsons = 1", [GET], True),
        ('attach_policy = true\npolicy = "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"', [GET, BATCH], True),
        ("attach_policies = true\npolicies = [aws_iam_policy.own.arn]", [GET], True),
        ("create_role = false\nlambda_role = aws_iam_role.r.arn", [], True),
        ("create_role = false\nlambda_role = var.role", [], False),
        ("create_role = var.create\nlambda_role = aws_iam_role.r.arn", [], False),
    ],
)
def test_the_communitys_module(more: str, actions: list[str], complete: bool) -> None:
    (only,) = functions({"main.tf": COMMUNITY.replace("MORE", more) + ROLE + OWN})
    assert allowed(only.rights) == actions
    assert only.rights.complete == complete


def test_what_is_attached_to_the_role_that_the_communitys_module_makes() -> None:
    attachment = ATTACHMENT.replace("aws_iam_role.r.name", "module.f.lambda_role_name")
    (only,) = functions(
        {"main.tf": COMMUNITY.replace("MORE", "") + OWN + attachment.replace("ARN", "aws_iam_policy.own.arn")}
    )
    assert allowed(only.rights) == [GET]
