"""Rows for every table there is, made from the database's own schema: whatever its columns, keys and constraints are, the database itself says what it takes.

Values are drawn at random (the same each time) until a row is accepted, so a new table or constraint needs nothing here.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from random import Random
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

TRIES = 2_000
Words = Mapping[str, Sequence[Any]]
Given = Mapping[str, Words]
_TEXTS = ("督办", "“引号”与\t制表\n换行 \\ ' \"", "龘㐂𠮷 😀", "x")
_LONG = "长文：" + "全省县级以上人民政府，" * 400
_JSONS: tuple[Any, ...] = ({"b": 1, "a": ["中文", None, 0.1, True], "": {}}, [], [1, "二"], {"乙": "\\u0000 as text", "甲": 1e-7})
# `x IN ('a', 'b')`, and how PostgreSQL gives it back.
_WORDS = re.compile(r"(\w+)\"?\)?(?:::\w+)? (?:IN \(|= ANY \(+ARRAY\[|= (?='))([^)\]]*)")


def fill(engine: Engine, count: int = 3, skipped: Collection[str] = (), given: Given = MappingProxyType({})) -> dict[str, int]:
    """Put `count` rows into every table but the skipped ones; return how many each table holds then.

    `given` are values by table and column that no constraint tells, but that no program ever wrote otherwise.
    """
    metadata = sa.MetaData()
    with engine.connect().execution_options(duban_writes=True) as connection, connection.begin():
        metadata.reflect(connection)
        for column in (column for table in metadata.tables.values() for column in table.columns if isinstance(column.type, sa.JSON)):
            column.type.none_as_null = True
        checks = sa.inspect(connection).get_multi_check_constraints()
        tables = [table for table in metadata.sorted_tables if table.name != "alembic_version"]
        keys: dict[str, list[Any]] = {}
        for table in tables:
            words = _words(checks.get((None, table.name), []))
            keys[table.name] = _keys(connection, table)
            if table.name not in skipped:
                _fill_table(connection, table, {**words, **given.get(table.name, {})}, keys, count)
        return {name: len(found) for name, found in keys.items()}


def _fill_table(connection: Connection, table: sa.Table, words: Words, keys: dict[str, list[Any]], count: int) -> None:
    random = Random(table.name)
    wanted = len(keys[table.name]) + count
    for number in range(TRIES):
        if len(keys[table.name]) == wanted:
            return
        # Full rows first, then rows with more and more that is absent.
        row = {column.name: _value(random, column, words, keys, number / TRIES) for column in table.columns if column.name != "id"}
        try:
            with connection.begin_nested():
                connection.execute(table.insert(), row)
        except sa.exc.IntegrityError:
            continue
        keys[table.name] = _keys(connection, table)
    raise AssertionError(f"no row of {table.name} is accepted")


def _value(random: Random, column: sa.Column[Any], words: Words, keys: Mapping[str, list[Any]], absent: float) -> Any:
    if column.nullable and random.random() < 0.2 + absent:
        return None
    for key in column.foreign_keys:
        return random.choice(keys[key.column.table.name]) if keys[key.column.table.name] else None
    if column.name in words:
        return random.choice(words[column.name])
    return _of_type(random, column.type)


def _of_type(random: Random, kind: sa.types.TypeEngine[Any]) -> Any:
    day = date(2013, 1, 1) + timedelta(random.randrange(300))
    if isinstance(kind, sa.DateTime):
        return datetime(day.year, day.month, day.day, random.randrange(24), 5, 6, random.choice((0, 789_012)), UTC)
    if isinstance(kind, sa.Date):
        return day
    if isinstance(kind, sa.Boolean):
        return random.random() < 0.5
    if isinstance(kind, sa.Float):
        return random.choice((0.1 + 0.2, 12.0, 33.3, 1e-7))
    if isinstance(kind, sa.Integer):
        return random.choice((0, 1, 1, 2, 3, 60, random.randrange(10_000)))
    if isinstance(kind, sa.JSON):
        return random.choice(_JSONS)
    if isinstance(kind, sa.String):
        return _text(random, kind.length)
    raise AssertionError(f"no value for {kind!r}")


def _text(random: Random, length: int | None) -> str:
    if length == 64:
        return sha256(random.randbytes(8)).hexdigest()
    if length is None:
        return random.choice((*_TEXTS, _LONG))
    return f"{random.randrange(10**6):06}{random.choice(_TEXTS)}"[:length]


def _words(checks: list[Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for check in checks:
        for column, among in _WORDS.findall(check["sqltext"]):
            found[column] += [word for word in re.findall(r"'([^']*)'", among) if word not in found[column]]
    return found


def _keys(connection: Connection, table: sa.Table) -> list[Any]:
    return list(connection.execute(sa.select(next(iter(table.primary_key.columns)))).scalars())
