"""The responsibility table in words: the head of its document, its filters, and every cell as it is read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from models.plan import PlanState
from models.task import TaskState
from rules.lights import Light
from rules.target_words import actual_words, wanted_words
from rules.targets import TargetFacts
from rules.texts import _
from rules.words import day_words, light_word
from services.plan_list import PlanHead
from services.plan_table import PlanTable, TableCell, TableRow
from web.light_bar import Count, LightBar, light_bar
from web.plan_filters import Filters, filters_of
from web.task_head import progress_words
from web.words import label_words, task_state_word

_DONE = (TaskState.COMPLETED, TaskState.CLOSED)
_RESTING = (TaskState.SUSPENDED, TaskState.CANCELLED)


@dataclass(frozen=True)
class CellView:
    """A task in its cell. `tone` and `badge` are its light as colour and word, `state` what else is to be said of it; `bar` is (reached, pace) in per cent."""

    task_id: int
    tone: str
    badge: str
    text: str
    state: str
    figures: tuple[str, ...]
    progress: str
    bar: tuple[float, float] | None
    why: str
    notes: tuple[str, ...]
    is_faint: bool


@dataclass(frozen=True)
class RowView:
    """An item. `heading` is what stands above it in the document, where it is another than above the row before."""

    heading: str
    number: str
    title: str
    text: str
    place: str
    leads: tuple[str, ...]
    supports: tuple[str, ...]
    cells: tuple[tuple[CellView, ...], ...]


@dataclass(frozen=True)
class VersionView:
    """A version of the document, in words."""

    name: str
    made_on: str
    source: str
    reason: str


@dataclass(frozen=True)
class PlanView:
    """All that a plan's page shows."""

    id: int
    title: str
    imprint: str
    facts: str
    state: str
    caption: str
    columns: tuple[str, ...]
    has_numbers: bool
    has_places: bool
    rows: tuple[RowView, ...]
    bar: LightBar
    found: str
    unseen: str
    legend: tuple[Count, ...]
    filters: Filters
    pages: tuple[tuple[int, bool], ...]
    versions: tuple[VersionView, ...]


def plan_view(head: PlanHead, table: PlanTable, asked: Mapping[str, str], today: date) -> PlanView:
    """Return a plan's page; `asked` are the filters as they were asked for."""
    rows = tuple(_rows(table))
    return PlanView(
        id=head.id,
        title=head.title,
        imprint=_("　").join(part for part in (head.doc_no, head.issuer, _issued(head)) if part),
        facts=_facts(head),
        state=_("已结束") if head.state is PlanState.CLOSED else "",
        caption=_("任务分解及责任分工表（截至{day}）").format(day=day_words(table.day)),
        columns=tuple(_("全期") if year is None else _("{year}年").format(year=year) for year in table.columns),
        has_numbers=any(row.number for row in rows),
        has_places=any(row.place for row in rows),
        rows=rows,
        bar=light_bar(table.counts),
        found=_found(table, asked),
        unseen=_("另有 {count} 项由其他单位承担，不在此列。").format(count=table.unseen_count) if table.unseen_count else "",
        legend=_legend(),
        filters=filters_of(head, table, asked, today),
        pages=tuple((number, number == table.page) for number in _pages(table.page, table.page_count)),
        versions=tuple(_versions(head)),
    )


def _issued(head: PlanHead) -> str:
    day = head.issued_on or head.signed_on
    return _("{day}印发").format(day=day_words(day)) if day else ""


def _facts(head: PlanHead) -> str:
    if head.starts_on and head.ends_on:
        return _("实施期限：{start}至{end}").format(start=day_words(head.starts_on), end=day_words(head.ends_on))
    return ""


def _found(table: PlanTable, asked: Mapping[str, str]) -> str:
    if not asked:
        return _("共 {items} 项行动。").format(items=table.item_count)
    return _("符合条件的行动 {items} 项、任务 {tasks} 项。").format(items=table.item_count, tasks=table.found.task_count)


