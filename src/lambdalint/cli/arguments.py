"""The command line's words. Imports no more than argparse does, so that `--help` is quick."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from itertools import pairwise

from lambdalint import __version__

COMMANDS = ("check", "fix", "rule", "rules", "handlers", "imports", "server")
# What `--unsafe-fixes=CODES` is to argparse, which knows an option either with a value or without.
_OF_SOME = "--unsafe-fixes-of"
_CODES = re.compile(r"LMB\d{0,3}(,LMB\d{0,3})*")
_GLOBAL = ("--no-color", "-v", "--verbose")
_OVERVIEW = f"""\
usage: lambdalint [check] [OPTIONS] [PATHS ...]
       lambdalint COMMAND [OPTIONS] ...

Finds, explains and repairs what makes AWS Lambda functions in Python slow and dear.

commands:
  check      look for defects, and repair them with --fix (this is what runs without a command)
  fix        repair: as check --fix, or one by one with --interactive
  rule       explain one rule, by its code or its name
  rules      list all rules
  handlers   list the handlers that are found, and how they were recognised
  imports    measure what a handler's import costs; this alone runs code of the project
  server     speak the Language Server Protocol with an editor, on standard input and output

options:
  -h, --help  show this help; `lambdalint COMMAND --help` shows a command's own
  --version   show the version ({__version__})

