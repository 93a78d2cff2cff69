"""Tables for the HTML face. Cells are written here and not in the template: a macro called for each of a hundred thousand cells takes many times as long."""

from dataclasses import dataclass

from markupsafe import Markup, escape

from reports.paper import Column, Row, Table
from reports.words import Cell, Figure

# A table of so few columns is still read on a phone; a wider one becomes a card a row there.
_NARROW_COLUMNS = 4
# A table of so few rows is not parted by the end of a printed page.
_SHORT_ROWS = 12


@dataclass(frozen=True)
class ShownRow:
    """A row: its style, and its cells or, for a group or detail, its one text."""

    style: str
    cells: Markup
    text: str


@dataclass(frozen=True)
class ShownTable:
    """A table in words; its rows in groups, each headed by its group row where it has one. `is_titled` is false where a heading says the title already.

    `widths` are per cent of the table's width, `classes` say how it turns on a phone and in print.
    """

    title: str
    is_titled: bool
    columns: tuple[Column, ...]
    over: tuple[tuple[str, int], ...]
    groups: tuple[tuple[ShownRow, ...], ...]
    widths: tuple[int, ...]
    classes: str


def shown_table(table: Table, *, is_titled: bool) -> ShownTable:
    """Return the table as the template lays it out. The first column of words names its row to those who hear the table read."""
    head = next((place for place, column in enumerate(table.columns) if column.kind == "text"), None)
    tags = [_tags(column, is_head=place == head) for place, column in enumerate(table.columns)]
    total_tags = [_tags(column, is_head=place == 0) for place, column in enumerate(table.columns)]
    groups: list[list[ShownRow]] = [[]]
    for row in table.rows:
        if row.style == "group" and groups[-1]:
            groups.append([])
        groups[-1].append(_shown_row(table, row, total_tags if row.style == "total" else tags))
    whole = sum(column.width for column in table.columns) or 1
    return ShownTable(
        title=table.title,
        is_titled=is_titled,
        columns=table.columns,
        over=table.over,
        groups=tuple(map(tuple, groups)),
        widths=tuple(round(column.width / whole * 100) for column in table.columns),
        classes=f"{'narrow' if len(table.columns) <= _NARROW_COLUMNS else 'wide'}{' short' if len(table.rows) <= _SHORT_ROWS else ''}",
    )


@dataclass(frozen=True)
class _Tags:
    """What opens and closes the cells of a column; an idle one (zero or nothing) is printed pale. On a phone each tells its column."""

    opening: str
    idle: str
    closing: str


def _tags(column: Column, *, is_head: bool) -> _Tags:
    tag, scope = ("th", ' scope="row"') if is_head else ("td", "")
    label = escape(column.heading)
    return _Tags(
        opening=f'<{tag}{scope} class="{column.kind}" data-label="{label}">',
        idle=f'<{tag}{scope} class="{column.kind} idle" data-label="{label}">',
        closing=f"</{tag}>",
    )


def _shown_row(table: Table, row: Row, tags: list[_Tags]) -> ShownRow:
    words = table.words_of(row)
    if row.style in ("group", "detail"):
        return ShownRow(row.style, Markup(), words[0])
    cells = (
        f"{tag.idle if _is_idle(cell) else tag.opening}{_shown(column, cell, told)}{tag.closing}"
        for tag, column, cell, told in zip(tags, table.columns, row.cells, words, strict=True)
    )
    return ShownRow(row.style, Markup("".join(cells)), "")


def _shown(column: Column, cell: Cell, words: str) -> Markup:
    if column.kind == "light" and isinstance(cell, str) and cell:
        return Markup('<span class="lamp {}">{}</span>').format(cell, words)
    return escape(words)


def _is_idle(cell: Cell) -> bool:
    return (cell.value if isinstance(cell, Figure) else cell) in (None, "", 0)
