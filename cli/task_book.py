"""`duban ledger book`: the ledger of tasks as a workbook."""

from pathlib import Path
from typing import Annotated

import typer

from cli.desk import open_desk
from cli.output import JsonOption, print_json, progress, say
from models.task import TaskState
from reports.task_book import task_as_json
from reports.task_book_xlsx import write_task_book
from rules.lights import Light
from rules.texts import _
from services.papers.task_books import book_tasks, open_book
from services.queries import TaskFilter


def book(
    plan: Annotated[int | None, typer.Option(help=_("计划编号"))] = None,
    unit: Annotated[str | None, typer.Option(help=_("牵头单位名称或其中几个字"))] = None,
    year: Annotated[int | None, typer.Option(help=_("年度"))] = None,
    state: Annotated[TaskState | None, typer.Option(help=_("状态"))] = None,
    light: Annotated[Light | None, typer.Option(help=_("灯号"))] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="OUT", help=_("写到哪个 .xlsx 文件；不写则放在当前文件夹"))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write the ledger of tasks, plan by plan."""
    with open_desk() as desk, desk.reading() as (session, actor):
        opened = open_book(session, TaskFilter(plan, unit, year, state, light), desk.day, actor)
        if as_json:
            tasks = (task for plan_id in opened.facts.plan_ids for task in book_tasks(session, opened, plan_id))
            print_json({"as_of": desk.day.isoformat(), "tasks": [task_as_json(task) for task in tasks]})
            return
        place = output or Path(_("任务台账-{day}.xlsx").format(day=desk.day.isoformat()))
        steps = progress(opened.facts.plan_ids, _("正在写台账"))
        counts = write_task_book(place, opened.facts, (task for plan_id in steps for task in book_tasks(session, opened, plan_id)))
    tasks_written = sum(line["tasks"] for line in counts.by_unit.values())
    text = _("台账已写入 {place}：任务 {tasks} 项，牵头单位 {units} 个（截至 {day}）")
    say(text.format(place=place, tasks=tasks_written, units=len(counts.by_unit), day=desk.day))
