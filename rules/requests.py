"""Requests on tasks: what each kind asks for, when it may be filed and granted, and which events leave nothing to decide.

Filing does not stop the clock: until it is decided a task is judged as if nothing had been asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from models.request import RequestKind as K
from models.request import RequestState
from models.task import TaskState as S
from rules.errors import DubanError
from rules.texts import _
from rules.transitions import TRANSITIONS, TaskEvent, state_name

LONGEST_PAUSE_DAYS = 3650

Figure = float | tuple[float, float]
"""A target's new value, or the low and high end of a range."""


@dataclass(frozen=True)
class Terms:
    """The values a request is about: those asked for, or the definite ones it is granted with. `days` is the length of a suspension in calendar days."""

    due_on: date | None = None
    unit: str | None = None
    days: int | None = None
    targets: Mapping[str, Figure] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return what is said, as it is stored."""
        said = {"due_on": self.due_on and self.due_on.isoformat(), "unit": self.unit, "days": self.days, "targets": dict(self.targets)}
        return {name: value for name, value in said.items() if value}


def terms_from(stored: Mapping[str, Any]) -> Terms:
    """Return terms as they were stored."""
    targets = {measure: tuple(figure) if isinstance(figure, list) else figure for measure, figure in stored.get("targets", {}).items()}
    due_on = stored.get("due_on")
    return Terms(due_on and date.fromisoformat(due_on), stored.get("unit"), stored.get("days"), targets)


# The one value each kind is about; an end has none.
TERM_OF: Mapping[K, str | None] = MappingProxyType(
    {K.EXTENSION: "due_on", K.REASSIGNMENT: "unit", K.SUSPENSION: "days", K.CANCELLATION: None, K.TARGET_CHANGE: "targets"}
)
# What granting does to the state; the other kinds change values and leave the state alone.
EVENT_OF: Mapping[K, TaskEvent] = MappingProxyType(
    {K.REASSIGNMENT: TaskEvent.REASSIGN, K.SUSPENSION: TaskEvent.SUSPEND, K.CANCELLATION: TaskEvent.CANCEL}
)
# A submitted task is locked for its unit; what was filed before may still be granted.
_WORKING = (S.ASSIGNED, S.IN_PROGRESS)
_FILED_IN: Mapping[K, tuple[S, ...]] = MappingProxyType(
    {
        K.EXTENSION: (*_WORKING, S.SUSPENDED),
        K.REASSIGNMENT: _WORKING,
        K.SUSPENSION: _WORKING,
        K.CANCELLATION: (*_WORKING, S.SUSPENDED),
        K.TARGET_CHANGE: (*_WORKING, S.SUSPENDED),
    }
)
_OPEN = (*_WORKING, S.SUBMITTED, S.SUSPENDED)


def refuse_filing(kind: K, state: S) -> None:
    """Refuse, with not-now, a request of this kind on a task in this state."""
    if state not in _FILED_IN[kind]:
        raise _not_now(kind, state, _("提出"))


def refuse_granting(kind: K, state: S) -> None:
    """Refuse, with not-now, to grant a request of this kind on a task in this state."""
    if not may_be_granted(kind, state):
        raise _not_now(kind, state, _("批准"))


def may_be_granted(kind: K, state: S) -> bool:
    """Tell whether the transition table, or for mere values the task's being open, lets a request of this kind be granted."""
    return (state, EVENT_OF[kind]) in TRANSITIONS if kind in EVENT_OF else state in _OPEN


def _not_now(kind: K, state: S, verb: str) -> DubanError:
    text = _("任务现在是“{state}”，不能{verb}{kind}申请")
    return DubanError("not-now", text.format(state=state_name(state), verb=verb, kind=kind_name(kind)))


def is_moot(kind: K, event: TaskEvent) -> bool:
    """Tell whether a waiting request of this kind is left without anything to decide by the event.

    A task that is done or cancelled leaves all of them so. A new lead files for itself, so those of the old one lapse; a suspension answers one for itself.
    """
    if event in (TaskEvent.COMPLETE, TaskEvent.CLOSE, TaskEvent.CANCEL, TaskEvent.REASSIGN):
        return True
    return event is TaskEvent.SUSPEND and kind in (K.SUSPENSION, K.REASSIGNMENT)


def refuse_strange_terms(kind: K, terms: Terms) -> None:
    """Refuse values that a request of this kind is not about (strange-terms), and a suspension of no or absurd length (bad-days)."""
    own = TERM_OF[kind]
    strange = [name for name in terms.as_json() if name != own]
    if strange:
        text = _("{kind}申请不带{others}；{wanted}")
        names = _("、").join(term_name(name) for name in strange)
        wanted = _("要写的是{term}").format(term=term_name(own)) if own else _("只须写明理由")
        raise DubanError("strange-terms", text.format(kind=kind_name(kind), others=names, wanted=wanted))
    if terms.days is not None and not 1 <= terms.days <= LONGEST_PAUSE_DAYS:
        raise DubanError("bad-days", _("挂起的天数应在 1 到 {most} 之间").format(most=LONGEST_PAUSE_DAYS))


def definite_terms(kind: K, wanted: Terms, given: Terms) -> Terms:
    """Return what is granted: what the decision gives, else what was asked for. Refused with not-definite where neither says it."""
    refuse_strange_terms(kind, given)
    own = TERM_OF[kind]
    if own is None:
        return Terms()
    value = getattr(given, own) or getattr(wanted, own)
    if not value:
        text = _("批准{kind}申请须写明{term}，申请中没有提出，请在批准时写明")
        raise DubanError("not-definite", text.format(kind=kind_name(kind), term=term_name(own)))
    return Terms(**{own: value})


def kind_name(kind: K) -> str:
    """Return the kind's name for users."""
    return {
        K.EXTENSION: _("延期"),
        K.REASSIGNMENT: _("退办"),
        K.SUSPENSION: _("暂缓"),
        K.CANCELLATION: _("终止"),
        K.TARGET_CHANGE: _("调整目标"),
    }[kind]


def request_state_name(state: RequestState) -> str:
    """Return how far a request has got, for users."""
    return {
        RequestState.FILED: _("待答复"),
        RequestState.APPROVED: _("已批准"),
        RequestState.REFUSED: _("未批准"),
        RequestState.WITHDRAWN: _("已撤回"),
    }[state]


def term_name(term: str) -> str:
    """Return what a value of a request is called, for users."""
    return {"due_on": _("新的期限"), "unit": _("改由哪个单位牵头"), "days": _("挂起天数"), "targets": _("新的目标")}[term]


def terms_words(terms: Terms) -> str:
    """Return the values in words, empty where there are none."""
    said = [
        *([_("期限至 {day}").format(day=terms.due_on)] if terms.due_on else []),
        *([_("改由 {unit} 牵头").format(unit=terms.unit)] if terms.unit else []),
        *([_("挂起 {days} 天").format(days=terms.days)] if terms.days else []),
        *(
            _("{measure} 目标改为 {figure}").format(measure=measure, figure=figure_words(figure))
            for measure, figure in terms.targets.items()
        ),
    ]
    return _("；").join(said)


def figure_words(figure: Figure) -> str:
    """Return a target's value or range as it is written."""
    return f"{figure:g}" if isinstance(figure, float | int) else f"{figure[0]:g}-{figure[1]:g}"
