"""The words of cases: rules as they are published, facts that met them, and cautions about a person's text. The program words no finding.

A rule's words hold its numbers, so that a file says by which measure the case was proposed, whatever the rule set says later.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from models.case import CaseKind
from rules.case_rules import CaseRule
from rules.texts import _
from rules.words import day_words, period_words

# Words that judge a person or name a penalty: for the competent body to say, not for a conclusion on the matter.
PENALTIES = (
    "警告",
    "记过",
    "记大过",
    "降级",
    "撤职",
    "开除",
    "处分",
    "免职",
    "停职",
    "罚款",
    "引咎辞职",
    "责令辞职",
    "诫勉",
    "调离",
    "降职",
)
GUILT = ("失职", "渎职", "违纪", "违法", "犯罪", "过错", "责任人", "不作为", "乱作为", "罪责")


def case_no(year: int, number: int) -> str:
    """Return a case's number as it is cited."""
    return _("督案〔{year}〕{number}号").format(year=year, number=number)


def kind_name(kind: CaseKind) -> str:
    """Return what a case proposes, in a word."""
    return {CaseKind.ACCOUNTABILITY: _("问责"), CaseKind.PRAISE: _("表扬")}[kind]


def rule_words(rule: CaseRule, numbers: Mapping[str, Any]) -> str:
    """Return the rule as it is published, with the numbers it was met by."""
    words = {
        CaseRule.YEAR_MISSED: _("年度任务跨年仍未完成的，提出是否问责的建议"),
        CaseRule.RED_THREE_PERIODS: _("任务连续三个季度末为红灯的，提出是否问责的建议"),
        CaseRule.RED_AT_Q3: _("任务第三季度末为红灯的，提出是否问责的建议"),
        CaseRule.RED_NOTICES: _("同一单位一年内收到红色督办通知单{least}件以上的，提出是否问责的建议"),
        CaseRule.REPORTS_MISSED: _("同一任务一年内缺报进展{least}次以上的，提出是否问责的建议"),
        CaseRule.DONE_EARLY: _("任务较原定期限提前{least}天以上办结且指标全部达到的，提出表扬建议"),
        CaseRule.TARGET_EXCEEDED: _("任务办结、指标全部达到且有指标超过目标{over}%以上的，提出表扬建议"),
        CaseRule.YEAR_ON_TIME: _("单位当年牵头的任务在{least}项以上，全部按原定期限办结，没有被退回也没有缺报的，提出表扬建议"),
        CaseRule.MADE_GOOD: _("被督办的任务在通知单时限内办结且指标全部达到的，提出表扬建议"),
    }
    return words[rule].format(**_limits(numbers))


def _limits(numbers: Mapping[str, Any]) -> dict[str, str]:
    return {name: f"{numbers[name]:g}" for name in ("least", "over") if name in numbers}


def fact_words(rule: CaseRule, year: int, numbers: Mapping[str, Any]) -> str:
    """Return the facts that met the rule, in a sentence without its full stop."""
    words = {
        CaseRule.YEAR_MISSED: _("应在{year}年内完成的任务跨年未完成，已超期{days_overdue}天"),
        CaseRule.RED_THREE_PERIODS: _("{quarters}末均为红灯"),
        CaseRule.RED_AT_Q3: _("{quarters}末为红灯"),
        CaseRule.RED_NOTICES: _("{year}年收到红色督办通知单{count}件（{doc_nos}）"),
        CaseRule.REPORTS_MISSED: _("{year}年缺报进展{count}次"),
        CaseRule.DONE_EARLY: _("原定期限{due_on}，{completed_on}办结，提前{days}天"),
        CaseRule.TARGET_EXCEEDED: _("“{measure}”达到目标的{percent}%"),
        CaseRule.YEAR_ON_TIME: _("{year}年牵头的{count}项任务全部按原定期限办结，没有被退回，没有缺报"),
        CaseRule.MADE_GOOD: _("{doc_no}的时限为{limit_on}，{completed_on}办结"),
    }
    return words[rule].format(**{"year": year, **{name: _said(name, value) for name, value in numbers.items()}})


def _said(name: str, value: Any) -> str:
    if name == "quarters":
        return _("、").join(period_words(code) for code in value)
    if isinstance(value, list):
        return _("、").join(str(one) for one in value)
    if name.endswith("_on"):
        return day_words(date.fromisoformat(value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def objection_until(served_on: date, days: int) -> date:
    """Return the last day on which an objection is in time: the day of service itself does not count, the last day counts whole."""
    return served_on + timedelta(days=days)


def cautions(text: str, people: Iterable[str]) -> tuple[str, ...]:
    """Return what whoever words a conclusion should look at again: a person named, a penalty, a word of guilt. They warn and refuse nothing."""
    named = [name for name in dict.fromkeys(people) if len(name) > 1 and name in text]
    penalties = [word for word in PENALTIES if word in text]
    guilt = [word for word in GUILT if word in text]
    found = (
        (named, _("文中写到个人：{words}。结论对事不对人，请核对")),
        (penalties, _("文中有处理、处分的字样：{words}。如何处理由有权机关决定，请核对")),
        (guilt, _("文中有认定责任的字样：{words}。认定由有权机关作出，请核对")),
    )
    return tuple(sentence.format(words=_("、").join(words)) for words, sentence in found if words)
