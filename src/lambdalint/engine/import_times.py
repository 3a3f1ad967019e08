"""How long a module's import takes here: an interpreter of its own runs it, and tells of every module.

This is the one place in lambdalint that runs the code of a project.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from typing import IO, Any

from msgspec import Struct, field

from lambdalint.engine.import_targets import Target

_LINE = re.compile(rb"import time:\s+(\d+) \|\s+\d+ \| ( *)(\S+)\s*$")
_DEEPEST = 200  # Python's own limit of recursion ends imports within imports earlier
_SDK = "boto3"
# What would let module-level code reach the user's AWS account.
_CREDENTIALS = (
    *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"),
    *("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"),
    *("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
)
# What changes what importing costs, or writes beside the code: /var/task is read-only.
_OWN = ("PYTHONDONTWRITEBYTECODE", "PYTHONPROFILEIMPORTTIME", "PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONVERBOSE")
# Tells on standard error where the import begins and ends, and in a file how it went.
_CHILD = """\
import sys
module, folder, nonce, answer = sys.argv[1:5]
sys.argv[1:] = []
sys.path[:] = [folder, *(path for path in sys.path if path)]
failed = None
sys.stderr.write(nonce + "\\n")
sys.stderr.flush()
try:
    __import__(module)
except BaseException as error:
    failed = error
sys.stderr.flush()
sys.stderr.write("\\n" + nonce + "\\n")
sys.stderr.flush()
import json, os
told = {"executable": sys.executable, "version": ".".join(map(str, sys.version_info[:3])), "error": None}
if failed is not None:
    kind, place, line = type(failed), "", 0
    trace = failed.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if not name.startswith("<") and name != os.__file__:
            place, line = name, trace.tb_lineno
        trace = trace.tb_next
    name = kind.__qualname__ if kind.__module__ == "builtins" else kind.__module__ + "." + kind.__qualname__
    try:
        message = str(failed)
    except Exception:
        message = ""
    told["error"] = {"type": name, "message": message, "filename": place, "line": line}
    if isinstance(failed, ModuleNotFoundError):
        told["error"]["missing"] = failed.name
    if isinstance(failed, KeyError) and failed.args:
        told["error"]["key"] = str(failed.args[0])
with open(answer, "w", encoding="utf-8") as file:
    json.dump(told, file)
