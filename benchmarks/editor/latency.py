"""How long after a keystroke an editor has fresh diagnostics, beside other tools' servers with the same edits.

    python benchmarks/editor/latency.py [--edits 30] [--environments DIR]

Each server is installed into an environment of its own and gets the same made-up project (`project.py`) and the
same keystrokes: a text typed into one function of a handler, letter by letter, Python each time. Measured is the
time from the message with the new text to the answer for it, as a client sees it, with all the waiting that the
server does by itself. Ratios are to lambdalint's middle time on the first size; seconds hang on the machine.
"""

from __future__ import annotations

import argparse
import queue
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TOP = Path(__file__).parents[2]
sys.path[:0] = [str(TOP / "tests" / "lsp"), str(TOP / "benchmarks" / "speed"), str(Path(__file__).parent)]

import compare as speed  # type: ignore[import-not-found]  # noqa: E402
import project  # type: ignore[import-not-found]  # noqa: E402
from stdio_client import Client  # type: ignore[import-not-found]  # noqa: E402

SIZES = (300, 1500)  # lines of the handler
MODULES = 200
PLACE = "        raise ValueError("
TYPED = "there was nothing to do for this order, which its settings do not allow"
_FLAKE8 = {"configurationSources": ["flake8"], "plugins": {"flake8": {"enabled": True}}}
_OFF = {name: {"enabled": False} for name in ("pycodestyle", "pyflakes", "mccabe")}


@dataclass(frozen=True)
class Server:
    """What is installed, what is started, and how long it waits by itself before it looks at a text."""

    name: str
    packages: tuple[str, ...]
    command: tuple[str, ...]
    waits: float = 0.0
    settings: dict[str, Any] = field(default_factory=dict)


SERVERS = (
    Server("lambdalint", (f"{TOP}[lsp]",), ("lambdalint", "server"), 0.2),
    Server("ruff", ("ruff",), ("ruff", "server")),
    Server(
        "pylsp, flake8 + bugbear",
        ("python-lsp-server", "flake8", "flake8-bugbear"),
        ("pylsp",),
        0.5,
        {"pylsp": {**_FLAKE8, "plugins": {**_FLAKE8["plugins"], **_OFF}}},  # type: ignore[dict-item]
    ),
    Server("fixit", ("fixit[lsp]",), ("fixit", "lsp"), 0.5),
)


def texts(text: str, count: int) -> list[str]:
    """The text after each keystroke."""
    at = text.index(PLACE)
    return [f'{text[:at]}        audit = key + "{TYPED[:n]}"\n{text[at:]}' for n in range(1, count + 1)]


def measure(server: Server, programs: Path, folder: Path, count: int) -> list[float]:
    """Seconds from each change to the diagnostics for it."""
    command = [str(programs / server.command[0]), *server.command[1:]]
    found = []
    text = (folder / project.HANDLER).read_text("utf-8")
    versioned = {"publishDiagnostics": {"versionSupport": True}}
    with Client(folder, {"textDocument": versioned}, command=command, sources=False) as client:
        if server.settings:
            client.tell("workspace/didChangeConfiguration", {"settings": server.settings})
        client.open(project.HANDLER, text)
        client.wait_for("textDocument/publishDiagnostics")
        for version, changed in enumerate(texts(text, count), 2):
            client.forget("textDocument/publishDiagnostics")
            begin = time.perf_counter()
            client.change(project.HANDLER, changed, version)
            client.wait_for("textDocument/publishDiagnostics")
            found.append(time.perf_counter() - begin)
    return found


def part(times: Sequence[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--environments", type=Path, default=Path(tempfile.gettempdir()) / "lambdalint-editor")
    parser.add_argument("--edits", type=int, default=40)
    arguments = parser.parse_args()
    unit = 0.0
    print(f"{'server':24} {'lines':>6} {'median':>8} {'p95':>8} {'less waiting':>13} {'ratio':>7}")
    for lines in SIZES:
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made).resolve()
            project.write(folder, MODULES, lines)
            for server in SERVERS:
                try:
                    programs = speed.environment(speed.Tool(server.name, server.packages, ()), arguments.environments)
                    times = measure(server, programs, folder, arguments.edits)
                except (speed.UnavailableError, OSError, AssertionError, queue.Empty) as error:
                    print(f"{server.name:24} {lines:6} left out: {error or 'no answer'}", flush=True)
                    continue
                middle, slow = part(times, 0.5), part(times, 0.95)
                unit = unit or middle
                print(
                    f"{server.name:24} {lines:6} {1000 * middle:5.0f} ms {1000 * slow:5.0f} ms "
                    f"{1000 * max(slow - server.waits, 0):10.0f} ms {middle / unit:7.2f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
