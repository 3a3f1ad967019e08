"""Order within one function: what a use may see, what repeats, what ends a block."""

from __future__ import annotations

import pytest
from notation import case

from lambdalint.semantics import flow, ir
from lambdalint.semantics.lower import lower
from lambdalint.source import Source
from lambdalint.syntax.parse import parse


def function_of(body: str) -> ir.Function:
    """The function f(c) with this body."""
    indented = "".join(f"    {line}\n" for line in body.splitlines())
    low = lower(parse(Source("app.py", f"def f(c):\n{indented}")), "app.py")
    return low.module.functions[0]


# The definitions of x that the argument of use(x) may see, by the constants assigned.
SEEN = [
    case("the last one", "x = 1\nx = 2\nuse(x)", "2"),
    case("both branches", "if c:\n    x = 1\nelse:\n    x = 2\nuse(x)", "1 2"),
    case("branch over a former one", "x = 1\nif c:\n    x = 2\nuse(x)", "1 2"),
    case("former one in a branch", "x = 1\nif c:\n    x = 2\n    use(x)", "2"),
    case("other branch", "x = 1\nif c:\n    x = 2\nelse:\n    use(x)", "1"),
    case("after everything", "if c:\n    x = 1\nx = 2\nuse(x)", "2"),
    case("loop carries back", "x = 1\nfor _ in c:\n    use(x)\n    x = 2", "1 2"),
    case("loop that sets it first", "x = 1\nfor _ in c:\n    x = 2\n    use(x)", "2"),
    case("after a loop", "x = 1\nfor _ in c:\n    x = 2\nuse(x)", "1 2"),
    case("outer loop carries back", "for _ in c:\n    x = 1\n    for _ in c:\n        use(x)\n    x = 2", "1"),
    case("inner loop carries back", "for _ in c:\n    x = 1\n    for _ in c:\n        use(x)\n        x = 2", "1 2"),
    case("try", "x = 1\ntry:\n    x = 2\nexcept E:\n    use(x)", "1 2"),
    case("with", "with c:\n    x = 1\n    use(x)", "1"),
    case("after a with", "x = 1\nwith c:\n    x = 2\nuse(x)", "1 2"),
    case("nested function sees all", "x = 1\ndef g():\n    use(x)\nx = 2", "1 2"),
    case("comprehension sees what its statement sees", "x = 1\nx = 2\n[use(x) for _ in c]", "2"),
]


@pytest.mark.parametrize(("body", "expected"), SEEN)
def test_the_definitions_that_a_use_may_see(body: str, expected: str) -> None:
    function = function_of(body)
    (use,) = [n for n in function.module.names if n.id == "x" and not n.store]
    binding = use.scope.lookup("x")
    assert binding is not None
    values = [d.value.value for d in flow.reaching(use, binding) if isinstance(d.value, ir.Const)]
    assert " ".join(sorted(map(str, values))) == expected


# The kinds of the loops that repeat mark(), innermost first.
LOOPS = [
    case("none", "mark()", ""),
    case("for", "for _ in c:\n    mark()", "For"),
    case("source of a for", "for _ in mark():\n    pass", ""),
    case("else of a for", "for _ in c:\n    pass\nelse:\n    mark()", ""),
    case("while", "while c:\n    mark()", "While"),
    case("condition of a while", "while mark():\n    pass", "While"),
    case("comprehension", "[mark() for _ in c]", "Comp"),
    case("source of a comprehension", "[1 for _ in mark()]", ""),
    case("second source of a comprehension", "[1 for _ in c for _ in mark()]", "Comp"),
    case("condition of a comprehension", "[1 for _ in c if mark()]", "Comp"),
    case("nested", "for _ in c:\n    while c:\n        [mark() for _ in c]", "Comp While For"),
    case("branch in a loop", "for _ in c:\n    if c:\n        mark()", "For"),
    case("lambda in a loop", "for _ in c:\n    lambda: mark()", ""),
]


@pytest.mark.parametrize(("body", "expected"), LOOPS)
def test_the_loops_around_a_call(body: str, expected: str) -> None:
    function = function_of(body)
    (mark,) = [call for f in function.module.functions for call in f.calls if ir.dotted(call.func) == "mark"]
    assert " ".join(type(loop).__name__ for loop in flow.loops_around(mark)) == expected


LEAVING = [
    case("return", "return", True),
    case("raise", "raise E", True),
    case("last statement counts", "use()\nreturn 1", True),
    case("falls through", "use()", False),
    case("return before something", "return\nuse()", False),
    case("both branches", "if c:\n    return\nelse:\n    raise E", True),
    case("one branch", "if c:\n    return", False),
    case("elif without else", "if c:\n    return\nelif c:\n    return", False),
    case("all of an elif", "if c:\n    return\nelif c:\n    return\nelse:\n    return", True),
]


