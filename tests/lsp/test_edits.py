"""What is kept from edit to edit changes no finding, costs little, and is no more after many edits than after few."""

from __future__ import annotations

import ast
import gc
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from lambdalint import checkpoints
from lambdalint.engine.run import Checker
from lambdalint.findings import Finding
from lambdalint.lsp.projects import Projects
from lambdalint.semantics import modules
from lambdalint.semantics.ir import Module
from lambdalint.semantics.project import Project
from lambdalint.source import Source
from lambdalint.syntax import again

FILES = {
    "lambdalint.toml": "",
    "app.py": '''import json

import boto3

from shop import orders
from shop.orders import Orders

table = boto3.resource("dynamodb").Table("t")


def step(event, settings):
    """One step."""
    keys = [line["key"] for line in event["lines"]]
    found = []
    for key in keys:
        found.append(orders.load(key))
    return found


def report(found):
    # what was found
    client = boto3.client("s3")
    client.put_object(Bucket="b", Key="k", Body=json.dumps(found))
    return client


def lambda_handler(event, context):
    settings = json.loads(open("settings.json").read())
    store = Orders(table)
    store.save(event)
    report(step(event, settings))
    return {"statusCode": 200}
''',
    "shop/__init__.py": "",
    "shop/orders.py": """import boto3

from shop.tables import orders_table


class Orders:
    def __init__(self, table):
        self.table = table

    def save(self, event):
        for line in event["lines"]:
            self.table.put_item(Item={"pk": line["key"]})


def load(key):
    client = boto3.client("sqs")
    client.send_message(QueueUrl="q", MessageBody=key)
    return orders_table().get_item(Key={"pk": key})["Item"]
""",
    "shop/tables.py": """import boto3


def orders_table():
    return boto3.resource("dynamodb").Table("orders")
""",
    "other.py": "from shop.orders import load\n\n\ndef go(event, context):\n    return load(event['key'])\n",
    "template.yaml": """Transform: AWS::Serverless-2016-10-31
Resources:
  App:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.lambda_handler, Runtime: python3.12, CodeUri: ., MemorySize: 256}
  Other:
    Type: AWS::Serverless::Function
    Properties: {Handler: other.go, Runtime: python3.12, CodeUri: .}
""",
}
OPEN = ("app.py", "shop/orders.py", "template.yaml")
TYPED = (
    "x",
    " ",
    "\n",
    "    ",
    "#",
    '"',
    "(",
    ")",
    ".",
    "key",
    "event",
    "load",
    "=",
    ":",
    "\n\n\n",
    "  # noqa: LMB101",
)
LINES = (
    "    print(event)\n",
    "    client = boto3.client('sns')\n",
    "import pandas\n",
    "from shop.tables import orders_table\n",
    "# a comment\n",
    "\n",
    "def extra(event):\n    return load(event)\n\n\n",
    "    orders_table().scan()\n",
    "@cached\n",
    "class Other(Orders):\n    pass\n\n\n",
)


def project(folder: Path) -> dict[str, str]:
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return {name: FILES[name] for name in OPEN}


def check(projects: Projects, folder: Path, name: str, texts: dict[str, str]) -> list[Finding]:
    return projects.check(str(folder / name), {str(folder / one): text.encode() for one, text in texts.items()})


def edited(text: str, chance: random.Random) -> str:
    """A text after one thing that people do to it."""
    lines = text.splitlines(keepends=True)
    place = chance.randrange(len(lines) + 1)
    kind = chance.randrange(6)
    if kind == 0:
        return "".join(lines[:place] + lines[place + 1 :])
    if kind == 1:
        return "".join([*lines[:place], chance.choice(LINES), *lines[place:]])
    if kind == 2 and "def " in text:
        name = chance.choice([line.split("def ")[1].partition("(")[0] for line in lines if "def " in line])
        return text.replace(name, name + "s")
    if kind == 3 and text:
        start = chance.randrange(len(text))
        return text[:start] + text[start + chance.randrange(1, 20) :]
    start = chance.randrange(len(text) + 1)
    return text[:start] + chance.choice(TYPED) + text[start:]


