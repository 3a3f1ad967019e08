"""Functions of Zappa and Chalice."""

from __future__ import annotations

import json
from textwrap import dedent

import pytest

from lambdalint.deployment import DeployedFunction, Deployment, read

JSON = """\
{
    "dev": {
        "app_function": "shop.app",
        "runtime": "python3.12",
        "memory_size": 1024,
        "environment_variables": {"STAGE": "dev"},
        "events": [
            {"function": "shop.jobs.clean", "expression": "rate(1 day)"},
            {"function": "shop.jobs.resize",
             "event_source": {"arn": "arn:aws:s3:::pictures", "events": ["s3:ObjectCreated:*"]}}
        ]
    }
}
"""
YAML = """\
dev:
  app_function: shop.app
  runtime: python3.12
  memory_size: 1024
  environment_variables: {STAGE: dev}
  events:
    - function: shop.jobs.clean
      expression: rate(1 day)
    - function: shop.jobs.resize
      event_source: {arn: "arn:aws:s3:::pictures"}
"""
TOML = """\
[dev]
app_function = "shop.app"
runtime = "python3.12"
memory_size = 1024
[dev.environment_variables]
STAGE = "dev"
[[dev.events]]
function = "shop.jobs.clean"
expression = "rate(1 day)"
[[dev.events]]
function = 'shop.jobs.resize'
event_source = {arn = "arn:aws:s3:::pictures"}
"""


@pytest.mark.parametrize(
    ("name", "text", "lines"),
    [
        ("zappa_settings.json", JSON, (3, 8, 9)),
        ("zappa_settings.yml", YAML, (2, 7, 9)),
        ("zappa_settings.toml", TOML, (2, 8, 11)),
    ],
)
def test_zappas_settings(name: str, text: str, lines: tuple[int, ...]) -> None:
    found = read({f"api/{name}": text.encode()})
    common = {
        "template": f"api/{name}",
        "name": "dev",
        "code_roots": ("api",),
        "runtime": "python3.12",
        "memory": 1024,
        "timeout": 30,
        "environment": (("STAGE", "dev"),),
    }
    assert found.problems == ()
    assert found.functions == (
        DeployedFunction(handler="shop.app", line=lines[0], application=True, **common),
        DeployedFunction(handler="shop.jobs.clean", line=lines[1], sources=("schedule",), **common),
        DeployedFunction(handler="shop.jobs.resize", line=lines[2], sources=("s3",), **common),
    )


def test_zappas_stages_extend_each_other() -> None:
    settings = {
        "base": {"app_function": "shop.app", "memory_size": 256, "environment_variables": {"A": "1", "B": "1"}},
        "dev": {"extends": "base", "timeout_seconds": 5, "environment_variables": {"B": "2"}},
        "loop": {"extends": "loop", "app_function": "x.app"},
        "lost": {"extends": "none"},
    }
    found = read({"zappa_settings.json": json.dumps(settings, indent=1).encode()})
    assert [(f.name, f.handler, f.memory, f.timeout, dict(f.environment)) for f in found.functions] == [
        ("base", "shop.app", 256, 30, {"A": "1", "B": "1"}),
        ("dev", "shop.app", 256, 5, {"A": "1", "B": "2"}),
        ("loop", "x.app", 512, 30, {}),
    ]


def test_zappas_other_functions() -> None:
    settings = {
        "dev": {
            "lambda_handler": "own.handler",
            "authorizer": {"function": "auth.check"},
            "cognito": {"triggers": [{"source": "PreSignUp_SignUp", "function": "auth.signup"}, "x"]},
            "events": ["x", {"expression": "rate(1 day)"}, {"function": 3}],
        }
    }
    found = read({"zappa_settings.json": json.dumps(settings, indent=1).encode()})
    assert [(f.handler, f.application) for f in found.functions] == [
        ("own.handler", False),
        ("auth.check", False),
        ("auth.signup", False),
    ]


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("zappa_settings.toml", '[dev]\napp_function = "a.b\n', (2, None)),
        ("zappa_settings.toml", "app_function = " + "[" * 100_000, (1, 0)),
        ("zappa_settings.json", '{"dev": {"app_function": }}', (1, 25)),
        ("zappa_settings.yml", "dev: [app_function\n", (2, 0)),
    ],
)
def test_broken_settings_are_one_problem(name: str, text: str, place: tuple[int, int | None]) -> None:
    (problem,) = read({name: text.encode()}).problems
    assert problem.line == place[0]
    assert place[1] is None or problem.column == place[1]


@pytest.mark.parametrize("text", ["[]", "{}", '{"dev": "app_function"}', '{"dev": {"app_function": null}}', '"events"'])
def test_settings_that_say_nothing(text: str) -> None:
    assert read({"zappa_settings.json": text.encode()}) == Deployment()


CHALICE = """\
{
  "version": "2.0",
  "app_name": "shop",
  "lambda_memory_size": 256,
  "environment_variables": {"A": "1", "B": "1"},
  "stages": {
    "dev": {"api_gateway_stage": "api"},
    "prod": {"lambda_memory_size": 1024, "lambda_timeout": 10, "environment_variables": {"B": "2"}}
  }
}
"""


def test_chalices_stages() -> None:
    found = read({"api/.chalice/config.json": CHALICE.encode()})
    common = {"template": "api/.chalice/config.json", "handler": "app.app", "code_roots": ("api",), "application": True}
    assert found.functions == (
        DeployedFunction(line=7, name="dev", memory=256, timeout=60, environment=(("A", "1"), ("B", "1")), **common),
        DeployedFunction(line=8, name="prod", memory=1024, timeout=10, environment=(("A", "1"), ("B", "2")), **common),
    )


def test_chalice_in_the_projects_root() -> None:
    (found,) = read({".chalice/config.json": b'{"stages": {"dev": {}}}'}).functions
    assert (found.code_roots, found.memory, found.timeout) == ((".",), 128, 60)


def test_another_config_is_no_chalice() -> None:
    assert read({"config.json": CHALICE.encode()}) == Deployment()
    text = dedent("""{"stages": [1], "x": {"stages": {"dev": {}}}}""")
    assert read({".chalice/config.json": text.encode()}) == Deployment()
