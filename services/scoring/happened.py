"""What happened to units in a year that adds or takes points: read from tasks, notices, concluded cases and people's marks, each with its entries."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.case import AccountabilityCase, CaseKind, CaseState, CaseTask, ObjectionOutcome
from models.notice import Notice, NoticeLevel
from models.task import TaskState
from rules.case_words import case_no
from rules.lights import days_overdue, is_done
from rules.rounding import round_half_up
from rules.scoring_facts import Occurrence, Origin, Ref
from rules.scoring_scheme import EventKind
from rules.targets import Direction, reached_percent
from rules.texts import _
from rules.transitions import TaskEvent
from rules.words import day_words, period_words
from services.decisions import MOVE_DUE_DAY
from services.facts import TaskRecord
from services.missing_reports import REPORT_MISSED
from services.notices import ISSUE_NOTICE
from services.past import past_on
from services.reported import reporting_limit
from services.scoring.matters import House, Part, Year, owed_in
from services.scoring.traces import Traces, house_entries
from services.task_rows import columns_of, selected

# A conclusion counts once it is served, unless an objection waits or has changed it.
_IN_FORCE = (CaseState.SERVED, CaseState.DECIDED, CaseState.RECTIFIED, CaseState.VERIFIED)
_SERVED = "serve-case"


def happened(session: Session, house: House, year: Year) -> Mapping[int, list[Occurrence]]:
    """Return what happened to every unit, by its id."""
    found: dict[int, list[Occurrence]] = defaultdict(list)
    for part in house.parts:
        found[part.unit_id] += _on_task(part, house.traces, year)
    for unit_id, event in (*_notices(session, house, year), *_cases(session, house, year)):
        found[unit_id].append(event)
    return found


def is_concluded(case: Mapping[str, Any]) -> bool:
    """Tell whether a case's conclusion stands: served, with no objection waiting and none that changed it."""
    return case["state"] in _IN_FORCE and case["outcome"] is not ObjectionOutcome.CHANGED


def read_cases(session: Session, year: Year) -> list[dict[str, Any]]:
    """Return the cases as they stood on the day the scorecard is written."""
    columns = columns_of(AccountabilityCase, "id", "kind", "state", "year", "number", "unit_id", "served_on", "outcome")
    return past_on(session, year.view.known_on).rows(
        AccountabilityCase, selected(session, columns.order_by(col(AccountabilityCase.id)), None, None)
    )


def _on_task(part: Part, traces: Traces, year: Year) -> Iterator[Occurrence]:
    told = _Teller(part, traces)
    yield from _ends(told, part.record, year)
    if part.role == "lead":
        yield from _returns(told, year)
        yield from _reports(told, year)


class _Teller:
    """Makes the events of one unit's part in a task."""

    def __init__(self, part: Part, traces: Traces) -> None:
        self.part, self.traces, self.task_id = part, traces, part.record.name.id

    def event(self, kind: EventKind, refs: tuple[Ref, ...], **facts: Any) -> Occurrence:
        """Return an event of this matter."""
        about = f"task-{self.task_id}"
        return Occurrence(
            kind, about=about, title=self.part.record.name.title, role=self.part.role, origin=self.part.origin, refs=refs, **facts
        )


def _ends(told: _Teller, record: TaskRecord, year: Year) -> Iterator[Occurrence]:
    yield from _lateness(told, record, year)
    facts = record.facts
    if not is_done(facts) or facts.completed_on is None:
        return
    refs = _due_refs(told)
    early = (facts.due_on - facts.completed_on).days
    if early > 0:
        words = _("{due}到期，{done}办结，提前{days}天").format(due=day_words(facts.due_on), done=day_words(facts.completed_on), days=early)
        yield told.event(EventKind.DONE_EARLY, refs, on=facts.completed_on, size=float(early), words=words)
    over = _over_percent(record)
    if over > 0:
        words = _("超出目标{over:g}%").format(over=over)
        yield told.event(EventKind.OVER_TARGET, told.traces.standing(told.task_id), on=facts.completed_on, size=over, words=words)


def _lateness(told: _Teller, record: TaskRecord, year: Year) -> Iterator[Occurrence]:
    """Give a missed due day, once: in the year it fell in. One on the last day of the year is missed when nothing was handed in by its end."""
    facts, view = record.facts, year.view
    if facts.due_on not in year.period or facts.due_on > view.as_of or facts.due_on >= view.known_on:
        return
    if is_done(facts):
        late = days_overdue(facts, view.as_of)
        if late and facts.completed_on is not None:
            words = _("{due}到期，{done}办结，超期{days}天").format(
                due=day_words(facts.due_on), done=day_words(facts.completed_on), days=late
            )
            yield told.event(EventKind.DONE_LATE, _due_refs(told), on=facts.completed_on, size=float(late), words=words)
    elif facts.state is not TaskState.SUBMITTED or facts.submitted_on is None or facts.submitted_on > facts.due_on:
        is_later = view.as_of > facts.due_on
        words = (_("{due}到期，到{day}仍未办结") if is_later else _("{due}到期，当日未办结")).format(
            due=day_words(facts.due_on), day=day_words(view.as_of)
        )
        yield told.event(EventKind.OVERDUE, _due_refs(told), on=facts.due_on, size=float(days_overdue(facts, view.as_of)), words=words)


