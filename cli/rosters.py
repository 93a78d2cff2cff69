"""`duban roster`: quotas filled with names, and the lists that names are chosen from."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from cli.desk import open_desk
from cli.eligible import app as eligible_app
from cli.output import JsonOption, note, print_json, print_table, say
from models.roster import RosterState
from rules.rosters import roster_state_name
from rules.texts import _
from services.quotas import QuotaInput, set_quota
from services.roster_sheet import MemberRow, QuotaSheet, show_rosters
from services.rosters import Names, RosterOutcome, confirm_members, nominate, select_members, withdraw_members

app = typer.Typer(no_args_is_help=True, add_completion=False)
app.add_typer(eligible_app, name="eligible", help=_("备选名单：导入、列出"))

TaskId = Annotated[int, typer.Argument(metavar="TASK", help=_("任务编号"))]
NameList = Annotated[list[str] | None, typer.Argument(metavar="NAME", help=_("名称，可多个"))]
NameFile = Annotated[Path | None, typer.Option(metavar="FILE", help=_("名单文件（xlsx 或 csv），带“名称”一栏，可带“地区”"))]
Measure = Annotated[str | None, typer.Option(metavar="MEASURE", help=_("哪一项名额：指标名称或其中几个字；只有一项时不必写"))]
DryRun = Annotated[bool, typer.Option("--dry-run", help=_("只检查、显示，不办理"))]


@app.command("quota", help=_("把任务的一项指标设为名额：从哪些备选名单中选，共同要满足什么；此后按确认的成员计数"))
def quota(
    task: TaskId,
    measure: Annotated[str, typer.Option(metavar="MEASURE", help=_("指标名称或其中几个字"))],
    eligible: Annotated[list[str] | None, typer.Option(metavar="LIST", help=_("备选名单，可多次；在其中一份即可，不写则不限"))] = None,
    per_region: Annotated[int | None, typer.Option(metavar="N", help=_("各年度合计，每个地区至少几个"))] = None,
    of: Annotated[str | None, typer.Option(metavar="LIST", help=_("全体名单，如全部县（市、区），用来计算覆盖率和地区"))] = None,
    coverage: Annotated[float | None, typer.Option(metavar="PERCENT", help=_("各年度合计，至少覆盖全体名单的百分之几"))] = None,
    all_years: Annotated[bool, typer.Option("--all-years", help=_("同一事项各年度任务的同名指标一并办理"))] = False,
    as_json: JsonOption = False,
) -> None:
    """Make a target a quota."""
    asked = QuotaInput(measure, eligible or (), per_region, of, coverage, all_years)
    with open_desk() as desk, desk.acting() as (session, occasion):
        done = set_quota(session, task, asked, occasion)
    if as_json:
        print_json(done)
        return
    for one in done:
        text = _("任务 {task}（{label}）的“{measure}”已设为名额，按确认的成员计数")
        say(text.format(task=one.task_id, label=one.label, measure=one.measure))


@app.command("add", help=_("提名：须在备选名单中，且未在其他年度确认"))
def add(
    task: TaskId,
    name: NameList = None,
    file: NameFile = None,
    measure: Measure = None,
    replaces: Annotated[str | None, typer.Option(metavar="NAME", help=_("接替哪一个已退出的成员"))] = None,
    dry_run: DryRun = False,
    as_json: JsonOption = False,
) -> None:
    """Nominate members."""
    names = Names(name or (), file, measure, dry_run)
    with open_desk() as desk, desk.acting() as (session, occasion):
        outcome = nominate(session, task, names, occasion, replaces)
    _tell(outcome, is_dry_run=dry_run, as_json=as_json)


@app.command("select", help=_("遴选：从已提名的成员中选定，不超过名额"))
def select(
    task: TaskId,
    name: NameList = None,
    file: NameFile = None,
    measure: Measure = None,
    dry_run: DryRun = False,
    as_json: JsonOption = False,
) -> None:
    """Select nominated members."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        outcome = select_members(session, task, Names(name or (), file, measure, dry_run), occasion)
    _tell(outcome, is_dry_run=dry_run, as_json=as_json)


