"""Small lists that people hand in as Excel or CSV: rows under named columns, each with the row number people see in their file.

Cells are read as text and as nothing else: a formula is refused by its row, so that nothing a spreadsheet would work out gets in or out again.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from intake.encoding import decode
from intake.plain_sheets import first_sheet
from intake.safety import SafeFile, load
from rules.errors import DubanError
from rules.texts import _

MOST_ROWS = 200_000
SHOWN_MISTAKES = 50
LONGEST_SHOWN = 40
# What a spreadsheet may take for a formula.
_SIGNS = frozenset("=+@-")


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row: its number in the file, and its cells by column; a column that is not there or empty is ""."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Return a cell's text."""
        return self.cells.get(column, "")


class RowMistake(NamedTuple):
    """A value that is refused: the row people see in their file, why, and where one cell is to blame its column and what stands there."""

    row: int
    why: str
    column: str = ""
    value: str = ""


class RowMistakes(DubanError):
    """The refusal of a file with mistakes (row-mistakes). `mistakes` are all of them; the message says the first ones and how many there are."""

    def __init__(self, name: str, mistakes: Sequence[RowMistake]) -> None:
        said = _("；").join(_told(mistake) for mistake in mistakes[:SHOWN_MISTAKES])
        more = _("（共 {count} 处）").format(count=len(mistakes)) if len(mistakes) > SHOWN_MISTAKES else ""
        text = _("“{name}”有错，没有导入：{mistakes}{more}。请改正后重新导入")
        super().__init__("row-mistakes", text.format(name=name, mistakes=said, more=more))
        self.mistakes = tuple(mistakes)


def read_rows(path: Path, columns: Mapping[str, Sequence[str]]) -> list[FileRow]:
    """Return the rows of the first sheet, or of the CSV file, under a head row that names at least the first of `columns`.

    `columns` gives each column's names, the first the usual one. Refused: what intake.safety refuses, rows-not-read (no such head, another kind of file),
    and row-mistakes for formulas.
    """
    rows, formulas = read_with_formulas(path, columns)
    refuse_mistakes(path.name, formulas)
    return rows


def read_with_formulas(path: Path, columns: Mapping[str, Sequence[str]]) -> tuple[list[FileRow], list[RowMistake]]:
    """Return the rows as `read_rows` does, and the formulas among them, which the caller refuses together with what else is wrong."""
    file = load(path)
    grid = _grid(file)
    names = {_squeezed(name): column for column, spelt in columns.items() for name in (column, *spelt)}
    head = next((row for row in grid if next(iter(columns)) in {names.get(_squeezed(cell)) for cell in row[1]}), None)
    if head is None:
        text = _("“{name}”里没有“{column}”一栏；第一行应写明各栏：{columns}")
        raise DubanError("rows-not-read", text.format(name=file.name, column=next(iter(columns)), columns=_("、").join(columns)))
    places = [(at, names[_squeezed(cell)]) for at, cell in enumerate(head[1]) if _squeezed(cell) in names]
    rows: list[FileRow] = []
    formulas: list[RowMistake] = []
    for number, cells in grid:
        width = len(cells)
        filled = {column: text for at, column in places if at < width and (text := cells[at].strip())}
        if filled:
            rows.append(FileRow(number, filled))
            formulas += [_formula(number, column, cell) for column, cell in filled.items() if cell[0] in _SIGNS and _is_formula(cell)]
    return rows, formulas


def refuse_mistakes(name: str, mistakes: Iterable[RowMistake]) -> None:
    """Refuse, with row-mistakes, a file with mistakes."""
    found = list(mistakes)
    if found:
        raise RowMistakes(name, found)


def _told(mistake: RowMistake) -> str:
    if mistake.column:
        return _("第 {row} 行：{mistake}（“{column}”栏）").format(row=mistake.row, column=mistake.column, mistake=mistake.why)
    return _("第 {row} 行：{mistake}").format(row=mistake.row, mistake=mistake.why)


def _grid(file: SafeFile) -> Iterator[tuple[int, list[str]]]:
    """Give the rows with their numbers, once: the head is taken from the same stream as the rows behind it."""
    rows = first_sheet(file) if file.kind == "xlsx" else _csv_rows(file)
    for number, cells in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise DubanError("file-too-large", _("“{name}”超过 {most} 行，请分成几个文件").format(name=file.name, most=MOST_ROWS))
        yield number, cells


def _csv_rows(file: SafeFile) -> Iterator[list[str]]:
    if file.kind not in ("csv", "txt"):
        raise DubanError("rows-not-read", _("名单只读 xlsx 和 csv，“{name}”请另存后再导入").format(name=file.name))
    text = decode(file.data, file.name)
    separator = "\t" if "\t" in text.partition("\n")[0] else ","
    try:
        yield from csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    except csv.Error as error:
        raise DubanError("rows-not-read", _("“{name}”的引号没有配对或格式有误，请另存为 xlsx 再导入").format(name=file.name)) from error


def _is_formula(cell: str) -> bool:
    # A minus is a sign only before something that is no number.
    return cell[0] != "-" or not cell.replace(".", "", 1).replace("-", "", 1).isdigit()


def _formula(row: int, column: str, cell: str) -> RowMistake:
    return RowMistake(row, _("“{value}”像公式，请改成文字").format(value=cell[:LONGEST_SHOWN]), column, cell)


def _squeezed(cell: str) -> str:
    return "".join(cell.split())
