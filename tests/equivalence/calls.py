"""The calls that a run makes, counted through botocore's own events, and answers in the emulator's place."""

from __future__ import annotations

import contextlib
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from unittest import mock

import botocore.loaders
import botocore.session
from servers import World

# By operation ("dynamodb.BatchGetItem"): the call's number and its request in, the parsed answer out, or None
# for the emulator's own. An answer with `Error` is raised as a ClientError.
Answers = Mapping[str, Callable[[int, Any], "dict[str, Any] | None"]]


_LOADER = botocore.loaders.create_loader()  # one for all sessions: the models are read once


class Calls:
    """Counts sessions ("session"), clients ("s3 client"), operations ("s3.GetObject") and TLS connections."""

    def __init__(self, answers: Answers) -> None:
        self.made: Counter[str] = Counter()
        self._answers = answers
        self._lock = threading.Lock()

    def note(self, what: str) -> int:
        """Count one more, and tell how many there are now."""
        with self._lock:
            self.made[what] += 1
            return self.made[what]

    @classmethod
    @contextlib.contextmanager
    def counted(cls, world: World, answers: Answers) -> Iterator[Calls]:
        """Count what all sessions do that are made within."""
        calls = cls(answers)
        original = botocore.session.Session.__init__

        def watched(self: botocore.session.Session, *args: Any, **kwargs: Any) -> None:
            original(self, *args, **kwargs)
            if "process_request_thread" in threading.current_thread().name:
                return  # the emulator's own
            self.register_component("data_loader", _LOADER)
            calls.note("session")
            self.register("creating-client-class", calls._client)
            self.register("before-call", calls._operation)

        with (
            mock.patch.object(botocore.session.Session, "__init__", watched),
            world.connections(lambda host: calls.note(f"connection {host}")),
        ):
            yield calls

    def _client(self, event_name: str, **_: Any) -> None:
        self.note(f"{event_name.partition('.')[2]} client")

    def _operation(self, model: Any, params: Mapping[str, Any], **_: Any) -> Any:
        name = f"{model.service_model.service_name}.{model.name}"
        number = self.note(name)
        if name not in self._answers:
            return None
        body = params["body"]
        parsed = self._answers[name](number, json.loads(body) if body[:1] == b"{" else body)
        if parsed is None:
            return None
        return mock.Mock(status_code=400 if "Error" in parsed else 200), {"ResponseMetadata": {}, **parsed}
