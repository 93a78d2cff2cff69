"""The ledger of tasks (台账) read for a day: plan by plan, so that a house of many plans is never in memory at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.plan import Plan
from models.task import TaskState
from models.unit import Unit
from reports.task_book import CANCELLED, NOT_BEGUN, BookFacts, BookMeasure, BookTask
from rules.lights import bucket_of, days_overdue, gap_of, is_done, light_of, pace_of, reached_of
from rules.rights import Actor
from rules.rule_set import RuleSet
from rules.target_words import wanted_words
from rules.targets import TargetFacts, gap_pp, reached_percent
from rules.texts import _
from rules.transitions import state_name
from rules.words import light_word
from services.facts import TaskRecord, Viewpoint, read_tasks
from services.ledger import heads_of
from services.papers.task_beside import Beside
from services.past import past_on
from services.plans import plan_of
from services.queries import TaskFilter, passes, seen_by, task_row
from services.reported import tally_reports
from services.rule_sets import rule_set_on
from services.target_lines import shown
from services.task_rows import columns_of, selected

HASH_SHOWN = 12


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
    day = book.day
    records = seen_by(session, book.actor, read_tasks(session, Viewpoint(day, day), book.rules, [plan_id]))
    chosen = [record for record in records if passes(task_row(record, day, book.rules), book.wanted)]
    if not chosen:
        return
    beside = Beside.read(session, plan_id, day)
    for record in chosen:
        yield _task(record, book, beside)


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
        **_reported(record, book.day),
        **_followed(name.id, beside),
    )


def _judged(record: TaskRecord, book: OpenBook) -> dict[str, Any]:
    facts, day = record.facts, book.day
    reading, pace = light_of(facts, day, book.rules), pace_of(facts, day)
    return {
        "starts_on": facts.starts_on,
        "due_on": facts.due_on,
        "original_due_on": facts.original_due_on,
        "state": state_name(facts.state),
        "light": reading.light.value,
        "why": tuple(text for _code, text in reading.reasons),
        "bucket": _kind_of(record, book),
        "measures": _measures(facts.targets, pace),
        "pace": shown(pace),
        "reached": shown(reached_of(facts)),
        "gap_pp": shown(gap_of(facts, day)),
        "returns": facts.return_count,
        "completed_on": facts.completed_on,
        "days_late": days_overdue(facts, day),
    }


def _kind_of(record: TaskRecord, book: OpenBook) -> str:
    facts = record.facts
    if facts.starts_on > book.day and not is_done(facts) and facts.state is not TaskState.CANCELLED:
        return NOT_BEGUN
    return bucket_of(facts, book.day, book.rules) or CANCELLED


def _reported(record: TaskRecord, day: date) -> dict[str, Any]:
    tally, said = tally_reports(record.owed, record.reported, day, record.rules), record.reported
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


def _measures(targets: Sequence[TargetFacts], pace: float) -> tuple[BookMeasure, ...]:
    return tuple(
        BookMeasure(
            target.measure,
            target.unit_of_measure,
            target.wanted,
            wanted_words(target),
            target.actual,
            shown(reached_percent(target)),
            shown(gap_pp(target, pace)),
        )
        for target in targets
    )
