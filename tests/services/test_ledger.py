import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session, select

from models.ledger import LedgerEntry, LedgerHead
from runtime.database import transaction
from services.exporting import export_ledger
from services.ledger import GENESIS, SEALED, Event, count_entries, first_break, head_of, record, record_all, sealed_hash
from services.occasion import SYSTEM, Occasion
from tests.builders import TODAY, issued, occasion, people
from tests.databases import open_off_the_disk, unguard_ledger
from tests.homes import new_home, url_of


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
def test_names_the_first_entry_that_does_not_fit(one_engine, tampering, seq, why):
    with transaction(one_engine) as session:
        issued(session, people(session).office)
        unguard_ledger(session)
        session.execute(text(tampering))
    with Session(one_engine) as session:
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
def migrated_memory(tmp_path_factory):
    engine = open_off_the_disk(url_of(new_home(tmp_path_factory.mktemp("ledger"))))
    with transaction(engine) as session:
        issued(session, people(session).office)
    yield engine
    engine.dispose()


LENGTH = 1_200
MIDDLE = 717
FORGERIES = {
    "at": "2001-01-01 00:00:00.000000",
    "acted_on": "2001-01-01",
    "for_day": "2001-01-01",
    "actor": "somebody",
    "unit_id": 2,
    "act": "other",
    "plan_id": None,
    "task_id": 2,
    "subject": "other",
    "before": '{"n":-1}',
    "after": '{"n":-1}',
    "prev_hash": "f" * 64,
    "changes": '[{"table":"unit","id":1,"before":null,"after":{}}]',
    "hash": "f" * 64,
}


@pytest.fixture(scope="module")
def long_ledger(tmp_path_factory):
    """A database whose chain `plan-1` has so many entries and which lets anybody write."""
    engine = open_off_the_disk(url_of(new_home(tmp_path_factory.mktemp("long"))))
    with transaction(engine) as session:
        issued(session, people(session).office)
        begun = session.exec(select(LedgerHead.seq).where(LedgerHead.chain == "plan-1")).one()
        events = (Event("note", f"note {n}", 1, 1, {"n": n}, {"n": n + 1, "said": "好"}) for n in range(LENGTH - begun))
        record_all(session, occasion(), events)
        unguard_ledger(session)
    yield engine
    engine.dispose()


def found_after(engine, *statements):
    """Return what verifying finds after these statements, which are taken back afterwards."""
    with Session(engine) as session:
        for statement in statements:
            session.execute(statement if not isinstance(statement, str) else text(statement))
        found = first_break(session)
        session.rollback()
    return found and (found.chain, found.seq, found.why)


def where(seq):
    return f"WHERE chain = 'plan-1' AND seq = {seq}"


def test_a_long_ledger_is_read_in_little_memory(long_ledger):
    import tracemalloc

    with Session(long_ledger) as session:
        record_all(session, occasion(), (Event("note", f"note {n}", 1, 1, {"n": n}, {"n": n + 1, "said": "好"}) for n in range(2_800)))
        session.flush()
        tracemalloc.start()
        assert first_break(session) is None
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        session.rollback()
    assert peak < 6 * 1024 * 1024


# Every field at the first entry, and each once more in the middle or at the end, where finding takes a whole reading.
POSITIONS = [*((column, 1) for column in FORGERIES), *zip(FORGERIES, cycle([MIDDLE, LENGTH]), strict=False)]


@pytest.mark.parametrize(("column", "seq"), POSITIONS)
def test_every_sealed_field_changed_is_found(long_ledger, column, seq):
    forged = "NULL" if FORGERIES[column] is None else f"'{FORGERIES[column]}'".replace(":", "\\:")
    chain, at, why = found_after(long_ledger, f"UPDATE ledger_entry SET {column} = {forged} {where(seq)}")
    assert (chain, at) == ("plan-1", seq)
    assert why == ("unlinked" if column == "prev_hash" else "changed")


def test_every_sealed_field_is_forged_above():
    assert {*FORGERIES, "chain", "seq"} == {*SEALED, "hash"}


@pytest.mark.parametrize(("seq", "named"), [(1, 2), (MIDDLE, MIDDLE + 1), (LENGTH, LENGTH)])
def test_a_removed_entry_is_found(long_ledger, seq, named):
    assert found_after(long_ledger, f"DELETE FROM ledger_entry {where(seq)}") == ("plan-1", named, "missing")


