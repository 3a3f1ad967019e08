"""Imports that a fix needs: before, what is asked, after."""

from __future__ import annotations

import pytest
from fixing_tools import Case, holds

from lambdalint.fixing.requests import NeedImport, Remove, Replace

CASES: list[Case] = [
    ("bound already", "import json\nx\n", lambda f: NeedImport("json"), None),
    ("bound by a submodule", "import os.path\nx\n", lambda f: NeedImport("os"), None),
    ("a submodule of what is bound", "import os\n",
     lambda f: NeedImport("os.path"), "import os\nimport os.path\n"),
    ("name bound already", "from a import b\n", lambda f: NeedImport("a", "b"), None),
    ("name bound to itself", "from a import b as b\n", lambda f: NeedImport("a", "b"), None),
    ("in order", "import ast\nimport os\n\nx\n",
     lambda f: NeedImport("json"), "import ast\nimport json\nimport os\n\nx\n"),
    ("last in order", "import ast\nimport json\n\nx\n", lambda f: NeedImport("os"),
     "import ast\nimport json\nimport os\n\nx\n"),
    ("without order", "import os\nimport ast\nimport boto3\nimport abc\nx\n",
     lambda f: NeedImport("json"), "import os\nimport ast\nimport boto3\nimport abc\nimport json\nx\n"),
    ("from after plain", "import os\nfrom ast import x\n", lambda f: NeedImport("sys"),
     "import os\nimport sys\nfrom ast import x\n"),
    ("by module", "from ast import x\nimport os\n", lambda f: NeedImport("json"),
     "from ast import x\nimport json\nimport os\n"),
    ("a section of its own", "import boto3\n\nx\n",
     lambda f: NeedImport("json"), "import json\n\nimport boto3\n\nx\n"),
    ("below the section", "import json\n\nx\n",
     lambda f: NeedImport("boto3"), "import json\n\nimport boto3\n\nx\n"),
    ("sections without a blank line", "import os\nimport boto3\n", lambda f: NeedImport("json"),
     "import json\nimport os\nimport boto3\n"),
    ("the right section", "import json\n\nimport boto3\n\nx\n", lambda f: NeedImport("sys"),
     "import json\nimport sys\n\nimport boto3\n\nx\n"),
    ("below a section's comment", "# stdlib\nimport json\n", lambda f: NeedImport("ast"),
     "# stdlib\nimport ast\nimport json\n"),
    ("docstring", "'''doc'''\n\n\ndef f(): pass\n", lambda f: NeedImport("json"),
     "'''doc'''\n\nimport json\n\n\ndef f(): pass\n"),
    ("docstring alone", "'''doc'''", lambda f: NeedImport("json"), "'''doc'''\n\nimport json"),
    ("future", "from __future__ import annotations\n\nx\n", lambda f: NeedImport("json"),
     "from __future__ import annotations\n\nimport json\n\nx\n"),
    ("nothing above", "def f(): pass\n", lambda f: NeedImport("json"), "import json\n\n\ndef f(): pass\n"),
    ("header", "#!/bin/x\n# licence\n\ndef f(): pass\n", lambda f: NeedImport("json"),
     "#!/bin/x\n# licence\n\nimport json\n\n\ndef f(): pass\n"),
    ("header that touches", "# licence\ndef f(): pass\n", lambda f: NeedImport("json"),
     "# licence\n\nimport json\n\n\ndef f(): pass\n"),
    ("empty", "", lambda f: NeedImport("json"), "import json\n"),
    ("only a comment", "# c\n", lambda f: NeedImport("json"), "# c\n\nimport json\n"),
    ("name is a function", "def json(): pass\n", lambda f: NeedImport("json"), None),
    ("name is another module", "import ujson as json\n", lambda f: NeedImport("json"), None),
    ("name is bound later", "import json\njson = None\n", lambda f: NeedImport("json"), None),
    ("name is bound in a loop", "for json in x: pass\n", lambda f: NeedImport("json"), None),
    ("name is global", "def f():\n    global json\n    json = 1\n", lambda f: NeedImport("json"), None),
    ("name is local", "def f():\n    json = 1\n", lambda f: NeedImport("json"),
     "import json\n\n\ndef f():\n    json = 1\n"),
    ("under a condition", "try:\n    import json\nexcept E:\n    json = None\n",
     lambda f: NeedImport("json"), None),
    ("under try alone", "try:\n    import json\nexcept E:\n    pass\n", lambda f: NeedImport("json"), None),
    ("for types alone", "import os\nif TYPE_CHECKING:\n    import json\n", lambda f: NeedImport("json"),
     "import json\nimport os\nif TYPE_CHECKING:\n    import json\n"),
    ("star", "from x import *\n", lambda f: NeedImport("json"), None),
    ("bound too late", "import os\n@a\ndef f(): pass\nimport json\n",
     lambda f: (Replace(f("Name:a"), "json.b"), NeedImport("json")),
     "import json\nimport os\n@json.b\ndef f(): pass\nimport json\n"),
    ("several", "x\n", lambda f: (NeedImport("b"), NeedImport("a", "z"), NeedImport("a"), NeedImport("a")),
     "import a\nimport b\nfrom a import z\n\nx\n"),
    ("removed and needed", "from a import b, c\n", lambda f: (Remove(f("ImportAlias:c")), NeedImport("d")),
     "import d\nfrom a import b\n"),
    ("with brackets", "from os import (\n    path,  # c\n)\n", lambda f: NeedImport("os", "sep"),
     "from os import (\n    path,  # c\n)\nfrom os import sep\n"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_case(case: Case) -> None:
    holds(case)
