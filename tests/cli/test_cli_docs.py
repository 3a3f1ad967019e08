"""What the handwritten documentation says of keys, options and commands is so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from cli_samples import Ran

from lambdalint.cli import arguments
from lambdalint.settings import Settings, load
from lambdalint.settings.schema import READERS

TOP = Path(__file__).parents[2]
README = (TOP / "README.md").read_text("utf-8")
CONFIGURATION = (TOP / "docs" / "configuration.md").read_text("utf-8")
TOML = re.findall(r"```toml\n(.*?)```", CONFIGURATION, re.DOTALL)


def test_the_table_of_keys_is_whole_and_has_the_defaults() -> None:
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| `([^`]+)` \|", README, re.MULTILINE))
    assert rows.keys() == READERS.keys()
    settings = Settings("/")
    for key, written in rows.items():
        default = getattr(settings, key.replace("-", "_"))
        assert json.loads(written) in (
            default,
            list(default) if isinstance(default, tuple) else default,
            {},
        ), key


def test_every_key_is_explained() -> None:
    for key in READERS:
        assert re.search(rf"^(?:\[)?{key}\b", "\n".join(TOML), re.MULTILINE), key


@pytest.mark.parametrize("example", TOML)
def test_examples_of_configuration_can_be_read(tmp_path: Path, example: str) -> None:
    name = "pyproject.toml" if "[tool.lambdalint]" in example else "lambdalint.toml"
    (tmp_path / name).write_text(example)
    settings = load(str(tmp_path), str(tmp_path / name))
    assert settings != Settings(str(tmp_path), config=settings.config)


def test_options_and_commands_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    known = ""
    for command in arguments.COMMANDS:
        with pytest.raises(SystemExit):
            arguments.parse([command, "--help"])
        known += Ran(0, *capsys.readouterr()).out
    section = README.partition("## The command line")[2].partition("\n## ")[0]
    options = set(re.findall(r"--[a-z][a-z-]+", section))
    assert len(options) > 8
    assert [option for option in sorted(options) if f"{option} " not in known and f"{option}\n" not in known] == []
    assert set(re.findall(r"^\| `lambdalint (\w+)", README, re.MULTILINE)) == set(arguments.COMMANDS) - {"check"} | {
        "check"
    }
