"""What people call an act of the ledger. One that is not named here is shown as the ledger has it, and is never left out."""

from collections.abc import Mapping
from functools import cache

from rules.case_transitions import CaseEvent, case_event_name
from rules.rights import Act
from rules.texts import _, current_language
from rules.transitions import TaskEvent, event_name
from services.decisions import MOVE_DUE_DAY
from services.notices import ISSUE_NOTICE, PREPARE_NOTICE, RECEIVE_NOTICE, SET_ASIDE_NOTICE
from services.takeovers import HAND_OVER
from services.task_amending import AMEND_TASK


def act_name(act: str) -> str:
    """Return an act's name for users; one that is not known is shown as the ledger has it."""
    return names_of_acts().get(act, act)


def names_of_acts() -> Mapping[str, str]:
    """Return the names of all acts that a task's history can hold."""
    return _named_in(current_language())


@cache
def _named_in(_language: str) -> Mapping[str, str]:
    """Name the acts in the language that is spoken now: a history asks for each of its lines."""
    return {
        **{event.value: case_event_name(event) for event in CaseEvent},
        **{event.value: event_name(event) for event in TaskEvent},
        **_of_work(),
        **_of_offices(),
    }


def _of_work() -> dict[str, str]:
    """Name what units do, and what is decided on it."""
    return {
        Act.DECOMPOSE.value: _("分解"),
        Act.HAND_IN.value: _("交配合材料"),
        "add-evidence": _("补交佐证材料"),
        "answer-notice": _("答复通知单"),
        "accept-report": _("进展审核通过"),
        "return-report": _("退回进展"),
        "report-missed": _("缺报进展"),
        "file-request": _("提出申请"),
        "approve-request": _("批准申请"),
        "refuse-request": _("不批准申请"),
        "withdraw-request": _("撤回申请"),
        "nominate-member": _("提名"),
        "select-member": _("遴选"),
        "confirm-member": _("确认成员"),
        "withdraw-member": _("退出名单"),
        "reach-milestone": _("节点完成"),
    }


def _of_offices() -> dict[str, str]:
    """Name what the house does about a task."""
    return {
        "remind": _("提醒"),
        "deliver": _("发出"),
        "resend": _("重发"),
        "withdraw-reminder": _("撤回提醒"),
        MOVE_DUE_DAY: _("改期"),
        PREPARE_NOTICE: _("准备通知单"),
        ISSUE_NOTICE: _("签发通知单"),
        RECEIVE_NOTICE: _("签收通知单"),
        SET_ASIDE_NOTICE: _("搁置通知单"),
        "urge": _("催办"),
        "urge-by-phone": _("电话催办"),
        "issue-reply": _("印发批复"),
        "set-quota": _("设名额"),
        "link-indicator": _("关联指标"),
        "plan-curve": _("安排进度"),
        "add-milestone": _("列入节点"),
        "drop-milestone": _("删去节点"),
        "set-criterion": _("定完成标准"),
        AMEND_TASK: _("计划调整"),
        HAND_OVER: _("单位接续"),
    }
