"""The comment that silences a finding is one that the suppressions know."""

from __future__ import annotations

import pytest

from lambdalint.engine import suppress
from lambdalint.engine.comments import joined_lines
from lambdalint.engine.silence import Silencer
from lambdalint.findings import Finding, Span
from lambdalint.source import Source

CASES = {
    "no comment": ("x = f()\ny = 1\n", "x = f()  # noqa: LMB101\ny = 1\n"),
    "no newline at the end": ("x = f()", "x = f()  # noqa: LMB101"),
    "another comment": ("x = f()  # why\n", "x = f()  # why  # noqa: LMB101\n"),
    "codes of others": ("x = f()  # noqa: E501,W291 why\n", "x = f()  # noqa: E501,W291, LMB101 why\n"),
    "a string over several lines": ('x = f("""\na\n""")\n', 'x = f("""\na\n""")  # noqa: LMB101\n'),
    "a backslash": ("x = \\\n    f()\n", "x = \\\n    f()  # noqa: LMB101\n"),
    "a bracket over several lines": ("x = f(\n    1\n)\n", "x = f(  # noqa: LMB101\n    1\n)\n"),
    "carriage returns": ("x = f()\r\ny = 1\r\n", "x = f()  # noqa: LMB101\r\ny = 1\r\n"),
}


def finding() -> Finding:
    return Finding("LMB101", "client-in-handler", "app.py", Span.at(1, 0, 1, 1), "problem")


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES)
def test_the_comment_silences(before: str, after: str) -> None:
    source = Source("app.py", before)
    edit = Silencer(source).edit(finding())
    assert edit is not None
    assert source.apply([edit]) == after
    known = {"client-in-handler": "LMB101"}
    assert suppress.apply(Source("app.py", before), [finding()], known, lambda code: True)[0] == [finding()]
    assert suppress.apply(Source("app.py", after), [finding()], known, lambda code: True) == ([], [])


def test_where_everything_is_silenced_already_there_is_nothing_to_write() -> None:
    assert Silencer(Source("app.py", "x = f()  # noqa\n")).edit(finding()) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("x = 1\n\ndef f():\n    return 1", "1 2 3 4"),
        ("class A:\n    x = \\\n        1\n@d\ndef f(\n):\n    '''a\n\n    b'''\n", "1 2-3 2-3 4 5 6 7-9 7-9 7-9"),
        ('X = """\ndef f():\n"""\ndef g():\n    return 1\n', "1-3 1-3 1-3 4 5"),  # no definition at all
        ("x = (\ndef f():\n    '''a\n    b'''\n", "1 2 3 4"),  # no Python: each line for itself
    ],
)
def test_which_lines_belong_together(text: str, expected: str) -> None:
    groups = joined_lines(Source("app.py", text))
    assert " ".join(f"{first}-{last}" if first < last else str(first) for first, last in groups) == expected
