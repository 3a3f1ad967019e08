"""CDK programs of several files, the ways to build settings in Python, and hostile ones."""

from __future__ import annotations

import pytest
from programs import only, program, project, python

from lambdalint.deployment import looks_like

HEAD = "from aws_cdk import Duration, Stack, aws_lambda as lambda_\nfrom constructs import Construct\n"
MAKE = 'lambda_.Function(self, "F", handler=handler, code=lambda_.Code.from_asset("src"))'


def handlers(text: str) -> list[str]:
    return [function.handler for function in python(text).functions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f'for handler in ["a.b", "c.d"]:\n    {MAKE}', ["a.b", "c.d"]),
        (f'for name, handler in {{"x": "a.b", "y": "c.d"}}.items():\n    {MAKE}', ["a.b", "c.d"]),
        (f'for i, (name, handler) in enumerate([("x", "a.b")]):\n    {MAKE}', ["a.b"]),
        (f'for config in [{{"handler": "a.b"}}]:\n    handler = config["handler"]\n    {MAKE}', ["a.b"]),
        (f'for config in [{{"handler": "a.b"}}]:\n    handler = config.get("handler", "c.d")\n    {MAKE}', ["a.b"]),
        (f'for config in [{{}}]:\n    handler = config.get("handler", "c.d")\n    {MAKE}', ["c.d"]),
        (f'for handler in kwargs["handlers"]:\n    {MAKE}', []),
        (f'for n in range(2):\n    handler = f"m{{n}}.h"\n    {MAKE}', ["m0.h", "m1.h"]),
        (f'fns = {{handler: {MAKE} for handler in ["a.b", "c.d"]}}', ["a.b", "c.d"]),
        (f'fns = [{MAKE} for handler in ["a.b", "c.d"] if handler != "a.b"]', ["c.d"]),
        (f'names = ["a"]\nnames.append("c")\nfor n in names:\n    handler = n + ".x"\n    {MAKE}', ["a.x", "c.x"]),
        (f'def make(handler, size=1):\n    return {MAKE}\nmake("a.b")\nmake(handler="c.d")', ["a.b", "c.d"]),
        (f'def make(handler="a.b"):\n    return {MAKE}', []),
        (f'def make(*handlers):\n    handler = handlers[0]\n    {MAKE}\nmake("a.b", "c.d")', ["a.b"]),
        (f'def make(**settings):\n    handler = settings["h"]\n    {MAKE}\nmake(h="a.b")', ["a.b"]),
        (f'make = lambda handler: {MAKE}\nmake("a.b")', ["a.b"]),
        (f'handler = "a.b" if kwargs else "c.d"\n{MAKE}', []),
        (f'if kwargs:\n    handler = "a.b"\nelse:\n    handler = "a.b"\n{MAKE}', ["a.b"]),
        (f'handler = "a.b"\nif kwargs:\n    handler = "c.d"\n{MAKE}', []),
        (f'handler = "a.b"\nif kwargs:\n    handler = "c.d"\n    raise ValueError\n{MAKE}', ["a.b"]),
        (f'handler = "a.b"\nfor x in kwargs:\n    handler = "c.d"\n{MAKE}', []),
        (f'handler = "a.b"\nwhile kwargs:\n    handler = "c.d"\n{MAKE}', []),
        (f'if kwargs:\n    handler = "a.b"\n    {MAKE}\nelse:\n    handler = "c.d"\n    {MAKE}', ["a.b", "c.d"]),
        (f'for h in ["a.b", "c.d"]:\n    if h == "a.b":\n        continue\n    handler = h\n    {MAKE}', ["c.d"]),
        (f'for handler in ["a.b", "c.d"]:\n    {MAKE}\n    break', ["a.b"]),
        (f'for handler in ["a.b", "c.d"]:\n    if kwargs:\n        continue\n    {MAKE}', ["a.b", "c.d"]),
        (f'def first():\n    for h in ["a.b", "c.d"]:\n        return h\nhandler = first()\n{MAKE}', ["a.b"]),
        (f'with open("x") as stream:\n    handler = stream.read()\n    {MAKE}', []),
        (f'handler = "{{}}.handler".format("a")\n{MAKE}', []),
        (f'handler = "a-b.handler".replace("-", "_")\n{MAKE}', ["a_b.handler"]),
        (f'a = b = "a.b"\nhandler, other = a, b\n{MAKE}', ["a.b"]),
        (f'match kwargs:\n    case 1:\n        handler = "a.b"\n        {MAKE}', ["a.b"]),
        (f'def pick(x):\n    if x:\n        return "a.b"\n    return "c.d"\nhandler = pick(1)\n{MAKE}', ["a.b"]),
        (f'def pick(x):\n    if x:\n        return "a.b"\n    return "c.d"\nhandler = pick(kwargs)\n{MAKE}', []),
    ],
)
def test_handlers_that_the_program_works_out(text: str, expected: list[str]) -> None:
    assert handlers(text) == expected


