"""Coroutines: what runs beside what, what blocks, what is awaited in turn, and handlers that nobody awaits."""

from __future__ import annotations

import pytest
from notation import case, files_of, look, project_of

from lambdalint.deployment import DeployedFunction
from lambdalint.knowledge import concurrency, tables
from lambdalint.semantics import ir
from lambdalint.semantics.async_handlers import async_handler
from lambdalint.semantics.awaits import awaited_in_turn
from lambdalint.semantics.blocking import blocking_call
from lambdalint.semantics.model import Model
from lambdalint.semantics.tasks import runs_beside

# --- what runs beside others ----------------------------------------------------------------------

STARTED = """
async def one(k):
    return k  #? k
async def other(k):
    return k
async def outer(k):
    return await one(k)
async def work(event):
{body}
def lambda_handler(event, context):
    return asyncio.run(work(event))
"""
BESIDE = [
    case("two arguments of gather", "await asyncio.gather(one(1), other(1))", True),
    case("one argument of gather", "await asyncio.gather(one(1))", False),
    case("a list of one", "await asyncio.gather(*[one(1)])", False),
    case("one per item", "await asyncio.gather(*[one(k) for k in event])", True),
    case("one per item of a generator", "await asyncio.gather(*(one(k) for k in event))", True),
    case("map", "await asyncio.gather(*map(one, event))", True),
    case("list of map", "await asyncio.gather(*list(map(one, event)))", True),
    case("by a name", "found = [one(k) for k in event]\nawait asyncio.gather(*found)", True),
    case("names of their own", "a = one(1)\nb = other(2)\nawait asyncio.gather(a, b)", True),
    case("a name that is awaited", "a = one(1)\nawait a", False),
    case("appended", "t = []\nfor k in event:\n    t.append(one(k))\nawait asyncio.gather(*t)", True),
    case("appended once", "t = []\nt.append(one(1))\nawait asyncio.gather(*t)", False),
    case("appended twice", "t = []\nt.append(one(1))\nt.append(other(1))\nawait asyncio.gather(*t)", True),
    case("with a time limit", "await asyncio.gather(*[asyncio.wait_for(one(k), 3) for k in event])", True),
    case("as they complete", "for t in asyncio.as_completed([one(k) for k in event]):\n    await t", True),
    case("waited for", "await asyncio.wait([asyncio.create_task(one(k)) for k in event])", True),
    case("two tasks", "a = asyncio.create_task(one(1))\nb = asyncio.create_task(other(1))\nawait a\nawait b", True),
    case("a task after another", "a = asyncio.create_task(one(1))\nawait a\nb = asyncio.create_task(other(1))", False),
    case("a task for each", "for k in event:\n    asyncio.create_task(one(k))", True),
    case("a task for each, awaited", "for k in event:\n    await asyncio.create_task(one(k))", False),
    case(
        "a task for each, awaited by name", "for k in event:\n    t = asyncio.create_task(one(k))\n    await t", False
    ),
    case(
        "a task group", "async with asyncio.TaskGroup() as g:\n    for k in event:\n        g.create_task(one(k))", True
    ),
    case("a task group of one", "async with asyncio.TaskGroup() as g:\n    g.create_task(one(1))", False),
    case(
        "of the running loop", "loop = asyncio.get_running_loop()\nfor k in event:\n    loop.create_task(one(k))", True
    ),
    case("what awaits it runs beside others", "await asyncio.gather(*[outer(k) for k in event])", True),
    case("in turn", "await one(1)\nawait other(1)", False),
    case("a list that nobody waits for", "t = [one(k) for k in event]\nprint(t)", False),
    case("names in a circle", "a = one(1)\nb = a\na = b\nawait asyncio.sleep(0)", False),
]


@pytest.mark.parametrize(("body", "expected"), BESIDE)
def test_what_runs_beside_others(body: str, expected: bool) -> None:
    indented = "\n".join(f"    {line}" for line in body.split("\n"))
    place = look(STARTED.replace("{body}", indented))
    function = place.model.function(place.node)
    assert function is not None
    assert runs_beside(place.model, function) is expected


# --- what blocks ------------------------------------------------------------------------------------

