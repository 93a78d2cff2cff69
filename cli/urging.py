"""`duban notice urge` and `urged`: urging notes (催办单) to a unit, and the record of an urging by telephone."""

from typing import Annotated

import typer
from sqlmodel import Session

from cli.desk import Desk, open_desk
from cli.output import JsonOption, print_json, say
from cli.papers import ContactOption, DryRunOption, FormatOption, OutputOption, YesOption, write_paper
from cli.post import Answer, post_office, send_out
from rules.errors import DubanError
from rules.texts import _
from services.occasion import Occasion
from services.papers.posting import IssuedPaper
from services.papers.urging import issue_urging, preview_urging, record_phone_urging
from services.units import unit_named


def urge(
    unit: Annotated[str | None, typer.Option("--unit", metavar="UNIT", help=_("催办这个单位逾期、临近时限、缺报进展的全部任务"))] = None,
    task: Annotated[int | None, typer.Option("--task", metavar="TASK", help=_("只催办这项任务"))] = None,
    issue: Annotated[bool, typer.Option("--issue", help=_("编号印发并发给单位；不写则只预览"))] = False,
    contact: ContactOption = None,
    face: FormatOption = None,
    output: OutputOption = None,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Preview or issue an urging note."""
    if (unit is None) == (task is None):
        raise DubanError("which-to-urge", _("请写明催办哪个单位（--unit）或者哪项任务（--task），写其中一个"))
    with open_desk() as desk:
        unit_id = _unit(desk, unit)
        post = post_office(desk, contact)
        with desk.reading() as (session, _actor):
            draft = preview_urging(session, task, unit_id, post, desk.occasion(session))
        if issue:

            def go(session: Session, occasion: Occasion) -> IssuedPaper:
                return issue_urging(session, task, unit_id, post, occasion)

            send_out(desk, [(draft, go)], Answer(yes, dry_run, as_json, output))
        elif as_json:
            print_json(draft.paper.data)
        else:
            write_paper(desk, draft.paper, face, output)


def _unit(desk: Desk, name: str | None) -> int | None:
    if name is None:
        return None
    with desk.reading() as (session, _actor):
        return unit_named(session, name)


def urged(
    task: Annotated[int, typer.Argument(metavar="TASK", help=_("任务编号"))],
    person: Annotated[str, typer.Option("--person", metavar="NAME", help=_("打给了谁"))],
    answer: Annotated[str, typer.Option("--answer", metavar="TEXT", help=_("对方怎样答复；没有接通的写“无人接听”"))],
) -> None:
    """Record an urging by telephone."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        record_phone_urging(session, task, person, answer, occasion)
    say(_("已记入台账：{day} 就任务 {task} 电话催办 {name}").format(day=occasion.day, task=task, name=person.strip()))
