"""What a calendar program is given: a unit's dates, each with its words, ready for `reports.to_icalendar`."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class CalendarEvent:
    """One all-day event. `uid` never changes, so that a calendar program moves the event it has instead of adding another.

    `sequence` never falls and rises with every act on the matter; `as_of` is the instant the words are of: that of the last act, or the day's beginning, since words
    change with the day too.
    """

    uid: str
    day: date
    summary: str
    description: str
    sequence: int
    as_of: datetime
    is_cancelled: bool = False
    page: str | None = None


@dataclass(frozen=True)
class CalendarView:
    """A calendar with its name, in the order its events are read in."""

    name: str
    events: tuple[CalendarEvent, ...]
