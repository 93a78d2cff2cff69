"""A house with a bit of everything, as large as asked, and a count of the statements that reach its database: at the driver, so that none is missed."""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from intake.draft import DraftPlan, ItemDraft, UnitDraft, draft_as_json
from models.account import Account
from models.account import AccountRole as R
from models.draft_document import DraftDocument
from models.publication import Publication, PublicationKind
from models.request import RequestKind
from models.task import Assignment, AssignmentRole
from models.unit import Contact
from rules.rights import Actor
from runtime.channels import routes_of
from runtime.clock import now, today
from runtime.context import Context
from runtime.database import transaction
from services.access.access_log import AccessAct, Noted, note
from services.cases.opening import Ground, open_on_basis
from services.notice_issuing import IssueOrder, NoticePress, issue_notice
from services.notices import prepare_notices
from services.occasion import SYSTEM, Occasion
from services.progress import ProgressInput, record_progress
from services.report_values import Amount
from services.requests import RequestInput, file_request
from services.tasks import acknowledge_task
from services.units import NewUnit, register_units
from tests import builders

PLANNED_ELSEWHERE = "these are SQLite's plans; tests/services/test_postgresql_plans.py looks at PostgreSQL's"
_asked: list[str] = []


class _PostgresCursor(psycopg.Cursor[Any]):
    def execute(self, query: Any, *values: Any, **how: Any) -> Any:
        _asked.append(str(query))
        return super().execute(query, *values, **how)

    def executemany(self, query: Any, *values: Any, **how: Any) -> None:
        _asked.append(str(query))
        super().executemany(query, *values, **how)


class _Cursor(sqlite3.Cursor):
    def execute(self, statement: str, *values: Any) -> Any:
        _asked.append(statement)
        return super().execute(statement, *values)

    def executemany(self, statement: str, values: Any) -> Any:
        _asked.append(statement)
        return super().executemany(statement, values)


class _Connection(sqlite3.Connection):
    def cursor(self, *_factory: Any) -> Any:
        return super().cursor(_Cursor)

    def execute(self, statement: str, *values: Any) -> Any:
        return self.cursor().execute(statement, *values)


@contextmanager
def counting(engine: type[Engine] | Engine = Engine) -> Iterator[None]:
    """Count on every connection that is opened meanwhile, also by what goes past SQLAlchemy."""

    def count(dialect: Any, _record: Any, _arguments: Any, given: dict[str, Any]) -> None:
        given |= {"factory": _Connection} if dialect.name == "sqlite" else {"cursor_factory": _PostgresCursor}

    event.listen(engine, "do_connect", count)
    try:
        yield
    finally:
        event.remove(engine, "do_connect", count)


def statements() -> list[str]:
    """Return what was asked since the last call, without what opens a connection or a transaction."""
    # By `;` a connection to PostgreSQL is asked whether it still lives.
    found = [one for one in _asked if not one.startswith(("PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE", ";"))]
    _asked.clear()
    return found


def more_of(few: Sequence[str], many: Sequence[str]) -> str:
    """Return what was asked more often, and how much more often."""
    told = [Counter(re.sub(r"\((\?|\d+)(, (\?|\d+))*\)", "(…)", " ".join(one.split())) for one in asked) for asked in (many, few)]
    return "\n".join(f"{count} × {one}" for one, count in (told[0] - told[1]).items())


GROWING = ("task", "ledger_entry", "progress_report", "reported_value", "message", "reminder", "assignment", "notice", "request")
"""The tables that have a row for every task, act or message."""


def read_whole(database: Path, asked: Iterable[str]) -> dict[str, str]:
    """Return the statements that read a growing table from end to end without an index, each with the table.

    As SQLite plans them for a database without statistics, which is what a new house has.
    """
    found: dict[str, str] = {}
    with closing(sqlite3.connect(database)) as connection:
        for one in {one for one in asked if one.lstrip().startswith(("SELECT", "WITH"))}:
            steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {one}", [None] * one.count("?"))]
            if " LIMIT " in one and "USE TEMP B-TREE FOR ORDER BY" not in steps:
                # In the order of its key, and no further than the page goes.
                continue
            found |= {" ".join(one.split()): step for step in steps if step.startswith("SCAN ") and step.removeprefix("SCAN ") in GROWING}
    return found


@dataclass(frozen=True)
class Members:
    """Who is in the house."""

    planner: Actor
    watcher: Actor
    unit: Actor
    support: Actor


def fill(context: Context, size: int) -> None:
    """Put in so many tasks, units, contacts, accounts, notices, requests, cases, reports and messages; a draft of so many items."""
    with transaction(context.engine) as session:
        names = [f"第{number}局" for number in range(1, size + 1)]
        ids = register_units(session, [NewUnit(name) for name in (builders.SCIENCE, builders.FINANCE, *names)], _at(None))
        members = _members(session, ids)
        _add_people(session, names, ids)
        builders.issued(session, members.planner, _plan(names), today() - timedelta(days=500))
        _work(session, context)
        _papers(session, context, members, size)
        session.add(_draft(context, names, members))


