"""What commands that issue papers to units share: the post office, the look at what would go out and to whom, the question, and how the result is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Protocol

import typer
from sqlmodel import Session

from cli.desk import Desk
from cli.output import print_json, progress, say
from cli.papers import is_agreed, posting_json, say_postings
from reports.paper import Paper
from rules.texts import _
from runtime.channels import routes_of
from services.occasion import Occasion
from services.papers.filing import write_files
from services.papers.posting import IssuedPaper, PostOffice
from services.papers.sending import PostingPlan

FolderOption = Annotated[Path | None, typer.Option("-o", "--output", metavar="DIR", help=_("印发后把存档文件另写到哪个文件夹"))]

Issue = Callable[[Session, Occasion], IssuedPaper]


class Drafted(Protocol):
    """A paper as it would go out."""

    @property
    def paper(self) -> Paper:
        """Return the paper without a number."""
        ...

    @property
    def postings(self) -> PostingPlan:
        """Return whom it goes to."""
        ...


@dataclass(frozen=True)
class Answer:
    """What the person said beforehand: `yes` to everything, look only (`dry_run`), write for a program; and where the issued files go."""

    yes: bool = False
    dry_run: bool = False
    as_json: bool = False
    folder: Path | None = None


def post_office(desk: Desk, contact: str | None = None) -> PostOffice:
    """Return what papers go out with at this desk."""
    return PostOffice(desk.context.press, routes_of(desk.context.settings), contact)


def send_out(desk: Desk, drafts: Sequence[tuple[Drafted, Issue]], answer: Answer) -> None:
    """Show what would be issued and to whom, ask, and issue each paper in a transaction of its own."""
    if not answer.as_json:
        for draft, _issue in drafts:
            say(_("{addressee}　{title}").format(addressee=draft.paper.addressee.rstrip("：:"), title=draft.paper.title_line).strip())
            say_postings(draft.postings)
    question = _("印发这 {count} 份文件吗？").format(count=len(drafts))
    if answer.dry_run or not is_agreed(question, yes=answer.yes, by_program=answer.as_json):
        if answer.as_json:
            print_json({"done": False, "papers": [{"view": draft.paper.data, **posting_json(draft.postings)} for draft, _issue in drafts]})
        else:
            say(_("没有印发；看过以上内容后，加 --yes 印发"))
        return
    issued = []
    for _draft, issue in progress(drafts, _("正在印发")):
        with desk.acting() as (session, occasion):
            issued.append(issue(session, occasion))
    _say_issued(desk, issued, answer)


def _say_issued(desk: Desk, issued: Sequence[IssuedPaper], answer: Answer) -> None:
    folder = answer.folder
    paths = [path for one in issued for path in (write_files(one.filed.files, desk.context.store, folder) if folder else ())]
    if answer.as_json:
        print_json({"done": True, "papers": [one.as_entry() for one in issued], "files": [str(path) for path in paths]})
        return
    for one in issued:
        say(_("已印发 {doc_no}　{title}").format(doc_no=one.doc_no, title=one.filed.paper.title_line))
    waiting = sum(len(one.message_ids) for one in issued)
    if waiting:
        say(_("{count} 封消息已放入发件箱，下次发送时送出（duban remind 立即发送）").format(count=waiting))
    for path in paths:
        say(_("已写入 {place}").format(place=path))
