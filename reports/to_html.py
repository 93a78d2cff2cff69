"""The bulletin as one HTML file with nothing outside itself: for a desk, a phone and a printer.

The template lays out a `Page` of words; every number comes from the view by way of `sentences` and `grids`.
"""

from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports import charts, grids, sentences
from reports.bulletin import BUCKETS, Bulletin, LaggingTask
from reports.grids import Column, Grid, ItemGroup
from reports.imprint import PREVIEW, Imprint
from reports.readable import readable
from reports.words import Cell, Kind, cell_words, gap_words
from rules.texts import _, current_language
from rules.words import day_words, light_word, period_words

EMPTY = Markup("")


@dataclass(frozen=True)
class ShownCell:
    """A cell in words; an idle one (zero or nothing) is printed pale. `mark` is a swatch or a bar before the words."""

    words: str
    kind: Kind
    is_idle: bool = False
    mark: Markup = EMPTY


@dataclass(frozen=True)
class ShownTable:
    """A table's headings and rows in words."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[ShownCell, ...], ...]


@dataclass(frozen=True)
class ShownItem:
    """An item: number, title and standing, then its targets' rows."""

    number: str
    title: str
    standing: str
    rows: tuple[tuple[ShownCell, ...], ...]


@dataclass(frozen=True)
class ShownTask:
    """A lagging task as a card; `facts` are pairs of label and text."""

    number: int
    title: str
    item: str
    light: str
    light_word: str
    figures: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Section:
    """A numbered section: its paragraphs and the template block that follows them."""

    key: str
    heading: str
    paragraphs: list[str]


@dataclass(frozen=True)
class Page:
    """All the template shows."""

    language: str
    masthead: str
    issue: str
    place: str
    day: str
    title: str
    title_lines: list[str]
    lead: str
    sections: list[Section]
    patterns: Markup
    shares_bar: Markup
    overall: ShownTable
    lagging: tuple[ShownTask, ...]
    units: ShownTable
    target_columns: tuple[Column, ...]
    items: tuple[ShownItem, ...]
    next_tasks: ShownTable
    legend: str
    proof_heading: str
    proof: list[str]


def bulletin_html(bulletin: Bulletin, imprint: Imprint = PREVIEW) -> str:
    """Return the bulletin as an HTML document; the imprint stands in its masthead."""
    return environment().get_template("bulletin.html.j2").render(page=_page(readable(bulletin), imprint))


@cache
def environment() -> Environment:
    """Return the templates' environment: escaping on, a missing name is an error."""
    loader = PackageLoader("reports", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _page(bulletin: Bulletin, imprint: Imprint) -> Page:
    return Page(
        language={"zh": "zh-CN"}.get(current_language(), current_language()),
        masthead=sentences.masthead_name(),
        issue=imprint.issue,
        place=imprint.office or period_words(bulletin.period),
        day=day_words(bulletin.written_on),
        title=sentences.title(bulletin),
        title_lines=sentences.title_lines(bulletin),
        lead=sentences.lead(bulletin),
        sections=_sections(bulletin),
        patterns=charts.patterns(),
        shares_bar=charts.shares_bar(bulletin.shares),
        overall=_overall(bulletin),
        lagging=tuple(_lagging_card(number, task) for number, task in enumerate(bulletin.lagging, start=1)),
        units=_shown(grids.units_grid(bulletin)),
        target_columns=grids.target_columns(),
        items=tuple(_item(group) for group in grids.item_groups(bulletin)),
        next_tasks=_shown(grids.next_grid(bulletin)),
        legend=_("条形为实际进度，竖线为应达进度。"),
        proof_heading=_("核验信息"),
        proof=sentences.proof(bulletin),
    )


def _sections(bulletin: Bulletin) -> list[Section]:
    overall = Section("overall", _("总体情况"), sentences.overall(bulletin))
    next_tasks = Section("next", _("下期任务"), sentences.next_tasks(bulletin))
    if not bulletin.totals.tasks:
        return [overall, next_tasks]
    return [
        overall,
        Section("good", _("进展较好的事项和单位"), sentences.good_progress(bulletin)),
        Section("lagging", _("滞后任务"), sentences.lagging(bulletin)),
        Section("units", _("责任单位情况"), sentences.units(bulletin)),
        Section("items", _("事项进展情况"), []),
        next_tasks,
    ]


def _shown_cells(columns: tuple[Column, ...], cells: tuple[Cell, ...]) -> tuple[ShownCell, ...]:
    pairs = zip(columns, cells, strict=True)
    return tuple(ShownCell(cell_words(column.kind, cell), column.kind, cell in (None, "", 0)) for column, cell in pairs)


def _shown(grid: Grid) -> ShownTable:
    return ShownTable(grid.title, grid.columns, tuple(_shown_cells(grid.columns, cells) for cells in grid.rows))


def _overall(bulletin: Bulletin) -> ShownTable:
    table = _shown(grids.overall_grid(bulletin))
    swatches = [*(charts.swatch(bucket) for bucket in BUCKETS), EMPTY]
    rows = tuple((ShownCell(row[0].words, "text", mark=mark), *row[1:]) for row, mark in zip(table.rows, swatches, strict=True))
    return ShownTable(table.title, table.columns, rows)


def _item(group: ItemGroup) -> ShownItem:
    item, rows = group.item, []
    for target, cells in zip(item.targets, group.rows, strict=True):
        *before, gap = _shown_cells(grids.target_columns(), cells)
        bar = EMPTY if target.gap_pp is None else charts.pace_bar(target.pace, target.gap_pp)
        rows.append((*before, ShownCell(gap.words, gap.kind, gap.is_idle, bar)))
    state = sentences.standing(item.counts)
    return ShownItem(item.number or "", item.title, state if rows else _("{standing}（未设量化目标）").format(standing=state), tuple(rows))


def _lagging_card(number: int, task: LaggingTask) -> ShownTask:
    figures = (
        (_("牵头单位"), task.unit),
        *grids.lagging_progress(task),
        (_("与序时差距（百分点）"), gap_words(task.gap_pp)),
        (_("期限"), "\n".join(grids.due_words(task))),
        (_("提醒"), grids.reminded_words(task)),
    )
    return ShownTask(
        number, task.task, "".join(grids.item_beside(task)), task.light, light_word(task.light), figures, grids.lagging_facts(task)
    )
