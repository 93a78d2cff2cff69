"""Documents for the tests of reading, made in our own words: a notice with notes and a table as text, and ways to write it to a file."""

import io
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from intake.document import Cell, Document, Table, rectangular
from intake.draft import DraftPlan, ItemDraft, PlanDraft, Source, TargetDraft, TaskDraft, UnitDraft
from intake.reading import read_document

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
EXAMPLE = EXAMPLES / "guangxi-2012-269.txt"
PLAN = PlanDraft(title="实施方案", starts_on=date(2013, 1, 1), ends_on=date(2015, 12, 31))
SHARED = ROOT.parent / "shared"
SEED = next(iter(sorted(SHARED.glob("seeds/004_*.txt"))), SHARED / "seeds" / "004.txt")
needs_shared = pytest.mark.skipif(not SEED.is_file(), reason="the shared documents are not here")


def read_text(folder: Path, text: str, name: str = "文件.txt", base_year: int | None = None) -> DraftPlan:
    """Return the draft of a text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_document(path, base_year)


def grid(*rows: tuple[str, ...]) -> Table:
    """Return a table; the mark ^ goes on with the cell above, the mark < with the cell to the left."""
    cells: list[list[Cell]] = []
    for row in rows:
        line: list[Cell] = []
        for at, text in enumerate(row):
            line.append(cells[-1][at] if text == "^" else line[-1] if text == "<" else Cell(text))
        cells.append(line)
    return Table(rectangular(cells))


def document(*blocks, name: str = "文件.docx") -> Document:
    return Document(name=name, sha256="0" * 64, kind="docx", blocks=tuple(blocks))


def workbook_bytes(rows: list[list[object]], merges: tuple[tuple[int, int, int, int], ...] = ()) -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        sheet = book.add_worksheet("表")
        for number, row in enumerate(rows):
            for at, value in enumerate(row):
                if value is not None:
                    sheet.write(number, at, value)
        for first_row, first_column, last_row, last_column in merges:
            sheet.merge_range(first_row, first_column, last_row, last_column, rows[first_row][first_column])
    return data.getvalue()


def draft(*items: ItemDraft, plan: PlanDraft | None = None, findings=()) -> DraftPlan:
    return DraftPlan(source=Source(name="文件.txt", sha256="0" * 64, kind="txt"), plan=plan or PLAN, items=items, findings=findings)


def codes(found) -> list[tuple[str, str, str | None]]:
    return [(finding.code, finding.severity, finding.item) for finding in found]


def unit(name: str, role="responsible", **values) -> UnitDraft:
    return UnitDraft(name=name, as_written=values.pop("as_written", name), role=role, **values)


def target(value: float | None, measure: str = "示范县", **values) -> TargetDraft:
    unit_of_measure = values.pop("unit_of_measure", "个")
    return TargetDraft(text=f"{measure}{value}", measure=measure, unit_of_measure=unit_of_measure, value=value, **values)


def year(number: int, *targets: TargetDraft) -> TaskDraft:
    return TaskDraft(label=f"{number}年", starts_on=date(number, 1, 1), due_on=date(number, 12, 31), text="", targets=targets)


def item(item_id: str = "t1-1", **values) -> ItemDraft:
    values = {"title": f"行动{item_id}", "text": f"内容{item_id}", "units": (unit("省科技厅", "lead"),), **values}
    return ItemDraft(id=item_id, **values)