BLOCKING = [
    case("client", "s3.get_object(Bucket='b', Key=k)  #?", "s3.get_object"),
    case("client of a session", "boto3.Session().client('s3').get_object(Key=k)  #?", "get_object"),
    case("table", "boto3.resource('dynamodb').Table('t').get_item(Key=k)  #?", "get_item"),
    case("requests", "requests.get(k)  #?", "requests.get"),
    case("session of requests", "requests.Session().post(k)  #?", "post"),
    case("synchronous httpx", "httpx.get(k)  #?", "httpx.get"),
    case("sleep", "time.sleep(1)  #?", "time.sleep"),
    case("helper", "helper(k)  #?", "s3.head_object"),
    case("helper of a helper", "deep(k)  #?", "s3.head_object"),
    case("cached helper", "cached(k)  #?", ""),
    case("helper that needn't ask", "after_failure(k)  #?", ""),
    case("in a thread", "await asyncio.to_thread(s3.get_object, Bucket='b', Key=k)  #?", ""),
    case("helper in a thread", "await asyncio.to_thread(helper, k)  #?", ""),
    case("in an executor", "await asyncio.get_running_loop().run_in_executor(None, helper, k)  #?", ""),
    case("presigned", "s3.generate_presigned_url('get_object', Params=k)  #?", ""),
    case("awaited", "await s3.get_object(Bucket='b', Key=k)  #?", ""),
    case("asynchronous httpx", "httpx.AsyncClient().get(k)  #?", ""),
    case("asynchronous client", "aioboto3.Session().client('s3').get_object(Key=k)  #?", ""),
    case("unknown object", "k.get_object(Key=1)  #?", ""),
    case("asynchronous sleep", "asyncio.sleep(1)  #?", ""),
    case("after a failure", "try:\n    k()\nexcept OSError:\n    s3.get_object(Key=k)  #?", ""),
]
BLOCKED = """
import aioboto3
s3 = boto3.client("s3")
def helper(k):
    return s3.head_object(Bucket="b", Key=k)
def deep(k):
    return [helper(k)]
@functools.cache
def cached(k):
    return s3.head_object(Bucket="b", Key=k)
def after_failure(k):
    try:
        return k.known
    except KeyError:
        return helper(k)
async def one(k):
{body}
def lambda_handler(event, context):
    return asyncio.run(work(event))
async def work(event):
    {start}
"""
TOGETHER = "return await asyncio.gather(*[one(k) for k in event])"


def held(body: str, start: str = TOGETHER) -> str:
    indented = "\n".join(f"    {line}" for line in body.split("\n"))
    place = look(BLOCKED.replace("{body}", indented).replace("{start}", start))
    assert isinstance(place.node, ir.Call)
    call = place.node
    if isinstance(call.parent, ir.Call) and not body.startswith("await"):
        call = call.parent
    found = blocking_call(place.model, call)
    return found.asked if found is not None else ""


@pytest.mark.parametrize(("body", "expected"), BLOCKING)
def test_what_blocks(body: str, expected: str) -> None:
    assert held(body) == expected


def test_nothing_is_blocked_where_nothing_runs_beside() -> None:
    assert held("s3.get_object(Bucket='b', Key=k)  #?", "return [await one(k) for k in event]") == ""


def test_a_plain_function_blocks_no_event_loop() -> None:
    place = look("s3 = boto3.client('s3')\ndef lambda_handler(event, context):\n    s3.get_object(Key=event)  #?")
    assert isinstance(place.node, ir.Call)
    assert blocking_call(place.model, place.node) is None


# --- what is run in a thread -------------------------------------------------------------------------

THREADED = [
    case("function", "await asyncio.to_thread(helper, k)  #?", "read"),
    case("operation", "await asyncio.to_thread(s3.get_object, Key=k)  #?", "read"),
    case("write", "await asyncio.to_thread(s3.put_object, Key=k)  #?", "write"),
    case("executor", "await asyncio.get_running_loop().run_in_executor(None, helper, k)  #?", "read"),
    case("partial", "await asyncio.to_thread(functools.partial(s3.get_object, Key=k))  #?", "read"),
    case("lambda", "await asyncio.to_thread(lambda: s3.get_object(Key=k))  #?", "read"),
    case("not awaited", "asyncio.to_thread(s3.get_object, Key=k)  #?", "unknown"),
    case("of a pool", "await concurrent.futures.ThreadPoolExecutor().submit(s3.get_object, Key=k)  #?", "unknown"),
    case("unknown function", "await asyncio.to_thread(unbound(k).load, 1)  #?", "unknown"),
]


