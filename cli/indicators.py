"""`duban indicator`: observed values, and the targets they speak for."""

from datetime import date
from typing import Annotated

import typer

from cli.desk import open_desk, parse_day
from cli.output import JsonOption, print_json, print_table, say
from rules.errors import DubanError
from rules.periods import parse_period
from rules.target_words import figure
from rules.texts import _
from services.indicators import Link, Reading, link_target, list_observations, observe

app = typer.Typer(no_args_is_help=True, add_completion=False)

TaskId = Annotated[int, typer.Argument(metavar="TASK", help=_("任务编号"))]
Measure = Annotated[str, typer.Argument(metavar="MEASURE", help=_("任务的指标名称，或其中只此一项才有的几个字"))]
AllYears = Annotated[bool, typer.Option("--all-years", help=_("同一事项各年度任务的同名指标一并办理"))]


@app.command("set", help=_("登记指标在某日的数值；同一天再登记不同的数值即为更正，原值保留"))
def set_value(
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("指标名称；没有的会新建"))],
    value: Annotated[float, typer.Option(help=_("数值，可以为负"))],
    observed: Annotated[
        str | None,
        typer.Option("--for", metavar="DATE|PERIOD", help=_("哪一天或哪一期的数值，如 2013-09-30、2013Q3（即期末）；不写则为当天")),
    ] = None,
    unit: Annotated[str | None, typer.Option("--unit", metavar="UNIT", help=_("计量单位，如“%”“亿元”；新指标请写明"))] = None,
    source: Annotated[str, typer.Option(help=_("来源，如 统计公报"))] = "",
) -> None:
    """Keep an observed value."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        day = _day_meant(observed) if observed else desk.day
        kept = observe(session, Reading(name, value, day, unit, source), occasion)
    told = {"name": name, "day": day, "value": figure(value, unit)}
    if not kept.is_new:
        say(_("指标“{name}”{day} 的数值 {value} 早已登记，没有变化").format(**told))
    elif kept.revision > 1:
        say(_("指标“{name}”{day} 的数值已更正为 {value}（第 {revision} 次）").format(**told, revision=kept.revision))
    elif kept.is_new_indicator:
        say(_("新建指标“{name}”，{day} 为 {value}").format(**told))
    else:
        say(_("指标“{name}”{day} 为 {value}，已登记").format(**told))


def _day_meant(written: str) -> date:
    try:
        return parse_period(written).ends_on
    except DubanError:
        return parse_day(written)


@app.command("list", help=_("列出各指标的最新数值；写明指标则列出它的全部数值和更正"))
def list_all(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help=_("指标名称或其中几个字"))] = None, as_json: JsonOption = False
) -> None:
    """List observed values."""
    with open_desk() as desk, desk.reading() as (session, _actor):
        rows = list_observations(session, desk.day, name)
    if as_json:
        print_json(rows)
        return
    heads = [_("指标"), _("日期"), _("数值"), _("来源"), _("登记日期"), _("说明")]
    cells = [
        (r.name, r.observed_on, figure(r.value, r.unit_of_measure), r.source, r.recorded_on, "" if r.is_current else _("已更正"))
        for r in rows
    ]
    print_table(heads, cells)


@app.command("link", help=_("让任务的指标今后按观测值评定，不再按填报"))
def link(
    task: TaskId,
    measure: Measure,
    observed_by: Annotated[str | None, typer.Option(metavar="NAME", help=_("由哪个指标的观测值评定"))] = None,
    against: Annotated[str | None, typer.Option(metavar="NAME", help=_("目标是高于另一指标的，与哪个指标比较"))] = None,
    all_years: AllYears = False,
) -> None:
    """Link a target to indicators."""
    if observed_by is None and against is None:
        raise DubanError("no-indicator", _("请用 --observed-by 或 --against 写明指标"))
    with open_desk() as desk, desk.acting() as (session, occasion):
        tasks = link_target(session, task, measure, Link(observed_by, against), occasion, all_years=all_years)
    say(_("任务 {tasks} 的“{measure}”今后按指标评定").format(tasks=_("、").join(map(str, tasks)), measure=measure))


@app.command("unlink", help=_("让任务的指标今后仍按填报评定"))
def unlink(task: TaskId, measure: Measure, all_years: AllYears = False) -> None:
    """Take the link away."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        tasks = link_target(session, task, measure, Link(), occasion, all_years=all_years)
    say(_("任务 {tasks} 的“{measure}”今后按填报评定").format(tasks=_("、").join(map(str, tasks)), measure=measure))
