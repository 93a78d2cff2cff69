"""The burden meter: how many answers each unit was asked for in a quarter, and on how many occasions. It is derived from what was asked, never from who logged in.

What is counted: receipt of each task handed over in the quarter (one), each report owed for it (its figures and three sets of words), the same again for a
report that was returned, one answer to each notice issued, and the cells of every form. What stood on a form of the quarter is counted there and nowhere
else; a form sent again counts again, since it has to be read again. That a unit could say “no change” in one act makes a question no smaller.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from models.form import Form
from models.ledger import LedgerEntry
from models.notice import Notice
from models.task import TaskState
from models.unit import Unit
from reports.form_sheets import Role
from rules.periods import Period, period_before
from rules.rights import Act, Actor, may
from services.facts import TaskRecord, Viewpoint, read_tasks
from services.questions import WORDS_ASKED, count_figures
from services.reach import read_tree
from services.reported import owed_periods
from services.reviews import RETURN_REPORT
from services.rule_sets import rule_set_on


@dataclass(frozen=True)
class UnitBurden:
    """What a unit was asked in a quarter: `fields` are answers, `askings` occasions; `fields_before` those of the quarter before."""

    unit_id: int
    unit: str
    fields: int
    askings: int
    receipts: int
    reports: int
    notices: int
    forms: int
    fields_before: int

    @property
    def change(self) -> int:
        """Return how many answers more (less: negative) than in the quarter before."""
        return self.fields - self.fields_before


@dataclass
class _Count:
    """One unit's count. `receipts`, `reports`, `notices` and `forms` are the fields by their cause; an occasion is a plan's order, a report, a notice, a form."""

    receipts: int = 0
    reports: int = 0
    notices: int = 0
    forms: int = 0
    occasions: set[tuple[object, ...]] = field(default_factory=set)

    @property
    def fields(self) -> int:
        return self.receipts + self.reports + self.notices + self.forms


def read_burden(session: Session, period: Period, day: date, actor: Actor | None = None) -> list[UnitBurden]:
    """Return the burden of every unit that was asked anything in the quarter or the one before, the heaviest first, as known on `day`; of the units the actor may see.

    The same handful of queries whatever the number of units.
    """
    now, before = _counts(session, period, day), _counts(session, period_before(period), day)
    names = dict(session.execute(select(col(Unit.id), col(Unit.name))).tuples().all())
    rows = [_row(unit_id, str(names[unit_id]), now[unit_id], before[unit_id]) for unit_id in {*now, *before}]
    tree = read_tree(session) if actor is not None else None
    seen = [row for row in rows if actor is None or (tree is not None and may(actor, Act.READ, tree.parties(row.unit_id)))]
    return sorted(seen, key=lambda row: (-row.fields, row.unit))


def _row(unit_id: int, name: str, now: _Count, before: _Count) -> UnitBurden:
    causes = (now.receipts, now.reports, now.notices, now.forms)
    return UnitBurden(unit_id, name, now.fields, len(now.occasions), *causes, fields_before=before.fields)


def _counts(session: Session, period: Period, day: date) -> dict[int, _Count]:
    counts: dict[int, _Count] = defaultdict(_Count)
    on_forms = _count_forms(session, period, day, counts)
    known_on = max(day, period.starts_on)
    records = read_tasks(session, Viewpoint(min(day, period.ends_on), known_on), rule_set_on(session, min(day, period.ends_on)))
    figures = count_figures(session)
    by_task = {record.name.id: record for record in records}
    for record in records:
        count, asked = counts[record.name.lead_id], on_forms.get(record.name.id, frozenset())
        handed_on = record.life.handed_on
        if handed_on is not None and handed_on in period and Role.ACKNOWLEDGE not in asked:
            count.receipts += 1
            count.occasions.add(("order", record.name.plan_id, handed_on))
        if Role.REPORT not in asked and _owed(record, period):
            count.reports += figures.get(record.name.id, 0) + WORDS_ASKED
            count.occasions.add(("report", record.name.id))
    for task_id, number in _returned(session, period, day):
        if task_id in by_task:
            count = counts[by_task[task_id].name.lead_id]
            count.reports += figures.get(task_id, 0) + WORDS_ASKED
            count.occasions.add(("returned", number))
    _count_notices(session, period, day, counts)
    return defaultdict(_Count, {unit_id: count for unit_id, count in counts.items() if count.fields})


def _owed(record: TaskRecord, period: Period) -> bool:
    return record.facts.state is not TaskState.CANCELLED and period in owed_periods(record.facts.starts_on, record.life, period.ends_on)


def _count_forms(session: Session, period: Period, day: date, counts: dict[int, _Count]) -> dict[int, frozenset[str]]:
    """Count the forms of the quarter and return which questions stood on them, by task."""
    forms = select(col(Form.id), col(Form.unit_id), col(Form.field_count), col(Form.content))
    forms = forms.where(col(Form.period) == period.code, col(Form.made_on) <= day)
    asked: dict[int, frozenset[str]] = {}
    for form_id, unit_id, field_count, content in session.execute(forms).tuples():
        if field_count:
            counts[unit_id].forms += field_count
            counts[unit_id].occasions.add(("form", form_id))
        for task_id, roles in content["asked"].items():
            asked[int(task_id)] = asked.get(int(task_id), frozenset()) | set(roles)
    return asked


def _returned(session: Session, period: Period, day: date) -> Iterator[tuple[int, int]]:
    """Give the reports that were returned in the quarter: their task, and the entry's number."""
    entries = select(col(LedgerEntry.task_id), col(LedgerEntry.id)).where(col(LedgerEntry.act) == RETURN_REPORT)
    entries = entries.where(col(LedgerEntry.acted_on) >= period.starts_on, col(LedgerEntry.acted_on) <= min(day, period.ends_on))
    for task_id, number in session.execute(entries).tuples():
        if task_id is not None and number is not None:
            yield task_id, number


def _count_notices(session: Session, period: Period, day: date, counts: dict[int, _Count]) -> None:
    notices = select(col(Notice.id), col(Notice.unit_id)).where(col(Notice.issued_on) >= period.starts_on)
    for notice_id, unit_id in session.execute(notices.where(col(Notice.issued_on) <= min(day, period.ends_on))).tuples():
        counts[unit_id].notices += 1
        counts[unit_id].occasions.add(("notice", notice_id))
