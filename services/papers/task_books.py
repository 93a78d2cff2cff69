"""The ledger of tasks (台账) read for a day: plan by plan, so that a house of many plans is never in memory at once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.plan import Plan, PlanItem
from models.task import Task, TaskState
from models.unit import Unit
from reports.task_book import CANCELLED, NOT_BEGUN, BookFacts, BookMeasure, BookTask
from rules.lights import TaskFacts, days_overdue, is_done, judge
from rules.rights import Actor
from rules.rule_set import RuleSet
from rules.target_words import wanted_words
from rules.targets import TargetFacts
from rules.texts import _
from rules.transitions import state_name
from rules.words import light_word
from services.facts import TaskRecord, Viewpoint, read_tasks
from services.ledger import heads_of
from services.papers.task_beside import Beside
from services.past import past_on
from services.plans import plan_of
from services.portions import portions
from services.queries import TaskFilter, passes, seen_by, task_row
from services.rule_sets import rule_set_on
from services.target_lines import shown
from services.task_rows import columns_of, selected
from services.unswept import unswept

HASH_SHOWN = 12
# A plan of more items is read in so many at a time.
_ITEMS_AT_ONCE = 500


@dataclass(frozen=True)
class OpenBook:
    """A book about to be read: what it rests on, and the plans whose tasks `book_tasks` gives one after the other."""

    facts: BookFacts
    wanted: TaskFilter
    rules: RuleSet
    actor: Actor | None
    units: Mapping[int, str]

    @property
    def day(self) -> date:
        """Return the day at whose end tasks are judged."""
        return self.facts.as_of


def open_book(session: Session, wanted: TaskFilter, day: date, actor: Actor | None = None) -> OpenBook:
    """Return the book of the tasks that pass the filter, as they stand on `day`; an actor gets those he may see. A plan that does not exist is refused."""
    if wanted.plan_id is not None:
        plan_of(session, wanted.plan_id)
    plans = sa.select(col(Plan.id)).order_by(col(Plan.id))
    plan_ids = list(session.execute(plans).scalars()) if wanted.plan_id is None else [wanted.plan_id]
    rules = rule_set_on(session, day)
    heads = tuple((chain, head["seq"], head["hash"]) for chain, head in heads_of(session, plan_ids).items())
    facts = BookFacts(day, tuple(plan_ids), _wanted_words(wanted), rules.version, rules.sha256, heads)
    units = past_on(session, day, []).rows(Unit, selected(session, columns_of(Unit, "id", "name"), None, None))
    return OpenBook(facts, wanted, rules, actor, {row["id"]: row["name"] for row in units})


def book_tasks(session: Session, book: OpenBook, plan_id: int) -> Iterator[BookTask]:
    """Give the book's tasks of one plan, in the order of its items and days."""
    beside = None
    for task_ids in _portions(session, plan_id, book.day):
        with unswept():
            records = read_tasks(session, Viewpoint(book.day, book.day), book.rules, [plan_id], task_ids)
        for record in _chosen(seen_by(session, book.actor, records), book):
            beside = beside or Beside.read(session, plan_id, book.day)
            yield _task(record, book, beside)


def _portions(session: Session, plan_id: int, day: date) -> Iterator[list[int] | None]:
    """Give the tasks of a long plan some thousand at a time, whole items in their order on `day`; None, that is all of them, for any other.

    Neither items nor tasks are ever taken out of their tables, so today's are all there were.
    """
    items = selected(session, columns_of(PlanItem, "id", "position"), col(PlanItem.plan_id), [plan_id])
    if len(items) <= _ITEMS_AT_ONCE:
        yield None
        return
    tasks_of: dict[int, list[int]] = defaultdict(list)
    for task in selected(session, columns_of(Task, "id", "item_id"), col(Task.plan_id), [plan_id]):
        tasks_of[task["item_id"]].append(task["id"])
    places = sorted((item["position"], item["id"]) for item in past_on(session, day, [plan_id]).rows(PlanItem, items))
    for some in portions(places, _ITEMS_AT_ONCE):
        yield [task_id for _position, item_id in some for task_id in tasks_of[item_id]]


