"""The emulator, and the proxy before it that adds latency and counts requests.

The emulator is moto in a process of its own. The proxy runs in a thread: it listens twice, in the
clear and with TLS, keeps connections open as AWS does, and counts connections and requests.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import ipaddress
import json
import re
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_END = b"\r\n\r\n"
_CHUNK = 65536  # bytes
_TESTS = Path(__file__).resolve().parents[2] / "tests" / "equivalence"  # which start real databases too


@contextlib.contextmanager
def emulator() -> Iterator[int]:
    """The port of a running moto server, which ends with the block."""
    command = [sys.executable, str(Path(__file__).resolve()), "--serve"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


def _serve() -> None:
    """What the emulator's process runs: moto, and beside it an HTTP API that isn't Amazon's."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Handler(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else head and body of an answer wait 40 ms for each other

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            pass

    amazon = DomainDispatcherApplication(create_backend_app)

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith("/plain/"):
            return amazon(environ, start_response)  # type: ignore[no-any-return]
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        body = json.dumps({"access_token": "t" * 40, "expires_in": 3600, "state": "paid"}).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


@dataclass
class Proxy:
    """What the proxy adds and has counted; `latency` (in seconds) may be set at any time."""

    backend: int
    certificate: Path
    latency: float = 0.0
    requests: int = 0
    connections: int = 0
    port: int = 0
    tls_port: int = 0
    database: int = 0  # the port of the database, where one runs
    database_port: int = 0

    def reset(self) -> None:
        self.requests = self.connections = 0

    async def listen(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        clear = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        secure = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=context)
        sql = await asyncio.start_server(self._pipe, "127.0.0.1", 0)
        self.port, self.tls_port, self.database_port = (one.sockets[0].getsockname()[1] for one in (clear, secure, sql))

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        # Cancelled is only when all ends; told further, Python 3.11 writes it to standard error.
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError):
            while True:
                head = await reader.readuntil(_END)
                request = head + await reader.readexactly(_length(head))
                self.requests += 1
                await asyncio.sleep(self.latency)
                writer.write(await self._ask(request))
                await writer.drain()
        writer.close()

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A connection to the database. What the client sends at once counts as a request, and comes late."""
        self.connections += 1
        from_database, to_database = await asyncio.open_connection("127.0.0.1", self.database)
        answers = asyncio.ensure_future(_copied(from_database, writer))
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            while sent := await reader.read(_CHUNK):
                self.requests += 1
                await asyncio.sleep(self.latency)
                to_database.write(sent)
                await to_database.drain()
        to_database.close()
        answers.cancel()
        writer.close()

    async def _ask(self, request: bytes) -> bytes:
        """The emulator's answer. It closes each connection, which is kept from the client."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.backend)
        writer.write(request)
        head, _, body = (await reader.read()).partition(_END)
        writer.close()
        lines = [line for line in head.split(b"\r\n") if line.lower() != b"connection: close"]
        return b"\r\n".join(lines) + _END + body


async def _copied(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while found := await reader.read(_CHUNK):
            writer.write(found)
            await writer.drain()


def _length(head: bytes) -> int:
    """The length of the body that a request's head announces."""
    found = re.search(rb"(?im)^content-length:[ ]*([0-9]+)", head)
    return int(found[1]) if found else 0


async def _end_tasks() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@contextlib.contextmanager
def database() -> Iterator[int]:
    """The port of a PostgreSQL server with a table of prices, which ends with the block."""
    sys.path.insert(0, str(_TESTS))
    from databases import PostgreSQL

    server = PostgreSQL()
    try:
        server.execute("CREATE TABLE products AS SELECT 'p' || n AS id, n AS price FROM generate_series(1, 5000) AS n")
        server.execute("CREATE UNIQUE INDEX ON products (id)")
        yield server.port
    finally:
        server.stop()


@contextlib.contextmanager
def proxy(backend: int, folder: Path) -> Iterator[Proxy]:
    """A running proxy before the port `backend`; its certificates are written to `folder`."""
    made = Proxy(backend, certificate(folder))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(made.listen(), loop).result(10)
    try:
        yield made
    finally:
        asyncio.run_coroutine_threadsafe(_end_tasks(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


def bundle(folder: Path) -> Path:
    """A CA bundle as clients have it, with the proxy's own certificate added: loading it costs what it costs."""
    import certifi

    path = folder / "bundle.pem"
    path.write_text(Path(certifi.where()).read_text("utf-8") + (folder / "ca.pem").read_text("utf-8"), "utf-8")
    return path


def certificate(folder: Path) -> Path:
    """A new self-signed certificate for localhost with its key; `ca.pem` beside it is the certificate alone."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "ca.pem").write_bytes(public)
    path = folder / "server.pem"
    path.write_bytes(private + public)
    return path


if __name__ == "__main__" and "--serve" in sys.argv:
    _serve()