@pytest.mark.parametrize(
    ("value", "handler"),
    [
        ("'A.B'.lower()", "a.b"),
        ("' a.b '.strip()", "a.b"),
        ("'a.b,c.d'.split(',')[1]", "c.d"),
        ("'a.b'.split('')", None),
        ("['c.d', 'a.b'][-1]", "a.b"),
        ("['a.b'][1]", None),
        ("{'k': 'a.b'}['k']", "a.b"),
        ("{'k': 'a.b'}[kwargs]", None),
        ("list({'a.b': 1})[0]", "a.b"),
        ("list({'a.b': 1}.keys())[0]", "a.b"),
        ("list({1: 'a.b'}.values())[0]", "a.b"),
        ("[x + y for x, y in zip(['a.'], ['b'])][0]", "a.b"),
        ("[h for h in sorted(['a.b'])][0]", "a.b"),
        ("(['a.b'] + ['c.d'])[1]", "c.d"),
        ("([*['a.b'], 'c.d'])[0]", "a.b"),
        ("[*kwargs, 'a.b'][-1]", None),
        ("['a.b'].copy()[0]", "a.b"),
        ("{'k': 'a.b'}.copy().get('k')", "a.b"),
        ("dict(k='a.b').get('k')", "a.b"),
        ("{}.get('k')", None),
        ("{}.get('k', 'a.b')", "a.b"),
        ("{**kwargs}.get('k', 'a.b')", None),
        ("pathlib.Path('x/a.py').stem + '.b'", "a.b"),
        ("pathlib.Path('x/a').name + '.b'", "a.b"),
        ("'a.b' if 1 == 1 else 'c.d'", "a.b"),
        ("'a.b' if 1 != 1 else 'c.d'", "c.d"),
        ("'a.b' if None is None else 'c.d'", "a.b"),
        ("'a.b' if self is None else 'c.d'", "c.d"),
        ("'a.b' if self is not None and 1 else 'c.d'", "a.b"),
        ("'a.b' if 1 < 2 < 3 else 'c.d'", None),
        ("'a.b' if not {} else 'c.d'", None),
        ("'a.b' if [1] else 'c.d'", "a.b"),
        ("'' or 'a.b'", "a.b"),
        ("'x' and 'a.b'", "a.b"),
        ("kwargs or 'a.b'", None),
        ("kwargs and 'a.b'", None),
        ("f'{1}.b'", "1.b"),
        ("f'{1:02}.b'", None),
        ("'m' + str(2 * 3) + '.b'", "m6.b"),
        ("(lambda h='a.b': h)()", "a.b"),
        ("(h := 'a.b')", "a.b"),
        ("b'a.b'", None),
        ("-1", None),
        ("'a.b' + 1 - 2", None),
    ],
)
def test_what_expressions_come_to(value: str, handler: str | None) -> None:
    assert handlers(f"import pathlib\nhandler = {value}\n{MAKE}") == ([handler] if handler else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('handler: str = "a.b"', ["a.b"]),
        ("handler: str", []),
        ('handler = "a"\nhandler += ".b"', ["a.b"]),
        ('xs = ["a.b"]\nxs.extend(["c.d"])\nhandler = xs[1]', ["c.d"]),
        ('d = {"h": "a.b"}\nd.setdefault("h", "c.d")\nd.setdefault("g", "e.f")\nhandler = d["h"]', ["a.b"]),
        ('d = {}\nd.setdefault("h", "c.d")\nhandler = d["h"]', ["c.d"]),
        ('d = {}\nd[kwargs] = "a.b"\nhandler = d.get("h", "c.d")', []),
        ('try:\n    handler = "a.b"\nexcept KeyError:\n    raise', ["a.b"]),
        ('try:\n    handler = "a.b"\nexcept KeyError:\n    handler = "c.d"', []),
        ('if self:\n    handler = "a.b"\nelse:\n    handler = "c.d"', ["a.b"]),
        ('def f():\n    pass\nhandler = f() or "a.b"', ["a.b"]),
        ('def f(*, h):\n    return h\nhandler = f(h="a.b")', ["a.b"]),
        ('def f(g, *rest, **named):\n    return named["h"]\nhandler = f(1, 2, h="a.b")', ["a.b"]),
        ('def f(h="a.b"):\n    return h\nhandler = f(*kwargs)', []),
        ('def f(h="a.b"):\n    return h\nhandler = f(**kwargs)', []),
        ('def f():\n    def g():\n        return "a.b"\n    return g()\nhandler = f()', ["a.b"]),
        ('class C:\n    h = "a.b"\nhandler = C.h', ["a.b"]),
        ('class C:\n    h = "a.b"\nhandler = C().h', ["a.b"]),
        ('class C:\n    h = "a.b"\n    @classmethod\n    def f(cls):\n        return cls.h\nhandler = C.f()', ["a.b"]),
        ('class C:\n    def get(self):\n        return self.h\nhandler = C().get()', []),
        ('class C:\n    def __init__(self):\n        self.h = "a.b"\n'
         'class D(C):\n    def __init__(self):\n        super().__init__()\nhandler = D().h', ["a.b"]),
        ('def f(n):\n    return f(n)\nhandler = f(1)', []),
    ],
)  # fmt: skip
def test_what_statements_leave_behind(text: str, expected: list[str]) -> None:
    assert handlers(f"{text}\n{MAKE}") == expected


