"""`duban form`: the Excel round trip for units without an account."""

import re
from pathlib import Path
from typing import Annotated

import typer

from cli.desk import Desk, open_desk
from cli.output import JsonOption, note, print_json, print_table, progress, say
from reports.form_sheets import FormView
from reports.form_workbook import form_xlsx
from rules.errors import DubanError
from rules.periods import parse_period
from rules.texts import _
from runtime.database import transaction
from services.form_intake import TakenForm, TakeOrder, take_form, unit_of_form
from services.form_news import news_of
from services.form_reading import read_form
from services.form_rows import Verdict
from services.forms import FormPlan, make_form, plan_forms, units_to_ask
from services.questions import read_survey
from services.rule_sets import rule_set_on
from services.units import unit_named

app = typer.Typer(no_args_is_help=True, add_completion=False)

_NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


@app.command("export", help=_("发表：每个单位一份填报表，只列到期应办和有变动的事项"))
def export(
    period: Annotated[str, typer.Option(metavar="PERIOD", help=_("填报哪一季度，如 2013Q3"))],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help=_("写到哪个文件夹"))],
    unit: Annotated[list[str] | None, typer.Option(help=_("只发给这些单位，可多次；不写则为有事要填的全部单位"))] = None,
    as_json: JsonOption = False,
) -> None:
    """Make forms."""
    output.mkdir(parents=True, exist_ok=True)
    with open_desk() as desk:
        with desk.reading() as (session, _actor):
            actor = desk.occasion(session).actor
            survey = read_survey(session, parse_period(period), desk.day, rule_set_on(session, desk.day))
            plan = plan_forms(session, survey, news_of(session, survey))
            unit_ids = [unit_named(session, name) for name in unit] if unit else units_to_ask(session, plan, actor)
        made = [_export_one(desk, unit_id, plan, output) for unit_id in progress(unit_ids, _("发表"))]
    if as_json:
        print_json([{"form": one.number, "unit": one.unit, "fields": one.field_count, "file": str(place)} for one, place in made])
        return
    print_table([_("表号"), _("单位"), _("应填项数"), _("文件")], [(one.number, one.unit, one.field_count, place) for one, place in made])
    note(_("共 {count} 份，请于 {day} 前收回").format(count=len(made), day=made[0][0].limit_on) if made else _("没有单位要填表"))


def _export_one(desk: Desk, unit_id: int, plan: FormPlan, folder: Path) -> tuple[FormView, Path]:
    """Make one form and write its file; a form whose file cannot be written is not entered."""
    with transaction(desk.context.engine) as session:
        view = make_form(session, unit_id, plan, desk.occasion(session))
        place = folder / _("{unit}-{period}-第{number}号.xlsx").format(
            unit=_NOT_IN_A_NAME.sub("_", view.unit)[:80], period=view.period, number=view.number
        )
        try:
            place.write_bytes(form_xlsx(view))
        except OSError as error:
            text = _("填报表写不进 {place}（{reason}）；请检查文件夹和磁盘空间")
            raise DubanError("file-unwritable", text.format(place=place, reason=error.strerror or error)) from error
    # The rows are on paper now; what is kept for the listing needs none of them.
    return FormView(**{**vars(view), "sheets": (), "marks": ()}), place


@app.command("import", help=_("收表：先逐行核对，有一行不对整份不收；--dry-run 只看结果"))
def take_in(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=_("发回的填报表"))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("只核对，什么也不写"))] = False,
    accept_good: Annotated[bool, typer.Option("--accept-good", help=_("对的行先收，错的行退回改"))] = False,
    confirm: Annotated[bool, typer.Option("--confirm", help=_("远超目标的数量已核对无误"))] = False,
    correction: Annotated[str | None, typer.Option(metavar="REASON", help=_("通报已印发的期间须写明补报或更正的原因"))] = None,
    as_json: JsonOption = False,
) -> None:
    """Take forms in."""
    taken: list[TakenForm] = []
    failed: list[DubanError] = []
    with open_desk() as desk:
        order = TakeOrder(desk.context.store, dry_run, accept_good, confirm, correction)
        for place in progress(files, _("收表")):
            try:
                with desk.acting() as (session, occasion):
                    returned = read_form(place)
                    taken.append(take_form(session, unit_of_form(session, returned), returned, order, occasion))
            except DubanError as error:
                failed.append(error)
    if as_json:
        print_json({"forms": taken, "failed": [{"code": error.code, "message": error.message} for error in failed]})
    else:
        for one in taken:
            _print_taken(one, order)
    _refuse(taken, failed, order)


def _print_taken(one: TakenForm, order: TakeOrder) -> None:
    words = {
        Verdict.TAKEN: _("收") if one.is_kept or order.is_dry_run else _("可收"),
        Verdict.UNCHANGED: _("不变"),
        Verdict.REFUSED: _("不收"),
    }
    say(_("{file}：{unit} {period}，第 {form} 号表").format(file=one.file, unit=one.unit, period=one.period, form=one.form_id))
    if one.rows:
        print_table([_("结果"), _("任务"), _("内容")], [(words[row.verdict], row.task_id, row.message) for row in one.rows])
    say(_outcome_words(one, order))


def _outcome_words(one: TakenForm, order: TakeOrder) -> str:
    counts = {verdict: sum(row.verdict is verdict for row in one.rows) for verdict in Verdict}
    if not one.rows:
        return _("表里没有填写内容，什么也没有写入")
    if order.is_dry_run:
        return _("试收：可收 {good} 行，不收 {bad} 行；什么也没有写入").format(good=counts[Verdict.TAKEN], bad=counts[Verdict.REFUSED])
    if one.is_kept:
        return _("已收 {good} 行，不收 {bad} 行").format(good=counts[Verdict.TAKEN], bad=counts[Verdict.REFUSED])
    if counts[Verdict.TAKEN]:
        return _("有 {bad} 行不对，整份没有收；改正后再收，或用 --accept-good 先收其余 {good} 行").format(
            good=counts[Verdict.TAKEN], bad=counts[Verdict.REFUSED]
        )
    if counts[Verdict.REFUSED]:
        return _("有 {bad} 行不对，什么也没有写入").format(bad=counts[Verdict.REFUSED])
    return _("没有新的内容，什么也没有写入")


def _refuse(taken: list[TakenForm], failed: list[DubanError], order: TakeOrder) -> None:
    """End with the exit code of the gravest: 1 where a file was refused, 3 where a dry run found mistakes."""
    for error in failed[:-1]:
        note(str(error))
    if failed:
        raise failed[-1]
    refused = [one for one in taken if one.refused]
    if refused and order.is_dry_run:
        raise typer.Exit(3)
    if refused:
        rows = sum(len(one.refused) for one in refused)
        text = _("{files} 份表中有 {rows} 行不收，原因见上；请改正后重新收表")
        raise DubanError("form-rows-refused", text.format(files=len(refused), rows=rows))
