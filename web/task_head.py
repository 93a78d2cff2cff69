"""What stands at the head of every form on a task: which one it is, how it stands, and what others did since the form was opened."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from models.plan import Plan
from rules.errors import DubanError
from rules.lights import light_of, pace_of, reached_of
from rules.rights import Act, refuse_without_right
from rules.rounding import round_half_up
from rules.texts import _
from rules.transitions import TaskEvent, state_after
from rules.words import day_words, light_word
from services.facts import TaskRecord, Viewpoint, read_tasks
from services.positions import last_act_on
from services.reach import parties_of, refuse_unseen, unknown_task
from services.rule_sets import rule_set_on
from services.task_news import News, news_since
from web.visiting import Visitor
from web.words import distance_words, task_state_word


@dataclass(frozen=True)
class TaskHead:
    """A task at the head of a form, in words. `seen` is its last act as the form goes out; `news` what others did since the form that came back went out."""

    id: int
    title: str
    text: str
    plan: str
    plan_id: int
    lead: str
    state: str
    due: str
    distance: str
    light: str
    light_word: str
    why: tuple[str, ...]
    progress: str
    seen: int
    news: tuple[News, ...] = ()


@dataclass(frozen=True)
class Opened:
    """A task opened for an act: its head for the page and its record for whatever else the page works out."""

    head: TaskHead
    record: TaskRecord


def open_task(session: Session, visitor: Visitor, task_id: int, act: Act, day: date, seen: int | None = None) -> Opened:
    """Return the task for a form of this act. Refused: unknown-task where the visitor may not read it, then what `refuse_without_right` says.

    `seen` is what the form that came back had seen, None for a form that goes out first.
    """
    refuse_unseen(session, visitor.actor, task_id)
    refuse_without_right(visitor.actor, act, parties_of(session, task_id))
    rules = rule_set_on(session, day)
    found = read_tasks(session, Viewpoint(day, day), rules, task_ids=[task_id])
    if not found:
        raise unknown_task(task_id)
    record = found[0]
    reading, facts, name = light_of(record.facts, day, rules), record.facts, record.name
    head = TaskHead(
        id=task_id,
        title=name.title,
        text=name.text,
        plan=session.execute(select(col(Plan.title)).where(col(Plan.id) == name.plan_id)).scalar_one(),
        plan_id=name.plan_id,
        lead=name.lead,
        state=task_state_word(facts.state),
        due=day_words(facts.due_on),
        distance=distance_words(facts.due_on, day),
        light=reading.light.value,
        light_word=light_word(reading.light),
        why=tuple(text for _code, text in reading.reasons),
        progress=progress_words(reached_of(facts), pace_of(facts, day)),
        seen=last_act_on(session, task_id),
        news=tuple(news_since(session, task_id, seen, visitor.actor)) if seen is not None else (),
    )
    return Opened(head, record)


def shut_words(record: TaskRecord, event: TaskEvent) -> str:
    """Return why the task's state does not let this happen now, empty where it does: a form that could only be refused is not shown."""
    try:
        state_after(record.facts.state, event)
    except DubanError as error:
        return error.message
    return ""


def progress_words(reached: float | None, pace: float) -> str:
    """Return how far a task is beside where it should be, in per cent."""
    planned = f"{round_half_up(pace, 1):g}"
    if reached is None:
        return _("应达 {planned}%").format(planned=planned)
    return _("已达 {reached}%，应达 {planned}%").format(reached=f"{round_half_up(reached, 1):g}", planned=planned)
