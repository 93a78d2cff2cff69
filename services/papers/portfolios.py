"""A unit's page compiled: what it leads and supports in the plans in force, how that stands on a day, and what is asked of it now.

All units' pages come from one reading of the tasks: `read_desk` once, then `portfolio_of` for each.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col

from models.plan import Plan, PlanState
from models.request import RequestState
from models.task import TaskState
from models.unit import Unit
from reports.portfolio import DueTask, OpenNotice, OwedTask, Portfolio, Reporting, SupportedTask, WaitingRequest
from reports.task_book import LIGHTS
from rules.errors import DubanError
from rules.lights import Light, gap_of, is_done, light_of, pace_of, reached_of, worst_target
from rules.notice_words import level_name
from rules.periods import period_after, quarter_of
from rules.requests import kind_name, terms_words
from rules.rights import RIGHTS, Act, Actor, may, refuse_without_right
from rules.rule_set import RuleSet
from rules.target_words import actual_words, wanted_words
from rules.texts import _
from rules.transitions import state_name
from services.facts import TaskRecord, Viewpoint, read_tasks
from services.ledger import head_of
from services.notice_list import NoticeFilter, NoticeRow, list_notices
from services.papers.asks import GONE_OUT, asks_of, open_notices
from services.past import past_on
from services.reach import UnitTree, read_tree
from services.reported import owed_periods, reporting_limit
from services.request_list import RequestFilter, RequestRow, list_requests
from services.rule_sets import rule_set_on
from services.target_lines import shown
from services.task_rows import columns_of, selected
from services.units import unit_named

_ENDED = (TaskState.COMPLETED, TaskState.CLOSED, TaskState.CANCELLED)
_LIGHT_ORDER = {Light.RED: 0, Light.YELLOW: 1, Light.GREEN: 2, Light.GREY: 3}


@dataclass(frozen=True)
class Desk:
    """What pages are made from on a day: the tasks of the plans in force, the units' names, their tree, requests and notices that wait, and the rules."""

    day: date
    rules: RuleSet
    records: Sequence[TaskRecord]
    plans: Mapping[int, str]
    units: Mapping[int, str]
    tree: UnitTree
    requests: Sequence[RequestRow]
    notices: Sequence[NoticeRow]
    ledger_head: str


def read_desk(session: Session, day: date) -> Desk:
    """Read what every unit's page is made from; whoever reads a page is asked about in `page_of` and `units_with_pages`."""
    past = past_on(session, day)
    found = past.rows(Plan, selected(session, columns_of(Plan, "id", "title", "state").order_by(col(Plan.id)), None, None))
    plans = {row["id"]: row["title"] for row in found if row["state"] is PlanState.IN_FORCE}
    rules = rule_set_on(session, day)
    units = past.rows(Unit, selected(session, columns_of(Unit, "id", "name"), None, None))
    return Desk(
        day=day,
        rules=rules,
        records=read_tasks(session, Viewpoint(day, day), rules, list(plans)) if plans else [],
        plans=plans,
        units={row["id"]: row["name"] for row in units},
        tree=read_tree(session),
        requests=list_requests(session, RequestFilter(state=RequestState.FILED, as_of=day)),
        # Those only prepared are passed over: whether they still have ground costs a reading of its own.
        notices=[row for state in GONE_OUT for row in list_notices(session, NoticeFilter(state=state), day)],
        ledger_head=head_of(session, plans),
    )


def page_of(session: Session, unit: str, day: date, actor: Actor | None = None) -> Portfolio:
    """Return the page of one unit, by its name or another name. An unknown one is refused, and so is whoever may not read what it does: not-your-unit."""
    unit_id = unit_named(session, unit)
    desk = read_desk(session, day)
    _refuse_stranger(actor, desk.tree, unit_id)
    return portfolio_of(desk, unit_id)


def units_with_pages(desk: Desk, actor: Actor | None = None) -> list[int]:
    """Return the units with a task in force, led or supported, whose pages the actor may read, in the order they were registered."""
    busy = {unit_id for record in _in_force(desk) for unit_id in (record.name.lead_id, *record.name.support_ids)}
    return [unit_id for unit_id in sorted(busy) if actor is None or _may_read(actor, desk.tree, unit_id)]


