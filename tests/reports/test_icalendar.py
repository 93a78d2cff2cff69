"""Calendars read back by a library of their own: nothing is lost by escaping and folding."""

from datetime import UTC, date, datetime

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.calendar_feed import CalendarEvent, CalendarView
from reports.to_icalendar import calendar_bytes, escaped, folded

AT = datetime(2013, 4, 1, 16, 0, tzinfo=UTC)
WRITABLE = st.text(st.characters(exclude_categories=("Cs", "Cc")))


def event(**changes: object) -> CalendarEvent:
    facts = {"uid": "task-1@house", "day": date(2013, 12, 31), "summary": "事", "description": "话", "sequence": 1}
    return CalendarEvent(**{**facts, "as_of": AT, **changes})


def read_back(*events: CalendarEvent, name: str = "督办：某厅") -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(calendar_bytes(CalendarView(name, events)))


def test_a_calendar_to_the_letter():
    lines = calendar_bytes(
        CalendarView("督办：某厅", (event(summary="【临近】修路, 第一段; 北段", page="https://d.example/tasks/1"),))
    ).decode()
    assert lines.split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//duban//calendar feed//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:督办：某厅",
        "X-WR-TIMEZONE:Asia/Shanghai",
        "REFRESH-INTERVAL;VALUE=DURATION:PT4H",
        "X-PUBLISHED-TTL:PT4H",
        "BEGIN:VEVENT",
        "UID:task-1@house",
        "DTSTAMP:20130401T160000Z",
        "LAST-MODIFIED:20130401T160000Z",
        "SEQUENCE:1",
        "DTSTART;VALUE=DATE:20131231",
        "DTEND;VALUE=DATE:20140101",
        r"SUMMARY:【临近】修路\, 第一段\; 北段",
        "DESCRIPTION:话",
        "URL:https://d.example/tasks/1",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        pytest.param("a\\b;c,d:e", r"a\\b\;c\,d:e", id="what the format uses itself"),
        pytest.param("一\r\n二\r三\n四", r"一\n二\n三\n四", id="line ends of three kinds"),
        pytest.param("一\x00二\x1b三\t四", "一二三\t四", id="control characters"),
        pytest.param("x\nEND:VEVENT\nBEGIN:VALARM", r"x\nEND:VEVENT\nBEGIN:VALARM", id="a line that pretends"),
    ],
)
def test_texts_are_escaped(written, value):
    assert escaped(written) == value


@given(WRITABLE)
def test_no_piece_is_too_long_nor_ends_within_a_character(line):
    pieces = folded(line).removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(piece) <= 75 for piece in pieces)
    assert all(piece.decode() is not None for piece in pieces)
    assert pieces[0].decode() + "".join(piece.decode()[1:] for piece in pieces[1:]) == line
    assert all(piece[:1] == b" " for piece in pieces[1:])


@given(WRITABLE, st.lists(WRITABLE, min_size=1, max_size=4))
def test_every_text_comes_back(summary, lines):
    calendar = read_back(event(summary=summary, description="\n".join(lines)))
    (found,) = calendar.walk("VEVENT")
    assert str(found["SUMMARY"]) == summary
    assert str(found["DESCRIPTION"]) == "\n".join(lines)


def test_what_programs_go_by():
    calendar = read_back(event(sequence=3), event(uid="task-2@house", is_cancelled=True), name="督办：甲乙")
    assert (calendar["METHOD"], calendar["X-WR-CALNAME"]) == ("PUBLISH", "督办：甲乙")
    first, second = calendar.walk("VEVENT")
    assert (first["DTSTART"].dt, first["DTEND"].dt) == (date(2013, 12, 31), date(2014, 1, 1))
    assert (first["SEQUENCE"], first["STATUS"], second["STATUS"]) == (3, "CONFIRMED", "CANCELLED")
    assert first["LAST-MODIFIED"].dt == AT
    assert calendar.errors == first.errors == second.errors == []
