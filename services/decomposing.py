"""From an item of a draft to its tasks: one a year column, one for each time it comes round or step its figures name, or one over its whole period."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from intake.draft import Every, ItemDraft, PlanDraft, TargetDraft, TaskDraft
from rules.errors import DubanError
from rules.texts import _

MONTHS: dict[Every, int] = {"two-years": 24, "year": 12, "half-year": 6, "quarter": 3, "month": 1}

Span = tuple[date, date]


def tasks_of(item: ItemDraft, plan: PlanDraft) -> tuple[TaskDraft, ...]:
    """Return the tasks an item is issued as.

    Tasks the draft names are taken as they are. Otherwise the item's own days count, else the plan's; a duty that recurs becomes one task
    for each round within them, each with its count of times as a target; figures of several years, the last of them the item's own, make a
    ladder with one task up to each of these years. An item that has neither its own nor its plan's end is refused.
    """
    if item.tasks:
        return item.tasks
    starts_on, due_on = item.starts_on or plan.starts_on or plan.signed_on or plan.issued_on, item.due_on or plan.ends_on
    if due_on is None:
        raise DubanError("no-due-date", _("事项“{title}”没有期限，计划也没有起止日期，请补填后再下达").format(title=item.title))
    starts_on = min(starts_on or date(due_on.year, 1, 1), due_on)
    if item.recurrence is None:
        spans = list(_steps(item.targets, starts_on, due_on))
        return tuple(_task(item, span, tuple(target for target in item.targets if _due_in(target, spans) == span)) for span in spans)
    rounds = list(_rounds(item.recurrence.every, starts_on, due_on))
    return tuple(_task(item, span, _round_targets(item, span, rounds)) for span in rounds)


def _task(item: ItemDraft, span: Span, targets: tuple[TargetDraft, ...]) -> TaskDraft:
    return TaskDraft(label=span_label(*span), starts_on=span[0], due_on=span[1], text=item.text, targets=targets)


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


def _steps(targets: Sequence[TargetDraft], starts_on: date, due_on: date) -> Iterator[Span]:
    years = sorted({target.year for target in targets if target.year is not None})
    if not years or years[0] < starts_on.year or years[-1] != due_on.year:
        yield starts_on, due_on
        return
    first = starts_on
    for year in years:
        last = due_on if year == due_on.year else date(year, 12, 31)
        yield first, last
        first = last + timedelta(days=1)


def _due_in(target: TargetDraft, spans: Sequence[Span]) -> Span:
    """Return the span a figure is due in: that of its year; without one, or with one after all of them, the last."""
    return next((span for span in spans if target.year is not None and target.year <= span[1].year), spans[-1])


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


def _round_targets(item: ItemDraft, span: Span, rounds: Sequence[Span]) -> tuple[TargetDraft, ...]:
    """Return the figures of a round: those without a year come in each, those of a year in the rounds that end in the year they are due."""
    year = span[1].year
    mine = [target for target in item.targets if target.year is None or _due_in(target, rounds)[1].year == year]
    dated = tuple(target.model_copy(update={"year": target.year or year}) for target in mine)
    assert item.recurrence is not None
    times = item.recurrence.at_least
    if times is None or any(target.value == times for target in dated):
        return dated
    return (
        *dated,
        TargetDraft(text=item.title, measure=_("完成次数"), unit_of_measure="次", comparator="ge", value=times, year=year, basis="period"),
    )
