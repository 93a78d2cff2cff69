"""The overview as it is shown: counts, heat maps by plan, action, level and unit, completion against pace, what falls due. Units stand in the register's order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from models.unit import UnitLevel
from rules.rule_set import RuleSet
from rules.texts import _
from rules.words import day_words, light_word
from runtime.clock import today
from services.facts import Viewpoint, read_tasks
from services.plan_boards import NOTHING, Counts, Look, OpenTask, PaceSum, PlanBoard
from services.queries import task_row
from web.charts import LineChart, Series, line_chart
from web.day_steps import DaySteps, day_steps
from web.heat import HeatMap, count_words, shares_of
from web.overview_loads import LoadTable
from web.overview_maps import Overview, address, heat_maps, level_word
from web.rendering import url
from web.task_head import progress_words
from web.views import Cell, Figure, Share
from web.words import distance_words, label_words, task_state_word

LISTED = 8


@dataclass(frozen=True)
class DueLine:
    """A task that falls due, or has."""

    title: str
    lead: str
    due: str
    distance: str
    state: str
    tone: str
    light: str
    progress: str
    to: str


@dataclass(frozen=True)
class OverviewPage:
    """All that the page shows. `waiting` is a sentence while plans are still being judged, and `again` the address that goes on with it."""

    steps: DaySteps
    plan: str
    level: str
    plans: tuple[tuple[str, str], ...]
    levels: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...]
    shares: tuple[Share, ...]
    shares_words: str
    maps: tuple[HeatMap, ...]
    chart: LineChart | None
    points: tuple[tuple[str, ...], ...]
    overdue_words: str
    overdue: tuple[DueLine, ...]
    coming: tuple[DueLine, ...]
    waiting: str
    done_part: int
    whole_part: int
    again: str
    machine: Cell
    loads: LoadTable | None = None


def overview_page(session: Session, seen: Overview, rules: RuleSet, machine: Cell, loads: LoadTable | None) -> OverviewPage:
    """Return the page; `machine` says how the program itself stands, `loads` what each unit has in hand, None where that is not asked for."""
    asked, last = seen.asked, seen.looks[-1]
    whole = seen.counted(lambda _plan, _unit: "all").get("all", {}).get(last) or NOTHING
    boards = [seen.boards.found.get((plan.id, last), PlanBoard()) for plan in seen.followed]
    late = sum(count for board in boards for unit_id, count in board.late.items() if seen.passes(unit_id))
    overdue = _nearest(seen, [one for board in boards for one in board.overdue])
    done = seen.boards.wanted - seen.boards.missing
    waiting = _("正在汇总各计划各季度的情况：{done} / {whole}。先看已经汇总的，其余会接着补上。")
    chart, points = _pace(seen)
    return OverviewPage(
        steps=day_steps(asked.day, today()),
        plan=str(asked.plan.id) if asked.plan else "",
        level=asked.level.value if asked.level else "",
        plans=(("", _("全部在办计划")), *((str(plan.id), plan.title) for plan in seen.plans)),
        levels=(("", _("各级")), *((level.value, level_word(level)) for level in UnitLevel)),
        figures=_figures(whole, late),
        shares=shares_of(whole) if any(whole) else (),
        shares_words=_("，").join(
            _("{word} {count}").format(word=word, count=count) for word, count in zip(count_words(), whole, strict=True)
        ),
        maps=heat_maps(session, seen),
        chart=chart,
        points=points,
        overdue_words=_overdue_words(late, min(late, LISTED)),
        overdue=_due_lines(session, overdue, asked.day, rules),
        coming=_due_lines(session, _nearest(seen, [one for board in boards for one in board.coming]), asked.day, rules),
        waiting=waiting.format(done=done, whole=seen.boards.wanted) if seen.boards.missing else "",
        done_part=done,
        whole_part=seen.boards.wanted,
        again=address(seen, units_from=asked.units_from or None, items_from=asked.items_from or None),
        machine=machine,
        loads=loads,
    )


def _figures(whole: Counts, late: int) -> tuple[Figure, ...]:
    tones = ("red", "yellow", "green", "grey", "done")
    lights = [Figure(count, word, tone) for count, word, tone in zip(whole, count_words(), tones, strict=True)]
    return (Figure(sum(whole), _("任务")), lights[-1], *lights[:-1], Figure(late, _("已超期"), "red" if late else ""))


def _overdue_words(late: int, shown: int) -> str:
    text = _("已超期 {count} 项，列出到期最早的 {shown} 项") if late > shown else _("已超期 {count} 项")
    return text.format(count=late, shown=shown)


def _pace(seen: Overview) -> tuple[LineChart | None, tuple[tuple[str, ...], ...]]:
    points: list[tuple[Look, PaceSum, Counts]] = []
    whole = seen.counted(lambda _plan, _unit: "all").get("all", {})
    for look in seen.looks:
        if seen.is_whole(look):
            total = PaceSum()
            for plan in seen.followed:
                for unit_id, pace in seen.boards.found[plan.id, look].paces.items():
                    total = total.plus(pace) if seen.passes(unit_id) else total
            points.append((look, total, whole.get(look) or NOTHING))
    measured = [(look.as_of, total) for look, total, _counts in points if total.tasks]
    series = [
        Series(_("应达（序时进度）"), "planned", [(on, total.planned / total.tasks) for on, total in measured]),
        Series(_("已达（填报）"), "reached", [(on, total.reached / total.tasks) for on, total in measured]),
        Series(_("办结任务占比"), "done", [(look.as_of, 100 * counts[-1] / sum(counts)) for look, _total, counts in points if sum(counts)]),
    ]
    rows = tuple(
        (day_words(look.as_of), str(sum(counts)), str(counts[-1]), str(total.tasks), *_percents(total)) for look, total, counts in points
    )
    return line_chart(_("完成进度与序时进度对照"), series, seen.asked.day), rows


def _percents(total: PaceSum) -> tuple[str, str]:
    if not total.tasks:
        return "—", "—"
    return tuple(_("{percent}%").format(percent=f"{value / total.tasks:.1f}") for value in (total.planned, total.reached))  # type: ignore[return-value]  # two


def _nearest(seen: Overview, tasks: Iterable[OpenTask]) -> list[int]:
    passing = sorted((one for one in tasks if seen.passes(one.lead_id)), key=lambda one: (one.due_on, one.id))
    return [one.id for one in passing[:LISTED]]


def _titled(title: str, label: str) -> str:
    """Name a task; a label made of two dates is left out, since the due day stands beside it."""
    return title if label_words(label) != label else _("{title}（{label}）").format(title=title, label=label)


def _due_lines(session: Session, ids: Sequence[int], day: date, rules: RuleSet) -> tuple[DueLine, ...]:
    if not ids:
        return ()
    rows = {record.name.id: task_row(record, day, rules) for record in read_tasks(session, Viewpoint(day, day), rules, task_ids=ids)}
    return tuple(
        DueLine(
            title=_titled(row.title, row.label),
            lead=row.lead,
            due=day_words(row.due_on),
            distance=distance_words(row.due_on, day),
            state=task_state_word(row.state),
            tone=row.light.value,
            light=light_word(row.light),
            progress=progress_words(row.reached, row.pace),
            to=url(f"/tasks/{row.id}", on=None if day == today() else day.isoformat()),
        )
        for row in (rows[number] for number in ids if number in rows)
    )
