"""Single words and moments as the pages show them; what papers show as well is worded in `reports.words`."""

from datetime import date, datetime

from models.notice import MessageState
from models.publication import SlotState
from models.task import TaskState
from rules.texts import _
from rules.words import day_words, period_words
from runtime.clock import TIMEZONE
from runtime.flow_board import SchedulerState


def flow_word(flow: str) -> str:
    """Return what people call a flow."""
    return {
        "send-reminders": _("催办"),
        "deliver-waiting": _("补送"),
        "escalate-overdue": _("升级"),
        "collect-forms": _("收表"),
        "seal-ledger": _("封存台账"),
        "back-up": _("备份"),
        "publish-bulletin": _("通报"),
    }.get(flow, flow)


def ending_word(state: str) -> str:
    """Return how a run ended; a state of Prefect's that is not known is shown as it is named there."""
    return {
        "Completed": _("完成"),
        "Skipped": _("无需办理"),
        "Failed": _("失败"),
        "Crashed": _("中断"),
        "Cancelled": _("取消"),
    }.get(state, state)


def scheduler_words(state: SchedulerState) -> str:
    """Return how the scheduler stands."""
    return {
        SchedulerState.OFF: _("时间表未启用"),
        SchedulerState.STARTING: _("时间表正在启动"),
        SchedulerState.READY: _("时间表运行正常"),
        SchedulerState.DEGRADED: _("时间表异常，流程不会自动运行"),
    }[state]


def slot_word(state: SlotState) -> str:
    """Return how the work of a slot stands."""
    return {SlotState.RUNNING: _("办理中"), SlotState.DONE: _("已办理"), SlotState.FAILED: _("失败，下次补办")}[state]


def task_state_word(state: TaskState) -> str:
    """Return a task's state."""
    return {
        TaskState.DRAFT: _("草稿"),
        TaskState.ASSIGNED: _("待签收"),
        TaskState.IN_PROGRESS: _("承办中"),
        TaskState.SUBMITTED: _("待审核"),
        TaskState.COMPLETED: _("已办结"),
        TaskState.CLOSED: _("已销号"),
        TaskState.SUSPENDED: _("暂缓"),
        TaskState.CANCELLED: _("终止"),
    }[state]


def message_word(state: MessageState) -> str:
    """Return how far a message has got."""
    return {
        MessageState.PENDING: _("待发"),
        MessageState.CLAIMED: _("待发"),
        MessageState.HANDING_OVER: _("正在交付"),
        MessageState.SENT: _("已发"),
        MessageState.UNCERTAIN: _("不知是否送达"),
        MessageState.FAILED: _("未能发出"),
        MessageState.BOUNCED: _("被退回"),
    }[state]


def slot_name(slot: str) -> str:
    """Return the day, moment or period a slot is for."""
    day, _t, moment = slot.partition("T")
    try:
        named = day_words(date.fromisoformat(day))
        return _("{day} {time}").format(day=named, time=moment) if moment else named
    except ValueError:
        return period_words(slot)


def moment_words(instant: datetime) -> str:
    """Return an instant in the office's time, to the minute."""
    local = instant.astimezone(TIMEZONE)
    return _("{day} {time}").format(day=day_words(local.date()), time=local.strftime("%H:%M"))


def label_words(label: str) -> str:
    """Return a task's label as people write it: one made of two dates is kept as `2026-06-25—2027-12-31`."""
    try:
        first, last = (date.fromisoformat(day) for day in label.split("—"))
    except ValueError:
        return label
    return _("{start}至{end}").format(start=day_words(first), end=day_words(last))


def distance_words(due_on: date, day: date) -> str:
    """Return how far off a due day is, in calendar days; the due day itself is not overdue."""
    days = (due_on - day).days
    if days < 0:
        return _("超期 {days} 天").format(days=-days)
    return _("今天到期") if days == 0 else _("还有 {days} 天").format(days=days)


def size_words(size_bytes: int) -> str:
    """Return a file's size as people read it."""
    if size_bytes < 1 << 20:
        return f"{max(1, round(size_bytes / 1024))} KB"
    return f"{size_bytes / (1 << 20):.1f} MB"
