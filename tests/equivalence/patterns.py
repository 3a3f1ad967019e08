"""What generated handlers are made of: what the rules report, and what may stand around it.

Each pattern has places for names of its own ({a}, {b}) and for comments ({c}, {c2}, which may be empty).
"""

from __future__ import annotations

import re


def _apart(texts: str) -> list[str]:
    return texts.strip("\n").split("\n---\n")


REUSE = _apart("""
{a} = boto3.client("s3"){c}
out.append({a}.head_object(Bucket="b", Key=event["key"])["Size"])
---
out.append(boto3.Session().client("s3").head_object(Bucket="b", Key=event["key"])["Size"]){c}
---
{a} = (
    boto3{c2}
    .client(
        "s3",{c}
    )
)
out.append({a}.get_object(Bucket="b", Key="k")["Size"])
---
{a} = boto3.client("sqs"); out.append({a}.list_queues()["Size"]){c}
---
def {a}():
    return boto3.client("sns").list_topics()["Size"]{c}
out.append({a}())
---
out.append(f"{{boto3.client('sts').get_caller_identity()['Size']}}"){c}
---
{a} = boto3.resource("dynamodb").Table("lines"){c}
out.append({a}.get_item(Key={{"id": "a", "line": event["key"]}}).get("Item"))
---
{a} = requests.Session(){c}
out.append({a}.get("https://api.example.com/x", timeout=3).text)
---
out.append(requests.get("https://api.example.com/" + event["key"]).status_code){c}
---
{a} = jinja2.Template("Hello {{{{ name }}}}"){c}
out.append({a}.render(name=event["key"]))
---
{a} = redis.Redis(host="cache"){c}
out.append({a}.get(event["key"]))
""")
PARSING = _apart("""
{a} = json.loads(event["body"]){c}
{b} = json.loads(event["body"])
out.append({a}["n"] == {b}["n"])
---
if json.loads(event["body"])["n"] > 1:{c}
    out.append(str(json.loads(event["body"])["n"]))
---
{a} = json.loads(event["body"])
event["body"] = '{{"n": 7}}'{c}
out.append({a}["n"] + json.loads(event["body"])["n"])
---
{a} = json.loads(json.dumps(event["detail"])){c}
out.append({a}["x"] == 1)
---
{a} = json.loads(json.dumps(event["detail"]))
{a}["x"] = 2{c}
out.append(event["detail"]["x"])
---
for {a} in event["keys"]:{c}
    {b} = json.loads(RATES)
    out.append({b}["n"] * 2)
---
{a} = [json.loads(RATES)["n"] for {b} in event["keys"]]{c}
out.append(sum({a}))
""")
WAITING = _apart("""
{a} = s3.head_object(Bucket="b", Key="1")
{b} = s3.head_object(Bucket="b", Key="2"){c}
out.append({a}["Size"] + {b}["Size"])
---
{a} = [s3.head_object(Bucket="b", Key={b}) for {b} in event["keys"]]{c}
out.append(len({a}))
---
for {a} in event["keys"]:{c}
    out.append(s3.get_object(Bucket="b", Key={a})["Size"])
---
for {a} in event["keys"]:{c}
    {b} = s3.get_object(Bucket="b", Key={a})
    out.append({b}["Size"])
---
async def {a}(key):
    return await asyncio.to_thread(s3.head_object, Bucket="b", Key=key)
async def {a}_all():
    {c2}
    first = await {a}("1"){c}
    second = await {a}(event["key"])
    return first["Size"] + second["Size"]
out.append(asyncio.run({a}_all()))
---
async def {a}(key):
    return await asyncio.to_thread(s3.head_object, Bucket="b", Key=key)
async def {a}_all():
    found = []
    for key in event["keys"]:{c}
        found.append(await {a}(key))
    return len(found)
out.append(asyncio.run({a}_all()))
---
with ThreadPool(2) as {a}:{c}
    out.append(list({a}.map(len, event["keys"])))
---
with ThreadPoolExecutor(max_workers=20) as {a}:{c}
    out.append(len(list({a}.map(lambda key: s3.head_object(Bucket="b", Key=key), event["keys"]))))
""")
BATCHING = _apart("""
for {a} in event["ids"]:{c}
    {b} = table.get_item(Key={{"id": {a}, "line": "1"}}).get("Item")
    out.append({b}["n"] if {b} else None)
---
for {a} in event["ids"]:
    {b} = table.get_item(Key={{"id": {a}, "line": "2"}})
    if "Item" not in {b}:{c}
        continue
    out.append({b}["Item"]["n"])
---
{a} = [ddb.get_item(TableName="t", Key={{"id": {{"S": {b}}}}}).get("Item") for {b} in event["ids"]]{c}
out.append({a})
---
for {a} in event["ids"]:{c}
    table.put_item(Item={{"id": {a}, "line": "9", "n": len({a})}})
---
for {a} in event["ids"]:
    if {a} != "k":{c}
        table.delete_item(Key={{"id": {a}, "line": "2"}})
---
for {a} in event["ids"]:{c}
    ddb.put_item(TableName="lines", Item={{"id": {{"S": {a}}}, "line": {{"S": "7"}}}})
---
for {a} in event["ids"]:
    with table.batch_writer(overwrite_by_pkeys=["id", "line"]) as {b}:{c}
        {b}.put_item(Item={{"id": {a}, "line": "8"}})
---
for {a} in event["keys"]:{c}
    sqs.send_message(QueueUrl="q", MessageBody=json.dumps({{"id": {a}}}))
---
for {a} in event["keys"]:
    if {a} != "3":
        sns.publish(TopicArn="t", Message={a}, Subject="new"){c}
---
for number, {a} in enumerate(event["keys"]):
    events.put_events(Entries=[{{"Source": "orders", "DetailType": "new", "Detail": str(number) + {a}}}]){c}
---
for {a} in event["keys"]:
    kinesis.put_record(
        StreamName="s",{c2}
        Data={a}.encode(),
        PartitionKey={a},
    )
---
for {a} in event["keys"]:{c}
    {b} = ssm.get_parameter(Name={a})["Parameter"]["Value"]
    out.append({b})
---
for {a} in event["keys"]:{c}
    s3.delete_object(Bucket="b", Key={a})
""")
DYNAMODB = _apart("""
key = {{"id": {{"S": event["key"]}}}}
{a} = ddb.get_item(TableName="t", Key=key)
{b} = ddb.get_item(TableName="t", Key=key){c}
out.append({a}.get("Item") == {b}.get("Item"))
---
{a} = table.scan(FilterExpression=Attr("id").eq(event["key"])){c}
out.append([row["line"] for row in {a}["Items"]])
---
{a} = table.scan(
    FilterExpression=Attr("id").eq(event["key"]) & Attr("n").gt(1),{c}
)
out.append([row["line"] for row in {a}["Items"]])
---
{a} = {{}}
while True:
    {b} = paged.scan(FilterExpression=Attr("id").eq(event["key"]), **{a}){c}
    out.extend(row["line"] for row in {b}["Items"])
    if "LastEvaluatedKey" not in {b}:
        break
    {a} = {{"ExclusiveStartKey": {b}["LastEvaluatedKey"]}}
---
{a} = paged.scan(FilterExpression=Attr("id").eq(event["key"]) & Attr("line").eq("2"))
{b} = {a}["Items"]
while "LastEvaluatedKey" in {a}:{c}
    {a} = paged.scan(
        FilterExpression=Attr("id").eq(event["key"]) & Attr("line").eq("2"),
        ExclusiveStartKey={a}["LastEvaluatedKey"],
    )
    {b}.extend({a}["Items"])
out.append({b})
---
{a} = table.scan()["Items"]{c}
out.append([row["n"] for row in {a}])
---
{a} = table.query(KeyConditionExpression=Key("id").eq(event["key"]), Limit=9){c}
out.append(len({a}["Items"]))
---
out.append(len(table.query(KeyConditionExpression=Key("id").eq(event["key"]))["Items"])){c}
---
{a} = table.query(KeyConditionExpression=Key("id").eq("a") & Key("line").eq("1"))["Items"][0]{c}
out.append({a}["n"])
---
{a} = table.get_item(Key={{"id": "a", "line": event["key"]}}){c}
out.append({a}.get("Item", {{}}).get("n"))
---
table.update_item(
    Key={{"id": event["key"], "line": "1"}},
    UpdateExpression="SET n = :n",
    ExpressionAttributeValues={{":n": 5}},{c}
)
{a} = table.get_item(Key={{"id": event["key"], "line": "1"}})
out.append({a}["Item"])
""")
OTHER = _apart("""
import pandas{c}
out.append(pandas.isna(event["key"]))
---
{a} = connection.cursor()
{a}.execute("SELECT 1, 2"){c}
out.append({a}.fetchall()[0])
---
out.append([one["Key"] for one in s3.list_objects_v2(Bucket="b", Prefix=event["key"]).get("Contents", [])]){c}
---
{a} = s3.get_object(Bucket="b", Key=event["key"])["ContentLength"]{c}
out.append({a})
---
{a} = sqs.receive_message(QueueUrl="q").get("Messages", []){c}
out.append(len({a}))
---
out.append(event["missing"]){c}
""")
PATTERNS = [*REUSE, *PARSING, *WAITING, *BATCHING, *DYNAMODB, *OTHER]
SURROUNDINGS = _apart("""
{body}
---
if event.get("flag"):{c}
{body}
else:
    out.append("else")
---
for turn in range(2):{c}
{body}
---
try:{c}
{body}
except KeyError:
    out.append('KeyError')
finally:
    out.append('finally')
---
with contextlib.nullcontext():{c}
{body}
---
while len(out) < 3:{c}
{body}
    out.append('turn')
---
{c2}

{body}
---
def inner_{n}():{c}
{body}
inner_{n}()
---
class Step_{n}:
    @staticmethod
    def run():{c}
    {body}
Step_{n}.run()
---
try:
    raise ValueError
except ValueError:
    pass
else:{c}
{body}
---
for turn in event["keys"]:
    if turn == "2":{c}
        continue
{body}
""")
CLASHES = (
    "functools = 1", "_s3_client = 2", "parsed = 3", "pool = 4", "response = 5", "keys = 6", "pending = 7",
    "def _get_items(): return 8", "from functools import lru_cache", "batch = 9", "entries = 10",
    "paginator = 11", "def _send_messages(client): return 12", "asyncio_ = 13", "Config = 14", "answers = 15",
    # What is reported at module scope.
    'unused = boto3.client("sns")', "import pandas", "from aws_xray_sdk.core import patch_all\npatch_all()",
)  # fmt: skip
HEADERS = (
    "",
    '"""A handler."""\n\n',
    "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n",
    "from __future__ import annotations\n\n",
    "# A licence,\n# of two lines.\n\n",
)
DECORATORS = ("", "@plainly\n", "@plainly  # twice\n@plainly\n")
SIGNATURES = (
    "def lambda_handler(event, context):",
    "def lambda_handler(event: dict, context: object) -> list:",
    "def lambda_handler(event, context):  # the entry",
    "async def lambda_handler(event, context):",
)
# What stands in front of a handler that uses it; by its name.
IMPORTS = {
    "asyncio": "import asyncio",
    "contextlib": "import contextlib",
    "json": "import json",
    "ThreadPoolExecutor": "from concurrent.futures import ThreadPoolExecutor",
    "ThreadPool": "from multiprocessing.pool import ThreadPool",
    "boto3": "import boto3",
    "jinja2": "import jinja2",
    "psycopg2": "import psycopg2",
    "redis": "import redis",
    "requests": "import requests",
    "Attr": "from boto3.dynamodb.conditions import Attr",
    "Key": "from boto3.dynamodb.conditions import Key",
}
GLOBALS = {
    "RATES": "RATES = '{\"n\": 20}'  # percent",
    "ddb": 'ddb = boto3.client("dynamodb")',
    "s3": 's3 = boto3.client("s3")  # files',
    "sqs": 'sqs = boto3.client("sqs")',
    "sns": 'sns = boto3.client("sns")',
    "events": 'events = boto3.client("events")',
    "kinesis": 'kinesis = boto3.client("kinesis")',
    "ssm": 'ssm = boto3.client("ssm")',
    "table": 'table = boto3.resource("dynamodb").Table("lines")',
    "paged": 'paged = boto3.resource("dynamodb").Table("paged")',
    "connection": 'connection = psycopg2.connect("dbname=orders")',
}


def used(lines: dict[str, str], text: str) -> list[str]:
    """The lines for the names that a text uses."""
    return [line for name, line in lines.items() if re.search(rf"(?<![\w.\"']){name}\b(?!\s*=[^=])", text)]
