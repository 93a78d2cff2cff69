"""`duban milestone`: how a task's progress is planned and, without figures, measured."""

from datetime import date
from typing import Annotated

import typer

from cli.desk import open_desk, parse_day
from cli.output import JsonOption, print_json, print_table, say
from rules.errors import DubanError
from rules.pace import MilestoneFacts
from rules.periods import parse_period
from rules.target_words import actual_words, figure, wanted_words
from rules.targets import TargetFacts
from rules.texts import _
from services.milestones import MilestoneInput, add_milestone, criterion_of, drop_milestone, plan_curve, reach_milestone, set_criterion
from services.queries import show_task
from services.rule_sets import rule_set_on

app = typer.Typer(no_args_is_help=True, add_completion=False)

TaskId = Annotated[int, typer.Argument(metavar="TASK", help=_("任务编号"))]
Title = Annotated[str, typer.Argument(metavar="TITLE", help=_("节点名称，或其中只此一个才有的几个字"))]


@app.command("add", help=_("给任务加一个节点"))
def add(
    task: TaskId,
    title: Annotated[str, typer.Argument(metavar="TITLE", help=_("节点名称"))],
    due: Annotated[str, typer.Option(metavar="DATE", help=_("应完成的日期"))],
    weight: Annotated[float, typer.Option(help=_("权重，与其他节点相比"))] = 1.0,
) -> None:
    """Add a milestone."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        add_milestone(session, task, MilestoneInput(title, parse_day(due), weight), occasion)
    say(_("任务 {task} 的节点“{title}”已列入").format(task=task, title=title))


@app.command("done", help=_("填报节点完成"))
def done(
    task: TaskId,
    title: Title,
    reached: Annotated[str | None, typer.Option("--reached", metavar="DATE", help=_("哪一天完成；不写则为当天"))] = None,
) -> None:
    """Report a milestone as reached."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        reach_milestone(session, task, title, occasion, parse_day(reached) if reached else None)
    say(_("任务 {task} 的节点“{title}”已完成").format(task=task, title=title))


@app.command("drop", help=_("删去还没有完成的节点"))
def drop(task: TaskId, title: Title) -> None:
    """Take a milestone out."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        drop_milestone(session, task, title, occasion)
    say(_("任务 {task} 的节点“{title}”已删去").format(task=task, title=title))


@app.command("curve", help=_("安排任务各期末应达到的进度（%）；不写任何一期则恢复为均匀推进"))
def curve(
    task: TaskId,
    planned: Annotated[
        list[str] | None, typer.Option("--planned", metavar="PERIOD=N", help=_("如 2013Q1=10，或 2013-04-15=20；可多次，到期日总是 100"))
    ] = None,
) -> None:
    """Plan the pace."""
    points = dict(_point(written) for written in planned or [])
    with open_desk() as desk, desk.acting() as (session, occasion):
        plan_curve(session, task, points, occasion)
    if points:
        told = _("、").join(_("{day} {percent}").format(day=day, percent=figure(percent, "%")) for day, percent in sorted(points.items()))
        say(_("任务 {task} 的进度安排：{points}").format(task=task, points=told))
    else:
        say(_("任务 {task} 恢复为均匀推进").format(task=task))


def _point(written: str) -> tuple[date, float]:
    when, _equals, number = written.partition("=")
    try:
        percent = float(number.strip().rstrip("%％"))
    except ValueError:
        raise DubanError("bad-curve", _("看不懂进度“{written}”，请写成 2013Q1=10").format(written=written)) from None
    try:
        return parse_period(when).ends_on, percent
    except DubanError:
        return parse_day(when.strip()), percent


@app.command("criterion", help=_("写明没有数量的任务怎样算完成；申请办结和审核时显示。写空即取消"))
def criterion(task: TaskId, text: Annotated[str, typer.Argument(metavar="TEXT", help=_("完成标准"))]) -> None:
    """Write the criterion."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        set_criterion(session, task, text, occasion)
    say(_("任务 {task} 的完成标准已记入台账").format(task=task))


@app.command("list", help=_("列出任务的节点、完成标准和当天应达到的进度"))
def list_all(task: TaskId, as_json: JsonOption = False) -> None:
    """List the milestones."""
    with open_desk() as desk, desk.reading() as (session, actor):
        sheet = show_task(session, task, desk.day, rule_set_on(session, desk.day), actor)
    if as_json:
        print_json({"milestones": sheet.milestones, "criterion": sheet.criterion, "pace": sheet.row.pace, "reached": sheet.row.reached})
        return
    print_progress(sheet.row.pace, sheet.row.reached)
    print_milestones(sheet.milestones)
    print_criterion(sheet.criterion)


def print_progress(pace: float, reached: float | None) -> None:
    """Print how much should be done and how much is."""
    told = "—" if reached is None else f"{reached:.1f}%"
    say(_("应达进度 {pace:.1f}%，已达 {reached}").format(pace=pace, reached=told))


def print_targets(targets: tuple[TargetFacts, ...]) -> None:
    """Print what is wanted and what was reached of each target, with the parts of one that is asked of each."""
    if targets:
        rows = [(target.measure, wanted_words(target), actual_words(target)) for target in targets]
        print_table([_("指标"), _("目标"), _("已完成（累计）")], [(*row[:2], row[2] or "—") for row in rows])
    parts = [(target.measure, name, figure(value, target.unit_of_measure)) for target in targets for name, value in target.parts]
    if parts:
        print_table([_("指标"), _("分项"), _("已完成（累计）")], parts)


def print_milestones(milestones: tuple[MilestoneFacts, ...]) -> None:
    """Print the milestones in the order of their days."""
    if milestones:
        rows = [(one.title, one.due_on, f"{one.weight:g}", _("已完成") if one.is_done else "") for one in milestones]
        print_table([_("节点"), _("应完成"), _("权重"), _("完成情况")], rows)


def print_criterion(text: str | None) -> None:
    """Print the written criterion, where there is one."""
    if text:
        say(_("完成标准：{text}").format(text=text))


def tell_criterion(task: int) -> None:
    """Print the criterion of a task that is handed in or judged."""
    with open_desk() as desk, desk.reading() as (session, _actor):
        text = criterion_of(session, task)
    print_criterion(text)