@pytest.mark.parametrize("seed", range(14))
def test_after_any_edits_the_findings_are_those_of_a_fresh_look(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    texts = project(tmp_path)
    whole = dict(texts)  # the last of each that was Python
    projects = Projects({})
    seen: Counter[str] = Counter()
    for _ in range(16):
        name = chance.choice([*OPEN, "app.py", "shop/orders.py"])
        # Where nothing is ever put back, little is left after a few edits.
        texts[name] = edited(whole[name] if chance.random() < 0.5 else FILES[name], chance)
        fresh = Projects({})
        for one in OPEN:
            found = check(projects, tmp_path, one, texts)
            assert found == check(fresh, tmp_path, one, texts), (seed, one, texts[name])
            seen.update(finding.code for finding in found)
        if not name.endswith(".py") or is_python(texts[name]):
            whole[name] = texts[name]
    assert len(seen) > 1, "the edits leave nothing to compare"
    assert seen.total() > 10, "the edits leave nothing to compare"


def is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """The files that were lowered, the lines that were parsed, the functions whose calls were looked for."""
    counts: Counter[str] = Counter()
    parse, lower, connect = again.parse, modules.lower, Project._connect

    def parsed(source: Source) -> object:
        counts["lines"] += source.text.count("\n")
        return parse(source)

    def lowered(tree: object, path: str) -> object:
        counts[path] += 1
        return lower(tree, path)  # type: ignore[arg-type]

    def connected(self: Project) -> None:
        counts["models"] += 1
        connect(self)

    monkeypatch.setattr(again, "parse", parsed)
    monkeypatch.setattr(modules, "lower", lowered)
    monkeypatch.setattr(Project, "_connect", connected)
    return counts


@pytest.mark.parametrize(
    ("edit", "lowered", "models", "lines"),
    [
        (lambda text: text.replace("# what was found", "# what there was"), {"app.py"}, 0, 30),
        (lambda text: text.replace('"k"', '"key"'), {"app.py"}, 1, 30),
        (lambda text: text.replace("report(step", "report((step"), set(), 0, 40),  # broken: told by the parser alone
        (lambda text: "import shop.tables\n" + text, {"app.py"}, 1, 40),  # another import, no other module
        (lambda text: text, set(), 0, 0),
    ],
    ids=["comment", "string", "broken", "import", "nothing"],
)
def test_one_edit_looks_at_one_file(
    edit: Callable[[str], str], lowered: set[str], models: int, lines: int, tmp_path: Path, work: Counter[str]
) -> None:
    texts = project(tmp_path)
    texts["app.py"] += "\n\n" + "\n\n".join(f"def unused_{n}():\n    return {n}\n" for n in range(100))
    projects = Projects({})
    check(projects, tmp_path, "app.py", texts)
    assert work["lines"] > 400
    work.clear()
    texts["app.py"] = edit(texts["app.py"])
    check(projects, tmp_path, "app.py", texts)
    assert {name for name in work if name.endswith(".py")} == lowered
    assert work["models"] == models
    if models == 0 and lowered:
        assert work["lines"] < 2 * lines  # asked whether it says the same, and then for its tree


def test_a_file_on_the_disk_that_is_as_before_is_not_parsed_again(tmp_path: Path, work: Counter[str]) -> None:
    texts = project(tmp_path)
    projects = Projects({})
    check(projects, tmp_path, "app.py", texts)
    (tmp_path / "shop" / "tables.py").write_text(FILES["shop/tables.py"] + "\n\nX = 1\n")
    projects.forget()
    work.clear()
    check(projects, tmp_path, "app.py", texts)
    assert {name for name in work if name.endswith(".py")} == {"shop/tables.py"}


def test_only_the_handlers_that_come_to_an_open_file_are_followed(tmp_path: Path, work: Counter[str]) -> None:
    project(tmp_path)
    (tmp_path / "far.py").write_text("import boto3\n\n\ndef lambda_handler(event, context):\n    return 1\n")
    check(Projects({}), tmp_path, "app.py", {"app.py": FILES["app.py"]})
    assert {name for name in work if name.endswith(".py")} == {
        "app.py",
        "shop/__init__.py",
        "shop/orders.py",
        "shop/tables.py",
    }


def test_nothing_is_kept_for_an_edit(tmp_path: Path) -> None:
    texts = project(tmp_path)
    projects = Projects({})
    kinds = (Checker, Module, Project, again.Tree, modules.Read)
    counts = []
    for number in range(60):
        forms = (f"# {number}\n", f"X = {number}\n", f"import shop.tables as t{number}\n", f"def broken{number}(\n")
        texts["app.py"] = FILES["app.py"] + forms[number % 4]
        texts["template.yaml"] = FILES["template.yaml"] + f"# {number // 20}\n"
        check(projects, tmp_path, "app.py", texts)
        if number in (19, 59):
            gc.collect()
            alive = Counter(type(one) for one in gc.get_objects() if isinstance(one, kinds))
            counts.append(alive)
    assert counts[0][Project]
    assert counts[0] == counts[1]


def test_a_check_that_nobody_wants_any_more_ends_early(tmp_path: Path) -> None:
    texts = project(tmp_path)
    projects = Projects({})
    asked = Counter[str]()

    def unwanted() -> bool:
        asked["times"] += 1
        return asked["times"] >= 5

    with checkpoints.until(unwanted), pytest.raises(checkpoints.Abandoned):
        check(projects, tmp_path, "app.py", texts)
    assert asked["times"] == 5
    whole = check(projects, tmp_path, "app.py", texts)
    # In the middle of the rules, with a model that stays:
    texts["app.py"] += "# more\n"
    asked.clear()
    with checkpoints.until(unwanted), pytest.raises(checkpoints.Abandoned):
        check(projects, tmp_path, "app.py", texts)
    assert check(projects, tmp_path, "app.py", texts) == whole == check(Projects({}), tmp_path, "app.py", texts)
