"""What an SQL text says, read by a parser of SQL; sqlglot is loaded with the first text."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp

# Stands for what isn't known of a text; no SQL that people write has such a name.
UNKNOWN_PART = "lambdalint_unknown"
LENGTH = 10_000  # of a text that is parsed; 0.1 s at worst
# The drivers' own marks for parameters (PEP 249, paramstyle), which aren't SQL: `%s`, `%(name)s`.
_MARKS = re.compile(r"%(?:\(\w+\))?s")


@functools.lru_cache(maxsize=1000)
def parsed(text: str) -> tuple[exp.Expr, ...]:
    """The statements of a text, read as far as they go: its end may be unknown. () for what is no SQL."""
    import logging

    import sqlglot

    if len(text) > LENGTH:
        return ()
    logging.getLogger("sqlglot").setLevel(logging.ERROR)  # it tells of statements that it only knows by name
    dialect = "mysql" if "`" in text else None
    try:
        found = sqlglot.parse(_MARKS.sub("?", text), dialect=dialect, error_level=sqlglot.ErrorLevel.IGNORE)
    except (sqlglot.errors.SqlglotError, RecursionError):
        return ()
    return tuple(statement for statement in found if statement is not None)


def star(text: str) -> str:
    """`*` or `v.*` where a text's first statement selects all columns of a table, else ""."""
    statements = parsed(text)
    return _star_of(statements[0], {}) if statements else ""


def _star_of(query: exp.Expr, ctes: dict[str, bool]) -> str:
    """The star in a query's own list that stands for a table's columns, or ""; `ctes` says which names have one."""
    from sqlglot import exp

    begun = query.args.get("with_")
    for cte in begun.expressions if begun is not None else ():
        ctes = {**ctes, cte.alias: bool(_star_of(cte.this, ctes))}
    match query:
        case exp.Subquery():
            return _star_of(query.this, ctes)
        case exp.SetOperation():
            return _star_of(query.this, ctes) or _star_of(query.expression, ctes)
        case exp.Select():
            stars = [c for c in query.expressions if isinstance(c, (exp.Star, exp.Column)) and c.is_star]
            tables = {source.alias_or_name for source in _sources(query) if _is_table(source, ctes)} if stars else ()
            owners = [column.table if isinstance(column, exp.Column) else "" for column in stars]
            return next((f"{name}.*" if name else "*" for name in owners if (name in tables if name else tables)), "")
        case _:
            return ""


def _sources(query: exp.Select) -> list[exp.Expr]:
    """What a select reads from."""
    begun = query.args.get("from_")
    return [*([begun.this] if begun is not None else []), *(join.this for join in query.args.get("joins") or ())]


def _is_table(source: exp.Expr, ctes: dict[str, bool]) -> bool:
    """Whether a source has the columns of a table, whatever they are, and not those that a query lists."""
    from sqlglot import exp

    if isinstance(source, exp.Subquery):
        return bool(_star_of(source.this, ctes))
    if not isinstance(source, exp.Table) or not isinstance(source.this, exp.Identifier):
        return False  # a function's rows
    return ctes.get(source.name, True)


def takes_one(text: str) -> bool:
    """Whether a text reads or changes what one set of parameters names: no definition, no list of values."""
    from sqlglot import exp

    statements = parsed(text)
    if len(statements) != 1 or not isinstance(statements[0], (exp.Query, exp.DML)):
        return False
    statement = statements[0]
    tables = [table.name for table in statement.find_all(exp.Table)]
    rows = statement.find(exp.Values)
    return (
        bool(tables)
        and not any(UNKNOWN_PART in name for name in tables)
        and statement.find(exp.In, exp.Any) is None
        and (rows is None or len(rows.expressions) == 1)
    )


def reads(text: str) -> bool:
    from sqlglot import exp

    return any(isinstance(statement, exp.Query) for statement in parsed(text))


def answers_a_change(text: str) -> bool:
    """Whether a change gives rows back: `RETURNING id`."""
    from sqlglot import exp

    return any(statement.find(exp.Returning) is not None for statement in parsed(text))


def gives_one_row(text: str) -> bool:
    """Whether a query gives at most one row: `LIMIT 1`, or an aggregate of all rows."""
    from sqlglot import exp

    statements = parsed(text)
    query = statements[0] if statements else None
    if not isinstance(query, exp.Select):
        return False
    limit = query.args.get("limit") or query.args.get("fetch")
    if limit is not None and (limit.expression or limit.args.get("count")) == exp.Literal.number(1):
        return True
    columns = [column.unalias() for column in query.expressions]
    return bool(columns) and all(isinstance(c, exp.AggFunc) for c in columns) and not query.args.get("group")
