"""LMB311: the handler is a coroutine, which nobody awaits."""

from __future__ import annotations

import libcst as cst

from lambdalint.fixing.coroutines import run_by_handler
from lambdalint.rules.base import Bad, Good, Rule, Safety


class AsyncHandler(Rule):
    """Lambda's Python runtime calls an `async def` handler, gets a coroutine, and never runs it.

    ## What it costs
    Every invocation: none of the handler's code runs. The runtime can't turn the coroutine into
    JSON and ends the invocation with `Runtime.MarshalError`; an asynchronous caller tries again,
    twice, and is billed for each.

    ## What to do
    A plain `def` as the handler that runs the coroutine with `asyncio.run`. Asynchronous clients
    belong to the event loop that they were made in: make them inside the coroutine, or keep one
    loop at module scope.

    ## When to ignore
    Left alone are handlers that something of the project calls or puts a decorator around,
    endpoints that a framework or Mangum awaits, functions whose deployment starts another runtime
    (a wrapper script, a `bootstrap`, a container's command), and names that no deployment declares
    and that only look like a handler's.

    ## Fix safety
    Unsafe: what is kept at module scope and belongs to an event loop breaks with a loop of its own
    for each invocation. Offered where nothing else asks for the coroutine by its name.

    ## Sources
    AWS Lambda developer guide: Python handler. awslambdaric (the runtime's client), bootstrap.py:
    the handler's result goes to `json.dumps`. Python library reference: asyncio.run.
    """

    code = "LMB311"
    name = "async-handler"
    problem = "{handler} is a coroutine, which Lambda's Python runtime calls but doesn't await"
    remedy = "make the handler a plain function that runs it with asyncio.run"
    safety = Safety.UNSAFE
    since = "0.1.0"
    examples = (
        Bad(
            """\
import asyncio


async def lambda_handler(event, context):
    await asyncio.sleep(0)
    return event["name"]
""",
            fixed="""\
import asyncio


async def _lambda_handler_async(event, context):
    await asyncio.sleep(0)
    return event["name"]


def lambda_handler(event, context):
    return asyncio.run(_lambda_handler_async(event, context))
""",
        ),
        Good(
            """\
from fastapi import FastAPI
from mangum import Mangum

app = FastAPI()
handler = Mangum(app)


@app.get("/health")
async def health():
    return {"status": "ok"}
""",
            why="Mangum runs the event loop",
        ),
    )

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        handler = self.model.async_handler(node)
        if handler is not None:
            self.report(
                node.name,
                handler=handler.name,
                cost="none of its code runs, every invocation fails",
                fix=run_by_handler(self.model, node),
            )
