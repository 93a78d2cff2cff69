"""The sheet a unit shares its task out with: a row for each lower unit, columns 单位, 期限, and one for each measure; 开始 and 内容 where wanted."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from intake.document import Cell, Table
from intake.safety import load
from rules.cascade import Figure
from rules.errors import DubanError
from rules.texts import _
from services.shares import Share

_UNIT = ("单位", "单位名称", "下级单位", "责任单位")
_DUE = ("期限", "完成期限", "完成时限", "时限", "截止日期")
_START = ("开始", "开始日期", "起始日期")
_TEXT = ("内容", "任务内容", "工作内容")
_PASSED_OVER = ("序号", "备注")
_TOTAL = ("合计", "总计", "小计")
_FIGURE = re.compile(r"(\d{1,13}(?:\.\d{1,6})?)(?:\s*[-－–—~～至]\s*(\d{1,13}(?:\.\d{1,6})?))?")
_DAY = re.compile(r"(\d{4})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})\s*日?")


def read_shares(path: Path) -> list[Share]:
    """Return the shares of the sheet's rows; rows that only add up are passed over. Refused with the row: bad-share-sheet, bad-figure, bad-date."""
    # All readers of documents come with it; only who reads a sheet waits for them.
    from intake.reading import document_of

    tables = document_of(load(path)).tables
    for table in tables:
        for number, row in enumerate(table.rows):
            heads = [_squeezed(cell) for cell in row]
            if any(head in _UNIT for head in heads):
                return _shares(table, number + 1, heads)
    raise DubanError("bad-share-sheet", _("“{name}”里没有带“单位”一栏的表；请用“单位”“指标名称”“期限”作表头").format(name=path.name))


def figure_said(written: str) -> Figure:
    """Return a figure as people write it: 10, 0.5, 4-6. Anything else is refused with bad-figure."""
    found = _FIGURE.fullmatch(written.replace(",", "").strip())
    if found is None:
        raise DubanError("bad-figure", _("看不懂数量“{written}”，请写成 10 或 4-6").format(written=written[:40]))
    low, high = float(found[1]), float(found[2] or found[1])
    if high < low:
        raise DubanError("bad-figure", _("数量“{written}”的下限大于上限").format(written=written[:40]))
    return Figure(low, high)


def _shares(table: Table, first: int, heads: Sequence[str]) -> list[Share]:
    shares = []
    for number, row in enumerate(table.rows[first:], table.first_row + first):
        cells = {head: cell.text.strip() for head, cell in zip(heads, row, strict=False) if head and cell.text.strip()}
        unit = _of(cells, _UNIT)
        if unit is None and any(head not in _PASSED_OVER for head in cells):
            raise DubanError("bad-share-sheet", _("第 {row} 行没有写单位").format(row=number))
        if unit is not None and unit not in _TOTAL:
            shares.append(_share(unit, cells, number))
    return shares


def _share(unit: str, cells: dict[str, str], number: int) -> Share:
    named = {*_UNIT, *_DUE, *_START, *_TEXT, *_PASSED_OVER}
    try:
        figures = {head: figure_said(written) for head, written in cells.items() if head not in named}
        due_on, starts_on = _day(_of(cells, _DUE)), _day(_of(cells, _START))
    except DubanError as error:
        raise DubanError(error.code, _("第 {row} 行（{unit}）：{message}").format(row=number, unit=unit, message=error.message)) from None
    return Share(unit, figures, due_on, starts_on, _of(cells, _TEXT))


def _of(cells: dict[str, str], names: Sequence[str]) -> str | None:
    return next((cells[name] for name in names if name in cells), None)


def _day(written: str | None) -> date | None:
    if written is None:
        return None
    found = _DAY.fullmatch(written.strip())
    try:
        return date(*(int(part) for part in found.groups())) if found else date.fromisoformat(written.strip())
    except ValueError:
        raise DubanError("bad-date", _("看不懂日期“{written}”，请写成 2013-09-30").format(written=written[:40])) from None


def _squeezed(cell: Cell) -> str:
    return re.sub(r"\s", "", cell.text)
