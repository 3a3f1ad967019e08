"""What findings and fixes say of a right that the remedy needs, by what the template grants."""

from __future__ import annotations

from pathlib import Path

import pytest
import rule_cases
from rule_cases import Case

APP = """\
import boto3

table = boto3.resource("dynamodb").Table("products")


def lambda_handler(event, context):
    total = 0
    for line in event["lines"]:
        response = table.get_item(Key={"sku": line["sku"]})
        total += response["Item"]["price"]
    return total
"""
TEMPLATE = """\
Resources:
  Total:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.lambda_handler
      CodeUri: .
      Runtime: python3.12
      Policies: POLICIES
"""
TERRAFORM = """\
data "archive_file" "code" {
  source_dir  = path.module
  output_path = "code.zip"
}

resource "aws_lambda_function" "total" {
  filename = data.archive_file.code.output_path
  handler  = "app.lambda_handler"
  role     = aws_iam_role.total.arn
}

resource "aws_iam_role" "total" {
}

resource "aws_iam_role_policy" "total" {
  role   = aws_iam_role.total.id
  policy = POLICIES
}
"""
CDK = """\
from aws_cdk import Stack, aws_dynamodb as dynamodb, aws_iam as iam, aws_lambda as lambda_


class Shop(Stack):
    def __init__(self, scope, id, **kwargs):
        super().__init__(scope, id, **kwargs)
        table = dynamodb.Table(self, "Products")
        total = lambda_.Function(self, "Total", handler="app.lambda_handler", code=lambda_.Code.from_asset("."))
        POLICIES
"""
SCRIPT = """\
import { Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';

export class Shop extends Stack {
  constructor(scope, id, props) {
    super(scope, id, props);
    const table = new dynamodb.Table(this, 'Products', {});
    const code = lambda.Code.fromAsset(__dirname);
    const total = new lambda.Function(this, 'Total', { handler: 'app.lambda_handler', code });
    POLICIES
  }
}
"""
TEMPLATES = {"template.yaml": TEMPLATE, "main.tf": TERRAFORM, "app_stack.py": CDK, "stack.ts": SCRIPT}
NEEDS = "needs dynamodb:BatchGetItem"
MISSING = "the template grants dynamodb:GetItem, not dynamodb:BatchGetItem"


@pytest.mark.parametrize(
    ("template", "policies", "said"),
    [
        ("template.yaml", "[{Statement: [{Effect: Allow, Action: dynamodb:GetItem, Resource: '*'}]}]", MISSING),
        ("template.yaml", "[{DynamoDBReadPolicy: {TableName: products}}]", ""),
        (
            "template.yaml",
            "[{Statement: [{Effect: Allow, Action: ['dynamodb:Get*', 'dynamodb:Batch*'], Resource: '*'}]}]",
            "",
        ),
        ("template.yaml", "[arn:aws:iam::123456789012:policy/ours]", NEEDS),
        (
            "main.tf",
            'jsonencode({ Statement = [{ Effect = "Allow", Action = "dynamodb:GetItem", Resource = "*" }] })',
            MISSING,
        ),
        ("main.tf", 'jsonencode({ Statement = [{ Effect = "Allow", Action = "dynamodb:*", Resource = "*" }] })', ""),
        ("main.tf", 'file("policy.json")', NEEDS),
        ("app_stack.py", "table.grant_read_data(total)", ""),
        ("app_stack.py", 'table.grant(total, "dynamodb:GetItem")', MISSING),
        (
            "app_stack.py",
            'table.grant(total, "dynamodb:GetItem"); dynamodb.Table(self, "Other").grant_read_data(total)',
            NEEDS,
        ),
        ("app_stack.py", "kwargs['table'].grant_read_data(total)", NEEDS),
        ("stack.ts", "table.grantReadWriteData(total);", ""),
        ("stack.ts", "table.grant(total, 'dynamodb:GetItem');", MISSING),
        ("stack.ts", "props.grantRights(total);", NEEDS),
        ("", "", NEEDS),
    ],
)
def test_what_is_said_of_the_right(template: str, policies: str, said: str, tmp_path: Path) -> None:
    files = {"app.py": APP}
    if template:
        files[template] = TEMPLATES[template].replace("POLICIES", policies)
    found = rule_cases.check(rule_cases.write(Case("LMB401/rights", files), tmp_path), select=("LMB401",))
    (finding,) = found
    assert finding.fix is not None
    brackets = f" ({said})" if said else ""
    assert finding.remedy == f"ask for all items with batch_get_item, 100 keys a request{brackets}"
    listed = f"{said}; all" if said else "all"
    assert finding.fix.message == f"Ask for all items together ({listed} are read before the first turn)"
