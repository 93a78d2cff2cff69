"""What the sheets of .xlsx and .xls have in common: how a value is shown, merged places, the rows that are filled, and what is hidden.

Hidden rows and columns are read like any other, since a filter may have hidden them; hidden sheets are not. All are told.
"""

import re
from datetime import date, datetime
from itertools import groupby

from intake.document import EMPTY, Block, Cell, Paragraph, Table
from intake.draft import Finding
from rules.errors import DubanError
from rules.texts import _

MAX_CELLS = 500_000
SHOWN_ROWS = 10
SHORTEST_SENTENCE = 20
TWO_PLACES = re.compile(r"0\.00(?!0)")
YEARS = range(1949, 2101)


def shown(value: object, number_format: str) -> str:
    """Return a cell's value as the sheet shows it: a date as 2013年12月31日, 0.7 with a per cent format as 70%."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, float | int) and not isinstance(value, bool):
        if TWO_PLACES.match(number_format) and int(value) in YEARS:
            return f"{value:.2f}"  # 2026.10, a month, is kept as 2026.1
        if "%" in number_format:
            return f"{round(value * 100, 6):g}%"
        return f"{value:.12g}" if isinstance(value, float) else str(value)
    return str(value)


def refuse_endless(name: str, sheet: str, rows: int, columns: int) -> None:
    """Refuse, with file-too-large, a sheet formatted far beyond its table."""
    if rows * columns > MAX_CELLS:
        text = _("“{name}”的工作表“{sheet}”有{rows}行{columns}列，超出可读范围；请删去表格以外的空行空列后再读")
        raise DubanError("file-too-large", text.format(name=name, sheet=sheet, rows=rows, columns=columns))


def merge(grid: list[list[Cell]], rows: tuple[int, int], columns: tuple[int, int]) -> None:
    """Put the first cell of a merged range at all its places; ranges count from 0, ends are not part of them and may lie beyond the grid."""
    first_row, first_column = rows[0], columns[0]
    origin = grid[first_row][first_column] if first_row < len(grid) and first_column < len(grid[first_row]) else EMPTY
    for row in grid[first_row : rows[1]]:
        width = len(row[first_column : columns[1]])
        row[first_column : first_column + width] = [origin] * width


def sheet_blocks(grid: list[list[Cell]], title: str | None) -> list[Block]:
    """Return what stands on a sheet in order: tables with the title rows above them, and sentences written across it as paragraphs, whose lines are the
    numbers of their rows.
    """
    filled = [at for at, row in enumerate(grid) if any(cell.text for cell in row)]
    blocks: list[Block] = []
    for is_sentence, group in groupby(filled, key=lambda at: _is_sentence(grid[at])):
        rows = list(group)
        blocks.extend(_paragraphs(grid, rows) if is_sentence else _part(grid, rows, title))
    return blocks


def _part(grid: list[list[Cell]], rows: list[int], title: str | None) -> list[Block]:
    """Return the rows between two sentences: a table, then the lines below it, which nothing but a first cell holds or a blank row sets off; headings and other
    lines where there is no table.
    """
    wide = [at for at in rows if len(_members(grid[at])) > 1]
    if not wide:
        return _paragraphs(grid, rows)
    gap = next((at for at in rows if at > wide[-1] and (grid[at][0].text or at - 1 not in rows)), rows[-1] + 1)
    end = max(at for at in rows if at < gap) + 1
    return [_table(grid, rows[0], end, title), *_paragraphs(grid, [at for at in rows if at >= gap])]


def _table(grid: list[list[Cell]], first: int, end: int, title: str | None) -> Table:
    return Table(tuple(tuple(row) for row in grid[first:end]), sheet=title, first_row=first + 1)


def _paragraphs(grid: list[list[Cell]], rows: list[int]) -> list[Block]:
    return [Paragraph(_members(grid[at])[0].text, at + 1, at == 0 or not _members(grid[at - 1])) for at in rows]


def _members(row: list[Cell]) -> list[Cell]:
    """Return the filled cells of a row, a merged one once."""
    return list({id(cell): cell for cell in row if cell.text}.values())


def _is_sentence(row: list[Cell]) -> bool:
    """Return whether a row holds prose: one cell that begins at the left and is a whole sentence."""
    members = _members(row)
    return len(members) == 1 and row[0] is members[0] and "。" in row[0].text and len(row[0].text) >= SHORTEST_SENTENCE


def hidden_told(rows: list[tuple[str, list[int]]], columns: list[tuple[str, list[str]]], sheets: list[str]) -> tuple[Finding, ...]:
    """Return what is hidden as findings: `rows` are the numbers, `columns` the letters of what is hidden and filled, by sheet; `sheets` the titles of
    hidden sheets.
    """
    found: list[Finding] = []
    for title, letters in columns:
        if letters:
            listed = _("、").join(letters[:SHOWN_ROWS])
            text = _("工作表“{sheet}”有{count}列是隐藏的（{columns}列），已一并读入；请核对这些列是否属于本计划")
            found.append(Finding(code="hidden-rows", severity="info", message=text.format(sheet=title, count=len(letters), columns=listed)))
    for title, numbers in rows:
        if numbers:
            listed = _("、").join(str(number) for number in numbers[:SHOWN_ROWS])
            text = _("工作表“{sheet}”有{count}行是隐藏的（第{rows}行），已一并读入；不要的请在审核工作簿中改为不交办")
            found.append(Finding(code="hidden-rows", severity="info", message=text.format(sheet=title, count=len(numbers), rows=listed)))
    for title in sheets:
        text = _("工作表“{sheet}”是隐藏的，没有读；其中有任务的，请取消隐藏后再读")
        found.append(Finding(code="hidden-rows", severity="info", message=text.format(sheet=title)))
    return tuple(found)
