"""Proof of a fix by execution: a handler runs before and after it, and nothing but the number of calls may change.

A case is a project (a handler's module, more files where it needs them), remote state, events, and what is
expected of the rule. The fix is made by the engine as users get it. Each of the two projects is imported afresh
and runs against the same local servers, which are set up anew; compared are the results of all events in their
order, what the events look like afterwards, what is printed and logged, the exceptions, and the remote state.
"""

from __future__ import annotations

import contextlib
import copy
import datetime
import importlib
import io
import logging
import os
import sys
import tokenize
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest import mock

import boto3
from botocore.exceptions import ClientError
from calls import Answers, Calls
from servers import Remote, World

from lambdalint.engine import session
from lambdalint.engine.catalogue import find
from lambdalint.engine.session import Request
from lambdalint.findings import Finding

SAFE, UNSAFE, REFUSED, SILENT = "safe", "unsafe", "refused", "silent"
# What differs from one run to the next, whatever the code does.
VARYING = {"ResponseMetadata", "MessageId", "ReceiptHandle", "LastModified", "VersionId", "LastModifiedDate", "ARN"}
DELETING = ("LMB001", "LMB112", "LMB601")  # what stands beside a deleted line goes with it
CONTEXT = SimpleNamespace(function_name="orders", aws_request_id="1", memory_limit_in_mb="1769")


def _nothing(_: Remote) -> None:
    """No remote state."""


def invoke(module: ModuleType, event: Any) -> Any:
    """What Lambda does."""
    return module.lambda_handler(event, CONTEXT)


@dataclass(frozen=True, eq=False)
class Case:
    """One handler and what must become of it.

    rule, name   whose fix is proven, and what is special about the handler
    expected     SAFE: the safe fixes change it; UNSAFE: only `--unsafe-fixes` do; REFUSED: the rule reports
                 it, and no fix is made; SILENT: the rule has nothing to say
    app          the text of app.py; `files` are further files, by path
    state        makes the remote state; `events` run one after another (the second one meets a warm module)
    calls        what is counted: operation or client, with its number before and after the fix. Whatever isn't
                 named must not become more
    raises       the names of the exceptions that events may end with
    differs      a phrase of the page's "Fix safety" that says what changes; then something must have changed
    run          how an event is handed over, where that isn't just a call of the handler
    environment  variables, set (None: taken away) before the module is imported
    answers      answers that take the place of the emulator's
    installed    modules that are installed beside the project, by path
    settings     settings laid over the project's own; `also` names rules that run as well
    needs        the database that it runs against: "redis" or "postgresql"
    unordered    requests over HTTPS may come in another order
    """

    rule: str
    name: str
    expected: str
    app: str
    events: Sequence[Any] = ({},)
    state: Callable[[Remote], None] = _nothing
    calls: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    raises: tuple[str, ...] = ()
    differs: str = ""
    run: Callable[[ModuleType, Any], Any] = invoke
    environment: Mapping[str, str | None] = field(default_factory=dict)
    answers: Callable[[], Answers] = dict
    files: Mapping[str, str] = field(default_factory=dict)
    installed: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    unordered: bool = False
    needs: str = ""
    also: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.rule}: {self.name}"


@dataclass
class Ran:
    """What can be seen of a run from outside; `calls` is the number of calls by operation."""

    results: list[object]
    remote: object
    calls: dict[str, int]
    raised: set[str]


def prove(case: Case, folder: Path, world: World) -> None:
    """Fail unless the rule's fix does what the case says, and keeps the handler's behaviour."""
    before, after = _project(case, folder / "before"), _project(case, folder / "after")
    change, found = _fix(case, after)
    assert bool(found) == (case.expected != SILENT), found
    assert bool(change) == (case.expected in (SAFE, UNSAFE)), change or [(f.message, f.fix) for f in found]
    if not change:
        return
    if case.rule not in DELETING:
        assert not comments(case.app) - comments((after / "app.py").read_text("utf-8")), change
    original, fixed = _run(case, before, world), _run(case, after, world)
    assert original.raised <= set(case.raises), original.results
    if case.differs:
        assert case.differs in _page(case.rule), "the page has to say so"
        assert (original.results, original.remote) != (fixed.results, fixed.remote), f"nothing differs after\n{change}"
    else:
        assert fixed.results == original.results, change
        assert fixed.remote == original.remote, change
    for what in sorted({*original.calls, *fixed.calls, *case.calls}):
        counts = (original.calls.get(what, 0), fixed.calls.get(what, 0))
        if what in case.calls:
            assert counts == case.calls[what], (what, change)
        else:
            assert counts[1] <= counts[0], (what, counts, change)


# --- the fix ----------------------------------------------------------------------------


def _project(case: Case, folder: Path) -> Path:
    (folder / ".git").mkdir(parents=True)
    for path, text in {"app.py": case.app, **case.files}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    return folder


