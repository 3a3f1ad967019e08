"""All pages of a read in place of the first."""

from __future__ import annotations

import libcst as cst

from lambdalint.findings import Safety
from lambdalint.fixing.requests import FixRequest, Replace
from lambdalint.semantics.model import Model
from lambdalint.semantics.pages import FirstPage


def all_pages(model: Model, found: FirstPage) -> FixRequest | None:
    """Ask the operation's paginator and put the pages together; None where the code can't show how.

    botocore's `build_full_result` joins the fields that hold results; of the other fields only a
    few are kept, so nothing else of the answer may be read. A `Table` asks through its client,
    which keeps plain values.
    """
    aws = found.aws
    node = model.node(aws.call)
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute):
        return None
    if not aws.uses.keys <= set(found.paging.result_keys):
        return None
    arguments = list(node.args)
    client: cst.BaseExpression = node.func.value
    if aws.face == "resource":
        if aws.kind != "Table" or not isinstance(client, cst.Name):
            return None
        name = cst.Arg(
            cst.Attribute(client, cst.Name("name")),
            keyword=cst.Name("TableName"),
            equal=cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace("")),
            comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")) if arguments else cst.MaybeSentinel.DEFAULT,
        )
        arguments.insert(0, name)
        client = cst.Attribute(cst.Attribute(client, cst.Name("meta")), cst.Name("client"))
    paginator = cst.Call(
        cst.Attribute(client, cst.Name("get_paginator")), [cst.Arg(cst.SimpleString(f'"{aws.operation}"'))]
    )
    pages = node.with_changes(func=cst.Attribute(paginator, cst.Name("paginate")), args=arguments)
    whole = cst.Call(cst.Attribute(pages, cst.Name("build_full_result")))
    return FixRequest(
        (Replace(node, whole),),
        Safety.UNSAFE,
        "Ask for all pages",
    )
