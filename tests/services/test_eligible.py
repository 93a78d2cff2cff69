"""Lists that members are chosen from: taken in whole, completed, never emptied of what is in use."""

import pytest
from sqlmodel import select

from models.ledger import LedgerEntry
from models.roster import EligibleMember
from services.eligible import ListFile, eligible_names, import_eligible, list_eligible
from tests.builders import on
from tests.services.roster_fixtures import ON, add, house, leave, refusal

__all__ = ["house"]


def test_a_list_is_completed_and_the_same_file_changes_nothing(session, house, tmp_path):
    office = on(ON, house.people.office)
    entries = len(session.exec(select(LedgerEntry.id)).all())
    again = import_eligible(session, ListFile("2011年通过", house.files["2011年通过"]), office)
    assert (again.added, again.changed, again.removed) == ((), (), ())
    assert len(session.exec(select(LedgerEntry.id)).all()) == entries
    other = tmp_path / "other.csv"
    other.write_text("名称,地区\n甲县,北市\n庚县,北市\n", encoding="utf-8")
    seen = import_eligible(session, ListFile("2011年通过", other), office, is_dry_run=True)
    assert (seen.added, seen.changed, seen.kept_beside, seen.count) == (("庚县",), ("甲县",), ("乙县", "丙县"), 4)
    assert dict(eligible_names(session, "2011"))["甲县"] == "东市"
    import_eligible(session, ListFile("2011年通过", other), office)
    assert dict(eligible_names(session, "2011"))["甲县"] == "北市"
    assert list_eligible(session)[0].count == 4


def test_a_list_loses_only_names_that_stand_nowhere(session, house, tmp_path):
    office = on(ON, house.people.office)
    add(session, house, 1, "乙县")
    exact = tmp_path / "exact.csv"
    exact.write_text("名称,地区\n甲县,东市\n", encoding="utf-8")
    wanted = ListFile("2011年通过", exact, is_exact=True)
    assert refusal(import_eligible, session, wanted, office) == "list-in-use"
    leave(session, house, 1, "乙县")
    assert import_eligible(session, wanted, office).removed == ("乙县", "丙县")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("名称,地区\n", "list-empty"),
        ("名称,地区\n甲县,东市\n甲 县,西市\n", "row-mistakes"),
        ("名称,地区\n,东市\n", "row-mistakes"),
        ("名称,地区\n=cmd,东市\n", "row-mistakes"),
        ("名称\n张三 450100199001010011\n", "row-mistakes"),
        ("编号\n1\n", "rows-not-read"),
    ],
)
def test_a_list_with_mistakes_is_not_taken_in(session, house, tmp_path, content, code):
    place = tmp_path / "list.csv"
    place.write_text(content, encoding="utf-8")
    count = len(session.exec(select(EligibleMember.id)).all())
    assert refusal(import_eligible, session, ListFile("新名单", place), on(ON, house.people.office)) == code
    assert len(session.exec(select(EligibleMember.id)).all()) == count


def test_a_list_needs_a_name(session, house):
    office = on(ON, house.people.office)
    assert refusal(import_eligible, session, ListFile(" ", house.files["2011年通过"]), office) == "no-list-name"
