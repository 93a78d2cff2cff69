"""Holidays of a year the program does not know: read from a list, kept in the ledger, and what they change said before."""

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from models.ledger import LedgerEntry
from models.rule_set import CalendarDay
from models.task import Task
from rules.calendar import LIBRARY_YEARS
from rules.errors import DubanError
from services.holiday_list import KeptDay, read_holidays
from services.holidays import LimitChange, clear_holidays, import_holidays, list_holidays
from services.kept_days import kept_days
from services.ledger import first_break
from services.rebuilding import differences
from tests.builders import TODAY, issued, keep, on, people
from tests.databases import on_one_kind

# An invented year's holidays: no government set them.
LIST = """日期,类型,名称
2031-01-01至2031-01-03,休,元旦
2031-01-04,班,元旦
2031年10月1日（周三）至7日（周二）,放假,国庆节
2031-10-11,补班,国庆节
"""
DAYS_OFF = [1, 2, 3, 6, 7]


@pytest.fixture
def team(session):
    yield people(session)
    assert differences(session) == []
    assert first_break(session) is None


@pytest.fixture
def listed(tmp_path):
    return written(tmp_path, LIST)


def written(folder, text):
    place = folder / "节假日.csv"
    place.write_text(text, encoding="utf-8")
    return place


def test_a_list_is_read(listed):
    found = read_holidays(listed)
    assert (found.year, found.notes) == (2031, ())
    assert [day.day for day, kept in found.days.items() if day.month == 10 and not kept.is_working] == DAYS_OFF
    assert found.days[date(2031, 1, 4)] == KeptDay(is_working=True, name="元旦")


WRITTEN = [
    pytest.param("2031/5/1", ["05-01"], id="slashes"),
    pytest.param("2031.5.1-5.2", None, id="a bare hyphen is no span"),
    pytest.param("2031.5.1 - 5.2", ["05-01", "05-02"], id="a hyphen between spaces is"),
    pytest.param("2031年5月1日～2日", ["05-01", "05-02"], id="only the day said again"),
    pytest.param("2031-05-01、2031-05-05至5月6日", ["05-01", "05-05", "05-06"], id="several"),
    pytest.param("2031-05-01 00:00:00", ["05-01"], id="as a workbook gives it"),
    pytest.param("2031-02-30", None, id="no such day"),
    pytest.param("5月1日", None, id="no year"),
    pytest.param("2031-05-05至2031-05-01", None, id="the wrong way round"),
    pytest.param("2031-05-01至2031-06-01", None, id="too long"),
    pytest.param("2031-12-31至2032-01-01", None, id="into another year"),
    pytest.param("2031-05-01至2至3", None, id="two spans in one"),
    pytest.param("", None, id="nothing"),
]


@pytest.mark.parametrize(("cell", "days"), WRITTEN)
def test_a_date_as_people_write_it(tmp_path, cell, days):
    place = written(tmp_path, f'日期,类型,名称\n"{cell}",休,节\n')
    if days is None:
        with pytest.raises(DubanError) as refused:
            read_holidays(place)
        assert refused.value.code == "row-mistakes"
        assert "第 2 行" in refused.value.message
    else:
        assert [day.strftime("%m-%d") for day in read_holidays(place).days] == days


def test_the_example_of_the_documentation_is_read(tmp_path):
    page = Path(__file__).resolve().parents[2] / "docs" / "holidays.md"
    example = page.read_text(encoding="utf-8").partition("```csv\n")[2].partition("```")[0]
    found = read_holidays(written(tmp_path, example))
    assert (found.year, len(found.days)) == (2027, 8)
    assert all("示例" in kept.name for kept in found.days.values())


