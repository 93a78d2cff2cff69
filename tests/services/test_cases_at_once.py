"""Two people at one case at once, on real connections: one wins, and the other is told."""

import pytest
from sqlmodel import Session, select

from models.case import AccountabilityCase, CaseState
from models.publication import Publication
from runtime.database import transaction
from services.cases.opening import open_from_notice
from services.cases.serving import Service, serve_case
from services.cases.stating import state_on_case
from services.ledger import first_break
from services.rebuilding import differences
from tests.builders import on
from tests.services.case_fixtures import case_desk, late_task
from tests.services.test_at_once import at_once
from tests.services.test_cases import DAY, SERVED, approved


@pytest.fixture
def folk(engine):
    with transaction(engine) as session:
        made = late_task(session)
    yield made
    with Session(engine) as session:
        assert differences(session) == []
        assert first_break(session) is None


def test_opened_once(engine, folk):
    code = at_once(
        engine,
        lambda session: open_from_notice(session, 2, on(DAY, folk.first)),
        lambda session: open_from_notice(session, 2, on(DAY, folk.second)),
    )
    with Session(engine) as session:
        assert (code, [case.number for case in session.exec(select(AccountabilityCase))]) == ("unknown-proposal", [1])


def test_served_once(engine, folk, tmp_path):
    desk = case_desk(tmp_path)
    with transaction(engine) as session:
        number = approved(session, folk)

    def serve(actor):
        return lambda session: serve_case(session, number, Service("王五"), desk, on(SERVED, actor))

    assert at_once(engine, serve(folk.first), serve(folk.second)) == "case-not-now"
    with Session(engine) as session:
        assert len(session.exec(select(Publication)).all()) == 1


def test_a_statement_made_while_it_is_served_is_told_to_object(engine, folk, tmp_path):
    desk = case_desk(tmp_path)
    with transaction(engine) as session:
        number = approved(session, folk)
    code = at_once(
        engine,
        lambda session: serve_case(session, number, Service("王五"), desk, on(SERVED, folk.first)),
        lambda session: state_on_case(session, number, "补充说明", on(SERVED, folk.base.science)),
    )
    with Session(engine) as session:
        assert (code, session.exec(select(AccountabilityCase.state)).one()) == ("case-not-now", CaseState.SERVED)