def _legend() -> tuple[Count, ...]:
    meanings = {
        Light.RED: _("超期、严重落后或长期未启动"),
        Light.YELLOW: _("临近到期、落后或缺报"),
        Light.GREEN: _("达到序时进度"),
        Light.GREY: _("未到启动时间、暂缓或终止"),
    }
    lights = tuple(
        Count(light.value, _("{light}：{meaning}").format(light=light_word(light), meaning=meanings[light]), 0) for light in meanings
    )
    return (Count("done", _("已办结：审核通过"), 0), *lights)


def _pages(page: int, page_count: int) -> list[int]:
    """Return the page numbers to be offered: the first, the last and those around; 0 stands for a gap."""
    near = sorted({1, page_count, *range(max(1, page - 2), min(page_count, page + 2) + 1)})
    numbers: list[int] = []
    for number in near if page_count > 1 else ():
        numbers += [0, number] if numbers and number > numbers[-1] + 1 else [number]
    return numbers


def _versions(head: PlanHead) -> Iterable[VersionView]:
    for one in head.versions:
        name = _("第 1 版（下达）") if one.version == 1 else _("第 {number} 版（调整）").format(number=one.version)
        yield VersionView(name, day_words(one.made_on), one.source_name, one.reason)


def _rows(table: PlanTable) -> Iterable[RowView]:
    above: tuple[str, ...] = ()
    for row in table.rows:
        yield RowView(
            heading=_(" › ").join(row.path) if row.path != above else "",
            number=row.number or "",
            title=row.title,
            text="" if row.text.strip() == row.title.strip() else row.text,
            place=row.place or "",
            leads=row.leads,
            supports=row.supports,
            cells=tuple(tuple(_cell(cell, row, year) for cell in row.cells.get(year, ())) for year in table.columns),
        )
        above = row.path


def _cell(cell: TableCell, row: TableRow, year: int | None) -> CellView:
    is_done, rests = cell.state in _DONE, cell.light is Light.GREY
    return CellView(
        task_id=cell.task_id,
        tone="done" if is_done else cell.light.value,
        badge=task_state_word(cell.state) if is_done else light_word(cell.light),
        text=_text(cell, row, year),
        state=_state(cell),
        figures=tuple(_figure(target) for target in cell.targets),
        progress="" if rests or (is_done and cell.reached is None) else progress_words(cell.reached, cell.pace),
        bar=None if rests or cell.reached is None else (round(min(cell.reached, 100.0)), round(cell.pace)),
        why=_("；").join(cell.why),
        notes=tuple(_notes(cell, row, year)),
        is_faint=not cell.is_wanted,
    )


def _text(cell: TableCell, row: TableRow, year: int | None) -> str:
    """Return the cell's own words as the document has them; a task that only repeats its item is named by its label."""
    is_repeated = cell.text.strip() in ("", row.text.strip(), row.title.strip())
    is_alone = year is not None and len(row.cells[year]) == 1
    if is_repeated:
        return label_words(cell.label)
    return cell.text if is_alone else _("{label}：{text}").format(label=label_words(cell.label), text=cell.text)


def _state(cell: TableCell) -> str:
    if cell.state in (*_RESTING, TaskState.SUBMITTED):
        return task_state_word(cell.state)
    if cell.light is Light.GREY:
        return _("未到启动时间")
    return task_state_word(cell.state) if cell.state is TaskState.ASSIGNED else ""


def _figure(target: TargetFacts) -> str:
    actual, wanted = actual_words(target), wanted_words(target)
    if actual is None:
        return _("{measure}：目标 {wanted}").format(measure=target.measure, wanted=wanted)
    return _("{measure}：{actual}，目标 {wanted}").format(measure=target.measure, actual=actual, wanted=wanted)


def _notes(cell: TableCell, row: TableRow, year: int | None) -> Iterable[str]:
    if year is None or cell.due_on != date(year, 12, 31) or cell.due_on != cell.original_due_on:
        yield _("{day}到期").format(day=day_words(cell.due_on))
    if cell.due_on != cell.original_due_on:
        yield _("原定{day}").format(day=day_words(cell.original_due_on))
    if len(row.leads) > 1:
        yield _("牵头：{unit}").format(unit=cell.lead)
    if cell.handed_down:
        yield _("已分解为 {count} 项").format(count=cell.handed_down)
