"""What each unit is asked on a day for a quarter: tasks to acknowledge and reports owed, read once for all units. Forms ask it, the burden meter counts it.

What has been answered is not asked again: a quarter with a report that stands is left out, one whose report was returned comes back.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from models.ledger import LedgerHead
from models.plan import Plan
from models.roster import Quota
from models.task import Comparator, Target, Task, TaskState
from rules.errors import DubanError
from rules.lights import pace_of
from rules.periods import Period, quarter_of
from rules.rule_set import RuleSet
from rules.target_words import wanted_words
from rules.texts import _
from services.facts import TaskRecord, Viewpoint, read_tasks
from services.ledger import HOUSE
from services.report_periods import closed_on
from services.reported import owed_periods

WORDS_ASKED = 3
"""Progress, problem and next step: what every report asks for beside its figures."""

REPORTABLE = (TaskState.ASSIGNED, TaskState.IN_PROGRESS)


@dataclass(frozen=True)
class AskedTarget:
    """A figure that is asked for: a target, or one part of a target that is asked of each of many. `last` is the sum reported last."""

    id: int
    part: str
    measure: str
    unit_of_measure: str | None
    wanted: str
    last: float | None


@dataclass(frozen=True)
class AskedTask:
    """A task with what its lead unit is asked about it; `pace` is the per cent that should be done at the quarter's end."""

    record: TaskRecord
    plan: str
    wants_acknowledgement: bool
    wants_report: bool
    targets: tuple[AskedTarget, ...]
    pace: float

    @property
    def field_count(self) -> int:
        """Return how many answers are asked for: one for receipt; for a report each figure and three sets of words."""
        return int(self.wants_acknowledgement) + (len(self.targets) + WORDS_ASKED if self.wants_report else 0)


@dataclass(frozen=True)
class Survey:
    """What all units are asked for a quarter on a day. `tasks` are every unit's led tasks that are not over, asked about or not; `positions` is where each
    plan's chain stood before anything was read, so that whatever came later counts as newer.
    """

    period: Period
    day: date
    rules: RuleSet
    tasks: Mapping[int, Sequence[AskedTask]]
    positions: Mapping[str, int]

    def asked_of(self, unit_id: int) -> list[AskedTask]:
        """Return the unit's tasks that something is asked about."""
        return [task for task in self.tasks.get(unit_id, ()) if task.field_count]

    def units_asked(self) -> list[int]:
        """Return the units that owe an answer, a set whose members are not named yet left out."""
        return [unit_id for unit_id in self.tasks if any(not one.record.name.lead_is_open for one in self.asked_of(unit_id))]


def read_survey(session: Session, period: Period, day: date, rules: RuleSet) -> Survey:
    """Read what every unit is asked for the quarter `period` on `day`, in a fixed number of queries. Refused: bad-period, period-not-begun."""
    if quarter_of(period.starts_on) != period:
        raise DubanError("bad-period", _("进展按季度填报，期间请写成 {code}").format(code=quarter_of(period.ends_on).code))
    if period.starts_on > day:
        raise DubanError("period-not-begun", _("{code} 还没有开始，不能填报").format(code=period.code))
    heads = select(col(LedgerHead.chain), col(LedgerHead.seq)).where(col(LedgerHead.chain) != HOUSE)
    positions = dict(session.execute(heads).tuples().all())
    plans = dict(session.execute(select(col(Plan.id), col(Plan.title))).tuples().all())
    closed = {plan_id for plan_id in plans if plan_id is not None and closed_on(session, plan_id, period)}
    targets = read_targets(session)
    tasks: dict[int, list[AskedTask]] = defaultdict(list)
    for record in read_tasks(session, Viewpoint(day, day), rules):
        if record.facts.state in (*REPORTABLE, TaskState.SUSPENDED):
            wants_report = record.name.plan_id not in closed and owes_report(record, period)
            asked = tuple(_asked_targets(record, targets.get(record.name.id, ()))) if wants_report else ()
            wants_receipt = record.facts.state is TaskState.ASSIGNED
            pace = pace_of(record.facts, period.ends_on)
            tasks[record.name.lead_id].append(AskedTask(record, plans[record.name.plan_id], wants_receipt, wants_report, asked, pace))
    return Survey(period, day, rules, tasks, positions)


def owes_report(record: TaskRecord, period: Period) -> bool:
    """Tell whether the lead unit can and should still report on the quarter, also while it runs: begun, not paused at its end, not answered."""
    is_owed = period in owed_periods(record.facts.starts_on, record.life, period.ends_on)
    return is_owed and record.facts.state in REPORTABLE and period.code not in record.reported.first_filed_on


def read_targets(session: Session) -> Mapping[int, Sequence[Target]]:
    """Return the targets by task whose value a unit reports: neither observed by an indicator, nor counted from a roster, nor a bare comparison."""
    counted = select(col(Quota.target_id))
    rows = select(Target).join(Task, col(Task.id) == col(Target.task_id))
    rows = rows.where(col(Target.indicator_id).is_(None), col(Target.comparator) != Comparator.EXCEEDS_SERIES)
    found: dict[int, list[Target]] = defaultdict(list)
    for target in session.execute(rows.where(col(Target.id).not_in(counted)).order_by(col(Target.id))).scalars():
        found[target.task_id or 0].append(target)
    return found


def count_figures(session: Session) -> Mapping[int, int]:
    """Return how many figures a report on each task asks for, by task."""
    return {task_id: len(targets) for task_id, targets in read_targets(session).items()}


def _asked_targets(record: TaskRecord, targets: Sequence[Target]) -> list[AskedTarget]:
    facts = {(one.measure, one.unit_of_measure): one for one in record.facts.targets}
    asked = []
    for target in targets:
        assert target.id is not None
        judged = facts.get((target.measure, target.unit_of_measure))
        wanted = wanted_words(judged) if judged else target.text
        named = (target.measure, target.unit_of_measure, wanted)
        parts = record.reported.parts.get(target.id, {})
        asked += [AskedTarget(target.id, part, *named, value) for part, value in sorted(parts.items())]
        asked.append(AskedTarget(target.id, "", *named, record.reported.values.get(target.id)))
    return asked
