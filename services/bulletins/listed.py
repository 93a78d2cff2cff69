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


def rows_in(rows: Iterable[Mapping[str, Any]], name: str, kinds: Mapping[str, Any], *, is_sqlite: bool) -> Any:
    """Return rows as a table with columns of these kinds; days are ISO text, what is not said is NULL."""
    said = sa.literal(json.dumps(list(rows)))
    if not is_sqlite:
        columns = [sa.column(column, kind) for column, kind in kinds.items()]
        table = sa.func.json_to_recordset(sa.cast(said, sa.JSON)).table_valued(*columns, name=name)
        return table.render_derived(with_types=True)
    each = sa.func.json_each(said).table_valued("value", name=f"each_{name}")
    found = {column: sa.func.json_extract(each.c.value, f"$.{column}") for column in kinds}
    # Days are text in SQLite; a number needs a kind, or no index is made for the join.
    values = [
        (sa.type_coerce(found[column], kind) if isinstance(kind, sa.Date) else sa.cast(found[column], kind)).label(column)
        for column, kind in kinds.items()
    ]
    # Apart, so that the text is read once and not for every row it is joined to.
    return sa.select(*values).offset(0).cte(name)
