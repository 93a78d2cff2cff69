"""Drafts from documents beside the least that could read them. Usage: python -m benchmarks.reading.

The limits: for a table, walking the document's cells and nothing else; for prose, cutting the text into sentences and counting its characters; for a PDF file, taking the
bare text out of it by the same library. Seconds are the median of three and belong to the machine; the ratios are what to compare.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import docx

from benchmarks.measuring import seconds
from benchmarks.printed_plan import bare_text, printed
from intake.document import Document, Paragraph
from intake.drafting import draft_of
from intake.reading import read_document

ROWS = (30, 300)
PAGES = (100, 1_000)
SHEETS = (25, 100)
PAGE_LENGTH = 650


def tell(name: str, size: int, ours: float, limit: float) -> None:
    """Print one line."""
    sys.stdout.write(f"{name:<34}{size:>8}{ours:>10.3f} s{limit:>10.3f} s{ours / limit:>9.1f}\n")


def bench_draft(rows: int) -> None:
    """Measure reading a responsibility table."""
    with TemporaryDirectory() as folder:
        place = Path(folder) / "table.docx"
        _write_table(place, rows)
        walk = seconds(lambda: [cell.text for row in docx.Document(str(place)).tables[0].rows for cell in row.cells])
        tell("draft read from .docx, rows", rows, seconds(lambda: read_document(place)), walk)


def _write_table(place: Path, rows: int) -> None:
    paper = docx.Document()
    table = paper.add_table(rows + 1, 6)
    heads = ("序号", "事项", "内容", "2013年", "2014年", "责任单位")
    for row_number, row in enumerate(table.rows):
        cells = (
            str(row_number),
            f"行动{row_number}",
            f"两年支持{2 * row_number}个县",
            f"支持{row_number}个县",
            f"支持{row_number}个县",
            "省科技厅、财政厅",
        )
        for cell, words in zip(row.cells, heads if row_number == 0 else cells, strict=True):
            cell.text = words
    paper.save(str(place))


def bench_prose(pages: int) -> None:
    """Measure reading prose with notes, no paragraph like another; between two sizes the ratio must stand still."""
    lines = _prose(pages * PAGE_LENGTH)
    document = Document("plan.txt", "0" * 64, "txt", tuple(Paragraph(line, number) for number, line in enumerate(lines, 1)))
    walk = seconds(lambda: [sum(char != " " for char in sentence) for line in lines for sentence in line.split("。")])
    tell("draft read from prose, pages", pages, seconds(lambda: draft_of(document)), walk)


def bench_pdf(pages: int) -> None:
    """Measure reading a PDF file and making its draft; between two sizes the ratio must stand still."""
    with TemporaryDirectory() as folder:
        place = Path(folder) / "plan.pdf"
        place.write_bytes(printed(_prose(pages * PAGE_LENGTH)))
        tell("draft read from .pdf, pages", pages, seconds(lambda: read_document(place)), seconds(lambda: bare_text(place)))


def _prose(length: int) -> list[str]:
    lines: list[str] = ["青江市水利建设三年行动方案（2024-2026年）"]
    number = size = 0
    while size < length:
        number += 1
        lines.append(
            f"{number % 9 + 1}. 改造第{number}灌区。编制第{number}号实施方案，分批更新渠系和闸门，到{2024 + number % 3}年底，新建泵站{number + 1}座，"
            f"灌溉保证率达到{50 + number % 50}%以上。（牵头单位：市水利局；配合单位：市财政局、第{number}管理所，各县（市、区）人民政府）"
        )
        size += len(lines[-1])
        if number % 9 == 0:
            lines.append(f"{'一二三四五六七八九'[number // 9 % 9]}、加固第{number}片堤防")
            lines.append(f"堤防由市水利局负责巡查，每年不少于{number % 7 + 2}次。各乡镇要在6月底前备足第{number}号料场的物资。")
    return lines


def main() -> None:
    """Read every kind at two sizes."""
    sys.stdout.write(f"{'':<34}{'size':>8}{'ours':>12}{'limit':>12}{'ratio':>9}\n")
    for rows in ROWS:
        bench_draft(rows)
    for pages in PAGES:
        bench_prose(pages)
    for pages in SHEETS:
        bench_pdf(pages)


if __name__ == "__main__":
    main()