@pytest.mark.parametrize(("body", "expected"), THREADED)
def test_what_a_thread_does_is_what_awaiting_it_does(body: str, expected: str) -> None:
    assert look(BLOCKED.replace("{body}", f"    {body}").replace("{start}", TOGETHER)).effect == expected


# --- what is awaited in turn ---------------------------------------------------------------------------

GET = "await s3.head_object(Bucket='b', Key=event[{}])"
A, B = GET.format(1), GET.format(2)
IN_TURN = [
    case("two", f"a = {A}\nb = {B}", "run 2"),
    case("three", f"a = {A}\nb = {B}\nc = await sqs.get_queue_attributes(QueueUrl=event)", "run 3"),
    case("computing in between", f"a = {A}\nk = event['k'].lower()\nb = {B}", "run 2"),
    case("helpers", "a = await load(s3, 1)\nb = await load(s3, 2)", "run 2"),
    case("threads", "a = await asyncio.to_thread(blocking, 1)\nb = await asyncio.to_thread(blocking, 2)", "run 2"),
    case("helpers that block", "a = await blocked(1)\nb = await blocked(2)", ""),
    case("helpers that raise", "a = await strict(s3, 1)\nb = await strict(s3, 2)", ""),
    case("needs the first", f"a = {A}\nb = await s3.head_object(Bucket='b', Key=a['Metadata']['next'])", ""),
    case("write in between", f"a = {A}\nawait s3.put_object(Key=1)\nb = {B}", ""),
    case("writes", "await s3.put_object(Key=1)\nawait s3.put_object(Key=2)", ""),
    case("early return", f"a = {A}\nif not a:\n    return None\nb = {B}", ""),
    case("sleep in between", f"a = {A}\nawait asyncio.sleep(1)\nb = {B}", ""),
    case("a task in between", f"t = asyncio.create_task(load(s3, 1))\na = {A}\nawait t\nb = {B}", ""),
    case("not awaited", "a = s3.head_object(Key=1)\nb = s3.head_object(Key=2)", ""),
    case("gathered", "a, b = await asyncio.gather(load(s3, 1), load(s3, 2))", ""),
    case("loop", "for k in event:\n    a = await s3.head_object(Bucket='b', Key=k)", "loop 1"),
    case("loop of two", f"for k in event:\n    a = await load(s3, k)\n    b = {GET.format('k')}", "loop 2"),
    case("comprehension", "return [await load(s3, k) for k in event]", "loop 1"),
    case("loop over threads", "for k in event:\n    a = await asyncio.to_thread(blocking, k)", "loop 1"),
    case(
        "loop over operations in threads",
        "for k in event:\n    await asyncio.to_thread(sync.head_object, Key=k)",
        "loop 1",
    ),
    case("loop that blocks", "for k in event:\n    await blocked(k)", ""),
    case("asynchronous loop", "async for k in event:\n    a = await load(s3, k)", ""),
    case("asynchronous comprehension", "return [await load(s3, k) async for k in event]", ""),
    case("loop that stops", "for k in event:\n    a = await load(s3, k)\n    if a:\n        return a", ""),
    case("loop that waits", "for k in event:\n    a = await load(s3, k)\n    await asyncio.sleep(1)", ""),
    case("chained keys", "k = event\nfor _ in event:\n    k = (await s3.head_object(Key=k))['Next']", ""),
    case("loop of two turns", "for k in (1, 2):\n    a = await load(s3, k)", ""),
    case("loop with a write", "for k in event:\n    a = await load(s3, k)\n    await s3.put_object(Key=k)", ""),
    case(
        "one connection",
        "c = await asyncpg.connect(event)\na = await c.fetch('SELECT 1')\nb = await c.fetch('SELECT 2')",
        "",
    ),
]
AWAITED = """
import aioboto3
import asyncpg
session = aioboto3.Session()
sync = boto3.client("s3")
def blocking(k):
    return sync.head_object(Bucket="b", Key=k)
async def blocked(k):
    return sync.head_object(Bucket="b", Key=k)
async def load(s3, k):
    return await s3.head_object(Bucket="b", Key=k)
async def strict(s3, k):
    found = await s3.head_object(Bucket="b", Key=k)
    if not found:
        raise KeyError(k)
    return found
async def work(event):
    async with session.client("s3") as s3, session.client("sqs") as sqs:
{body}
def lambda_handler(event, context):
    return asyncio.run({start})  #?
"""


