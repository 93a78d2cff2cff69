"""`duban task list`. It stands alone: the command asked for most is not to load what the others of its noun need (`cli.main.ALONE`)."""

from typing import Annotated

import typer

from cli.desk import open_desk
from cli.output import JsonOption, note, print_json, print_table
from models.task import TaskState
from rules.lights import Light
from rules.texts import _
from rules.transitions import state_name
from rules.words import light_word
from runtime.clock import today
from services.queries import TaskFilter, TaskRow
from services.rule_sets import rule_set_on
from services.task_pages import TaskQuestion, every_task, task_page

AT_ONCE = 200


def register(app: typer.Typer) -> None:
    """Add the command to `duban task`."""
    app.command("list", help=_("列出任务及其灯号"))(list_all)


def list_all(
    plan: Annotated[int | None, typer.Option(help=_("计划编号"))] = None,
    unit: Annotated[str | None, typer.Option(help=_("牵头单位名称或其中几个字"))] = None,
    year: Annotated[int | None, typer.Option(help=_("年度"))] = None,
    state: Annotated[TaskState | None, typer.Option(help=_("状态"))] = None,
    light: Annotated[Light | None, typer.Option(help=_("灯号"))] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help=_("最多列几条；不写时列 {most} 条，--json 全部列出").format(most=AT_ONCE))
    ] = None,
    after: Annotated[int, typer.Option(metavar="TASK", min=0, help=_("从这个任务编号之后接着列"))] = 0,
    as_json: JsonOption = False,
) -> None:
    """List tasks, some at a time in the order of their numbers."""
    with open_desk() as desk, desk.reading() as (session, actor):
        rules, wanted = rule_set_on(session, desk.day), TaskFilter(plan, unit, year, state, light)
        asked = TaskQuestion(wanted, desk.day, rules, actor, is_present=desk.day == today())
        page = every_task(session, asked, after) if as_json and limit is None else task_page(session, asked, after, limit or AT_ONCE)
    if as_json:
        print_json(page.rows)
        return
    heads = [_("任务"), _("序号"), _("事项"), _("时段"), _("牵头单位"), _("状态"), _("灯号"), _("到期"), _("原因")]
    print_table(heads, map(_cells, page.rows))
    if page.next is not None:
        note(_("后面还有，接着列请加 --after {task}").format(task=page.next))


def _cells(row: TaskRow) -> tuple[object, ...]:
    named = (row.id, row.number, row.title, row.label, row.lead)
    return (*named, state_name(row.state), light_word(row.light), row.due_on, _("；").join(row.why))


app = typer.Typer(add_completion=False)
register(app)