MISTAKES = [
    pytest.param("2031-01-01,调休,元旦", "类型“调休”看不懂", id="a kind that may mean either"),
    pytest.param("2031-01-02,班,元旦", "本来上班", id="a make-up day on a weekday"),
    pytest.param("2031-01-04,休,元旦\n2031-01-04,班,元旦", "既写了休又写了班", id="off and worked"),
    pytest.param("2031-01-01,休,元旦\n2032-01-01,休,元旦", "不在 2031 年", id="two years"),
    pytest.param("=1+1,休,元旦", "像公式", id="a formula"),
]


@pytest.mark.parametrize(("lines", "said"), MISTAKES)
def test_mistakes_are_named(tmp_path, lines, said):
    with pytest.raises(DubanError) as refused:
        read_holidays(written(tmp_path, f"日期,类型,名称\n{lines}\n"))
    assert refused.value.code == "row-mistakes"
    assert said in refused.value.message


def test_what_looks_odd_is_noted(tmp_path):
    found = read_holidays(written(tmp_path, "日期,类型\n2031-01-04,休\n2031-01-01,休\n"))
    assert list(found.days) == [date(2031, 1, 1)]
    first, second = found.notes
    assert first.startswith("第 2 行")
    assert second.startswith("全年只有 1 个")


def test_kept_shown_and_taken_back(session, team, listed):
    first = import_holidays(session, listed, on(TODAY, team.office))
    assert (len(first.added), first.removed, first.year) == (10, (), 2031)
    assert kept_days(session)[date(2031, 10, 11)] is True
    assert list_holidays(session, 2031).days[date(2031, 1, 1)] == KeptDay(is_working=False, name="元旦")
    again = import_holidays(session, listed, on(TODAY, team.office))
    assert (again.added, again.removed) == ((), ())
    assert len(session.exec(select(LedgerEntry).where(LedgerEntry.act == "import-holidays")).all()) == 1
    gone = clear_holidays(session, 2031, on(TODAY, team.supervisor))
    assert (len(gone.removed), kept_days(session)) == (10, {})


def test_a_new_list_takes_the_place_of_the_old_one(session, team, listed, tmp_path):
    keep(session, CalendarDay(day=date(2032, 1, 1), is_working=False, name="元旦"))
    import_holidays(session, listed, on(TODAY, team.office))
    change = import_holidays(session, written(tmp_path, "日期,类型,名称\n2031-01-01,休,元旦\n2031-01-05,班,元旦\n"), on(TODAY, team.office))
    assert (change.added, len(change.removed)) == ((date(2031, 1, 5),), 9)
    assert sorted(kept_days(session)) == [date(2031, 1, 1), date(2031, 1, 5), date(2032, 1, 1)]


def test_what_would_change_is_said_and_nothing_moves(session, team, listed):
    issued(session, team.office)
    moved = session.get(Task, 1)
    moved.due_on = date(2031, 10, 1)
    keep(session, moved, plan_id=1, day=TODAY)
    change = import_holidays(session, listed, on(TODAY, team.office), is_dry_run=True)
    assert [(one.task_id, one.due_on, one.becomes_working) for one in change.due_days] == [(1, date(2031, 10, 1), False)]
    assert change.limits == (
        LimitChange("2030Q4", date(2031, 1, 3), date(2031, 1, 7)),
        LimitChange("2031Q3", date(2031, 10, 3), date(2031, 10, 10)),
    )
    assert kept_days(session) == {}
    assert session.get(Task, 1).due_on == date(2031, 10, 1)


@on_one_kind
def test_refused(session, team, tmp_path):
    known = written(tmp_path, f"日期,类型\n{LIBRARY_YEARS[-1]}-01-01,休\n")
    for act, arguments, code in (
        (import_holidays, (known,), "year-known"),
        (import_holidays, (written(tmp_path / "..", "日期,类型\n2031-01-04,休\n"),), "no-holidays"),
        (clear_holidays, (2033,), "no-holidays"),
    ):
        with pytest.raises(DubanError) as refused:
            act(session, *arguments, on(TODAY, team.office))
        assert refused.value.code == code
