"""What becomes of a value."""

from __future__ import annotations

import pytest
from notation import case, look

from lambdalint.semantics.uses import uses_of


def told(code: str) -> str:
    """The uses of the marked call's value, a word or two each."""
    text = "def f(x):\n" + "".join(f"    {line}\n" for line in code.split("\n"))
    found = uses_of(look(text).node)
    return ", ".join(f"{use.kind} {use.name}" if use.name not in (None, "") else use.kind for use in found)


USES = [
    case("nothing", "get()  #?", "ignored"),
    case("name without a use", "r = get()  #?", ""),
    case("key", 'r = get()  #?\nreturn r["Item"]', "key Item"),
    case("key at once", 'return get()["Item"]  #? get()', "key Item"),
    case("key with get", 'r = get()  #?\nr.get("Item", {})', "key Item"),
    case("key asked for", 'r = get()  #?\nif "Item" in r: pass', "has Item"),
    case("unknown key", "r = get()  #?\nr[x]", "item"),
    case("unknown key with get", "r = get()  #?\nr.get(x)", "item"),
    case("all entries", "for k, v in get().items(): pass  #? get()", "item"),
    case("number", "r = get()  #?\nr[0]\nr[-1]", "index 0, index -1"),
    case("length", "r = get()  #?\nif len(r) == 0: pass", "len"),
    case("truth", "r = get()  #?\nif not r: pass", "truth"),
    case("or", "r = get() or []  #? get()\nfor i in r: pass", "truth, iterate"),
    case("default of or", "r = x or get()  #? get()\nreturn len(r)", "len"),
    case("condition of an expression", "r = 1 if get() else 2  #? get()", "truth"),
    case("loop", "for i in get(): pass  #? get()", "iterate"),
    case("comprehension", "r = get()  #?\nreturn [i for i in r]", "iterate"),
    case("sorted", "r = get()  #?\nreturn sorted(r)", "iterate sorted"),
    case("method", "r = get()  #?\nr.append(1)", "method append"),
    case("attribute", "r = get()  #?\nr.text", "attribute text"),
    case("stored into", 'r = get()  #?\nr["a"] = 1', "store a"),
    case("stored under an unknown key", "r = get()  #?\nr[x] = 1", "store"),
    case("deleted from", 'r = get()  #?\ndel r["a"]', "store a"),
    case("compared", "r = get()  #?\nif r == x: pass", "compare"),
    case("awaited", 'r = await get()  #? get()\nr["a"]', "key a"),
    case("walrus", 'if (r := get()):  #? get()\n    r["a"]', "key a, truth"),
    case("another name", 'r = get()  #?\ns = r\ns["a"]', "key a"),
    case("two names", 'r = s = get()  #?\nr["a"]\ns["b"]', "key a, key b"),
    case("name that is assigned again", 'r = get()  #?\nr["a"]\nr = x\nr["b"]', "key a"),
    case("loop that carries it", "r = None\nfor i in x:\n    use(r)\n    r = get()  #?", "escape"),
    case("returned", "return get()  #? get()", "escape"),
    case("passed on", "r = get()  #?\nuse(r)", "escape"),
    case("printed", "print(get())  #? get()", "show"),
    case("printed in a text", 'r = get()  #?\nprint(f"got {r}")', "show"),
    case("logged", 'r = get()  #?\nlogger.info("got %s", r)', "show"),
    case("in a text that is kept", 'r = get()  #?\nx = f"got {r}"', "escape"),
    case("kept", "x.r = get()  #?", "escape"),
    case("unpacked", "a, b = get()  #?", "escape"),
    case("into a container", "r = [get()]  #? get()", "escape"),
    case("global", "global g\ng = get()  #?\ng['a']", "escape"),
    case("added to", "r = get()  #?\nr += x", "escape"),
]


@pytest.mark.parametrize(("code", "expected"), USES)
def test_uses(code: str, expected: str) -> None:
    assert told(code) == expected


def test_a_chain_of_names_ends() -> None:
    lines = ["r0 = get()  #?", *(f"r{i + 1} = r{i}" for i in range(40)), "r40['a']"]
    assert told("\n".join(lines)) == "escape"


def test_names_that_run_in_circles() -> None:
    assert told("r = get()  #?\nfor i in x:\n    s = r\n    r = s\n    r['a']") == "key a"
