"""The rules that lights follow, as sentences with the numbers of the set in force: what a reader is told beside the facts that met them (`rules.lights`)."""

from rules.rule_set import RuleSet
from rules.texts import _


def light_rule(code: str, rules: RuleSet) -> str:
    """Return the rule behind a reason's code; one without a sentence of its own is named by its code."""
    sentences = {
        "done-late": _("超过期限才办结的，记黄灯"),
        "returned-often": _("被退回满{count}次的，亮红灯"),
        "report-missing": _("缺报进展的，亮黄灯"),
        "report-late": _("迟报进展的，亮黄灯"),
        "overdue": _("超过办结期限的，亮红灯"),
        "due-soon": _("距到期不足{days}个工作日仍未申请办结的，亮黄灯"),
        "far-behind": _("落后序时进度超过{red}个百分点的，亮红灯"),
        "behind": _("落后序时进度{yellow}个百分点以上的，亮黄灯"),
        "not-started-long": _("应启动而未签收满{months}个月的，亮红灯"),
        "not-started": _("计划启动当月未签收的，亮黄灯"),
    }
    return sentences.get(code, code).format(
        count=rules.red_return_count,
        days=rules.due_soon_days,
        red=f"{rules.red_gap_pp:g}",
        yellow=f"{rules.yellow_gap_pp:g}",
        months=rules.red_not_started_months,
    )
