"""A database copied into another one, of either kind: from one snapshot, into an empty database, all of it or nothing, and proven before it counts.

The copy holds what the database holds. Evidence, published files, settings and Prefect's own database are elsewhere and stay where they are.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from models.every import METADATA
from models.ledger import LedgerHead
from rules.errors import DubanError
from rules.texts import _
from runtime.database import reading, refuse_outdated, snapshot, transaction
from runtime.database_refusals import refusal_of, unreachable
from runtime.setting_up import make_ready_to_fill
from services.backups import tables_in_order
from services.ledger import first_break
from services.numbering import number_on
from services.table_sums import Batch, Summing, TableSum, rows_in_order, sum_of
from services.turns import take_turn
from services.whole_tables import refuse_filled

Heads = Sequence[tuple[str, int, str]]


@dataclass(frozen=True)
class TablePair:
    """One table as it was read and as it was found in the copy."""

    source: TableSum
    target: TableSum


@dataclass(frozen=True)
class Copied:
    """A copy that was made: its tables, how many chains of the ledger were proven, and whether anybody wrote in the source meanwhile."""

    tables: tuple[TablePair, ...]
    chain_count: int
    has_source_moved: bool


class CopyDiffersError(DubanError):
    """What was written is not what was read, so nothing was kept; `tables` says where."""

    def __init__(self, tables: tuple[TablePair, ...]) -> None:
        self.tables = tables
        named = _("、").join(pair.source.table for pair in tables if pair.source != pair.target)
        super().__init__("copy-differs", _("复制出来的与原来的不同（{tables}），目标数据库已清空；请检查目标数据库").format(tables=named))


def count_rows(engine: Engine) -> int:
    """Return how many rows all tables have together. Codes as `refuse_outdated`."""
    refuse_outdated(engine)
    with reading(engine) as session:
        return sum(int(session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()) for table in tables_in_order())


def copy_database(source: Engine, target: Engine, tell: Callable[[int], None]) -> Copied:
    """Copy all rows with their numbers. `tell` is told of rows as they are done, each twice: read, and read back.

    1. The target is refused unless it is empty; its tables are made. 2. From one snapshot, in one transaction, the rows go over table by table. 3. In the same
    transaction every table is read back and compared, and the ledger proven. 4. Only then is it kept: whatever breaks off leaves the target without rows.
    Codes: database-filled, database-foreign, database-newer, row-not-storable, copy-differs, ledger-broken.
    """
    refuse_outdated(source)
    make_ready_to_fill(target)
    with snapshot(source) as read, transaction(target) as written:
        heads = _heads(read)
        _wait_with_keys(written)
        take_turn(written, "fill")
        refuse_filled(written, tables_in_order())
        sums = [_copy_table(read, written, table, tell) for table in tables_in_order()]
        pairs = tuple(TablePair(sum_, sum_of(written, table, tell)) for sum_, table in zip(sums, tables_in_order(), strict=True))
        if any(pair.source != pair.target for pair in pairs):
            raise CopyDiffersError(pairs)
        _refuse_broken(written)
        number_on(written, tables_in_order())
    _look_at_statistics(target)
    with reading(source) as session:
        return Copied(pairs, len(heads), _heads(session) != heads)


def _heads(session: Session) -> Heads:
    return session.exec(select(LedgerHead.chain, LedgerHead.seq, LedgerHead.hash).order_by(col(LedgerHead.chain))).all()


def _wait_with_keys(session: Session) -> None:
    """Let rows that point to later ones of their own table be written; PostgreSQL looks at the end of each table anyhow."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sa.text("PRAGMA defer_foreign_keys=ON"))


def _copy_table(read: Session, written: Session, table: sa.Table, tell: Callable[[int], None]) -> TableSum:
    summing = Summing(table.name, tell)
    names = table.columns.keys()
    with rows_in_order(read, table) as batches:
        if written.get_bind().dialect.name == "postgresql":
            _write_at_a_stretch(written, table, summing.over(batches))
        else:
            for rows in summing.over(batches):
                written.execute(sa.insert(table), [dict(zip(names, row, strict=True)) for row in rows])
    return summing.sum


def _write_at_a_stretch(session: Session, table: sa.Table, batches: Iterator[Batch]) -> None:
    """Write rows by PostgreSQL's COPY: forty times as fast as inserting them."""
    connection = session.connection()
    driver: Any = connection.connection.driver_connection
    converters = [column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for column in table.columns]
    names = ", ".join(f'"{name}"' for name in table.columns.keys())  # noqa: SIM118  (a table's columns are no dictionary)
    try:
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
            for rows in batches:
                for row in rows:
                    copy.write_row([value if convert is None else convert(value) for value, convert in zip(row, converters, strict=True)])
    except connection.dialect.loaded_dbapi.Error as error:
        raise _refusal_of_copy(error, table.name, is_cut=driver.closed) from None


def _refusal_of_copy(error: Any, table: str, *, is_cut: bool) -> DubanError:
    refusal = refusal_of(error)
    if refusal is not None or is_cut:
        return refusal or unreachable(error)
    # PostgreSQL counts the rows of a table from 1; what they hold is nobody's business here.
    place = str(error.diag.context or "").partition(",")[2].partition(":")[0].strip()
    text = _("表 {table} 里有目标数据库存不下的内容（{place}：{reason}），没有复制；请在原数据库里改正后再试")
    return DubanError("row-not-storable", text.format(table=table, place=place, reason=error.diag.message_primary or error))


def _refuse_broken(session: Session) -> None:
    broken = first_break(session)
    if broken:
        text = _("原数据库的台账不完整（{chain} 第 {seq} 条），没有复制；请运行 duban ledger verify")
        raise DubanError("ledger-broken", text.format(chain=broken.chain, seq=broken.seq))


def _look_at_statistics(target: Engine) -> None:
    """Let PostgreSQL learn what the tables hold; until then it would plan as if they were empty."""
    if target.dialect.name == "postgresql":
        with target.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in METADATA.tables:
                connection.execute(sa.text(f'ANALYZE "{table}"'))
