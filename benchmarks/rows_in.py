"""Rows into a database as fast as it takes them: executemany on SQLite, COPY on PostgreSQL. The limit that bulk work is held against, and how large houses are made."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import Engine

Rows = Mapping[str, Sequence[Sequence[object]]]


@contextmanager
def rows_in(engine: Engine, columns: Mapping[str, str]) -> Iterator[Callable[[Rows], None]]:
    """Give a function that writes rows by table, `columns` naming each table's in their order. All is committed at the end, in one transaction."""
    connection = engine.raw_connection()
    driver = connection.driver_connection
    assert driver is not None
    write = _copied if engine.dialect.name == "postgresql" else _inserted
    if engine.dialect.name == "sqlite":
        driver.execute("BEGIN IMMEDIATE")
    try:
        yield lambda rows: [write(driver, table, columns[table].split(), some) for table, some in rows.items() if some] and None
        driver.commit()
    finally:
        connection.close()


def _inserted(driver: object, table: str, names: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    marks = ", ".join("?" * len(names))
    driver.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)  # type: ignore[attr-defined]


def _copied(driver: object, table: str, names: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:  # type: ignore[attr-defined]
        for row in rows:
            copy.write_row(row)
