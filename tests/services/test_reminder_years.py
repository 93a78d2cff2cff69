"""Whole years of reminders, day by day, as lists that a person can check against a calendar.

`DUBAN_GOLDEN=write` writes the lists anew instead of comparing.
"""

import os
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from models.account import Account, AccountRole
from models.notice import Message, Reminder
from models.unit import Absence, Contact, ContactDuty
from notify.wording import rule_words
from rules.calendar import is_working_day
from rules.transitions import TaskEvent
from services.ledger import first_break
from services.rebuilding import differences
from tests.builders import keep
from tests.homes import new_home, url_of
from tests.services.outbox_fixtures import Arrivals, act, add_contact, add_tasks, add_unit, file_report, noon, open_house, run

GOLDEN = Path(__file__).parent / "golden"
WEEKDAYS = "一二三四五六日"
SATURDAY = 5
# The days of a month on which a run that said something is made twice: on all of them it would take twice as long.
TWICE_UNTIL = 5


@dataclass(frozen=True)
class Year:
    """A year to be run: tasks as (lead, due day, day of submission or None), and who is away from when until when."""

    name: str
    first: date
    last: date
    tasks: tuple[tuple[str, date, date | None], ...]
    away: tuple[date, date]


def of(year, *tasks):
    return tuple(
        (lead, date(year + (len(due) > 5), *map(int, due[:5].split("-"))), date(year, *map(int, done.split("-"))) if done else None)
        for lead, due, done in tasks
    )


YEARS = [
    Year(
        "2013",
        date(2013, 1, 1),
        date(2013, 12, 31),
        of(
            2013,
            ("科技厅", "02-10", "02-18"),
            ("农业厅", "04-04", "04-08"),
            ("教育厅", "05-01", "05-06"),
            ("科技厅", "06-10", "06-07"),
            ("财政厅", "09-19", "09-24"),
            ("农业厅", "09-22", "09-22"),
            ("教育厅", "10-01", "10-09"),
            ("科技厅", "10-12", "10-15"),
            ("财政厅", "12-31", None),
            ("农业厅", "12-31", "12-20"),
            ("教育厅", "01-01+", None),
            ("边远市", "06-30", "07-03"),
        ),
        (date(2013, 9, 9), date(2013, 9, 13)),
    ),
    Year(
        "2024",
        date(2024, 1, 1),
        date(2024, 3, 31),
        of(2024, ("科技厅", "02-29", None), ("农业厅", "02-29", "02-29"), ("教育厅", "02-10", "02-18"), ("财政厅", "03-31", None)),
        (date(2024, 2, 26), date(2024, 2, 28)),
    ),
    Year(
        "2025",
        date(2025, 1, 1),
        date(2025, 12, 31),
        of(
            2025,
            ("科技厅", "01-26", "01-26"),
            ("农业厅", "01-28", "02-06"),
            ("教育厅", "02-08", "02-11"),
            ("科技厅", "04-04", "04-08"),
            ("财政厅", "05-01", "05-07"),
            ("农业厅", "04-27", "04-28"),
            ("教育厅", "09-28", "09-30"),
            ("科技厅", "10-01", "10-10"),
            ("财政厅", "10-11", "10-14"),
            ("农业厅", "12-31", "12-20"),
            ("教育厅", "12-31", None),
            ("边远市", "06-30", "07-03"),
        ),
        (date(2025, 9, 22), date(2025, 9, 30)),
    ),
]


@pytest.mark.parametrize("year", YEARS, ids=lambda year: year.name)
def test_a_year_of_reminders(tmp_path, year):
    house, arrivals = founded(tmp_path, year), Arrivals(tmp_path / "arrivals.txt")
    task_ids = [add_tasks(house, [lead], due_on=due, starts_on=year.first, issued_on=year.first)[0] for lead, due, _done in year.tasks]
    for day in days_of(year):
        for number, (lead, _due, done) in zip(task_ids, year.tasks, strict=True):
            if done == day:
                act(house, number, TaskEvent.SUBMIT, day)
            elif day.month % 3 == 0 and day.day == 28 and lead == "农业厅" and (done is None or day < done):
                file_report(house, number, lead, f"{day.year}Q{day.month // 3}", day)
        if is_working_day(day) or day.weekday() < SATURDAY:
            is_said = bool(run(house, arrivals, day).sent)
            assert not (is_said and day.day < TWICE_UNTIL and run(house, arrivals, day).sent)
    listed = heading(year, task_ids) + "".join(listed_day(house, day) for day in days_of(year))
    compare(GOLDEN / f"reminders-{year.name}.txt", listed)
    with house.session() as session:
        assert first_break(session) is None
        assert not differences(session)


