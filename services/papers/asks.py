"""What is asked of a unit on a day: tasks to acknowledge, notices to sign for and to answer, reports, and submissions, each with its last day."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from models.notice import NoticeLevel, NoticeState
from models.task import TaskState
from reports.portfolio import Ask, AskKind
from rules.calendar import add_working_days
from rules.notice_words import level_name
from rules.periods import quarter_of
from rules.words import period_words
from services.facts import TaskRecord
from services.notice_list import NoticeRow
from services.reported import reporting_limit

GONE_OUT = (NoticeState.ISSUED, NoticeState.RECEIVED)
_ASKED = (TaskState.ASSIGNED, TaskState.IN_PROGRESS)


def asks_of(led: Sequence[TaskRecord], notices: Iterable[NoticeRow], day: date) -> tuple[Ask, ...]:
    """Return what is asked for tasks in force that the unit leads, the most pressing first.

    A report is asked once its quarter has ended; a submission from the beginning of the quarter the task is due in.
    """
    titles = {record.name.id: record.name.title for record in led}
    asked = [record for record in led if record.facts.state in _ASKED]
    found = [
        *(ask for record in asked for ask in _task_asks(record, day)),
        *(ask for row in notices for ask in _notice_asks(row, titles, day)),
    ]
    return tuple(sorted(found, key=lambda ask: (ask.until or date.min, ask.task_id, ask.kind)))


def open_notices(rows: Iterable[NoticeRow], led: Mapping[int, TaskRecord], day: date) -> list[NoticeRow]:
    """Return the notices whose demand stands, the nearest limit first: gone out, and for the due day the task still has. A proposal to hold to account stays in the house."""
    standing = [row for row in rows if row.state in GONE_OUT and row.level is not NoticeLevel.ACCOUNTABILITY and _stands(row, led, day)]
    return sorted(standing, key=lambda row: (row.limit_on or date.max, row.id))


def _stands(row: NoticeRow, led: Mapping[int, TaskRecord], day: date) -> bool:
    record = led.get(row.task_id)
    # A due day that was moved begins a new ladder, and so does another lead unit.
    return (
        record is not None
        and record.facts.state in _ASKED
        and row.due_on == record.facts.due_on
        and row.unit == record.name.lead
        and row.issued_on is not None
        and row.issued_on <= day
    )


def _task_asks(record: TaskRecord, day: date) -> Iterator[Ask]:
    facts = record.facts
    if facts.state is TaskState.ASSIGNED:
        # Nobody can take up what he has not got yet.
        since = facts.handed_on or record.life.issued_on
        yield _ask(AskKind.ACKNOWLEDGE, record, "", add_working_days(since, record.rules.acknowledge_days) if since else None, day)
    for period in record.owed:
        if period.code not in record.reported.first_filed_on:
            yield _ask(AskKind.REPORT, record, period_words(period.code), reporting_limit(period, record.rules), day)
    if facts.due_on <= quarter_of(day).ends_on:
        yield _ask(AskKind.SUBMIT, record, "", facts.due_on, day)


def _ask(kind: AskKind, record: TaskRecord, about: str, until: date | None, day: date) -> Ask:
    return Ask(kind, record.name.id, record.name.title, about, until, (until - day).days if until else None)


def _notice_asks(row: NoticeRow, titles: Mapping[int, str], day: date) -> Iterator[Ask]:
    about = row.doc_no or level_name(row.level)
    if row.state is NoticeState.ISSUED:
        yield Ask(AskKind.RECEIVE_NOTICE, row.task_id, titles[row.task_id], about, None, None)
    if row.limit_on is not None:
        yield Ask(AskKind.ANSWER_NOTICE, row.task_id, titles[row.task_id], about, row.limit_on, (row.limit_on - day).days)