MOVES = [
    pytest.param("UPDATE ledger_entry SET seq = 20000 {first}", ("plan-1", 2, "missing"), id="the first to the end"),
    pytest.param("UPDATE ledger_entry SET seq = 20000 {middle}", ("plan-1", MIDDLE + 1, "missing"), id="one from the middle to the end"),
    pytest.param("UPDATE ledger_entry SET seq = 20000 {last}", ("plan-1", 20000, "missing"), id="the last further out"),
    pytest.param("UPDATE ledger_entry SET chain = 'house', seq = 20000 {middle}", ("house", 20000, "missing"), id="to another chain"),
    pytest.param("UPDATE ledger_entry SET chain = 'plan-9' {first}", ("plan-1", 2, "missing"), id="to a chain of its own"),
]


@pytest.mark.parametrize(("move", "named"), MOVES)
def test_a_moved_entry_is_found(long_ledger, move, named):
    places = {"first": where(1), "middle": where(MIDDLE), "last": where(LENGTH)}
    assert found_after(long_ledger, move.format(**places)) == named


@pytest.mark.parametrize("seq", [1, MIDDLE, LENGTH - 1])
def test_two_entries_changed_about_are_found(long_ledger, seq):
    swap = [f"UPDATE ledger_entry SET seq = {new} {where(old)}" for old, new in ((seq, 20000), (seq + 1, seq), (20000, seq + 1))]
    chain, at, _why = found_after(long_ledger, *swap)
    assert (chain, at) == ("plan-1", seq)


def copy_of(engine, seq, new_seq, is_sealed):
    """Return an insert of entry `seq` again at `new_seq`, with its hash rightly computed where asked."""
    with Session(engine) as session:
        table = LedgerEntry.__table__
        entry = dict(session.execute(table.select().where(table.c.chain == "plan-1", table.c.seq == seq)).mappings().one())
        last = session.exec(select(LedgerEntry.hash).where(LedgerEntry.chain == "plan-1", LedgerEntry.seq == LENGTH)).one()
    del entry["id"]
    entry |= {"seq": new_seq}
    if is_sealed:
        entry |= {"prev_hash": last, "subject": "forged"}
        entry["hash"] = sealed_hash(entry)
    return table.insert().values(entry)


@pytest.mark.parametrize("seq", [1, MIDDLE, LENGTH])
def test_a_duplicate_is_found(long_ledger, seq):
    assert found_after(long_ledger, copy_of(long_ledger, seq, LENGTH + 1, False)) == ("plan-1", LENGTH + 1, "unlinked")


def test_an_entry_appended_with_a_right_hash_is_found(long_ledger):
    assert found_after(long_ledger, copy_of(long_ledger, LENGTH, LENGTH + 1, True)) == ("plan-1", LENGTH + 1, "added")


HEADS = [
    pytest.param("UPDATE ledger_head SET hash = 'f' WHERE chain = 'plan-1'", ("plan-1", LENGTH, "head-changed"), id="hash"),
    pytest.param("UPDATE ledger_head SET seq = seq + 1 WHERE chain = 'plan-1'", ("plan-1", LENGTH + 1, "missing"), id="further"),
    pytest.param("UPDATE ledger_head SET seq = seq - 1 WHERE chain = 'plan-1'", ("plan-1", LENGTH, "added"), id="nearer"),
    pytest.param("DELETE FROM ledger_head WHERE chain = 'plan-1'", ("plan-1", 1, "headless"), id="gone"),
    pytest.param("INSERT INTO ledger_head (chain, seq, hash) VALUES ('plan-5', 3, 'f')", ("plan-5", 1, "missing"), id="of no chain"),
]


@pytest.mark.parametrize(("forgery", "named"), HEADS)
def test_a_forged_head_is_found(long_ledger, forgery, named):
    assert found_after(long_ledger, forgery) == named


def test_an_export_is_checked_without_the_program(long_ledger, tmp_path):
    """The program in docs/ledger.md, run as it stands there, on a whole export and on one with an entry changed, cut off, or left out."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "ledger.md").read_text(encoding="utf-8")
    program = tmp_path / "check.py"
    program.write_text(page.split("```python\n")[1].split("```")[0], encoding="utf-8")
    with Session(long_ledger) as session:
        lines = list(export_ledger(session))
    changed = lines[50].replace("好", "坏")
    for number, (some, said) in enumerate(
        (
            (lines, f"whole: {len(lines) - 1} entries"),
            ([*lines[:50], changed, *lines[51:]], "line 51: changed"),
            ([*lines[:50], *lines[51:]], "line 51: does not follow"),
            (lines[:-1], "a chain does not end"),
        )
    ):
        place = tmp_path / f"{number}.jsonl"
        place.write_text("".join(some), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-W", "ignore", program, place], capture_output=True, text=True, encoding="utf-8", check=False
        )
        assert said in done.stdout + done.stderr
