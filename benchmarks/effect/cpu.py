"""Holds a process to the CPU that a Lambda function has at a given memory.

By a private CPU control group (version 1 or 2) where one can be made, else by stopping the process
for the rest of each period. `available` says which.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

FULL_VCPU_MB = 1769
_PERIOD_US = 20_000
_V1, _V2 = Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup")


class Limits:
    """One control group for all memory sizes, or none; `method` names what is used."""

    def __init__(self) -> None:
        self._group = _make(_V1, "cpu.cfs_quota_us") or _make(_V2, "cpu.max")
        version = "" if self._group is None else "1" if (self._group / "cpu.cfs_quota_us").exists() else "2"
        self.method = f"control group v{version}, period 20 ms" if version else "SIGSTOP/SIGCONT, period 20 ms"

    @contextlib.contextmanager
    def held(self, pid: int, memory: int) -> Iterator[None]:
        """The process, held to `memory`/1769 of a CPU while the block runs."""
        share = memory / FULL_VCPU_MB
        if self._group is None:
            with _duty(pid, share):
                yield
            return
        self._set(share)
        (self._group / "cgroup.procs").write_text(str(pid))
        try:
            yield
        finally:
            with contextlib.suppress(OSError):  # it may have ended
                (self._group.parent / "cgroup.procs").write_text(str(pid))

    def _set(self, share: float) -> None:
        assert self._group is not None
        quota = max(int(_PERIOD_US * share), 1000)
        if (self._group / "cpu.max").exists():
            (self._group / "cpu.max").write_text(f"{quota} {_PERIOD_US}")
            return
        (self._group / "cpu.cfs_period_us").write_text(str(_PERIOD_US))
        (self._group / "cpu.cfs_quota_us").write_text(str(quota))

    def close(self) -> None:
        if self._group is not None:
            with contextlib.suppress(OSError):
                self._group.rmdir()
            self._group = None


def _make(top: Path, wanted: str) -> Path | None:
    """A new control group under `top` that has the file `wanted`, or None."""
    group = top / f"lambdalint-effect-{os.getpid()}"
    if not (top / "cgroup.procs").exists():
        return None
    try:
        group.mkdir()
    except OSError:
        return None
    if (group / wanted).exists() and os.access(group / wanted, os.W_OK):
        return group
    group.rmdir()
    return None


@contextlib.contextmanager
def _duty(pid: int, share: float) -> Iterator[None]:
    """Runs the process for `share` of each period, by the clock: what it waits for counts as well."""
    if share >= 1:
        yield
        return
    ended = threading.Event()

    def switch() -> None:
        period = _PERIOD_US / 1e6
        with contextlib.suppress(ProcessLookupError):
            while not ended.is_set():
                os.kill(pid, signal.SIGCONT)
                ended.wait(period * share)
                os.kill(pid, signal.SIGSTOP)
                ended.wait(period * (1 - share))
            os.kill(pid, signal.SIGCONT)

    thread = threading.Thread(target=switch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