@pytest.mark.parametrize(("body", "expected"), LEAVING)
def test_whether_a_block_leaves(body: str, expected: bool) -> None:
    assert flow.leaves(function_of(body).body) is expected


def test_break_and_continue_leave_a_block() -> None:
    (loop,) = function_of("for _ in c:\n    if c:\n        break\n    else:\n        continue").body
    assert isinstance(loop, ir.For)
    assert flow.leaves(loop.body)


# The function whose run a call belongs to.
OWNED = [
    case("body", "def f():\n    mark()", "f"),
    case("module", "mark()", None),
    case("default", "def f(a=mark()): pass", None),
    case("decorator", "@mark()\ndef f(): pass", None),
    case("lambda's body", "lambda: mark()", "<lambda>"),
    case("lambda's default", "def f():\n    lambda a=mark(): a", "f"),
    case("class body", "class C:\n    mark()", None),
    case("class body in a function", "def f():\n    class C:\n        mark()", "f"),
    case("base class", "def f():\n    class C(mark()): pass", "f"),
    case("nested function's default", "def f():\n    def g(a=mark()): pass", "f"),
    case("method", "class C:\n    def m(self):\n        mark()", "m"),
    case("case's guard", "def f():\n    match x:\n        case 1 if mark(): pass", "f"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "expected"), OWNED)
def test_the_function_that_runs_a_call(code: str, expected: str | None) -> None:
    low = lower(parse(Source("app.py", code)), "app.py")
    functions = [low.module.main, *low.module.functions]
    ((owner, mark),) = [(f, c) for f in functions for c in f.calls if ir.dotted(c.func) == "mark"]
    found = flow.function_of(mark)
    assert (found.name if found is not None else None) == expected
    assert owner is (found or low.module.main)


MAIN = [
    case("usual", 'if __name__ == "__main__": pass', True),
    case("other way round", 'if "__main__" == __name__: pass', True),
    case("something else", 'if name == "__main__": pass', False),
    case("no comparison", "if __name__: pass", False),
]


@pytest.mark.parametrize(("code", "expected"), MAIN)
def test_the_guard_of_a_local_run(code: str, expected: bool) -> None:
    (stmt,) = lower(parse(Source("app.py", code)), "app.py").module.main.body
    assert flow.is_main_guard(stmt) is expected


ORDER = [
    case("same block, first", "p = {}\np.update(1)\nuse(p)", "before"),
    case("same block, later", "p = {}\nuse(p)\np.update(1)", "after"),
    case("in a branch in front", "p = {}\nif x:\n    p.update(1)\nuse(p)", "maybe"),
    case("both in one branch", "p = {}\nif x:\n    p.update(1)\n    use(p)", "before"),
    case("in front of the branch with the use", "p = {}\np.update(1)\nif x:\n    use(p)", "before"),
    case("in a with in front", "p = {}\nwith x:\n    p.update(1)\nuse(p)", "before"),
    case("in a try in front", "p = {}\ntry:\n    p.update(1)\nfinally:\n    pass\nuse(p)", "maybe"),
    case("later in the loop around both", "p = {}\nfor x in y:\n    use(p)\n    p.update(1)", "maybe"),
    case("later in the loop that makes it", "for x in y:\n    p = {}\n    use(p)\n    p.update(1)", "after"),
    case("the other branch", "p = {}\nif x:\n    p.update(1)\nelse:\n    use(p)", "maybe"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), ORDER)
def test_when_a_store_is_seen(body: str, expected: str) -> None:
    function = function_of(body)
    calls = {ir.dotted(call.func): call for call in function.calls}
    made = next(d.value for d in function.scope.bindings["p"].definitions if d.value is not None)
    assert flow.order(calls["p.update"], made, calls["use"]) == expected


def test_a_store_into_what_outlives_the_function_may_come_at_any_time() -> None:
    code = "p = {}\ndef f():\n    p.update(1)\ndef g():\n    use(p)\n    p.clear()\n"
    module = lower(parse(Source("app.py", code)), "app.py").module
    stored, used, cleared = (call for function in module.functions for call in function.calls)
    made = module.scope.bindings["p"].definitions[0].value
    assert made is not None
    assert flow.order(stored, made, used) == "maybe"
    # The function may have run before.
    assert flow.order(cleared, made, used) == "maybe"
