"""The VS Code extension: its own tests, and what is seen of it in a real VS Code.

Both need node and npm, with npm's package index; the second also Chromium and a code-server. That is made once by
`editors/vscode/test/set-up.sh FOLDER`, and EDITORS_TOOLS=FOLDER says where. EDITORS_PICTURES=FOLDER keeps the
pictures that the README shows.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import lambdalint

TOP = Path(__file__).parents[2]
SOURCE = TOP / "editors" / "vscode"
TOOLS = os.environ.get("EDITORS_TOOLS", "")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SCRIPT = """\
#!{python}
import sys
from lambdalint.cli.main import run
sys.exit(run())
"""
# How npm says that there is no package index to be reached.
UNREACHABLE = re.compile(r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT")

pytestmark = [
    pytest.mark.editors,
    pytest.mark.skipif(not SOURCE.is_dir(), reason="not a checkout"),
    pytest.mark.skipif(not (shutil.which("node") and shutil.which("npm")), reason="node and npm aren't installed"),
]
real = [
    pytest.mark.skipif(
        not (Path(TOOLS) / "code-server").is_dir(),
        reason="no code-server: editors/vscode/test/set-up.sh FOLDER makes one, EDITORS_TOOLS=FOLDER names it",
    ),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium isn't installed"),
]


def run(folder: Path, *argv: str, **more: str) -> str:
    ran = subprocess.run(
        argv,
        cwd=folder,
        env={**os.environ, **more},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    if ran.returncode and UNREACHABLE.search(ran.stdout):
        pytest.skip("npm's package index can't be reached")
    assert ran.returncode == 0, ran.stdout
    return ran.stdout


def passed(output: str) -> list[str]:
    """The names of the tests that passed, where none was left out."""
    assert re.search(r"^# (fail|cancelled|skipped|todo) [1-9]", output, re.MULTILINE) is None, output
    return re.findall(r"^ *ok \d+ - (.+)$", output, re.MULTILINE)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the extension is built: tools that are there already are used again."""
    return Path(TOOLS, "extension").resolve() if TOOLS else tmp_path_factory.mktemp("extension")


@pytest.fixture(scope="module")
def packed(workshop: Path) -> Path:
    """The packed extension."""
    return Path(run(SOURCE, str(SOURCE / "package.sh"), str(workshop)).splitlines()[-1])


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with this checkout's lambdalint, and what is installed beside the tests."""
    folder = tmp_path_factory.mktemp("environment").resolve() / "venv"
    venv.create(folder)
    (packages,) = folder.glob("lib/python3*/site-packages")
    (packages / "checkout.pth").write_text("\n".join([str(TOP / "src"), *filter(os.path.isdir, sys.path)]))
    script = folder / "bin" / "lambdalint"
    script.write_text(SCRIPT.format(python=folder / "bin" / "python"))
    script.chmod(0o755)
    return folder


def test_the_extension_holds_what_it_needs_and_nothing_else(packed: Path) -> None:
    with zipfile.ZipFile(packed) as opened:
        names = {name.removeprefix("extension/") for name in opened.namelist() if name.startswith("extension/")}
    texts = {"changelog.md", "LICENSE.txt", "readme.md", "package.json"}  # as the packer calls them
    pictures = {f"images/{path.name}" for path in (SOURCE / "images").glob("*.png")}
    assert names == {*texts, *pictures, "out/extension.js"}
    assert packed.name == f"lambdalint-{lambdalint.__version__}.vsix"
    assert packed.stat().st_size < 2_000_000


def test_the_extensions_own_tests_pass_and_its_types_are_right(packed: Path, workshop: Path) -> None:
    output = run(workshop, "npm", "test", "--silent")
    written = sum(len(re.findall(r"^test\(", path.read_text(), re.MULTILINE)) for path in SOURCE.glob("test/unit/*.ts"))
    assert len(passed(output)) == written > 0, output


@pytest.fixture(scope="module")
def in_vscode(
    packed: Path, workshop: Path, environment: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], str]:
    """Runs one file of tests in a real VS Code, and gives what it said."""
    home = tmp_path_factory.mktemp("vscode").resolve()
    python_extension = home / "python.vsix"
    shutil.copytree(SOURCE / "test" / "end-to-end" / "python-extension", home / "python-extension")
    vsce = str(workshop / "node_modules" / ".bin" / "vsce")
    options = ("--allow-missing-repository", "--skip-license", "-o", str(python_extension))
    run(home / "python-extension", vsce, "package", *options)
    pictures = str(Path(os.environ.get("EDITORS_PICTURES") or home).resolve())

    def tests(name: str) -> str:
        return run(
            workshop,
            "node",
            "--test",
            "--test-reporter=tap",
            f"test/end-to-end/{name}",
            EDITORS_TOOLS=str(Path(TOOLS).resolve()),
            EDITORS_BROWSER=str(CHROMIUM),
            EDITORS_EXTENSION=str(packed),
            EDITORS_PYTHON_EXTENSION=str(python_extension),
            EDITORS_VENV=str(environment),
            EDITORS_VERSION=lambdalint.__version__,
            EDITORS_HOME=str(home),
            EDITORS_PICTURES=pictures,
        )

    return tests


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=real, id=name.partition(".")[0])
        for name in ("editing.test.mjs", "servers.test.mjs", "workspaces.test.mjs")
    ],
)
def test_in_a_real_vs_code(in_vscode: Callable[[str], str], name: str) -> None:
    output = in_vscode(name)
    written = re.findall(r"^test\(", (SOURCE / "test" / "end-to-end" / name).read_text(), re.MULTILINE)
    assert len(passed(output)) == len(written) > 0, output
    sys.stdout.write(output)
