"""Loops over one or two things, whatever form these are given in."""

from __future__ import annotations

import pytest
from notation import files_of, project_of

from lambdalint.semantics import ir
from lambdalint.semantics.few import few


def loop_over(source: str, before: str = "", head: str = "") -> ir.For:
    text = f"{head}\ndef lambda_handler(event, context):\n    {before or 'pass'}\n    for x in {source}:\n        print(x)\n"
    project = project_of(files_of(text))
    (handler,) = project.handlers
    return next(stmt for stmt in ir.statements(handler.function.body) if isinstance(stmt, ir.For))


@pytest.mark.parametrize(
    ("source", "before", "head"),
    [
        ('["a", "b"]', "", ""),
        ('("a",)', "", ""),
        ('{"a": 1, "b": 2}.items()', "", ""),
        ('list(dict.fromkeys([event["a"], event["b"]]))', "", ""),
        ('sorted({"a", "b"})', "", ""),
        ("enumerate(names)", 'names = ["a", "b"]', ""),
        ("NAMES", "", 'NAMES = ("a", "b")'),
    ],
)
def test_few(source: str, before: str, head: str) -> None:
    assert few(loop_over(source, before, head))


@pytest.mark.parametrize(
    ("source", "before"),
    [
        ('["a", "b", "c"]', ""),
        ('event["names"]', ""),
        ('["a", *event["names"]]', ""),
        ('{"a": 1, **event}', ""),
        ("names", 'names = ["a"]; names.append("b")'),
        ("names", 'names = ["a"]; names += event["names"]'),
        ("names", 'names = ["a"]; names = event["names"]'),
        ('"a".split(event["by"])', ""),
    ],
)
def test_not_few(source: str, before: str) -> None:
    assert not few(loop_over(source, before))
