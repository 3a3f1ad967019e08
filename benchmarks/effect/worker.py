"""The process that is measured: imports `app` from the folder given and calls its handler when told to.

One JSON value a line. In: an event. Out: first what the import took, then for each event
`{"wall": ms, "cpu": ms, "result": ...}`.
"""

import importlib
import json
import os
import sys
import time


def main() -> None:
    sys.path.insert(0, sys.argv[1])
    sys.stdin.readline()  # the go-ahead: until then the process is not yet held
    answer, app = _timed(lambda: importlib.import_module("app"))
    _say(answer)
    for line in sys.stdin:
        event = json.loads(line)
        answer, result = _timed(lambda event=event: app.lambda_handler(event, None))
        _say({**answer, "result": result})


def _timed(call):
    wall, cpu = time.perf_counter(), time.process_time()
    result = call()
    return {"cpu": (time.process_time() - cpu) * 1000, "wall": (time.perf_counter() - wall) * 1000}, result


def _say(answer):
    print(json.dumps(answer, default=str), flush=True)


if __name__ == "__main__":
    main()
    os._exit(0)  # threads and clients have nothing to tidy up
