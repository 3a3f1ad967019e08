"""Helpers at module scope: before, what is asked, after."""

from __future__ import annotations

import pytest
from fixing_tools import Case, holds

from lambdalint.fixing.requests import AddTopLevel, NeedImport, Replace

HELPER = "@functools.cache\ndef _s3():\n    return boto3.client('s3')\n"

CASES: list[Case] = [
    ("def", "import a\n\n\ndef f():\n    pass\n", lambda f: AddTopLevel("def g():\n    return 1\n", "g"),
     "import a\n\n\ndef g():\n    return 1\n\n\ndef f():\n    pass\n"),
    ("def with its imports", "import boto3\n\n\ndef f():\n    return boto3.client('s3')\n",
     lambda f: (Replace(f("Call:boto3.client('s3')"), "_s3()"), NeedImport("functools"), AddTopLevel(HELPER,
     "_s3")),
     "import functools\n\nimport boto3\n\n\n" + HELPER + "\n\ndef f():\n    return _s3()\n"),
    ("above comments and decorators", "x()\n\n\n# on f\n@d\ndef f():\n    pass\n",
     lambda f: AddTopLevel("def g():\n    return 1", "g"),
     "x()\n\n\ndef g():\n    return 1\n\n\n# on f\n@d\ndef f():\n    pass\n"),
    ("assignment below the imports", "import a\n\n\ndef f():\n    pass\n",
     lambda f: AddTopLevel("B = a.b()", "B"),
     "import a\n\nB = a.b()\n\n\ndef f():\n    pass\n"),
    ("assignment to its group", "import a\n\nA = 1\n\n\ndef f():\n    pass\n",
     lambda f: AddTopLevel("B = 2", "B"),
     "import a\n\nA = 1\nB = 2\n\n\ndef f():\n    pass\n"),
    ("assignment between defs", "def f():\n    pass\n\n\ndef g():\n    h()\n",
     lambda f: AddTopLevel("B = 2", "B", f("Call:h()")),
     "def f():\n    pass\n\n\nB = 2\n\n\ndef g():\n    h()\n"),
    ("assignment below a call", "import a\n\na.b()\n\n\ndef f():\n    pass\n",
     lambda f: AddTopLevel("B = 2", "B"),
     "import a\n\na.b()\n\nB = 2\n\n\ndef f():\n    pass\n"),
    ("below the getters that are there", "import functools\n\n\n" + HELPER + "\n\ndef f():\n    pass\n",
     lambda f: AddTopLevel("def g():\n    return 1\n", "g"),
     "import functools\n\n\n" + HELPER + "\n\ndef g():\n    return 1\n\n\ndef f():\n    pass\n"),
    ("above a cached function that takes something", "@cache\ndef f(x):\n    pass\n",
     lambda f: AddTopLevel("def g():\n    return 1\n", "g"),
     "def g():\n    return 1\n\n\n@cache\ndef f(x):\n    pass\n"),
    ("assignment above the getters", HELPER, lambda f: AddTopLevel("B = 2", "B"), "B = 2\n\n\n" + HELPER),
    ("import as close to the docstring as the others", '"""Doc."""\nimport json\nf()\n',
     lambda f: NeedImport("functools"),
     '"""Doc."""\nimport functools\nimport json\nf()\n'),
    ("no blank lines there", "A = 1\ndef f():\n    pass\n", lambda f: AddTopLevel("B = 2", "B"),
     "A = 1\nB = 2\ndef f():\n    pass\n"),
    ("none below imports", "import a\ndef f():\n    pass\n", lambda f: AddTopLevel("B = 2", "B"),
     "import a\n\nB = 2\n\n\ndef f():\n    pass\n"),
    ("nothing defined", "import a\nx()\n", lambda f: AddTopLevel("def g(): pass", "g"),
     "import a\n\n\ndef g(): pass\n\n\nx()\n"),
    ("nothing at all", "", lambda f: AddTopLevel("A = 1", "A"), "A = 1\n"),
    ("at the end", "import a", lambda f: AddTopLevel("A = 1", "A"), "import a\n\nA = 1"),
    ("there already", "import a\nB = 1\ndef f(): pass\n", lambda f: AddTopLevel("B = 1", "B"), None),
    ("there with more", "def g():\n    a\n\n    b\n", lambda f: AddTopLevel("def g():\n    a\n", "g"), None),
    ("name taken", "B = 2\ndef f(): pass\n", lambda f: AddTopLevel("B = 1", "B"), None),
    ("uses what comes later", "def f(): pass\nA = 1\n", lambda f: AddTopLevel("B = A", "B"), None),
    ("uses it when called", "def f(): pass\nA = 1\n", lambda f: AddTopLevel("def g(A=0): return A", "g"),
     "def g(A=0): return A\n\n\ndef f(): pass\nA = 1\n"),
    ("no Python", "x\n", lambda f: AddTopLevel("def", "g"), None),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_case(case: Case) -> None:
    holds(case)
