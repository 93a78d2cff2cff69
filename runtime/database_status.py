"""How the database stands: its kind and version, how large it is, who is connected, and how many rows each table holds. Only looked at."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session

from runtime.database import current_revision, snapshot
from services.backups import tables_in_order


@dataclass(frozen=True)
class DatabaseStatus:
    """What a look at the database found. Connections are counted on PostgreSQL only: those to this database, and how many the server allows in all."""

    kind: str
    version: str
    revision: str | None
    size_bytes: int
    encoding: str
    collation: str
    connections: int | None
    most_connections: int | None
    tables: dict[str, int]


def database_status(engine: Engine) -> DatabaseStatus:
    """Look at a database of this program's version."""
    revision = current_revision(engine)
    with snapshot(engine) as session:
        rows = {table.name: _one(session, sa.select(sa.func.count()).select_from(table)) for table in tables_in_order()}
        if engine.dialect.name == "postgresql":
            return DatabaseStatus("postgresql", *_of_postgresql(session, revision), rows)
        size = _word(session, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        version, encoding = _word(session, "SELECT sqlite_version()"), _word(session, "SELECT encoding FROM pragma_encoding")
        return DatabaseStatus("sqlite", version, revision, size, encoding, "BINARY", None, None, rows)


def _of_postgresql(session: Session, revision: str | None) -> tuple[str, str | None, int, str, str, int, int]:
    return (
        _word(session, "SELECT current_setting('server_version')"),
        revision,
        _word(session, "SELECT pg_database_size(current_database())"),
        _word(session, "SELECT current_setting('server_encoding')"),
        _word(session, "SELECT datcollate FROM pg_database WHERE datname = current_database()"),
        _word(session, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"),
        int(_word(session, "SELECT current_setting('max_connections')")),
    )


def _word(session: Session, statement: str) -> Any:
    return session.execute(sa.text(statement)).scalar_one()


def _one(session: Session, statement: Any) -> int:
    return int(session.execute(statement).scalar_one())
