"""What is kept from edit to edit changes no finding, costs little, and is no more after many edits than after few."""

from __future__ import annotations

import ast
import gc
import random
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import libcst as cst
import pytest

from lambdalint import checkpoints
from lambdalint.engine.run import Checker
from lambdalint.findings import Finding
from lambdalint.lsp.projects import Projects
from lambdalint.rules.base import Bad
from lambdalint.rules.registry import all_rules
from lambdalint.semantics import ir, modules
from lambdalint.semantics.callgraph import Calls, Edge, Leaving
from lambdalint.semantics.dependence import Dependence
from lambdalint.semantics.effects import Effects
from lambdalint.semantics.ir import Function, Module
from lambdalint.semantics.lower import Lowering
from lambdalint.semantics.project import Project
from lambdalint.semantics.settling import Connections
from lambdalint.semantics.values import Context, Evaluator, Value
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


TOUCHES = ("print(event)\n", "x = table.get_item(Key={})\n", "client = boto3.client('s3')\n", "if event:\n    pass\n")


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


@pytest.mark.parametrize("seed", range(3))
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


@pytest.mark.parametrize("seed", range(2))
def test_after_any_edits_of_the_examples_the_findings_are_those_of_a_fresh_look(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    bad = [(rule.code, one) for rule in all_rules() for one in rule.examples if isinstance(one, Bad)]
    seen: Counter[str] = Counter()
    for number, (code, example) in enumerate(chance.sample(bad, 12)):
        folder = tmp_path / str(number)
        other = chance.choice(bad)[1].code.replace("def ", "def second_")
        texts = {**dict(example.files), example.path: f"{example.code}\n\n{other}"}
        for name, text in (*texts.items(), ("lambdalint.toml", "")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        projects = Projects({})
        check(projects, folder, example.path, texts)
        for _ in range(5):
            texts[example.path] = touched(texts[example.path], chance)
            found = check(projects, folder, example.path, texts)
            assert found == check(Projects({}), folder, example.path, texts), (seed, code, texts[example.path])
            seen.update(finding.code for finding in found)
    assert len(seen) > 6, "the edits leave nothing to compare"


def touched(text: str, chance: random.Random) -> str:
    """A text after an edit of one line, which is Python in most cases."""
    lines = text.splitlines(keepends=True)
    place = chance.randrange(len(lines))
    indent = lines[place][: len(lines[place]) - len(lines[place].lstrip())]
    more = [chance.choice(TOUCHES), lines[chance.randrange(len(lines))].lstrip()]
    ways = [
        [*lines[:place], indent + chance.choice(more), *lines[place:]],
        [*lines[:place], *lines[place + 1 :]],
        [*lines[:place], lines[place].replace("event", "item").replace('"', "'"), *lines[place + 1 :]],
    ]
    new = "".join(chance.choice(ways))
    return new if is_python(new) else text


def is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """The files that were lowered whole, the statements at module scope that were lowered by themselves, the lines
    that were parsed, the functions whose calls were looked for."""
    counts: Counter[str] = Counter()
    parse, lower, settle, look = again.parse, modules.lower, Connections.settle, Calls._leaving
    lower_again = Lowering._again

    def parsed(source: Source) -> object:
        counts["lines"] += source.text.count("\n")
        return parse(source)

    def lowered(tree: object, path: str, by_statement: bool = False) -> object:
        counts[path] += 1
        return lower(tree, path, by_statement)  # type: ignore[arg-type]

    def lowered_again(self: Lowering, changed: Mapping[int, cst.CSTNode]) -> object:
        counts["statements"] += len(changed)
        return lower_again(self, changed)

    def settled(self: Connections) -> None:
        counts["models"] += 1
        settle(self)

    def looked(self: Calls, function: Function) -> Leaving:
        counts["functions"] += 1
        return look(self, function)

    monkeypatch.setattr(again, "parse", parsed)
    monkeypatch.setattr(modules, "lower", lowered)
    monkeypatch.setattr(Lowering, "_again", lowered_again)
    monkeypatch.setattr(Connections, "settle", settled)
    monkeypatch.setattr(Calls, "_leaving", looked)
    return counts


@pytest.mark.parametrize(
    ("edit", "lowered", "statements", "models", "lines"),
    [
        (lambda text: text.replace("# what was found", "# what there was"), set(), 1, 0, 30),
        (lambda text: text.replace('"k"', '"key"'), set(), 1, 1, 30),
        (lambda text: text.replace("report(step", "report((step"), set(), 0, 0, 40),  # broken: the parser alone tells
        (lambda text: "import shop.tables\n" + text, {"app.py"}, 0, 1, 40),  # another import, no other module
        (lambda text: text, set(), 0, 0, 0),
    ],
    ids=["comment", "string", "broken", "import", "nothing"],
)
def test_one_edit_looks_at_one_file(
    edit: Callable[[str], str],
    lowered: set[str],
    statements: int,
    models: int,
    lines: int,
    tmp_path: Path,
    work: Counter[str],
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
    assert work["statements"] == statements
    assert work["models"] == models
    if models == 0 and statements:
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
    kinds = (Checker, Module, Project, again.Tree, modules.Read, ir.Function, ir.Binding, Context, Edge)
    counts = []
    for number in range(60):
        forms = (f"# {number}\n", f"X = {number}\n", f"import shop.tables as t{number}\n", f"def broken{number}(\n")
        texts["app.py"] = FILES["app.py"].replace('"k"', f'"k{number}"') + forms[number // 2 % 4]
        texts["template.yaml"] = FILES["template.yaml"] + f"# {number // 20}\n"
        check(projects, tmp_path, "app.py", texts)
        if number in (19, 59):
            gc.collect()
            alive = Counter(type(one) for one in gc.get_objects() if isinstance(one, kinds))
            counts.append(alive)
    assert counts[0].keys() == set(kinds) - {again.Tree}  # only made while it is parsed
    assert counts[0] == counts[1]


def test_of_other_modules_only_what_hangs_on_the_edit_is_looked_at_again(tmp_path: Path, work: Counter[str]) -> None:
    texts = project(tmp_path)
    many = [f"def helper_{n}(key):\n    return helper_{n + 1}(key)\n" for n in range(60)]
    (tmp_path / "shop" / "tables.py").write_text("\n\n".join([FILES["shop/tables.py"], *many]))
    texts["app.py"] = "import shop.tables\n" + texts["app.py"].replace(
        "    store.save", "    helper_0(1)\n    store.save"
    )
    texts["app.py"] = "from shop.tables import helper_0\n" + texts["app.py"]
    projects = Projects({})
    check(projects, tmp_path, "app.py", texts)
    assert work["functions"] > 60
    work.clear()
    texts["app.py"] = texts["app.py"].replace('"k"', '"key"')
    check(projects, tmp_path, "app.py", texts)
    assert 0 < work["functions"] < 20


def test_of_the_same_module_only_what_hangs_on_the_edit_is_looked_at_again(
    tmp_path: Path, work: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = project(tmp_path)
    texts["app.py"] += "\n\n" + "\n\n".join(
        f"def helper_{n}(event, settings):\n    table.put_item(Item=event[{n}])\n    report(event, settings)\n"
        f"    return json.dumps(settings)\n"
        for n in range(60)
    )
    calls = "".join(f"    helper_{n}(event, {{}})\n" for n in range(60))
    texts["app.py"] = texts["app.py"].replace("    store.save", f"{calls}    store.save")
    count(monkeypatch, work, Effects, "_summary")
    count(monkeypatch, work, Dependence, "_origins")
    count(monkeypatch, work, Evaluator, "_evaluate")
    projects = Projects({})
    check(projects, tmp_path, "app.py", texts)
    first = Counter(work)
    assert min(first["functions"], first["_summary"]) > 60
    assert min(first["_origins"], first["_evaluate"]) > 200
    work.clear()
    texts["app.py"] = texts["app.py"].replace("event[30]", "event[300]")
    check(projects, tmp_path, "app.py", texts)
    assert work["statements"] == 1
    assert 0 < work["functions"] < 20
    assert 0 < work["_summary"] < 20
    assert work["_origins"] < first["_origins"] / 2
    assert work["_evaluate"] < first["_evaluate"] / 2


def count(monkeypatch: pytest.MonkeyPatch, counts: Counter[str], cls: type, method: str) -> None:
    """Count the calls of a method."""
    original = getattr(cls, method)

    def counted(*args: object) -> object:
        counts[method] += 1
        return original(*args)

    monkeypatch.setattr(cls, method, counted)


@pytest.mark.parametrize("seed", range(100, 102))
def test_nothing_that_is_kept_speaks_of_an_earlier_text(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    texts = project(tmp_path)
    projects = Projects({})
    kept = 0
    for _ in range(12):
        name = chance.choice(["app.py", "shop/orders.py"])
        texts[name] = edited(FILES[name], chance)
        check(projects, tmp_path, "app.py", texts)
        for one in projects._projects.values():
            kept += len(speaking(one.checker)) if one.checker is not None else 0
    assert kept > 100


def speaking(checker: Checker) -> list[object]:
    """What the evaluator keeps; none of it may be of a module that isn't the project's any more."""
    project = checker._project
    if project is None:
        return []
    alive = {node for module in project.modules.loaded.values() if module for node in ir.everything(module)}
    found: list[object] = []
    for key, answer in project.evaluator.memo.items():
        assert isinstance(key, tuple)
        found += [part for part in (*key, *(answer if isinstance(answer, frozenset) else ())) if is_of_code(part)]
    for part in found:
        assert all(one in alive for one in spoken_of(part)), part
    return found


def is_of_code(part: object) -> bool:
    return isinstance(part, (ir.Function, ir.Class, Value, Context))


def spoken_of(part: object) -> list[object]:
    if isinstance(part, Value):
        inner = [one for one in (part.origin, part.base, part.context) if is_of_code(one)]
        return [two for one in inner for two in spoken_of(one)]
    if isinstance(part, Context):
        inner = [one for one in (part.function, part.outer, part.closure, part.receiver) if is_of_code(one)]
        return [two for one in inner for two in spoken_of(one)]
    return [part] if isinstance(part, (ir.Function, ir.Class)) and part.site is not None else []


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
