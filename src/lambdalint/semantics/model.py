"""The face that rules see: the shared questions, and one entry for each analysis behind them."""

from __future__ import annotations

from collections.abc import Collection

import libcst as cst

from lambdalint.semantics import (
    async_handlers,
    attributes,
    awaits,
    aws,
    batchable,
    blocking,
    caches,
    connections,
    counts,
    creation,
    dev_imports,
    dynamodb,
    fetched,
    fetches,
    helper_imports,
    importing,
    invariant,
    invokes,
    ir,
    items,
    logged,
    loops,
    loose,
    metadata,
    metrics,
    off_path,
    packaged,
    pages,
    parameters,
    parses,
    parses_across,
    partial,
    patching,
    per_item,
    polling,
    processes,
    query_loops,
    queues,
    rereads,
    rights,
    round_trips,
    sequences,
    setups,
    stars,
    timeouts,
    traffic,
    trivial_use,
    unused,
    writers,
)
from lambdalint.semantics.awaits import InTurn
from lambdalint.semantics.aws import AwsCall
from lambdalint.semantics.batchable import Batchable
from lambdalint.semantics.blocking import Blocking
from lambdalint.semantics.caches import Defeated
from lambdalint.semantics.connections import Crowd
from lambdalint.semantics.core import Core
from lambdalint.semantics.counts import Count
from lambdalint.semantics.creation import Creation
from lambdalint.semantics.dev_imports import DevImport
from lambdalint.semantics.dynamodb import Read
from lambdalint.semantics.fetched import Fetched
from lambdalint.semantics.fetches import Fetch
from lambdalint.semantics.handlers import Handler
from lambdalint.semantics.helper_imports import ByHelper
from lambdalint.semantics.importing import Imported
from lambdalint.semantics.invokes import Invoke
from lambdalint.semantics.items import LoopRead
from lambdalint.semantics.loops import LoopCall
from lambdalint.semantics.loose import LooseRequest
from lambdalint.semantics.metadata import MetadataRead
from lambdalint.semantics.packaged import FileRead
from lambdalint.semantics.pages import FirstPage
from lambdalint.semantics.parameters import Run
from lambdalint.semantics.parses import Parse, Repeat
from lambdalint.semantics.partial import Unchecked
from lambdalint.semantics.patching import PatchedForNothing
from lambdalint.semantics.per_item import PerItem
from lambdalint.semantics.polling import Poll, Sleep
from lambdalint.semantics.processes import Failing
from lambdalint.semantics.query_loops import LoopQuery
from lambdalint.semantics.queues import ShortPoll
from lambdalint.semantics.rereads import Reread
from lambdalint.semantics.round_trips import RoundTrip
from lambdalint.semantics.sequences import Group
from lambdalint.semantics.setups import Setup
from lambdalint.semantics.stars import StarSelect
from lambdalint.semantics.timeouts import Endless
from lambdalint.semantics.traffic import Traffic
from lambdalint.semantics.trivial_use import TrivialUse
from lambdalint.semantics.unused import Unused
from lambdalint.semantics.writers import LoopWriter


