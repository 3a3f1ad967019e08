"""What the configuration tells the model, in the model's own words."""

from __future__ import annotations

from lambdalint.deployment import DeployedIndex, DeployedTable
from lambdalint.knowledge.facts import FORMS, OwnCall
from lambdalint.semantics.project import Options
from lambdalint.settings import Settings


def options(settings: Settings) -> Options:
    return Options(
        handlers=settings.handlers,
        import_roots=settings.import_roots,
        tables=_tables(settings),
        sparse_indexes=settings.sparse_indexes,
        reuse_style=settings.reuse_style,
        heavy_import_ms=settings.heavy_import_ms,
        calls=_calls(settings),
        line_length=settings.line_length,
    )


def _tables(settings: Settings) -> tuple[DeployedTable, ...]:
    return tuple(
        DeployedTable(
            template="",
            line=0,
            name=table.name,
            table_name=table.name,
            hash_key=table.hash_key,
            range_key=table.range_key,
            indexes=tuple(DeployedIndex(index.name, index.hash_key, index.range_key, "ALL") for index in table.indexes),
        )
        for table in settings.tables
    )


def _calls(settings: Settings) -> tuple[OwnCall, ...]:
    return tuple(
        OwnCall(
            row.name,
            row.kind,
            tuple((member, FORMS[effect]) for member, effect in row.members),
            row.service,
            row.pooled,
            row.asynchronous,
        )
        for row in settings.calls
    )
