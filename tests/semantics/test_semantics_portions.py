"""A module that goes on with another text of a few functions has the picture that its whole text would have."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lambdalint.semantics import ir
from lambdalint.semantics.lower import Lowering, lower
from lambdalint.semantics.needed import needs_the_same
from lambdalint.source import Source
from lambdalint.syntax.again import Tree, exchanged, parse_again, parse_anew

TEXT = '''import json
from os import path
import numpy

LIMIT = 3
cache = {}


def first(event, limit=LIMIT):
    """One."""
    def inner(x):
        return json.dumps([x, limit])
    cache["k"] = inner(event)
    return list(map(lambda row: row["id"], event["rows"]))


class Store(dict):
    kind: str = "plain"

    def __init__(self, table):
        self.table = table
        super().__init__()

    def load(self, key):
        import yaml
        return yaml.safe_load(self.table[key])


@cached(cache)
def last(event):
    found = [first(one) for one in event if one]
    for one in found:
        print(one, LIMIT)
    else:
        cache.clear()
    return Store(found).load("a")


handler = last
'''


def source(text: str) -> Source:
    return Source("app.py", text)


def after(text: str, before: tuple[Tree, Lowering]) -> Lowering | None:
    """The lowering that goes on with another text."""
    tree = parse_again(source(text), before[0])
    changed = exchanged(before[0].module.body, tree.module.body)
    found = before[1].rewritten(changed) if changed else None
    return found[0] if found is not None else None


def begun() -> tuple[Tree, Lowering]:
    tree = parse_anew(source(TEXT))
    return tree, lower(tree.module, "app.py", by_statement=True)


def told(lowering: Lowering) -> Iterator[object]:
    """All that a lowering says, without the identities of its nodes."""
    module = lowering.module
    numbers = {id(name): number for number, name in enumerate(module.names)}
    yield [name.id for name in module.names]
    yield [(type(node).__name__, type(lowering.cst_of[id(node)]).__name__) for node in lowering.noted]
    assert len(lowering.ir_of) == len({id(node) for node in lowering.nodes})
    yield [function.qualname for function in module.functions], [cls.qualname for cls in module.classes]
    yield {name: [ir.last_name(store.holder) for store in stores] for name, stores in module.stores.items()}
    yield [(one.module, one.names, function.qualname) for one, function in module.imports]
    yield sorted(module.annotation_names), sorted(module.exports)
    for function in (module.main, *module.functions):
        assert function.module is module
        yield function.qualname, [ir.dotted(call.func) for call in function.calls], sorted(function.strings)
        yield [attr.name for attr in function.attributes], len(function.returns), function.is_generator
        statements = list(ir.statements(function.body))
        yield [type(stmt).__name__ for stmt in statements]
        places = [stmt.place for stmt in statements]
        assert places == sorted(places)
        assert all(stmt.place < stmt.end for stmt in statements)
        for binding in function.scope.bindings.values():
            yield binding.name, [one.kind for one in binding.definitions], [numbers[id(use)] for use in binding.uses]
            assert all(use.scope.lookup(use.id) is binding for use in binding.uses)


EDITS = [
    ("return list(map", "x = LIMIT\n    return list(map"),
    ('cache["k"] = inner(event)', "other = [path, json]"),
    ("def inner(x):", "def inner(x, *, y=cache):"),
    ("self.table = table", "self.table = self.other = table\n        json.loads(table)"),
    ("        import yaml\n", "        import yaml, numpy as np\n"),
    ("    else:\n        cache.clear()\n", ""),
    ("return Store(found)", "yield Store(found)"),
    ("@cached(cache)", "@cached(json)"),
    ("class Store(dict):", "class Store(dict, metaclass=type):"),
    ("def first(event, limit=LIMIT):", "async def first(event):"),
]


@pytest.mark.parametrize(("old", "new"), EDITS)
def test_another_text_of_a_function_gives_the_picture_of_the_whole(old: str, new: str) -> None:
    before = begun()
    kept = {name: function for function in before[1].module.functions if "." not in (name := function.qualname)}
    text = TEXT.replace(old, new)
    lowering = after(text, before)
    assert lowering is not None
    assert list(told(lowering)) == list(told(lower(parse_anew(source(text)).module, "app.py")))
    same = [kept[function.qualname] is function for function in lowering.module.functions if function.qualname in kept]
    assert len(kept) - 1 <= same.count(True) <= len(kept)  # at most the one with another text is another
    assert len(lowering.module.main.body) == len(before[1].module.main.body)


def test_one_edit_after_the_other() -> None:
    tree, lowering = begun()
    text = TEXT
    for old, new in EDITS:
        text = text.replace(old, new)
        following = parse_again(source(text), tree)
        found = lowering.rewritten(exchanged(tree.module.body, following.module.body) or {})
        assert found is not None
        tree, lowering = following, found[0]
        assert list(told(lowering)) == list(told(lower(parse_anew(source(text)).module, "app.py")))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("LIMIT = 3", "LIMIT = 4"),  # code at module scope
        ("import numpy\n", "import numpy as np\n"),
        ("def first(", "def other("),
        ("    cache.clear()", "    global LIMIT\n        LIMIT = 2"),
        ("handler = last\n", "handler = last\n\n\ndef more():\n    pass\n"),
        ("@cached(cache)\n", "@(found := cached)(cache)\n"),
        ('    kind: str = "plain"\n', "    from os import sep\n"),
    ],
)
def test_what_others_may_see_otherwise_is_lowered_as_a_whole(old: str, new: str) -> None:
    before = begun()
    picture = list(told(before[1]))
    assert after(TEXT.replace(old, new), before) is None
    assert list(told(before[1])) == picture


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ('cache["k"]', 'cache["other"]', True),
        ("return list(map", "event = None\n    return list(map", True),
        ("return json.dumps([x, limit])", "return json.loads([x, limit])", False),
        ("return json.dumps([x, limit])", "return numpy", False),
        ("import yaml", "import numpy as yaml", False),
        ("@cached(cache)", "@cached.more(cache)", False),
        ("def load(self, key):", "def __init_subclass__(self, key):", False),
    ],
)
def test_what_is_needed_is_looked_for_again_where_other_things_are_mentioned(old: str, new: str, same: bool) -> None:
    tree, lowering = begun()
    changed = exchanged(tree.module.body, parse_again(source(TEXT.replace(old, new)), tree).module.body)
    assert changed
    found = lowering.rewritten(changed)
    assert found is not None
    assert needs_the_same(found[1]) is same