class Model(Core):
    """Everything a rule may ask of the file that is checked."""

    def created(self, node: cst.Call, *kinds: str) -> Creation | None:
        """The AWS object ("client", "resource" or "session") that a call makes itself."""
        call = self.call(node)
        return creation.created(self, call, *kinds) if call is not None else None

    def asked_for(self, node: cst.Call) -> Creation | None:
        """The client that a call of a project function asks for by the service's name."""
        call = self.call(node)
        return creation.asked_for(self, call) if call is not None else None

    def fetch(self, node: cst.Call) -> Fetch | None:
        """The token, secret or parameter that a call itself fetches."""
        call = self.call(node)
        return fetches.fetch(self, call) if call is not None else None

    def aws_call(self, node: cst.Call) -> AwsCall | None:
        """The operation of an AWS service that a call asks for itself."""
        call = self.call(node)
        return aws.aws_call(self, call) if call is not None else None

    def loop_call(self, node: cst.Call, wanted: Collection[str] = ()) -> LoopCall | None:
        """The operation (one of `wanted`, `service.operation`) that a call asks for once per item of its loop."""
        call = self.call(node)
        return loops.loop_call(self, call, wanted) if call is not None else None

    def first_page(self, node: cst.Call) -> FirstPage | None:
        """The paged read that a call makes, where nobody asks for the further pages."""
        found = self.aws_call(node)
        return pages.first_page(found) if found is not None else None

    def defeated_cache(self, node: cst.Call | cst.FunctionDef) -> Defeated | None:
        """The cache that a call makes or asks, or that a decorator gives a function, and that can't help
        the next invocation."""
        lowered = self.lowered(node)
        if isinstance(lowered, ir.FunctionDef):
            return caches.of_function(self, lowered.function)
        return caches.of_call(self, lowered) if isinstance(lowered, ir.Call) else None

    def in_defeated_cache(self, node: cst.Call) -> bool:
        """Whether the function around a call is cached in vain, which is the cause then."""
        lowered = self.lowered(node)
        return lowered is not None and caches.around(self, lowered) is not None

    def made_for_defeated_cache(self, node: cst.Call) -> bool:
        """Whether a call's result is handed straight to a cache that is made on every invocation."""
        call = self.call(node)
        return call is not None and caches.made_for(self, call)

    def dynamodb_read(self, node: cst.Call) -> Read | None:
        """The get_item, query or scan that a call makes itself."""
        call = self.call(node)
        return dynamodb.read_of(self, call) if call is not None else None

    def repeated_parses(self, node: cst.FunctionDef) -> list[Repeat]:
        """The JSON texts that a function parses although they were parsed before on its path."""
        lowered = self.lowered(node)
        if not isinstance(lowered, ir.FunctionDef):
            return []
        found = list(parses.repeats(self, lowered.function))
        own = {id(repeat.parse.call) for repeat in found}
        across = parses_across.repeats_across(self, lowered.function)
        return [*found, *(repeat for repeat in across if id(repeat.parse.call) not in own)]

    def parse_in_loop(self, node: cst.Call) -> tuple[Parse, ir.For | ir.While | ir.Comp] | None:
        """A parse that gives the same in every turn of a loop, with the outermost such loop."""
        call = self.call(node)
        parse = parses.parse_of(self, call) if call is not None else None
        loop = parses.invariant_loop(parse) if parse is not None else None
        return (parse, loop) if parse is not None and loop is not None else None

    def sequential_reads(self, node: cst.FunctionDef) -> list[Group]:
        """The groups of reads in a function that wait for one another for nothing."""
        lowered = self.lowered(node)
        if not isinstance(lowered, ir.FunctionDef) or lowered.function not in self.project.reach.hot:
            return []
        return list(sequences.groups(self, lowered.function))

    def item_read_in_loop(self, node: cst.Call) -> LoopRead | None:
        """The `get_item` that a call makes in every turn of a loop."""
        call = self.call(node)
        return items.loop_read(self, call) if call is not None else None

    def imported_at_top_level(self, node: cst.Import | cst.ImportFrom) -> list[Imported]:
        """The outside modules whose cost is known that an import at module scope binds."""
        lowered = self.lowered(node)
        return list(importing.at_top_level(self, lowered)) if isinstance(lowered, ir.Import) else []

    def imported_in_function(self, node: cst.Import | cst.ImportFrom) -> list[Imported]:
        """The outside modules whose cost is known that an import in a function always loads."""
        lowered = self.lowered(node)
        return list(importing.in_function(self, lowered)) if isinstance(lowered, ir.Import) else []

    def always_run(self, node: cst.CSTNode) -> bool:
        """Whether every invocation of some handler runs the function around a node."""
        return off_path.always_run(self, self.function(node))

    def off_path(self, imported: Imported) -> str:
        """Why most invocations don't need an import, or ""."""
        return off_path.off_path(self, imported)

    def warm_start(self, node: cst.CSTNode) -> bool:
        """Whether a deployment keeps initialised environments: SnapStart or provisioned concurrency."""
        deployed = [h.deployed for h in self.project.importing(self.module.path)]
        return any(d is not None and (d.snap_start or d.provisioned) for d in deployed)

    # --- waiting ---------------------------------------------------------------------------

    def asked_per_item(self, node: cst.Call) -> PerItem | None:
        """What a call asks for once per item of its loop, none of which needs another one's answer."""
        call = self.call(node)
        return per_item.per_item(self, call) if call is not None else None

    def poll(self, node: cst.Call) -> Poll | None:
        """The poll that a call is: it asks again and again until an answer suits."""
        call = self.call(node)
        return polling.poll_of(self, call) if call is not None else None

    def sleep(self, node: cst.Call) -> Sleep | None:
        """The wait of a second or more that a call is."""
        call = self.call(node)
        return polling.sleep_of(self, call) if call is not None else None

    # --- batch requests, metrics and SQL ----------------------------------------------------

    def unchecked_batch(self, node: cst.Call) -> Unchecked | None:
        """The request of several entries that a call makes, where nobody looks at those that failed."""
        found = self.aws_call(node)
        return partial.unchecked(found) if found is not None else None

    def metric_call(self, node: cst.Call) -> AwsCall | None:
        """The request that sends metrics to CloudWatch beside a function's work."""
        call = self.call(node)
        return metrics.metric_call(self, call) if call is not None else None

    def star_select(self, node: cst.Call) -> StarSelect | None:
        """The SQL that asks for all columns of a table, where a call is the one that it is passed to."""
        call = self.call(node)
        return stars.star_select(self, call) if call is not None else None

    def query_in_loop(self, node: cst.Call) -> LoopQuery | None:
        """The SQL statement that a call sends for one item of its loop at a time."""
        call = self.call(node)
        return query_loops.query_in_loop(self, call) if call is not None else None

    def all_rows_for_some(self, node: cst.Call) -> Fetched | None:
        """The `fetchall` of a call whose rows are used for the first, or for their number, alone."""
        call = self.call(node)
        return fetched.all_for_some(self, call) if call is not None else None

    # --- set-up, requests and copies (reuse and parsing) ----------------------------------------

    def setup(self, node: cst.Call, group: str) -> Setup | None:
        """The lasting object of a group ("connection", "http", "static") that a call makes itself."""
        call = self.call(node)
        return setups.setup(self, call, group) if call is not None else None

    def packaged_file(self, node: cst.Call) -> FileRead | None:
        """The read of a packaged file that a call is, where its contents are only looked at."""
        call = self.call(node)
        return packaged.file_read(self, call) if call is not None else None

    def loose_request(self, node: cst.Call) -> LooseRequest | None:
        """The HTTP request that a call sends to the same host each time, without a session."""
        call = self.call(node)
        return loose.loose_request(self, call) if call is not None else None

    def unused_client(self, node: cst.Call) -> Unused | None:
        """The client or connection that a call makes for a name that nothing uses."""
        call = self.call(node)
        return unused.unused(self, call) if call is not None else None

    def round_trip(self, node: cst.Call) -> RoundTrip | None:
        """The copy through JSON that a call makes, where nothing needs a copy."""
        call = self.call(node)
        return round_trips.round_trip(self, call) if call is not None else None

    def limited_read(self, node: cst.Call) -> AwsCall | None:
        """The query or scan whose limit is applied before its filter, with nobody going on."""
        found = self.aws_call(node)
        return found if found is not None and pages.limited_before_filter(found) else None

    def count_by_fetch(self, node: cst.Call) -> Count | None:
        """The query or scan that a call makes for the number of its items alone."""
        found = self.aws_call(node)
        return counts.count_by_fetch(found) if found is not None else None

    def repeated_reads(self, node: cst.FunctionDef) -> list[Reread]:
        """The remote reads of a function that were made before with the same arguments."""
        lowered = self.lowered(node)
        return list(rereads.repeated_reads(self, lowered.function)) if isinstance(lowered, ir.FunctionDef) else []

    def read_backs(self, node: cst.FunctionDef) -> list[Reread]:
        """The items that a function gets right after it wrote them."""
        lowered = self.lowered(node)
        return list(rereads.read_backs(self, lowered.function)) if isinstance(lowered, ir.FunctionDef) else []

    def same_read_in_loop(self, node: cst.Call) -> LoopCall | None:
        """The read that a call makes with the same arguments in every turn of its loop."""
        call = self.call(node)
        return rereads.read_in_loop(self, call) if call is not None else None

    def read_then_writes(self, node: cst.FunctionDef) -> list[tuple[Reread, str]]:
        """The items that a function reads only to write them, with what for: "existence" or "value"."""
        lowered = self.lowered(node)
        return list(rereads.read_then_writes(self, lowered.function)) if isinstance(lowered, ir.FunctionDef) else []

    def one_item_query(self, node: cst.Call) -> Read | None:
        """The query that a call makes although it asks for one item by its whole key."""
        read = self.dynamodb_read(node)
        return read if read is not None and pages.asks_for_one_item(read) else None

    def attributes_read(self, node: cst.Call) -> list[str]:
        """The few attributes that are all that is read of the items that a call answers with."""
        found = self.aws_call(node)
        return attributes.attributes_read(found) if found is not None else []

    def reads_only_one(self, node: cst.Call) -> tuple[AwsCall, str] | None:
        """The query of whose items only one is looked at, with which: "first" or "last"."""
        found = self.aws_call(node)
        place = attributes.only_one(found) if found is not None else ""
        return (found, place) if found is not None and place else None

    # --- one request per item (batching) --------------------------------------------------------

    def write_in_loop(self, node: cst.Call) -> Batchable | None:
        """The unconditional `put_item` or `delete_item` that a call makes in every turn of a loop."""
        call = self.call(node)
        return batchable.batchable(self, call, batchable.WRITES) if call is not None else None

    def message_in_loop(self, node: cst.Call) -> Batchable | None:
        """The message, event or record that a call sends in every turn of a loop to the same place."""
        call = self.call(node)
        return batchable.batchable(self, call, batchable.MESSAGES) if call is not None else None

    def object_call_in_loop(self, node: cst.Call) -> Batchable | None:
        """The object of one bucket that a call deletes in every turn of a loop."""
        call = self.call(node)
        return batchable.batchable(self, call, batchable.OBJECTS) if call is not None else None

    def parameter_in_loop(self, node: cst.Call) -> LoopCall | None:
        """The parameter or secret that a call fetches in every turn of a loop."""
        call = self.call(node)
        return parameters.parameter_in_loop(self, call) if call is not None else None

    def parameter_runs(self, node: cst.FunctionDef) -> list[Run]:
        """The runs of three and more parameters or secrets that a function fetches one by one."""
        lowered = self.lowered(node)
        return list(parameters.parameter_runs(self, lowered.function)) if isinstance(lowered, ir.FunctionDef) else []

    def writer_in_loop(self, node: cst.Call) -> LoopWriter | None:
        """The `batch_writer()` that a call opens in every turn of a loop for that turn's items."""
        call = self.call(node)
        return writers.writer_in_loop(self, call) if call is not None else None

    # --- waiting for others -------------------------------------------------------------------

    def synchronous_invoke(self, node: cst.Call) -> Invoke | None:
        """The invocation of another function that a call waits for."""
        call = self.call(node)
        return invokes.synchronous_invoke(self, call) if call is not None else None

    def failing_process_call(self, node: cst.Call) -> Failing | None:
        """What a call makes that needs shared memory between processes, which Lambda doesn't have."""
        call = self.call(node)
        return processes.failing(self, call) if call is not None else None

    def endless_wait(self, node: cst.Call) -> Endless | None:
        """The wait for another host, without a limit, that a call is."""
        call = self.call(node)
        return timeouts.endless(self, call) if call is not None else None

    def crowded_client(self, node: cst.Call) -> Crowd | None:
        """The client with too few connections for the workers of the executor that a call makes."""
        call = self.call(node)
        return connections.crowd(self, call) if call is not None else None

    def traffic(self, handler: ir.Function) -> Traffic | None:
        """What each invocation of a handler asks of other hosts."""
        return traffic.traffic(self, handler)

    # --- coroutines -------------------------------------------------------------------------------

    def sequential_awaits(self, node: cst.FunctionDef) -> list[InTurn]:
        """What a coroutine awaits one after the other for nothing: per item of a loop, or in a run of awaits."""
        lowered = self.lowered(node)
        if not isinstance(lowered, ir.FunctionDef) or lowered.function not in self.project.reach.hot:
            return []
        return list(awaits.awaited_in_turn(self, lowered.function))

    def blocking_call(self, node: cst.Call) -> Blocking | None:
        """What a call in a coroutine waits for while it holds up the coroutines that run beside it."""
        call = self.call(node)
        return blocking.blocking_call(self, call) if call is not None else None

    def async_handler(self, node: cst.FunctionDef) -> Handler | None:
        """The handler that a coroutine is although nothing awaits it."""
        lowered = self.lowered(node)
        return async_handlers.async_handler(self, lowered.function) if isinstance(lowered, ir.FunctionDef) else None

    # --- what an import costs ---------------------------------------------------------------------

    def loaded_by_helpers(self) -> list[ByHelper]:
        """The imports of a handler's file that load, by way of other modules, what the handler has no use for."""
        return list(helper_imports.by_helpers(self))

    def dev_imports(self, node: cst.Import | cst.ImportFrom) -> list[DevImport]:
        """The tools for writing and testing code that an import at module scope loads."""
        lowered = self.lowered(node)
        return list(dev_imports.dev_imports(self, lowered)) if isinstance(lowered, ir.Import) else []

    def trivial_uses(self, node: cst.Import | cst.ImportFrom) -> list[TrivialUse]:
        """The heavy modules that an import at module scope loads for what light ones do as well."""
        lowered = self.lowered(node)
        return list(trivial_use.trivial_uses(self, lowered)) if isinstance(lowered, ir.Import) else []

    def patched_for_nothing(self, node: cst.Call) -> PatchedForNothing | None:
        """The libraries that a call loads only to patch them for tracing."""
        call = self.call(node)
        return patching.patched_for_nothing(self, call) if call is not None else None

    # --- other AWS calls -------------------------------------------------------------------------

    def metadata_read(self, node: cst.Call) -> MetadataRead | None:
        """The object that a call fetches, or lists, for what a head request tells."""
        found = self.aws_call(node)
        return metadata.metadata_read(found) if found is not None else None

    def short_poll(self, node: cst.Call) -> ShortPoll | None:
        """The request for messages that a call makes without waiting for any."""
        found = self.aws_call(node)
        return queues.short_poll(found) if found is not None else None

    def logs_whole_event(self, node: cst.Call) -> bool:
        """Whether a call writes all of the event to the log, at a level that is shown."""
        call = self.call(node)
        return call is not None and logged.logs_whole_event(self, call)

    def logging_decorator(self, node: cst.FunctionDef) -> cst.Call | None:
        """The decorator of a handler that logs each event."""
        lowered = self.lowered(node)
        found = logged.logged_by_decorator(self, lowered.function) if isinstance(lowered, ir.FunctionDef) else None
        decorator = self.node(found) if found is not None else None
        return decorator if isinstance(decorator, cst.Call) else None

    def invariant_read(self, node: cst.Call) -> AwsCall | None:
        """The read that a call makes with the same arguments on every invocation, of what the project doesn't write."""
        call = self.call(node)
        return invariant.invariant_read(self, call) if call is not None else None

    # --- what the function may do ------------------------------------------------------------------

    def right(self, node: cst.Call, old: str, new: str) -> str:
        """What a remedy says, in brackets, of the right to `new` where a call asks for `old`; "" where it has that."""
        call = self.call(node)
        needed = rights.needed(self, call, old, new) if call is not None else ""
        return f" ({needed})" if needed else ""
