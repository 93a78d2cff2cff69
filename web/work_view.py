"""What the page of a unit's work shows: one card for each thing asked, each with its next act and its day; the rest is folded."""

from dataclasses import dataclass
from datetime import date

from models.request import RequestState
from rules.lights import Light
from rules.requests import kind_name, request_state_name, terms_words
from rules.texts import _
from rules.words import day_words, light_word, period_words
from services.my_work import Coming, MyWork
from services.request_list import RequestRow
from services.work_asked import Ask, Asked, FigureNow, WorkTask
from services.work_facts import Done
from web.rendering import url
from web.task_head import progress_words
from web.words import distance_words, task_state_word


@dataclass(frozen=True)
class NextAct:
    """What to do: a link, or, where `fields` are given, a form that does it in one tap."""

    to: str
    label: str
    is_main: bool = False
    fields: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True)
class AskCard:
    """One thing that is asked. `tone` colours its edge, `by` says until when."""

    title: str
    to: str
    plan: str
    tone: str
    by: str
    is_late: bool
    words: tuple[str, ...]
    figures: tuple[FigureNow, ...]
    acts: tuple[NextAct, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return what each act is called for those who hear the page: the act and what it is about."""
        return tuple(_("{act}：{title}").format(act=act.label, title=self.title) for act in self.acts)


@dataclass(frozen=True)
class AskGroup:
    """The cards of one kind. `all_at_once` does the same for all of them."""

    key: str
    heading: str
    cards: tuple[AskCard, ...]
    all_at_once: NextAct | None = None


@dataclass(frozen=True)
class WorkRow:
    """A task in a list."""

    to: str
    title: str
    plan: str
    note: str
    light: str = ""
    light_word: str = ""


@dataclass(frozen=True)
class Fold:
    """A list that is folded until somebody opens it."""

    heading: str
    rows: tuple[WorkRow, ...]
    note: str = ""


@dataclass(frozen=True)
class WorkPage:
    """The whole page."""

    unit: str
    day: str
    summary: str
    groups: tuple[AskGroup, ...]
    requests: tuple[WorkRow, ...]
    folds: tuple[Fold, ...]


def work_page(unit: str, work: MyWork) -> WorkPage:
    """Return the page in the current language."""
    groups = tuple(_group(ask, [one for one in work.asked if one.ask is ask], work.day) for ask in Ask)
    late = sum(one.is_late(work.day) for one in work.asked)
    if not work.asked:
        summary = _("现在没有要办的事项。")
    elif late:
        summary = _("要办 {count} 件，其中 {late} 件已过期限。").format(count=len(work.asked), late=late)
    else:
        summary = _("要办 {count} 件。").format(count=len(work.asked))
    return WorkPage(
        unit=unit,
        day=day_words(work.day),
        summary=summary,
        groups=tuple(group for group in groups if group.cards),
        requests=tuple(_request(row) for row in work.requests),
        folds=tuple(fold for fold in _folds(work) if fold.rows),
    )


def _folds(work: MyWork) -> tuple[Fold, ...]:
    hidden = work.done_count - len(work.done)
    note = _("还有 {count} 项较早办结的，请在“任务”中查看。").format(count=hidden) if hidden else ""
    return (
        Fold(_("三十天内（{count}）").format(count=len(work.coming)), tuple(_coming(one) for one in work.coming)),
        Fold(_("牵头的在办任务（{count}）").format(count=len(work.led)), tuple(_task_row(task, work.day) for task in work.led)),
        Fold(_("配合的在办任务（{count}）").format(count=len(work.supported)), tuple(_task_row(task, work.day) for task in work.supported)),
        Fold(_("已办结（{count}）").format(count=work.done_count), tuple(_done(one) for one in work.done), note),
    )


def _coming(one: Coming) -> WorkRow:
    note = _("{day} {what}").format(day=day_words(one.on), what=one.what)
    return WorkRow(f"/tasks/{one.task.id}", one.task.title, one.task.plan, note)


def _group(ask: Ask, asked: list[Asked], day: date) -> AskGroup:
    headings = {
        Ask.NOTICE: _("待答复的督办通知"),
        Ask.CASE: _("待陈述或整改的案卷"),
        Ask.ACKNOWLEDGE: _("待签收"),
        Ask.RETURNED: _("被退回的"),
        Ask.REPORT: _("待填报"),
        Ask.SUBMIT: _("可以申请办结"),
        Ask.PART: _("待交给牵头单位的材料"),
        Ask.MEMBERS: _("待确定的名单"),
    }
    at_once = None
    if ask is Ask.ACKNOWLEDGE and len(asked) > 1:
        label = _("全部签收（{count} 项）").format(count=len(asked))
        at_once = NextAct("/work/acknowledge", label, fields=tuple(("task", str(one.about)) for one in asked))
    return AskGroup(ask.value, headings[ask], tuple(_card(one, day) for one in asked), at_once)


def _card(one: Asked, day: date) -> AskCard:
    tone = "red" if one.is_late(day) else one.task.light.value if one.task else ""
    by = ""
    if one.by is not None:
        by = _("最迟 {day}，{distance}").format(day=day_words(one.by), distance=_limit_words(one.by, day))
    acts = _acts(one)
    return AskCard(
        title=one.title,
        to=f"/tasks/{one.task.id}" if one.task else acts[0].to,
        plan=_about(one),
        tone=tone if tone != Light.GREY.value else "",
        by=by,
        is_late=one.is_late(day),
        words=one.words,
        figures=one.figures,
        acts=acts,
    )


def _about(one: Asked) -> str:
    if one.task is None:
        return ""
    named = one.task.title if one.ask is Ask.NOTICE else ""
    period = period_words(one.period) if one.period else ""
    return _(" · ").join(part for part in (period, named, one.task.plan) if part)


def _limit_words(by: date, day: date) -> str:
    return _("已过 {days} 天").format(days=(day - by).days) if by < day else distance_words(by, day)


def _acts(one: Asked) -> tuple[NextAct, ...]:
    task = f"/tasks/{one.task.id}" if one.task else ""
    report = url(f"{task}/report", period=one.period)
    unchanged = NextAct(f"{task}/report", _("无变化"), fields=(("unchanged", "1"), ("period", one.period or "")))
    if one.ask is Ask.RETURNED and one.period is not None:
        return (NextAct(report, _("重新填报"), is_main=True),)
    acts: dict[Ask, tuple[NextAct, ...]] = {
        Ask.NOTICE: (NextAct(f"/notices/{one.about}/answer", _("签收并答复"), is_main=True),),
        Ask.CASE: (NextAct(f"/cases/{one.about}/answer", _("查看并答复"), is_main=True),),
        Ask.ACKNOWLEDGE: (NextAct(f"{task}/acknowledge", _("签收"), is_main=True, fields=()),),
        Ask.RETURNED: (NextAct(f"{task}/submit", _("重新申请办结"), is_main=True), NextAct(f"{task}/report", _("补充填报"))),
        Ask.REPORT: (NextAct(report, _("填报"), is_main=True), unchanged),
        Ask.SUBMIT: (NextAct(f"{task}/submit", _("申请办结"), is_main=True), NextAct(f"{task}/request", _("申请延期等"))),
        Ask.PART: (NextAct(url(f"{task}/part", period=one.period), _("交材料"), is_main=True),),
        Ask.MEMBERS: (NextAct(f"{task}/members", _("办理名单"), is_main=True),),
    }
    return acts[one.ask]


def _task_row(task: WorkTask, day: date) -> WorkRow:
    note = _("{state} · {due} · {progress}").format(
        state=task_state_word(task.state), due=distance_words(task.due_on, day), progress=progress_words(task.reached, task.pace)
    )
    return WorkRow(f"/tasks/{task.id}", task.title, task.plan, note, task.light.value, light_word(task.light))


def _request(row: RequestRow) -> WorkRow:
    state = request_state_name(row.state)
    is_open = row.state is RequestState.FILED or row.decided_on is None
    when = _("{day}提出，{state}") if is_open else _("{day}{state}")
    day = day_words(row.filed_on if row.decided_on is None else row.decided_on)
    terms = terms_words(row.granted if row.state is RequestState.APPROVED else row.wanted)
    note = _("；").join(part for part in (when.format(day=day, state=state), terms, row.decision or "") if part)
    return WorkRow(f"/tasks/{row.task}/request", _("{kind}申请：{title}").format(kind=kind_name(row.kind), title=row.title), "", note)


def _done(one: Done) -> WorkRow:
    return WorkRow(f"/tasks/{one.id}", one.title, one.plan, _("期限 {day}").format(day=day_words(one.due_on)))
