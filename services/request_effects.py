"""What approving a request would do, looked at before: the due day, the state and the light of the task, by the same refusals as the approval. Nothing is written."""

from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from models.request import Request, RequestKind, RequestState
from models.task import Task, TaskState
from rules.lights import Reading, TaskFacts, light_of
from rules.requests import EVENT_OF, Figure, Terms, definite_terms, refuse_granting, terms_from
from rules.rights import Act, Actor, refuse_without_right
from rules.rule_set import RuleSet
from rules.target_words import wanted_words
from rules.targets import TargetFacts
from rules.transitions import TRANSITIONS
from services.facts import Viewpoint, read_tasks
from services.reach import parties_of
from services.request_grants import refuse_impossible
from services.requests import refuse_beyond_limits, refuse_own, unknown_request
from services.tasks import LeadTask


@dataclass(frozen=True)
class Standing:
    """How a task stands: its state, due day, lead unit, targets in words, and its light with the reasons."""

    state: TaskState
    due_on: date
    lead: str
    targets: tuple[str, ...]
    reading: Reading


@dataclass(frozen=True)
class Effect:
    """What an approval with these terms leads from and to."""

    terms: Terms
    before: Standing
    after: Standing


def effect_of(session: Session, request_id: int, given: Terms, actor: Actor, day: date, rules: RuleSet) -> Effect:
    """Return what approving a waiting request on `day` would do, with the approval's refusals; `given` are terms that differ from those asked for."""
    request = session.execute(sa.select(Request).where(col(Request.id) == request_id)).scalar_one_or_none()
    if request is None or request.state is not RequestState.FILED:
        raise unknown_request(request_id)
    parties = parties_of(session, request.task_id)
    refuse_without_right(actor, Act.DECIDE_REQUEST, parties)
    task = session.execute(sa.select(Task).where(col(Task.id) == request.task_id)).scalar_one()
    refuse_own(request, actor)
    refuse_granting(request.kind, task.state)
    refuse_beyond_limits(session, request, task, day)
    terms = definite_terms(request.kind, terms_from(request.wanted), given)
    refuse_impossible(session, LeadTask(task, parties.lead_id), request.kind, terms, day)
    (record,) = read_tasks(session, Viewpoint(day, day), rules, task_ids=[request.task_id])
    before, lead = record.facts, record.name.lead
    after = facts_after(before, request.kind, terms, day)
    return Effect(terms, _standing(before, lead, day, rules), _standing(after, terms.unit or lead, day, rules))


def facts_after(facts: TaskFacts, kind: RequestKind, terms: Terms, day: date) -> TaskFacts:
    """Return the facts that would hold after a request of this kind was granted on `day` with these terms."""
    if kind is RequestKind.EXTENSION:
        return replace(facts, due_on=terms.due_on or facts.due_on)
    if kind is RequestKind.TARGET_CHANGE:
        return replace(facts, targets=tuple(_changed(one, terms.targets.get(one.measure)) for one in facts.targets))
    event = EVENT_OF[kind]
    moved = replace(facts, state=TRANSITIONS.get((facts.state, event), facts.state))
    return replace(moved, handed_on=day) if kind is RequestKind.REASSIGNMENT else moved


def _changed(target: TargetFacts, figure: Figure | None) -> TargetFacts:
    if figure is None:
        return target
    return replace(target, wanted=figure[0], high=figure[1]) if isinstance(figure, tuple) else replace(target, wanted=figure)


def _standing(facts: TaskFacts, lead: str, day: date, rules: RuleSet) -> Standing:
    targets = tuple(f"{one.measure} {wanted_words(one)}" for one in facts.targets)
    return Standing(facts.state, facts.due_on, lead, targets, light_of(facts, day, rules))
