"""tools/measure_imports.py writes the table of import costs as it stands."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "measure_imports.py"
FIELDS = {"distribution", "version", "alone_ms", "after_boto3_ms", "pulls"}


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("measure_imports", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_is_as_the_tool_writes_it(tool: ModuleType) -> None:
    text = tool.TABLE.read_text("utf-8")
    table = tool.tomllib.loads(text)
    rows = table.pop("import")
    assert "\n".join([*tool.rendered(table, rows), ""]) == text


def test_pulls_are_what_the_tool_makes_of_the_modules_that_were_loaded(tool: ModuleType) -> None:
    rows = tool.tomllib.loads(tool.TABLE.read_text("utf-8"))["import"]
    loaded = ["pandas", "pandas.core", "numpy", "json", "not_in_the_table"]
    assert tool.pulls("pandas", loaded, rows) == ["numpy"]


def test_a_row_is_measured_from_a_site_of_its_own(tool: ModuleType, tmp_path: Path) -> None:
    site = tmp_path / "lib" / "python3" / "site-packages"
    for name in ("boto3", "acme", "stranger"):
        info = site / f"{name}-1.2.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
        (info / "RECORD").write_text(f"{name}.py,,\n")
        (site / f"{name}.py").write_text("sum(range(200_000))\n")
    (site / "acme.py").write_text("try:\n    import stranger\nexcept ImportError:\n    sum(range(400_000))\n")
    row = tool.measure(tool.Site(site), sys.executable, "acme", {"distribution": "acme"}, runs=1)
    assert row.keys() - {"references"} == FIELDS
    assert row["version"] == "1.2"
    assert "stranger" not in row["pulls"], "what isn't required isn't there"
    assert row["alone_ms"] > 0


def test_the_command_line_wants_a_site() -> None:
    ran = subprocess.run([sys.executable, str(TOOL)], capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "--site" in ran.stderr
