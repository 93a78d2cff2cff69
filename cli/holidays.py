"""`duban holidays`: the holidays of years the program does not know yet."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from cli.desk import open_desk
from cli.output import JsonOption, print_json, print_table, say
from rules.calendar import LIBRARY_YEARS
from rules.texts import _
from rules.words import day_words, period_words
from services.holidays import CalendarChange, clear_holidays, import_holidays, list_holidays
from services.occasion import Occasion

app = typer.Typer(no_args_is_help=True, add_completion=False)

Year = Annotated[int, typer.Argument(metavar="YEAR", min=1949, max=2100, help=_("年份"))]
IsDryRun = Annotated[bool, typer.Option("--dry-run", help=_("只看会改变什么，不写数据库"))]
IsSure = Annotated[bool, typer.Option("--yes", help=_("不再询问，直接办理"))]
SHOWN_TASKS = 20


@app.command("list", help=_("列出一年里与周一至周五不同的日子"))
def list_year(year: Year, as_json: JsonOption = False) -> None:
    """List a year's days."""
    with open_desk() as desk, desk.reading() as (session, _actor):
        found = list_holidays(session, year)
    if as_json:
        days = [{"day": day, "is_working": kept.is_working, "name": kept.name} for day, kept in found.days.items()]
        print_json({"year": year, "is_known": found.is_known, "days": days})
    elif found.is_known:
        text = _("{year} 年的节假日程序已收录（{first} 至 {last} 年），不用导入")
        say(text.format(year=year, first=LIBRARY_YEARS[0], last=LIBRARY_YEARS[-1]))
    elif not found.days:
        say(_("{year} 年的节假日安排尚未收录，工作日暂按周一至周五计算；请用 duban holidays import 导入").format(year=year))
    else:
        rows = [(day, _("班") if kept.is_working else _("休"), kept.name) for day, kept in found.days.items()]
        print_table([_("日期"), _("类型"), _("名称")], rows)


@app.command("import", help=_("从名单（xlsx 或 csv）导入一年的节假日和补班日；先列出受影响的任务"))
def import_list(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("各栏：“日期”“类型”（“休”或“班”）“名称”；日期可写起止"))],
    is_dry_run: IsDryRun = False,
    is_sure: IsSure = False,
    as_json: JsonOption = False,
) -> None:
    """Take a year's holidays from a list."""
    _show_then_do(lambda session, occasion, only_show: import_holidays(session, file, occasion, only_show), is_dry_run, is_sure, as_json)


@app.command("clear", help=_("去掉导入过的一年，改按周一至周五计算"))
def clear(year: Year, is_dry_run: IsDryRun = False, is_sure: IsSure = False, as_json: JsonOption = False) -> None:
    """Take a year's holidays back."""
    _show_then_do(lambda session, occasion, only_show: clear_holidays(session, year, occasion, only_show), is_dry_run, is_sure, as_json)


def _show_then_do(act: Callable[[Session, Occasion, bool], CalendarChange], is_dry_run: bool, is_sure: bool, as_json: bool) -> None:
    """Show what the act changes; where it touches tasks or limits, do it only when that is agreed to."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        change = act(session, occasion, True)
    if not as_json:
        _tell(change)
    is_done = not is_dry_run and (is_sure or not (change.due_days or change.limits) or _agreed())
    if is_done:
        with open_desk() as desk, desk.acting() as (session, occasion):
            change = act(session, occasion, False)
    if as_json:
        print_json({"done": is_done, "change": change})
    elif is_done:
        say(_done_words(change))
    elif not is_dry_run:
        say(_("没有改动；看过以上影响后，加 --yes 办理"))


def _done_words(change: CalendarChange) -> str:
    if not (change.added or change.removed):
        return _("与已记的相同，没有改动")
    if change.is_kept:
        return _("{year} 年的节假日已记入，今后按此计算工作日").format(year=change.year)
    return _("{year} 年的节假日已去掉，今后按周一至周五计算").format(year=change.year)


def _agreed() -> bool:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    return typer.confirm(_("按以上所列办理吗？"), default=False)


def _tell(change: CalendarChange) -> None:
    text = _("{year} 年的节假日：记入 {added} 天，去掉 {removed} 天")
    say(text.format(year=change.year, added=len(change.added), removed=len(change.removed)))
    for remark in change.notes:
        say(remark)
    for limit in change.limits:
        text = _("{period}的进展填报截止日由 {before}变为 {after}")
        say(text.format(period=period_words(limit.period), before=day_words(limit.before), after=day_words(limit.after)))
    if not change.due_days:
        say(_("没有任务的到期日因此变为休息日或工作日"))
        return
    say(_("{count} 项任务的到期日因此变为休息日或工作日；到期日本身不变：").format(count=len(change.due_days)))
    rows = [
        (one.task_id, one.title, one.due_on, _("工作日") if one.becomes_working else _("休息日")) for one in change.due_days[:SHOWN_TASKS]
    ]
    print_table([_("任务"), _("事项"), _("到期"), _("变为")], rows)
    if len(change.due_days) > SHOWN_TASKS:
        say(_("另有 {count} 项，用 --json 查看全部").format(count=len(change.due_days) - SHOWN_TASKS))