@pytest.mark.parametrize(
    ("before", "settings", "memory"),
    [
        ('common = {"memory_size": 256}', "**common", 256),
        ("common = dict(memory_size=256)", "**common", 256),
        ("common = dict(memory_size=256)", "**{**common, 'memory_size': 512}", 512),
        ('common = {"memory_size": 256} | {"memory_size": 512}', "**common", 512),
        ('common = {}\ncommon["memory_size"] = 256', "**common", 256),
        ('common = {}\ncommon.update({"memory_size": 256})', "**common", 256),
        ('common = {"memory_size": 256}\ncommon.update(kwargs)', "**common", None),
        ("common = {}\ncommon.update(kwargs)", "**common", None),
        ("common = {}\ncommon.update(memory_size=256)", "**common", 256),
        ('common = {"memory_size": 256, **kwargs}', "**common", None),
        ('common = {**kwargs, "memory_size": 256}', "**common", 256),
        ('common = {"memory_size": 256}\nif kwargs:\n    common["memory_size"] = 512', "**common", None),
        ('common = {"timeout": Duration.seconds(1)}', "**common", 128),
    ],
)
def test_settings_that_are_spread(before: str, settings: str, memory: int | None) -> None:
    found = python(
        f'{before}\nlambda_.Function(self, "F", handler="a.b", code=lambda_.Code.from_asset("s"), {settings})'
    )
    assert only(found).memory == memory


def test_helper_methods_and_attributes_of_the_stack() -> None:
    found = program(
        "app.py",
        f"""{HEAD}
ROOT = "src"
class Base(Stack):
    memory = 512
    @staticmethod
    def code(name):
        return lambda_.Code.from_asset(f"{{ROOT}}/{{name}}")
    @property
    def env(self):
        return {{"STAGE": self.stage}}
class Shop(Base):
    def __init__(self, scope, id, **kwargs):
        super().__init__(scope, id)
        self.stage = "dev"
        self._make("get", handler="app.handler")
    def _make(self, name, handler, size=None):
        return lambda_.Function(self, name, handler=handler, code=self.code(name), memory_size=size or self.memory,
                                environment=self.env)
    def unused(self):
        self._make("unused", "other.handler", 256)
""".encode(),
    )
    assert [(f.name, f.handler, f.code_roots, f.memory, f.environment) for f in found.functions] == [
        ("get", "app.handler", ("src/get",), 512, (("STAGE", "dev"),)),
        ("unused", "other.handler", ("src/unused",), 256, (("STAGE", "dev"),)),
    ]


def test_records_of_settings() -> None:
    found = program(
        "app.py",
        f"""{HEAD}
from dataclasses import dataclass
@dataclass
class Config:
    name: str
    handler: str
    size: int = 256
for c in [Config("a", "a.main"), Config("b", handler="b.main", size=512)]:
    lambda_.Function(stack, c.name, handler=c.handler, code=lambda_.Code.from_asset("src"), memory_size=c.size)
""".encode(),
    )
    assert [(f.name, f.handler, f.memory) for f in found.functions] == [("a", "a.main", 256), ("b", "b.main", 512)]


# --- several files --------------------------------------------------------------------------


