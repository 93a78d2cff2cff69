"""Requests as they are listed and decided: what is asked for, what approving it would do, and the terms an approval may say otherwise."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.request import RequestKind, RequestState
from models.task import TaskState
from rules.errors import DubanError
from rules.requests import TERM_OF, Figure, Terms, figure_words, kind_name, request_state_name, terms_words
from rules.texts import _
from rules.words import day_words
from services.keyset import KeyPage
from services.request_effects import Effect, Standing
from services.request_list import RequestRow
from web.forms import SentForm
from web.office_views import Entry, Fact, LightWords, Listing, Tab, light_words, task_path
from web.rendering import url
from web.words import task_state_word

_RANGE = re.compile(r"[—–~～至-]")


@dataclass(frozen=True)
class EffectLine:
    """One thing that an approval changes, or leaves as it is: before and after in words."""

    name: str
    before: str
    after: str
    is_changed: bool


@dataclass(frozen=True)
class EffectWords:
    """What approving would do; `refusal` is why it cannot be approved so."""

    lines: tuple[EffectLine, ...] = ()
    before: LightWords | None = None
    after: LightWords | None = None
    refusal: str = ""


@dataclass(frozen=True)
class RequestPage:
    """A request with its answer, or the forms to answer it. `term` is the field an approval may fill in otherwise, `targets` those of a change of targets."""

    id: int
    task_id: int
    facts: tuple[Fact, ...]
    is_open: bool
    effect: EffectWords | None
    term: str
    value: str
    targets: tuple[tuple[str, str, str], ...]
    has_old_lead: bool
    seen: int | None
    units: tuple[str, ...]


def requests_listing(page: KeyPage[RequestRow], state: RequestState | None) -> Listing:
    """Return a page of the requests in a state (None: all)."""
    columns = (_("申请"), _("任务"), _("单位"), _("要求"), _("提出日期"), _("状态"))
    cells = tuple(
        (
            Entry(_("第 {id} 号{kind}").format(id=row.id, kind=kind_name(row.kind)), f"/requests/{row.id}"),
            Entry(row.title, task_path(row.task)),
            Entry(row.unit),
            Entry(terms_words(row.wanted) or _("见理由")),
            Entry(day_words(row.filed_on)),
            Entry(request_state_name(row.state), note=_answered(row)),
        )
        for row in page.rows
    )
    return Listing(columns, cells, _("没有这样的申请。"), _tabs(state), more=_more(state, page.next))


def _more(state: RequestState | None, following: int | None) -> str:
    return url("/requests", state=state.value if state else "all", after=str(following)) if following else ""


def _answered(row: RequestRow) -> str:
    return _("{day} {who}").format(day=day_words(row.decided_on), who=row.decided_by) if row.decided_on else ""


def _tabs(state: RequestState | None) -> tuple[Tab, ...]:
    named = [Tab(request_state_name(one), f"/requests?state={one.value}", one is state) for one in RequestState]
    return (*named, Tab(_("全部"), "/requests?state=all", state is None))


def request_sheet(row: RequestRow, effect: EffectWords | None, given: Terms, position: tuple[int | None, Sequence[str]]) -> RequestPage:
    """Return the page of one request. `effect` is None where the visitor does not decide it; `position` is how far the task had come, and the units' names."""
    is_open = effect is not None
    term = TERM_OF[row.kind] or ""
    value = getattr(given, term, None) or getattr(row.wanted, term, None) if term and term != "targets" else ""
    return RequestPage(
        id=row.id,
        task_id=row.task,
        facts=_facts(row),
        is_open=is_open,
        effect=effect,
        term=term,
        value=str(value or ""),
        targets=_figures(row, given),
        has_old_lead=row.kind is RequestKind.REASSIGNMENT,
        seen=position[0],
        units=tuple(position[1]) if row.kind is RequestKind.REASSIGNMENT and is_open else (),
    )


def _facts(row: RequestRow) -> tuple[Fact, ...]:
    decided = (
        _("{state}，{day} {who}").format(state=request_state_name(row.state), day=day_words(row.decided_on), who=row.decided_by)
        if row.decided_on
        else request_state_name(row.state)
    )
    facts = (
        Fact(_("任务"), row.title, task_path(row.task)),
        Fact(_("单位"), row.unit),
        Fact(_("申请"), kind_name(row.kind)),
        Fact(_("要求"), terms_words(row.wanted)),
        Fact(_("理由"), row.reason),
        Fact(_("目前进展"), row.progress),
        Fact(_("提出日期"), _("{day}，{who}").format(day=day_words(row.filed_on), who=row.filed_by)),
        Fact(_("状态"), decided),
        Fact(_("批准的内容"), terms_words(row.granted)),
        Fact(_("答复"), row.decision or ""),
    )
    return tuple(one for one in facts if one.text)


def _figures(row: RequestRow, given: Terms) -> tuple[tuple[str, str, str], ...]:
    """Return a field for each target that is asked to change: its name, what it is about, and the figure."""
    wanted = {**row.wanted.targets, **given.targets}
    return tuple((f"target{number}", measure, figure_words(figure)) for number, (measure, figure) in enumerate(wanted.items()))


def effect_words(effect: Effect) -> EffectWords:
    """Return what an approval changes, line by line."""
    before, after = effect.before, effect.after
    lines = (
        _changed(_("期限"), day_words(before.due_on), day_words(after.due_on)),
        _changed(_("牵头单位"), before.lead, after.lead),
        _changed(_("状态"), task_state_word(before.state), _state_after(after, effect.terms)),
        _changed(_("指标"), _("；").join(before.targets), _("；").join(after.targets)),
    )
    return EffectWords(tuple(one for one in lines if one.before or one.after), light_words(before.reading), light_words(after.reading))


def _changed(name: str, before: str, after: str) -> EffectLine:
    return EffectLine(name, before, after, before != after)


def _state_after(after: Standing, terms: Terms) -> str:
    word = task_state_word(after.state)
    if after.state is TaskState.SUSPENDED and terms.days:
        return _("{state}（{days} 天）").format(state=word, days=terms.days)
    return word


def terms_sent(sent: SentForm, row: RequestRow) -> Terms:
    """Return the terms of an approval as they were typed; what was left empty is as asked for. Codes: bad-date, bad-number."""
    days = sent.number("days")
    targets = {measure: _figure(sent.text(name)) for name, measure, _now in _figures(row, Terms()) if sent.text(name)}
    return Terms(
        due_on=sent.day("due_on"),
        unit=sent.text("unit") or None,
        days=int(days) if days is not None else None,
        targets=targets,
    )


def _figure(written: str) -> Figure:
    parts = [part.strip() for part in _RANGE.split(written, maxsplit=1)]
    try:
        low, *high = map(float, parts)
    except ValueError:
        raise DubanError("bad-number", _("“{written}”不是数字，也不是 4-6 这样的范围").format(written=written[:40])) from None
    return (low, high[0]) if high else low
