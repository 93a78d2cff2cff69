"""`duban plan sheets`: assignment sheets (交办单) of a plan, one for each unit, previewed or issued; after an amendment only what changed."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from cli.desk import Desk, open_desk
from cli.output import JsonOption, print_json, progress, say
from cli.papers import ContactOption, DryRunOption, FormatOption, OutputOption, YesOption, refuse_one_file, write_paper
from cli.post import Answer, post_office, send_out
from reports.assignment import Assignment
from reports.assignment_paper import assignment_paper
from reports.imprint import Imprint
from rules.errors import DubanError
from rules.texts import _
from services.occasion import Occasion
from services.papers.assignments import DraftedAssignment, issue_assignment, preview_assignment, read_assignments, units_of_plan
from services.papers.posting import IssuedPaper, PostOffice
from services.units import unit_named


def sheets(
    plan: Annotated[int, typer.Argument(metavar="PLAN", help=_("计划编号"))],
    unit: Annotated[list[str] | None, typer.Option("--unit", metavar="UNIT", help=_("只给这些单位；不写则为有任务的全部单位"))] = None,
    issue: Annotated[bool, typer.Option("--issue", help=_("编号印发并发给各单位；不写则只预览"))] = False,
    contact: ContactOption = None,
    face: FormatOption = None,
    folder: OutputOption = None,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Preview or issue the sheets of a plan."""
    with open_desk() as desk:
        ids = _units(desk, plan, unit)
        if issue:
            _issue_all(desk, plan, ids, contact, Answer(yes, dry_run, as_json, folder))
        else:
            _show_all(desk, _views(desk, plan, ids), Imprint(desk.context.settings.office, contact=contact), (face, folder, as_json))


def _show_all(desk: Desk, views: Sequence[Assignment], imprint: Imprint, way: tuple[str | None, Path | None, bool]) -> None:
    face, folder, as_json = way
    papers = [assignment_paper(view, Imprint(imprint.office, contact=imprint.contact, signed_on=view.issued_on)) for view in views]
    if as_json:
        print_json([paper.data for paper in papers])
        return
    refuse_one_file(folder, len(papers))
    for paper in progress(papers, _("正在写交办单")):
        write_paper(desk, paper, face, folder)
    if not papers:
        say(_("各单位的交办单都已印发，此后任务没有变化"))


def _views(desk: Desk, plan: int, ids: Sequence[int]) -> list[Assignment]:
    """Return the sheets that have something to say."""
    with desk.reading() as (session, actor):
        views = read_assignments(session, plan, ids, desk.day, actor)
    return [view for view in views if view.replaces is None or view.changes]


def _issue_all(desk: Desk, plan: int, ids: Sequence[int], contact: str | None, answer: Answer) -> None:
    post, drafts, passed = post_office(desk, contact), list[DraftedAssignment](), list[DubanError]()
    for unit_id in progress(ids, _("正在准备交办单")):
        with desk.reading() as (session, _actor):
            try:
                drafts.append(preview_assignment(session, plan, unit_id, post, desk.occasion(session)))
            except DubanError as refusal:
                if refusal.code not in ("already-issued", "nothing-to-assign"):
                    raise
                passed.append(refusal)
    if not drafts:
        raise passed[0] if passed else DubanError("nothing-to-assign", _("计划 {plan} 没有可以交办的单位").format(plan=plan))
    if not answer.as_json:
        for why in passed:
            say(_("不印发：{why}").format(why=why.message))
    send_out(desk, [(draft, partial(_issue, plan, draft.view.unit_id, post)) for draft in drafts], answer)


def _issue(plan: int, unit_id: int, post: PostOffice, session: Session, occasion: Occasion) -> IssuedPaper:
    return issue_assignment(session, plan, unit_id, post, occasion)


def _units(desk: Desk, plan: int, names: Sequence[str] | None) -> list[int]:
    with desk.reading() as (session, actor):
        if names:
            return [unit_named(session, name) for name in names]
        return units_of_plan(session, plan, desk.day, actor)
