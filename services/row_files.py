"""Small lists that people hand in as Excel or CSV: rows under named columns, each with the row number people see in their file.

Cells are read as text and as nothing else: a formula is refused by its row, so that nothing a spreadsheet would work out gets in or out again.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from intake.books import opened
from intake.encoding import decode
from intake.safety import SafeFile, load
from rules.errors import DubanError
from rules.texts import _

MOST_ROWS = 50_000
SHOWN_MISTAKES = 10
# What a spreadsheet takes for a formula; a minus is one only before something that is no number.
_FORMULA = ("=", "+", "@", "\t", "\r")


@dataclass(frozen=True)
class FileRow:
    """One row: its number in the file, and its cells by column; a column that is not there or empty is ""."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Return a cell's text."""
        return self.cells.get(column, "")


def read_rows(path: Path, columns: Mapping[str, Sequence[str]]) -> list[FileRow]:
    """Return the rows of the first sheet, or of the CSV file, under a head row that names at least the first of `columns`.

    `columns` gives each column's names, the first the usual one. Refused: what intake.safety refuses, rows-not-read (no such head, another kind of file),
    and row-mistakes for formulas.
    """
    file = load(path)
    grid = _grid(file)
    names = {_squeezed(name): column for column, spelt in columns.items() for name in (column, *spelt)}
    head = next((row for row in grid if next(iter(columns)) in {names.get(_squeezed(cell)) for cell in row[1]}), None)
    if head is None:
        text = _("“{name}”里没有“{column}”一栏；第一行应写明各栏：{columns}")
        raise DubanError("rows-not-read", text.format(name=file.name, column=next(iter(columns)), columns=_("、").join(columns)))
    places = {at: names[_squeezed(cell)] for at, cell in enumerate(head[1]) if _squeezed(cell) in names}
    rows = [FileRow(number, {places[at]: cell.strip() for at, cell in enumerate(cells) if at in places}) for number, cells in grid]
    found = [row for row in rows if any(row.cells.values())]
    refuse_mistakes(file.name, ((row.number, mistake) for row in found for mistake in _formulas(row)))
    return found


def refuse_mistakes(name: str, mistakes: Iterable[tuple[int, str]]) -> None:
    """Refuse, with row-mistakes, a file with mistakes: the first ones by row, and how many there are."""
    found = list(mistakes)
    if found:
        said = _("；").join(_("第 {row} 行：{mistake}").format(row=row, mistake=mistake) for row, mistake in found[:SHOWN_MISTAKES])
        more = _("（共 {count} 处）").format(count=len(found)) if len(found) > SHOWN_MISTAKES else ""
        text = _("“{name}”有错，没有导入：{mistakes}{more}。请改正后重新导入")
        raise DubanError("row-mistakes", text.format(name=name, mistakes=said, more=more))


def _grid(file: SafeFile) -> Iterator[tuple[int, list[str]]]:
    """Give the rows with their numbers, once: the head is taken from the same stream as the rows behind it."""
    rows = _sheet_rows(file) if file.kind == "xlsx" else _csv_rows(file)
    for number, cells in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise DubanError("file-too-large", _("“{name}”超过 {most} 行，请分成几个文件").format(name=file.name, most=MOST_ROWS))
        yield number, cells


def _sheet_rows(file: SafeFile) -> Iterator[list[str]]:
    with opened(file) as book:
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield ["" if value is None else str(value) for value in row]


def _csv_rows(file: SafeFile) -> Iterator[list[str]]:
    if file.kind not in ("csv", "txt"):
        raise DubanError("rows-not-read", _("名单只读 xlsx 和 csv，“{name}”请另存后再导入").format(name=file.name))
    text = decode(file.data, file.name)
    separator = "\t" if "\t" in text.partition("\n")[0] else ","
    try:
        yield from csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    except csv.Error as error:
        raise DubanError("rows-not-read", _("“{name}”的引号没有配对或格式有误，请另存为 xlsx 再导入").format(name=file.name)) from error


def _formulas(row: FileRow) -> Iterator[str]:
    for column, cell in row.cells.items():
        is_number = cell.replace(".", "", 1).replace("-", "", 1).isdigit()
        if cell.startswith(_FORMULA) or (cell.startswith("-") and not is_number):
            yield _("“{column}”一栏像公式，请改成文字").format(column=column)


def _squeezed(cell: str) -> str:
    return "".join(cell.split())
