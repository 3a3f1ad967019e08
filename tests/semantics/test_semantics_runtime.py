"""Branches that Lambda never takes."""

from __future__ import annotations

import pytest
from notation import case, look

HANDLER = "def lambda_handler(event, context):\n"


NEVER = [
    case("not among the variables", 'if "AWS_EXECUTION_ENV" not in os.environ:\n    made()  #?'),
    case("no value", 'if not os.environ.get("AWS_LAMBDA_FUNCTION_NAME"):\n    made()  #?'),
    case("None", 'if os.getenv("AWS_LAMBDA_FUNCTION_NAME") is None:\n    made()  #?'),
    case("else", 'if "LAMBDA_TASK_ROOT" in os.environ:\n    pass\nelse:\n    made()  #?'),
    case("emulator", 'if os.environ.get("AWS_SAM_LOCAL"):\n    made()  #?'),
    case("emulator with a default", 'if os.environ.get("IS_OFFLINE", ""):\n    made()  #?'),
    case("one of two", 'if os.getenv("IS_OFFLINE") or os.getenv("AWS_SAM_LOCAL"):\n    made()  #?'),
    case("both of two", 'if event["x"] and os.getenv("IS_OFFLINE"):\n    made()  #?'),
    case("conditional expression", 'made() if os.getenv("IS_OFFLINE") else 1  #? made()'),
    case("other side of a conditional expression", '1 if os.getenv("AWS_REGION") else made()  #? made()'),
    case("left before", 'if os.getenv("AWS_REGION"):\n    return 1\nmade()  #?'),
    case("nested", 'if os.getenv("IS_OFFLINE"):\n    for x in event:\n        made()  #?'),
    case("truth asked for", 'if bool(os.getenv("IS_OFFLINE")):\n    made()  #?'),
]
MAY = [
    case("the branch that is taken", 'if "AWS_EXECUTION_ENV" in os.environ:\n    made()  #?'),
    case("variable of the user's", 'if os.environ.get("STAGE"):\n    made()  #?'),
    case("variable that isn't told", "if os.environ.get(event):\n    made()  #?"),
    case("compared with a value", 'if os.environ.get("AWS_EXECUTION_ENV") == "x":\n    made()  #?'),
    case("another mapping", 'if "AWS_EXECUTION_ENV" not in event:\n    made()  #?'),
    case("default that is true", 'if os.environ.get("IS_OFFLINE", "1"):\n    made()  #?'),
    case("default that isn't told", 'if os.environ.get("IS_OFFLINE", event):\n    made()  #?'),
    case("one of two may be", 'if event or os.getenv("IS_OFFLINE"):\n    made()  #?'),
    case("left before on another machine", 'if os.getenv("IS_OFFLINE"):\n    return 1\nmade()  #?'),
    case("the condition itself", 'if os.getenv("IS_OFFLINE") or made():  #? made()\n    pass'),
]


@pytest.mark.parametrize("body", NEVER)
def test_never(body: str) -> None:
    assert look_hot(body) is False


@pytest.mark.parametrize("body", MAY)
def test_it_may(body: str) -> None:
    assert look_hot(body) is True


def look_hot(body: str, head: str = "") -> bool:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    place = look(f"import os\n{head}\n{HANDLER}{lines}")
    return place.model.runs_per_invocation(place.node)


@pytest.mark.parametrize(
    "head",
    [
        case("constant of the module", 'LOCAL = "AWS_EXECUTION_ENV" not in os.environ'),
        case("constant of a constant", 'X = os.getenv("IS_OFFLINE")\nLOCAL = bool(X)'),
    ],
)
def test_a_name_for_the_condition(head: str) -> None:
    assert not look_hot("if LOCAL:\n    made()  #?", head)
    assert look_hot("if not LOCAL:\n    made()  #?", head)


def test_a_helper_for_the_condition() -> None:
    head = 'def on_lambda():\n    return "AWS_EXECUTION_ENV" in os.environ\n'
    assert look_hot("if on_lambda():\n    made()  #?", head)
    assert not look_hot("if not on_lambda():\n    made()  #?", head)


def test_a_name_that_is_assigned_twice_tells_nothing() -> None:
    assert look_hot("if LOCAL:\n    made()  #?", 'LOCAL = os.getenv("IS_OFFLINE")\nLOCAL = 1')


def test_what_only_such_a_branch_calls_is_never_reached() -> None:
    text = """
        import os
        def local():
            return made()  #?
        def lambda_handler(event, context):
            if os.getenv("AWS_SAM_LOCAL"):
                return local()
    """
    assert look(text).when == "never"


CALLED = "def client({params}):\n    if {test}:\n        made()  #?\ndef lambda_handler(event, context):\n    client({given})\n"


@pytest.mark.parametrize(
    ("params", "test", "given", "runs"),
    [
        ('name, role=""', "role", "1", False),
        ('name, role=""', "not role", "1", True),
        ("name, role=None", "role is not None", "1", False),
        ("name, role=None", "role is None", "1", True),
        ('name, role=""', "role is None", "1", False),
        ("name, *, role=None", "role", "1", False),
        ("name, role=None", "role", '1, role="x"', True),
        ("name, role=None", "role", "1, event", True),
        ("name, role=None", "role", "*event", True),
        ("name, role=None", "role", "1, role=None", False),
        ("name, role=None", "role", "1); client(1, event", True),
        ("name, role=None", "role or name", "1", True),
    ],
)
def test_an_option_that_nobody_uses(params: str, test: str, given: str, runs: bool) -> None:
    place = look(CALLED.format(params=params, test=test, given=given))
    assert place.model.runs_per_invocation(place.node) is runs


def test_options_that_are_assigned_or_given_from_outside_may_be_used() -> None:
    assert look_hot("if option:\n    made()  #?") is True
    text = "def lambda_handler(event, context, role=None):\n    if role:\n        made()  #?\n"
    place = look(text)
    assert place.model.runs_per_invocation(place.node)
    text = CALLED.format(params="name, role=None", test="role", given="1").replace(
        ":\n    if", ":\n    role = name\n    if", 1
    )
    place = look(text)
    assert place.model.runs_per_invocation(place.node)
