"""A returned form as it lies in the file: which form it is, and the raw answers of its rows, each with the cell people see. Nothing is judged here.

The file passes the same door as any document. A formula is never worked out: its last shown value is taken, and where the file has none it is told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intake.books import opened
from intake.safety import SafeFile, load
from reports.form_sheets import MARKS, SCHEMA, FormColumn, Role, columns_of
from rules.errors import DubanError
from rules.texts import _
from services.form_keys import LABEL_MARK

MOST_ROWS, MOST_COLUMNS = 20_000, 40
BLANK_ROWS_AT_END = 200


@dataclass(frozen=True)
class RawAnswer:
    """A cell as it is: its value, how its number is shown, and where it stands (`J8`). A formula without a shown value is `is_unworked`."""

    value: Any
    shown_as: str
    place: str
    is_unworked: bool = False


@dataclass(frozen=True)
class ReturnedRow:
    """A row that has a key or an answer. `label` is what its own cells call it; `heads` are the open columns' heads by name."""

    role: Role
    sheet: str
    number: int
    key: str
    label: str
    answers: Mapping[str, RawAnswer]


@dataclass(frozen=True)
class ReturnedForm:
    """A form that came back. `marks` are the lines of its hidden sheet, unchecked."""

    name: str
    sha256: str
    form_id: int
    house: str
    marks: tuple[tuple[str, ...], ...]
    rows: tuple[ReturnedRow, ...]


Grid = list[list[Any]]


def read_form(path: Path) -> ReturnedForm:
    """Return the form in the file at `path`. Refused: not-a-form, form-tampered where a sheet or its heads were changed, and what `intake.safety` refuses."""
    file = load(path)
    if file.kind != "xlsx":
        raise _foreign(file.name)
    grids = _grids(file, is_worked=False)
    marks = _marks(file.name, grids)
    values: dict[str, Grid] | None = None
    rows: list[ReturnedRow] = []
    for mark in marks:
        if mark[0] == "sheet" and len(mark) > 4 and mark[1] in set(Role) and mark[1] != Role.CHANGES:
            role, title, head_row = Role(mark[1]), mark[2], _whole(file.name, mark[3])
            grid = _sheet(file.name, grids, title, head_row, mark[4:])
            if values is None and _has_formulas(grid):
                values = _grids(file, is_worked=True)
            rows += _rows(role, title, grid[head_row:], (values or {}).get(title, [])[head_row:], head_row)
    first = marks[0]
    return ReturnedForm(file.name, file.sha256, _whole(file.name, first[1]), first[2], marks, tuple(rows))


def _foreign(name: str) -> DubanError:
    text = _("“{name}”不是 duban 发出的填报表，或隐藏的“{marks}”页被删；请在原表中填写，以 xlsx 格式发回")
    return DubanError("not-a-form", text.format(name=name, marks=MARKS))


def tampered(name: str, what: str) -> DubanError:
    """Return the refusal of a form whose frame was changed."""
    return DubanError("form-tampered", _("“{name}”{what}；请在原表中重新填写，不要改动表头、行列和隐藏页").format(name=name, what=what))


def _grids(file: SafeFile, *, is_worked: bool) -> dict[str, Grid]:
    with opened(file, is_worked=is_worked) as book:
        return {sheet.title: _grid(sheet) for sheet in book.worksheets}


def _grid(sheet: Any) -> Grid:
    # A wrong stated size would cut rows off.
    sheet.reset_dimensions()
    grid: Grid = []
    filled = 0
    for row in sheet.iter_rows(max_col=MOST_COLUMNS):
        grid.append(list(row))
        if any(cell.value is not None for cell in row):
            filled = len(grid)
        if len(grid) - filled > BLANK_ROWS_AT_END or len(grid) > MOST_ROWS:
            break
    return grid[:filled]


def _marks(name: str, grids: Mapping[str, Grid]) -> tuple[tuple[str, ...], ...]:
    lines = tuple(tuple(_text(cell.value) for cell in row if cell.value is not None) for row in grids.get(MARKS, ()))
    lines = tuple(line for line in lines if line)
    if not lines or lines[0][0] != SCHEMA or len(lines[0]) != 6:
        raise _foreign(name)
    return lines


def _whole(name: str, written: str) -> int:
    if not written.isascii() or not written.isdigit() or len(written) > 9:
        raise tampered(name, _("的隐藏页被改动过"))
    return int(written)


def _sheet(name: str, grids: Mapping[str, Grid], title: str, head_row: int, heads: Sequence[str]) -> Grid:
    grid = grids.get(title)
    if grid is None:
        raise tampered(name, _("少了“{sheet}”一页").format(sheet=title))
    found = [_text(cell.value) for cell in grid[head_row - 1][1 : len(heads) + 1]] if 0 < head_row <= len(grid) else []
    if found != list(heads):
        raise tampered(name, _("“{sheet}”的表头被改动过").format(sheet=title))
    return grid


def _has_formulas(grid: Grid) -> bool:
    return any(getattr(cell, "data_type", "") == "f" for row in grid for cell in row)


def _rows(role: Role, title: str, grid: Grid, worked: Grid, head_row: int) -> Iterator[ReturnedRow]:
    columns = columns_of(role)
    for number, cells in enumerate(grid):
        values = worked[number] if number < len(worked) else []
        answers = {
            column.name: _answer(cells, values, at, number + head_row + 1)
            for at, column in enumerate(columns, 1)
            if column.is_open and at < len(cells)
        }
        key = _text(cells[0].value) if cells else ""
        filled = {name: answer for name, answer in answers.items() if answer.is_unworked or _text(answer.value)}
        if key or filled:
            yield ReturnedRow(role, title, number + head_row + 1, key, _label(columns, cells), filled)


def _answer(cells: Sequence[Any], values: Sequence[Any], at: int, row: int) -> RawAnswer:
    # Every flow knows of forms, and few read one.
    from openpyxl.utils import get_column_letter

    cell = cells[at]
    place = f"{get_column_letter(at + 1)}{row}"
    shown_as = str(getattr(cell, "number_format", "") or "")
    if getattr(cell, "data_type", "") != "f":
        return RawAnswer(cell.value, shown_as, place)
    value = values[at].value if at < len(values) else None
    return RawAnswer(value, shown_as, place, is_unworked=value is None)


def _label(columns: Sequence[FormColumn], cells: Sequence[Any]) -> str:
    labels = [_text(cells[at].value) for at, column in enumerate(columns, 1) if column.is_label and at < len(cells)]
    return LABEL_MARK.join(label for label in labels if label)


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()
