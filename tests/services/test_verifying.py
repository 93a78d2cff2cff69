"""The whole proof: chains, tables, and bulletins that stand on the ledger they were written from."""

from datetime import date

import pytest
from sqlalchemy import JSON, bindparam, text
from sqlmodel import Session, select

from models.publication import Publication
from rules.periods import parse_period
from rules.rule_set import DEFAULT_RULE_SET
from runtime.database import transaction
from services.bulletins.compiling import BulletinOrder
from services.bulletins.publishing import publish_bulletin
from services.papers.filing import Press
from services.store import Store
from services.verifying import verify
from tests.builders import issued, on, people
from tests.databases import unguard_ledger

WRITTEN = date(2013, 4, 8)


@pytest.fixture
def published(one_engine, tmp_path):
    with transaction(one_engine) as session:
        team = people(session)
        issued(session, team.office)
        order = BulletinOrder(parse_period("2013Q1"), None, DEFAULT_RULE_SET)
        publish_bulletin(session, order, Press(Store(tmp_path / "store")), on(WRITTEN, team.supervisor))
    return one_engine


def test_a_house_left_alone_is_whole(published):
    with Session(published) as session:
        proof = verify(session)
    assert proof.is_whole
    assert proof.entries > 10


# Who rewrites a chain with its hashes and head is found by the heads that the publication's entry keeps.
REWRITE = (
    """UPDATE ledger_entry SET hash = 'x' WHERE chain = 'plan-1' AND seq = (SELECT max(seq) FROM ledger_entry WHERE chain = 'plan-1')"""
)
TAMPERINGS = [
    pytest.param("UPDATE publication SET ledger_head = 'x'", "changed", id="its head"),
    pytest.param("UPDATE publication SET view = :forged", "changed", id="a figure in it"),
    pytest.param("UPDATE publication SET number = 7", "removed", id="its number"),
    pytest.param(REWRITE, "ground", id="the entry it stands on"),
]


@pytest.mark.parametrize(("tampering", "why"), TAMPERINGS)
def test_a_publication_that_does_not_fit_is_named(published, tampering, why):
    with Session(published) as session:
        unguard_ledger(session)
        view = session.exec(select(Publication.view)).one()
        forged = bindparam("forged", {**view, "totals": {**view["totals"], "done": 2}}, JSON)
        session.execute(text(tampering).bindparams(*[forged] if ":forged" in tampering else []))
        found = verify(session)
        session.rollback()
    assert (found.publications[0].year, found.publications[0].number, found.publications[0].why) == (2013, 1, why)
    assert not found.is_whole


def test_tables_are_held_against_a_whole_ledger_only(published):
    with Session(published) as session:
        session.execute(text("UPDATE task SET text = 'x' WHERE id = 2"))
        assert [(one.table, one.row_id, one.column) for one in verify(session).differences] == [("task", 2, "text")]
        session.execute(text("DELETE FROM ledger_head WHERE chain = 'plan-1'"))
        broken = verify(session)
        session.rollback()
    assert (broken.broken.why, broken.differences) == ("headless", ())
