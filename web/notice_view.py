"""Notices as they are listed, looked at, issued and set aside."""

from dataclasses import dataclass, field

from models.notice import NoticeLevel, NoticeState
from rules.notice_words import level_name, matter_name, moot_words, notice_state_name
from rules.texts import _
from rules.words import day_words
from services.keyset import KeyPage
from services.notice_issuing import DraftedNotice
from services.notice_list import NoticeRow
from web.office_views import Ask, Entry, Fact, Listing, Tab, facts_of, posting_lines, remark_lines, task_path
from web.rendering import url

_TONES = {NoticeLevel.ORANGE: "yellow", NoticeLevel.RED: "red"}


@dataclass(frozen=True)
class NoticePage:
    """A notice with what may be done with it. `recipients` are whom it would go to, `refusal` why it cannot be issued."""

    id: int
    state: str
    level: str
    facts: tuple[Fact, ...]
    earlier_demand: str
    usual_demand: str
    usual_limit: str
    can_issue: bool
    can_set_aside: bool
    can_receive: bool
    can_answer: bool
    can_open_case: bool
    has_file: bool
    refusal: str = ""
    recipients: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class NoticeActs:
    """What this visitor may do with a notice, as rights and its state have it."""

    issue: bool = False
    set_aside: bool = False
    receive: bool = False
    answer: bool = False
    open_case: bool = False


@dataclass(frozen=True)
class Drafted:
    """How a prepared notice would go out, or why it cannot."""

    draft: DraftedNotice | None = None
    refusal: str = ""
    fields: tuple[tuple[str, str], ...] = field(default=())


def notices_listing(page: KeyPage[NoticeRow], state: NoticeState | None, *, is_office: bool) -> Listing:
    """Return a page of the notices in a state (None: all)."""
    columns = (_("通知单"), _("级别"), _("任务"), _("单位"), _("督办事由"), _("状态"), _("时限"))
    cells = tuple(
        (
            Entry(row.doc_no or _("第 {id} 号（未编号）").format(id=row.id), f"/notices/{row.id}"),
            Entry(level_name(row.level)),
            Entry(row.task, task_path(row.task_id)),
            Entry(row.unit),
            Entry(matter_name(row.matter)),
            Entry(notice_state_name(row.state), note=_lost(row)),
            Entry(day_words(row.limit_on) if row.limit_on else _("未定")),
        )
        for row in page.rows
    )
    states = tuple(NoticeState) if is_office else (NoticeState.ISSUED, NoticeState.RECEIVED)
    tabs = tuple(Tab(notice_state_name(one), f"/notices?state={one.value}", one is state) for one in states)
    more = url("/notices", state=state.value if state else "all", after=str(page.next)) if page.next else ""
    return Listing(columns, cells, _("没有这样的通知单。"), (*tabs, Tab(_("全部"), "/notices?state=all", state is None)), more=more)


def _lost(row: NoticeRow) -> str:
    return _("已失去依据：{why}").format(why=moot_words(row.moot)) if row.moot else ""


def notice_sheet(row: NoticeRow, acts: NoticeActs, drafted: Drafted) -> NoticePage:
    """Return the page of one notice."""
    draft = drafted.draft
    return NoticePage(
        id=row.id,
        state=notice_state_name(row.state),
        level=level_name(row.level),
        facts=(Fact(_("任务"), row.task, task_path(row.task_id)), *_facts(row)),
        earlier_demand=row.demand,
        usual_demand=draft.paper.demand if draft else "",
        usual_limit=draft.paper.limit_on.isoformat() if draft and draft.paper.limit_on else "",
        can_issue=acts.issue and draft is not None,
        can_set_aside=acts.set_aside,
        can_receive=acts.receive,
        can_answer=acts.answer,
        can_open_case=acts.open_case,
        has_file=row.sha256 is not None,
        refusal=drafted.refusal,
        recipients=posting_lines(draft.postings) if draft else (),
        remarks=remark_lines(draft.postings.remarks) if draft else (),
    )


def _facts(row: NoticeRow) -> tuple[Fact, ...]:
    signed = _("{name}，{day}").format(name=row.receiver, day=day_words(row.received_on)) if row.received_on else None
    return facts_of(
        (
            (_("文号"), row.doc_no),
            (_("状态"), _("；").join(part for part in (notice_state_name(row.state), _lost(row)) if part)),
            (_("单位"), row.unit),
            (_("计划"), row.plan),
            (_("督办事由"), matter_name(row.matter)),
            (_("任务期限"), row.due_on),
            (_("准备"), row.prepared_on),
            (_("签发日期"), row.issued_on),
            (_("督办时限"), row.limit_on),
            (_("督办要求"), row.demand),
            (_("签收"), signed),
            (_("单位答复"), row.reply),
            (_("搁置理由"), row.reason),
        )
    )


def issue_ask(row: NoticeRow, drafted: Drafted) -> Ask:
    """Return the page that asks once more before a notice is issued."""
    draft = drafted.draft
    assert draft is not None
    limit = draft.paper.limit_on
    sentences = (
        _("{level}，{unit}，{task}").format(level=level_name(row.level), unit=row.unit, task=row.task),
        _("督办时限：{day}").format(day=day_words(limit)) if limit else _("没有时限。"),
        _("督办要求：{demand}").format(demand=draft.paper.demand),
        _("确认以后编号、存档、记入台账，消息进入发件箱；不能收回。"),
    )
    base = f"/notices/{row.id}"
    return Ask(
        heading=level_name(row.level),
        sentences=sentences,
        recipients=posting_lines(draft.postings),
        remarks=remark_lines(draft.postings.remarks),
        action=f"{base}/issue",
        paper=f"{base}/paper",
        yes=_("确认签发"),
        back=base,
        fields=drafted.fields,
    )