def _chosen(records: Sequence[TaskRecord], book: OpenBook) -> Sequence[TaskRecord]:
    """Return the tasks that pass the book's filter; where nothing but a plan is asked for, no task is judged for it."""
    if book.wanted == TaskFilter(book.wanted.plan_id):
        return records
    return [record for record in records if passes(task_row(record, book.day, book.rules), book.wanted)]


def _wanted_words(wanted: TaskFilter) -> tuple[str, ...]:
    said = (
        _("计划 {plan}").format(plan=wanted.plan_id) if wanted.plan_id is not None else "",
        _("牵头单位含“{unit}”").format(unit=wanted.unit) if wanted.unit else "",
        _("{year}年").format(year=wanted.year) if wanted.year else "",
        _("状态：{state}").format(state=state_name(wanted.state)) if wanted.state else "",
        light_word(wanted.light) if wanted.light else "",
    )
    return tuple(words for words in said if words)


def _task(record: TaskRecord, book: OpenBook, beside: Beside) -> BookTask:
    name = record.name
    return BookTask(
        id=name.id,
        parent_id=name.parent_id,
        plan_id=name.plan_id,
        plan=beside.plan["title"],
        doc_no=beside.plan["doc_no"],
        number=name.number,
        item=name.item_title,
        label=name.label,
        text=name.text,
        lead=name.lead,
        supports=tuple(book.units[unit_id] for unit_id in name.support_ids),
        place=beside.places.get(name.item_id),
        **_judged(record, book),
        **_reported(record),
        **_followed(name.id, beside),
    )


def _judged(record: TaskRecord, book: OpenBook) -> dict[str, Any]:
    facts, day = record.facts, book.day
    found = judge(facts, day, book.rules)
    return {
        "starts_on": facts.starts_on,
        "due_on": facts.due_on,
        "original_due_on": facts.original_due_on,
        "state": state_name(facts.state),
        "light": found.reading.light.value,
        "why": tuple(text for _code, text in found.reading.reasons),
        "bucket": _kind_of(facts, day, found.bucket),
        "measures": tuple(map(_measure, facts.targets, found.of_targets)),
        "pace": shown(found.pace),
        "reached": shown(found.reached),
        "gap_pp": shown(found.gap),
        "returns": facts.return_count,
        "completed_on": facts.completed_on,
        "days_late": days_overdue(facts, day),
    }


def _kind_of(facts: TaskFacts, day: date, bucket: str | None) -> str:
    if facts.starts_on > day and not is_done(facts) and facts.state is not TaskState.CANCELLED:
        return NOT_BEGUN
    return bucket or CANCELLED


def _reported(record: TaskRecord) -> dict[str, Any]:
    tally, said = record.tally, record.reported
    return {
        "reports_due": tally.due,
        "reports_on_time": tally.on_time,
        "reports_late": tally.late,
        "reports_missing": tally.missing,
        "last_filed_on": said.last_filed_on,
        "last_text": said.text,
        "problem": said.problem,
        "next_step": said.next_step,
    }


def _followed(task_id: int, beside: Beside) -> dict[str, Any]:
    requests, waiting = beside.requests.get(task_id, (0, 0))
    entry, hashed = beside.entries.get(task_id, (0, ""))
    return {
        "reminders": beside.reminders.get(task_id, 0),
        "notices": beside.notices.get(task_id, 0),
        "requests": requests,
        "requests_waiting": waiting,
        "evidence": beside.evidence.get(task_id, 0),
        "entry": entry,
        "entry_hash": hashed[:HASH_SHOWN],
    }


def _measure(target: TargetFacts, told: tuple[float | None, float | None]) -> BookMeasure:
    reached, gap = told
    return BookMeasure(
        target.measure, target.unit_of_measure, target.wanted, wanted_words(target), target.actual, shown(reached), shown(gap)
    )
