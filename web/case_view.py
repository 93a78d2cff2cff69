"""Cases as they are listed and worked on: proposals with the rule that fired, one case with its chronology, its papers and the next steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models.case import CaseKind, CaseState
from reports.case import CaseFact, CaseFile
from rules.case_transitions import CaseEvent, case_events_from, case_state_name
from rules.case_words import kind_name
from rules.texts import _
from rules.words import day_words
from services.cases.case_list import CaseRow
from services.cases.proposals import ProposalRow
from services.cases.serving import Prepared
from services.keyset import KeyPage
from services.ledger import HOUSE
from web.office_views import Ask, Entry, Fact, Listing, Tab, facts_of, posting_lines, remark_lines, task_path
from web.rendering import url


@dataclass(frozen=True)
class ProposalCard:
    """What a rule proposes: whom it is about, the rule as published, and what met it."""

    key: str
    kind: str
    unit: str
    rule: str
    fact: str
    tasks: tuple[tuple[str, str], ...]
    entries: str


@dataclass(frozen=True)
class CasesPage:
    """The cases, and what the rules propose today."""

    listing: Listing
    proposals: tuple[ProposalCard, ...]
    can_open: bool


@dataclass(frozen=True)
class ChronicleLine:
    """One numbered line of a case's chronology."""

    number: int
    day: str
    what: str
    who: str
    words: str


@dataclass(frozen=True)
class CasePage:
    """A case with everything known of it. The `can_` fields are what its state, the visitor's rights and his part in it allow; `own_words` says why he cannot approve."""

    id: int
    state: str
    facts: tuple[Fact, ...]
    chronicle: tuple[ChronicleLine, ...]
    said: dict[str, str]
    entering: tuple[tuple[str, str], ...]
    is_praise: bool
    is_drafted: bool
    can_conclude: bool
    can_approve: bool
    own_words: str
    can_serve: bool
    can_decide: bool
    can_verify: bool
    can_drop: bool


def cases_page(page: KeyPage[CaseRow], state: CaseState | None, proposals: Sequence[ProposalRow], *, can_open: bool) -> CasesPage:
    """Return a page of the cases in a state (None: all) and the proposals."""
    columns = (_("案卷"), _("类别"), _("单位"), _("任务"), _("状态"), _("立案"))
    cells = tuple(
        (
            Entry(row.number, f"/cases/{row.id}"),
            Entry(kind_name(row.kind)),
            Entry(row.unit),
            Entry(_("、").join(title for _id, title in row.tasks)),
            Entry(case_state_name(row.state)),
            Entry(day_words(row.opened_on)),
        )
        for row in page.rows
    )
    tabs = (
        Tab(_("全部"), "/cases", state is None),
        *(Tab(case_state_name(one), f"/cases?state={one.value}", one is state) for one in CaseState),
    )
    more = url("/cases", state=state.value if state else "", after=page.next) if page.next else ""
    return CasesPage(Listing(columns, cells, _("没有这样的案卷。"), tabs, more=more), tuple(_card(row) for row in proposals), can_open)


def _card(row: ProposalRow) -> ProposalCard:
    of_house, of_plan = _("总台账第{seq}条"), _("计划台账第{seq}条")
    entries = [(of_house if one.chain == HOUSE else of_plan).format(seq=one.seq) for one in row.traces]
    return ProposalCard(
        key=row.key,
        kind=kind_name(row.kind),
        unit=row.unit,
        rule=row.rule_words,
        fact=row.fact_words,
        tasks=tuple((title, task_path(task_id)) for task_id, title in row.tasks),
        entries=_("、").join(entries),
    )


