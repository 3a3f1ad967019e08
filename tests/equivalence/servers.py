"""What the handlers talk to: an AWS emulator and an HTTPS server on the loopback interface, and nothing else."""

from __future__ import annotations

import contextlib
import functools
import http.server
import json
import logging
import socket
import ssl
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import boto3
import trustme
from boto3.dynamodb.types import TypeSerializer
from databases import STARTED, Database
from moto.server import ThreadedMotoServer

REGION = "eu-west-1"
_SERIALIZER = TypeSerializer()
_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/nonexistent",
    "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
}
HOSTS = ("api.example.com", "auth.example.com", "rates.example.org")
LATE, LATENESS = "late.example.com", 0.4  # over plain HTTP; seconds until an answer


class World:
    """The servers; one of each for all cases, emptied for each run."""

    def __init__(self, folder: Path) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        self._moto.start()
        self.endpoint = "http://{}:{}".format(*self._moto.get_host_and_port())
        self._web = Web(folder)
        self._late = Late()
        self.environment = {
            **_ENVIRONMENT,
            "AWS_ENDPOINT_URL": self.endpoint,
            "REQUESTS_CA_BUNDLE": str(self._web.bundle),
            "SSL_CERT_FILE": str(self._web.bundle),
        }
        self._session = boto3.Session("testing", "testing", region_name=REGION)
        self._databases: dict[str, Database] = {}

    def fresh(self, needs: str = "") -> Remote:
        """An empty account, and an empty database where one is needed."""
        reset = urllib.request.Request(f"{self.endpoint}/moto-api/reset", method="POST")
        urllib.request.urlopen(reset, timeout=30).close()
        self._web.requests.clear()
        if needs and needs not in self._databases:
            self._databases[needs] = STARTED[needs]()
        database = self._databases[needs] if needs else None
        if database is not None:
            database.clear()
        return Remote(self._session, self.endpoint, self._web, database)

    @contextlib.contextmanager
    def network(self) -> Iterator[None]:
        """No other host can be reached; the names of `HOSTS` mean the HTTPS server, whatever the port."""
        original = socket.getaddrinfo
        ports = {**dict.fromkeys(HOSTS, self._web.port), LATE: self._late.port}

        def local(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
            host = host.decode("ascii") if isinstance(host, bytes) else host
            if host in ports:
                return original("127.0.0.1", ports[host], *args, **kwargs)
            if host not in ("127.0.0.1", "localhost"):
                raise socket.gaierror(f"{host} is not on this machine")
            return original(host, port, *args, **kwargs)

        connect = socket.socket.connect

        def connected(sock: socket.socket, address: Any) -> None:
            # anyio takes no more than the host of what it looks up.
            connect(sock, ("127.0.0.1", self._web.port) if address == ("127.0.0.1", 443) else address)

        with mock.patch.object(socket, "getaddrinfo", local), mock.patch.object(socket.socket, "connect", connected):
            yield

    @contextlib.contextmanager
    def connections(self, note: Callable[[str], object]) -> Iterator[None]:
        """Tell of each TLS connection that the HTTPS server gets."""
        with mock.patch.object(self._web, "connected", note):
            yield

    def stop(self) -> None:
        self._moto.stop()
        for database in self._databases.values():
            database.stop()
        self._web.stop()
        self._late.stop()


class Web:
    """An HTTPS server: it counts visits with a cookie, keeps what is sent to it, and answers in JSON."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        self.bundle = folder / "authority.pem"
        authority.cert_pem.write_to_path(self.bundle)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*HOSTS).configure_cert(context)
        context.sni_callback = self._greeted
        self.requests: list[tuple[str, str, str, str]] = []
        self.connected: Callable[[str], object] = lambda host: None
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def _greeted(self, _: object, host: str, __: object) -> None:
        self.connected(host)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Late:
    """An HTTP server whose answers come late, though they do come: what waits without a limit has to end."""

    def __init__(self) -> None:
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _LateHandler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _LateHandler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        time.sleep(LATENESS)
        with contextlib.suppress(ConnectionError):  # whoever asked may be gone
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"at last")

    def log_message(self, *_: object) -> None:
        """Not on the tests' output."""


def _handler(web: Web) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            cookie = self.headers.get("Cookie") or ""
            web.requests.append((self.command, self.path, body, self.headers.get("Authorization") or ""))
            visits = int(cookie.partition("visits=")[2] or 0) + 1 if self.path.startswith("/visits") else 0
            answer = json.dumps({"path": self.path, "body": body, "visits": visits}).encode()
            self.send_response(404 if self.path.startswith("/missing") else 200)
            if visits:
                self.send_header("Set-Cookie", f"visits={visits}")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
            self.wfile.flush()

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Not on the tests' output."""

    return Handler


class Remote:
    """Makes the remote state of a case, and lists all of it afterwards, through the API."""

    def __init__(self, session: boto3.Session, endpoint: str, web: Web, database: Database | None) -> None:
        self._session = session
        self._endpoint = endpoint
        self._web = web
        self.database = database

    @property
    def environment(self) -> dict[str, str]:
        """The variables that tell a handler where the database is."""
        return self.database.environment if self.database is not None else {}

    def connections(self) -> dict[str, int]:
        """How many connections the database was asked for since it was emptied."""
        return {"database connection": self.database.connections()} if self.database is not None else {}

    def client(self, service: str) -> Any:
        return _client(self._session, service, self._endpoint)

    # --- set-up -------------------------------------------------------------------------

    def table(self, name: str, keys: str, *items: dict[str, Any], index: str = "") -> None:
        """A table whose keys are "id" or "customer day" (all texts), with items; `index` is on such keys, too."""
        dynamodb = self.client("dynamodb")
        extra: dict[str, Any] = {}
        if index:
            projection = {"ProjectionType": "ALL"}
            keyed = {"IndexName": f"by-{index.split()[0]}", "KeySchema": _schema(index), "Projection": projection}
            extra["GlobalSecondaryIndexes"] = [keyed]
        dynamodb.create_table(
            TableName=name,
            KeySchema=_schema(keys),
            AttributeDefinitions=[
                {"AttributeName": key, "AttributeType": "S"} for key in dict.fromkeys([*keys.split(), *index.split()])
            ],
            BillingMode="PAY_PER_REQUEST",
            **extra,
        )
        typed = [{key: _SERIALIZER.serialize(value) for key, value in item.items()} for item in items]
        for start in range(0, len(typed), 25):
            puts = [{"PutRequest": {"Item": item}} for item in typed[start : start + 25]]
            dynamodb.batch_write_item(RequestItems={name: puts})

    def bucket(self, name: str, **objects: str) -> None:
        s3 = self.client("s3")
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        for key, body in objects.items():
            s3.put_object(Bucket=name, Key=key, Body=body.encode())

    def queue(self, name: str, *messages: str) -> None:
        sqs = self.client("sqs")
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
        for message in messages:
            sqs.send_message(QueueUrl=url, MessageBody=message)

    def parameters(self, **values: str) -> None:
        for name, value in values.items():
            self.client("ssm").put_parameter(Name=name, Value=value, Type="String")

    # --- listing ------------------------------------------------------------------------

    def listing(self, ordered: bool = True) -> dict[str, object]:
        """Everything there is, by service; what is empty is left out. Requests stand as they came, or sorted."""
        found = {
            "tables": self._tables(),
            "buckets": self._buckets(),
            "queues": self._queues(),
            "parameters": self._parameters(),
            "database": self.database.content() if self.database is not None else None,
            "requests": list(self._web.requests) if ordered else sorted(self._web.requests),
        }
        return {kind: value for kind, value in found.items() if value}

    def _tables(self) -> dict[str, list[str]]:
        dynamodb = self.client("dynamodb")
        return {
            name: sorted(json.dumps(item, sort_keys=True, default=repr) for item in items)
            for name in dynamodb.list_tables()["TableNames"]
            for items in [dynamodb.get_paginator("scan").paginate(TableName=name).build_full_result()["Items"]]
        }

    def _buckets(self) -> dict[str, dict[str, bytes]]:
        s3 = self.client("s3")
        return {
            name: {
                entry["Key"]: s3.get_object(Bucket=name, Key=entry["Key"])["Body"].read()
                for entry in s3.list_objects_v2(Bucket=name).get("Contents", [])
            }
            for name in (bucket["Name"] for bucket in s3.list_buckets()["Buckets"])
        }

    def _queues(self) -> dict[str, list[str]]:
        sqs = self.client("sqs")
        found: dict[str, list[str]] = {}
        for url in sqs.list_queues().get("QueueUrls", []):
            bodies = found.setdefault(url.rpartition("/")[2], [])
            while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
                bodies += [message["Body"] for message in messages]
        return found

    def _parameters(self) -> dict[str, str]:
        ssm = self.client("ssm")
        names = [one["Name"] for one in ssm.describe_parameters()["Parameters"]]
        return {name: ssm.get_parameter(Name=name)["Parameter"]["Value"] for name in names}


@functools.cache
def _client(session: boto3.Session, service: str, endpoint: str) -> Any:
    return session.client(service, endpoint_url=endpoint)


def _schema(keys: str) -> list[dict[str, str]]:
    return [{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys.split(), ("HASH", "RANGE"), strict=False)]
