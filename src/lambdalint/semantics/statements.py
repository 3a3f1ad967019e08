"""What a statement in a query language does, as far as its text is known."""

from __future__ import annotations

import re

from lambdalint.knowledge import tables
from lambdalint.semantics import flow, ir
from lambdalint.semantics.addresses import known_text
from lambdalint.semantics.values import Evaluator

READ, WRITE, UNKNOWN = "read", "write", "unknown"
_LEADING = re.compile(r"(?:\s|\(|--[^\n]*\n|/\*.*?\*/)*([A-Za-z]+)", re.DOTALL)
# The verbs of SQL:2016 and of the dialects of PostgreSQL and MySQL.
_READING = {"SELECT", "SHOW", "DESCRIBE", "DESC", "VALUES", "TABLE", "WITH", "EXPLAIN"}
_WRITING = {
    *("INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "UPSERT", "TRUNCATE", "COPY", "LOAD", "CALL", "DO", "LOCK"),
    *("CREATE", "ALTER", "DROP", "RENAME", "COMMENT", "GRANT", "REVOKE", "ANALYZE", "VACUUM", "REFRESH", "REINDEX"),
    *("BEGIN", "START", "COMMIT", "ROLLBACK", "SAVEPOINT", "SET", "USE"),
}
# What makes a statement that begins by reading do more: `SELECT … INTO`, `FOR UPDATE`, a CTE that deletes.
_MORE = re.compile(
    r"\b(?:INTO|INSERT|UPDATE|DELETE|MERGE|REPLACE|ANALYZE|NEXTVAL|SETVAL|FOR\s+(?:KEY\s+)?SHARE|LOCK)\b|;\s*\S",
    re.IGNORECASE,
)
_GRAPHQL = re.compile(r"(?:[\s,]|#[^\n]*\n)*(query|mutation|subscription|fragment|\{)")


def sql_effect(evaluator: Evaluator, statement: ir.Expr | None) -> str:
    """ "read", "write" or "unknown" for an SQL statement that is given as a text or a construct of one."""
    if statement is None:
        return UNKNOWN
    table = tables.load("effects")["sql"]
    whole = statement
    if isinstance(statement, ir.Name):
        found = _grown(evaluator, statement)
        if found is not None:
            return found
    for value in evaluator.evaluate(statement):
        if value.kind == "result" and isinstance(value.origin, ir.Call):
            if value.name in table["reading"]:
                return READ
            if value.name in table["writing"]:
                return WRITE
            if value.name in table["texts"]:
                whole = value.origin.positional(0) or statement
    text = known_text(evaluator, whole).start
    verb = _LEADING.match(text)
    word = verb[1].upper() if verb is not None else ""
    if word in _WRITING:
        return WRITE
    if word not in _READING:
        return UNKNOWN
    if word == "WITH" and not known_text(evaluator, whole).whole:
        return UNKNOWN
    return UNKNOWN if _MORE.search(" ".join([text, *_texts(whole)])) else READ


def _grown(evaluator: Evaluator, name: ir.Name) -> str | None:
    """A statement that is begun by an assignment and goes on with `+=`; None for any other name."""
    binding = name.scope.lookup(name.id)
    definitions = flow.reaching(name, binding) if binding is not None else ()
    if not any(d.kind == "aug" for d in definitions) or any(d.kind not in ("assign", "aug") for d in definitions):
        return None
    begun = [d.value for d in definitions if d.kind == "assign"]
    found = {sql_effect(evaluator, value) if not isinstance(value, ir.Name) else UNKNOWN for value in begun}
    added = " ".join(text for d in definitions if d.kind == "aug" and d.value is not None for text in _texts(d.value))
    if len(found) != 1 or _MORE.search(added):
        return UNKNOWN
    return found.pop()


def _texts(expr: ir.Expr) -> list[str]:
    """The literal texts that an expression is made of."""
    if isinstance(expr, ir.Name):
        return []
    return [p.value for p in ir.walk(expr) if isinstance(p, ir.Const) and isinstance(p.value, str)]


def graphql_effect(evaluator: Evaluator, document: ir.Expr | None) -> str:
    """ "read" for a query, "write" for a mutation, by the document's first operation."""
    if document is None:
        return UNKNOWN
    whole = document
    for value in evaluator.evaluate(document):
        if value.kind == "result" and value.name == "gql.gql" and isinstance(value.origin, ir.Call):
            whole = value.origin.positional(0) or document
    text = known_text(evaluator, whole)
    found = _GRAPHQL.match(text.start)
    if found is None or not text.whole or found[1] in ("fragment", "subscription"):
        return UNKNOWN
    # One document may hold several operations; whoever sends it chooses.
    return WRITE if re.search(r"\bmutation\b", text.start) else READ


def pipeline_effect(evaluator: Evaluator, pipeline: ir.Expr | None) -> str:
    """The effect of a MongoDB aggregation: `$out` and `$merge` write their result."""
    values = evaluator.evaluate(pipeline) if pipeline is not None else frozenset()
    origins = [v.origin for v in values if v.kind == "container" and isinstance(v.origin, ir.Expr)]
    if not origins or len(origins) < len(values):
        return UNKNOWN
    stages = {p.value for origin in origins for p in ir.walk(origin) if isinstance(p, ir.Const)}
    return WRITE if {"$out", "$merge"} & stages else READ
