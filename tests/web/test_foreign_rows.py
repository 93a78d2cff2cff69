"""Rows that are there, asked for by those they are not for: every route with an id answers 404, as if there were none."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from models.account import AccountRole as R
from models.case import AccountabilityCase
from models.notice import Notice, NoticeLevel
from models.progress import Evidence
from models.publication import BulletinDraft
from models.request import RequestKind
from models.unit import Contact
from rules.requests import Terms
from rules.rights import Actor
from runtime.clock import now, today
from runtime.database import reading, transaction
from services.notices import prepare_notices
from services.occasion import SYSTEM, Occasion
from services.progress import ProgressInput, record_progress
from services.report_values import Amount
from services.requests import RequestInput, file_request
from services.tasks import acknowledge_task
from tests.builders import keep
from tests.web.conftest import Home
from tests.web.guests import account_of, logged_in
from tests.web.routes import ROUTES

FOREIGN = ("stranger", "other_office", "other_supervisor")
"""Of a unit with no part in the task, and of offices bound to that unit."""

# What one role alone reaches at all, whichever row it is, is refused as such to all others; the table of routes says so.
OF_ROLES = ("/accounts/", "/profile/", "/drafts/")


@pytest.fixture
def busy(home: Home, tmp_path: Path) -> Home:
    """On the unit's tasks: a report with evidence, a request, notices, a case; a bulletin in the making; and offices of another unit."""
    paper = tmp_path / "note.txt"
    paper.write_text("八个县已验收", encoding="utf-8")
    with transaction(home.context.engine) as session:
        unit = Occasion(Actor(1, "unit-person", R.UNIT, home.units["unit"]), today(), now())
        acknowledge_task(session, 1, unit)
        record_progress(session, 1, ProgressInput({"示范县": Amount(8)}, "八个县已验收", evidence=(paper,)), home.context.store, unit)
        file_request(session, 1, RequestInput(RequestKind.SUSPENSION, "汛期停工", "六个县已开展", Terms(days=60)), unit)
        prepare_notices(session, Occasion(SYSTEM, today(), now()))
        keep(session, Contact(unit_id=home.units["unit"], name="甲", duty="liaison", address="a@example.org"))
        others = {
            name: account_of(session, name, role, home.units["stranger"])
            for name, role in (("other_office", R.PLAN_OFFICE), ("other_supervisor", R.SUPERVISOR))
        }
    with transaction(home.context.engine) as session:
        for name, account_id in others.items():
            home.guests[name] = logged_in(session, home.app, account_id)
    supervisor = home.guests["supervisor"]
    assert supervisor.post("/cases", {"task": "1", "basis": "年底未完成", "effect": "影响示范"}).status_code == 303
    assert supervisor.post("/bulletins", {"period": "2013Q4"}).status_code == 303
    return home


def rows_of(home: Home) -> dict[str, object]:
    with reading(home.context.engine) as session:
        notice = session.scalars(select(Notice.id).where(Notice.task_id == 1, Notice.level != NoticeLevel.ACCOUNTABILITY)).first()
        case, evidence, draft, contact = (
            session.scalars(select(kind.id)).first() for kind in (AccountabilityCase, Evidence, BulletinDraft, Contact)
        )
    ids = {"notice_id": notice, "case_id": case, "evidence_id": evidence, "contact_id": contact, "task_id": 1, "plan_id": home.plan_id}
    return {**ids, "request_id": 1, "paper_id": 1, "draft_id": draft, "period": "2013Q4", "name": "a.docx", "what": "statement"}


def with_ids() -> list[tuple[str, str]]:
    return sorted(route for route in ROUTES if "_id:int}" in route[1] and not route[1].startswith(OF_ROLES))


def test_what_is_not_for_somebody_is_not_there_for_him(busy: Home) -> None:
    rows, told = rows_of(busy), {}
    assert all(rows.values())
    for method, path in with_ids():
        asked = re.sub(r"\{(\w+?)(:int)?\}", lambda named: str(rows[named[1]]), path)
        # Offices have nothing to do with what a unit keeps of itself.
        for name in FOREIGN[:1] if path.startswith("/work/") else FOREIGN:
            guest = busy.guests[name]
            status = (guest.get(asked) if method == "GET" else guest.post(asked, ROUTES[(method, path)].fields)).status_code
            if status != 404:
                told[f"{method} {asked} {name}"] = status
    assert told == {}