@app.command("confirm", help=_("确认：附佐证材料，从当天起计入完成数"))
def confirm(
    task: TaskId,
    name: NameList = None,
    evidence: Annotated[list[Path] | None, typer.Option(metavar="FILE", help=_("佐证材料，如批复文件，可多次；每个成员都存一份"))] = None,
    file: NameFile = None,
    measure: Measure = None,
    dry_run: DryRun = False,
    as_json: JsonOption = False,
) -> None:
    """Confirm selected members."""
    names = Names(name or (), file, measure, dry_run)
    with open_desk() as desk, desk.acting() as (session, occasion):
        outcome = confirm_members(session, task, names, evidence or (), desk.context.store, occasion)
    _tell(outcome, is_dry_run=dry_run, as_json=as_json)


@app.command("withdraw", help=_("退出：写明理由，从当天起不再计入，以前各日照旧"))
def withdraw(
    task: TaskId,
    reason: Annotated[str, typer.Option(help=_("理由"))],
    name: NameList = None,
    file: NameFile = None,
    measure: Measure = None,
    dry_run: DryRun = False,
    as_json: JsonOption = False,
) -> None:
    """Take members out."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        outcome = withdraw_members(session, task, Names(name or (), file, measure, dry_run), reason, occasion)
    _tell(outcome, is_dry_run=dry_run, as_json=as_json)


@app.command("list", help=_("列出任务的名单、各年度合计和覆盖率"))
def list_all(task: TaskId, measure: Measure = None, as_json: JsonOption = False) -> None:
    """List a task's rosters."""
    with open_desk() as desk, desk.reading() as (session, actor):
        sheets = show_rosters(session, task, desk.day, actor)
    sheets = [sheet for sheet in sheets if measure is None or measure in sheet.measure]
    if as_json:
        print_json(sheets)
        return
    if not sheets:
        note(_("任务 {task} 没有设名额").format(task=task))
    for sheet in sheets:
        _print_sheet(sheet)


def _tell(outcome: RosterOutcome, *, is_dry_run: bool, as_json: bool) -> None:
    if as_json:
        print_json(outcome)
        return
    print_table(
        [_("名称"), _("地区"), _("状态")], [(name, region, roster_state_name(outcome.state)) for name, region in outcome.names.items()]
    )
    if is_dry_run:
        say(_("以上 {count} 个可以办理；这是预览，没有办理，去掉 --dry-run 即可办理").format(count=len(outcome.names)))
        return
    text = _("“{measure}”：{state} {count} 个；现已确认 {confirmed}")
    said = {"state": roster_state_name(outcome.state), "count": len(outcome.names), "confirmed": _of(outcome.confirmed, outcome.places)}
    say(text.format(measure=outcome.measure, **said))
    if outcome.state is not RosterState.NOMINATED:
        _print_gaps(outcome.gaps)


def _print_sheet(sheet: QuotaSheet) -> None:
    text = _("“{measure}”：已确认 {confirmed}，各年度合计 {over_years} 个")
    say(text.format(measure=sheet.measure, confirmed=_of(sheet.confirmed, sheet.places), over_years=sheet.over_years))
    if sheet.lists:
        say(_("备选名单：{lists}").format(lists=_("、").join(sheet.lists)))
    if sheet.coverage:
        found = sheet.coverage
        text = _("覆盖“{whole}”：{covered}/{count}，{percent}%")
        say(text.format(whole=sheet.whole, covered=found.covered, count=found.whole, percent=found.percent))
    _print_gaps(sheet.gaps)
    heads = [_("名称"), _("地区"), _("状态"), _("提名"), _("确认"), _("佐证材料"), _("说明")]
    rows = [
        (
            row.name,
            row.region,
            roster_state_name(row.state),
            row.nominated_on,
            row.confirmed_on,
            _("、").join(row.evidence),
            _about(row),
        )
        for row in sheet.members
    ]
    print_table(heads, rows)


def _of(count: int, places: int | None) -> str:
    said: Mapping[str, int | None] = {"count": count, "places": places}
    return _("{count} 个").format(**said) if places is None else _("{count}/{places} 个").format(**said)


def _about(row: MemberRow) -> str:
    words = [
        *([_("接替 {name}").format(name=row.replaces)] if row.replaces else []),
        *([_("{day} 退出：{reason}").format(day=row.withdrawn_on, reason=row.reason)] if row.withdrawn_on else []),
    ]
    return _("；").join(words)


def _print_gaps(gaps: tuple[str, ...]) -> None:
    for words in gaps:
        say(_("各年度合计：{words}").format(words=words))
