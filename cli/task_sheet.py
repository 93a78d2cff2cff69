"""A task on paper: its sheet, its requests and its history, as `duban task show` prints them."""

from collections.abc import Sequence

from cli.change_words import amended_words
from cli.handing_down import handed_down_words, print_children, print_parts
from cli.milestones import print_criterion, print_milestones, print_progress, print_targets
from cli.output import print_table, say
from models.notice import NoticeLevel
from models.request import RequestKind
from rules.notice_words import level_name
from rules.requests import kind_name, request_state_name, terms_from, terms_words
from rules.rights import Act
from rules.texts import _
from rules.transitions import TaskEvent, event_name, state_name
from rules.words import light_word
from services.decisions import MOVE_DUE_DAY
from services.notices import ISSUE_NOTICE, PREPARE_NOTICE, RECEIVE_NOTICE, SET_ASIDE_NOTICE
from services.queries import HistoryRow, TaskSheet
from services.request_list import RequestRow
from services.task_amending import AMEND_TASK
from services.unit_changes import HAND_OVER


def print_sheet(sheet: TaskSheet) -> None:
    """Print a task with its light and why, its units, targets and last words."""
    row = sheet.row
    say(_("任务 {id}　{title}（{label}）　《{plan}》").format(id=row.id, title=row.title, label=row.label, plan=sheet.plan))
    say(sheet.text)
    say(
        _("{state}　{light}　{starts_on} 至 {due_on}").format(
            state=state_name(row.state), light=light_word(row.light), starts_on=row.starts_on, due_on=row.due_on
        )
    )
    for why in row.why:
        say(f"  · {why}")
    print_table([_("单位"), _("分工")], [(unit.name, _role_name(unit.role)) for unit in sheet.units])
    print_progress(row.pace, row.reached)
    print_targets(sheet.targets)
    print_milestones(sheet.milestones)
    print_criterion(sheet.criterion)
    for head, text in ((_("最近进展"), sheet.last_text), (_("存在问题"), sheet.problem), (_("下步打算"), sheet.next_step)):
        if text:
            say(_("{name}：{place}").format(name=head, place=text))
    print_parts(sheet.parts)
    print_children(sheet.children)


def _role_name(role: str) -> str:
    return {"lead": _("牵头"), "support": _("配合"), "responsible": _("责任")}[role]


def print_requests(requests: Sequence[RequestRow]) -> None:
    """Print the requests on a task, whatever became of them; nothing where there are none."""
    if not requests:
        return
    rows = [(row.id, kind_name(row.kind), row.filed_on, row.reason, terms_words(row.wanted), answer_words(row)) for row in requests]
    print_table([_("申请"), _("种类"), _("提出日期"), _("理由"), _("请求"), _("答复")], rows)


def answer_words(row: RequestRow) -> str:
    """Return what became of a request: its state, the values granted, and the words of the decision."""
    said = [request_state_name(row.state), terms_words(row.granted), row.decision]
    return _("；").join(words for words in said if words)


def print_history(acts: Sequence[HistoryRow]) -> None:
    """Print every act on a task; nothing where none is asked for."""
    if acts:
        rows = [(act.acted_on, act_name(act.act), act.actor, _what_was_said(act)) for act in acts]
        print_table([_("日期"), _("事由"), _("办理人"), _("内容")], rows)


def act_name(act: str) -> str:
    """Return an act's name for users; one that is not known is shown as the ledger has it."""
    names = {event.value: event_name(event) for event in TaskEvent} | {
        "remind": _("提醒"),
        "deliver": _("发出"),
        "resend": _("重发"),
        "withdraw-reminder": _("撤回提醒"),
        "decompose": _("分解"),
        "hand-in": _("交配合材料"),
        "file-request": _("提出申请"),
        "approve-request": _("批准申请"),
        "refuse-request": _("不批准申请"),
        "withdraw-request": _("撤回申请"),
        MOVE_DUE_DAY: _("改期"),
        "accept-report": _("进展审核通过"),
        "return-report": _("退回进展"),
        "report-missed": _("缺报进展"),
        PREPARE_NOTICE: _("准备通知单"),
        ISSUE_NOTICE: _("签发通知单"),
        RECEIVE_NOTICE: _("签收通知单"),
        SET_ASIDE_NOTICE: _("搁置通知单"),
        "urge": _("催办"),
        "urge-by-phone": _("电话催办"),
        "issue-reply": _("印发批复"),
        "set-quota": _("设名额"),
        "nominate-member": _("提名"),
        "select-member": _("遴选"),
        "confirm-member": _("确认成员"),
        "withdraw-member": _("退出名单"),
        "link-indicator": _("关联指标"),
        "plan-curve": _("安排进度"),
        "add-milestone": _("列入节点"),
        "drop-milestone": _("删去节点"),
        "reach-milestone": _("节点完成"),
        "set-criterion": _("定完成标准"),
        AMEND_TASK: _("计划调整"),
        HAND_OVER: _("单位接续"),
    }
    return names.get(act, act)


def _what_was_said(act: HistoryRow) -> str:
    said = [
        str(act.said[name])
        for name in (
            "period",
            "title",
            "criterion",
            "measure",
            "observed_by",
            "against",
            "text",
            "problem",
            "reason",
            "decision",
            "basis",
            "rule",
            "correction",
            "doc_no",
            "receiver",
            "person",
            "answer",
        )
        if act.said.get(name)
    ]
    form = [_("据第 {form} 号报表录入").format(form=act.said["form"])] if act.said.get("form") else []
    return _("；").join([*_change_words(act), *_request_words(act), *act.said.get("members", ()), *said, *form])


def _change_words(act: HistoryRow) -> list[str]:
    """Return what an office's decision changed: the lead, the due day, or how long the task is suspended."""
    if act.act == TaskEvent.REASSIGN.value and "old_lead" in act.said:
        return [_("由 {old} 改为 {new} 牵头").format(old=act.said["old_lead"], new=act.said["lead"])]
    if act.act in (PREPARE_NOTICE, ISSUE_NOTICE, RECEIVE_NOTICE, SET_ASIDE_NOTICE):
        return [level_name(NoticeLevel(act.said["level"]))]
    if act.act == Act.DECOMPOSE.value:
        return handed_down_words(act.said)
    if act.act in (AMEND_TASK, HAND_OVER):
        return amended_words(act.said)
    if act.act == MOVE_DUE_DAY:
        return [_("期限改为 {day}").format(day=act.said["due_on"])]
    if act.act == TaskEvent.SUSPEND.value and act.said.get("until"):
        return [_("挂起至 {day}").format(day=act.said["until"])]
    return []


def _request_words(act: HistoryRow) -> list[str]:
    if "kind" not in act.said or "request" not in act.said:
        return []
    terms = terms_words(terms_from(act.said.get("granted") or act.said.get("wanted") or {}))
    name = _("第 {id} 号{kind}申请").format(id=act.said["request"], kind=kind_name(RequestKind(act.said["kind"])))
    settled_by = act.said.get("by")
    settled = [_("因“{event}”自动撤回").format(event=act_name(settled_by))] if settled_by in {event.value for event in TaskEvent} else []
    return [name, *([terms] if terms else []), *settled]
