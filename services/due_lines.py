"""What is due on a day, to be said to whom: computed anew from the facts each time (level-triggered), some plans at a time where a house has many."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session, col, select

from models.plan import Plan
from notify.messages import Line
from rules.reminders import DueReminder, Urgency
from rules.rule_set import RuleSet
from services.asking_tasks import AskingTask, asking_on, in_force
from services.contacts import Recipient, reach_of
from services.facts import TaskRecord, Viewpoint, read_tasks
from services.past import Past
from services.unswept import unswept

DueLines = Mapping[tuple[Recipient, bool], Sequence[Line]]


@dataclass(frozen=True)
class Due:
    """What is due on a day, said before or not, by recipient and whether the unit is a set not named yet."""

    day: date
    rules: RuleSet
    lines: DueLines = field(default_factory=dict)

    def with_all(self, parts: Iterable["Due"]) -> "Due":
        """Return it with what is due in other plans, their lines after its own."""
        lines = {whom: list(some) for whom, some in self.lines.items()}
        for part in parts:
            for whom, some in part.lines.items():
                lines.setdefault(whom, []).extend(some)
        return Due(self.day, self.rules, lines)


def due_in_force(session: Session, day: date, rules: RuleSet) -> Due:
    """Return what is due in all plans in force."""
    return due_in(session, day, rules, in_force(session))


def due_in(session: Session, day: date, rules: RuleSet, plan_ids: Sequence[int]) -> Due:
    """Return what is due in these plans."""
    plans = {plan.id or 0: plan for plan in session.exec(select(Plan).where(col(Plan.id).in_(plan_ids)))}
    with unswept():
        return Due(day, rules, due_lines(session, asking_on(session, day, rules, plan_ids), plans, day))


def read_due_tasks(session: Session, due: Due, task_ids: Collection[int]) -> list[TaskRecord]:
    """Return those of these tasks that stand in plans in force on its day."""
    return read_tasks(session, Viewpoint(due.day, due.day), due.rules, in_force(session), sorted(task_ids)) if task_ids else []


def due_lines(
    session: Session, asking: Iterable[AskingTask], plans: Mapping[int, Plan], day: date, known: Past | None = None
) -> Mapping[tuple[Recipient, bool], list[Line]]:
    """Return what is due on `day`, said before or not, by recipient and whether the unit is a set not named yet; `known` is the past of a day gone by."""
    found = list(asking)
    reach = reach_of(session, {task.lead_id for task in found}, day, known or Past())
    titles = {number: (number, plan.title, plan.doc_no) for number, plan in plans.items()}
    lines: dict[tuple[Recipient, bool], list[Line]] = defaultdict(list)
    # A recipient is looked up once for each unit: there are many more lines.
    places: dict[tuple[int, bool], list[list[Line]]] = {}
    for task_id, plan_id, lead_id, title, reminders in found:
        about = (task_id, title, *titles[plan_id])
        for reminder in reminders:
            way = lead_id, reminder.urgency is Urgency.OVERDUE
            its = places.get(way)
            if its is None:
                unit = reach[lead_id]
                its = places[way] = [lines[recipient, unit.is_open] for recipient in unit.recipients(urging=way[1])]
            # There are many: this is the quickest way to make one.
            line = Line._make(reminder + about)
            for place in its:
                place.append(line)
    return lines


def as_reminder(line: Line) -> DueReminder:
    """Return the reminder a line says."""
    return DueReminder(line.rule, line.period, line.urgency, line.limit_on)
