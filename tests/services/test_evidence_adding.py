"""Evidence that follows its report: whose, until when, and in the ledger."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from models.ledger import LedgerEntry
from rules.errors import DubanError
from services.evidence_adding import add_evidence
from services.ledger import first_break
from services.progress import ProgressInput, record_progress
from services.rebuilding import differences
from services.reviews import Verdict, review_report
from services.store import Store
from services.tasks import acknowledge_task
from tests import builders
from tests.databases import on_one_kind


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def minutes(tmp_path: Path) -> Path:
    place = tmp_path / "纪要.txt"
    place.write_text("会议纪要", encoding="utf-8")
    return place


def begun(session: Session) -> builders.People:
    folk = builders.people(session)
    builders.issued(session, folk.office)
    acknowledge_task(session, 1, builders.occasion(folk.science))
    return folk


def test_files_join_the_last_report_once(session: Session, store: Store, minutes: Path) -> None:
    folk = begun(session)
    occasion = builders.occasion(folk.science)
    record_progress(session, 1, ProgressInput(text="开工"), store, occasion)
    first = add_evidence(session, 1, [minutes], store, occasion)
    again = add_evidence(session, 1, [minutes], store, occasion)
    assert [file.name for file in first.files] == [file.name for file in again.files] == ["纪要.txt"]
    entries = session.execute(select(LedgerEntry).where(col(LedgerEntry.act) == "add-evidence")).scalars().all()
    assert [entry.after["evidence"] for entry in entries] == [[{"name": "纪要.txt", "sha256": first.files[0].sha256}]]
    assert first_break(session) is None
    assert differences(session) == []


@on_one_kind
@pytest.mark.parametrize(
    ("who", "reports", "is_reviewed", "code"),
    [
        ("finance", True, False, "not-your-task"),
        ("supervisor", True, False, "no-right"),
        ("science", False, False, "no-report"),
        ("science", True, True, "already-reviewed"),
    ],
    ids=["supporting unit", "supervisor", "nothing reported", "reviewed"],
)
def test_refusals(session: Session, store: Store, minutes: Path, who: str, reports: bool, is_reviewed: bool, code: str) -> None:
    folk = begun(session)
    if reports:
        filed = record_progress(session, 1, ProgressInput(text="开工"), store, builders.occasion(folk.science))
        if is_reviewed:
            review_report(session, 1, filed.period, Verdict(is_accepted=True), builders.occasion(folk.supervisor))
    with pytest.raises(DubanError) as refusal:
        add_evidence(session, 1, [minutes], store, builders.occasion(getattr(folk, who)))
    assert refusal.value.code == code
