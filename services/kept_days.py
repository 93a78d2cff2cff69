"""The days of the house's own holiday calendar as the rules want them: asked by every command and page before anything is judged, so it needs one table only."""

from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from models.rule_set import CalendarDay
from services.answers import answer_once
from services.changes import table_of

# Columns of the table, not of its class: the first statement that names a class prepares every class there is.
_KEPT = table_of(CalendarDay).c


def kept_days(session: Session) -> dict[date, bool]:
    """Return every day the house keeps, True where it is worked on: what `rules.calendar.use_calendar` is given."""
    return answer_once(session, "kept days", lambda: dict(session.execute(select(_KEPT.day, _KEPT.is_working)).tuples().all()))