def portfolio_of(desk: Desk, unit_id: int) -> Portfolio:
    """Return a unit's page."""
    led = [record for record in desk.records if record.name.lead_id == unit_id]
    current = sorted((record for record in _in_force(desk) if record.name.lead_id == unit_id), key=lambda record: _urgency(record, desk))
    supported = [record for record in _in_force(desk) if unit_id in record.name.support_ids]
    lights = Counter(light_of(record.facts, desk.day, desk.rules).light.value for record in current)
    tallies = [record.tally for record in current]
    notices = open_notices(desk.notices, {record.name.id: record for record in current}, desk.day)
    following = period_after(quarter_of(desk.day))
    return Portfolio(
        unit=desk.units[unit_id],
        as_of=desk.day,
        lights={light: lights[light] for light in LIGHTS},
        later=sum(record.facts.starts_on > desk.day and record.facts.state not in _ENDED for record in led),
        done=sum(is_done(record.facts) for record in led),
        reports_due=sum(tally.due for tally in tallies),
        reports_on_time=sum(tally.on_time for tally in tallies),
        reports_missing=sum(tally.missing for tally in tallies),
        asks=asks_of(current, notices, desk.day),
        led=tuple(_owed(record, desk) for record in current),
        supported=tuple(_supported(record, desk) for record in sorted(supported, key=lambda record: _urgency(record, desk))),
        due_next=tuple(
            _due(record) for record in sorted(led, key=_by_due_day) if _is_due_in(record, following.starts_on, following.ends_on)
        ),
        requests=_requests(desk, {record.name.id for record in led}),
        notices=tuple(_notice(row) for row in notices),
        reporting=_reporting(current, desk.day),
        rule_version=desk.rules.version,
        rule_sha256=desk.rules.sha256,
        ledger_head=desk.ledger_head,
    )


def _refuse_stranger(actor: Actor | None, tree: UnitTree, unit_id: int) -> None:
    if actor is None:
        return
    if actor.role not in RIGHTS[Act.READ]:
        refuse_without_right(actor, Act.READ)
    if not _may_read(actor, tree, unit_id):
        raise DubanError("not-your-unit", _("账号 {name} 只能查看本单位和下级单位的台账").format(name=actor.name))


def _may_read(actor: Actor, tree: UnitTree, unit_id: int) -> bool:
    return may(actor, Act.READ, tree.parties(unit_id))


def _in_force(desk: Desk) -> list[TaskRecord]:
    return [record for record in desk.records if record.facts.starts_on <= desk.day and record.facts.state not in _ENDED]


def _urgency(record: TaskRecord, desk: Desk) -> tuple[int, date, int]:
    return _LIGHT_ORDER[light_of(record.facts, desk.day, desk.rules).light], record.facts.due_on, record.name.id


def _by_due_day(record: TaskRecord) -> tuple[date, int]:
    return record.facts.due_on, record.name.id


def _is_due_in(record: TaskRecord, first: date, last: date) -> bool:
    return first <= record.facts.due_on <= last and record.facts.state not in (*_ENDED, TaskState.SUBMITTED, TaskState.SUSPENDED)


def _owed(record: TaskRecord, desk: Desk) -> OwedTask:
    facts, name, day = record.facts, record.name, desk.day
    reading, worst = light_of(facts, day, desk.rules), worst_target(facts, day)
    worst = worst or next(iter(facts.targets), None)
    return OwedTask(
        id=name.id,
        number=name.number,
        task=name.title,
        plan=desk.plans[name.plan_id],
        state=state_name(facts.state),
        due_on=facts.due_on,
        original_due_on=facts.original_due_on,
        light=reading.light.value,
        why=tuple(text for _code, text in reading.reasons),
        measure=worst.measure if worst else None,
        wanted=wanted_words(worst) if worst else None,
        actual=actual_words(worst) if worst else None,
        pace=shown(pace_of(facts, day)),
        reached=shown(reached_of(facts)),
        gap_pp=shown(gap_of(facts, day)),
    )


def _supported(record: TaskRecord, desk: Desk) -> SupportedTask:
    name, facts = record.name, record.facts
    light = light_of(facts, desk.day, desk.rules).light.value
    return SupportedTask(name.id, name.number, name.title, name.lead, facts.due_on, light)


def _due(record: TaskRecord) -> DueTask:
    return DueTask(record.name.id, record.name.title, record.facts.due_on)


def _requests(desk: Desk, own: set[int]) -> tuple[WaitingRequest, ...]:
    return tuple(
        WaitingRequest(row.id, kind_name(row.kind), row.title, terms_words(row.wanted), row.filed_on)
        for row in desk.requests
        if row.task in own
    )


def _notice(row: NoticeRow) -> OpenNotice:
    assert row.issued_on is not None
    return OpenNotice(row.id, row.doc_no or "", level_name(row.level), row.task, row.issued_on, row.limit_on, row.received_on)


def _reporting(records: Iterable[TaskRecord], day: date) -> Reporting | None:
    """Return the running quarter's report, where one will be due."""
    this = quarter_of(day)
    owing = [
        record
        for record in records
        if this in owed_periods(record.facts.starts_on, record.life, this.ends_on) and this.code not in record.reported.first_filed_on
    ]
    return Reporting(this.code, reporting_limit(this, owing[0].rules), len(owing)) if owing else None
