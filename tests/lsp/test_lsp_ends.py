"""A client that leaves in the midst of something."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from lsprotocol import types
from stdio_client import PULLS, SECONDS, START, Client

from lambdalint.lsp.messages import make

ENDLESS = f"""
import pathlib
from lambdalint.checkpoints import checkpoint
from lambdalint.lsp.projects import Projects
def check(self, path, buffers):
    pathlib.Path(path + ".begun").touch()
    try:
        while True:
            checkpoint()
    finally:
        pathlib.Path(path + ".ended").touch()
Projects.check = check
{START}
"""


class Gone:
    """The stream to a client that has closed it."""

    def __init__(self) -> None:
        self.tries = 0

    def write(self, data: bytes) -> None:
        self.tries += 1
        raise ValueError("write to closed file")

    def close(self) -> None:
        pass


def test_what_cannot_be_sent_is_not_told_again_and_again() -> None:
    server, gone = make({}), Gone()
    server.protocol.set_writer(gone)
    server.window_show_message(types.ShowMessageParams(types.MessageType.Info, "hello"))
    assert gone.tries == 1


@pytest.fixture
def busy(folder: Path) -> Client:
    """A server in the midst of a check that never ends, with a client that waits for it."""
    client = Client(folder, PULLS, command=[sys.executable, "-c", ENDLESS, "server"])
    client.open("app.py")
    client.begin("textDocument/diagnostic", {"textDocument": {"uri": client.uri("app.py")}})
    wait_for(folder / "app.py.begun")
    return client


def wait_for(file: Path) -> None:
    end = time.monotonic() + SECONDS
    while not file.exists():
        assert time.monotonic() < end, file.name
        time.sleep(0.01)


def test_a_shutdown_gives_up_what_is_being_checked(busy: Client, folder: Path) -> None:
    busy.ask("shutdown", None)
    wait_for(folder / "app.py.ended")
    busy.tell("exit", None)
    assert busy.process.wait(SECONDS) == 0


def test_a_client_that_says_nothing_but_exit(busy: Client) -> None:
    busy.tell("exit", None)
    assert busy.process.wait(SECONDS) == 1  # as the protocol has it
