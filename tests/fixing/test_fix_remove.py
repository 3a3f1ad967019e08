"""Taking statements and imported names out: before, what is asked, after."""

from __future__ import annotations

import pytest
from fixing_tools import Case, holds

from lambdalint.fixing.requests import InsertBefore, Remove

CASES: list[Case] = [
    ("a line", "a\nb  # gone\nc\n", lambda f: Remove(f("Expr:b")), "a\nc\n"),
    ("its comments stay", "a\n# stays\nb\nc\n", lambda f: Remove(f("Expr:b")), "a\n# stays\nc\n"),
    ("a comment inside", "a\nb(\n    # stays\n)\n", lambda f: Remove(f("Expr:b(")), None),
    ("several lines", "a\nb(\n    1,\n)\nc\n", lambda f: Remove(f("Expr:b(")), "a\nc\n"),
    ("the last line", "a\nb", lambda f: Remove(f("Expr:b")), "a\n"),
    ("first of several", "a; b; c\n", lambda f: Remove(f("Expr:a")), "b; c\n"),
    ("one of several", "a; b; c\n", lambda f: Remove(f("Expr:b")), "a; c\n"),
    ("last of several", "a; b; c;  # x\n", lambda f: Remove(f("Expr:c")), "a; b  # x\n"),
    ("all of several", "a; b\nc\n", lambda f: (Remove(f("Expr:a")), Remove(f("Expr:b"))), "c\n"),
    ("only statement", "def f():\n    a  # c\nb\n",
     lambda f: Remove(f("Expr:a")), "def f():\n    pass  # c\nb\n"),
    ("only statements", "def f():\n    a\n    b\nc\n", lambda f: (Remove(f("Expr:a")), Remove(f("Expr:b"))),
     "def f():\n    pass\nc\n"),
    ("only block", "def f():\n    if a:\n        b\n", lambda f: Remove(f("If:if")), "def f():\n    pass\n"),
    ("replaced by lines", "def f():\n    a\n",
     lambda f: (InsertBefore(f("Expr:a"), "b"), Remove(f("Expr:a"))),
     "def f():\n    b\n"),
    ("one-line block", "if a: b\n", lambda f: Remove(f("Expr:b")), "if a: pass\n"),
    ("in a one-line block", "if a: b; c\n", lambda f: Remove(f("Expr:c")), "if a: b\n"),
    ("elif", "if a:\n    b\nelif c:\n    d\n", lambda f: Remove(f("If:if c")), None),
    ("decorated", "a\n\n\n@d\ndef f():\n    b\n\n\nc\n", lambda f: Remove(f("FunctionDef:@d")), "a\n\n\nc\n"),
    ("blank lines at a block's start", "def f():\n    a\n\n    b\n", lambda f: Remove(f("Expr:a")),
     "def f():\n    b\n"),
    ("import", "import a\nimport b\n", lambda f: Remove(f("Import:import b")), "import a\n"),
    ("first name", "import a, b\n", lambda f: Remove(f("ImportAlias:a")), "import b\n"),
    ("last name", "import a, b as c\n", lambda f: Remove(f("ImportAlias:b as c")), "import a\n"),
    ("all names", "import a, b\nc\n",
     lambda f: (Remove(f("ImportAlias:a")), Remove(f("ImportAlias:b"))), "c\n"),
    ("only name", "from x import a\nc\n", lambda f: Remove(f("ImportAlias:a")), "c\n"),
    ("first two names", "import a, b, c\n",
     lambda f: (Remove(f("ImportAlias:a")), Remove(f("ImportAlias:b"))),
     "import c\n"),
    ("last two names", "import a, b, c\n",
     lambda f: (Remove(f("ImportAlias:b")), Remove(f("ImportAlias:c"))), None),
    ("in brackets", "from x import (a, b,)\n", lambda f: Remove(f("ImportAlias:b")), "from x import (a,)\n"),
    ("on its own line", "from x import (\n    a,  # one\n    b,  # two\n    c,\n)\n",
     lambda f: Remove(f("ImportAlias:b")), "from x import (\n    a,  # one\n    c,\n)\n"),
    ("last on its own line", "from x import (\n    a,  # one\n    b\n)\n",
     lambda f: Remove(f("ImportAlias:b")), "from x import (\n    a,  # one\n)\n"),
    ("last before the bracket", "from x import (a,  # one\n    b)\n",
     lambda f: Remove(f("ImportAlias:b")), "from x import (a,  # one\n    )\n"),
    ("a comment for both", "from x import (\n    a, b,  # both\n    c,\n)\n",
     lambda f: Remove(f("ImportAlias:b")), "from x import (\n    a,  # both\n    c,\n)\n"),
    ("backslash", "from x import a, \\\n    b\n", lambda f: Remove(f("ImportAlias:b")), "from x import a\n"),
    ("backslash, first", "from x import a, \\\n    b\n", lambda f: Remove(f("ImportAlias:a")), None),
    ("an argument", "f(a)\n", lambda f: Remove(f("Arg:a")), None),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_case(case: Case) -> None:
    holds(case)
