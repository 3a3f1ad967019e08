"""Functions that are looked up at run time: tables, registries, names put together, classes that register themselves."""

from __future__ import annotations

import pytest
from notation import case, look

LOAD = "def load(e):\n    work()  #?\n"
HANDLER = "def lambda_handler(event, context):\n    "


def table(entries: str, use: str) -> str:
    return f"{LOAD}TABLE = {entries}\n{HANDLER}{use}"


WAY = "lambda_handler → load"
TABLES = [
    case("subscript", table("{'a': load, 'b': print}", "TABLE[event['k']](event)"), WAY),
    case("get with a default", table("{'b': print}", "TABLE.get(event['k'], load)(event)"), WAY),
    case("function beside other things", table("{'a': (load, 1)}", "f, x = TABLE[event['k']]\n    f(event)"), WAY),
    case("part of an entry", table("{'a': (load, 1)}", "TABLE[event['k']][0](event)"), WAY),
    case("other part of an entry", table("{'a': (load, print)}", "TABLE[event['k']][1](event)"), "never"),
    case("entry of an entry", table("{'a': {'f': load, 'g': print}}", "TABLE[event['k']]['f'](event)"), WAY),
    case("values", table("{'a': load}", "for f in TABLE.values():\n        f(event)"), WAY),
    case("items", table("{'a': load}", "for k, f in TABLE.items():\n        f(event)"), WAY),
    case("keys of items", table("{load: 1}", "for f, v in TABLE.items():\n        v(event)"), "never"),
    case("list by an index that isn't known", table("[load, print]", "TABLE[event['n']](event)"), WAY),
    case("slice of a list", table("[load, print]", "TABLE[1:](event)"), "never"),
    case("steps", table("[print, load]", "for step in TABLE:\n        step(event)"), WAY),
    case("lambda", table("{'a': lambda e: load(e)}", "TABLE[event['k']](event)"), "lambda_handler → lambda → load"),
    case("many", table("{**{}, 'l': load}".replace("**{}, ", "".join(f"'f{i}': F[{i}], " for i in range(60))),
                       "TABLE[event['k']](event)").replace("TABLE =", "F = []\nTABLE ="), WAY),
    case("filled later", table("{}", "TABLE[event['k']](event)").replace("TABLE = {}", "TABLE = {}\nTABLE['a'] = load"), WAY),
    case("updated", table("{}", "TABLE[event['k']](event)").replace("TABLE = {}", "TABLE = {}\nTABLE.update({'a': load})"), WAY),
    case("set by a name", table("{}", "TABLE[event['k']](event)").replace("TABLE = {}", "TABLE = {}\nTABLE.update(a=load)"), WAY),
    case("table that nobody looks into", table("{'a': load}", "pass"), "never"),
    case("classes", "class C:\n    def run(self, e):\n        work()  #?\nTABLE = {'a': C}\n" + HANDLER + "TABLE[event['k']]().run(event)",
         "lambda_handler → C.run"),
    case("objects", "class C:\n    def run(self, e):\n        work()  #?\nTABLE = {'a': C()}\n" + HANDLER + "TABLE[event['k']].run(event)",
         "lambda_handler → C.run"),
]  # fmt: skip

