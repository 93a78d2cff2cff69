from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session, select

from models.ledger import LedgerEntry
from runtime.database import transaction
from services.ledger import GENESIS, Event, count_entries, first_break, head_of, record, record_all
from services.occasion import SYSTEM, Occasion
from tests.builders import TODAY, issued, occasion, people


@pytest.fixture
def chained(engine):
    with transaction(engine) as session:
        issued(session, people(session).office)
        record_all(session, occasion(), [Event("note", f"note {n}", plan_id=1, after={"n": n, "said": "好"}) for n in range(5)])
    return engine


def test_entries_are_chained_in_order(chained):
    with Session(chained) as session:
        entries = session.exec(select(LedgerEntry).where(LedgerEntry.chain == "plan-1").order_by(LedgerEntry.seq)).all()
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
        assert [entry.prev_hash for entry in entries] == [GENESIS, *(entry.hash for entry in entries[:-1])]
        assert head_of(session, [1]) == entries[-1].hash
        assert first_break(session) is None
        assert count_entries(session) > len(entries)


TAMPERINGS = [
    pytest.param("UPDATE ledger_entry SET actor = 'x' WHERE chain = 'plan-1' AND seq = 3", 3, "changed", id="actor changed"),
    pytest.param("UPDATE ledger_entry SET for_day = '2001-01-01' WHERE chain = 'plan-1' AND seq = 2", 2, "changed", id="day changed"),
    pytest.param("UPDATE ledger_entry SET after = '{}' WHERE chain = 'plan-1' AND seq = 4", 4, "changed", id="content changed"),
    pytest.param("DELETE FROM ledger_entry WHERE chain = 'plan-1' AND seq = 2", 3, "missing", id="removed"),
    pytest.param("UPDATE ledger_entry SET seq = seq + 100 WHERE chain = 'plan-1' AND seq = 1", 2, "missing", id="reordered"),
]


@pytest.mark.parametrize(("tampering", "seq", "why"), TAMPERINGS)
def test_names_the_first_entry_that_does_not_fit(sqlite_engine, tampering, seq, why):
    with transaction(sqlite_engine) as session:
        issued(session, people(session).office)
        for verb in ("UPDATE", "DELETE"):
            session.execute(text(f"DROP TRIGGER ledger_entry_no_{verb}"))
        session.execute(text(tampering))
    with Session(sqlite_engine) as session:
        found = first_break(session)
    assert (found.chain, found.seq, found.why) == ("plan-1", seq, why)


@given(st.lists(st.sampled_from([None, 1]), min_size=1, max_size=12), st.timedeltas(timedelta(0), timedelta(days=9000)))
def test_any_sequence_of_acts_keeps_the_chains_whole(migrated_memory, plans, later):
    at = datetime(2000, 1, 1, tzinfo=UTC) + later
    with transaction(migrated_memory) as session:
        for plan_id in plans:
            record(session, Occasion(SYSTEM, TODAY, at), Event("note", "x", plan_id))
        assert first_break(session) is None


@pytest.fixture(scope="module")
def migrated_memory(migrated_file, tmp_path_factory):
    import shutil

    from runtime.database import open_engine

    place = tmp_path_factory.mktemp("ledger") / "duban.db"
    shutil.copy(migrated_file, place)
    engine = open_engine(f"sqlite:///{place}")
    with transaction(engine) as session:
        issued(session, people(session).office)
    yield engine
    engine.dispose()
