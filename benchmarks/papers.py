"""Papers beside the least that could make them, on the same rows in one run. Usage: python -m benchmarks.papers [--tasks N].

The limits: for Word a bare docxtpl script, for PDF a bare typst one, for Excel a bare constant-memory xlsxwriter loop; each writes the cells of the bulletin's own tables
and nothing of its form, its words or its charts. Seconds are the median of three; memory is the most a process of its own ever held, at two sizes. Typst remembers what it has set, and nobody prints one bulletin twice in a row: so each
run of it has a process of its own, with fonts to be found and nothing remembered.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import docx
import typst
from docxtpl import DocxTemplate
from xlsxwriter import Workbook

from benchmarks.house import TODAY, house_of
from benchmarks.measuring import most_held, seconds
from models.notice import NoticeLevel
from reports.bulletin_paper import bulletin_paper
from reports.faces import render
from reports.fonts import package_folder
from reports.notice import NoticePaper, NoticeTask, Progress
from reports.notice_paper import notice_paper
from reports.paper import Paper, Table
from reports.words import Cell, Figure, cell_words
from rules.escalation import Matter
from rules.notice_words import usual_demand
from rules.periods import parse_period
from rules.rule_set import DEFAULT_RULE_SET
from runtime.database import reading
from services.bulletins.compiling import compile_bulletin
from services.bulletins.counting import BulletinOrder

LARGE, PRINTED, NOTICES = 10_000, 250, 60
SIZES_OF_MEMORY = (1_000, 10_000)
_TYPST = """
#let data = json(sys.inputs.rows)
#set page(paper: "a4", margin: 2cm)
#set text(font: "Noto Serif SC", size: 10.5pt)
#for one in data [
  #table(columns: one.at(0).len(), table.header(..one.at(0)), ..one.slice(1).flatten())
]
"""


def main() -> None:
    """Measure a bulletin of many tasks as a workbook, one of some thirty pages in print, and what memory they take."""
    chosen = argparse.ArgumentParser()
    chosen.add_argument("--tasks", type=int, default=LARGE)
    chosen.add_argument("--memory-of", type=int, default=0)
    chosen.add_argument("--pdf-by", choices=("ours", "limit"))
    given = chosen.parse_args()
    if given.pdf_by:
        _tell_pdf(given.pdf_by)
        return
    if given.memory_of:
        _tell_memory(given.memory_of)
        return
    sys.stdout.write(f"{'':<40}{'rows':>8}{'ours':>12}{'limit':>12}{'ratio':>9}\n")
    for paper in _papers(given.tasks):
        rows = sum(len(table.rows) for table in paper.sheets)
        _tell(
            "bulletin to Excel, all its sheets", rows, lambda made=paper: render(made, "xlsx"), lambda made=paper: _bare_xlsx(made.sheets)
        )
    for paper in _papers(PRINTED):
        tables = tuple(paper.tables())
        rows = sum(len(table.rows) for table in tables)
        _tell("bulletin to Word", rows, lambda made=paper: render(made, "docx"), lambda made=tables: _bare_docx(made))
        _tell_line("bulletin to PDF", rows, *(median(_pdf_alone(by) for _run in range(3)) for by in ("ours", "limit")))
    _tell_notices()
    for size in SIZES_OF_MEMORY:
        subprocess.run([sys.executable, "-m", "benchmarks.papers", "--memory-of", str(size)], check=True)


def _tell(name: str, rows: int, work: Callable[[], object], limit: Callable[[], object]) -> None:
    _tell_line(name, rows, seconds(work), seconds(limit))


def _tell_line(name: str, rows: int, ours: float, least: float) -> None:
    sys.stdout.write(f"{name:<40}{rows:>8}{ours:>10.3f} s{least:>10.3f} s{ours / least:>9.1f}\n")


def _pdf_alone(by: str) -> float:
    """Return the processor seconds that one bulletin to PDF takes in a process that has set nothing before."""
    done = subprocess.run([sys.executable, "-m", "benchmarks.papers", "--pdf-by", by], check=True, capture_output=True, text=True)
    return float(done.stdout)


def _tell_pdf(by: str) -> None:
    for paper in _papers(PRINTED):
        tables, start = tuple(paper.tables()), time.process_time()
        render(paper, "pdf") if by == "ours" else _bare_pdf(tables)
        sys.stdout.write(f"{time.process_time() - start}\n")


def _tell_notices() -> None:
    """Print what one of many notices takes in each form; the limit is 30 ms."""
    for kind in ("docx", "pdf"):
        render(notice_paper(_notice(0)), kind)
        each = seconds(lambda made=kind: [render(notice_paper(_notice(number)), made) for number in range(NOTICES)]) / NOTICES
        sys.stdout.write(f"{f'{NOTICES} notices, each as {kind}':<40}{'':>8}{each * 1000:>9.1f} ms{30:>9} ms{each / 0.03:>9.1f}\n")


def _notice(number: int) -> NoticePaper:
    plan = ("县域科技行动方案", "测政办发〔2012〕1号")
    days = {"starts_on": date(2013, 1, 1), "due_on": date(2013, 9, 30), "original_due_on": date(2013, 9, 30)}
    task = NoticeTask(number, str(number), f"示范行动{number}", "2013年", "支持10个县开展示范；组织培训2次。", *plan, **days)
    progress = Progress("red", ("已超期 14 天",), 14, "示范县", "10个", "6个", 100.0, 40.0, 1, 0, 5, "资金到位较晚。", "年内补齐")
    return NoticePaper(
        level=NoticeLevel.BLUE,
        matter=Matter.OVERDUE,
        doc_no=f"督办〔2013〕{number + 1}号",
        issued_on=TODAY,
        limit_on=date(2013, 10, 21),
        office="省政府督查室",
        contact="李明，0000-1234567",
        unit=f"单位{number}",
        demand=usual_demand(NoticeLevel.BLUE, date(2013, 10, 21), is_overdue=True),
        task=task,
        progress=progress,
        earlier=(),
        after=None,
        quarters=(),
        year=None,
        record=(),
        rule_set="2026-3",
        rule_sha256="ab" * 32,
        ledger_head="cd" * 32,
    )


def _papers(tasks: int) -> Iterator[Paper]:
    order = BulletinOrder(parse_period("2013Q3"), None, DEFAULT_RULE_SET)
    with house_of(tasks) as engine, reading(engine) as session:
        yield bulletin_paper(compile_bulletin(session, order, TODAY))


def _bare_docx(tables: tuple[Table, ...]) -> bytes:
    with TemporaryDirectory() as folder:
        place = Path(folder) / "template.docx"
        _write_template(place, [len(table.columns) for table in tables])
        template = DocxTemplate(place)
        template.render({f"rows{number}": _words(table) for number, table in enumerate(tables)}, autoescape=True)
        target = BytesIO()
        template.save(target)
        return target.getvalue()


def _write_template(place: Path, widths: list[int]) -> None:
    paper = docx.Document()
    for number, width in enumerate(widths):
        table = paper.add_table(3, width)
        table.cell(0, 0).text = f"{{%tr for row in rows{number} %}}"
        for index in range(width):
            table.cell(1, index).text = f"{{{{ row[{index}] }}}}"
        table.cell(2, 0).text = "{%tr endfor %}"
    paper.save(str(place))


def _bare_pdf(tables: tuple[Table, ...]) -> object:
    with TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.json"
        rows.write_text(json.dumps([[[column.heading for column in table.columns], *_words(table)] for table in tables]))
        source = Path(folder) / "bare.typ"
        source.write_text(_TYPST)
        return typst.compile(source, root=folder, font_paths=[package_folder()], sys_inputs={"rows": "rows.json"})


def _bare_xlsx(tables: tuple[Table, ...]) -> bytes:
    target = BytesIO()
    book = Workbook(target, {"constant_memory": True})
    style = book.add_format({"border": 1})
    for table in tables:
        sheet = book.add_worksheet()
        for index, column in enumerate(table.columns):
            sheet.write(0, index, column.heading, style)
        for number, row in enumerate(table.rows, start=1):
            for index, cell in enumerate(row.cells):
                sheet.write(number, index, _plain(cell), style)
    book.close()
    return target.getvalue()


def _plain(cell: Cell) -> object:
    return cell.value if isinstance(cell, Figure) else cell


def _words(table: Table) -> list[list[str]]:
    """Return every row in words; a row over all columns stands in the first of them."""
    width = len(table.columns)
    return [
        [
            *(cell_words(column.kind, cell) for column, cell in zip(table.columns, row.cells, strict=False)),
            *[""] * (width - len(row.cells)),
        ]
        for row in table.rows
    ]


def _tell_memory(tasks: int) -> None:
    for paper in _papers(tasks):
        before = most_held()
        length = len(render(paper, "xlsx"))
        told = f"{before} MB compiled, {most_held()} MB with its workbook of {length // 1024} kB"
        sys.stdout.write(f"memory, bulletin of {tasks} tasks: {told}\n")


if __name__ == "__main__":
    main()
