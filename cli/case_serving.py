"""`duban case serve` and `decide`: the two papers of a case that leave the house, each shown with whom it goes to before anything is written."""

from typing import Annotated

import typer

from cli.desk import Desk, open_desk, parse_day
from cli.output import JsonOption, note, print_json, say
from cli.papers import DryRunOption, YesOption, is_agreed, posting_json, say_postings
from models.case import ObjectionOutcome
from rules.texts import _
from runtime.channels import routes_of
from services.cases.case_list import show_case
from services.cases.deciding import Decision, decide_objection, preview_decision
from services.cases.serving import CaseDesk, Prepared, Served, Service, preview_service, serve_case

CaseId = Annotated[int, typer.Argument(metavar="CASE", help=_("案卷序号（不是案号）"))]
Words = Annotated[str, typer.Option("--text", metavar="TEXT", help=_("内容"))]
Demand = Annotated[str, typer.Option(metavar="TEXT", help=_("整改要求"))]
DemandBy = Annotated[str | None, typer.Option("--demand-by", metavar="DATE", help=_("整改时限"))]
Contact = Annotated[str | None, typer.Option(metavar="TEXT", help=_("联系人和电话，写入文书"))]


def serve(
    case: CaseId,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help=_("单位签收人"))] = "",
    contact: Contact = None,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Serve a conclusion."""
    service = Service(by, contact)
    with open_desk() as desk:
        with desk.reading() as (session, _actor):
            prepared = preview_service(session, case, service, _desk(desk), desk.occasion(session))
        if not _is_agreed(prepared, (_("送达这份结论吗？"), _("没有送达；看过以上内容后，加 --yes 送达")), (yes, dry_run, as_json)):
            return
        with desk.acting() as (session, occasion):
            out = serve_case(session, case, service, _desk(desk), occasion)
    _say_served(out, as_json=as_json)


def decide(
    case: CaseId,
    outcome: Annotated[ObjectionOutcome, typer.Option(help=_("upheld 维持，changed 变更"))],
    text: Words,
    demand: Demand = "",
    demand_by: DemandBy = None,
    no_demand: Annotated[bool, typer.Option("--no-demand", help=_("不再要求整改"))] = False,
    contact: Contact = None,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Answer an objection."""
    decision = Decision(outcome, text, demand, parse_day(demand_by) if demand_by else None, no_demand, contact)
    with open_desk() as desk:
        with desk.reading() as (session, actor):
            prepared = preview_decision(session, case, decision, _desk(desk), desk.occasion(session))
            row = show_case(session, case, desk.day, actor)
        if not as_json:
            say(_("{unit}的异议：{words}").format(unit=row.unit, words=row.objection or ""))
        if not _is_agreed(prepared, (_("这样答复并送达吗？"), _("没有答复；看过以上内容后，加 --yes 答复并送达")), (yes, dry_run, as_json)):
            return
        with desk.acting() as (session, occasion):
            out = decide_objection(session, case, decision, _desk(desk), occasion)
    _say_served(out, as_json=as_json)


def _is_agreed(prepared: Prepared, words: tuple[str, str], answer: tuple[bool, bool, bool]) -> bool:
    """Show what would go out and to whom, and ask; `words` are the question and what is said after a no, `answer` the options `--yes`, `--dry-run`, `--json`."""
    question, refusal = words
    yes, dry_run, as_json = answer
    if not as_json:
        say(_("将送达：{title}").format(title=prepared.paper.title_line))
        say_postings(prepared.postings)
    if not dry_run and is_agreed(question, yes=yes, by_program=as_json):
        return True
    if as_json:
        print_json({"done": False, "view": prepared.paper.data, **posting_json(prepared.postings)})
    else:
        say(refusal)
    return False


def _desk(desk: Desk) -> CaseDesk:
    return CaseDesk(desk.context.press, routes_of(desk.context.settings))


def _say_served(out: Served, *, as_json: bool) -> None:
    if as_json:
        print_json({"done": True, **out.filed.as_entry(), **posting_json(out.postings)})
        return
    say(_("已编号 {doc_no}：{title}").format(doc_no=out.filed.place.doc_no, title=out.filed.paper.title_line))
    if out.message_ids:
        say(_("{count} 封消息已放入发件箱，下次发送时送出（duban remind 立即发送）").format(count=len(out.message_ids)))
    note(_("存档文件：{files}").format(files=_("、").join(out.filed.files)))


COMMANDS = (
    ("serve", serve, _("送达结论：先给出发什么、发给谁，问过再编号送达；表扬建议呈报有权机关")),
    ("decide", decide, _("答复异议：维持或变更，先给出发什么、发给谁，问过再编号送达；拟写结论的人不能答复")),
)
