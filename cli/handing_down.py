"""`duban task decompose` and `duban task hand-in`: a task's way down to lower units, and supporting units' parts on their way to the lead."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from cli.desk import open_desk, parse_day
from cli.output import JsonOption, print_json, print_table, say
from rules.cascade import Figure
from rules.errors import DubanError
from rules.texts import _
from rules.transitions import state_name
from rules.words import light_word
from services.cascade import decompose_task, preview_decomposition
from services.parts import PartInput, Parts, hand_in_part
from services.queries import TaskRow
from services.share_sheets import figure_said, read_shares
from services.shares import Decomposition, MeasureRow, Share, figure_text

TaskId = Annotated[int, typer.Argument(metavar="TASK", help=_("任务编号"))]


def register(app: typer.Typer) -> None:
    """Add the two commands to `duban task`."""
    app.command("decompose", help=_("把任务分解给下级单位：可以提前、加码，不能放宽；--dry-run 只看不办"))(decompose)
    app.command("hand-in", help=_("配合单位把自己完成的部分交给牵头单位"))(hand_in)


def decompose(
    task: TaskId,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help=_("分解表（xlsx 或 csv）：单位、各项指标、期限"))] = None,
    to: Annotated[list[str] | None, typer.Option(metavar="UNIT=MEASURE:N", help=_("分给下级单位，可多次；同一单位可写多项指标"))] = None,
    due: Annotated[str | None, typer.Option(metavar="DATE", help=_("期限，用于没有另写期限的单位；不写则同本任务"))] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("只显示分解结果和缺口，不办理"))] = False,
    as_json: JsonOption = False,
) -> None:
    """Hand a task down."""
    due_on = parse_day(due) if due else None
    given = [*(read_shares(file) if file else []), *shares_said(to or [])]
    shares = [replace(share, due_on=share.due_on or due_on) for share in given]
    with open_desk() as desk, desk.acting() as (session, occasion):
        act = preview_decomposition if dry_run else decompose_task
        outcome = act(session, task, shares, occasion)
    if as_json:
        print_json(outcome)
        return
    _print_decomposition(outcome)
    if not dry_run:
        say(_("任务 {task} 的分解已记入台账").format(task=task))
    elif outcome.is_covered:
        say(_("以上是预览，没有办理；去掉 --dry-run 即可办理"))
    else:
        say(_("以上是预览，没有办理；补足后才能办理"))


def shares_said(written: Iterable[str]) -> list[Share]:
    """Read `UNIT=MEASURE:N`, several for one unit together; `UNIT` alone hands the task on without figures."""
    found: dict[str, dict[str, Figure]] = {}
    for one in written:
        unit, equals, rest = one.partition("=")
        measure, colon, number = rest.replace("：", ":").rpartition(":")
        if not unit.strip() or (equals and not (measure.strip() and colon)):
            raise DubanError("bad-value", _("看不懂 --to {written}，请写成 单位=指标:数量").format(written=one))
        figures = found.setdefault(unit.strip(), {})
        if equals:
            figures[measure.strip()] = figure_said(number)
    return [Share(unit, figures) for unit, figures in found.items()]


def _print_decomposition(outcome: Decomposition) -> None:
    measures = list(dict.fromkeys([*(row.name for row in outcome.measures), *(name for row in outcome.shares for name in row.figures)]))
    words = {"new": _("新分解"), "changed": _("调整"), "kept": _("不变")}
    rows = [
        (
            row.unit,
            row.task_id,
            *(figure_text(row.figures[name]) if name in row.figures else "" for name in measures),
            row.due_on,
            words[row.change],
        )
        for row in outcome.shares
    ]
    print_table([_("单位"), _("任务"), *measures, _("期限"), _("变化")], rows)
    for measure in outcome.measures:
        say(_measure_text(measure))


def _measure_text(measure: MeasureRow) -> str:
    said = {"measure": measure.name, "wanted": figure_text(measure.wanted), "unit": measure.unit_of_measure or ""}
    if measure.taken_on is None:
        return _("{measure}：每个单位都须达到 {wanted}{unit}").format(**said)
    said["taken_on"] = figure_text(measure.taken_on)
    if not measure.short_by:
        return _("{measure}：应为 {wanted}{unit}，合计 {taken_on}，已覆盖").format(**said)
    said["amount"] = f"{measure.short_by:g}"
    if measure.taken_on.low < measure.wanted.low:
        return _("{measure}：应为 {wanted}{unit}，合计 {taken_on}，还缺 {amount}{unit}").format(**said)
    return _("{measure}：应为 {wanted}{unit}，合计 {taken_on}，多出 {amount}{unit}").format(**said)


def hand_in(
    task: TaskId,
    value: Annotated[list[str] | None, typer.Option(metavar="MEASURE=N", help=_("本单位自任务开始完成的累计数量，可多次"))] = None,
    text: Annotated[str, typer.Option(help=_("完成情况"))] = "",
    problem: Annotated[str | None, typer.Option(help=_("存在问题"))] = None,
    period: Annotated[str | None, typer.Option(help=_("哪一季度，如 2013Q3；不写则与牵头单位该填报的一致"))] = None,
    evidence: Annotated[list[Path] | None, typer.Option(metavar="FILE", help=_("佐证材料，可多次"))] = None,
) -> None:
    """Hand a part to the lead unit."""
    said = PartInput(dict(_value_said(one) for one in value or []), text, problem, period, tuple(evidence or ()))
    with open_desk() as desk, desk.acting() as (session, occasion):
        handed = hand_in_part(session, task, said, desk.context.store, occasion)
    told = _("任务 {task} 的 {period} 配合材料已交牵头单位（第 {revision} 次）")
    say(told.format(task=task, period=handed.period, revision=handed.revision))


def _value_said(written: str) -> tuple[str, float]:
    measure, equals, number = written.rpartition("=")
    if not equals or not measure.strip():
        raise DubanError("bad-value", _("看不懂 --value {written}，请写成 指标=数量").format(written=written))
    figure = figure_said(number)
    if figure.low != figure.high:
        raise DubanError("bad-value", _("看不懂 --value {written}，请写成 指标=数量").format(written=written))
    return measure.strip(), figure.low


def print_children(children: Sequence[TaskRow]) -> None:
    """Show the tasks handed down from one, nothing where there is none."""
    if children:
        rows = [(child.id, child.lead, state_name(child.state), light_word(child.light), child.due_on) for child in children]
        print_table([_("分解任务"), _("下级单位"), _("状态"), _("灯号"), _("到期")], rows)


def print_parts(parts: Parts | None) -> None:
    """Show what supporting units handed in for the period, what it adds up to, and who is still silent."""
    if parts is None:
        return
    if parts.rows:
        rows = [(row.unit, row.handed_in_on, _figures(row.values), row.text, row.problem, _("、").join(row.files)) for row in parts.rows]
        print_table([_("配合单位"), _("交来日期"), _("完成数量"), _("完成情况"), _("存在问题"), _("佐证材料")], rows)
    if parts.offered:
        say(
            _("{period} 配合单位合计（供牵头单位填报参考，未计入进展）：{figures}").format(
                period=parts.period, figures=_figures(parts.offered)
            )
        )
    if parts.silent:
        say(_("{period} 尚未交材料的配合单位：{units}").format(period=parts.period, units=_("、").join(parts.silent)))


def _figures(values: Mapping[str, float]) -> str:
    return _("；").join(f"{measure} {value:g}" for measure, value in values.items())
