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
NEEDS = "needs dynamodb:BatchGetItem"
MISSING = "the template grants dynamodb:GetItem, not dynamodb:BatchGetItem"


@pytest.mark.parametrize(
    ("policies", "said"),
    [
        ("[{Statement: [{Effect: Allow, Action: dynamodb:GetItem, Resource: '*'}]}]", MISSING),
        ("[{DynamoDBReadPolicy: {TableName: products}}]", ""),
        ("[{Statement: [{Effect: Allow, Action: ['dynamodb:Get*', 'dynamodb:Batch*'], Resource: '*'}]}]", ""),
        ("[arn:aws:iam::123456789012:policy/ours]", NEEDS),
        (None, NEEDS),
    ],
)
def test_what_is_said_of_the_right(policies: str | None, said: str, tmp_path: Path) -> None:
    files = {"app.py": APP}
    if policies is not None:
        files["template.yaml"] = TEMPLATE.replace("POLICIES", policies)
    found = rule_cases.check(rule_cases.write(Case("LMB401/rights", files), tmp_path), select=("LMB401",))
    (finding,) = found
    assert finding.fix is not None
    brackets = f" ({said})" if said else ""
    assert finding.remedy == f"ask for all items with batch_get_item, 100 keys a request{brackets}"
    listed = f"{said}; all" if said else "all"
    assert finding.fix.message == f"Ask for all items together ({listed} are read before the first turn)"
