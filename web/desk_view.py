"""The desk as it is shown: a part for each kind of thing that waits, with its count, its first rows and the page that holds all of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.notice import NoticeLevel
from models.publication import DraftState
from models.request import RequestKind
from rules.case_transitions import case_state_name
from rules.case_words import kind_name as case_kind_name
from rules.notice_words import level_name
from rules.requests import kind_name
from rules.rights import Act
from rules.texts import _
from rules.words import day_words, period_words
from services.burden import UnitBurden
from services.cases.proposals import ProposalRow
from services.desk import BulletinWait, Desk, DeskFacts, TaskWait
from web.rendering import url
from web.visiting import Visitor

_SHOWN = 8


@dataclass(frozen=True)
class DeskLine:
    """One thing that waits: what it is and where it is done, and what else is known of it."""

    text: str
    to: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeskPart:
    """One kind of thing that waits. `more` says how many are not shown; `to` holds all of them."""

    key: str
    heading: str
    count: int
    lines: tuple[DeskLine, ...]
    empty: str
    to: str = ""
    more: str = ""
    note: str = ""


@dataclass(frozen=True)
class DeskPage:
    """The desk: what is to be decided. `later` is where what should be known beside it comes from."""

    day: str
    decide: tuple[DeskPart, ...]
    later: str


@dataclass(frozen=True)
class LaterParts:
    """The parts of the desk that take longer: what should be known beside what is decided."""

    parts: tuple[DeskPart, ...]


def desk_page(desk: Desk, visitor: Visitor) -> DeskPage:
    """Return the desk with those parts that the visitor's role decides."""
    return DeskPage(day_words(desk.day), tuple(_decide(desk, visitor)), "/desk/later")


def _decide(desk: Desk, visitor: Visitor) -> Iterator[DeskPart]:
    if visitor.may(Act.COMPLETE) or desk.submissions.count:
        lines = [
            _line(row, f"/tasks/{row.task_id}/review", _("{day}申请办结").format(day=day_words(row.since_on)))
            for row in desk.submissions.first
        ]
        yield _part("submissions", _("待审核的办结申请"), desk.submissions.count, lines, _("没有待审核的办结申请。"), "/reviews")
    yield _part("requests", _("待答复的申请"), desk.requests.count, list(_requests(desk)), _("没有待答复的申请。"), "/requests")
    if visitor.may(Act.ISSUE_NOTICE) or desk.notices.count:
        notices = [_line(row, f"/notices/{row.number}", level_name(NoticeLevel(row.kind)), _prepared(row)) for row in desk.notices.first]
        yield _part("notices", _("待签发的通知单"), desk.notices.count, notices, _("没有待签发的通知单。"), "/notices")
    if visitor.may(Act.APPROVE_CASE) or desk.cases.count:
        cases = [
            DeskLine(row.number, f"/cases/{row.id}", (case_kind_name(row.kind), row.unit, case_state_name(row.state)))
            for row in desk.cases.first
        ]
        yield _part("cases", _("轮到本部门办理的案卷"), desk.cases.count, cases, _("没有等着办理的案卷。"), "/cases")
    if visitor.may(Act.DRAFT_BULLETIN):
        bulletins = [_bulletin(row) for row in desk.bulletins.first]
        yield _part("bulletins", _("在办的通报"), desk.bulletins.count, bulletins, _("没有在办的通报。"), "/bulletins")


def _know(desk: DeskFacts) -> Iterator[DeskPart]:
    reports = [_report(row, _("{day}填报").format(day=day_words(row.since_on))) for row in desk.new_reports.first]
    note = _("看过可以不作答；有疑问的退回重报。")
    yield _part("reports", _("可以看看的进展"), desk.new_reports.count, reports, _("近两个季度的进展都看过了。"), note=note)
    returned = [_report(row, _("退回后还没有重报")) for row in desk.returned_reports.first]
    yield _part("returned", _("退回待重报的进展"), desk.returned_reports.count, returned, _("没有退回待重报的进展。"))
    silent = [
        DeskLine(
            row.unit,
            url("/tasks", unit=row.unit),
            (
                _("上次填报{day}").format(day=day_words(row.last_on)) if row.last_on else _("从没有填报过"),
                _("已 {days} 天").format(days=row.days),
                _("在办 {count} 项").format(count=row.open_tasks),
            ),
        )
        for row in desk.silent.first
    ]
    note = _("有在办任务而超过 {days} 天没有填报，时间最长的在前；不作排名。").format(days=desk.silent_days)
    yield _part("silent", _("久无音讯的单位"), desk.silent.count, silent, _("没有久无音讯的单位。"), note=note)
    unreached = [DeskLine(row.unit, url("/tasks", unit=row.unit), (_why(row.why, row.message_count),)) for row in desk.unreached.first]
    yield _part("unreached", _("催办送不到的单位"), desk.unreached.count, unreached, _("有在办任务的单位都能送到。"))