def founded(tmp_path, year):
    """A house of five units: one whose liaison has a deputy, two that share one, one without any contact."""
    house = open_house(url_of(new_home(tmp_path)))
    add_unit(house, "科技厅", address="kjt@example.cn")
    add_contact(house, "科技厅", "kjt-office@example.cn", ContactDuty.OFFICE)
    add_unit(house, "农业厅", address="nyt@example.cn")
    add_unit(house, "教育厅", address="shared@example.cn")
    add_unit(house, "财政厅", address="shared@example.cn")
    add_unit(house, "边远市")
    with house.session() as session:
        keep(session, Account(name="watch", role=AccountRole.SUPERVISOR, address="watch@example.cn", created_at=noon(year.first)))
        away = session.exec(select(Contact).where(Contact.address == "kjt@example.cn")).one()
        deputy = session.exec(select(Contact).where(Contact.address == "kjt-office@example.cn")).one()
        keep(session, Absence(contact_id=away.id, deputy_id=deputy.id, from_on=year.away[0], until_on=year.away[1]))
    return house


def days_of(year):
    return [year.first + timedelta(days=n) for n in range((year.last - year.first).days + 1)]


def heading(year, task_ids):
    lines = [
        f"{year.name} 年的提醒，逐日列出。每个工作日和节假日都运行，休息日不发。",
        "",
        "规则：到期前 7、3、1、0 个工作日提醒，到期后第 1 个工作日催办；季度末前 3 个工作日请报进展，季末后第 3 个工作日仍未报的催报。",
        "落在休息日的期限不改动：期限前最后一个工作日是 due-0，期限后第一个工作日是 overdue-1。",
        f"科技厅联络员 {year.away[0]} 至 {year.away[1]} 不在，由本厅办公室代收，办公室也得知此前提醒过、仍未办的。教育厅、财政厅共用一个地址，合为一封。",
        "边远市没有联系人，督查部门（watch）得知一次。农业厅每季度末月 28 日报送进展。督查部门收到申请办结的各一次。",
        "",
        "任务",
        *(
            f"  [{number}] {lead}  时限 {due}（周{WEEKDAYS[due.weekday()]}，{'工作日' if is_working_day(due) else '休息日'}）"
            f"  {f'{done} 申请办结' if done else '没有申请办结'}"
            for number, (lead, due, done) in zip(task_ids, year.tasks, strict=True)
        ),
        "",
    ]
    return "\n".join(lines) + "\n"


def listed_day(house, day):
    with house.session() as session:
        messages = session.exec(select(Message).where(Message.day == day).order_by(Message.id)).all()
        lines = {
            message.id: session.exec(select(Reminder).where(Reminder.message_id == message.id).order_by(Reminder.id)).all()
            for message in messages
        }
    if not messages:
        return ""
    text = f"{day} 周{WEEKDAYS[day.weekday()]}\n"
    for message in messages:
        text += f"  {message.address}  {message.channel}  {message.state.value}  {message.subject}\n"
        text += "".join(f"    [{line.task_id}] {line.rule} {line.period}  {rule_words(line.rule)}\n" for line in lines[message.id])
    return text


def compare(place, listed):
    if os.environ.get("DUBAN_GOLDEN") == "write":
        place.write_text(listed, encoding="utf-8")
    assert listed == place.read_text(encoding="utf-8"), f"{place} differs; DUBAN_GOLDEN=write makes it again"


@pytest.mark.parametrize("year", YEARS, ids=lambda year: year.name)
def test_what_holds_in_every_list(year):
    listed = (GOLDEN / f"reminders-{year.name}.txt").read_text(encoding="utf-8").partition("\n任务\n")[2]
    days = [line for line in listed.splitlines() if line[:4].isdigit()]
    assert len(days) == len(set(days))
    assert all(is_working_day(date.fromisoformat(line[:10])) for line in days)
    for block in listed.split(f"\n{year.name}-")[1:]:
        addresses = [line.split()[0] for line in block.splitlines()[1:] if line.startswith("  ") and "@" in line]
        assert len(addresses) == len(set(addresses))