def _due_refs(told: _Teller) -> tuple[Ref, ...]:
    return told.traces.last(told.task_id, TaskEvent.ISSUE.value, MOVE_DUE_DAY, TaskEvent.SUBMIT.value, TaskEvent.COMPLETE.value)


def _over_percent(record: TaskRecord) -> float:
    """Return by how many per cent a done task went over the least exceeded of its figures; what must be held cannot be exceeded."""
    rising = [target for target in record.facts.targets if target.direction is Direction.RISING]
    shares = [percent for percent in map(reached_percent, rising) if percent is not None]
    return round_half_up(max(0.0, min(shares) - 100.0), 1) if shares else 0.0


def _returns(told: _Teller, year: Year) -> Iterator[Occurrence]:
    since = told.part.record.life.handed_on or year.period.starts_on
    for trace in told.traces.of_act(told.task_id, TaskEvent.RETURN.value):
        if trace.acted_on in year.period and trace.acted_on >= since:
            words = _("{day}退回：{reason}").format(day=day_words(trace.acted_on), reason=trace.said.get("reason") or _("未写明"))
            yield told.event(EventKind.RETURNED, (trace.ref,), on=trace.acted_on, words=words)


def _reports(told: _Teller, year: Year) -> Iterator[Occurrence]:
    record = told.part.record
    for period in owed_in(record, year):
        filed_on, limit = record.reported.first_filed_on.get(period.code), reporting_limit(period, record.rules)
        if filed_on is not None and filed_on > limit:
            said = {"period": period_words(period.code), "limit": day_words(limit), "filed": day_words(filed_on)}
            words = _("{period}进展最迟{limit}报送，{filed}才报").format(**said)
            yield told.event(EventKind.REPORT_LATE, _of_period(told, TaskEvent.REPORT.value, period.code)[:1], on=filed_on, words=words)
        elif filed_on is None and limit < year.view.known_on:
            refs = _of_period(told, REPORT_MISSED, period.code) or told.traces.last(told.task_id, TaskEvent.ISSUE.value)
            words = _("{period}进展最迟{limit}报送，没有报送").format(period=period_words(period.code), limit=day_words(limit))
            yield told.event(EventKind.REPORT_MISSED, refs, on=limit, words=words)


def _of_period(told: _Teller, act: str, code: str) -> tuple[Ref, ...]:
    return tuple(trace.ref for trace in told.traces.of_act(told.task_id, act) if trace.said.get("period") == code)


def _notices(session: Session, house: House, year: Year) -> Iterator[tuple[int, Occurrence]]:
    issued = sa.select(Notice).where(
        col(Notice.issued_on) >= year.period.starts_on,
        col(Notice.issued_on) <= min(year.period.ends_on, year.view.known_on),
        # A proposal to hold to account stays in the house.
        col(Notice.level) != NoticeLevel.ACCOUNTABILITY,
    )
    parts = {part.record.name.id: part for part in house.parts if part.role == "lead"}
    for notice in session.execute(issued.order_by(col(Notice.id))).scalars():
        part = parts.get(notice.task_id)
        if notice.unit_id not in house.units or part is None:
            continue
        refs = [trace.ref for trace in house.traces.of_act(notice.task_id, ISSUE_NOTICE) if trace.said.get("notice") == notice.id]
        words = _("{day}收到{doc_no}").format(day=day_words(notice.issued_on), doc_no=notice.doc_no)
        facts = {"on": notice.issued_on, "level": notice.level, "words": words}
        # It counts for the unit it went to, which may have handed the task over since.
        yield notice.unit_id, _Teller(part, house.traces).event(EventKind.NOTICE, tuple(refs), **facts)


def _cases(session: Session, house: House, year: Year) -> Iterator[tuple[int, Occurrence]]:
    standing = [case for case in read_cases(session, year) if is_concluded(case) and case["served_on"] in year.period]
    if not standing:
        return
    served = {subject: trace.ref for subject, trace in house_entries(session, [_SERVED], year.view.known_on)}
    tasks = _tasks_of(session)
    led = {(part.record.name.id, part.unit_id): part for part in house.parts}
    for case in standing:
        parts = [part for task_id in tasks.get(case["id"], ()) if (part := led.get((task_id, case["unit_id"])))]
        kind = EventKind.PRAISED if case["kind"] is CaseKind.PRAISE else EventKind.CRITICISED
        is_support = bool(parts) and all(part.role == "support" for part in parts)
        ref = served.get(f"case {case['id']}")
        yield (
            case["unit_id"],
            Occurrence(
                kind=kind,
                on=case["served_on"],
                about=f"case-{case['id']}",
                title=case_no(case["year"], case["number"]),
                role="support" if is_support else "lead",
                origin=_shared_origin(parts),
                words=_("结论于{day}送达").format(day=day_words(case["served_on"])),
                refs=(ref,) if ref else (),
            ),
        )


def _shared_origin(parts: list[Part]) -> Origin | None:
    """Return where a case's matters come from; a leader's instruction among them is never hidden behind another."""
    origins = [part.origin for part in parts]
    return max(origins, key=lambda origin: origin.source.value == "instruction", default=None)


def _tasks_of(session: Session) -> Mapping[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for case_id, task_id in session.execute(sa.select(col(CaseTask.case_id), col(CaseTask.task_id)).order_by(col(CaseTask.id))).tuples():
        found[case_id].append(task_id)
    return found
