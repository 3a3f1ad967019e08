"""How the work grows with the size of what is checked: projects made up in many shapes, each at three sizes.

    python benchmarks/speed/growth.py [shape ...]

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


def sharing_handlers(count: int) -> Files:
    """Handlers in files of their own that share one helper."""
    yield (
        "shared.py",
        "import boto3\n\ndef table(name):\n    return boto3.resource('dynamodb').Table(name)\n\n"
        "def fetch(name, key):\n    return table(name).get_item(Key={'id': key})\n",
    )
    for n in range(count):
        yield (
            f"handler_{n}.py",
            f"import json\nimport shared\n\n{_HANDLER}    return shared.fetch('t{n}', event['id'])\n",
        )


def packages(count: int) -> Files:
    """Modules in packages of ten that import their neighbours, a shared module and all names of another."""
    yield (
        "common.py",
        "import os\nimport json\nLEVEL = os.environ.get('LEVEL')\n\ndef log(text):\n    print(json.dumps(text))\n",
    )
    yield "names.py", "from common import *\nSIZE = 3\n\ndef clean(value):\n    return value.strip()\n"
    for n in range(count):
        if n % 10 == 0:
            yield f"pkg_{n // 10}/__init__.py", ""
        after = f"pkg_{(n + 1) // 10}.part_{n + 1}"
        follow = f"from {after} import run as after\n" if n + 1 < count else "after = log = print\n"
        yield (
            f"pkg_{n // 10}/part_{n}.py",
            f"import requests\nimport common\nfrom names import *\n{follow}\n"
            "def run(event):\n    common.log(clean(event['x']))\n    return after(event)\n",
        )
    yield "app.py", f"from pkg_0.part_0 import run\n{_HANDLER}    return run(event)\n"


def elif_branches(count: int) -> Files:
    """One `if` with that many branches."""
    chain = "".join(
        f"    {'el' if n else ''}if event['kind'] == 'k{n}':\n        return table.get_item(Key={{'id': {n}}})\n"
        for n in range(count)
    )
    yield "app.py", f"import boto3\ntable = boto3.resource('dynamodb').Table('t')\n{_HANDLER}{chain}"


def dict_entries(count: int) -> Files:
    """One dictionary literal with that many entries."""
    entries = "".join(f"    'key{n}': {{'id': {n}, 'name': 'n{n}'}},\n" for n in range(count))
    yield (
        "app.py",
        f"import boto3\nTABLE = {{\n{entries}}}\n{_HANDLER}    return boto3.client('s3').x(TABLE[event['k']])\n",
    )


def deployed_functions(count: int) -> Files:
    """One SAM template with that many functions."""
    resources = "".join(
        f"  F{n}:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: app.handler_{n}\n"
        "      Runtime: python3.12\n      Timeout: 30\n"
        for n in range(count)
    )
    yield "template.yaml", f"Transform: AWS::Serverless-2016-10-31\nResources:\n{resources}"
    yield (
        "app.py",
        "import boto3\n"
        + "".join(
            f"def handler_{n}(event, context):\n    return boto3.client('s3').list_buckets()\n" for n in range(count)
        ),
    )


def statements(count: int) -> Files:
    """One handler with that many assignments that hang on each other."""
    body = "".join(f"    a{n + 1} = a{n} + event['k{n}']\n" for n in range(count))
    yield "app.py", f"import boto3\n{_HANDLER}    a0 = 1\n{body}    return boto3.client('s3').x(a{count})\n"


def methods(count: int) -> Files:
    """One class with that many methods that use its attributes, all of which the handler calls."""
    body = "".join(
        f"    def do_{n}(self, key):\n        self.seen_{n} = self.table.get_item(Key={{'id': key}})\n"
        f"        return self.seen_{n}\n"
        for n in range(count)
    )
    calls = "".join(f"    service.do_{n}(event['k'])\n" for n in range(count))
    yield (
        "app.py",
        "import boto3\n\nclass Service:\n    def __init__(self):\n"
        f"        self.table = boto3.resource('dynamodb').Table('t')\n{body}service = Service()\n{_HANDLER}{calls}",
    )


def reassigned(count: int) -> Files:
    """One name that is given a value that often, and asked for as often."""
    body = "".join(
        f"    item = table.get_item(Key={{'id': event['k{n}']}})\n    print(item['Item'])\n" for n in range(count)
    )
    yield "app.py", f"import boto3\ntable = boto3.resource('dynamodb').Table('t')\n{_HANDLER}{body}"


def early_returns(count: int) -> Files:
    """One handler that may leave in that many places."""
    body = "".join(
        f"    if event['kind'] == 'k{n}':\n        return table.put_item(Item={{'id': {n}}})\n" for n in range(count)
    )
    yield "app.py", f"import boto3\ntable = boto3.resource('dynamodb').Table('t')\n{_HANDLER}{body}"


def subclasses(count: int) -> Files:
    """That many classes below one, each with a method of its own that the handler may run."""
    body = "".join(
        f"class Kind{n}(Base):\n    def run(self, key):\n        return self.table.get_item(Key=key)\n"
        for n in range(count)
    )
    made = "".join(f"    Kind{n}().run(event['k'])\n" for n in range(count))
    yield (
        "app.py",
        "import boto3\n\nclass Base:\n    def __init__(self):\n"
        f"        self.table = boto3.resource('dynamodb').Table('t')\n{body}{_HANDLER}{made}",
    )


def stores(count: int) -> Files:
    """That many modules that put something into one and the same object."""
    yield "state.py", "class State:\n    pass\n\nSTATE = State()\nSTATE.value = None\n"
    for n in range(count):
        yield (
            f"part_{n}.py",
            "import boto3\nfrom state import STATE\n\n"
            "def run(event):\n    STATE.value = event['x']\n    return STATE.value\n",
        )
    imports = "".join(f"import part_{n}\n" for n in range(count))
    yield "app.py", imports + _HANDLER + "".join(f"    part_{n}.run(event)\n" for n in range(count))


SHAPES: tuple[tuple[Callable[[int], Files], int], ...] = (
    (long_module, 20_000),
    (call_chain, 500),
    (many_modules, 5_000),
    (packages, 5_000),
    (many_findings, 1_000),
    (sharing_handlers, 2_000),
    (elif_branches, 3_000),
    (dict_entries, 20_000),
    (deployed_functions, 3_000),
    (statements, 4_000),
    (methods, 2_000),
    (reassigned, 1_000),
    (early_returns, 1_000),
    (subclasses, 1_000),
    (stores, 1_000),
)
_RUN = (
    "import resource, sys\nfrom lambdalint.engine import session\n"
    "found = session.check(session.Request((sys.argv[1],), cache=False))\n"
    "used = resource.getrusage(resource.RUSAGE_SELF)\n"
    "print(round(used.ru_utime + used.ru_stime, 2), used.ru_maxrss // 1024, len(found.findings))\n"
)


def write(files: Files, folder: Path) -> None:
    """Write a project into a folder, made where there is none."""
    for name, text in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def measure(files: Files) -> tuple[float, int, int]:
    """Seconds of CPU, MB of memory and the number of findings."""
    with tempfile.TemporaryDirectory() as folder:
        write(files, Path(folder))
        ran = subprocess.run(
            [sys.executable, "-c", _RUN, folder], capture_output=True, text=True, check=True, env=dict(os.environ)
        )
    seconds, memory, findings = ran.stdout.split()
    return float(seconds), int(memory), int(findings)


def main() -> None:
    print(f"{'shape':18} {'size':>7} {'seconds':>8} {'MB':>5} {'findings':>8}")
    for shape, most in SHAPES:
        if sys.argv[1:] and shape.__name__ not in sys.argv[1:]:
            continue
        for size in (most // 4, most // 2, most):
            seconds, memory, findings = measure(shape(size))
            print(f"{shape.__name__:18} {size:7} {seconds:8.2f} {memory:5} {findings:8}", flush=True)


if __name__ == "__main__":
    main()