os._exit(0)
"""


class Module(Struct):
    """One module that was imported, with those that its own import loaded first; times in ms."""

    name: str
    own: float
    children: list[Module] = field(default_factory=list)
    cumulative: float = 0.0
    count: int = 1  # of modules, with those below

    def add_up(self) -> None:
        """Fill in the sums; the children have theirs."""
        self.cumulative = self.own + sum(child.cumulative for child in self.children)
        self.count = 1 + sum(child.count for child in self.children)

    @property
    def package(self) -> str:
        return self.name.partition(".")[0]


class Failure(Struct, frozen=True):
    """Why an import didn't end well: the traceback's last line, and where it was raised.

    `missing` is the module that isn't installed, `key` the one that a mapping (the environment,
    mostly) lacks, as far as that is the reason.
    """

    text: str
    filename: str = ""
    line: int = 0
    missing: str = ""
    key: str = ""


class Measured(Struct, frozen=True):
    """What a module's import took: the median of the runs, as a tree.

    `shared` are the modules that importing boto3 loads as well, where the import loads boto3.
    """

    tree: list[Module]
    totals: tuple[float, ...]
    executable: str
    version: str
    failure: Failure | None = None
    shared: frozenset[str] = frozenset()

    @property
    def total(self) -> float:
        return sum(module.cumulative for module in self.tree)


class CannotRunError(Exception):
    """The interpreter can't be run, or doesn't tell times."""


def measure(target: Target, python: str, runs: int, timeout: float) -> Measured:
    """Import a target's module `runs` times, after one time that warms up; raises CannotRunError.

    A run that fails is the last one, and what it got to is the answer.
    """
    measured = []
    for number in range(runs + 1):
        one = _run(target, target.module, python, timeout)
        if one.failure is not None:
            return one
        if number:
            measured.append(one)
    measured.sort(key=lambda one: one.total)
    median = measured[(len(measured) - 1) // 2]
    shared = frozenset[str]()
    if any(module.name == _SDK for module in walk(median.tree)):
        shared = frozenset(module.name for module in walk(_run(target, _SDK, python, timeout).tree))
    totals = tuple(one.total for one in measured)
    return Measured(median.tree, totals, median.executable, median.version, None, shared)


def walk(modules: list[Module]) -> Iterator[Module]:
    """All modules of a tree."""
    stack = modules[::-1]
    while stack:
        module = stack.pop()
        yield module
        stack += module.children[::-1]


def environment_of(target: Target, given: Mapping[str, str]) -> dict[str, str]:
    """The variables of the child: those that Lambda and the description set, below the user's own.

    Without credentials: what module-level code asks of AWS fails instead of reaching an account.
    """
    name = target.function or "function"
    region = given.get("AWS_REGION") or given.get("AWS_DEFAULT_REGION") or "us-east-1"
    told = dict(target.environment)
    paths = [*target.roots, *filter(None, [given.get("PYTHONPATH")])]
    kept = {key: value for key, value in given.items() if key not in _CREDENTIALS and key not in _OWN}
    return {
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(target.memory or 128),
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "lambdalint",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "_HANDLER": target.handler or f"{target.module}.handler",
        **told,
        **kept,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_CONFIG_FILE": os.devnull,
        "LAMBDA_TASK_ROOT": target.folder,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join(paths),
    }


# --- one run ---------------------------------------------------------------------------------


def _run(target: Target, module: str, python: str, timeout: float) -> Measured:
    nonce = f"lambdalint {secrets.token_hex(8)}"
    with tempfile.TemporaryDirectory(prefix="lambdalint-") as folder, tempfile.TemporaryFile() as errors:
        answer = os.path.join(folder, "answer.json")
        command = [python, "-X", "importtime", "-c", _CHILD, module, target.folder, nonce, answer]
        ended = _wait(command, target, errors, timeout)
        errors.seek(0)
        tree, begun = _parsed(errors, nonce.encode())
        if not begun and ended is not None:
            raise CannotRunError(f"{python} can't measure imports: it ended with code {ended}")
        told = _answer(answer)
    failure = _failure(told, ended, timeout)
    return Measured(tree, (), told.get("executable", python), told.get("version", ""), failure)


def _wait(command: list[str], target: Target, errors: IO[bytes], timeout: float) -> int | None:
    """Run the child to its end and give its exit code; None where it took too long."""
    try:
        child = subprocess.Popen(
            command,
            cwd=target.folder,
            env=environment_of(target, os.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
        )
    except OSError as error:
        raise CannotRunError(f"{command[0]} can't be run: {error.strerror or error}") from error
    try:
        return child.wait(timeout)
    except subprocess.TimeoutExpired:
        return None
    finally:
        _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    """The child and what it started: nothing goes on once it was measured."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()
    child.wait()


def _answer(path: str) -> dict[str, Any]:
    try:
        with open(path, encoding="utf-8") as file:
            told = json.load(file)
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _failure(told: dict[str, Any], ended: int | None, timeout: float) -> Failure | None:
    if ended is None:
        return Failure(f"it took longer than {timeout:g} s")
    if not told:
        return Failure(f"the process ended by itself, with code {ended}")
    error = told["error"]
    if error is None:
        return None
    last = error["message"].strip().splitlines()
    text = f"{error['type']}: {last[0]}" if last else error["type"]
    return Failure(text, error["filename"], error["line"], error.get("missing") or "", error.get("key", ""))


def _parsed(lines: IO[bytes], nonce: bytes) -> tuple[list[Module], bool]:
    """The tree that the lines between the two nonces tell, and whether the first was there.

    A module is told after those that it loaded, which are further in.
    """
    pending: list[tuple[int, Module]] = []
    begun = False
    for line in lines:
        if line.strip() == nonce:
            if begun:
                break
            begun = True
            continue
        found = _LINE.search(line) if begun else None
        if found is None:
            continue
        depth = min(len(found[2]) // 2, _DEEPEST)
        module = Module(found[3].decode("utf-8", "replace"), int(found[1]) / 1000)
        children: list[Module] = []
        while pending and pending[-1][0] > depth:
            children.append(pending.pop()[1])
        children.reverse()
        # A package is imported for its submodule, but it is no part of that.
        above = [child for child in children if module.name.startswith(f"{child.name}.")]
        module.children = [child for child in children if child not in above]
        module.add_up()
        pending += [(depth, one) for one in (*above, module)]
    return [module for _, module in pending], begun
