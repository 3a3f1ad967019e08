"""LMB308: something that processes share is made, which Lambda has no shared memory for."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.executors import with_executor
from lambdalint.rules.base import Bad, Good, Rule, Safety


class ProcessPool(Rule):
    """Pools, queues and locks of `multiprocessing` need shared memory, which Lambda doesn't have.

    ## What it costs
    The call raises `OSError: [Errno 38] Function not implemented`: `/dev/shm` isn't there, and
    semaphores with it. So do `ProcessPoolExecutor` and, since Python 3.8, the `ThreadPool` of
    `multiprocessing.pool`, which makes a lock for processes too.

    ## What to do
    For requests to services use threads: `concurrent.futures.ThreadPoolExecutor`. For computing use
    `multiprocessing.Process` with a `Pipe`, which work, and give the function the memory at which it
    has more than one vCPU (1,769 MB each); or split the work over several invocations.

    ## When to ignore
    `Process`, `Pipe`, `Manager`, `Value` with `lock=False`, and what `multiprocessing.dummy` has
    besides its pool are left alone: they work. So is code that expects the failure
    (`except OSError`), that Lambda never comes to, or that only a local script runs.

    ## Fix safety
    Unsafe: where a task fails, a `ThreadPool` leaves the rest of a chunk undone and raises what
    failed first in time; a `ThreadPoolExecutor` goes on with tasks that have begun, and raises what
    fails first in order. Offered for a `ThreadPool` with nothing done to it but `map` of one
    iterable, `close` and `join`.

    ## Sources
    AWS Compute Blog, "Parallel processing in Python with AWS Lambda". CPython: multiprocessing/pool.py,
    multiprocessing/synchronize.py, concurrent/futures/process.py. Checked by making each of them
    where semaphores fail.
    """

    code = "LMB308"
    name = "process-pool"
    problem = "{what} raises OSError on Lambda, which has no shared memory for it"
    remedy = "{instead}"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
from multiprocessing.pool import ThreadPool

import boto3

s3 = boto3.client("s3")


def size(key):
    return s3.head_object(Bucket="reports", Key=key)["ContentLength"]


def lambda_handler(event, context):
    with ThreadPool(8) as pool:
        sizes = pool.map(size, event["keys"])
    return sum(sizes)
""",
            fixed="""\
from concurrent.futures import ThreadPoolExecutor

import boto3

s3 = boto3.client("s3")


def size(key):
    return s3.head_object(Bucket="reports", Key=key)["ContentLength"]


def lambda_handler(event, context):
    with ThreadPoolExecutor(max_workers=8) as pool:
        sizes = list(pool.map(size, event["keys"]))
    return sum(sizes)
""",
        ),
        Bad(
            """\
from concurrent.futures import ProcessPoolExecutor


def digits(number):
    return len(str(2**number))


def lambda_handler(event, context):
    with ProcessPoolExecutor(max_workers=4) as pool:
        return list(pool.map(digits, event["numbers"]))
"""
        ),
        Good(
            """\
from multiprocessing import Pipe, Process


def work(numbers, end):
    end.send(sum(number**3 for number in numbers))


def lambda_handler(event, context):
    ours, theirs = Pipe()
    process = Process(target=work, args=(event["numbers"], theirs))
    process.start()
    total = ours.recv()
    process.join()
    return total
""",
            why="a pipe needs no shared memory",
        ),
    )

    def visit_Call(self, node: cst.Call) -> None:
        found = self.model.failing_process_call(node)
        if found is not None:
            given = "…" if found.call.args else ""
            self.report(
                node,
                what=f"{self.model.text(node.func)}({given})",
                instead=found.fact.instead,
                fix=with_executor(self.model, found),
            )
