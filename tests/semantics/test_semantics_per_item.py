"""Loops that wait for one answer per item."""

from __future__ import annotations

import pytest
from notation import case, look

from lambdalint.semantics import ir
from lambdalint.semantics.per_item import per_item

HEAD = "s3.head_object(Bucket='b', Key=k)"
LOOPS = [
    case("read", f"for k in event:\n    {HEAD}  #?", 1),
    case("two reads: the first", f"for k in event:\n    {HEAD}  #?\n    requests.get(k)", 2),
    case("two reads: the second", f"for k in event:\n    {HEAD}\n    requests.get(k)  #?", 0),
    case("inner loop", f"for a in event:\n    for k in a:\n        {HEAD}  #?", 1),
    case(
        "two literal items in a loop",
        "for a in event:\n    for k in ('x', 'y'):\n        s3.head_object(Key=a+k)  #?",
        1,
    ),
    case("two literal items by name", f"keys = ['x', 'y']\nfor k in keys:\n    {HEAD}  #?", 0),
    case("a list that grows", f"keys = ['x']\nkeys.append(event)\nfor k in keys:\n    {HEAD}  #?", 1),
    case("local work beside", f"for k in event:\n    {HEAD}  #?\n    open('/tmp/x')", 1),
    case("work of a library beside", f"import zipfile\nfor k in event:\n    {HEAD}  #?\n    zipfile.ZipFile(k)", 1),
    case("write beside", f"for k in event:\n    {HEAD}  #?\n    s3.put_object(Key=k)", 0),
    case("unknown object beside", f"for k in event:\n    {HEAD}  #?\n    unbound(k).send_it(k)", 0),
    case("unordered write", "for k in event:\n    s3.copy_object(Key=k)  #?", 1),
    case("other write", "for k in event:\n    s3.put_object(Key=k)  #?", 0),
    case(
        "key from the answers that a list holds",
        "found = ['x']\nfor k in event:\n    found.append(s3.head_object(Bucket=found[-1], Key=k))  #? s3.head_object(Bucket=found[-1], Key=k)",
        0,
    ),
    case(
        "key from the answers that a dict holds",
        "found = {}\nfor k in event:\n    found[k] = s3.head_object(Bucket='b', Key=found.get(k, k))  #? s3.head_object(Bucket='b', Key=found.get(k, k))",
        0,
    ),
    case(
        "key from a sum of answers",
        "n = 0\nfor k in event:\n    n += s3.head_object(Bucket='b', Key=f'{k}{n}')['ContentLength']  #?",
        0,
    ),
    case(
        "answers in a list",
        "found = []\nfor k in event:\n    found.append(s3.head_object(Bucket='b', Key=k))  #? s3.head_object(Bucket='b', Key=k)",
        1,
    ),
    case("answers in a dict", "found = {}\nfor k in event:\n    found[k] = s3.head_object(Bucket='b', Key=k)  #?", 1),
    case(
        "former answers decide",
        "n = 0\nfor k in event:\n    if n > 9:\n        continue\n    n += s3.head_object(Bucket='b', Key=k)['Size']  #?",
        0,
    ),
    case(
        "asked for what isn't known yet",
        "found = {}\nfor k in event:\n    if k not in found:\n        found[k] = s3.head_object(Bucket='b', Key=k)  #?",
        1,
    ),
    case(
        "asked for what no answer told of",
        "found = set()\nfor k in event:\n    if k not in found:\n        found.update(s3.head_object(Key=k))  #? s3.head_object(Key=k)",
        0,
    ),
    case(
        "the turn's own dict decides",
        "for k in event:\n    if 'a' in k:\n        k['a'] = s3.head_object(Key=k)  #?",
        1,
    ),
    case(
        "the turn's own name decides",
        "for k in event:\n    n = dict(k)\n    if not n:\n        n['a'] = s3.head_object(Key=k)  #?",
        1,
    ),
    case("only the last one is used", "for k in event:\n    a = s3.head_object(Key=k)  #?\nprint(a)", 0),
    case("each is used", "for k in event:\n    a = s3.head_object(Key=k)  #?\n    print(a)", 1),
    case("result that nobody wants", "for k in event:\n    a = s3.copy_object(Key=k)  #?", 1),
    case("round of a poll", f"while event:\n    for k in event:\n        {HEAD}  #?\n    time.sleep(5)", 0),
    case("the item decides", f"for k in event:\n    if k:\n        {HEAD}  #?", 1),
    case("while", f"k = event\nwhile k:\n    {HEAD}  #?", 0),
    case("no loop", f"k = event\n{HEAD}  #?", 0),
]


@pytest.mark.parametrize(("code", "calls"), LOOPS)
def test_which_loops_ask_once_per_item(code: str, calls: int) -> None:
    lines = "".join(f"    {line}\n" for line in code.split("\n"))
    place = look(f"s3 = boto3.client('s3')\ndef lambda_handler(event, context):\n{lines}")
    assert isinstance(place.node, ir.Call)
    found = per_item(place.model, place.node)
    assert (len(found.all) if found is not None else 0) == calls
