"""The entry point: which command, and how trouble ends."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

from lambdalint.cli import arguments as words
from lambdalint.cli.streams import make_streams_forgiving

TROUBLE = 2


def start() -> NoReturn:
    """The console script. Nothing is collected while all is loaded, and at its end the process is simply left:
    to take a model apart, object by object, costs a sixth of a short run."""
    gc.disable()
    code = run()
    sys.stderr.flush()
    if not _is_watched():
        os._exit(code)
    sys.exit(code)


def _is_watched() -> bool:
    """Whether a profiler, a debugger or a measure of coverage has something to do at the process's end."""
    monitoring = getattr(sys, "monitoring", None)  # from Python 3.12 on
    tools = monitoring is not None and any(map(monitoring.get_tool, range(6)))
    return tools or sys.gettrace() is not None or sys.getprofile() is not None


def run() -> int:
    """`main` with the process's own arguments and streams."""
    try:
        make_streams_forgiving()
        code = main(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has gone, as `head` does
        _silence_stdout()
        code = 128 + 13
    except KeyboardInterrupt:
        _silence_stdout()
        code = 128 + signal.SIGINT
    except OSError as error:  # a full disk
        _silence_stdout()
        code = _failed(f"can't write: {error.strerror or error}")
    return code


def main(argv: Sequence[str]) -> int:
    """Run one command and give its exit code."""
    try:
        arguments = words.parse(argv)
    except SystemExit as leaving:  # argparse, after its own words
        return leaving.code if isinstance(leaving.code, int) else TROUBLE
    from lambdalint.settings.model import SettingsError

    try:
        if arguments.command in ("check", "fix"):
            from lambdalint.cli.check import check

            return check(arguments)
        gc.enable()
        if arguments.command == "imports":
            from lambdalint.cli.imports import imports

            return imports(arguments)
        if arguments.command == "server":
            return _serve(words.chosen_rules(arguments))
        from lambdalint.cli import inform

        commands = {"rule": inform.rule, "rules": inform.rules, "handlers": inform.handlers}
        return commands[arguments.command](arguments)
    except SettingsError as error:
        return _failed(str(error))
    except OSError:
        raise
    except Exception as error:
        if arguments.verbose:
            import traceback

            traceback.print_exc()
        detail = f"{type(error).__name__}: {error}".partition("\n")[0]
        return _failed(f"internal error: {detail}; please report it, with what -v shows")


def _serve(overrides: dict[str, list[str]]) -> int:
    """Run the language server, where its optional dependency is installed."""
    from lambdalint.lsp import shield

    shield.leave_out_working_folder()
    if not shield.is_installed("pygls"):
        return _failed('the language server needs pygls: pip install "lambdalint[lsp]"')
    from lambdalint.lsp.messages import serve

    return serve(overrides)


def _failed(text: str) -> int:
    print(f"lambdalint: {text}", file=sys.stderr)
    return TROUBLE


def _silence_stdout() -> None:
    """What is still unwritten must not raise again when the interpreter closes the stream."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