def later_parts(facts: DeskFacts, proposals: Sequence[ProposalRow] | None, burden: Sequence[UnitBurden]) -> LaterParts:
    """Return what should be known, the rules' proposals (None: not this visitor's) and the burden meter; of the first only what there is."""
    parts = [] if proposals is None else [_proposals(proposals)]
    return LaterParts((*(part for part in _know(facts) if part.count), *parts, _burden(burden)))


def _proposals(rows: Sequence[ProposalRow]) -> DeskPart:
    lines = [
        DeskLine(_("、").join(title for _id, title in row.tasks), "/cases#proposals", (row.unit, case_kind_name(row.kind), row.fact_words))
        for row in rows[:_SHOWN]
    ]
    note = _("按公布的规则列出，是否立案由人决定。")
    return _part("proposals", _("可以立案的建议"), len(rows), lines, _("今天没有可提出的建议。"), "/cases", note)


def _burden(rows: Sequence[UnitBurden]) -> DeskPart:
    now, before = sum(row.fields for row in rows), sum(row.fields_before for row in rows)
    lines = [
        DeskLine(
            row.unit,
            url("/tasks", unit=row.unit),
            (_("{count} 处").format(count=row.fields), _("分 {count} 次").format(count=row.askings), _change(row.change)),
        )
        for row in rows[:_SHOWN]
    ]
    note = _("本季要各单位填 {count} 处，上季同口径 {before} 处（{change}）。").format(
        count=now, before=before, change=_change(now - before)
    )
    return _part("burden", _("负担计"), len(rows), lines, _("本季还没有要哪个单位填什么。"), note=note)


def _change(change: int) -> str:
    if change == 0:
        return _("与上季相同")
    return _("比上季多 {count} 处").format(count=change) if change > 0 else _("比上季少 {count} 处").format(count=-change)


def _part(key: str, heading: str, count: int, lines: Sequence[DeskLine], empty: str, to: str = "", note: str = "") -> DeskPart:
    hidden = count - len(lines)
    more = _("另有 {count} 件").format(count=hidden) if hidden > 0 else ""
    return DeskPart(key, heading, count, tuple(lines), empty, to, more, note)


def _line(row: TaskWait, to: str, *notes: str) -> DeskLine:
    return DeskLine(row.task, to, (row.unit, *notes))


def _requests(desk: Desk) -> Iterator[DeskLine]:
    for row in desk.requests.first:
        said = _("{kind}申请，{day}提出").format(kind=kind_name(RequestKind(row.kind)), day=day_words(row.since_on))
        yield _line(row, f"/requests/{row.number}", said)


def _prepared(row: TaskWait) -> str:
    return _("{day}准备").format(day=day_words(row.since_on))


def _report(row: TaskWait, said: str) -> DeskLine:
    return _line(row, f"/tasks/{row.task_id}/review#period-{row.kind}", period_words(row.kind), said)


def _bulletin(row: BulletinWait) -> DeskLine:
    period = period_words(row.period)
    if row.draft_id is None or row.drafted_on is None:
        return DeskLine(_("{period}通报").format(period=period), f"/bulletins?period={row.period}", (_("还没有拟稿"),))
    state = _("已批准，等待印发") if row.state is DraftState.APPROVED else _("等待批准")
    drafted = _("{day}由 {name} 拟").format(day=day_words(row.drafted_on), name=row.drafter)
    return DeskLine(_("{period}通报").format(period=period), f"/bulletins/drafts/{row.draft_id}", (state, drafted))


def _why(code: str, count: int) -> str:
    return {
        "no-contact": _("没有登记联系人"),
        "away": _("联系人都不在岗，没有代办人"),
        "undelivered": _("有 {count} 封消息没有送到").format(count=count),
    }[code]
