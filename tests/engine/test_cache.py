"""What is kept between runs: never another answer than a run without it gives, and no work where nothing changed."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lambdalint.engine import cache, session, texts
from lambdalint.engine.cache import Folder
from lambdalint.engine.run import Result
from lambdalint.engine.workspace import Workspace
from lambdalint.findings import Edit, Finding, Fix, Related, Safety, Severity, Span
from lambdalint.flake8_plugin import Plugin

HANDLER = """\
import boto3

from helper import load


def lambda_handler(event, context):
    table = boto3.resource("dynamodb").Table("orders")
    return [load(table, key) for key in event["keys"]]
"""
HELPER = 'def load(table, key):\n    return table.get_item(Key={"id": key})\n'
CLEAN_HELPER = "def load(table, key):\n    return key\n"
BROKEN = "def load(:\n"
SCRIPT = "import boto3\n\n\ndef work(event):\n    return boto3.client('s3')\n"
TEMPLATE = """\
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: {handler}
      Runtime: python3.12
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
FOLDER = ".lambdalint_cache"
# Other processes look at the same source.
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(session.__file__).parents[2])}
# The texts that each file of the project may have; None where it isn't there.
CHOICES: dict[str, list[str | None]] = {
    "app.py": [HANDLER, HANDLER.replace("    table", "    # noqa: LMB\n    table"), HANDLER + "# noqa: LMB101\n", None],
    "helper.py": [HELPER, CLEAN_HELPER, BROKEN, None],
    "script.py": [SCRIPT, SCRIPT.replace("def work", "def handler"), None],
    "pack/helper.py": [HELPER, CLEAN_HELPER, None],
    "template.yaml": [
        TEMPLATE.format(handler="app.lambda_handler"),
        TEMPLATE.format(handler="script.work"),
        TEMPLATE.format(handler="nowhere.work"),
        INLINE,
        "Resources: [\n",
        None,
    ],
    "lambdalint.toml": ["", 'ignore = ["LMB101"]\n', 'exclude = ["script.py"]\n', 'handlers = ["script.py:work"]\n'],
    ".gitignore": ["", "helper.py\n", "pack/\n"],
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(cache.VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    for name, choices in CHOICES.items():
        write(tmp_path / name, choices[0])
    return tmp_path


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The roots of the projects whose model was made, each time that one was."""
    made: list[str] = []
    make: Callable[..., object] = Workspace.project

    def noted(self: Workspace, *arguments: object) -> object:
        made.append(self.root)
        return make(self, *arguments)

    monkeypatch.setattr(Workspace, "project", noted)
    return made


def write(path: Path, text: str | None) -> None:
    path.parent.mkdir(exist_ok=True)
    if text is not None:
        path.write_text(text)
    elif path.exists():
        path.unlink()


def check(*paths: str, cached: bool = True, folder: Path | None = None) -> Result:
    request = session.Request(paths or (".",), cache=cached, cache_dir=str(folder) if folder else None)
    return session.check(request)


def outcome(result: Result) -> tuple[object, ...]:
    texts = {path: source.text for path, source in result.sources.items()}
    return result.findings, texts, result.files, result.errors


def assert_alike(*paths: str) -> None:
    assert outcome(check(*paths)) == outcome(check(*paths, cached=False))


def entries(folder: Path) -> list[Path]:
    """What is kept of whole runs; beside each there is what is kept of the project's parts."""
    found = sorted(folder.glob("*.json"))
    return [path for path in found if not path.stem.endswith("-parts")]


# --- the same answers ---------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_after_any_edits_the_findings_are_those_of_a_run_without_a_cache(seed: int, project: Path) -> None:
    dice = random.Random(seed)
    for _ in range(8):
        name = dice.choice(list(CHOICES))
        write(project / name, dice.choice(CHOICES[name]))
        assert_alike(*dice.choice(((".",), ("app.py",), ("pack", "script.py"), ("template.yaml",), ("helper.py", "."))))


@pytest.mark.parametrize("name", CHOICES)
def test_each_file_that_a_finding_depends_on_is_noticed(name: str, project: Path) -> None:
    for text in (*CHOICES[name], CHOICES[name][0]):
        write(project / name, text)
        assert_alike()


def test_the_project_does_have_findings(project: Path) -> None:
    assert {finding.code for finding in check().findings} >= {"LMB101"}


def test_an_edit_of_the_same_size_with_its_time_set_back_is_noticed(project: Path) -> None:
    app = project / "app.py"
    old = app.stat()
    check()
    app.write_text(HANDLER.replace('"dynamodb"', '"dynamodc"'))
    os.utime(app, ns=(old.st_atime_ns, old.st_mtime_ns))
    assert app.stat().st_size == old.st_size
    assert_alike()


def test_the_working_directory_decides_how_paths_are_shown(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check()
    monkeypatch.chdir(project / "pack")
    assert {finding.path for finding in check(str(project)).findings} == {str(project / "app.py")}


def test_another_choice_of_rules_has_another_answer(project: Path) -> None:
    check()
    assert session.check(session.Request(overrides={"select": ["LMB5"]})).findings == []
    assert check().findings


def test_findings_survive_being_stored(tmp_path: Path) -> None:
    from lambdalint.engine import stored

    span = Span.at(1, 2, 3, 4)
    fix = Fix((Edit(span, "née\n"), Edit(span, "")), Safety.UNSAFE, "it may", "group")
    related = (Related("b.py", span, "there"),)
    whole = Finding(
        "LMB101", "x", "a.py", span, "p", "c", "r", ("one", "two"), 3, fix, Severity.INFO, related
    )  # fmt: skip
    for finding in (whole, Finding("LMB000", "y", "\udce9.py", span, "p")):
        assert stored.decode(json.loads(json.dumps(stored.encode(finding)))) == finding


# --- no work where nothing changed ------------------------------------------------------------------


def test_an_unchanged_project_needs_no_model(project: Path, models: list[str]) -> None:
    first = outcome(check())
    assert len(models) == 1
    assert outcome(check()) == first
    assert len(models) == 1


def test_what_touches_a_file_without_changing_it_costs_no_model(project: Path, models: list[str]) -> None:
    check()
    (project / "app.py").write_text(HANDLER)
    os.utime(project / "helper.py", (1, 1))
    check()
    assert len(models) == 1


def test_files_that_are_old_enough_are_not_read_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from lambdalint.engine import observed

    monkeypatch.setattr(observed, "_SETTLED", -1)
    expected = outcome(check())
    read: list[str] = []
    original = observed.Reads.read

    def noted(self: observed.Reads, path: str) -> bytes:
        read.append(path)
        return original(self, path)

    monkeypatch.setattr(observed.Reads, "read", noted)
    assert outcome(check()) == expected
    assert read == ["app.py"]  # to show the line of its finding


@pytest.mark.parametrize("change", ["version", "own files", "interpreter"])
def test_another_lambdalint_starts_anew(
    change: str, project: Path, models: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    check()
    if change == "version":
        monkeypatch.setattr(cache, "__version__", "99")
    elif change == "own files":
        monkeypatch.setattr(cache, "_own_files", lambda: "other tables")
    else:
        monkeypatch.setattr(sys, "version", "4")
    check()
    assert len(models) == 2


def test_the_own_files_are_told_by_their_contents_times(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "engine").mkdir()
    (tmp_path / "knowledge").mkdir()
    table = tmp_path / "knowledge" / "table.toml"
    table.write_text("a = 1\n")
    monkeypatch.setattr(cache, "__file__", str(tmp_path / "engine" / "cache.py"))
    before = cache._own_files()
    assert cache._own_files() == before
    table.write_text("a = 10\n")
    assert cache._own_files() != before


def test_all_libraries_that_files_are_read_with_count() -> None:
    declared = (Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8")
    listed = declared.partition("\ndependencies = [")[2].partition("\n]")[0]
    names = {line.strip(' ",').partition(">")[0].replace("-", "_") for line in listed.splitlines() if line.strip()}
    others = {"flake8", "msgspec", "tomli"}  # they read no code of a project
    assert {name.lower().replace("pyyaml", "yaml") for name in names} - others == set(cache._LIBRARIES)


def test_a_second_run_loads_no_parser(project: Path) -> None:
    check()
    code = (
        "import sys\nfrom lambdalint.cli.main import main\n"
        "main(['check', '--output-format', 'concise'])\n"
        "print([name for name in ('libcst', 'yaml', 'lambdalint.semantics', 'lambdalint.rules', 'ast')"
        " if name in sys.modules])\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=ENVIRONMENT)
    assert "LMB101" in ran.stdout
    assert ran.stdout.splitlines()[-1] in ("[]", "['ast']")  # dataclasses load `inspect` and so `ast`


# --- fixing, flake8 ------------------------------------------------------------------------------


def test_fixing_takes_what_was_found_and_leaves_nothing_stale(project: Path, models: list[str]) -> None:
    fresh = session.fix(session.Request(cache=False), unsafe=True, write=False).changed
    check()
    models.clear()
    fixed = session.fix(session.Request(), unsafe=True, write=True)
    assert {path: new for path, (_, new) in fixed.changed.items()} == {path: new for path, (_, new) in fresh.items()}
    assert fixed.changed
    assert_alike()
    check()
    models.clear()
    again = session.fix(session.Request(), unsafe=True, write=True)
    assert not again.changed
    assert models == [], "what is left has no fix, and that was known"


def test_flake8_keeps_what_it_finds_and_uses_what_is_kept(
    project: Path, models: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run() -> list[tuple[int, int, str, type[Plugin]]]:
        monkeypatch.setattr(texts, "_projects", {})
        return [one for name in ("app.py", "helper.py") for one in Plugin(None, name, lines(name)).run()]  # type: ignore[arg-type]

    def lines(name: str) -> list[str]:
        return (project / name).read_text().splitlines(keepends=True)

    first = run()
    assert any("LMB101" in message for _, _, message, _ in first)
    made = len(models)
    assert run() == first
    assert len(models) == made
    (project / "helper.py").write_text(CLEAN_HELPER)
    run()
    assert len(models) == made + 1


# --- the folder -----------------------------------------------------------------------------------


def snapshot(root: Path) -> dict[str, bytes]:
    found = (path for path in root.rglob("*") if path.is_file() and FOLDER not in path.parts)
    return {str(path): path.read_bytes() for path in found}


def test_nothing_is_written_outside_of_the_folder(project: Path) -> None:
    before = snapshot(project.parent)
    check()
    assert snapshot(project.parent) == before
    assert sorted(path.suffix or path.name for path in (project / FOLDER).iterdir()) == [
        *(".TAG", ".gitignore", ".json", ".json"),
    ]
    assert (project / FOLDER / ".gitignore").read_text().endswith("\n*\n")
    assert (project / FOLDER / "CACHEDIR.TAG").read_bytes().startswith(b"Signature: 8a477f597d28d172789f06886806bc55")


def test_without_a_cache_nothing_is_written(project: Path) -> None:
    check(cached=False)
    assert not (project / FOLDER).exists()


def test_the_places_in_their_order(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured, by_variable, by_option = (tmp_path_factory.mktemp("cache") / name for name in "abc")
    (project / "lambdalint.toml").write_text(f"cache-dir = {json.dumps(str(configured))}\n")
    check()
    assert entries(configured)
    monkeypatch.setenv(cache.VARIABLE, str(by_variable))
    check()
    assert entries(by_variable)
    check(folder=by_option)
    assert entries(by_option)
    assert not (project / FOLDER).exists()


DAMAGES = [
    b"", b"{", b"null", b"[]", b"{}", b'{"files": 3}', b"\xff\xfe", b"[" * 100_000,
    b'{"files": "x", "seen": [], "answers": 3}',
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage[:12].decode("latin-1"))
def test_a_damaged_file_is_as_good_as_none(damage: bytes, project: Path) -> None:
    check()
    (entry,) = entries(project / FOLDER)
    whole = entry.read_bytes()
    entry.write_bytes(damage)
    assert_alike()
    assert len(entry.read_bytes()) > len(whole) // 2, "it is written anew"


def test_a_file_of_the_wrong_shape_anywhere_is_as_good_as_none(project: Path) -> None:
    check()
    (entry,) = entries(project / FOLDER)
    whole = json.loads(entry.read_bytes())
    expected = outcome(check(cached=False))
    for part in ("seen", "answers", "inline", "files"):
        for wrong in (None, 3, "x", [3], {"a": 3}, {"app.py": []}, {"app.py": [[["LMB101"]], None]}):
            entry.write_text(json.dumps({**whole, part: wrong}))
            assert outcome(check()) == expected, (part, wrong)


def test_a_file_in_the_place_of_the_folder(project: Path) -> None:
    (project / FOLDER).write_text("mine")
    assert_alike()
    assert (project / FOLDER).read_text() == "mine"


def test_a_folder_of_somebody_else_is_not_written_to(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "precious").write_text("mine")
    check(folder=other)
    assert [path.name for path in other.iterdir()] == ["precious"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_are_not_followed_to_other_places(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    (project / FOLDER).symlink_to(other, target_is_directory=True)
    assert_alike()
    assert list(other.iterdir()) == []
    (project / FOLDER).unlink()
    check()
    (entry,) = entries(project / FOLDER)
    precious = other / "precious"
    precious.write_text("mine")
    entry.unlink()
    entry.symlink_to(precious)
    assert_alike()
    assert precious.read_text() == "mine"


def test_a_folder_that_cannot_be_written_to_is_nobodys_concern(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise PermissionError(13, "read-only file system")

    monkeypatch.setattr(os, "replace", refuse)
    assert_alike()
    assert [path for path in (project / FOLDER).iterdir() if path.suffix == ".tmp"] == []
    monkeypatch.setattr(os, "makedirs", refuse)
    (project / FOLDER).rmdir()
    assert_alike()


def test_only_the_newest_files_are_kept(tmp_path: Path) -> None:
    folder = Folder(str(tmp_path / "cache"))
    for number in range(cache._MOST + 10):
        assert folder.store(f"entry{number}", number)
        os.utime(tmp_path / "cache" / f"entry{number}.json", (number, number))
    left = tmp_path / "cache" / "left.tmp"
    left.touch()
    os.utime(left, (1, 1))
    assert folder.store("last", 0)
    assert len(entries(tmp_path / "cache")) == cache._MOST
    assert folder.load("entry0") is None
    assert folder.load("last") == 0
    assert not left.exists()


def test_runs_side_by_side_agree(project: Path) -> None:
    expected = [finding.message for finding in check(cached=False).findings]
    code = (
        "from lambdalint.engine import session\n"
        "for _ in range(4):\n"
        "    found = session.check(session.Request(('.',)))\n"
        "    assert [f.message for f in found.findings] == {expected!r}\n"
    ).replace("{expected!r}", repr(expected))
    runs = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, env=ENVIRONMENT) for _ in range(3)]
    for run in runs:
        _, trouble = run.communicate(timeout=300)
        assert run.returncode == 0, trouble.decode()
    assert len(entries(project / FOLDER)) == 1
    assert list((project / FOLDER).glob("*.tmp")) == []
    assert_alike()
