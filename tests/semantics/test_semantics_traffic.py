"""What an invocation asks of other hosts: `calls / those in loops / the longest run of independent reads`."""

from __future__ import annotations

import pytest
from notation import files_of, project_of

from lambdalint.semantics.model import Model

HEAD = "import boto3\ns3 = boto3.client('s3')\nssm = boto3.client('ssm')\n"


def traffic(text: str) -> str:
    files = files_of(text)
    project = project_of(files)
    (handler,) = project.handlers
    kept = project.modules.for_checking(handler.path)
    assert kept is not None
    found = Model(project, kept.lowering, kept.source, kept.tree).traffic(handler.function)
    return "nothing" if found is None else f"{found.calls} / {found.repeated} / {found.in_a_row}"


CASES = {
    "one call": ("def lambda_handler(event, context):\n    s3.list_buckets()\n", "1 / 0 / 0"),
    "reads that don't need each other": (
        "def lambda_handler(event, context):\n"
        "    a = s3.head_object(Bucket='a', Key=event['k'])\n"
        "    b = ssm.get_parameter(Name=event['n'])\n"
        "    c = s3.get_object(Bucket='a', Key=event['l'])\n"
        "    s3.put_object(Bucket='b', Key='k', Body=b'')\n"
        "    return a, b, c\n",
        "4 / 0 / 3",
    ),
    "the second needs the first": (
        "def lambda_handler(event, context):\n"
        "    a = ssm.get_parameter(Name=event['n'])\n"
        "    return s3.get_object(Bucket='a', Key=a['Parameter']['Value'])\n",
        "2 / 0 / 0",
    ),
    "a helper that two places call counts once": (
        "def load(key):\n    return s3.get_object(Bucket='a', Key=key)\n\n"
        "def lambda_handler(event, context):\n    x = load(event['a'])\n    return load(x['b'])\n",
        "1 / 0 / 0",
    ),
    "a loop calls the helper": (
        "def load(key):\n    return s3.get_object(Bucket='a', Key=key)\n\n"
        "def lambda_handler(event, context):\n"
        "    s3.list_buckets()\n    return [load(key) for key in event['keys']]\n",
        "2 / 1 / 0",
    ),
    "a helper that is called in a loop and outside of it": (
        "def load(key):\n    return s3.get_object(Bucket='a', Key=key)\n\n"
        "def lambda_handler(event, context):\n"
        "    load(event['first'])\n    return [load(key) for key in event['keys']]\n",
        "1 / 1 / 0",
    ),
    "helpers that call each other": (
        "def even(n):\n    s3.list_buckets()\n    return odd(n - 1)\n\ndef odd(n):\n    return n and even(n - 1)\n\n"
        "def lambda_handler(event, context):\n    return even(event['n'])\n",
        "1 / 0 / 0",
    ),
    "a cache asks once": (
        "import functools\n@functools.cache\ndef config():\n    return ssm.get_parameter(Name='n')\n\n"
        "def lambda_handler(event, context):\n    s3.list_buckets()\n    return config()\n",
        "1 / 0 / 0",
    ),
    "an error path": (
        "def lambda_handler(event, context):\n    try:\n        s3.list_buckets()\n"
        "    except ValueError:\n        s3.put_object(Bucket='b', Key='k', Body=b'')\n        raise\n",
        "1 / 0 / 0",
    ),
    "what the import asks": (
        "names = s3.list_buckets()\ndef lambda_handler(event, context):\n    return names\n",
        "nothing",
    ),
    "what no handler runs": (
        "def other():\n    s3.list_buckets()\n\ndef lambda_handler(event, context):\n    return 1\n",
        "nothing",
    ),
    "a call that nobody knows": (
        "import theirs\ndef lambda_handler(event, context):\n    return theirs.ask(event)\n",
        "nothing",
    ),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_traffic(text: str, expected: str) -> None:
    assert traffic(HEAD + text) == expected


def test_reads_of_a_helper_in_another_module() -> None:
    text = (
        "# app.py\nfrom store import load\ndef lambda_handler(event, context):\n    return load(event)\n"
        "# store.py\n" + HEAD + "def load(event):\n"
        "    a = s3.head_object(Bucket='a', Key=event['k'])\n"
        "    b = ssm.get_parameter(Name=event['n'])\n"
        "    return a, b\n"
    )
    assert traffic(text) == "2 / 0 / 2"
