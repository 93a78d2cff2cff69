"""From an item of a draft to its tasks: one a year column, one for each time it comes round, or one over its whole period."""

from collections.abc import Iterator
from datetime import date, timedelta

from intake.draft import Every, ItemDraft, PlanDraft, TargetDraft, TaskDraft
from rules.errors import DubanError
from rules.texts import _

MONTHS: dict[Every, int] = {"two-years": 24, "year": 12, "half-year": 6, "quarter": 3, "month": 1}


def tasks_of(item: ItemDraft, plan: PlanDraft) -> tuple[TaskDraft, ...]:
    """Return the tasks an item is issued as.

    Tasks the draft names are taken as they are. Otherwise the item's own days count, else the plan's; a duty that recurs becomes one task
    for each round within them, each with its count of times as a target. An item that has neither its own nor its plan's end is refused.
    """
    if item.tasks:
        return item.tasks
    starts_on, due_on = item.starts_on or plan.starts_on or plan.signed_on or plan.issued_on, item.due_on or plan.ends_on
    if due_on is None:
        raise DubanError("no-due-date", _("事项“{title}”没有期限，计划也没有起止日期，请补填后再下达").format(title=item.title))
    starts_on = min(starts_on or date(due_on.year, 1, 1), due_on)
    if item.recurrence is None:
        return (TaskDraft(label=span_label(starts_on, due_on), starts_on=starts_on, due_on=due_on, text=item.text, targets=item.targets),)
    rounds = list(_rounds(item.recurrence.every, starts_on, due_on))
    return tuple(
        TaskDraft(label=span_label(first, last), starts_on=first, due_on=last, text=item.text, targets=_round_targets(item, last.year))
        for first, last in rounds
    )


def span_label(starts_on: date, due_on: date) -> str:
    """Name a span of days as plans do: 2013年, 2013—2015年, 2013年第3季度, 2013年3月, else both days."""
    whole_months = starts_on.day == 1 and (due_on + timedelta(days=1)).day == 1
    if not whole_months:
        return f"{starts_on.isoformat()}—{due_on.isoformat()}"
    first, last = starts_on.month, due_on.month
    if (first, last) == (1, 12):
        return f"{starts_on.year}年" if starts_on.year == due_on.year else f"{starts_on.year}—{due_on.year}年"
    if starts_on.year != due_on.year:
        return f"{starts_on.year}年{first}月—{due_on.year}年{last}月"
    if last - first == 2 and first % 3 == 1:
        return f"{starts_on.year}年第{last // 3}季度"
    return f"{starts_on.year}年{first}月" if first == last else f"{starts_on.year}年{first}—{last}月"


def _rounds(every: Every, starts_on: date, due_on: date) -> Iterator[tuple[date, date]]:
    first = starts_on
    while first <= due_on:
        last = min(_round_end(every, first), due_on)
        yield first, last
        first = last + timedelta(days=1)


def _round_end(every: Every, first: date) -> date:
    # A round is a calendar one: a task that starts in May has its first yearly round end in December.
    if every == "week":
        return first + timedelta(days=6 - first.weekday())
    months = MONTHS[every]
    after = (first.year * 12 + first.month - 1) // months * months + months if months < 24 else (first.year + 2) * 12
    return date(after // 12, after % 12 + 1, 1) - timedelta(days=1)


def _round_targets(item: ItemDraft, year: int) -> tuple[TargetDraft, ...]:
    dated = tuple(target.model_copy(update={"year": target.year or year}) for target in item.targets)
    assert item.recurrence is not None
    times = item.recurrence.at_least
    if times is None or any(target.value == times for target in dated):
        return dated
    return (
        *dated,
        TargetDraft(text=item.title, measure=_("完成次数"), unit_of_measure="次", comparator="ge", value=times, year=year, basis="period"),
    )
