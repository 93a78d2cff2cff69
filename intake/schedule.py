"""The schedule of a table's row: one task for each period over a column that says something, and one name for each series of figures.

A quantity of a year is counted under the measure of the item's total it belongs to, so that the sums can be checked later by name alone.
"""

import re

from intake.cellfigures import figure_of, lone_columns, past_columns
from intake.columns import Column
from intake.days import year_end, year_start
from intake.draft import TargetDraft, TaskDraft
from intake.matrix import MARKS
from intake.phrases import likeness, tidy
from intake.quantities import targets_in
from intake.tables import NOTHING, HeadedTable, Row

ALIKE = 0.3


def tasks_of(headed: HeadedTable, row: Row, title: str, base_year: int | None, not_before: int | None) -> tuple[TaskDraft, ...]:
    """Return a task for each period of the head that the row fills, in order; columns of one period make one task. `base_year` is that of bare months;
    what lies before the year `not_before` is history.
    """
    left_out = [*past_columns(headed, not_before), *lone_columns(headed, row, not_before)]
    by_period: dict[tuple[object, object], list[Column]] = {}
    for column in headed.periods:
        if column.period and column not in left_out and not NOTHING.match(tidy(row.cells[column.at].text)):
            by_period.setdefault((column.period.starts_on, column.period.ends_on), []).append(column)
    return tuple(_task(headed, row, columns, title, base_year) for columns in by_period.values())


def _task(headed: HeadedTable, row: Row, columns: list[Column], title: str, base_year: int | None) -> TaskDraft:
    period = columns[0].period
    assert period is not None
    starts_on, year = period.starts_on or period.ends_on, period.ends_on.year
    is_year = (starts_on, period.ends_on) == (year_start(starts_on.year), year_end(starts_on.year))
    label = f"{starts_on.year}年" if is_year and not columns[0].short_year else _dated(period.text, starts_on.year)
    texts: list[str] = []
    targets: list[TargetDraft] = []
    for column in columns:
        text = tidy(row.cells[column.at].text)
        figure = figure_of(headed, row, column, title, year)
        targets += (figure,) if figure else targets_in(text, base_year, year=year)
        texts.append(
            title if text in MARKS else f"{column.measure}{text}{figure.unit_of_measure or ''}" if column.measure and figure else text
        )
    return TaskDraft(label=label, starts_on=starts_on, due_on=period.ends_on, text="\n".join(dict.fromkeys(texts)), targets=tuple(targets))


def _dated(words: str, year: int) -> str:
    """Return the words of a head with their year: 上半年 of a plan for 2026 is 2026年上半年."""
    return words if re.search(r"\d年|\d{4}", words) else f"{year}年{words}"


def named_alike(totals: tuple[TargetDraft, ...], tasks: tuple[TaskDraft, ...]) -> tuple[tuple[TargetDraft, ...], tuple[TaskDraft, ...]]:
    """Return totals and tasks with one measure for each series: that of the total it belongs to, else that of the first year that has it."""
    totals = _distinct(totals)
    known = list(totals)
    named: list[TaskDraft] = []
    for task in tasks:
        targets = _named(task.targets, known)
        known += [target for target in targets if target.measure not in {one.measure for one in known}]
        named.append(task.model_copy(update={"targets": targets}))
    return totals, tuple(named)


def _named(targets: tuple[TargetDraft, ...], known: list[TargetDraft]) -> tuple[TargetDraft, ...]:
    """Give each target the measure of the known one most like it, best pairs first, each known one once."""
    pairs = sorted(
        ((-_alike(target, one, at, place), at, place) for at, target in enumerate(targets) for place, one in enumerate(known)),
    )
    chosen: dict[int, int] = {}
    for score, at, place in pairs:
        if at not in chosen and place not in chosen.values() and -score >= ALIKE:
            chosen[at] = place
    named = tuple(_called(target, known[chosen[at]]) if at in chosen else target for at, target in enumerate(targets))
    return _distinct(named)


def _called(target: TargetDraft, known: TargetDraft) -> TargetDraft:
    """Return a quantity under the measure of the known one, counted as that where it is a bare figure."""
    return target.model_copy(update={"measure": known.measure, "unit_of_measure": target.unit_of_measure or known.unit_of_measure})


def _alike(target: TargetDraft, known: TargetDraft, at: int, place: int) -> float:
    """Return how surely two quantities count the same thing; same order breaks ties, a rate never counts what a number counts."""
    if _is_rate(target) != _is_rate(known) or _is_money(target) != _is_money(known) or known.scope:
        return 0.0
    wording = max(likeness(_words(target), _words(known)), likeness(target.measure or "", known.measure or ""))
    same_unit = 0.1 if target.unit_of_measure == known.unit_of_measure else 0.0
    bare = 0.35 if not target.measure or len(target.measure) <= 3 or wording == 0 else 0.0
    return max(wording, bare if same_unit else 0.0) + same_unit + 0.05 / (1 + abs(at - place))


def _words(target: TargetDraft) -> str:
    return re.sub(r"支持|完成|开展|实施", "", target.text)


def _is_rate(target: TargetDraft) -> bool:
    return (target.unit_of_measure or "") in ("%", "‰", "个百分点", "百分点") or target.comparator == "exceeds-series"


def _is_money(target: TargetDraft) -> bool:
    return (target.unit_of_measure or "").endswith("元")


def _distinct(targets: tuple[TargetDraft, ...]) -> tuple[TargetDraft, ...]:
    """Return the targets with measures that tell them apart: a measure used twice gets its scope, else a number."""
    used: dict[str | None, int] = {}
    found: list[TargetDraft] = []
    for target in targets:
        used[target.measure] = used.get(target.measure, 0) + 1
        if used[target.measure] > 1 and target.measure:
            target = target.model_copy(update={"measure": f"{target.measure}（{target.scope or used[target.measure]}）"})
        found.append(target)
    return tuple(found)
