"""A unit's matters of a year: the tasks it leads or supports that fell due, were done, or stayed open in it, as the rules of scoring see them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col

from models.plan import Plan
from models.task import TaskState
from models.unit import Unit
from rules.lights import days_overdue, is_done, is_started, pace_of
from rules.pace import weights_done
from rules.periods import Period
from rules.scoring_facts import Matter, Origin, Role
from services.facts import TaskRecord, Viewpoint, read_tasks
from services.past import past_on
from services.reported import ReportTally, tally_reports
from services.rule_sets import rule_set_on
from services.scoring.traces import Traces, read_traces
from services.task_rows import columns_of, selected

_UNJUDGED = (TaskState.DRAFT, TaskState.SUSPENDED, TaskState.CANCELLED)


@dataclass(frozen=True)
class Year:
    """A year as it is scored: judged at the end of `view.as_of`, by what was known on `view.known_on`."""

    period: Period
    view: Viewpoint


@dataclass(frozen=True)
class Part:
    """A unit's part in a task of the year."""

    unit_id: int
    role: Role
    record: TaskRecord
    origin: Origin


@dataclass(frozen=True)
class House:
    """What a year is scored from: the units by id in the register's order, their parts, and the entries behind them."""

    units: Mapping[int, str]
    parts: Sequence[Part]
    traces: Traces
    plan_ids: tuple[int, ...]


def year_of(period: Period, written_on: date) -> Year:
    """Return the year as seen from the day a scorecard is written."""
    return Year(period, Viewpoint(min(period.ends_on, written_on), written_on))


def read_house(session: Session, year: Year) -> House:
    """Return everything the year is scored from. Sets of units that are not named yet have no score, nor have suspended and cancelled tasks."""
    past = past_on(session, min(year.view.as_of, year.view.known_on))
    rows = past.rows(Unit, selected(session, columns_of(Unit, "id", "name", "is_open"), None, None))
    units = {row["id"]: row["name"] for row in sorted(rows, key=lambda row: row["id"]) if not row["is_open"]}
    plans = {row["id"]: row for row in selected(session, columns_of(Plan, "id", "doc_no", "source_kind"), col(Plan.id), None)}
    records = [one for one in read_tasks(session, year.view, rule_set_on(session, year.view.as_of)) if counts_in(one, year)]
    parts = []
    for record in records:
        name, plan = record.name, plans[record.name.plan_id]
        origin = Origin(plan["doc_no"] or "", plan["source_kind"], name.number or "")
        parts.append(Part(name.lead_id, "lead", record, origin))
        parts += [Part(unit_id, "support", record, origin) for unit_id in name.support_ids]
    known = [part for part in parts if part.unit_id in units]
    return House(units, known, read_traces(session, year.view), tuple(sorted({one.name.plan_id for one in records})))


def counts_in(record: TaskRecord, year: Year) -> bool:
    """Tell whether a task is a matter of the year: begun by its end, not done before it, and neither suspended nor cancelled."""
    facts = record.facts
    if facts.state in _UNJUDGED or (facts.starts_on > year.view.as_of and not is_done(facts)):
        return False
    return facts.completed_on is None or facts.completed_on >= year.period.starts_on


def matters_of(house: House, year: Year) -> Mapping[int, list[Matter]]:
    """Return every unit's matters, by its id, in the order of plans and items."""
    found: dict[int, list[Matter]] = defaultdict(list)
    for part in house.parts:
        found[part.unit_id].append(_matter(part, house.traces, year))
    return found


def reports_of(record: TaskRecord, year: Year) -> ReportTally:
    """Return the reports the present lead unit owed for quarters of the year; what was due before it got the task is not its."""
    return tally_reports(owed_in(record, year), record.reported, year.view.known_on, record.rules)


def owed_in(record: TaskRecord, year: Year) -> list[Period]:
    """Return the quarters of the year that the present lead unit had to report on."""
    handed_on = record.life.handed_on
    return [period for period in record.owed if period.ends_on in year.period and (handed_on is None or period.ends_on >= handed_on)]


def _matter(part: Part, traces: Traces, year: Year) -> Matter:
    record, facts, day = part.record, part.record.facts, year.view.as_of
    tally = reports_of(record, year)
    is_finished = is_done(facts)
    return Matter(
        task_id=record.name.id,
        title=record.name.title,
        role=part.role,
        origin=part.origin,
        is_due=facts.due_on <= year.period.ends_on or is_finished,
        is_begun=is_started(facts),
        is_done=is_finished,
        is_on_time=is_finished and not days_overdue(facts, day),
        pace=pace_of(facts, day),
        targets=facts.targets,
        milestones=weights_done(facts.milestones) if facts.milestones else None,
        reports_due=tally.due,
        reports_on_time=tally.on_time,
        refs=traces.standing(record.name.id),
    )