def test_constructs_of_another_python_file() -> None:
    found = project(
        {
            "infra/app.py": """\
                import aws_cdk as cdk
                from stacks.shop import Shop
                Shop(cdk.App(), "Shop", stage="dev")
            """,
            "infra/stacks/shop.py": f"""\
                {HEAD.splitlines()[0]}
                from .parts.function import StandardFunction
                from . import names
                class Shop(Stack):
                    def __init__(self, scope, id, stage):
                        super().__init__(scope, id)
                        StandardFunction(self, "Get", handler=names.HANDLER, folder="get", env={{"STAGE": stage}})
            """,
            "infra/stacks/names.py": 'HANDLER = "app.handler"',
            "infra/stacks/parts/__init__.py": "",
            "infra/stacks/parts/function.py": f"""\
                {HEAD.splitlines()[0]}
                from stacks.constants import *
                class StandardFunction(Construct):
                    def __init__(self, scope, id, handler, folder, env):
                        super().__init__(scope, id)
                        self.function = lambda_.Function(
                            self, "Function", handler=handler, code=lambda_.Code.from_asset(str(SOURCES / folder)),
                            runtime=RUNTIME, environment=env,
                        )
            """,
            "infra/stacks/constants.py": """\
                from pathlib import Path
                from aws_cdk.aws_lambda import Runtime
                SOURCES = Path(__file__).parents[2] / "src"
                RUNTIME = Runtime.PYTHON_3_13
            """,
            "src/get/app.py": "",
        }
    )
    function = only(found)
    assert (function.template, function.line, function.name) == ("infra/stacks/parts/function.py", 6, "Get/Function")
    assert (function.handler, function.code_roots) == ("app.handler", ("src/get",))
    assert (function.runtime, function.environment) == ("python3.13", (("STAGE", "dev"),))


@pytest.mark.parametrize(
    ("imports", "exports"),
    [
        ("import { Fn } from './fn';", "export class Fn"),
        ("import { Fn } from './fn.js';", "export class Fn"),
        ("import Fn from './fn';", "export default class Fn"),
        ("import { Fn } from './index';", "export class Fn"),
        ("import { Fn } from '.';", "export class Fn"),
        ("import { Renamed as Fn } from './names';", "export class Fn"),
        ("import * as fns from './fn'; const Fn = fns.Fn;", "export class Fn"),
        ("const { Fn } = require('./fn');", "export class Fn"),
    ],
)
def test_constructs_of_another_script(imports: str, exports: str) -> None:
    found = project(
        {
            "lib/app.ts": f"""\
                import {{ App }} from 'aws-cdk-lib';
                {imports}
                new Fn(new App(), 'Get', {{ handler: 'app.handler' }});
            """,
            "lib/fn.ts": f"""\
                import * as lambda from 'aws-cdk-lib/aws-lambda';
                {exports} extends Construct {{
                  constructor(scope: Construct, id: string, props: Props) {{
                    super(scope, id);
                    new lambda.Function(this, 'F', {{ code: lambda.Code.fromAsset('src'), ...props }});
                  }}
                }}
            """,
            "lib/index.ts": "export * from './fn';",
            "lib/names.ts": "export { Fn as Renamed } from './fn';",
        }
    )
    assert [(f.template, f.name, f.handler) for f in found.functions] == [("lib/fn.ts", "Get/F", "app.handler")]


def test_what_a_compiler_made_of_a_script_is_not_read_as_well() -> None:
    text = "import { Function, Code } from 'aws-cdk-lib/aws-lambda';\n"
    text += "new Function(s, 'F', { handler: 'a.b', code: Code.fromAsset('src') });"
    found = project({"app.ts": text, "app.js": text, "other.js": text})
    assert [function.template for function in found.functions] == ["app.ts", "other.js"]


def test_modules_that_import_each_other() -> None:
    found = project(
        {
            "a.py": f"{HEAD}import b\nHANDLER = 'a.main'\n",
            "b.py": f"""\
                {HEAD.splitlines()[0]}
                import a
                def make():
                    lambda_.Function(s, "F", handler=a.HANDLER, code=lambda_.Code.from_asset("src"))
            """,
        }
    )
    assert only(found).handler == "a.main"


def test_files_that_cannot_be_read_are_left_out() -> None:
    assert project({"a.py": "import aws_cdk\nfrom gone import x\n\0"}).functions == ()


