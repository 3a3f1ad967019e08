"""The questions about one file: loops, escapes, the way between the two pictures, the text for a message."""

from __future__ import annotations

import libcst as cst
import pytest
from notation import case, files_of, look, project_of

from lambdalint.deployment import DeployedFunction
from lambdalint.semantics.model import Model
from lambdalint.semantics.project import Inputs, Options, import_roots


def model_of(code: str) -> Model:
    project = project_of(files_of(code))
    project.modules.load("app.py")
    kept = project.modules.kept["app.py"]
    return Model(project, kept.lowering, kept.source, kept.tree)


ESCAPES = [
    case("passed", "use(x)", True),
    case("passed by name", "use(k=x)", True),
    case("returned", "return x", True),
    case("yielded", "yield x", True),
    case("stored in a list", "y = [x]", True),
    case("stored under a key", "d[0] = x", True),
    case("another name", "y = x", True),
    case("closed over", "def g():\n    x.get()", True),
    case("in an f-string", "y = f'{x}'", True),
    case("used as a key", "y = d[x]", True),
    case("called upon", "x.get()", False),
    case("attribute", "y = x.y", False),
    case("subscripted", "y = x[0]", False),
    case("compared", "y = x == 1", False),
    case("asked", "if x:\n    pass", False),
    case("negated", "y = not x", False),
    case("looped over", "for y in x:\n    pass", False),
    case("stored into", "x[0] = 1", False),
    case("not used", "pass", False),
]


@pytest.mark.parametrize(("body", "expected"), ESCAPES)
def test_whether_an_object_is_handed_on(body: str, expected: bool) -> None:
    indented = "".join(f"    {line}\n" for line in body.splitlines())
    model = model_of(f"def f(d):\n    x = make()\n{indented}")
    binding = model.module.functions[0].scope.bindings["x"]
    assert model.escapes(binding) is expected
    assert model.uses(binding) is binding.uses


def test_between_the_two_pictures() -> None:
    model = model_of("def f(a):\n    return a.b(1)\n")
    for lowered in model.module.functions[0].calls:
        node = model.node(lowered)
        assert isinstance(node, cst.Call)
        assert model.call(node) is model.lowered(node) is lowered
        assert model.text(lowered) == model.text(node) == "a.b(1)"
    assert model.call(cst.Call(cst.Name("f"))) is None
    assert model.text(cst.Call(cst.Name("f"))) == "f()"


def test_the_text_for_a_message_is_one_line() -> None:
    model = model_of("f(\n    1,\n    2,\n)\n")
    assert model.text(model.module.main.calls[0]) == "f( 1, 2, )"


def test_an_elif_is_told_from_an_if() -> None:
    model = model_of("if a:\n    pass\nelif b:\n    pass\nelse:\n    if c:\n        pass\n")
    (outer,) = model.tree.body
    assert isinstance(outer, cst.If)
    second = outer.orelse
    assert isinstance(second, cst.If)
    assert isinstance(second.orelse, cst.Else)
    assert [model.is_elif(n) for n in (outer, second, second.orelse.body.body[0])] == [False, True, False]


def test_the_line_of_a_small_statement() -> None:
    model = model_of("a = 1; b = 2\nif a: c = 3\n")
    first, branch = model.tree.body
    assert isinstance(first, cst.SimpleStatementLine)
    assert isinstance(branch, cst.If)
    assert {model.line_of(small) for small in first.body} == {first}
    assert model.line_of(branch.body.body[0]) is None


def test_the_innermost_loop() -> None:
    place = look("def lambda_handler(event, context):\n    for a in event:\n        while a:\n            f()  #?")
    loop = place.model.loop(place.node)
    assert type(loop).__name__ == "While"


ANSWERS = [
    case("name of something outside", "import a.b as c\nc.d()  #? c.d", "a.b.d", None),
    case("constant", 'X = "a"\nuse(X)  #? X', "", "a"),
    case("one of two", 'X = "a" if y else "b"\nuse(X)  #? X', "", None),
    case("None beside it", 'X = "a" if y else None\nuse(X)  #? X', "", "a"),
    case("name of the project's own", "def f(): pass\nf()  #? f", "", None),
]


@pytest.mark.parametrize(("text", "qualified", "constant"), ANSWERS)
def test_certain_answers(text: str, qualified: str, constant: object) -> None:
    place = look(text)
    assert place.model.qualified(place.node) == qualified
    assert place.model.constant(place.node) == constant


def test_modules_that_a_handlers_import_runs() -> None:
    text = "=== lib.py\nf()  #?\n=== app.py\nimport lib\ndef lambda_handler(event, context): pass"
    assert look(text).model.imported_by_handler
    assert not look(text.replace("import lib\n", "")).model.imported_by_handler
    assert not look(text.replace("lambda_handler", "dead")).model.imported_by_handler


def test_import_roots_come_from_the_configuration_and_the_deployment() -> None:
    functions = [DeployedFunction("t.yaml", 1, "F", "a.b", ("src", "."), layers=("layers/x",))]
    inputs = Inputs([], bytes, [], functions, options=Options(import_roots=("lib", "src")))
    assert import_roots(inputs) == ["lib", "src", "", "layers/x", "layers/x/python"]
