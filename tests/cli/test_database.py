"""`duban database`, and `duban init` on databases that are old, empty or out of reach."""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import pytest
from alembic import command
from sqlalchemy import Engine

from runtime.database import alembic_config, open_engine
from services.turns import take_turn
from tests.cli.running import Duban
from tests.databases import KIND, about_sqlite, new_database

# Nobody listens there.
NOWHERE = "postgresql://duban:secret@127.0.0.1:1/duban"


def url_of(template: str) -> str:
    return new_database(template).replace("postgresql+psycopg", "postgresql")


def test_a_house_moves_to_postgresql_and_back(house: Duban, postgres_template: str, tmp_path: Path):
    there = url_of(postgres_template)
    copied = house("database", "copy", "--to", there)
    assert (copied.code, copied.err) == (0, "")
    assert {line.rpartition("\t")[2] for line in copied.out.splitlines()[1:] if "\t" in line} == {"相符"}
    assert "DUBAN_DATABASE_URL" in copied.out
    assert house("task", "list", DUBAN_DATABASE_URL=there).out == house("task", "list").out
    assert house("ledger", "verify", DUBAN_DATABASE_URL=there).out == house("ledger", "verify").out
    status = json.loads(house("database", "status", "--json", DUBAN_DATABASE_URL=there).out)
    assert (status["kind"], status["tables"]["task"], status["encoding"]) == ("postgresql", 3, "UTF8")
    assert 0 < status["connections"] <= status["most_connections"]
    back = json.loads(house("database", "copy", "--to", str(tmp_path / "back.db"), "--json", DUBAN_DATABASE_URL=there).out)
    assert {one["table"] for one in back["tables"] if one["sha256"] != one["copied_sha256"]} == set()
    assert house("database", "copy", "--to", there).err.startswith("error[database-filled]")


def test_how_the_database_stands_is_shown(house: Duban):
    told = house("database", "status").out
    assert re.search(rf"{KIND} \d+\.", told)
    assert "task\t3" in told


@pytest.mark.parametrize("arguments", [("plan", "list"), ("init",), ("database", "copy", "--to", NOWHERE)])
def test_a_server_out_of_reach_is_one_line(house: Duban, arguments: tuple[str, ...]):
    to = {} if "copy" in arguments else {"DUBAN_DATABASE_URL": NOWHERE}
    outcome = house(*arguments, **to)
    assert (outcome.code, outcome.err.count("\n")) == (1, 1)
    assert outcome.err.startswith("error[database-unreachable]")
    assert "secret" not in outcome.err


@about_sqlite("what is saved lies beside the file; on PostgreSQL pg_dump saves it, which tests/runtime/test_database.py looks at")
def test_an_upgrade_says_where_it_saved_what_was_there(duban: Duban):
    duban.home.mkdir()
    engine = open_engine(f"sqlite:///{duban.home / 'duban.db'}")
    command.upgrade(alembic_config(engine), "0002")
    engine.dispose()
    first, again = duban("init"), duban("init")
    saved = next(iter(duban.home.glob("duban-0002-*.db")))
    assert str(saved) in first.out
    assert (again.code, str(saved) in again.out) == (0, False)


def test_two_who_set_up_one_empty_server_make_one_administrator(duban: Duban, postgres_template: str):
    url = url_of(postgres_template)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DUBAN_")}
    environment |= {"DUBAN_DATABASE_URL": url, "DUBAN_HOME": str(duban.home)}
    arguments = [sys.executable, "-m", "cli.main", "init"]
    engine = open_engine(url)
    with ThreadPoolExecutor(1) as threads:
        with engine.begin() as held:
            take_turn(held, "migrations")
            other = subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            wait_for_waiting(engine, 1)
            own = threads.submit(duban, "init", DUBAN_DATABASE_URL=url)
            wait_for_waiting(engine, 2)
        out, err = other.communicate(timeout=120)
        mine = own.result()
    engine.dispose()
    assert [(other.returncode, err), (mine.code, mine.err)] == [(0, ""), (0, "")]
    assert sorted("一次性口令" in told for told in (out, mine.out)) == [False, True]


def wait_for_waiting(engine: Engine, count: int) -> None:
    """Wait until so many wait for their turn, which proves that they meet."""
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    for _attempt in range(1_200):
        with engine.connect() as connection:
            if connection.exec_driver_sql(waiting).scalar() == count:
                return
        sleep(0.05)
    raise AssertionError("they do not meet")
