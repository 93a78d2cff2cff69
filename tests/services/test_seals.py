"""Seals: what they cover, and that a ledger rewritten as a whole is found by them."""

import json
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from models.ledger import LedgerEntry, LedgerHead
from models.unit import Unit
from rules.errors import DubanError
from services.ledger import SEALED, first_break, sealed_hash
from services.rebuilding import differences
from services.seals import BrokenSeal, broken_seals, enter_seal, last_seal_day, make_seal, write_seal
from tests.builders import AT, issued, on, people
from tests.databases import on_one_kind, unguard_ledger

DAY = date(2013, 4, 2)


@pytest.fixture
def house(session):
    actors = people(session)
    issued(session, actors.office)
    return actors


def sealed(session: Session, folder: Path, house) -> Path:
    seal = make_seal(session, DAY, AT)
    enter_seal(session, seal, on(DAY, house.supervisor))
    return write_seal(seal, folder)


def test_a_seal_is_entered_and_written_and_fits(session, house, tmp_path):
    heads = {head.chain: head.seq for head in session.scalars(sa.select(LedgerHead)).all()}
    place = sealed(session, tmp_path / "seals", house)
    content = json.loads(place.read_text())
    assert (place.name, content["day"]) == ("2013-04-02.json", "2013-04-02")
    assert {chain: end["seq"] for chain, end in content["chains"].items()} == heads
    assert content["tables"]["unit"] == session.scalar(sa.select(sa.func.count()).select_from(Unit))
    entry = session.scalars(sa.select(LedgerEntry).where(col(LedgerEntry.act) == "seal")).one()
    assert (entry.chain, entry.after["sha256"]) == ("house", content["sha256"])
    assert list(broken_seals(session, place.parent)) == []
    assert last_seal_day(place.parent) == DAY
    assert differences(session) == []
    assert first_break(session) is None


def test_a_second_seal_of_a_day_leaves_the_first(session, house, tmp_path):
    first = sealed(session, tmp_path, house)
    content = first.read_bytes()
    assert sealed(session, tmp_path, house).name == "2013-04-02-2.json"
    assert first.read_bytes() == content
    assert list(broken_seals(session, tmp_path)) == []
    assert sorted(place.name for place in tmp_path.iterdir()) == ["2013-04-02-2.json", "2013-04-02.json"]


def rewrite_whole(session: Session, chain: str) -> None:
    """Do what whoever owns the database can: change every entry's actor, and compute all hashes and the head anew."""
    unguard_ledger(session)
    last = "0" * 64
    columns = [getattr(LedgerEntry, name) for name in ("id", *SEALED)]
    for row in session.execute(sa.select(*columns).where(col(LedgerEntry.chain) == chain).order_by(col(LedgerEntry.seq))).all():
        values = {**{name: getattr(row, name) for name in SEALED}, "actor": "nobody", "prev_hash": last}
        last = sealed_hash(values)
        change = sa.update(LedgerEntry).where(col(LedgerEntry.id) == row.id)
        session.execute(change.values(actor="nobody", prev_hash=values["prev_hash"], hash=last))
    session.execute(sa.update(LedgerHead).where(col(LedgerHead.chain) == chain).values(hash=last))


@on_one_kind
def test_a_ledger_rewritten_as_a_whole_is_whole_but_does_not_fit_its_seal(session, house, tmp_path):
    place = sealed(session, tmp_path, house)
    end = json.loads(place.read_text())["chains"]["plan-1"]["seq"]
    rewrite_whole(session, "plan-1")
    assert first_break(session) is None
    assert list(broken_seals(session, tmp_path)) == [BrokenSeal("2013-04-02.json", "other", "plan-1", end)]


@on_one_kind
def test_a_chain_cut_short_with_its_head_put_back_does_not_fit_its_seal(session, house, tmp_path):
    place = sealed(session, tmp_path, house)
    end = json.loads(place.read_text())["chains"]["plan-1"]["seq"]
    unguard_ledger(session)
    session.execute(sa.delete(LedgerEntry).where(col(LedgerEntry.chain) == "plan-1", col(LedgerEntry.seq) == end))
    before = sa.select(col(LedgerEntry.hash)).where(col(LedgerEntry.chain) == "plan-1", col(LedgerEntry.seq) == end - 1)
    last = session.scalar(before)
    if last is None:
        session.execute(sa.delete(LedgerHead).where(col(LedgerHead.chain) == "plan-1"))
    else:
        session.execute(sa.update(LedgerHead).where(col(LedgerHead.chain) == "plan-1").values(seq=end - 1, hash=last))
    assert first_break(session) is None
    assert list(broken_seals(session, tmp_path)) == [BrokenSeal("2013-04-02.json", "shorter", "plan-1", end)]


def test_a_broken_ledger_is_not_sealed(session, house, tmp_path):
    session.execute(sa.update(LedgerHead).where(col(LedgerHead.chain) == "house").values(hash="0" * 64))
    with pytest.raises(DubanError) as refusal:
        make_seal(session, DAY, AT)
    assert refusal.value.code == "ledger-broken"
    assert "house" in refusal.value.message


@on_one_kind
def test_a_row_changed_past_the_ledger_is_not_sealed(session, house):
    session.execute(sa.update(Unit).where(col(Unit.id) == 1).values(name="别的单位"))
    with pytest.raises(DubanError, match="表 unit 第 1 行"):
        make_seal(session, DAY, AT)


@on_one_kind
@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        pytest.param(lambda _text: "no json", "unreadable", id="not-json"),
        pytest.param(lambda _text: "[]", "unreadable", id="another-shape"),
        pytest.param(lambda text: text.replace('"entries"', '"count"'), "changed", id="a-name-changed"),
        pytest.param(lambda text: text.replace('"seq": ', '"seq": 1'), "changed", id="a-number-changed"),
    ],
)
def test_a_spoilt_file_is_named(session, house, tmp_path, spoil, why):
    place = sealed(session, tmp_path, house)
    place.write_text(spoil(place.read_text()))
    assert list(broken_seals(session, tmp_path)) == [BrokenSeal("2013-04-02.json", why)]


@on_one_kind
def test_no_account_of_a_unit_seals(session, house):
    seal = make_seal(session, DAY, AT)
    with pytest.raises(DubanError) as refusal:
        enter_seal(session, seal, on(DAY, house.science))
    assert refusal.value.code == "no-right"
