"""The house's holiday calendar for years the program does not know: taken from a list, shown, taken back.

The one thing to know: no due day moves. What changes is which days count as working days, so before anything is written it is said which open tasks fall due on
a day that changes, and which quarters' reports come due on another day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from models.plan import PlanItem
from models.rule_set import CalendarDay
from models.task import Task
from rules.calendar import LIBRARY_YEARS, add_working_days, is_working
from rules.errors import DubanError
from rules.periods import parse_period, period_before
from rules.rights import Act, refuse_without_right
from rules.texts import _
from services.children import ENDED
from services.holiday_list import HolidayList, KeptDay, read_holidays
from services.kept_days import kept_days
from services.ledger import Event, record
from services.occasion import Occasion
from services.rule_sets import rule_set_on


@dataclass(frozen=True)
class HolidayYear:
    """A year's days that differ from Monday to Friday, as the house keeps them. `is_known`: the program knows the year itself, and the house keeps nothing of it."""

    year: int
    is_known: bool
    days: Mapping[date, KeptDay]


@dataclass(frozen=True)
class DueDayChange:
    """An open task whose due day becomes a working day, or stops being one. The due day itself stays."""

    task_id: int
    title: str
    due_on: date
    becomes_working: bool


@dataclass(frozen=True)
class LimitChange:
    """A quarter whose reports come due on another day than before."""

    period: str
    before: date
    after: date


@dataclass(frozen=True)
class CalendarChange:
    """What taking in or taking back a year's holidays does, or would do. `is_kept` tells whether the house then keeps days of the year."""

    year: int
    added: tuple[date, ...]
    removed: tuple[date, ...]
    due_days: tuple[DueDayChange, ...]
    limits: tuple[LimitChange, ...]
    is_kept: bool
    notes: tuple[str, ...] = ()


def list_holidays(session: Session, year: int) -> HolidayYear:
    """Return a year's days in order."""
    days = {row.day: KeptDay(row.is_working, row.name) for row in _rows(session, year)}
    return HolidayYear(year, year in LIBRARY_YEARS, days)


def import_holidays(session: Session, path: Path, occasion: Occasion, is_dry_run: bool = False) -> CalendarChange:
    """Let the house keep the holidays of a list for its year, in place of what it kept for that year; or only say what that would do.

    Codes: year-known (the program knows the year itself), no-holidays, row-mistakes, rows-not-read.
    """
    refuse_without_right(occasion.actor, Act.KEEP_CALENDAR)
    listed = read_holidays(path)
    if listed.year in LIBRARY_YEARS:
        text = _("程序已收录 {first} 至 {last} 年的节假日，不用再导入 {year} 年")
        raise DubanError("year-known", text.format(first=LIBRARY_YEARS[0], last=LIBRARY_YEARS[-1], year=listed.year))
    change = replace(_change(session, listed, occasion.day), notes=listed.notes)
    if not is_dry_run and (change.added or change.removed):
        _write(session, listed, occasion, "import-holidays")
    return change


def clear_holidays(session: Session, year: int, occasion: Occasion, is_dry_run: bool = False) -> CalendarChange:
    """Let the house keep nothing of a year any more, so that Monday to Friday count in it. Refused with no-holidays where it keeps nothing."""
    refuse_without_right(occasion.actor, Act.KEEP_CALENDAR)
    if not _rows(session, year):
        raise DubanError("no-holidays", _("没有导入过 {year} 年的节假日").format(year=year))
    listed = HolidayList(year, {})
    change = _change(session, listed, occasion.day)
    if not is_dry_run:
        _write(session, listed, occasion, "clear-holidays")
    return change


def _write(session: Session, listed: HolidayList, occasion: Occasion, act: str) -> None:
    stored = {row.day: row for row in _rows(session, listed.year)}
    for day, row in stored.items():
        if day not in listed.days:
            session.delete(row)
    for day, kept in listed.days.items():
        row = stored.get(day) or CalendarDay(day=day, is_working=kept.is_working, name=kept.name)
        row.is_working, row.name = kept.is_working, kept.name
        session.add(row)
    worked = sum(kept.is_working for kept in listed.days.values())
    after = {"year": listed.year, "off": len(listed.days) - worked, "worked": worked}
    record(session, occasion, Event(act, f"calendar {listed.year}", before={"days": len(stored)}, after=after))


def _rows(session: Session, year: int) -> list[CalendarDay]:
    within = (col(CalendarDay.day) >= date(year, 1, 1), col(CalendarDay.day) <= date(year, 12, 31))
    return list(session.execute(select(CalendarDay).where(*within).order_by(col(CalendarDay.day))).scalars())


def _change(session: Session, listed: HolidayList, day: date) -> CalendarChange:
    before = kept_days(session)
    others = {kept: works for kept, works in before.items() if kept.year != listed.year}
    after = others | {kept: said.is_working for kept, said in listed.days.items()}
    turned = {one: is_working(one, after) for one in {*before, *after} if is_working(one, before) is not is_working(one, after)}
    return CalendarChange(
        year=listed.year,
        added=tuple(sorted(one for one in after if after[one] is not before.get(one))),
        removed=tuple(sorted(one for one in before if one not in after)),
        due_days=_due_days(session, turned),
        limits=_limits(session, listed.year, before, after, day),
        is_kept=bool(listed.days),
    )


def _due_days(session: Session, turned: Mapping[date, bool]) -> tuple[DueDayChange, ...]:
    tasks = select(col(Task.id), col(PlanItem.title), col(Task.label), col(Task.due_on)).join(
        PlanItem, col(PlanItem.id) == col(Task.item_id)
    )
    tasks = tasks.where(col(Task.due_on).in_(turned), col(Task.state).not_in(ENDED)).order_by(col(Task.due_on), col(Task.id))
    rows = session.execute(tasks).tuples()
    return tuple(DueDayChange(task_id or 0, f"{title}（{label}）", due_on, turned[due_on]) for task_id, title, label, due_on in rows)


def _limits(session: Session, year: int, before: Mapping[date, bool], after: Mapping[date, bool], day: date) -> tuple[LimitChange, ...]:
    count = rule_set_on(session, day).report_limit_days
    first = parse_period(f"{year}Q1")
    found = []
    for period in (period_before(first), *(parse_period(f"{year}Q{number}") for number in range(1, 5))):
        was, becomes = (add_working_days(period.ends_on, count, partial(is_working, kept=kept)) for kept in (before, after))
        if was != becomes:
            found.append(LimitChange(period.code, was, becomes))
    return tuple(found)