def _fix(case: Case, folder: Path) -> tuple[str, list[Finding]]:
    """Fix a project in place: the new texts, and the rule's findings before that.

    Where the fix is to be unsafe, the safe ones are made first and may change nothing.
    """
    request = Request((str(folder),), {"select": (case.rule, *case.also), **case.settings})
    if case.expected == UNSAFE:
        safe = session.fix(request, unsafe=False, write=True)
        assert not safe.changed, f"safe fixes make of it\n{_texts(safe)}"
    fixed = session.fix(request, unsafe=case.expected != SAFE, write=True)
    assert not fixed.dropped, fixed.dropped
    found = [finding for finding in (*fixed.applied, *fixed.result.findings) if finding.code == case.rule]
    return _texts(fixed), found


def _texts(fixed: session.Fixed) -> str:
    return "\n".join(text for _, text in fixed.changed.values())


def _page(code: str) -> str:
    entry = find(code)
    assert entry is not None
    return " ".join(dict(entry.sections)["Fix safety"].split())


# --- a run ------------------------------------------------------------------------------


def _run(case: Case, folder: Path, world: World) -> Ran:
    """Run the events in a fresh world."""
    site = folder.parent / "installed"
    for path, text in case.installed.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text, "utf-8")
    remote = world.fresh(case.needs)
    case.state(remote)
    with contextlib.ExitStack() as stack:
        stack.enter_context(world.network())
        stack.enter_context(mock.patch.dict(os.environ, {**world.environment, **remote.environment}))
        for name, value in case.environment.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        calls = stack.enter_context(Calls.counted(world, case.answers()))
        module = stack.enter_context(_imported(folder, site, {path.partition("/")[0] for path in case.installed}))
        outcomes = [_outcome(case, module, copy.deepcopy(event)) for event in case.events]
        made = {**calls.made, **remote.connections(), **{f"import {name}": 1 for name in _from(site)}}
    listing = remote.listing(ordered=not case.unordered)
    assert listing or case.state is _nothing, "there is no remote state to compare"
    return Ran([plain(one) for one, _ in outcomes], plain(listing), made, {name for _, name in outcomes if name})


@contextlib.contextmanager
def _imported(folder: Path, site: Path, installed: set[str]) -> Iterator[ModuleType]:
    """The project's `app`, imported as in a new execution environment; its modules go again afterwards.

    Packages that are `installed` beside it take the place of those that are loaded here.
    """
    hidden = {name: module for name, module in sys.modules.items() if name.partition(".")[0] in installed}
    with (
        mock.patch.object(sys, "path", [str(folder), str(site), *sys.path]),
        mock.patch.object(sys, "dont_write_bytecode", True),
        mock.patch.object(boto3, "DEFAULT_SESSION", None),
        # From 3.12 on, the opener that a process keeps holds the certificates that were trusted when it was made.
        mock.patch.object(urllib.request, "_opener", None),
    ):
        importlib.invalidate_caches()
        for name in hidden:
            del sys.modules[name]
        try:
            yield importlib.import_module("app")
        finally:
            for name in [*_from(folder), *_from(site)]:
                del sys.modules[name]
            sys.modules.update(hidden)


def _from(folder: Path) -> list[str]:
    """The modules that were imported from a folder."""
    return [
        name for name, module in sys.modules.items() if (getattr(module, "__file__", "") or "").startswith(f"{folder}/")
    ]


def _outcome(case: Case, module: ModuleType, event: Any) -> tuple[object, str]:
    """What one event came to, with the name of the exception it ended with, if any."""
    printed, log = io.StringIO(), _Log()
    logging.getLogger().addHandler(log)
    raised, value = "", None
    try:
        with contextlib.redirect_stdout(printed):
            value = case.run(module, event)
    except Exception as error:
        raised = type(error).__name__
        value = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
    finally:
        logging.getLogger().removeHandler(log)
    return (plain(value), raised, plain(event), printed.getvalue(), log.lines), raised


class _Log(logging.Handler):
    """The project's own log: name, level and text of each record."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[str, int, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith(("boto", "urllib3", "werkzeug", "httpx", "httpcore")):
            self.lines.append((record.name, record.levelno, record.getMessage()))


def comments(text: str) -> Counter[str]:
    """The comments of a module."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return Counter(token.string for token in tokens if token.type == tokenize.COMMENT)


def plain(value: Any) -> object:
    """A value as something that can be kept and compared strictly: `1`, `1.0`, `True` and `Decimal(1)` differ."""
    if isinstance(value, Mapping):
        return [(plain(k), "…" if k in VARYING else plain(v)) for k, v in value.items()]
    if isinstance(value, (list, tuple)):
        return (type(value).__name__, [plain(item) for item in value])
    if isinstance(value, (set, frozenset)):
        return (type(value).__name__, sorted(map(repr, value)))
    if isinstance(value, datetime.datetime):
        return "a time"
    return (type(value).__name__, repr(value))