def turns(body: str, start: str = "work(event)", head: str = "") -> str:
    indented = "\n".join(f"        {line}" for line in body.split("\n"))
    place = look(head + AWAITED.replace("{body}", indented).replace("{start}", start))
    (work,) = [function for function in place.model.module.functions if function.name == "work"]
    found = [("loop" if one.in_loop else "run", len(one.calls)) for one in awaited_in_turn(place.model, work)]
    return ", ".join(f"{kind} {count}" for kind, count in found)


@pytest.mark.parametrize(("body", "expected"), IN_TURN)
def test_what_is_awaited_in_turn(body: str, expected: str) -> None:
    assert turns(body) == expected


def test_coroutines_that_run_beside_others_already() -> None:
    assert turns(f"a = {A}\nb = {B}", "asyncio.gather(*[work(k) for k in event])") == ""
    assert turns("return [await load(s3, k) for k in event]", "asyncio.gather(*[work(k) for k in event])") == ""


def test_modules_that_trace_calls() -> None:
    assert turns(f"a = {A}\nb = {B}", head="import aws_xray_sdk\n") == ""


# --- handlers that are coroutines -----------------------------------------------------------------------

HANDLERS = [
    case("by convention", "async def lambda_handler(event, context): pass", True),
    case("plain", "def lambda_handler(event, context): pass", False),
    case("an asynchronous generator", "async def lambda_handler(event, context):\n    yield 1", False),
    case("plain parameters", "async def process_handler(event, context): pass", True),
    case("other parameters", "async def message_handler(message, ctx): pass", False),
    case("called by another", "async def lambda_handler(event, context): pass\ndef f(e): asyncio.run(lambda_handler(e, None))", False),
    case("run by hand", "async def lambda_handler(event, context): pass\nif __name__ == '__main__':\n    asyncio.run(lambda_handler({}, None))", True),
    case("put into something", "async def lambda_handler(event, context): pass\nlambda_handler = run(lambda_handler)", False),
    case("unknown decorator", "from x import sync\n@sync\nasync def lambda_handler(event, context): pass", False),
    case("own decorator", "def sync(f):\n    return lambda *a: asyncio.run(f(*a))\n@sync\nasync def lambda_handler(event, context): pass", False),
    case("Powertools", "from aws_lambda_powertools import Logger\nlog = Logger()\n@log.inject_lambda_context\nasync def lambda_handler(event, context): pass", True),
    case("a Dockerfile", "async def lambda_handler(event, context): pass\n=== Dockerfile\nCMD python app.py", False),
    case("a route", "from aws_lambda_powertools.event_handler import APIGatewayRestResolver\napp = APIGatewayRestResolver()\n@app.get('/x')\nasync def lambda_handler(event, context): pass", False),
]  # fmt: skip


def is_async_handler(text: str, functions: list[DeployedFunction] | None = None) -> bool:
    project = project_of(files_of(f"=== app.py\n{text}"), functions or [])
    project.modules.load("app.py")
    kept = project.modules.kept["app.py"]
    model = Model(project, kept.lowering, kept.source, kept.tree)
    return any(async_handler(model, function) is not None for function in model.module.functions)


@pytest.mark.parametrize(("text", "expected"), HANDLERS)
def test_which_handlers_nobody_awaits(text: str, expected: bool) -> None:
    assert is_async_handler(text) is expected


def test_declared_handlers() -> None:
    text = "async def entry(request, ctx): pass"
    deployed = DeployedFunction("template.yaml", 3, "F", "app.entry", (".",), "python3.12")
    wrapped = DeployedFunction(
        "template.yaml", 3, "F", "app.entry", (".",), environment=(("AWS_LAMBDA_EXEC_WRAPPER", "/opt/bootstrap"),)
    )
    assert not is_async_handler(text)
    assert is_async_handler(text, [deployed])
    assert not is_async_handler(text, [wrapped])


# --- the table ----------------------------------------------------------------------------------------------


def test_names_are_sorted_and_unique() -> None:
    table = tables.load("concurrency")
    for names in (
        *(table[part]["names"] for part in ("start", "thread", "blocking")),
        *(r["names"] for r in table["join"]),
    ):
        assert names == sorted(set(names))
    assert all(row["source"] for row in (*table["join"], table["start"], table["thread"], table["blocking"]))


def test_a_name_stands_for_what_lies_below_it() -> None:
    assert concurrency.blocks("requests.sessions.Session")
    assert concurrency.blocks("httpx.Client")
    assert not concurrency.blocks("httpx.AsyncClient")
    assert not concurrency.blocks("redis.asyncio.Redis")
