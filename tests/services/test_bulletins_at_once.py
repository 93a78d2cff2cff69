"""Two people at one bulletin at once, on real connections: it is published once, numbers follow each other, and nobody waits for ever."""

from datetime import date

import pytest
from sqlmodel import Session, select

from models.publication import Publication
from reports.bulletin_edits import Edits
from rules.errors import DubanError
from runtime.database import transaction
from services.bulletins.compiling import BulletinOrder
from services.bulletins.drafting import approve_draft, draft_bulletin, draft_of, edit_draft
from services.bulletins.publishing import publish_bulletin, publish_draft
from services.ledger import first_break
from services.papers.filing import Press
from services.rebuilding import differences
from services.store import Store
from tests.builders import draft, issued, item, on, people
from tests.services.test_at_once import at_once
from tests.services.test_bulletin_drafts import Q1, WRITTEN


@pytest.fixture
def team(engine):
    with transaction(engine) as session:
        folk = people(session)
        issued(session, folk.office, draft(item(1)))
    yield folk
    with Session(engine) as session:
        assert differences(session) == []
        assert first_break(session) is None


@pytest.fixture
def press(tmp_path):
    return Press(Store(tmp_path / "store"), "督查室")


def numbers(engine):
    with Session(engine) as session:
        return list(session.exec(select(Publication.number).order_by(Publication.number)))


def test_published_once_by_two_who_publish(engine, team, press):
    def publish(session):
        publish_bulletin(session, Q1, press, on(WRITTEN, team.supervisor))

    assert at_once(engine, publish, publish) == "already-published"
    assert numbers(engine) == [1]


def test_a_draft_published_in_one_act_while_another_publishes_it_approved(engine, team, press):
    with transaction(engine) as session:
        draft_bulletin(session, Q1, on(WRITTEN, team.supervisor))

    def in_one_act(session):
        publish_bulletin(session, Q1, press, on(WRITTEN, team.supervisor))

    def step_by_step(session):
        found = draft_of(session, "2013Q1")
        approve_draft(session, found, on(WRITTEN, team.supervisor))
        publish_draft(session, found, press, on(WRITTEN, team.supervisor))

    assert at_once(engine, in_one_act, step_by_step) in ("draft-not-open", "no-draft")
    assert numbers(engine) == [1]


def test_two_bulletins_get_two_numbers(engine, team, press):
    of_plan = BulletinOrder(Q1.period, (1,), Q1.rules)
    publish = [
        lambda session, order=order: publish_bulletin(session, order, press, on(date(2013, 4, 8), team.supervisor))
        for order in (Q1, of_plan)
    ]
    assert at_once(engine, *publish) is None
    assert numbers(engine) == [1, 2]


def test_an_approval_of_what_was_approved_as_something_else_is_told(engine, team):
    with transaction(engine) as session:
        draft_bulletin(session, Q1, on(WRITTEN, team.supervisor))
    with Session(engine) as early:
        seen = draft_of(early, "2013Q1")
        early.expunge(seen)
    with transaction(engine) as session:
        found = edit_draft(session, draft_of(session, "2013Q1"), Edits({"next.more": "督查室将复核。"}), on(WRITTEN, team.supervisor))
        approve_draft(session, found, on(WRITTEN, team.supervisor))
    with transaction(engine) as session, pytest.raises(DubanError, check=lambda error: error.code == "draft-changed"):
        approve_draft(session, seen, on(WRITTEN, team.supervisor))
