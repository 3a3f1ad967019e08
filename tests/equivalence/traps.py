"""What a fix may trip over, found by trying, and what proves that it copes with it, or isn't made.

A proof is the name of a case ("LMB401: …", of this folder or of tests/fixing), a test ("file::function"), or a
fixture ("LMB402/ok_….py") of something that a rule leaves alone.
"""

from __future__ import annotations

BATCH_GET = {
    "duplicate keys are refused": ("LMB401: a table's items by a list of the event, some twice and some absent",),
    "more than a hundred keys are refused": ("LMB401: more than a hundred keys, of a generator",),
    "no keys at all are refused": ("LMB401: a table's items by a list of the event, some twice and some absent",),
    "absent items are missing in the answer": ("LMB401: an absent item raises where it is asked for",),
    "UnprocessedKeys": (
        "LMB401: keys that DynamoDB leaves unprocessed at first",
        "test_batching_equivalence.py::test_keys_that_stay_unprocessed_raise",
    ),
    "results of a projection without the key can't be told apart": (
        "LMB401: a projection without the key, and a consistent read",
    ),
    "duplicates would be one object": ("LMB401: an item that is asked for twice, and changed inside",),
    "ResponseMetadata and ConsumedCapacity of single items": ("LMB401: the answer's other fields are read",),
    "typed and plain values": ("LMB401: a client with a key of two texts, in a comprehension",),
    "numbers come back in another spelling": (
        "LMB401: typed numbers, whose spelling DynamoDB changes",
        "LMB401: a number in another spelling as a key of plain values",
    ),
    "AWS promises no order": ("test_generated.py::test_each_pattern_by_itself",),
    "a key that is refused": ("LMB401: a key that isn't allowed, behind one whose item is missing",),
}
BATCH_WRITE = {
    "no ConditionExpression, no ReturnValues": (
        "LMB402/ok_condition.py",
        "LMB402/ok_old_values.py",
        "LMB402: what BatchWriteItem can't return",
    ),
    "it returns nothing": ("LMB402/ok_answer_used.py",),
    "a part of the key is missing": ("LMB402: a key that is missing is refused by both",),
    "half of the key keeps one row of three": (
        "LMB402: half of the key is all that the template tells",
        "LMB407: a writer with half of the key",
    ),
    "duplicate keys in a batch": (
        "LMB402: puts, some keys twice: the last one wins",
        "LMB402: the key isn't known, and may come twice",
        "LMB402: puts through a client, some keys twice, among other statements",
        "LMB402: deletes through a client, of keys that are twice there and of one that is empty",
    ),
    "an item's dict that is used again": (
        "LMB402: a dict that others hold as well",
        "LMB402: a list inside the item that grows",
        "LMB402: a part of the item is changed behind the call",
    ),
    "a bad item keeps its batch from being stored": (
        "test_batching_equivalence.py::test_a_bad_item_keeps_its_whole_batch_from_being_stored",
    ),
    "a try for each item catches nothing any more": ("LMB402: a turn that may fail by itself", "LMB402/ok_own_try.py"),
    "a float": ("LMB402: a float is refused by both",),
    "rows aren't seen until they are sent": (
        "LMB402/ok_reads_its_table.py",
        "LMB402: items that come while the table is read",
    ),
    "a failure in the loop's body": ("LMB402: a record without a field: what came before it is stored",),
    "UnprocessedItems": (
        "test_batching_equivalence.py::test_items_that_are_left_over_are_written_again",
        "test_batching_equivalence.py::test_items_that_stay_left_over_raise",
    ),
    "two spellings of one number are one key": ("LMB402: a client's item whose key is a number",),
}
MESSAGES = {
    "more than ten entries, none, and their Ids": (
        "LMB403: messages, of which two hundred kilobytes fit into a request",
        "LMB403: messages to a topic",
        "LMB403: events",
    ),
    "what a request may hold together": (
        "test_batching_equivalence.py::test_no_request_holds_more_than_ten_entries_or_a_quarter_megabyte",
    ),
    "an entry that fails is no exception": (
        "test_batching_equivalence.py::test_an_entry_that_fails_raises",
        "test_batching_equivalence.py::test_records_that_fail_are_sent_again",
        "test_batching_equivalence.py::test_records_that_go_on_failing_raise_what_a_single_one_raises",
    ),
    "the order of a FIFO queue, and the group of each message": (
        "LMB403: messages of several groups, whose order counts",
        "LMB403/ok_strict_order.py",
    ),
    "the MessageId of a single answer": ("LMB403/ok_answer_used.py",),
    "PublishBatch takes topics alone": ("LMB403/ok_phone_numbers.py",),
    "more than 500 records": ("LMB403: records of a stream", "LMB403: records of a delivery stream"),
    "attributes that entries share": ("LMB403: attributes for all turns",),
    "messages that are deleted when they are done": ("LMB403: messages that are removed when they are done",),
    "more than ten names of parameters, their order, duplicates, missing ones": (
        "LMB404: parameters by name, in their order, some twice",
        "LMB404: parameters of a comprehension, still encrypted",
    ),
    "ARNs as names of parameters": (
        "LMB404: names that are ARNs",
        "LMB404: parameters by name, in their order, some twice",
        "test_batching_equivalence.py::test_an_unnamed_secret_is_asked_for_by_itself",
    ),
    "more than a thousand objects, absent ones, duplicates": ("LMB405: objects, some of them not there, one twice",),
}
KEYS = {
    "the keys aren't known": ("LMB501: the keys aren't known",),
    "an empty key is refused": ("LMB501: an empty key, and the order of the items",),
    "a key's attribute in the filter is refused": ("test_generated.py::test_each_pattern_by_itself",),
    "Limit counts before the filter": ("LMB501: a limit, which counts before the filter",),
    "an index without the attributes, and consistent reads of one": (
        "LMB501: indexes that hold the keys alone, and a consistent read",
    ),
    "half of the key isn't enough for get_item": ("LMB501: a filter on the partition key, with another condition",),
    "ScannedCount": ("LMB501: the response's number of items that were read",),
    "a segment": ("LMB501/ok_parallel_scan.py",),
    "the item is on a further page": (
        "LMB501: all pages for the item of one key",
        "LMB501: pages until there are no more, by the documentation's loop",
        "LMB505: several pages",
    ),
}
REUSE = {
    "the emulator is imported after the module": (
        "test_equivalence.py::test_the_emulator_may_be_imported_after_what_was_fixed",
    ),
    "no region at import": (
        "LMB101: the region is known only after the import",
        "LMB101: asked for at module scope, while the region is known only after the import",
    ),
    "tests patch boto3": ("LMB101: the project's tests patch boto3", "LMB102: the tests patch boto3.Session"),
    "the environment is read at import": ("LMB101: a region from the environment, which changes",),
    "hooks that are registered again and again": (
        "LMB101: hooks that are registered on each invocation's client",
        "LMB101: hooks that are registered below a resource",
    ),
    "attributes that a handle keeps": (
        "LMB101: attributes that a handle reads once and keeps",
        "LMB101: attributes of an object that the handler writes",
    ),
    "credentials that expire or change": (
        "LMB101: credentials of another role in the environment",
        "LMB101: credentials that the handler is given for a while",
        "LMB101: the credentials of clients without a region are set by a function",
    ),
    "the name is another function's global": (
        "LMB101: a table below a resource, in two helpers, beside names that are taken",
        "LMB101: the module binds the name of what the getter needs",
    ),
    "a second assignment in the function": ("LMB101: the name of boto3 is bound in the function",),
    "a constant that changes": ("LMB101: a constant that a function assigns",),
    "the default session is another one": ("LMB102: something sets up another default session",),
    "a region that the event names, by a local": ("LMB101: the event names the region, by a local name",),
    "a failure isn't kept": ("LMB101: making it fails, and is tried again by the next invocation",),
    "processes that share a client": ("LMB101: the module starts processes, which can't share a client",),
    "cookies of a session": ("LMB104: cookies that the server sets", "LMB111: cookies that the server sets"),
    "sessions and threads": ("LMB111: in the threads of a pool",),
}
PARSING = {
    "two names for one object, one of which is changed": (
        "LMB201: one of the objects is changed",
        "LMB201: a part of one object is changed under another name",
    ),
    "what runs in between reaches the text's owner by another way": (
        "LMB201: something keeps the event, and code that doesn't name it runs between the parses",
    ),
    "parse_float": ("LMB201: numbers are parsed in another way",),
    "the text is another one by then": (
        "LMB201: the text is assigned in between",
        "LMB201: the text's owner has another name, by which it is changed",
    ),
    "an early return in front of a parse": (
        "LMB201: an early return stands in front of the second parse, and the first is in a branch",
        "LMB201: an early return stands between the parses",
    ),
}
WAITING = {
    "all calls are made even when one fails": (
        "LMB301: both fail: the first in the text is raised",
        "LMB303: the second call fails: all the others are made",
    ),
    "gather raises the first failure in time": ("LMB302: both fail, the second one sooner",),
    "context variables don't reach threads": ("LMB301: a context variable that a helper reads",),
    "traced calls in threads": ("LMB301: traced calls",),
    "resources and sessions may not be shared by threads": (
        "LMB301: tables in plain values: decimals stay decimals",
        "LMB301: a session that the requests share",
        "LMB303: a table, which threads may not share",
    ),
    "more threads than connections": ("LMB309: how many connections a client may keep",),
    "a client of an event loop that is gone": ("LMB311: a client of the module, which belongs to an event loop",),
}
TRAPS = {
    name: proofs
    for group in (BATCH_GET, BATCH_WRITE, MESSAGES, KEYS, REUSE, PARSING, WAITING)
    for name, proofs in group.items()
}
