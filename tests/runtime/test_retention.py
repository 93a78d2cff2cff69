"""The log of who came in is kept for more than 200 days, whatever tidies up and whatever is set: nothing in the program forgets an entry, and the database refuses to."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from models.access import LogIn
from models.account import AccountRole
from models.ledger import LedgerEntry
from rules.access_acts import AccessAct
from rules.access_policy import PROFILES
from runtime.backing_up import restore_backup, write_backup
from runtime.clock import day_of, now
from runtime.context import Context
from runtime.database import open_engine, snapshot, transaction
from runtime.doctor import examine
from runtime.jobs import JOBS, job_named, moment_on, run_here
from runtime.settings import Settings, read_settings
from services.access.access_log import EVERYTHING, Noted, note, read_access_log
from services.access.lock_outs import write_attempt
from services.access.log_ins import end_lapsed
from services.once import forget_old
from tests import builders
from tests.homes import settings_of

# The least of everything that says how much or how long something is kept.
LEAST = {"backup_keep": 1, "session_idle_minutes": 1, "session_hours": 1, "log_level": "error"}
DAYS = (1, 199, 200, 201, 400, 3_000)


def entries(engine: Engine) -> list[tuple[int, str]]:
    with snapshot(engine) as session:
        return [(row.seq, row.address) for row in read_access_log(session, EVERYTHING, None, 100, None) if row.address.startswith("10.")]


def told_long_ago(engine: Engine) -> None:
    for number, days in enumerate(sorted(DAYS, reverse=True)):
        with transaction(engine) as session:
            note(session, Noted(AccessAct.TURNED_AWAY, None, f"10.0.0.{number}", {"path": "GET /tasks"}), now() - timedelta(days=days))


def tidied_up(context: Context) -> None:
    """Everything that removes anything."""
    with transaction(context.engine) as session:
        session.add(LogIn(token_hash="x", form_token="x", account_id=1, address="172.16.0.9", started_at=builders.AT, seen_at=builders.AT))
        forget_old(session, now())
        write_attempt(session, ("x", "172.16.0.9"), now())
        for policy in PROFILES.values():
            end_lapsed(session, policy, now())
    for name in ("seal-ledger", "back-up"):
        run_here(context, job_named(name), moment_on(now().date(), now()))


def test_entries_of_any_age_stay_whatever_tidies_up(engine: Engine, tmp_path: Path) -> None:
    settings = read_settings(home=tmp_path, **LEAST)
    context = Context(settings, engine)
    with transaction(engine) as session:
        builders.people(session)
    told_long_ago(engine)
    before = entries(engine)
    assert len(before) == len(DAYS)
    tidied_up(context)
    assert entries(engine) == before
    for statement in (sa.delete(LedgerEntry), sa.update(LedgerEntry).values(actor="x")):
        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.execute(statement.where(sa.column("chain") == "access"))
    assert entries(engine) == before


def test_a_restored_house_has_them_all_and_the_doctor_says_since_when(one_engine: Engine, tmp_path: Path) -> None:
    context = Context(read_settings(home=tmp_path / "home"), one_engine)
    with transaction(one_engine) as session:
        builders.people(session)
    told_long_ago(one_engine)
    made = write_backup(context, tmp_path / "made.zip")
    empty = settings_of(tmp_path / "second")
    restore_backup(empty, made.place)
    restored = open_engine(empty.resolved_database_url)
    assert entries(restored) == entries(one_engine)
    line = next(line for line in examine(Context(empty, restored), now()) if line.part == "retention")
    assert (line.level.value, str(day_of(now() - timedelta(days=3_000))) in line.words) == ("ok", True)
    restored.dispose()


def test_no_setting_is_about_forgetting_it() -> None:
    """Who adds a setting that says how long something is kept adds it here, with its least value."""
    telling = ("keep", "retention", "retain", "days", "forget", "vacuum", "purge")
    assert {name for name in Settings.model_fields if any(word in name for word in telling)} == {"backup_keep"}
    assert {job.name for job in JOBS} >= {"seal-ledger", "back-up"}
    assert AccountRole.AUDIT_ADMINISTRATOR