exit code: 0 nothing found, 1 findings, 2 trouble (usage, configuration, a file that can't be read)
"""


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The arguments; `check` is the command where none is named. Exits on --help and on wrong usage."""
    words = [word.replace("--unsafe-fixes=", f"{_OF_SOME}=", 1) for word in argv]
    start = 0
    while start < len(words) and words[start] in _GLOBAL:
        start += 1
    first = words[start] if start < len(words) else ""
    if first in ("-h", "--help"):
        print(_OVERVIEW, end="")
        raise SystemExit(0)
    if first == "--version":
        print(f"lambdalint {__version__}")
        raise SystemExit(0)
    command = words.pop(start) if first in COMMANDS else "check"
    parser = _PARSERS[command]()
    arguments = parser.parse_args(words)
    arguments.command = command
    for option, codes in pairwise(words):
        # Taken for a path, it would leave the unsafe fixes of all rules to be made.
        if option == "--unsafe-fixes" and _CODES.fullmatch(codes) and not os.path.exists(codes):
            parser.error(f"codes follow an equals sign: --unsafe-fixes={codes}")
    return arguments


def _parser(command: str, description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(f"lambdalint {command}", description=description, allow_abbrev=False)
    parser.add_argument("--no-color", action="store_true", help="print without colours")
    parser.add_argument("-v", "--verbose", action="store_true", help="print tracebacks of crashes")
    return parser


def _check() -> argparse.ArgumentParser:
    parser = _parser("check", "Look for defects, and repair them with --fix.")
    parser.set_defaults(interactive=False)
    _add_paths(parser, "files and folders (default: the current folder), or - for standard input")
    _add_output(parser)
    fixing = parser.add_argument_group("fixing")
    fixing.add_argument("--fix", action="store_true", help="apply the safe fixes")
    fixing.add_argument("--fix-only", action="store_true", help="apply them, and don't tell what is left")
    _add_fixing(fixing)
    _add_choice(parser)
    return parser


def _fix() -> argparse.ArgumentParser:
    parser = _parser("fix", "Repair what check finds.")
    parser.set_defaults(fix=True, fix_only=False)
    _add_paths(parser, "files and folders (default: the current folder), or - for standard input")
    parser.add_argument(
        "--interactive", action="store_true", help="show each fix, safe or not, and ask whether to apply it"
    )
    _add_output(parser)
    _add_fixing(parser.add_argument_group("fixing"))
    _add_choice(parser)
    return parser


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--output-format", choices=("full", "concise", "json"), default="full", help="default: %(default)s"
    )
    parser.add_argument("--statistics", action="store_true", help="count the findings by code")


def _add_fixing(fixing: argparse._ArgumentGroup) -> None:
    fixing.add_argument(
        "--unsafe-fixes", action="store_true", help="take the unsafe ones as well; --unsafe-fixes=CODES: of some rules"
    )
    fixing.add_argument(_OF_SOME, action="append", type=_codes, default=[], help=argparse.SUPPRESS)
    fixing.add_argument("--diff", action="store_true", help="show what would change, and write nothing")
    fixing.add_argument(
        "--exit-non-zero-on-fix", action="store_true", help="end with 1 when something was fixed (for hooks)"
    )


def _add_choice(parser: argparse.ArgumentParser) -> None:
    _add_rules(parser)
    rest = parser.add_argument_group("other")
    rest.add_argument("--config", metavar="FILE", help="the configuration file to use")
    rest.add_argument("--force-exclude", action="store_true", help="leave out excluded files even where they are named")
    rest.add_argument("--stdin-filename", metavar="NAME", help="the name of what comes on standard input")
    rest.add_argument("--no-cache", action="store_true", help="use and keep nothing of other runs")
    rest.add_argument("--cache-dir", metavar="FOLDER", help="where to keep results (default: .lambdalint_cache)")
    rest.add_argument("--jobs", type=_count, metavar="N", help="the most processes at once (default: one a processor)")
    rest.add_argument("--exit-zero", action="store_true", help="end with 0 even where there are findings")


def _add_rules(parser: argparse.ArgumentParser) -> None:
    choice = parser.add_argument_group("choice of rules", "CODES are codes, beginnings of codes, or names")
    for option, text in (
        ("--select", "the rules to run, instead of those configured"),
        ("--ignore", "the rules to leave out, instead of those configured"),
        ("--extend-select", "further rules to run; this turns opt-in rules on"),
    ):
        choice.add_argument(option, action="append", type=_codes, metavar="CODES", help=text)


def chosen_rules(arguments: argparse.Namespace) -> dict[str, list[str]]:
    """The choice of rules that is laid over a project's own, by the settings' names."""
    given = {name: getattr(arguments, name) for name in ("select", "ignore", "extend_select")}
    return {name: joined(lists) for name, lists in given.items() if lists is not None}


def joined(lists: list[list[str]]) -> list[str]:
    """The codes of an option that may be given several times."""
    return [code for codes in lists for code in codes]


def _rule() -> argparse.ArgumentParser:
    parser = _parser("rule", "Explain one rule.")
    parser.add_argument("rule", metavar="RULE", help="a code or a name, such as LMB101 or client-in-handler")
    return parser


def _rules() -> argparse.ArgumentParser:
    return _parser("rules", "List all rules.")


def _handlers() -> argparse.ArgumentParser:
    parser = _parser("handlers", "List the handlers that are found, and how they were recognised.")
    _add_paths(parser, "files and folders (default: the current folder)")
    parser.add_argument("--explain", action="store_true", help="say for every declaration what it came to, or why not")
    parser.add_argument("--output-format", choices=("text", "json"), default="text", help="default: %(default)s")
    parser.add_argument("--config", metavar="FILE", help="the configuration file to use")
    return parser


def _imports() -> argparse.ArgumentParser:
    parser = _parser(
        "imports",
        "Measure what importing a handler's module costs, as a tree. This runs the module-level code of the handler "
        "and of all it imports, in an interpreter of its own, without AWS credentials; no other command runs anything.",
    )
    parser.add_argument(
        "handler",
        nargs="?",
        metavar="HANDLER",
        help="app.lambda_handler, src/app.py:lambda_handler, src/app.py, or the function's logical name "
        "(default: the only one there is)",
    )
    parser.add_argument("--all", action="store_true", help="measure every handler")
    parser.add_argument(
        "--python",
        metavar="PATH",
        help="the interpreter of the function's environment (default: that of the active or the project's virtual "
        "environment, else the one that runs lambdalint)",
    )
    parser.add_argument("--runs", type=_count, default=3, metavar="N", help="the median counts (default: %(default)s)")
    parser.add_argument(
        "--min-ms", type=_amount, default=10.0, metavar="MS", help="sum up what takes less (default: %(default)g)"
    )
    parser.add_argument("--depth", type=_count, default=3, metavar="N", help="levels to show (default: %(default)s)")
    parser.add_argument(
        "--timeout", type=_amount, default=60.0, metavar="S", help="seconds for one run (default: %(default)g)"
    )
    parser.add_argument("--output-format", choices=("text", "json"), default="text", help="default: %(default)s")
    parser.add_argument("--config", metavar="FILE", help="the configuration file to use")
    return parser


def _server() -> argparse.ArgumentParser:
    parser = _parser(
        "server",
        "Speak the Language Server Protocol on standard input and output; editors start this. "
        'It needs the extra: pip install "lambdalint[lsp]".',
    )
    parser.add_argument("--stdio", action="store_true", help="what some editors say; there is no other way")
    _add_rules(parser)
    return parser


def _add_paths(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("paths", nargs="*", metavar="PATHS", help=text)


def _codes(text: str) -> list[str]:
    codes = [part.strip() for part in text.split(",") if part.strip()]
    if not codes:
        raise argparse.ArgumentTypeError("names no code")
    return codes


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 1000:
        raise argparse.ArgumentTypeError(f'"{text}" is no number from 1 to 1000')
    return int(text)


def _amount(text: str) -> float:
    try:
        amount = float(text)
    except ValueError:
        amount = -1.0
    if not 0 <= amount < 1e6:
        raise argparse.ArgumentTypeError(f'"{text}" is no amount of time')
    return amount


_PARSERS = {
    "check": _check,
    "fix": _fix,
    "rule": _rule,
    "rules": _rules,
    "handlers": _handlers,
    "imports": _imports,
    "server": _server,
}
