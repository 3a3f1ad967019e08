"""Work in processes of their own: each task in one that is forked for it, so that it shares what was read so far.

A task sends what it finds, bit by bit; if its process dies, nothing that it sent before is lost, and whoever
gave the task is told how it ended.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Task = TypeVar("Task")
Send = Callable[[Any], None]


def usable_processors() -> int:
    """How many processors this process may use: as the system was told, and as a container's quota allows."""
    try:
        count = len(os.sched_getaffinity(0))
    except AttributeError:  # not on Linux
        count = os.cpu_count() or 1
    return max(1, min(count, _quota() or count))


def _quota(folder: str = "/sys/fs/cgroup") -> int:
    """The processors that the control group is given, rounded up; 0 where there is no limit."""
    try:
        with open(os.path.join(folder, "cpu.max"), encoding="ascii") as stream:
            quota, period = stream.read().split()
        return 0 if quota == "max" else -(-int(quota) // int(period))
    except (OSError, ValueError, ZeroDivisionError):
        return 0


def can_fork() -> bool:
    """Whether a copy of this process can go on working: no thread holds a lock in it, and it may have children."""
    if sys.platform not in ("linux", "darwin") or threading.active_count() > 1:
        return False
    from multiprocessing import current_process

    return not current_process().daemon


class Pool(Generic[Task]):
    """Up to `jobs` processes at once.

    work: does a task, in its process, and sends what it has to say; receive: gets it, in this process;
    ended: is told that the process of a task has ended before its work, and how ("signal 9"), and gives
    the tasks that are left of it.
    """

    def __init__(
        self,
        jobs: int,
        work: Callable[[Task, Send], None],
        receive: Callable[[Task, Any], None],
        ended: Callable[[Task, str], Iterable[Task]],
    ) -> None:
        self._jobs = jobs
        self._work = work
        self._receive = receive
        self._ended = ended
        self._running: dict[Connection, tuple[Task, BaseProcess]] = {}

    def run(self, tasks: Iterable[Task]) -> None:
        """Do all tasks, the first ones first."""
        from multiprocessing import connection

        waiting = deque(tasks)
        try:
            while waiting or self._running:
                while waiting and len(self._running) < self._jobs:
                    self._start(waiting.popleft())
                for pipe in connection.wait(list(self._running)):
                    waiting.extend(self._hear(pipe))  # type: ignore[arg-type]
        finally:
            for _, process in self._running.values():
                process.kill()
            for _, process in self._running.values():
                process.join()

    def _start(self, task: Task) -> None:
        from multiprocessing import get_context

        context = get_context("fork")
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=self._inside, args=(task, theirs, ours))
        process.start()
        theirs.close()
        self._running[ours] = task, process

    def _inside(self, task: Task, pipe: Connection, other_end: Connection) -> None:
        """What the new process does."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that waits for us is told as well, and ends us
        for open_pipe in (other_end, *self._running):
            open_pipe.close()  # so that a write fails once nobody listens any more
        try:
            self._work(task, lambda message: pipe.send((False, message)))
            pipe.send((True, None))
        except BaseException:  # nobody listens any more, or the work didn't mind its own errors: told by the exit code
            os._exit(1)

    def _hear(self, pipe: Connection) -> Iterable[Task]:
        """Take one message of a process; the tasks that are left where it ended instead."""
        task, process = self._running[pipe]
        try:
            done, message = pipe.recv()
        except (EOFError, OSError):
            process.join()
            self._close(pipe)
            return self._ended(task, _how(process.exitcode))
        if done:
            process.join()
            self._close(pipe)
        else:
            self._receive(task, message)
        return ()

    def _close(self, pipe: Connection) -> None:
        pipe.close()
        del self._running[pipe]


def _how(code: int | None) -> str:
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
