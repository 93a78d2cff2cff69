"""The first page's words, from the day's overview and the scheduler's board."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models.notice import MessageState
from rules.lights import Light
from rules.texts import _, current_language
from rules.words import day_words, light_word, period_words
from runtime.flow_board import BoardView, FlowLine, SchedulerState
from runtime.operators import Failure, failures
from runtime.settings import Settings
from services.overview import Overview, PlanStanding
from services.queries import TaskRow
from web import words
from web.views import Cell, Figure, FrontPage, Section, Share, Table

_WORST_FIRST = (Light.RED, Light.YELLOW, Light.GREEN, Light.GREY)
_NOTHING = Cell("—", "soft")


@dataclass(frozen=True)
class Glance:
    """What the page is made from: the day, its facts, the board, and the settings that say where things lie."""

    day: date
    overview: Overview
    board: BoardView
    settings: Settings


def front_page(glance: Glance) -> FrontPage:
    """Return the first page in the current language."""
    language = current_language()
    return FrontPage(
        language={"zh": "zh-CN"}.get(language, language),
        title=_("督办"),
        office=glance.settings.office or _("计划督办"),
        day=day_words(glance.day),
        other_language=("?lang=en", "English") if language == "zh" else ("?lang=zh", "中文"),
        figures=_figures(glance.overview),
        shares=_shares(glance.overview.plans),
        shares_label=_("各灯任务所占的份额"),
        sections=(_plans(glance), _due(glance), _flows(glance), _papers(glance)),
        footer=_("本页只供查看。办理请用 duban 命令，写法见 duban --help。"),
    )


def _lit(plans: Sequence[PlanStanding], light: Light) -> int:
    return sum(plan.lights[light] for plan in plans)


def _figures(overview: Overview) -> tuple[Figure, ...]:
    tasks, done = sum(plan.task_count for plan in overview.plans), sum(plan.done_count for plan in overview.plans)
    lights = (Figure(_lit(overview.plans, light), light_word(light), light.value) for light in _WORST_FIRST)
    overdue = Figure(overview.overdue_count, _("已逾期"), "red" if overview.overdue_count else "")
    return (Figure(tasks, _("任务")), Figure(done, _("已办结"), "done"), *lights, overdue)


def _shares(plans: Sequence[PlanStanding]) -> tuple[Share, ...]:
    counts = [(light.value, _lit(plans, light)) for light in _WORST_FIRST] + [("done", sum(plan.done_count for plan in plans))]
    whole = sum(count for _tone, count in counts)
    shares, start = [], 0.0
    for tone, count in counts:
        width = 100 * count / whole if whole else 0.0
        if width:
            shares.append(Share(tone, round(start, 3), round(width, 3)))
        start += width
    return tuple(shares)


def _plans(glance: Glance) -> Section:
    lights = tuple(light_word(light) for light in _WORST_FIRST)
    rows = tuple(_plan_row(plan) for plan in glance.overview.plans)
    empty = _("还没有计划。先用 duban plan draft 读入一份计划文件，核对后用 duban plan issue 下达；也可以用 duban demo 看一遍演示。")
    return Section("plans", _("在办计划"), tables=(Table((_("计划"), _("任务"), _("已办结"), *lights), rows, empty),))


def _plan_row(plan: PlanStanding) -> tuple[Cell, ...]:
    term = (
        _("{start} 至 {end}").format(start=day_words(plan.starts_on), end=day_words(plan.ends_on))
        if plan.starts_on and plan.ends_on
        else None
    )
    note = _("，").join(part for part in (plan.doc_no, term) if part)
    counts = (plan.task_count, plan.done_count, *(plan.lights[light] for light in _WORST_FIRST))
    return (Cell(plan.title, note=note or None), *(Cell(str(count), "number" if count else "number soft") for count in counts))


def _due(glance: Glance) -> Section:
    overview, columns = glance.overview, (_("任务"), _("牵头单位"), _("到期"), _("状态"), _("灯"))
    shown = _("已逾期 {count} 项，列出到期最早的 {shown} 项") if overview.overdue_count > len(overview.overdue) else _("已逾期 {count} 项")
    caption = Cell(shown.format(count=overview.overdue_count, shown=len(overview.overdue)), "red")
    overdue = Table(columns, tuple(_task_row(row, glance.day) for row in overview.overdue), "", caption)
    coming = tuple(_task_row(row, glance.day) for row in overview.due_next)
    due = Table(columns, coming, _("没有待办的任务。"), Cell(_("接下来到期")) if overview.overdue else None)
    heading = _("逾期与到期") if overview.overdue else _("接下来到期")
    return Section("due", heading, tables=(overdue, due) if overview.overdue else (due,))


def _task_row(row: TaskRow, day: date) -> tuple[Cell, ...]:
    why = _("；").join(row.why)
    return (
        Cell(row.title, note=row.label),
        Cell(row.lead),
        Cell(day_words(row.due_on), note=words.distance_words(row.due_on, day)),
        Cell(words.task_state_word(row.state)),
        Cell(light_word(row.light), f"light {row.light.value}", why or None),
    )


def _flows(glance: Glance) -> Section:
    board = glance.board
    tone = {SchedulerState.READY: "green", SchedulerState.DEGRADED: "red"}.get(board.state, "soft")
    untold = [Cell(_failure_words(failure), "red", failure.words) for failure in failures(glance.settings) if not failure.is_over]
    notes = (Cell(words.scheduler_words(board.state), tone, board.problem), *untold)
    lines = board.lines or tuple(FlowLine(flow) for flow in sorted(glance.overview.slots, reverse=True))
    columns = (_("流程"), _("下次运行"), _("上次运行"), _("最近办理"))
    rows = tuple(_flow_row(line, glance.overview) for line in lines)
    return Section("flows", _("自动流程"), notes, (Table(columns, rows, _("时间表排定以后，这里列出各流程。")),))


def _failure_words(failure: Failure) -> str:
    flow, day = words.flow_word(failure.flow), day_words(date.fromisoformat(failure.day))
    if not failure.untold:
        return _("“{flow}”{day}没有办成，已告诉运维人员。").format(flow=flow, day=day)
    return _("“{flow}”{day}没有办成，也没能告诉运维人员（{why}）。").format(flow=flow, day=day, why=failure.untold)


def _flow_row(line: FlowLine, overview: Overview) -> tuple[Cell, ...]:
    last = words.moment_words(line.last_at) if line.last_at else None
    ending = _("：").join(part for part in (words.ending_word(line.last_state or ""), line.last_message) if part)
    is_bad = line.last_state in ("Failed", "Crashed")
    slot = overview.slots.get(line.flow)
    return (
        Cell(words.flow_word(line.flow)),
        Cell(words.moment_words(line.next_at)) if line.next_at else Cell(_("未排定"), "soft"),
        Cell(last, "red" if is_bad else "", ending) if last else _NOTHING,
        Cell(words.slot_name(slot.slot), note=words.slot_word(slot.state)) if slot else _NOTHING,
    )


def _papers(glance: Glance) -> Section:
    settings, overview = glance.settings, glance.overview
    way = (
        _("催办经邮件服务器 {server} 发出。").format(server=settings.smtp_host)
        if settings.smtp_host
        else _("没有设置邮件服务器：催办写成 .eml 文件，放在 {folder}").format(folder=settings.home / "outbox")
    )
    where = _("印发的通报放在 {folder}").format(folder=settings.home / "bulletins")
    rows = tuple(
        (
            Cell(period_words(paper.period)),
            Cell(_("{year} 年第 {number} 期").format(year=paper.year, number=paper.number)),
            Cell(day_words(paper.published_on)),
        )
        for paper in overview.papers
    )
    table = Table((_("通报"), _("期号"), _("印发日期")), rows, _("还没有印发过通报。"))
    return Section("papers", _("催办与通报"), (Cell(way), *_messages(overview), Cell(where)), (table,))


def _messages(overview: Overview) -> tuple[Cell, ...]:
    counts: dict[str, int] = {}
    for state, count in overview.messages.items():
        counts[words.message_word(state)] = counts.get(words.message_word(state), 0) + count
    told = [_("{word} {count} 件").format(word=word, count=count) for word, count in counts.items() if count]
    is_bad = any(overview.messages[state] for state in (MessageState.UNCERTAIN, MessageState.FAILED, MessageState.BOUNCED))
    return (Cell(_("，").join(told), "red" if is_bad else ""),) if told else ()
