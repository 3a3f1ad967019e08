"""Sources of many shapes, for tests that hold our way against libcst's."""

from __future__ import annotations

import sysconfig
from pathlib import Path

SAMPLES = [
    "",
    "\n",
    "# only a comment",
    "x = 1",
    "x = 1\r\nif x:\r\n\ty = 2  # why\r\n\r\n\t# end\r\nz\r\n",
    "x = 1\ry = 2\rz",
    "#!/bin/x\n# coding: utf-8\n\n# lead\nx\n# foot\n\n",
    "'''doc\nof lines'''; x = \\\n    2; y = 3;\n",
    "@d\n# between\n@e(1)\nclass A(B, c=d):\n    x: int = 1\n\n"
    "    async def f(self, a, /, b=1, *c, d, **e) -> int:\n"
    "        return (\n            await a\n        )\n        # foot\n"
    "    # foot of the class\n# of the module\nz",
    "if a:\n\tb\nelif c:\n\td\n# lead\nelse:\n\te\n",
    "try:\n    a\nexcept (B, C) as e:\n    pass\nexcept:\n    raise D from e\nelse:\n    f\nfinally:\n    g\n",
    "with a as b, c: d; e\nfor x, *y in z: continue\nelse: pass\nwhile True: break\n",
    "f'{a!r:>{width}} {b=} {{}}' 'c' r'd'\nx = {**a, 'b': [c, *d]}[1:2, ::3]\n",
    "x = [a for b in c if d if e for f in g]\ny = {k: v async for k, v in w}\nz = (lambda a, *b: (yield))(c)\n",
    "match a:\n    case {'x': 1, **r} | [b, *_] if c:\n        pass\n"
    "    case A(1, b=2) as d: pass\n    case _:\n        pass\n",
    "from . import (a as b,  # one\n    c,)\nfrom ..d.e import *\nimport f.g, h as i\nglobal j, k\ndel l[0], m.n\n",
    "assert a, b\nx = not a < b is not c not in d and -e ** ~f or g @ h\nx += (yield from y)\nz: int\nprint(*a, **b)\n",
    "def f[T: int](a: T) -> T: ...\ntype X[T] = list[T]\n",
    "x = (  # open\n    # inside\n    a\n\n    + b  # end\n)\n",
    "a = (((b)))\nc = ((d, e),)\n",
    "try:\n    a\nexcept* B:\n    pass\n",
    "x = '''\\\n\n\x0c'''\n\x0c\ny\n",
]

# What libcst doesn't give back as it was: it drops a form feed and a backslash before a statement.
LOSSY = [
    "\x0cdef f(): pass\n",
    "x\n\x0cy = z\n",
    "\\\nx = 1\n",
    "if a:\n    b\n\\\n    c = d\ne\n",
    "if a:\n    b\n\x0c    c = (d\n  )\ne\n",
    "if a:\n    b\n  \\\n  c\n\x0cif d: e\n",
]


def standard_library(count: int) -> list[Path]:
    """Some modules of the running Python, spread over the alphabet and not too long."""
    files = sorted(Path(sysconfig.get_paths()["stdlib"]).glob("*.py"))
    files = [file for file in files if 500 < file.stat().st_size < 20_000]
    return files[:: max(len(files) // count, 1)][:count]
