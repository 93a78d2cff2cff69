"""`duban request reply`: the reply to a decided request (批复), previewed or issued."""

from typing import Annotated

import typer
from sqlmodel import Session

from cli.desk import open_desk
from cli.output import JsonOption, print_json
from cli.papers import ContactOption, DryRunOption, FormatOption, OutputOption, YesOption, write_paper
from cli.post import Answer, post_office, send_out
from reports.imprint import Imprint
from reports.reply_paper import reply_paper
from rules.texts import _
from services.occasion import Occasion
from services.papers.posting import IssuedPaper
from services.papers.replies import issue_reply, preview_reply, read_reply


def reply(
    request: Annotated[int, typer.Argument(metavar="REQUEST", help=_("申请编号"))],
    issue: Annotated[bool, typer.Option("--issue", help=_("编号印发并发给申请单位；不写则只预览"))] = False,
    contact: ContactOption = None,
    face: FormatOption = None,
    output: OutputOption = None,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Preview or issue a reply."""
    with open_desk() as desk:
        if not issue:
            with desk.reading() as (session, actor):
                view = read_reply(session, request, desk.day, actor)
            paper = reply_paper(view, Imprint(desk.context.settings.office, contact=contact, signed_on=desk.day))
            if as_json:
                print_json(paper.data)
            else:
                write_paper(desk, paper, face, output)
            return
        post = post_office(desk, contact)
        with desk.reading() as (session, _actor):
            draft = preview_reply(session, request, post, desk.occasion(session))

        def go(session: Session, occasion: Occasion) -> IssuedPaper:
            return issue_reply(session, request, post, occasion)

        send_out(desk, [(draft, go)], Answer(yes, dry_run, as_json, output))
