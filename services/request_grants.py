"""What an approved request does to its task. Everything that could stand in the way is checked before the first row is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.request import RequestKind
from models.task import Target, Task
from rules import cascade
from rules.errors import DubanError
from rules.requests import EVENT_OF, Figure, Terms, figure_words
from rules.texts import _
from services.decisions import ended_with_parts, hand_over, new_lead, refuse_outside_cascade, refuse_past_limit
from services.ledger import Event
from services.occasion import Occasion
from services.shares import refuse_gap
from services.target_names import target_named
from services.tasks import LeadTask, move


@dataclass(frozen=True)
class Grant:
    """What is granted: the kind, its definite values, the request it answers, and whether an old lead stays to support."""

    kind: RequestKind
    terms: Terms
    request_id: int
    keep_as_support: bool = False


def refuse_impossible(session: Session, found: LeadTask, kind: RequestKind, terms: Terms, day: date) -> None:
    """Refuse values that cannot be, asked for or granted: a due day that is no later or has passed, an unknown unit or target, a figure that changes nothing."""
    if kind is RequestKind.EXTENSION and terms.due_on is not None:
        _refuse_due_day(session, found.task, terms.due_on, day)
    elif kind is RequestKind.REASSIGNMENT and terms.unit is not None:
        new_lead(session, found, terms.unit, day)
    elif kind is RequestKind.TARGET_CHANGE:
        changed = _changed_targets(session, found.task, terms)
        for target, figure in changed:
            _refuse_figure(target, figure)
        refuse_gap(session, found.task, {target.measure: _as_shared(figure) for target, figure in changed})


def grant(session: Session, found: LeadTask, order: Grant, occasion: Occasion) -> list[Event]:
    """Do what is granted and return the entries that tell of it beside the approval's own."""
    task, terms = found.task, order.terms
    if order.kind is RequestKind.EXTENSION:
        assert terms.due_on is not None
        task.due_on = terms.due_on
        session.add(task)
        return []
    if order.kind is RequestKind.TARGET_CHANGE:
        for target, figure in _changed_targets(session, task, terms):
            _set_figure(target, figure)
            session.add(target)
        return []
    before: dict[str, Any] = {}
    said: dict[str, Any] = {"request": order.request_id}
    if order.kind is RequestKind.REASSIGNMENT:
        assert terms.unit is not None
        before, told = hand_over(session, task, new_lead(session, found, terms.unit, occasion.day), keep_as_support=order.keep_as_support)
        said |= told
    if terms.days is not None:
        said["until"] = (occasion.day + timedelta(days=terms.days)).isoformat()
    if order.kind is RequestKind.CANCELLATION:
        return ended_with_parts(session, task, said, occasion)
    return move(session, task, EVENT_OF[order.kind], occasion, Event("", "", before=before, after=said))


def _refuse_due_day(session: Session, task: Task, due_on: date, day: date) -> None:
    if due_on <= task.due_on:
        raise DubanError("not-later", _("新的期限 {new} 不晚于现在的期限 {now}").format(new=due_on, now=task.due_on))
    refuse_past_limit(due_on, task, day)
    refuse_outside_cascade(session, task, due_on)


def _changed_targets(session: Session, task: Task, terms: Terms) -> list[tuple[Target, Figure]]:
    rows = select(Target).where(col(Target.task_id) == task.id).order_by(col(Target.id))
    targets: Sequence[Target] = session.execute(rows).scalars().all()
    return [(target_named(targets, measure), figure) for measure, figure in terms.targets.items()]


def _refuse_figure(target: Target, figure: Figure) -> None:
    low, high = figure if isinstance(figure, tuple) else (figure, figure)
    if not 0 <= low <= high < 1e13:
        text = _("{measure} 的目标 {figure} 不合理，应为不小于 0 的数，或从小到大的范围")
        raise DubanError("bad-quantity", text.format(measure=target.measure, figure=figure_words(figure)))
    now = (target.low, target.high) if isinstance(figure, tuple) else target.value
    if figure == now:
        raise DubanError(
            "nothing-changes", _("{measure} 的目标现在就是 {figure}").format(measure=target.measure, figure=figure_words(figure))
        )
    if isinstance(figure, tuple) != (target.value is None and target.low is not None):
        text = _("{measure} 的目标是{kind}，请照样写")
        kind = _("范围，如 4-6") if target.value is None and target.low is not None else _("一个数，如 8")
        raise DubanError("bad-value", text.format(measure=target.measure, kind=kind))


def _as_shared(figure: Figure) -> cascade.Figure:
    return cascade.Figure(*figure) if isinstance(figure, tuple) else cascade.Figure(figure, figure)


def _set_figure(target: Target, figure: Figure) -> None:
    if isinstance(figure, tuple):
        target.low, target.high = figure
    else:
        target.value = figure
