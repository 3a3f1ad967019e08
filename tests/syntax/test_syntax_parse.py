"""Text to tree, and one clear line where there's none."""

from __future__ import annotations

import subprocess
import sys
import threading

import libcst as cst
import pytest
from syntax_samples import LOSSY, SAMPLES

from lambdalint.source import Source
from lambdalint.syntax import parse as parsing
from lambdalint.syntax.parse import MAX_BRACKETS, SyntaxProblem, parse


@pytest.mark.parametrize("text", [*SAMPLES, *LOSSY])
def test_same_tree_as_libcst(text: str) -> None:
    assert parse(Source("app.py", text)).deep_equals(cst.parse_module(text))


def test_from_bytes_with_a_mark() -> None:
    assert parse(Source.from_bytes("app.py", b"\xef\xbb\xbfx = '\xc3\xa9'\r\n")).code == "x = 'é'\r\n"


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a = 1\nb = = 2\n", 2, 4),
        ("é = = 1\n", 1, 4),
        ("x = (\n", 1, 4),
        ("def f():\n    return 1\n  x = 2\n", 3, None),
        ("x = 'abc\n", 1, 4),
        ("\tx = 1\n", 1, None),
        ("x\n\x1a", 2, None),
        ("x = '\ud800'\n", 1, 5),
        ("a\nx = 'a' b'b'\n", 2, None),
    ],
)
def test_problems(text: str, line: int, column: int | None) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parse(Source("app.py", text))
    assert caught.value.line == line
    assert column is None or caught.value.column == column
    assert caught.value.reason
    assert "\n" not in caught.value.reason


def test_what_python_reads_and_libcst_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser's own words, with the place they name."""

    def refuse(text: str) -> cst.Module:
        message = "parser error: error at 2:5: expected\none of x"
        raise cst.ParserSyntaxError(message, lines=["a"], raw_line=1, raw_column=0)

    monkeypatch.setattr(parsing.cst, "parse_module", refuse)
    with pytest.raises(SyntaxProblem) as caught:
        parse(Source("app.py", "a\nb = c\n"))
    assert (caught.value.reason, caught.value.line, caught.value.column) == ("expected one of x", 2, 4)


class Panic(BaseException):
    """Stands for what the native parser raises when it fails itself."""


@pytest.mark.parametrize("error", [Panic("at the\ndisco"), RecursionError("deep"), MemoryError()])
def test_failures_of_the_parser(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(text: str) -> cst.Module:
        raise error

    monkeypatch.setattr(parsing.cst, "parse_module", fail)
    with pytest.raises(SyntaxProblem, match=type(error).__name__) as caught:
        parse(Source("app.py", "x\n"))
    assert "\n" not in caught.value.reason


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_interrupts_go_through(monkeypatch: pytest.MonkeyPatch, error: type[BaseException]) -> None:
    def fail(text: str) -> cst.Module:
        raise error

    monkeypatch.setattr(parsing.cst, "parse_module", fail)
    with pytest.raises(error):
        parse(Source("app.py", "x\n"))


def test_without_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert parse(Source("app.py", "x\n")).code == "x\n"


def test_the_stack_size_of_others_stays() -> None:
    before = threading.stack_size()
    parse(Source("app.py", "x\n"))
    assert threading.stack_size() == before


def nested(kind: str, count: int) -> str:
    return {
        "brackets": "x = " + "(" * count + "1" + ")" * count,
        "unclosed": "x = " + "[" * count,
        "calls": "x = " + "f(" * count + ")" * count,
        "in strings": "x = [" + "'('," * count + "]",
        "in comments": "x = [\n" + "# ((((\n" * count + "]",
        "hidden by strings": "x = " + "(')' + " * count + "1" + ")" * count,
        "terms": "x = " + "a + " * count + "a",
        "terms in lines": "x = (\n" + "a +\n" * count + "a)",
        "unary": "x = " + "-" * count + "1",
        "not": "x = " + "not " * count + "1",
        "lambda": "x = " + "lambda: " * count + "1",
        "elif": "if a: pass\n" + "elif a: pass\n" * count,
        "items": "x = [" + "-a.b + 1, " * count + "]",
        "statements": "x = -a.b + 1\n" * count,
    }[kind]


@pytest.mark.parametrize(
    ("kind", "count", "reason"),
    [
        ("brackets", MAX_BRACKETS, ""),
        ("brackets", MAX_BRACKETS + 1, "brackets"),
        ("brackets", 100_000, "brackets"),
        ("unclosed", 100_000, "brackets"),
        ("calls", 2_000, "brackets"),
        ("in strings", 20_000, ""),
        ("in comments", 2_000, ""),
        ("hidden by strings", 5_000, "brackets"),
        ("terms", 1_000, ""),
        ("terms", 100_000, "operators"),
        ("terms in lines", 100_000, "operators"),
        ("unary", 100_000, "operators"),
        ("not", 100_000, "operators"),
        ("lambda", 100_000, "operators"),
        ("elif", 2_000, ""),
        ("elif", 100_000, "elif"),
        ("items", 4_000, ""),
        ("statements", 5_000, ""),
    ],
)
def test_nesting(kind: str, count: int, reason: str) -> None:
    """In a process of its own, because what this guards against is the end of the process."""
    program = (
        "import sys\n"
        "from lambdalint.source import Source\n"
        "from lambdalint.syntax.parse import SyntaxProblem, parse\n"
        "try:\n"
        "    parse(Source('app.py', sys.stdin.read()))\n"
        "except SyntaxProblem as problem:\n"
        "    print(problem.reason)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=nested(kind, count),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (reason in done.stdout) if reason else not done.stdout
