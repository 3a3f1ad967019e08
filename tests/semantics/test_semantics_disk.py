"""Files that stay in /tmp: code behind the question whether one is there runs once."""

from __future__ import annotations

import pytest
from notation import case, look

ONCE = [
    case(
        "asked, then written",
        """
import os
def lambda_handler(event, context):
    if not os.path.exists("/tmp/key.json"):
        text = made()  #?
        with open("/tmp/key.json", "w") as file:
            file.write(text)
""",
    ),
    case(
        "the other branch",
        """
from os import path
PLACE = "/tmp/key.json"
def lambda_handler(event, context):
    if path.isfile(PLACE):
        return open(PLACE).read()
    else:
        text = made()  #?
        open(PLACE, mode="wt").write(text)
""",
    ),
    case(
        "early return",
        """
import os
def lambda_handler(event, context):
    place = "/tmp/" + event["key"]
    if os.path.exists(place):
        return place
    client = made()  #?
    client.download_file("models", event["key"], place)
""",
    ),
    case(
        "pathlib",
        """
from pathlib import Path
MODEL = Path("/tmp/model.bin")
def lambda_handler(event, context):
    if not MODEL.exists():
        MODEL.write_bytes(made())  #?
""",
    ),
]
EACH_TIME = [
    case(
        "another file",
        """
import os
def lambda_handler(event, context):
    if not os.path.exists("/tmp/a"):
        made()  #?
        open("/tmp/b", "w").write("x")
""",
    ),
    case(
        "only read",
        """
import os
def lambda_handler(event, context):
    if not os.path.exists("/tmp/a"):
        made()  #?
        print("missing", "/tmp/a")
        open("/tmp/a").read()
""",
    ),
    case(
        "removed again",
        """
import os
PLACE = "/tmp/a"
def lambda_handler(event, context):
    if not os.path.exists(PLACE):
        made()  #?
        open(PLACE, "w").write("x")
    os.remove(PLACE)
""",
    ),
    case(
        "what is done with a file that is there",
        """
import os
def digest(place):
    return open(place).read()
def lambda_handler(event, context):
    if os.path.exists("/tmp/a"):
        if digest("/tmp/a") != event["digest"]:
            made()  #?
""",
    ),
    case(
        "something else that exists",
        """
def lambda_handler(event, context):
    if not event["table"].exists():
        made()  #?
        open("/tmp/a", "w").write("x")
""",
    ),
]


@pytest.mark.parametrize("text", ONCE)
def test_what_fills_a_file_runs_once(text: str) -> None:
    assert look(text).when == "once"


@pytest.mark.parametrize("text", EACH_TIME)
def test_what_no_file_keeps_runs_each_time(text: str) -> None:
    assert look(text).when == "lambda_handler"


def test_a_function_that_fetches_a_file_is_called_once() -> None:
    text = """
import os
MODEL = "/tmp/model.bin"
def fetch(place):
    open(place, "wb").write(made())  #?
def lambda_handler(event, context):
    if not os.path.exists(MODEL):
        fetch(MODEL)
"""
    assert look(text).when == "never"
    assert look(text.replace("if not os.path.exists(MODEL)", "if True")).when == "lambda_handler → fetch"
