"""Text to tree, with one clear line where that fails and no crash on hostile nesting.

The native parser recurses on the machine's stack: a few hundred open brackets
end the whole process where the stack is small (512 KiB: 70 brackets), and
nothing in Python can catch that. So the parser runs in a thread of its own with
a stack whose size we choose, and text that could need more is refused.
"""

from __future__ import annotations

import ast
import re
import threading
import warnings

import libcst as cst

from lambdalint import heap
from lambdalint.source import Source

# Measured on libcst 1.9, x86-64: 7.5 KB of stack for each bracket, at most 2.5 KB
# for each operator of one expression and 1.2 KB for each `elif` of one `if`.
_STACK_BYTES = 64 * 1024 * 1024
MAX_BRACKETS = 200  # CPython's own limit, so nothing that runs is refused
MAX_OPERATORS = 10_000
MAX_ELIFS = 10_000

_BRACKETS_THAT_FIT = 3_000
_OPERATOR_SIGNS = "+-*/%@&|^~.'\"=<>"
_OPERATOR_WORDS = ("not", "lambda", "if", "and", "or")

_BRACKET = re.compile(r"[()\[\]{}]")
_TOKEN = re.compile(
    r"""
    (?P<skip> \#[^\r\n]* | \\(?:\r\n|[\r\n]) )
  | (?P<string> '{3}(?:[^'\\]|\\.|'(?!''))*(?:'{3}|\Z) | "{3}(?:[^"\\]|\\.|"(?!""))*(?:"{3}|\Z)
              | '(?:[^'\\\r\n]|\\.)*'? | "(?:[^"\\\r\n]|\\.)*"? )
  | (?P<open> [(\[{] )
  | (?P<close> [)\]}] )
  | (?P<reset> [,;\r\n] )
  | (?P<operator> [-+*/%@&|^~.=<>]+ | \b(?:not|lambda|if|and|or)\b )
    """,
    re.VERBOSE | re.DOTALL,
)
_NATIVE_PLACE = re.compile(r"error at (\d+):(\d+): ")


class SyntaxProblem(Exception):  # noqa: N818 - a finding for the user, not a failure of ours
    """The text can't be read as Python: `reason` in one line, `line` from 1, `column` from 0."""

    def __init__(self, reason: str, line: int = 1, column: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column


def parse(source: Source) -> cst.Module:
    """The tree of a whole file.

    Raises SyntaxProblem for text that isn't Python, for text nested too deeply
    to be read in safety, and for any failure of the parser itself.
    """
    text = source.text
    if not text:
        return cst.Module(body=(), has_trailing_newline=False)
    _refuse_deep_nesting(source)
    heap.parsed(len(text))
    try:
        return _parse_on_large_stack(text)
    except cst.ParserSyntaxError as error:
        raise _explained(text, error) from error
    except UnicodeEncodeError as error:
        place = source.position(error.start)
        raise SyntaxProblem("it holds half of a surrogate pair", place.line, place.column) from error
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # a panic of the native parser derives from BaseException
        own = _python_says(text)
        if own is not None:
            raise own from error
        reason = f"the parser failed ({type(error).__name__}: {_one_line(str(error))})"
        raise SyntaxProblem(reason) from error


def _parse_on_large_stack(text: str) -> cst.Module:
    """Parse in a thread with a large stack; directly where the system has no threads to give."""
    outcome: list[cst.Module | BaseException] = []

    def work() -> None:
        try:
            outcome.append(cst.parse_module(text))
        except BaseException as error:  # handed over to the waiting caller
            outcome.append(error)

    thread = threading.Thread(target=work, name="lambdalint-parse", daemon=True)
    try:
        before = threading.stack_size(_STACK_BYTES)
        try:
            thread.start()
        finally:
            threading.stack_size(before)
    except (RuntimeError, ValueError):
        return cst.parse_module(text)
    thread.join()
    result = outcome[0]
    if isinstance(result, BaseException):
        raise result
    return result


def _refuse_deep_nesting(source: Source) -> None:
    """Raise SyntaxProblem where the parser's stack could overflow.

    Nearly every file passes on counts alone; the exact scan reads a file only
    when these don't prove it harmless.
    """
    text = source.text
    if text.count("elif") > MAX_ELIFS:
        raise SyntaxProblem(f"it has more than {MAX_ELIFS} elif branches, too many to read in safety")
    opening = text.count("(") + text.count("[") + text.count("{")
    operators = sum(map(text.count, _OPERATOR_SIGNS)) + sum(map(text.count, _OPERATOR_WORDS))
    if opening <= _BRACKETS_THAT_FIT and operators <= MAX_OPERATORS:
        if opening <= MAX_BRACKETS or _rough_depth(text) <= MAX_BRACKETS:
            return
    _scan(source)


def _rough_depth(text: str) -> int:
    """The deepest nesting of brackets where those in strings and comments count too."""
    depth = lowest = deepest = 0
    for bracket in _BRACKET.findall(text):
        if bracket in "([{":
            depth += 1
            deepest = max(deepest, depth - lowest)
        else:
            depth -= 1
            lowest = min(lowest, depth)
    return deepest


def _scan(source: Source) -> None:
    """Walk the tokens: brackets by depth, operators by the expression they chain in."""
    levels = [0]
    pending = 0  # the sum of `levels`: outer expressions wait on the stack for the inner ones
    for token in _TOKEN.finditer(source.text):
        kind = token.lastgroup
        if kind == "open":
            levels.append(0)
            if len(levels) > MAX_BRACKETS + 1:
                place = source.position(token.start())
                reason = f"brackets nest more than {MAX_BRACKETS} deep, which Python refuses too"
                raise SyntaxProblem(reason, place.line, place.column)
        elif kind == "close":
            if len(levels) > 1:
                pending -= levels.pop()
        elif kind == "reset":
            # A newline inside brackets ends nothing.
            if len(levels) == 1 or token.group() in ",;":
                pending -= levels[-1]
                levels[-1] = 0
        elif kind in ("operator", "string"):
            # A run of signs may be as many operators: `----1`.
            count = 1 if kind == "string" or token.group()[0].isalpha() else len(token.group())
            levels[-1] += count
            pending += count
            if pending > MAX_OPERATORS:
                place = source.position(token.start())
                reason = f"one expression has more than {MAX_OPERATORS} operators, too many to read in safety"
                raise SyntaxProblem(reason, place.line, place.column)


def _explained(text: str, error: cst.ParserSyntaxError) -> SyntaxProblem:
    """Python's own words where it refuses the text as well, else the parser's."""
    own = _python_says(text)
    if own is not None:
        return own
    message, line, column = error.message, error.raw_line, error.raw_column
    place = _NATIVE_PLACE.search(message)
    if place:
        line, column = int(place[1]), max(int(place[2]) - 1, 0)
        message = message[place.end() :]
    message = message.removeprefix("parser error: ").removeprefix("tokenizer error: ")
    return SyntaxProblem(_one_line(message), max(line, 1), column)


def _python_says(text: str) -> SyntaxProblem | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        return SyntaxProblem(_one_line(error.msg), max(error.lineno or 1, 1), max((error.offset or 1) - 1, 0))
    except (ValueError, RecursionError, MemoryError):
        pass
    return None


def _one_line(message: str) -> str:
    return " ".join(message.split()) or "invalid syntax"
