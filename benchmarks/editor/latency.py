"""How long after a keystroke an editor has fresh diagnostics, beside other tools' servers with the same edits.

    python benchmarks/editor/latency.py [--edits 40] [--server NAME] [--lines N] [--results FILE]

Each server is installed into an environment of its own and gets the same made-up project (`project.py`) and the
same keystrokes: a statement of a handler grows letter by letter, in a name and in a text by turns, Python each time.
All of them have something to say of that statement, and each answer must say it of the text that was sent, or the
server is left out. Measured are the time from the message with the new text to the answer for it, as a client sees
it, with all the waiting that the server does by itself, and the CPU time of the server and what it starts (where
/proc tells). With --results, parts can be measured one by one: the table has all that the file holds.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

TOP = Path(__file__).parents[2]
sys.path[:0] = [str(TOP / "tests" / "lsp"), str(TOP / "benchmarks" / "speed"), str(Path(__file__).parent)]

import compare as speed  # type: ignore[import-not-found]  # noqa: E402
import project  # type: ignore[import-not-found]  # noqa: E402
from stdio_client import Client  # type: ignore[import-not-found]  # noqa: E402

SIZES = (300, 1500)  # lines of the handler
MODULES = 200
PLACE = "    record = service_"  # what the statement stands before
NAME, TEXT = "answer_of_the_outside_service", "orders/their-state/as-it-was-told-last/"
_FLAKE8 = {"configurationSources": ["flake8"], "plugins": {"flake8": {"enabled": True}}}
_OFF = {name: {"enabled": False} for name in ("pycodestyle", "pyflakes", "mccabe")}


@dataclass(frozen=True)
class Server:
    """What is installed, what is started, and how long it waits by itself before it answers."""

    name: str
    packages: tuple[str, ...]
    command: tuple[str, ...]
    waits: float = 0.0
    settings: dict[str, Any] = field(default_factory=dict)


SERVERS = (
    Server("lambdalint", (f"{TOP}[lsp]",), ("lambdalint", "server"), 0.2),
    Server("ruff", ("ruff",), ("ruff", "server")),
    Server(
        "pylsp, flake8",
        ("python-lsp-server", "flake8"),
        ("pylsp",),
        0.5,
        {"pylsp": {**_FLAKE8, "plugins": {**_FLAKE8["plugins"], **_OFF}}},  # type: ignore[dict-item]
    ),
    Server("fixit", ("fixit[lsp]",), ("fixit", "lsp"), 0.5),
)


@dataclass(frozen=True)
class Measured:
    """Seconds of one server with a handler of one size; `codes` are what it said of the statement at last."""

    server: str
    lines: int
    middle: float
    slow: float
    cpu: float | None
    codes: tuple[str, ...]


def texts(text: str, count: int) -> Iterator[tuple[str, int]]:
    """The text after each keystroke, and the line of the statement that is typed."""
    middle = text.index(PLACE, len(text) // 2)
    at = text.rindex("\n", 0, middle) + 1
    for number in range(count):
        name, path = NAME[: number // 2 + 4], TEXT[: number // 2 + 7]
        statement = f'    {name} = requests.get("https://example.com/{path}%s" % key)\n'
        yield text[:at] + statement + text[at:], text.count("\n", 0, at)


def measure(server: Server, programs: Path, folder: Path, lines: int, count: int) -> Measured:
    """Asserts that each answer is about the text that was sent."""
    command = [str(programs / server.command[0]), *server.command[1:]]
    text = (folder / project.HANDLER).read_text("utf-8")
    versioned = {"publishDiagnostics": {"versionSupport": True}}
    times = []
    codes: set[str] = set()
    with Client(folder, {"textDocument": versioned}, command=command, sources=False) as client:
        if server.settings:
            client.tell("workspace/didChangeConfiguration", {"settings": server.settings})
        client.open(project.HANDLER, text)
        client.pushed(project.HANDLER, 1)
        time.sleep(1)  # what is left of the start
        spent = cpu_of(client.process.pid)
        for version, (changed, line) in enumerate(texts(text, count), 2):
            begin = time.perf_counter()
            client.change(project.HANDLER, changed, version)
            found = client.pushed(project.HANDLER, version)
            times.append(time.perf_counter() - begin)
            codes = {str(one["code"]) for one in found if one["range"]["start"]["line"] == line}
            assert codes, f"nothing is said of line {line} in version {version}"
        after = cpu_of(client.process.pid)
    cpu = None if spent is None or after is None else (after - spent) / count
    return Measured(server.name, lines, part(times, 0.5), part(times, 0.95), cpu, tuple(sorted(codes)))


def cpu_of(process: int) -> float | None:
    """Seconds of CPU of a process, and of those that it started and that have ended."""
    try:
        said = Path(f"/proc/{process}/stat").read_text("utf-8")
    except OSError:
        return None
    user, system, childrens_user, childrens_system = said.rpartition(")")[2].split()[11:15]
    return sum(map(int, (user, system, childrens_user, childrens_system))) / os.sysconf("SC_CLK_TCK")


def part(times: Sequence[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def table(found: Sequence[Measured]) -> Iterator[str]:
    """Lines of Markdown; ratios are to lambdalint with a handler of the same size."""
    yield "| Server | Lines | Median | Ratio | 95th percentile | Ratio | CPU | Ratio | Waits | Says of the statement |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|---|"
    own = {one.lines: one for one in found if one.server == SERVERS[0].name}
    waits = {one.name: one.waits for one in SERVERS}
    order = [one.name for one in SERVERS]
    for one in sorted(found, key=lambda one: (one.lines, order.index(one.server))):
        unit = own.get(one.lines, one)
        middle, slow = _cell(one.middle, unit.middle), _cell(one.slow, unit.slow)
        cpu, codes = _cell(one.cpu, unit.cpu), ", ".join(one.codes)
        yield f"| {one.server} | {one.lines:,} | {middle} | {slow} | {cpu} | {_ms(waits[one.server])} | {codes} |"


def _cell(seconds: float | None, unit: float | None) -> str:
    return "– | –" if not seconds or not unit else f"{_ms(seconds)} | {_ratio(seconds / unit)}"


def _ratio(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.1g}"


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--environments", type=Path, default=Path(tempfile.gettempdir()) / "lambdalint-editor")
    parser.add_argument("--edits", type=int, default=40)
    parser.add_argument("--server", action="append", choices=[one.name for one in SERVERS], help="this one alone")
    parser.add_argument("--lines", action="append", type=int, choices=SIZES, help="this size alone")
    parser.add_argument("--results", type=Path, help="where what was measured is kept, and added to")
    arguments = parser.parse_args()
    kept = arguments.results
    before = json.loads(kept.read_text("utf-8")) if kept is not None and kept.exists() else []
    found = {(one["server"], one["lines"]): Measured(**one) for one in before}
    for lines in arguments.lines or SIZES:
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made).resolve()
            project.write(folder, MODULES, lines)
            for server in SERVERS:
                if arguments.server and server.name not in arguments.server:
                    continue
                try:
                    programs = speed.environment(speed.Tool(server.name, server.packages, ()), arguments.environments)
                    found[server.name, lines] = measure(server, programs, folder, lines, arguments.edits)
                except (speed.UnavailableError, OSError, AssertionError, queue.Empty) as error:
                    print(f"{server.name}, {lines} lines: left out: {error or 'no answer'}", file=sys.stderr)
    if kept is not None:
        kept.write_text(json.dumps([asdict(one) for one in found.values()], indent=2), "utf-8")
    print("\n".join(table(list(found.values()))))


if __name__ == "__main__":
    main()
