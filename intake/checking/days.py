"""Checks of days: can every item be given a due date, does it lie in the plan's period, is the year a possible one."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from intake.celltimes import short_year_of
from intake.checking.naming import issued, item_name
from intake.days import FIRST_KNOWN_YEAR, LAST_KNOWN_YEAR, is_known_year
from intake.draft import DraftPlan, Finding, ItemDraft
from intake.periods import reversed_in
from intake.phrases import readable
from intake.spans import Frame, unfixed_phrases
from rules.texts import _

LONGEST_WORK = 10
NAMES_YEARS = re.compile(r"\d{4}|二[〇○零]|十[一二三四五六]五")


def no_due_date(draft: DraftPlan) -> Iterator[Finding]:
    """Items that would have no due date because neither they nor the plan name an end; one finding for all of them."""
    if draft.plan.ends_on is not None:
        return
    without = [item for item in issued(draft) if item.due_on is None and not item.tasks]
    if without:
        message = _("计划没有结束日期，有{count}项也没有自己的期限（如{item}）；请填计划结束日期，或逐项填截止日期")
        yield Finding(code="no-due-date", severity="error", message=message.format(count=len(without), item=item_name(without[0])))


def dates_not_fixed(draft: DraftPlan) -> Iterator[Finding]:
    """Items without a day whose words name a time that nothing in the document fixes (两年内, 印发之日起30日内): asked for, never guessed."""
    plan = draft.plan
    issued_on = plan.issued_on or plan.signed_on
    year = next((day.year for day in (issued_on, plan.starts_on, plan.ends_on) if day), None)
    frame = Frame(year, plan.starts_on, plan.ends_on, issued_on)
    for item in draft.items:
        if item.due_on is not None or item.tasks:
            continue
        if phrases := unfixed_phrases(item.text, frame):
            yield date_not_fixed(item, phrases[0])


def date_not_fixed(item: ItemDraft, phrase: str) -> Finding:
    """Return the finding that `phrase` of `item` gives no day."""
    message = _("{item}写的“{phrase}”推不出具体日期（不知从何日算起或属于哪一年）；请填截止日期")
    text = message.format(item=item_name(item), phrase=phrase)
    return Finding(code="date-not-fixed", severity="warning", message=text, item=item.id)


def told_backwards(item: ItemDraft, phrase: str) -> Finding:
    """Return the finding that `phrase` of `item` runs from a later day to an earlier one."""
    message = _("{item}写的“{phrase}”先后颠倒；请核对原文后填开始日期和截止日期")
    text = message.format(item=item_name(item), phrase=phrase)
    return Finding(code="days-reversed", severity="error", message=text, item=item.id)


def days_reversed(draft: DraftPlan) -> Iterator[Finding]:
    """A start after its end."""
    plan = draft.plan
    if plan.starts_on and plan.ends_on and plan.starts_on > plan.ends_on:
        message = _("计划的开始日期{first}晚于结束日期{last}；请改正")
        yield Finding(code="days-reversed", severity="error", message=message.format(first=plan.starts_on, last=plan.ends_on))
    message = _("{item}的开始日期{first}晚于截止日期{last}；请改正")
    for item in draft.items:
        if item.due_on is None and (wrong := reversed_in(readable(item.text))):
            yield told_backwards(item, wrong[0].text)
        spans = [(item.starts_on, item.due_on), *((task.starts_on, task.due_on) for task in item.tasks)]
        for first, last in spans:
            if first and last and first > last:
                text = message.format(item=item_name(item), first=first, last=last)
                yield Finding(code="days-reversed", severity="error", message=text, item=item.id)


def outside_plan_period(draft: DraftPlan) -> Iterator[Finding]:
    """Items whose days lie before or after the plan's; impossible years are another finding. A period that was only gathered from the items themselves
    is no measure for them, and a work of several years that reaches into the plan's is in order.
    """
    if _is_gathered(draft):
        return
    first, last = draft.plan.starts_on, draft.plan.ends_on
    message = _("{item}的日期{day}不在计划期间（{first}至{last}）内；请核对")
    for item in draft.items:
        own = [] if _reaches_into(item, first, last) else _own_days(item)
        days = sorted({day for day in (*own, *_task_days(item)) if is_known_year(day.year)})
        wrong = [day for day in days if _is_outside(day, first, last)]
        if wrong:
            text = message.format(item=item_name(item), day=_("、").join(map(str, wrong)), first=first or "—", last=last or "—")
            yield Finding(code="outside-plan-period", severity="warning", message=text, item=item.id)


def years_skipped(draft: DraftPlan) -> Iterator[Finding]:
    """A year missing between two yearly tasks of an item, as where a column's head has a typo; told once for all rows that skip it."""
    message = _("{item}的年度进度从{before}年跳到{after}年；请核对表头年份是否写错，或是否漏了一年")
    told: set[tuple[int, int]] = set()
    for item in draft.items:
        years = sorted({task.starts_on.year for task in item.tasks if is_known_year(task.starts_on.year)}) if item.source.table else []
        goes_on = any(after - before == 1 for before, after in pairwise(years))  # 2022年 and 2030年 alone are two milestones
        for before, after in pairwise(years):
            if goes_on and after - before > 1 and (before, after) not in told:
                told.add((before, after))
                yield Finding(
                    code="year-skipped",
                    severity="warning",
                    message=message.format(item=item_name(item), before=before, after=after),
                    item=item.id,
                )


