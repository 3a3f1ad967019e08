"""`lambdalint rule`, `rules` and `handlers`, and the catalogue behind them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_samples import SAFE, Ran

from lambdalint.engine import catalogue
from lambdalint.engine.page import page
from lambdalint.rules.registry import all_rules

Run = Callable[..., Ran]


@pytest.mark.parametrize("word", ["LMB101", "lmb101", "client-in-handler", "Client-In-Handler"])
def test_a_rule_is_explained(run: Run, word: str) -> None:
    ran = run("rule", word)
    assert ran.code == 0
    assert ran.out.startswith("# LMB101: client-in-handler\n")
    for part in (
        "## What it costs",
        "## Fix safety",
        "### Reported",
        "After the fix:",
        "```python",
        "### Left alone: ",
    ):
        assert part in ran.out


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("LMB10", "LMB101"),
        ("LMB901O", "did you mean"),
        ("client-in-handlr", 'did you mean "client-in-handler"?'),
        ("client_in_handler", 'did you mean "client-in-handler"?'),
        ("qqqqqq", "`lambdalint rules` lists them all"),
    ],
)
def test_an_unknown_rule_ends_with_2_and_a_hint(run: Run, word: str, said: str) -> None:
    ran = run("rule", word)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_a_page_in_colour(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = run("rule", "LMB101").out
    assert "\x1b[1m## What it costs\x1b[0m\n" in coloured
    assert "\x1b[36mimport boto3\x1b[0m\n" in coloured


def test_all_rules_are_listed(run: Run) -> None:
    listed = run("rules").out.splitlines()
    codes = [line.split()[0] for line in listed]
    assert codes == sorted(["LMB000", "LMB001", "LMB002", *(rule.code for rule in all_rules())])
    client = next(line for line in listed if line.startswith("LMB101"))
    assert client.split()[1:3] == ["client-in-handler", "safe"]
    for rule in all_rules():
        line = next(line for line in listed if line.startswith(rule.code))
        assert ("(opt-in)" in line) is not rule.default


def test_the_constant_list_of_opt_in_rules_is_what_the_rules_say() -> None:
    assert list(catalogue.OPT_IN) == [rule.code for rule in all_rules() if not rule.default]


def test_slugs_name_codes() -> None:
    slugs = catalogue.slugs()
    assert slugs["client-in-handler"] == "LMB101"
    assert slugs["unused-suppression"] == "LMB001"
    assert len(slugs) == len(catalogue.entries())
    assert bool(slugs)


def test_every_page_has_what_a_page_needs() -> None:
    for entry in catalogue.entries():
        titles = [title for title, _ in entry.sections]
        assert titles[:1] == ["What it costs"], entry.code
        assert "What to do" in titles, entry.code
        if entry.safety is not None:
            assert "Fix safety" in titles, entry.code
        assert entry.summary.endswith("."), entry.code
        assert page(entry).startswith(f"# {entry.code}: {entry.name}\n\n{entry.summary}\n\n- Fix: ")


TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Load:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.load
"""


def test_handlers(project: Path, run: Run) -> None:
    (project / "app.py").write_text(SAFE.replace("lambda_handler", "load"))
    (project / "template.yaml").write_text(TEMPLATE)
    ran = run("handlers")
    assert ran.code == 0
    first, last = ran.out.splitlines()
    assert first.startswith("app.py:4: load: template.yaml:")
    assert last == "Found 1 handler."
    (row,) = json.loads(run("handlers", "--output-format", "json").out)
    assert row["path"] == str(project / "app.py")
    assert (row["line"], row["name"], row["deploy_time"]) == (4, "load", False)


def test_handlers_explained(project: Path, run: Run) -> None:
    (project / "app.py").write_text(SAFE.replace("lambda_handler", "load"))
    (project / "template.yaml").write_text(TEMPLATE + TEMPLATE.partition("Resources:\n")[2].replace("oad", "ose"))
    plain = run("handlers").out.splitlines()
    assert plain[1] == "template.yaml:12: app.lose has no function: app.py defines no lose"
    assert plain[2] == "Found 1 handler, 1 declaration without one."
    assert run("handlers", "--explain").out.splitlines()[1:-1] == [
        "",
        "template.yaml",
        "  7: Load, app.load (by the code's place in the description, 128 MB, python3.12)",
        "    is app.py:4 load",
        "  12: Lose, app.lose (128 MB, python3.12)",
        "    has no function: app.py defines no lose",
        "",
    ]
    shown = json.loads(run("handlers", "--explain", "--output-format", "json").out)
    assert [row["name"] for row in shown["handlers"]] == ["load"]
    assert [row["reason"] for row in shown["declarations"]] == ["", "app.py defines no lose"]


def test_handlers_of_a_path_that_is_not_there(project: Path, run: Run) -> None:
    ran = run("handlers", "nowhere")
    assert ran.code == 2
    assert "nowhere: no such file or folder" in ran.err
