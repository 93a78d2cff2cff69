"""The sentences of the office's digest: what waits for the house's own people, since when, and which command deals with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from models.case import CaseState
from models.notice import MessageState, NoticeLevel
from models.request import RequestKind
from rules.case_transitions import case_state_name
from rules.notice_words import level_name
from rules.office_matters import OfficeMatter
from rules.requests import kind_name
from rules.texts import _
from rules.words import day_words, period_words


@dataclass(frozen=True)
class MatterFacts:
    """What is known of one matter, in the fields of `notify.messages.OfficeLine`."""

    matter: OfficeMatter
    unit: str
    since_on: date
    number: int
    kind: str
    person: str
    error: str


def matter_heading(matter: OfficeMatter) -> str:
    """Return the heading of a group of lines."""
    return {
        OfficeMatter.REVIEW: _("申请办结，待审核"),
        OfficeMatter.DECIDE: _("单位的申请，待答复"),
        OfficeMatter.ISSUE: _("督办通知单，待签发"),
        OfficeMatter.APPROVE: _("督查通报，待批准"),
        OfficeMatter.CASE: _("案卷，待办理"),
        OfficeMatter.UNDELIVERED: _("没有送达的消息"),
        OfficeMatter.UNREACHED: _("提醒不到的单位"),
    }[matter]


def matter_count(matter: OfficeMatter, count: int) -> str:
    """Return how many lines of a kind there are, for the subject and the sum."""
    return {
        OfficeMatter.REVIEW: _("待审核 {count} 项"),
        OfficeMatter.DECIDE: _("待答复 {count} 项"),
        OfficeMatter.ISSUE: _("待签发 {count} 件"),
        OfficeMatter.APPROVE: _("待批准通报 {count} 期"),
        OfficeMatter.CASE: _("待办案卷 {count} 件"),
        OfficeMatter.UNDELIVERED: _("未送达 {count} 封"),
        OfficeMatter.UNREACHED: _("提醒不到 {count} 个单位"),
    }[matter].format(count=count)


def matter_demand(matter: OfficeMatter) -> str:
    """Return what is asked for the lines of a group."""
    return {
        OfficeMatter.REVIEW: _("请审核完成情况和佐证材料，同意的办结，不同意的退回并说明理由。"),
        OfficeMatter.DECIDE: _("请答复：同意的写明确定的期限或数值，不同意的说明理由。答复之前任务照原期限计算。"),
        OfficeMatter.ISSUE: _("通知单由系统备好，请核对事实后签发；不宜签发的，搁置并说明理由。"),
        OfficeMatter.APPROVE: _("通报稿已按台账拟好，请核对数字、修改文字后批准；不宜印发的，说明理由后不用。"),
        OfficeMatter.CASE: _("请批准、送达结论，答复异议，或者核查整改；拟写结论的人不能批准，也不能答复异议。"),
        OfficeMatter.UNDELIVERED: _("请核实对方是否收到，改正地址后重发；已用其他方式告知的，登记了结。"),
        OfficeMatter.UNREACHED: _("这些单位有事项应提醒，但没有人可以送达；请登记联系人。"),
    }[matter]


def matter_command(matter: OfficeMatter) -> str:
    """Return the commands that deal with a matter, with `编号` for the task's number and `号` for the request's, notice's or message's."""
    return {
        OfficeMatter.REVIEW: _("审核：duban task complete 编号，或 duban task return 编号 --reason 理由"),
        OfficeMatter.DECIDE: _("答复：duban request approve 申请号，或 duban request refuse 申请号 --reason 理由"),
        OfficeMatter.ISSUE: _("签发：duban notice show 通知单号，duban notice issue 通知单号"),
        OfficeMatter.APPROVE: _("批准：duban bulletin show 期间，duban bulletin approve 期间"),
        OfficeMatter.CASE: _("办理：duban case show 案卷号，再用 duban case approve、serve、decide 或 verify 案卷号"),
        OfficeMatter.UNDELIVERED: _("核实：duban message show 消息号，duban message resend 消息号，或 duban message settle 消息号"),
        OfficeMatter.UNREACHED: _("登记：duban unit contact 单位 地址"),
    }[matter]


def matter_situation(facts: MatterFacts) -> str:
    """Return how one matter stands: what came from whom, and since which day it waits."""
    since = day_words(facts.since_on)
    match facts.matter:
        case OfficeMatter.REVIEW:
            return _("{unit}{day}申请办结").format(unit=facts.unit, day=since)
        case OfficeMatter.DECIDE:
            text = _("{unit}{day}申请{kind}（申请 {number}）")
            return text.format(unit=facts.unit, day=since, kind=kind_name(RequestKind(facts.kind)), number=facts.number)
        case OfficeMatter.ISSUE:
            text = _("拟发{unit}的{level}，{day}备好（通知单 {number}）")
            return text.format(unit=facts.unit, level=level_name(NoticeLevel(facts.kind)), day=since, number=facts.number)
        case OfficeMatter.APPROVE:
            return _("{period}督查通报，{day}拟好").format(period=period_words(facts.kind), day=since)
        case OfficeMatter.CASE:
            text = _("{unit}的案卷 {number}，{day}起“{state}”")
            return text.format(unit=facts.unit, number=facts.number, day=since, state=case_state_name(CaseState(facts.kind)))
        case OfficeMatter.UNDELIVERED:
            text = _("{day}给{unit}{person}的消息 {number}，{state}：{error}")
            state = message_state_word(MessageState(facts.kind))
            said = {"unit": facts.unit, "person": facts.person, "number": facts.number, "error": facts.error or _("原因不明")}
            return text.format(day=since, state=state, **said)
        case OfficeMatter.UNREACHED:
            return _("{unit}：{why}").format(unit=facts.unit, why=unreached_word(facts.kind))


def message_state_word(state: MessageState) -> str:
    """Return how far a message has got."""
    return {
        MessageState.PENDING: _("待发"),
        MessageState.CLAIMED: _("待发"),
        MessageState.HANDING_OVER: _("正在交付"),
        MessageState.SENT: _("已发出"),
        MessageState.UNCERTAIN: _("不知是否送达"),
        MessageState.FAILED: _("发送失败"),
        MessageState.BOUNCED: _("被退回"),
    }[state]


def unreached_word(code: str) -> str:
    """Return why nobody of a unit can be written to."""
    return {
        "no-address": _("没有联系人地址"),
        "all-away": _("联系人都不在，没有代办人"),
        "no-channel": _("联系人的渠道没有设置"),
        "members-not-named": _("所含单位尚未明确"),
    }.get(code, code)


def older_words(older: Mapping[OfficeMatter, int]) -> str:
    """Return one sentence on what was told before and still waits; empty where nothing does."""
    counts = [matter_count(matter, older[matter]) for matter in OfficeMatter if older.get(matter)]
    return _("此前已经告知、仍待办理的还有：{counts}。").format(counts=_("、").join(counts)) if counts else ""