def unknown_years(draft: DraftPlan) -> Iterator[Finding]:
    """Years that no plan can be about, and column heads with a two-digit year; a head is queried once, not in every row."""
    message = _("{where}的年份{year}不在{low}至{high}之间；请核对原文后改正")
    for item in draft.items:
        years = {day.year for day in _own_days(item)} | {target.year for target in item.targets if target.year}
        for year in sorted(year for year in years if not is_known_year(year)):
            text = message.format(where=item_name(item), year=year, low=FIRST_KNOWN_YEAR, high=LAST_KNOWN_YEAR)
            yield Finding(code="unknown-year", severity="error", message=text, item=item.id)
    heads = {task.label: task.due_on.year for item in draft.items for task in item.tasks}
    plan_years = {_("计划期间"): day.year for day in (draft.plan.starts_on, draft.plan.ends_on) if day}
    for where, year in {**heads, **plan_years}.items():
        if not is_known_year(year):
            text = message.format(where=f"“{where}”", year=year, low=FIRST_KNOWN_YEAR, high=LAST_KNOWN_YEAR)
            yield Finding(code="unknown-year", severity="error", message=text)
        elif short_year_of(where):
            text = _("“{head}”只写了两位年份，按{year}年读；请核对并写成四位").format(head=where, year=year)
            yield Finding(code="unknown-year", severity="warning", message=text)


def _is_gathered(draft: DraftPlan) -> bool:
    """Return whether the plan's period was just put together from days of its items: neither title, heading nor table tells it."""
    words = [draft.plan.title or "", *{heading for item in draft.items for heading in item.path}]
    if any(NAMES_YEARS.search(text) for text in words) or any(item.tasks and item.source.table for item in draft.items):
        return False
    starts = {day for item in draft.items for day in (item.starts_on, *(task.starts_on for task in item.tasks))}
    ends = {day for item in draft.items for day in (item.due_on, *(task.due_on for task in item.tasks))}
    return draft.plan.ends_on in ends and (draft.plan.starts_on is None or draft.plan.starts_on in starts)


def _is_outside(day: date, first: date | None, last: date | None) -> bool:
    """Return whether a day lies before or after the plan's; the ends of a year stand for the year, as a text that names only the year means it."""
    if first is not None and (day.year < first.year or (day < first and (day.month, day.day) != (1, 1))):
        return True
    return last is not None and (day.year > last.year or (day > last and (day.month, day.day) != (12, 31)))


def _reaches_into(item: ItemDraft, first: date | None, last: date | None) -> bool:
    """Return whether an item that takes several years shares days with the plan: a work begun before it, or one that goes on after it."""
    if item.starts_on is None or item.due_on is None or not 0 < item.due_on.year - item.starts_on.year <= LONGEST_WORK:
        return False
    return (last is None or item.starts_on <= last) and (first is None or item.due_on >= first)


def _own_days(item: ItemDraft) -> list[date]:
    return [day for day in (item.starts_on, item.due_on) if day is not None]


def _task_days(item: ItemDraft) -> list[date]:
    return [day for task in item.tasks for day in (task.starts_on, task.due_on)]
