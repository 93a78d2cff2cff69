"""A database set up or brought up to this version. What an older version left is saved first, since there is no way back but that copy.

SQLite is copied by its own online back-up, beside the file; PostgreSQL by `pg_dump`, into the folder of back-ups. Neither needs to know the old tables.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from rules.errors import DubanError
from rules.texts import _
from runtime.clock import TIMEZONE
from runtime.database import HEAD, current_revision, reading, upgrade_database
from runtime.database_refusals import refusal_of
from services.backups import tables_in_order
from services.whole_tables import refuse_filled

_LONGEST_DUMP_SECONDS = 6 * 3600


def set_up_database(engine: Engine, folder: Path, at: datetime, *, is_saved: bool = True) -> Path | None:
    """Create the tables or bring them up, and return where the state before an upgrade was saved (in `folder` for PostgreSQL), None where there was none.

    1. What is there is saved, unless the database is new or up to date already. 2. All migrations run in one transaction: one that fails leaves everything as it was.
    Codes: backup-first where it could not be saved, database-newer, database-foreign.
    """
    found = current_revision(engine)
    saved = (
        _saved(engine, folder, f"duban-{found}-{at.astimezone(TIMEZONE):%Y-%m-%d-%H%M%S}")
        if is_saved and found not in (None, HEAD)
        else None
    )
    upgrade_database(engine)
    return saved


def make_ready_to_fill(engine: Engine) -> None:
    """Make the tables in an empty database. Codes: database-foreign for another program's, database-filled for one that holds rows, database-newer."""
    if current_revision(engine) is None:
        with engine.connect() as connection:
            strange = sa.inspect(connection).get_table_names()
        if strange:
            raise DubanError(
                "database-foreign", _("目标数据库里有别的程序的表（{tables}），请另建一个空的数据库").format(tables=strange[0])
            )
    else:
        _refuse_filled(engine)
    upgrade_database(engine)


def _refuse_filled(engine: Engine) -> None:
    """Refuse a database with a row in any table there is, be it of an older version."""
    with reading(engine) as session:
        there = set(sa.inspect(session.connection()).get_table_names())
        refuse_filled(session, [table for table in tables_in_order() if table.name in there])


def _saved(engine: Engine, folder: Path, name: str) -> Path | None:
    if engine.dialect.name == "postgresql":
        return _dumped(engine, folder, name)
    return _copied(engine, name) if engine.url.database else None


def _copied(engine: Engine, name: str) -> Path:
    file = Path(str(engine.url.database))
    place = file.with_name(f"{name}.db")
    unfinished = place.with_name(f".{place.name}.part")
    try:
        unfinished.touch(mode=0o600)
        with _opened(file) as source, _opened(unfinished) as copy:
            source.backup(copy)
            found = copy.execute("PRAGMA quick_check").fetchone()[0]
        if found != "ok":
            raise _backup_first(str(found))
        unfinished.replace(place)
    except (OSError, sqlite3.Error) as error:
        raise refusal_of(error) or _backup_first(str(error)) from None
    finally:
        unfinished.unlink(missing_ok=True)
    return place


def _opened(file: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(file))


def _dumped(engine: Engine, folder: Path, name: str) -> Path:
    program = shutil.which("pg_dump")
    if program is None:
        raise _backup_first(_("没有找到 pg_dump"))
    place = folder / f"{name}.dump"
    unfinished = place.with_name(f".{place.name}.part")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished.touch(mode=0o600)
        run = _run_dump(program, engine, unfinished)
        if run.returncode:
            raise _backup_first(next(iter(run.stderr.strip().splitlines()), f"pg_dump {run.returncode}"))
        unfinished.replace(place)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _backup_first(str(error)) from None
    finally:
        unfinished.unlink(missing_ok=True)
    return place


def _run_dump(program: str, engine: Engine, file: Path) -> subprocess.CompletedProcess[str]:
    from psycopg.conninfo import make_conninfo

    told: dict[str, Any] = dict(engine.dialect.create_connect_args(engine.url)[1])
    # Not among the arguments, which everybody on the machine can read.
    password = {"PGPASSWORD": str(told.pop("password"))} if told.get("password") else {}
    to = make_conninfo(**{key: value for key, value in told.items() if key != "context"})
    arguments = [program, "--format=custom", "--no-password", f"--file={file}", f"--dbname={to}"]
    return subprocess.run(
        arguments, env={**os.environ, **password}, capture_output=True, text=True, timeout=_LONGEST_DUMP_SECONDS, check=False
    )


def _backup_first(why: str) -> DubanError:
    text = _("升级前须先备份，但没有备份成（{why}）；请自己备份好，再运行 duban init --no-backup")
    return DubanError("backup-first", text.format(why=why))
