"""`duban plan amend` and `close`: the difference shown and asked about, then done."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from cli.desk import open_desk
from cli.output import JsonOption, print_json, print_table, say
from intake.opening import read_draft
from intake.review.differences import Difference, change_name, field_name
from rules.texts import _
from services.amending import AmendmentOrder, AmendmentSheet, TaskFate, amend_plan, close_plan, preview_amendment
from services.amendment import Fate

SHOWN_LENGTH = 60

PlanId = Annotated[int, typer.Argument(metavar="PLAN", help=_("计划编号"))]


def amend_and_tell(plan: int, file: Path, order: AmendmentOrder, is_sure: bool, as_json: bool) -> None:
    """Show what the draft changes, ask, and amend. Not a terminal and not `is_sure`: only shown."""
    draft = read_draft(file)
    with open_desk() as desk, desk.reading() as (session, _actor):
        sheet = preview_amendment(session, plan, draft, order.waivers, desk.occasion(session))
    if not as_json:
        tell_amendment(sheet)
    if not (is_sure or (not as_json and _agreed())):
        if as_json:
            print_json({"done": False, "amendment": sheet})
        else:
            say(_("没有调整计划；看过以上不同后，加 --yes 办理"))
        return
    order = replace(order, seen_version=sheet.version)
    with open_desk() as desk, desk.acting() as (session, occasion):
        done = amend_plan(session, plan, draft, order, occasion)
    if as_json:
        print_json({"done": True, "amendment": done})
    else:
        text = _("计划 {id}《{title}》已调整为第 {version} 版；原来的第 {old} 版照样保存")
        say(text.format(id=plan, title=done.title, version=done.version + 1, old=done.version))


def _agreed() -> bool:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    return typer.confirm(_("按以上不同调整计划吗？"), default=False)


def tell_amendment(sheet: AmendmentSheet) -> None:
    """Print what differs in the document, then what becomes of each task that does not simply stay."""
    print_table([_("变化"), _("事项"), _("栏目"), _("原来"), _("现在")], [_cells(one) for one in sheet.differences])
    say("")
    moved = [task for task in sheet.tasks if task.fate is not Fate.STAY]
    rows = [(task.task or _("新"), task.item, task.label, fate_name(task.fate), _fields(task)) for task in moved]
    if rows:
        print_table([_("任务"), _("事项"), _("时段"), _("处理"), _("变动")], rows)
    stay = len(sheet.tasks) - len(moved)
    counts = {fate: sum(task.fate is fate for task in sheet.tasks) for fate in Fate}
    text = _("新交办 {issued} 项，调整 {amended} 项，终止 {cancelled} 项，不变 {stay} 项")
    said = {"issued": counts[Fate.ISSUE], "amended": counts[Fate.AMEND], "cancelled": counts[Fate.CANCEL], "stay": stay}
    say(text.format(**said))


def _cells(change: Difference) -> tuple[str, str, str, str, str]:
    title = change.title or _("计划")
    return change_name(change.change), title, field_name(change.field), _short(change.before), _short(change.after)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_LENGTH else line[: SHOWN_LENGTH - 1] + "…"


def fate_name(fate: Fate) -> str:
    """Return the word for what becomes of a task."""
    return {Fate.ISSUE: _("新交办"), Fate.AMEND: _("调整"), Fate.CANCEL: _("终止"), Fate.STAY: _("不变")}[fate]


def _fields(task: TaskFate) -> str:
    names = {
        "label": _("时段"),
        "text": _("内容"),
        "starts_on": _("开始日期"),
        "due_on": _("截止日期"),
        "units": _("单位"),
        "targets": _("指标"),
    }
    return _("、").join(names[field] for field in task.fields)


def close(
    plan: PlanId,
    reason: Annotated[str, typer.Option(metavar="TEXT", help=_("依据；还有任务没办结时必填，这些任务一并终止"))] = "",
    as_json: JsonOption = False,
) -> None:
    """Close a plan."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        cancelled = close_plan(session, plan, reason, occasion)
    if as_json:
        print_json({"plan": plan, "cancelled": cancelled})
    else:
        say(_("计划 {id} 已结束；一并终止没有办结的任务 {count} 项").format(id=plan, count=cancelled))
