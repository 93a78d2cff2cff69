"""`duban letter`: responsibility agreements (目标管理责任书) of a year, shown, issued unit by unit, signed, and held against the plan."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import Annotated

import typer
from sqlmodel import Session

from cli.default_command import ShowByDefault
from cli.desk import Desk, open_desk
from cli.output import JsonOption, print_json, print_table, progress, say
from cli.papers import (
    ContactOption,
    DryRunOption,
    FormatOption,
    OutputOption,
    YesOption,
    refuse_one_file,
    write_paper,
)
from cli.post import Answer, FolderOption, post_office, send_out
from reports.agreement_paper import agreement_paper
from reports.imprint import Imprint
from rules.errors import DubanError
from rules.texts import _
from services.occasion import Occasion
from services.papers.agreements import (
    AgreementRow,
    DraftedAgreement,
    issue_agreement,
    list_agreements,
    preview_agreement,
    read_agreements,
    sign_agreement,
)
from services.papers.posting import IssuedPaper, PostOffice
from services.units import unit_named

app = typer.Typer(cls=ShowByDefault, no_args_is_help=True, add_completion=False)

Year = Annotated[int, typer.Argument(metavar="YEAR", min=1949, max=2100, help=_("年度，如 2013"))]
Unit = Annotated[list[str] | None, typer.Option("--unit", metavar="UNIT", help=_("单位；可多次"))]
Everybody = Annotated[bool, typer.Option("--all", help=_("本年度有任务的全部单位"))]


@app.command("show", help=_("预览责任书（不编号）；不写单位则列出本年度各单位的责任书"))
def show(
    year: Year,
    unit: Unit = None,
    everybody: Everybody = False,
    face: FormatOption = None,
    output: OutputOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show agreements."""
    if not (unit or everybody):
        list_all(year, as_json)
        return
    with open_desk() as desk:
        ids = _units(desk, year, unit)
        if not as_json:
            refuse_one_file(output, len(ids))
        with desk.reading() as (session, actor):
            views = read_agreements(session, year, ids, desk.day, actor)
        office = desk.context.settings.office
        papers = [agreement_paper(view, Imprint(office, to=(view.unit,), signed_on=desk.day)) for view in views]
        if as_json:
            print_json([paper.data for paper in papers])
            return
        for paper in progress(papers, _("正在写责任书")):
            write_paper(desk, paper, face, output)


@app.command("issue", help=_("印发责任书：先给出发给谁，问过再编号发出；所列任务没有变化的不再印发"))
def issue(
    year: Year,
    unit: Unit = None,
    everybody: Everybody = False,
    contact: ContactOption = None,
    folder: FolderOption = None,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Issue agreements."""
    if not (unit or everybody):
        raise DubanError("unit-or-all", _("请写明单位（--unit 单位），或加 --all 印发全部"))
    with open_desk() as desk:
        post = post_office(desk, contact)
        drafts, passed = _drafts(desk, year, _units(desk, year, unit), post)
        if not drafts:
            raise passed[0] if passed else DubanError("nothing-to-agree", _("{year}年没有要签责任书的单位").format(year=year))
        if not as_json:
            for refusal in passed:
                say(_("不印发：{why}").format(why=refusal.message))
        jobs = [(draft, partial(_issue, year, draft.view.unit_id, post)) for draft in drafts]
        send_out(desk, jobs, Answer(yes, dry_run, as_json, folder))


def _issue(year: int, unit_id: int, post: PostOffice, session: Session, occasion: Occasion) -> IssuedPaper:
    return issue_agreement(session, year, unit_id, post, occasion)


def _drafts(desk: Desk, year: int, ids: Sequence[int], post: PostOffice) -> tuple[list[DraftedAgreement], list[DubanError]]:
    """Return what would be issued, and why the rest would not."""
    drafts, passed = list[DraftedAgreement](), list[DubanError]()
    for unit_id in progress(ids, _("正在准备责任书")):
        with desk.reading() as (session, _actor):
            try:
                drafts.append(preview_agreement(session, year, unit_id, post, desk.occasion(session)))
            except DubanError as refusal:
                if refusal.code not in ("already-issued", "nothing-to-agree"):
                    raise
                passed.append(refusal)
    return drafts, passed


@app.command("signed", help=_("登记签订：谁代表单位签的；日期用 --on"))
def signed(
    year: Year,
    unit: Annotated[str, typer.Option("--unit", metavar="UNIT", help=_("单位"))],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help=_("签订人"))],
) -> None:
    """Record a signature."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        doc_no = sign_agreement(session, year, unit_named(session, unit), by, occasion)
    say(_("{doc_no} 由 {name} 于 {day} 签订；已记入台账").format(doc_no=doc_no, name=by.strip(), day=occasion.day))


@app.command("list", help=_("列出本年度各单位的责任书：是否印发、签订，签后任务有没有变化"))
def list_all(year: Year, as_json: JsonOption = False) -> None:
    """List agreements."""
    with open_desk() as desk, desk.reading() as (session, actor):
        rows = list_agreements(session, year, desk.day, actor)
    if as_json:
        print_json([asdict(row) for row in rows])
        return
    if not rows:
        say(_("{year}年没有要签责任书的单位").format(year=year))
        return
    heads = [_("单位"), _("牵头"), _("配合"), _("文号"), _("印发"), _("签订"), _("签订人"), _("情况")]
    print_table(
        heads, [(row.unit, row.led, row.supported, row.doc_no, row.issued_on, row.signed_on, row.signer, _standing(row)) for row in rows]
    )


def _standing(row: AgreementRow) -> str:
    if row.doc_no is None:
        return _("未印发")
    if not (row.led or row.supported):
        return _("已不承担本年度任务")
    if row.is_outdated:
        return _("签订后任务有变化，应重新印发") if row.signed_on else _("印发后任务有变化，应重新印发")
    return _("已签订") if row.signed_on else _("待签订")


def _units(desk: Desk, year: int, names: Sequence[str] | None) -> list[int]:
    with desk.reading() as (session, actor):
        if names:
            return [unit_named(session, name) for name in names]
        return [row.unit_id for row in list_agreements(session, year, desk.day, actor)]
