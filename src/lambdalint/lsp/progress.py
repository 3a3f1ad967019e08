"""Work that takes long is told to the user, where the client shows such things."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable
from typing import TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer

Answer = TypeVar("Answer")
LONG = 0.5  # seconds that pass without a word
_numbers = itertools.count(1)


async def told(server: LanguageServer, title: str, work: Awaitable[Answer]) -> Answer:
    """The work's answer; a client is told when it takes long, and then of its end, however that comes."""
    telling = asyncio.ensure_future(_tell(server, title))
    try:
        return await work
    finally:
        telling.cancel()


async def _tell(server: LanguageServer, title: str) -> None:
    await asyncio.sleep(LONG)
    token = f"lambdalint-{next(_numbers)}"
    await server.work_done_progress.create_async(token)
    server.work_done_progress.begin(token, types.WorkDoneProgressBegin(title))
    try:
        await asyncio.Event().wait()
    finally:
        server.work_done_progress.end(token, types.WorkDoneProgressEnd())
