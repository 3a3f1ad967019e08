"""What a change costs: the parts of the project that it concerns, and never another answer than a run without a cache.

The files that were parsed tell which parts were analysed.
"""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from lambdalint.engine import cache, session, shares
from lambdalint.engine.run import Result

ORDERS = """\
import boto3

from helper import load
{imports}

def lambda_handler(event, context):
    table = boto3.resource("dynamodb").Table("orders")
    return [load(table, key) for key in event["keys"]]
"""
HELPER = 'def load(table, key):\n    return table.get_item(Key={"id": key})\n'
CLEAN_HELPER = "def load(table, key):\n    return key\n"
BROKEN = "def load(:\n"
# The keys of the table decide whether the scan is one that could be a query; only the descriptions tell them.
USERS = """\
import os

import boto3

TABLE = boto3.resource("dynamodb").Table(os.environ["USERS"])


def lambda_handler(event, context):
    return TABLE.scan(FilterExpression=boto3.dynamodb.conditions.Attr("user").eq(event["user"]))
"""
REPORTS = """\
import boto3


def work(event, context):
    client = boto3.client("s3")
    return client.get_object(Bucket="b", Key=event["key"])
"""
# A module of another function that only a text names: the two are analysed together.
PLUGIN = """\
import importlib

import boto3


def lambda_handler(event, context):
    found = importlib.import_module("reports.job")
    return found.work(event, boto3.client("s3"))
"""
TEMPLATE = """\
{above}Transform: AWS::Serverless-2016-10-31
Resources:
  Reports:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: reports/job.{handler}
      Runtime: python3.12
      MemorySize: {memory}
  Users:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: users
      Handler: app.lambda_handler
      Runtime: python3.12
      Timeout: 30
      Environment:
        Variables:
          USERS: !Ref UsersTable
  UsersTable:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema:
        - AttributeName: {key}
          KeyType: HASH
"""
INLINE = """\
Resources:
  Small:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: python3.12
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              return boto3.client("s3").list_buckets()
"""
TOOL = "import boto3\n\n\ndef run(event, context):\n    return boto3.client('s3').list_buckets()\n"
PATCHING = 'from unittest.mock import patch\n\nwith patch("app.boto3.client"):\n    pass\n'


def template(above: str = "", handler: str = "work", memory: int = 128, key: str = "id") -> str:
    return TEMPLATE.format(above=above, handler=handler, memory=memory, key=key)