def case_sheet(row: CaseRow, file: CaseFile, me: str, *, judges: bool) -> CasePage:
    """Return the page of one case for the person `me`, who may work on it at all where `judges`."""
    events = case_events_from(row.state, row.kind) if judges else frozenset()
    is_own, words = row.drafter == me, file.words
    judged = {CaseEvent.APPROVE, CaseEvent.DECIDE} & events
    named = {"effect": words.effect, "conclusion": words.conclusion, "proposal": words.proposal, "body": words.competent_body}
    said = {name: value or "" for name, value in {**named, "demand": words.demand}.items()}
    return CasePage(
        id=row.id,
        state=case_state_name(row.state),
        facts=_facts(row, file),
        chronicle=tuple(_line(one) for one in file.chronology),
        said={**said, "demand_by": words.demand_by.isoformat() if words.demand_by else ""},
        entering=_entering(row, events),
        is_praise=row.kind is CaseKind.PRAISE,
        is_drafted=row.state is not CaseState.OPENED,
        can_conclude=CaseEvent.CONCLUDE in events,
        can_approve=CaseEvent.APPROVE in events and not is_own,
        own_words=_("结论由您拟写，须由另一人批准或答复异议。") if is_own and judged else "",
        can_serve=CaseEvent.SERVE in events,
        can_decide=CaseEvent.DECIDE in events and not is_own,
        can_verify=CaseEvent.VERIFY in events,
        can_drop=CaseEvent.DROP in events,
    )


def _entering(row: CaseRow, events: frozenset[CaseEvent]) -> tuple[tuple[str, str], ...]:
    """Return what of the unit's words may be entered for it now."""
    found = [(CaseEvent.STATE, "statement", _("单位的陈述")), (CaseEvent.OBJECT, "objection", _("单位的异议"))]
    if row.demand:
        found.append((CaseEvent.RECTIFY, "rectification", _("单位报送的整改情况")))
    return tuple((name, text) for event, name, text in found if event in events)


def _line(one: CaseFact) -> ChronicleLine:
    return ChronicleLine(one.number, day_words(one.day), one.what, one.who, one.words)


def _facts(row: CaseRow, file: CaseFile) -> tuple[Fact, ...]:
    tasks = tuple(Fact(_("任务"), title, task_path(task_id)) for task_id, title in row.tasks)
    rest = facts_of(
        (
            (_("规则"), file.rule),
            (_("事实"), file.fact),
            # What a rule proposed has its rule and fact for a basis: not said twice.
            (_("立案依据"), None if file.rule and file.rule in row.basis else row.basis),
            (_("立案"), row.opened_on),
            (_("影响"), file.words.effect),
            (_("单位陈述"), _dated(row.statement, row.statement_on)),
            (_("结论"), row.conclusion),
            (_("建议"), _proposal(file)),
            (_("拟写"), _dated(row.drafter, row.drafted_on)),
            (_("批准人和日期"), _dated(row.approver, row.approved_on)),
            (_("整改要求"), row.demand),
            (_("整改时限"), row.demand_by),
            (_("送达"), row.served_on),
            (_("签收人"), row.receiver),
            (_("异议截止"), row.objection_until),
            (_("单位异议"), _dated(row.objection, row.objected_on)),
            (_("异议答复"), row.decision),
            (_("整改情况"), _dated(row.rectification, row.rectified_on)),
            (_("核查情况"), _dated(row.verification, row.verified_on)),
            (_("撤销理由"), row.reason),
        )
    )
    head = (Fact(_("单位"), row.unit), Fact(_("类别"), kind_name(row.kind)), Fact(_("状态"), case_state_name(row.state)))
    return (*head, *tasks, *rest)


def _proposal(file: CaseFile) -> str | None:
    if not file.words.proposal:
        return None
    return _("{proposal}（有权机关：{body}）").format(proposal=file.words.proposal, body=file.words.competent_body)


def _dated(words: str | None, day: date | None) -> str | None:
    return _("{words}（{day}）").format(words=words, day=day_words(day)) if words and day else words


def case_ask(row: CaseRow, prepared: Prepared, act: str, fields: tuple[tuple[str, str], ...]) -> Ask:
    """Return the page that asks once more before a paper of the case goes out; `act` is `serve` or `decide`."""
    base = f"/cases/{row.id}"
    is_service = act == "serve"
    return Ask(
        heading=row.number,
        sentences=(
            _("{title}，{unit}").format(title=prepared.paper.title_line, unit=row.unit),
            _("确认以后编号、存档、记入台账，消息进入发件箱；不能收回。"),
        ),
        recipients=posting_lines(prepared.postings),
        remarks=remark_lines(prepared.postings.remarks),
        action=f"{base}/{act}",
        paper=f"{base}/paper/{act}",
        yes=_("确认送达") if is_service else _("确认答复并送达"),
        back=base,
        fields=fields,
    )
