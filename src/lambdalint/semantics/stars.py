"""SQL that asks for all columns."""

from __future__ import annotations

from msgspec import Struct

from lambdalint.semantics import ir, queries, sql
from lambdalint.semantics.core import Core


class StarSelect(Struct, frozen=True):
    """`call` is given a text that selects `star` (`*`, `v.*`); `text` is the expression that it was written as."""

    call: ir.Call
    star: str
    text: ir.Expr


def star_select(model: Core, call: ir.Call) -> StarSelect | None:
    """The text with a star in its outer list that a call sends, or hands to a function that does."""
    sent = sql.sql_call(model, call)
    given = [sent.statement] if sent is not None else [value for _, value in sql.sends_what_it_is_given(model, call)]
    for statement in given:
        if sql.parameter(statement) is None:  # what a function was given is its callers' text
            text = sql.text_of(model.project.evaluator, statement)
            star = queries.star(text) if "*" in text else ""
            if star:
                return StarSelect(call, star, _written(statement))
    return None


def _written(statement: ir.Expr) -> ir.Expr:
    """What a name stands for, so that a text that is sent twice is one text."""
    binding = statement.scope.lookup(statement.id) if isinstance(statement, ir.Name) else None
    if binding is None or len(binding.definitions) != 1:
        return statement
    return binding.definitions[0].value or statement