# The texts that each file may have, the first to begin with; None where it isn't there.
CHOICES: dict[str, list[str | None]] = {
    "orders/app.py": [
        ORDERS.format(imports=""),
        ORDERS.format(imports="import reports.job\n"),
        ORDERS.format(imports="").replace("    table", "    # noqa: LMB\n    table"),
        None,
    ],
    "helper.py": [HELPER, CLEAN_HELPER, BROKEN, None],
    "orders/helper.py": [None, HELPER, CLEAN_HELPER],
    "users/app.py": [USERS, USERS + "# noqa: LMB101\n", PLUGIN, BROKEN, None],
    "users/boto3.py": [None, "def resource(name): ...\n"],
    "reports/job.py": [REPORTS, REPORTS.replace("work", "handler"), None],
    "reports/__init__.py": [None, "import boto3\n"],
    "tool.py": [TOOL, TOOL.replace("run", "handler"), "def run(:\n", None],
    "users/test_app.py": [None, PATCHING, "import app\nassert app.TABLE\n"],
    "template.yaml": [
        template(),
        template(above="# One more line.\n"),
        template(handler="nowhere"),
        template(memory=3008),
        template(key="user"),
        INLINE,
        "Resources: [\n",
        None,
    ],
    "inline/template.yaml": [None, INLINE, "# One more line.\n" + INLINE],
    "lambdalint.toml": [
        "",
        'ignore = ["LMB101"]\n',
        'handlers = ["tool.py:run"]\n',
        'exclude = ["reports"]\n',
        '[per-file-ignores]\n"users/*" = ["LMB"]\n',
        '[tables.orders]\nhash-key = "id"\n',
        'import-roots = ["orders"]\n',
        '[calls."helper.load"]\nkind = "client"\nservice = "s3"\n',
    ],
}
PARTS = {
    "orders": {"orders/app.py", "helper.py"},
    "users": {"users/app.py"},
    "reports": {"reports/job.py"},
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(cache.VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    for name, texts in CHOICES.items():
        write(name, texts[0])
    return tmp_path


def write(name: str, text: str | None) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    if text is not None:
        path.write_text(text)
    elif path.exists():
        path.unlink()


def check(*paths: str, cached: bool = True, jobs: int = 1) -> Result:
    return session.check(session.Request(paths or (".",), cache=cached, jobs=jobs))


def outcome(result: Result) -> tuple[object, ...]:
    texts = {path: source.text for path, source in result.sources.items()}
    return result.findings, texts, result.files, result.errors


def assert_alike(*paths: str) -> None:
    try:
        expected: object = outcome(check(*paths, cached=False))
    except session.SettingsError as error:
        expected = str(error)
    try:
        found: object = outcome(check(*paths))
    except session.SettingsError as error:
        found = str(error)
    assert found == expected


# --- the same answers --------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(16))
def test_after_any_edits_the_findings_are_those_of_a_run_without_a_cache(seed: int, project: Path) -> None:
    dice = random.Random(seed)
    for _ in range(12):
        for _ in range(dice.choice((1, 1, 1, 2, 3))):
            name = dice.choice(list(CHOICES))
            write(name, dice.choice(CHOICES[name]))
        if dice.random() < 0.2:
            os.utime(dice.choice(list(Path().rglob("*.py"))))
        assert_alike(
            *dice.choice(((".",), (".",), (".",), ("users", "tool.py", "reports"), ("template.yaml", "orders")))
        )


@pytest.mark.parametrize("name", CHOICES)
def test_each_text_of_each_file_is_noticed(name: str, project: Path) -> None:
    for text in (*CHOICES[name], CHOICES[name][0]):
        write(name, text)
        assert_alike()


def test_the_parts_do_have_findings(project: Path) -> None:
    assert {finding.path for finding in check().findings} >= {"orders/app.py", "reports/job.py", "users/app.py"}


def test_a_renamed_folder_has_the_findings_at_its_new_place(project: Path) -> None:
    check()
    shutil.move("reports", "jobs")
    write("template.yaml", template().replace("reports/", "jobs/"))
    assert_alike()


# --- what is analysed again --------------------------------------------------------------------


def _nothing() -> None:
    """Nothing is changed."""


def _touch() -> None:
    for path in Path().rglob("*.py"):
        os.utime(path, (1, 1))


def _to(name: str, text: str | None) -> Callable[[], None]:
    return lambda: write(name, text)


COSTS = [
    pytest.param(_nothing, [], id="nothing"),
    pytest.param(_touch, [], id="touched files"),
    pytest.param(_to("helper.py", CLEAN_HELPER), ["orders"], id="a helper"),
    pytest.param(_to("reports/job.py", REPORTS + "\n"), ["reports"], id="a handler"),
    pytest.param(_to("tool.py", TOOL + "\n"), [], id="a file that no handler knows"),
    pytest.param(_to("tool.py", BROKEN), [], id="a file that no handler knows, broken"),
    pytest.param(_to("tool.py", None), [], id="one file less"),
    pytest.param(_to("other.py", "print(1)\n"), [], id="one file more"),
    pytest.param(_to("orders/helper.py", CLEAN_HELPER), ["orders"], id="a file that another is taken for now"),
    pytest.param(_to("users/boto3.py", ""), [], id="a file that has the name of an installed package"),
    pytest.param(_to("template.yaml", template(memory=3008)), ["reports"], id="the memory of one function"),
    pytest.param(_to("template.yaml", template(above="# more\n")), [], id="the lines of a template"),
    pytest.param(_to("template.yaml", template(key="user")), ["users"], id="the key of a table that one part asks for"),
    pytest.param(_to("users/test_app.py", PATCHING), ["users"], id="a test that patches boto3 for one part"),
    pytest.param(
        _to("lambdalint.toml", '[per-file-ignores]\n"users/*" = ["LMB5"]\n'), ["users"], id="what one part may break"
    ),
    pytest.param(_to("lambdalint.toml", 'exclude = ["tool.py"]\n'), [], id="what isn't looked at"),
    pytest.param(_to("lambdalint.toml", 'cache-dir = ".lambdalint_cache"\n'), [], id="a setting that is as before"),
    pytest.param(_to("lambdalint.toml", 'ignore = ["LMB101"]\n'), list(PARTS), id="what concerns all"),
    pytest.param(_to("lambdalint.toml", "heavy-import-ms = 7\n"), list(PARTS), id="a measure for all"),
]


@pytest.mark.parametrize(("change", "concerned"), COSTS)
def test_a_change_costs_the_parts_that_it_concerns(
    change: Callable[[], None], concerned: list[str], project: Path, parsed: Counter[str]
) -> None:
    check()
    assert parsed.keys() == {path for own in PARTS.values() for path in own}
    parsed.clear()
    change()
    again = outcome(check())
    assert {name for name, own in PARTS.items() if parsed.keys() & own} == set(concerned)
    assert again == outcome(check(cached=False))


def test_a_file_named_as_a_handler_costs_its_part_alone(project: Path, parsed: Counter[str]) -> None:
    check()
    parsed.clear()
    write("lambdalint.toml", 'handlers = ["tool.py:run"]\n')
    assert any(finding.path == "tool.py" for finding in check().findings)
    assert parsed == {"tool.py": 1}


def test_a_syntax_error_and_its_end_cost_the_part_twice(project: Path, parsed: Counter[str]) -> None:
    first = outcome(check())
    for text in (BROKEN, HELPER):
        parsed.clear()
        write("helper.py", text)
        last = outcome(check())
        assert parsed.keys() <= PARTS["orders"]
    assert last == first


def test_parts_that_load_each_others_code_are_known_as_one(project: Path, parsed: Counter[str]) -> None:
    write("users/app.py", PLUGIN)
    check()
    parsed.clear()
    write("tool.py", TOOL + "\n")
    check()
    assert not parsed
    write("reports/job.py", REPORTS + "\n")
    check()
    assert parsed.keys() == PARTS["reports"] | PARTS["users"]
    assert_alike()


def test_code_in_a_template_is_a_part_whose_places_move_with_the_lines(project: Path, parsed: Counter[str]) -> None:
    write("inline/template.yaml", INLINE)
    before = check().findings
    parsed.clear()
    write("inline/template.yaml", "# One more line.\n" + INLINE)
    after = check().findings
    assert after != before
    assert not any(parsed.keys() & own for own in PARTS.values())
    assert after == check(cached=False).findings


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no such processes here")
@pytest.mark.parametrize("large", [False, True])
def test_what_several_processes_found_is_known(
    large: bool, project: Path, parsed: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "_BATCH", 1)
    monkeypatch.setattr(shares, "_PAYS", 0)
    if large:
        monkeypatch.setattr(shares, "LARGE", 1)
    check(jobs=3)
    write("helper.py", CLEAN_HELPER)
    parsed.clear()
    check()
    assert parsed.keys() == PARTS["orders"]
    for name, text in (("template.yaml", template(key="user")), ("users/test_app.py", PATCHING)):
        write(name, text)
        assert_alike()


def test_a_run_over_some_paths_leaves_what_is_known_of_the_others(project: Path, parsed: Counter[str]) -> None:
    check()
    write("helper.py", CLEAN_HELPER)
    check("orders", "helper.py", "tool.py")
    parsed.clear()
    write("tool.py", TOOL + "\n")
    check()
    assert not parsed


def test_what_is_kept_of_parts_may_be_damaged(project: Path) -> None:
    check()
    (kept,) = Path(".lambdalint_cache").glob("*-parts.json")
    whole = kept.read_text()
    for damage in (
        "",
        "null",
        "[]",
        '{"parts": [], "plain": 3}',
        whole.replace('"asked":{', '"asked":{"unknown":{"x":1},'),
    ):
        kept.write_text(damage)
        write("tool.py", f"# {len(damage)}\n")
        assert_alike()


# --- what a part asks of the rest of the project --------------------------------------------------

QUEUE = """\
import os

import boto3

sqs = boto3.client("sqs")


def lambda_handler(event, context):
    answer = sqs.receive_message(QueueUrl=os.environ["QUEUE_URL"])
    return len(answer.get("Messages", []))
"""
QUEUE_TEMPLATE = """\
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: orders{waits}
  Take:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.lambda_handler
      Runtime: python3.12
      CodeUri: .
      Timeout: 60
      Environment:
        Variables:
          QUEUE_URL: !Ref Orders
"""
DATABASE = """\
import os

import psycopg2

_connection = None


def lambda_handler(event, context):
    global _connection
    if _connection is None:
        _connection = psycopg2.connect(host=os.environ["HOST"], dbname="orders")
    return _connection
"""
OTHER_FUNCTION = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Other:
    Type: AWS::Serverless::Function
    Properties:
      Handler: other.lambda_handler
      Runtime: python3.12
      CodeUri: .
{environment}"""
HEAVY = "import json\n\nimport pandas as pd\n\n\ndef lambda_handler(event, context):\n    return json.dumps(event)\n"
ASYNC = "async def lambda_handler(event, context):\n    return event\n"
PARAMETER = """\
import boto3

ssm = boto3.client("ssm")


def lambda_handler(event, context):
    return ssm.get_parameter(Name="limit")["Parameter"]["Value"]
"""
WRITER = "import boto3\n\n\ndef main():\n    boto3.client('ssm').put_parameter(Name='limit', Value='3')\n"
DJANGO = """\
from django.core.wsgi import get_wsgi_application
from mangum import Mangum

handler = Mangum(get_wsgi_application())
"""
BY_NAME = """\
import importlib


def lambda_handler(event, context):
    return importlib.import_module("plugs.s3").a(event)
"""
URLS = 'from django.urls import path\nimport views\nurlpatterns = [path("a", views.a)]\n'
VIEWS = "import boto3\n\n\ndef a(request):\n    return boto3.client('s3').list_buckets()\n"


@pytest.mark.parametrize(
    ("app", "other", "before", "after"),
    [
        pytest.param(ASYNC, "bootstrap", None, "#!/bin/sh\n", id="a file that isn't Python"),
        pytest.param(HEAVY, "test_app.py", None, "import app\napp.pd.DataFrame()\n", id="who speaks of a module"),
        pytest.param(PARAMETER, "writer.py", "", WRITER, id="who mentions an operation"),
        pytest.param(
            QUEUE,
            "template.yaml",
            QUEUE_TEMPLATE.format(waits=""),
            QUEUE_TEMPLATE.format(waits="\n      ReceiveMessageWaitTimeSeconds: 20"),
            id="a queue",
        ),
        pytest.param(
            DATABASE,
            "template.yaml",
            OTHER_FUNCTION.format(environment=""),
            OTHER_FUNCTION.format(
                environment="      Environment:\n        Variables:\n          PGCONNECT_TIMEOUT: '5'\n"
            ),
            id="the environment of the functions",
        ),
        pytest.param(BY_NAME, "plugs/s3.py", None, VIEWS, id="a module that a text names"),
        pytest.param(DJANGO, "shop/urls.py", None, URLS, id="files of one name"),
    ],
)
def test_what_a_part_asks_of_the_rest_is_asked_again(
    app: str, other: str, before: str | None, after: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(cache.VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    write("lambdalint.toml", 'extend-select = ["LMB307", "LMB803"]\n')
    write("app.py", app)
    write("views.py", VIEWS)
    write("other.py", HEAVY)
    write(other, before)
    first = check().findings
    write(other, after)
    assert check().findings != first
    assert_alike()
    write(other, before)
    assert check().findings == first
