"""The sentences of reminders. Templates only lay them out, so that the text part and the HTML part say the same words."""

from datetime import date

from rules.calendar import working_days_until
from rules.reminders import Urgency
from rules.texts import _
from rules.words import day_words, period_words, quoted


def document_words(title: str, doc_no: str | None) -> str:
    """Return a document's title in book title marks, with its number."""
    return _("{title}（{doc_no}）").format(title=quoted(title), doc_no=doc_no) if doc_no else quoted(title)


def urgency_heading(urgency: Urgency) -> str:
    """Return the heading of a group of lines."""
    return {
        Urgency.OVERDUE: _("已超过办结时限"),
        Urgency.DUE: _("临近办结时限"),
        Urgency.REPORT: _("应报送季度进展"),
        Urgency.ACKNOWLEDGE: _("尚未签收"),
    }[urgency]


def urgency_count(urgency: Urgency, count: int) -> str:
    """Return how many lines of a kind there are, for the subject."""
    return {
        Urgency.OVERDUE: _("超期 {count} 项"),
        Urgency.DUE: _("临近到期 {count} 项"),
        Urgency.REPORT: _("待报进展 {count} 项"),
        Urgency.ACKNOWLEDGE: _("待签收 {count} 项"),
    }[urgency].format(count=count)


def demand(urgency: Urgency) -> str:
    """Return what is asked for the lines of a group."""
    return {
        Urgency.OVERDUE: _("请抓紧完成并申请办结；一时不能完成的，请填报原因、已采取的措施和预计完成时间。"),
        Urgency.DUE: _("请在时限内完成并申请办结，佐证材料一并报送。"),
        Urgency.REPORT: _("请填报截至季度末的完成情况、存在问题和下一步安排；没有变化的，也请说明。"),
        Urgency.ACKNOWLEDGE: _("请及时签收并明确承办人；认为不属于本单位职责的，请说明理由。"),
    }[urgency]


def answer_command(urgency: Urgency) -> str:
    """Return how a unit with an account answers, with `N` for the task's number."""
    return {
        Urgency.OVERDUE: _("申请办结：duban task submit 编号"),
        Urgency.DUE: _("申请办结：duban task submit 编号"),
        Urgency.REPORT: _("填报进展：duban task report 编号"),
        Urgency.ACKNOWLEDGE: _("签收：duban task acknowledge 编号"),
    }[urgency]


def situation(rule: str, period: str, limit_on: date, day: date) -> str:
    """Return how a line's matter stands on `day`: days late in calendar days, days left in working days."""
    if rule.startswith("overdue-"):
        return _("已超期 {days} 天").format(days=(day - limit_on).days)
    if rule == "report-open":
        return _("待报{quarter}进展").format(quarter=period_words(period))
    if rule == "report-missing":
        return _("未收到{quarter}进展").format(quarter=period_words(period))
    if rule == "acknowledge":
        return _("{day}交办").format(day=day_words(date.fromisoformat(period)))
    return _time_left(limit_on, day)


def _time_left(limit_on: date, day: date) -> str:
    if day == limit_on:
        return _("今天到期")
    left = working_days_until(day, limit_on)
    # A due day that is a rest day: today is the last day anybody is at work.
    return _("还有 {days} 个工作日").format(days=left) if left else _("今天是时限内最后一个工作日")


def rule_words(rule: str) -> str:
    """Return why a line is said, for the list of what was sent: the rule in a few words."""
    fixed = {
        "overdue-1": _("超过办结时限"),
        "due-0": _("时限内最后一个工作日提醒"),
        "report-open": _("季度进展应报送"),
        "report-missing": _("季度进展逾期未报"),
        "acknowledge": _("交办后逾期未签收"),
        "review": _("单位申请办结，等待审核"),
        "decide": _("单位提出申请，等待答复"),
        "issue": _("督办通知单等待签发"),
        "undelivered": _("消息没有送达"),
        "no-address": _("单位提醒不到"),
    }
    if rule not in fixed and rule.startswith("overdue-"):
        return _("逾期后第 {days} 个工作日再次催办").format(days=rule.removeprefix("overdue-"))
    return fixed.get(rule) or _("到期前 {days} 个工作日提醒").format(days=rule.removeprefix("due-"))