REGISTER = """
TABLE = {}
def register(name):
    def keep(f):
        TABLE[name] = f
        return f
    return keep
@register("x")
def load(e):
    work()  #?
"""
ROUTER = """
class Router:
    def __init__(self):
        self.routes = {}
    def route(self, name):
        def keep(f):
            self.routes[name] = f
            return f
        return keep
    def run(self, e):
        return self.routes[e["k"]](e)
router = Router()
@router.route("x")
def load(e):
    work()  #?
"""
REGISTRIES = [
    case("dict", REGISTER + HANDLER + "TABLE[event['k']](event)", WAY),
    case("get of a dict", REGISTER + HANDLER + "TABLE.get(event['k'])(event)", WAY),
    case("dict that nobody looks into", REGISTER + HANDLER + "TABLE", "never"),
    case("list", "STEPS = []\ndef step(f):\n    STEPS.append(f)\n    return f\n@step\n" + LOAD + HANDLER + "for f in STEPS:\n        f(event)", WAY),
    case("attribute of an object", ROUTER + HANDLER + "router.run(event)", "lambda_handler → Router.run → load"),
    case("object that nobody runs", ROUTER + HANDLER + "pass", "never"),
    case("in other files", "=== table.py" + REGISTER.split("@register")[0] + "def run(e):\n    return TABLE[e['k']](e)\n"
         "=== actions.py\nfrom table import register\n@register('x')\n" + LOAD + "=== app.py\nimport actions\nfrom table import run\n"
         + HANDLER + "run(event)", "lambda_handler → run → load"),
    case("by subclassing", """
        class Base:
            known = {}
            def __init_subclass__(cls, **kwargs):
                super().__init_subclass__(**kwargs)
                cls.known[cls.__name__] = cls
        class C(Base):
            def run(self, e):
                work()  #?
        def lambda_handler(event, context):
            Base.known[event["k"]]().run(event)
    """, "lambda_handler → C.run"),
    case("by decorating a class", """
        KNOWN = {}
        def register(cls):
            KNOWN[cls.name] = cls
            return cls
        @register
        class C:
            def run(self, e):
                work()  #?
        def lambda_handler(event, context):
            KNOWN[event["k"]]().run(event)
    """, "lambda_handler → C.run"),
]  # fmt: skip


def named(name: str) -> str:
    """A handler that looks for a method by such a name."""
    return f"""
        class C:
            def handle_a(self, e):
                work()  #?
            def other(self, e):
                pass
            def run(self, e):
                name = e["k"]
                return getattr(self, {name})(e)
        def lambda_handler(event, context):
            C().run(event)
    """


BY_NAME = "lambda_handler → C.run → C.handle_a"
NAMES = [
    case("f-string", named("f'handle_{name}'"), BY_NAME),
    case("sum", named("'handle_' + name"), BY_NAME),
    case("format", named("'handle_{}'.format(name)"), BY_NAME),
    case("percent", named("'handle_%s' % name"), BY_NAME),
    case("end of a name", named("f'{name}_a'"), BY_NAME),
    case("with a default", named("f'handle_{name}', None"), BY_NAME),
    case("kept in a name", named("name").replace('e["k"]', 'f"handle_{e}"'), BY_NAME),
    case("other names", named("f'other{name}'"), "never"),
    case("any name", named("name"), "never"),
    case("any name, as a text", named("f'{name}'"), "never"),
    case("method of a subclass", """
        class Base:
            def run(self, e):
                return getattr(self, f"handle_{e}")(e)
        class C(Base):
            def handle_a(self, e):
                work()  #?
        def lambda_handler(event, context):
            C().run(event)
    """, "lambda_handler → Base.run → C.handle_a"),
    case("default", f"{LOAD}class C: pass\n{HANDLER}getattr(C(), f'handle_{{event}}', load)(event)", WAY),
    case("function of a module", "=== actions.py\ndef do_a(e):\n    work()  #?\n=== app.py\nimport actions\n"
         + HANDLER + "getattr(actions, 'do_' + event['k'])(event)", "lambda_handler → do_a"),
    case("function of the same module", f"def do_a(e):\n    work()  #?\n{HANDLER}globals()[f\"do_{{event['k']}}\"](event)",
         "lambda_handler → do_a"),
    case("other function of the same module", f"def run_a(e):\n    work()  #?\n{HANDLER}globals()[f\"do_{{event['k']}}\"](event)", "never"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [*TABLES, *REGISTRIES, *NAMES])
def test_functions_that_are_looked_up(text: str, expected: str) -> None:
    assert look(text).when == expected


def test_many_functions_that_call_each_other_through_one_table_settle() -> None:
    functions = "".join(f"@register({i})\ndef f{i}(e):\n    return TABLE[e](e)\n" for i in range(60))
    text = REGISTER.split("@register")[0] + functions + "@register('x')\n" + LOAD + HANDLER + "TABLE[event['k']](event)"
    assert look(text).when == WAY
