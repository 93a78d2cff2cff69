"""Checks of whole items: twins, places that hold a rule, a draft in which nothing is to be issued."""

import re
from collections.abc import Iterator

from intake.checking.naming import issued, item_name
from intake.draft import DraftPlan, Finding, ItemDraft
from intake.phrases import squeeze
from rules.texts import _

RULE = re.compile(r"每年|按照|程序|评审|遴选|确定|申报|择优")


def duplicate_items(draft: DraftPlan) -> Iterator[Finding]:
    """The same words as an item before, for the same day and with the same figures: one goal set for several years is no twin."""
    seen: dict[tuple[object, ...], ItemDraft] = {}
    message = _("{item}与{other}内容相同；请核对是否重复")
    for item in draft.items:
        key = (squeeze(item.title), squeeze(item.text), item.due_on, tuple(target.value for target in item.targets))
        if key in seen:
            text = message.format(item=item_name(item), other=item_name(seen[key]))
            yield Finding(code="duplicate-item", severity="warning", message=text, item=item.id)
        seen.setdefault(key, item)


def places_with_rules(draft: DraftPlan) -> Iterator[Finding]:
    """A place that is a way of choosing places: the members have to be named before anybody can be asked."""
    message = _("{item}的实施地点写的是选定办法（“{place}”），不是地点；名单须另行确定")
    for item in draft.items:
        if item.place and RULE.search(item.place):
            text = message.format(item=item_name(item), place=item.place)
            yield Finding(code="place-holds-rule", severity="info", message=text, item=item.id)


def nothing_to_issue(draft: DraftPlan) -> Iterator[Finding]:
    """No item marked for issuing."""
    if not issued(draft):
        message = _("没有一项要交办；请在审核工作簿“事项”页把要交办的事项标“是”，并填好责任单位")
        yield Finding(code="nothing-to-issue", severity="error", message=message)