@pytest.mark.parametrize(
    ("path", "data", "expected"),
    [
        ("app.py", b"from aws_cdk import Stack", True),
        ("app.py", b"import aws_cdk as cdk", True),
        ("lib/app.ts", b"import * as cdk from 'aws-cdk-lib';", True),
        ("bin/app.js", b"const cdk = require('@aws-cdk/core');", True),
        ("app.py", b"import boto3", False),
        ("app.py", b"import my_aws_cdk_tools", False),
        ("tests/test_stack.py", b"from aws_cdk import Stack", False),
        ("test/app.test.ts", b"import * as cdk from 'aws-cdk-lib';", False),
        ("package.json", b'{"dependencies": {"aws-cdk-lib": "2"}}', False),
    ],
)
def test_what_is_part_of_a_program(path: str, data: bytes, expected: bool) -> None:
    assert looks_like(path, data) is expected


# --- hostile programs ----------------------------------------------------------------------------

DEEP = 20_000
HOSTILE = [
    "x = " + "(" * 150 + "1" + ")" * 150,
    "x = " + "[" * 90 + "]" * 90,
    "x = " + "f(" * DEEP + ")" * DEEP,
    "x = " + "-" * DEEP + "1",
    "x = " + " + ".join(["'a'"] * 2000),
    "x = a" + ".b" * DEEP,
    "x = a" + ".b()" * 2000,
    "x = ['a']\n" + "x = x + x\n" * 60,
    "x = 'a'\n" + "x = x + x\n" * 60,
    "x = {'a': 1}\n" + "x = [x, x]\n" * 60 + "lambda_.Function(s, 'F', layers=x)",
    "def f(n):\n    return f(n) + f(n)\nf(1)",
    "def f(x):\n    return g(x) + g(x)\ndef g(x):\n    return f(x) + f(x)\nf(1)",
    "\n".join(f"def f{n}(x): return f{n + 1}(x) + f{n + 1}(x)" for n in range(60)) + "\nf0(1)",
    "for a in range(99):\n for b in range(99):\n  for c in range(99):\n   for d in range(99):\n    x = [a, b, c, d]",
    "x = [1]\nfor a in x:\n    x.append(a)\n    x.extend(x)",
    "class A(A): pass\nA()",
    "class A: pass\nclass B(A): pass\nA = B\n" * 50 + "A()",
    "if k:\n x = 1\n" * 3000,
    "".join(" " * n + "if k:\n" for n in range(95)) + " " * 95 + "x = 1",
    "\n".join(f"x{n} = lambda_.Function(s, 'F', layers=[{', '.join(f'x{m}' for m in range(n))}])" for n in range(300)),
    "a = {}\na['a'] = a\nlambda_.Function(s, 'F', environment=a, **a)",
    "from app import *\nfrom app import x\nimport app as y",
    "x = 'a/' * 2\nx = f'{y}/a' + " + " + ".join(["'/b'"] * 1500) + "\nfor n in range(99):\n    x = f'{x}{x}'",
    "x = f'{0x" + "f" * 9000 + "}'",
    "x = 9\nfor n in range(99):\n    for m in range(99):\n        x = x + x\n        y = f'{x}'",
    "x = f'" + "{y}" * 3000 + "'",
    "x = '/'.join(['a'] * 9)\nfor n in range(99):\n    x = x + '/' + x\n    y = x.parents",
    "f'{" + "x" * 5000 + "}'",
    "super().__init__()\nself.x = 1\nsuper.x",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_python_neither_stops_the_reading_nor_makes_it_endless(text: str) -> None:
    assert program("app.py", f"{HEAD}{text}\n".encode()).problems == ()


SCRIPTS = [
    "x = " + "(" * DEEP + "1" + ")" * DEEP,
    "x = " + "[" * DEEP,
    "f(" * DEEP,
    "a" + ".b()" * DEEP,
    "a" + "?.b" * DEEP,
    "x = " + "!" * DEEP + "1",
    "x = " + " + ".join(["'a'"] * DEEP),
    "if (a) {} else " * DEEP,
    "{" * DEEP,
    "`${" * DEEP,
    "class A extends A { x = new A(); constructor() { super(); new A(); } }",
    "const f = () => f() + f(); f();",
    "const {a: {b: {c}}} = x; const [p, [q]] = [1];",
    "export * from './app'; import { x } from './app';",
    "const a = []; a.push(a); a.forEach(x => a.push(x)); new lambda.Function(s, 'F', { layers: a, ...a });",
    "\xff\xfe\0",
]


@pytest.mark.parametrize("text", SCRIPTS, ids=range(len(SCRIPTS)))
def test_hostile_scripts_neither_stop_the_reading_nor_make_it_endless(text: str) -> None:
    head = "import * as lambda from 'aws-cdk-lib/aws-lambda';\n"
    assert program("app.ts", f"{head}{text}\n".encode("latin-1")).problems == ()
