"""Lists handed to a statement as one JSON value, whatever their length: the same on SQLite and PostgreSQL."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa


def ids_in(ids: Iterable[int], *, is_sqlite: bool) -> sa.Select[Any]:
    """Return the query for these ids."""
    said = sa.literal(json.dumps(list(ids)))
    if is_sqlite:
        return sa.select(sa.func.json_each(said).table_valued("value", name="listed").c.value)
    return sa.select(
        sa.cast(sa.func.json_array_elements_text(sa.cast(said, sa.JSON)).table_valued("value", name="listed").c.value, sa.Integer)
    )


def rows_in(alike: Iterable[Mapping[str, Any]], name: str, kinds: Mapping[str, Any], *, is_sqlite: bool) -> Any:
    """Return as a table what rows say: the `id` of each, and columns of these kinds. Days are ISO text, what is not said is NULL.

    Each of `alike` says it once for all its `ids`, so that the list stays short where many rows say the same.
    """
    said = sa.literal(json.dumps(list(alike), separators=(",", ":")))
    table, each = _in_sqlite(said, name, kinds) if is_sqlite else _in_postgresql(said, name, kinds)
    rows = sa.select(sa.cast(each.c.value, sa.Integer).label("id"), *(table.c[column] for column in kinds)).select_from(table)
    # Apart, so that the list is read once and not for every row it is joined to.
    return rows.join(each, sa.true()).offset(0).cte(name)


def _in_sqlite(said: Any, name: str, kinds: Mapping[str, Any]) -> tuple[Any, Any]:
    every = sa.func.json_each(said).table_valued("value", name=f"every_{name}")
    found = {column: sa.func.json_extract(every.c.value, f"$.{column}") for column in ("ids", *kinds)}
    # Days are text in SQLite; a number needs a kind, or no index is made for the join.
    values = [
        (sa.type_coerce(found[column], kind) if isinstance(kind, sa.Date) else sa.cast(found[column], kind)).label(column)
        for column, kind in kinds.items()
    ]
    # Apart, so that what is said of many ids is not looked up for each of them.
    table = sa.select(found["ids"].label("ids"), *values).offset(0).cte(f"alike_{name}")
    return table, sa.func.json_each(table.c.ids).table_valued("value", name=f"each_{name}")


def _in_postgresql(said: Any, name: str, kinds: Mapping[str, Any]) -> tuple[Any, Any]:
    columns = [sa.column("ids", sa.JSON()), *(sa.column(column, kind) for column, kind in kinds.items())]
    table = sa.func.json_to_recordset(sa.cast(said, sa.JSON)).table_valued(*columns, name=f"alike_{name}").render_derived(with_types=True)
    return table, sa.func.json_array_elements_text(table.c.ids).table_valued("value", name=f"each_{name}")
