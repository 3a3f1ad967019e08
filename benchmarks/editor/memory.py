"""Whether the server's memory stays steady while a handler is edited for hours.

    python benchmarks/editor/memory.py [--edits 10000] [--every 4] [--seed 0]

The server of this checkout, started as an editor starts it, gets a made-up project (`project.py`) and mixed edits of
one handler: statements and comments typed letter by letter, syntax broken and mended, names renamed, imports added,
all of it undone again; no two of them say the same. After every few edits the client waits for the diagnostics of
the newest text, so that many texts are really checked: their number is printed beside the memory.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).parents[2]
sys.path[:0] = [str(TOP / "tests" / "lsp"), str(Path(__file__).parent)]

import project  # type: ignore[import-not-found]  # noqa: E402
from stdio_client import Client  # type: ignore[import-not-found]  # noqa: E402

LINES = 300
MODULES = 200
STEP = 500  # edits between two lines of the table
_BODY = re.compile(r"^( +)(?=\w[\w.]* = |return |raise )", re.MULTILINE)  # a statement that another can stand before
_NAME = re.compile(r"^ +(\w+) = ", re.MULTILINE)


def typed(text: str, at: int, new: str) -> Iterator[str]:
    """The text after each letter of what is typed into it."""
    for count in range(1, len(new) + 1):
        yield text[:at] + new[:count] + text[at:]


def edited(text: str, number: int, chance: random.Random) -> Iterator[str]:
    """The texts of one piece of work; the last of them is what stays."""
    place = chance.choice(list(_BODY.finditer(text)))
    at, indent = place.start(), place[1]
    kind = chance.choice(("statement", "call", "comment", "broken", "rename", "import"))
    if kind == "statement":
        yield from typed(text, at, f'{indent}audit_{number} = "{number}"\n')
    elif kind == "call":
        yield from typed(text, at, f'{indent}boto3.client("s3").get_object(Key="{number}")\n')
    elif kind == "comment":
        yield from typed(text, at, f"{indent}# note {number}\n")
    elif kind == "broken":
        yield text[:at] + f"{indent}if audit_{number}(\n" + text[at:]
        yield text[:at] + f"{indent}if audit_{number}():\n" + text[at:]
        yield text[:at] + f"{indent}if {number}:\n{indent}    pass\n" + text[at:]
    elif kind == "rename":
        name = chance.choice(_NAME.findall(text))
        yield re.sub(rf"\b{name}\b", f"{name.rstrip('0123456789_')}_{number}", text)
    else:
        yield f"import json as json_{number}\n{text}"


def texts(original: str, count: int, chance: random.Random) -> Iterator[str]:
    """So many texts, each as an edit of the one before it leaves it; after some pieces of work all is undone."""
    given = 0
    done = [original]
    while given < count:
        if len(done) > chance.randint(3, 12):
            following = [*reversed(done[:-1])]
            done = [original]
        else:
            following = list(edited(done[-1], given, chance))
            done.append(following[-1])
        yield from following[: count - given]
        given += len(following)


def memory(process: int) -> float:
    """What a process has in memory, in MB."""
    said = subprocess.run(["ps", "-o", "rss=", "-p", str(process)], capture_output=True, text=True, check=True)
    return int(said.stdout) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--edits", type=int, default=10_000)
    parser.add_argument("--every", type=int, default=4, help="edits until the client waits for diagnostics")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    print(f"{'edits':>6} {'checked texts':>14} {'findings':>9} {'memory':>8}")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made).resolve()
        project.write(folder, MODULES, LINES)
        original = (folder / project.HANDLER).read_text("utf-8")
        with Client(folder) as client:
            client.open(project.HANDLER, original, 0)
            found = client.pushed(project.HANDLER, 0)
            checked = 1
            for edit, text in enumerate(texts(original, arguments.edits, chance), 1):
                client.change(project.HANDLER, text, edit)
                if edit % arguments.every == 0:
                    found = client.pushed(project.HANDLER, edit)
                    checked += 1
                if edit == 1 or edit % STEP == 0:
                    print(f"{edit:6} {checked:14} {len(found):9} {memory(client.process.pid):5.0f} MB", flush=True)


if __name__ == "__main__":
    main()
