"""How the work grows with the size of what is checked: projects made up in four shapes, each at three sizes.

    python benchmarks/speed/growth.py

prints the seconds of CPU and the peak of memory for each. Twice the size should take about twice
as long; the numbers themselves hang on the machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

Files = Iterator[tuple[str, str]]
_HANDLER = "def lambda_handler(event, context):\n"


def long_module(lines: int) -> Files:
    """One module of that many lines, all of whose functions the handler calls."""
    count = lines // 5
    body = "".join(
        f"def work_{n}(event):\n    value = event['a{n}']\n    if value:\n"
        "        return table.get_item(Key={'id': value})\n    return None\n"
        for n in range(count)
    )
    calls = "".join(f"    work_{n}(event)\n" for n in range(count))
    yield "app.py", f"import boto3\ntable = boto3.resource('dynamodb').Table('t')\n{body}{_HANDLER}{calls}"


def call_chain(depth: int) -> Files:
    """Functions that call each other, one behind the other."""
    body = "".join(f"def f{n}(key):\n    return f{n + 1}(key)\n" for n in range(depth))
    end = f"def f{depth}(key):\n    return boto3.client('s3').get_object(Bucket='b', Key=key)\n"
    yield "app.py", f"import boto3\n{body}{end}{_HANDLER}    return f0(event['key'])\n"


def many_modules(count: int) -> Files:
    """Modules that a handler imports and calls, a function each."""
    for n in range(count):
        yield f"part_{n}.py", "import boto3\n\ndef run(event):\n    return event.get('x')\n"
    imports = "".join(f"import part_{n}\n" for n in range(count))
    yield "app.py", imports + _HANDLER + "".join(f"    part_{n}.run(event)\n" for n in range(count))


def many_findings(count: int) -> Files:
    """One function with that many findings."""
    yield (
        "app.py",
        "import boto3\n" + _HANDLER + "".join(f"    c{n} = boto3.client('s3')\n    c{n}.x()\n" for n in range(count)),
    )


SHAPES: tuple[tuple[Callable[[int], Files], int], ...] = (
    (long_module, 20_000),
    (call_chain, 500),
    (many_modules, 5_000),
    (many_findings, 1_000),
)
_RUN = (
    "import resource, sys\nfrom lambdalint.engine import session\n"
    "found = session.check(session.Request((sys.argv[1],), cache=False))\n"
    "used = resource.getrusage(resource.RUSAGE_SELF)\n"
    "print(round(used.ru_utime + used.ru_stime, 2), used.ru_maxrss // 1024, len(found.findings))\n"
)


def measure(files: Files) -> tuple[float, int, int]:
    """Seconds of CPU, MB of memory and the number of findings."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files:
            Path(folder, name).write_text(text, "utf-8")
        ran = subprocess.run(
            [sys.executable, "-c", _RUN, folder], capture_output=True, text=True, check=True, env=dict(os.environ)
        )
    seconds, memory, findings = ran.stdout.split()
    return float(seconds), int(memory), int(findings)


def main() -> None:
    print(f"{'shape':14} {'size':>7} {'seconds':>8} {'MB':>5} {'findings':>8}")
    for shape, most in SHAPES:
        for size in (most // 4, most // 2, most):
            seconds, memory, findings = measure(shape(size))
            print(f"{shape.__name__:14} {size:7} {seconds:8.2f} {memory:5} {findings:8}", flush=True)


if __name__ == "__main__":
    main()