def _at(actor: Actor | None) -> Occasion:
    return Occasion(actor, today(), now()) if actor else Occasion(SYSTEM, today() - timedelta(days=600), now())


def _members(session: Session, ids: dict[str, int]) -> Members:
    def made(name: str, role: R, unit: str | None = None) -> Actor:
        row = Account(name=name, role=role, unit_id=ids[unit] if unit else None, created_at=now(), must_change_password=False)
        builders.keep(session, row)
        return Actor(row.id, name, role, row.unit_id)

    for name, role in (("sysadmin", R.ADMINISTRATOR), ("secadmin", R.SECURITY_ADMINISTRATOR), ("auditor", R.AUDIT_ADMINISTRATOR)):
        made(name, role)
    planner, watcher = made("planner", R.PLAN_OFFICE), made("watcher", R.SUPERVISOR)
    return Members(planner, watcher, made("unit", R.UNIT, builders.SCIENCE), made("support", R.UNIT, builders.FINANCE))


def _add_people(session: Session, names: Sequence[str], ids: dict[str, int]) -> None:
    accounts = [Account(name=f"of {name}", role=R.UNIT, unit_id=ids[name], created_at=now()) for name in names]
    contacts = [Contact(unit_id=ids[name], name=f"{name}联络员", address=f"{ids[name]}@example.org") for name in (*names, builders.SCIENCE)]
    builders.keep(session, *accounts, *contacts)


def _plan(names: Sequence[str]) -> DraftPlan:
    """Every other item is led by the one unit that its person looks at, the rest by a unit each; all are supported by one."""
    year = today().year
    items = [_item(number, builders.SCIENCE if number % 2 else name, year - number // 2 % 2) for number, name in enumerate(names, start=1)]
    return builders.draft(*items, starts_on=today().replace(year - 1, 1, 1), ends_on=today().replace(year, 12, 31))


def _item(number: int, lead: str, year: int) -> ItemDraft:
    units = tuple(UnitDraft(name=name, as_written=name, role=role) for name, role in ((lead, "lead"), (builders.FINANCE, "support")))
    return builders.item(number, units=units, tasks=(builders.yearly_task(year, 10),))


def _work(session: Session, context: Context) -> None:
    """Let every lead acknowledge, report and, where the task is not overdue, ask for something."""
    leads = session.exec(select(Assignment.task_id, Assignment.unit_id).where(Assignment.role == AssignmentRole.LEAD)).all()
    people = {account.unit_id: Actor(account.id, account.name, R.UNIT, account.unit_id) for account in session.exec(select(Account)).all()}
    for task_id, unit_id in leads:
        at = _at(people[unit_id])
        acknowledge_task(session, task_id, at)
        record_progress(session, task_id, ProgressInput({"示范县": Amount(3)}, "已开工"), context.store, at)
        file_request(session, task_id, RequestInput(RequestKind.CANCELLATION, "并入其他项目"), at)


def _papers(session: Session, context: Context, members: Members, size: int) -> None:
    watcher = _at(members.watcher)
    press = NoticePress(context.store, routes_of(context.settings), "某县督查室")
    # Printing a paper costs half a second, so few are issued; that they are not equally many is enough.
    for notice_id in prepare_notices(session, watcher).notice_ids[: 1 + size // 12]:
        issue_notice(session, notice_id, IssueOrder(), press, watcher)
    tasks = session.exec(select(Assignment.task_id).where(Assignment.role == AssignmentRole.LEAD).order_by(Assignment.task_id)).all()
    for task_id in tasks[::4]:
        open_on_basis(session, task_id, Ground("长期不推进"), watcher)
    for _task in tasks:
        note(session, Noted(AccessAct.LOG_IN, members.watcher, "127.0.0.1"), now())


def add_bulletins(context: Context, count: int) -> None:
    """Put in bulletins as if they had been published; the ledger knows nothing of them, so it is not whole then."""
    with transaction(context.engine) as session:
        session.add_all(_bulletin(number) for number in range(1, count + 1))


def _bulletin(number: int) -> Publication:
    numbered = {"year": today().year, "number": number, "doc_no": f"{today().year}年第{number}期", "period": f"{today().year - number}Q1"}
    view = {"schema": "duban/bulletin/1", "units": [{"name": builders.SCIENCE}]}
    out = {"published_on": today(), "published_at": now(), "ledger_head": "0" * 64}
    return Publication(kind=PublicationKind.BULLETIN, scope="all", **numbered, **out, view=view)


def _draft(context: Context, names: Sequence[str], members: Members) -> DraftDocument:
    content = "关于示范行动的通知".encode()
    made = _plan(names)
    source = made.source.model_copy(update={"name": "通知.txt", "kind": "txt", "sha256": context.store.keep(content)})
    as_json = draft_as_json(made.model_copy(update={"source": source}))
    facts = {"name": source.name, "file_sha256": source.sha256, "size_bytes": len(content), "account_id": members.planner.account_id}
    return DraftDocument(**facts, made_at=now(), changed_at=now(), as_read=as_json, draft=as_json)
