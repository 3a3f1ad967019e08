"""What a handler's file needs of the modules that its import runs."""

from __future__ import annotations

import pytest
from notation import files_of, project_of

from lambdalint.semantics.needed import Needed

LIB = """
=== lib.py
import numpy
import pandas
import yaml
RATE = 0.19
def report(rows):
    return pandas.DataFrame(rows)
class Model:
    def __init__(self):
        self.means = numpy.zeros(3)
def load(text):
    return yaml.safe_load(text)
"""


def needed(text: str) -> Needed:
    return project_of(files_of(text)).needed("app.py")


def packages(text: str) -> set[str]:
    return {name.split(".")[0] for name in needed(text).outside} & {"numpy", "pandas", "yaml", "jinja2"}


def app(imports: str, body: str = "return {}") -> str:
    return f"=== app.py\n{imports}\ndef lambda_handler(event, context):\n    {body}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(app("from lib import RATE", "return RATE") + LIB, set(), id="a constant"),
        pytest.param(app("from lib import report", "return report([])") + LIB, {"pandas"}, id="a function"),
        pytest.param(app("import lib", "return lib.report([])") + LIB, {"pandas"}, id="by the module's name"),
        pytest.param(app("import lib as l", "return l.Model()") + LIB, {"numpy"}, id="a class with its methods"),
        pytest.param(app("import lib", "return run(lib)") + LIB, {"numpy", "pandas", "yaml"}, id="the module itself"),
        pytest.param(app("from lib import *", "return load('')") + LIB, {"yaml"}, id="by a star"),
        pytest.param(app("", "from lib import load; return load('')") + LIB, {"yaml"}, id="imported in a function"),
        pytest.param(app("import lib", "return {'a': lib.load}") + LIB, {"yaml"}, id="mentioned, not called"),
        pytest.param(
            app("from lib import RATE\ndef unused():\n    import lib\n    return lib.load('')") + LIB,
            {"yaml"},
            id="by anything in the handler's own file",
        ),
        pytest.param(
            app("from mid import go", "return go()")
            + "=== mid.py\nfrom lib import load\ndef go():\n    return load('')\n"
            + LIB,
            {"yaml"},
            id="by way of another module",
        ),
        pytest.param(
            app("from pkg import load", "return load('')")
            + "=== pkg/__init__.py\nfrom .inner import load, other\n"
            + "=== pkg/inner.py\nimport yaml, pandas\ndef load(t):\n    return yaml.safe_load(t)\n"
            + "def other():\n    return pandas.NA\n",
            {"yaml"},
            id="re-exported by a package",
        ),
        pytest.param(
            app("from pkg.light import RATE", "return RATE")
            + "=== pkg/__init__.py\nfrom .heavy import Heavy\n=== pkg/light.py\nRATE = 1\n"
            + "=== pkg/heavy.py\nimport pandas\nclass Heavy:\n    frame = pandas.DataFrame()\n",
            set(),
            id="not by the package's own imports",
        ),
        pytest.param(
            app("from lib import RATE", "return RATE")
            + "=== lib.py\nimport yaml\nRATE = 1\nyaml.add_constructor('x', 1)\n",
            {"yaml"},
            id="what a module does when it is imported",
        ),
        pytest.param(
            app("from lib import RATE", "return RATE")
            + "=== lib.py\nimport yaml\nRATE = 1\nif __name__ == '__main__':\n    yaml.safe_load('')\n",
            set(),
            id="not what it does as a script",
        ),
        pytest.param(
            app("from lib import RATE", "return RATE")
            + "=== lib.py\nimport functools\nimport yaml\nRATE = 1\n@functools.cache\ndef load():\n    return yaml.safe_load('')\n",
            set(),
            id="not by a decorator from elsewhere",
        ),
        pytest.param(
            app("from lib import RATE", "return RATE")
            + "=== lib.py\nimport yaml\nfrom reg import keep\nRATE = 1\n@keep\ndef load():\n    return yaml.safe_load('')\n"
            + "=== reg.py\nKEPT = []\ndef keep(f):\n    KEPT.append(f)\n    return f\n",
            {"yaml"},
            id="by a decorator that may keep it",
        ),
        pytest.param(
            app("from lib import RATE", "return RATE")
            + "=== lib.py\nimport yaml\nRATE = 1\nclass Meta(type):\n    pass\nclass Loader(metaclass=Meta):\n"
            + "    def load(self):\n        return yaml.safe_load('')\n",
            {"yaml"},
            id="by a metaclass that may keep it",
        ),
        pytest.param(
            app("from a import go", "return go()")
            + "=== a.py\nimport b\ndef go():\n    return b.RATE\n=== b.py\nimport a\nimport yaml\nRATE = 1\n"
            + "def back():\n    return yaml.load(a.go())\n",
            set(),
            id="in a circle",
        ),
    ],
)
def test_needed_packages(text: str, expected: set[str]) -> None:
    assert packages(text) == expected


@pytest.mark.parametrize(
    ("imports", "body", "expected"),
    [
        ("import importlib", "return importlib.import_module(event['m'])", True),
        ("from importlib import import_module", "return import_module(event['m'])", True),
        ("", "return __import__(event['m'])", True),
        ("import importlib.metadata", "return importlib.metadata.version('x')", False),
    ],
)
def test_imports_by_text(imports: str, body: str, expected: bool) -> None:
    assert needed(app(imports, body)).by_text is expected
