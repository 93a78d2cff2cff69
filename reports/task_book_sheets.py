"""The other sheets of the ledger of tasks, the counts and the legend, and what all its sheets look like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from reports.task_book import COUNTED, BookFacts, total_of
from reports.task_book_columns import BookColumn, count_word, measure_columns, name_columns, record_columns
from reports.words import Kind
from reports.xlsx_cells import fitting, number_formats
from rules.texts import _
from rules.words import day_words

A3, A4 = 8, 9
COUNT_WIDTH = 9.0
LIGHT_FILLS = {"red": ("#C00000", "#FBE3E3"), "yellow": ("#7F6000", "#FFF2CC"), "green": ("#1E6B34", "#E2F0D9")}


@dataclass(frozen=True)
class Styles:
    """The book's formats; cells without a frame, so that an empty one takes no place in the file."""

    title: Format
    note: Format
    head: Format
    total: Format
    cells: Mapping[Kind, Format]
    lights: Mapping[str, Format]


def styles_of(book: Workbook) -> Styles:
    """Return the book's formats."""
    plain = {"valign": "top", "font_size": 10, "font_name": "宋体"}
    cells = {
        kind: book.add_format({**plain, "num_format": number, "text_wrap": kind == "text", "align": "left" if kind == "text" else "center"})
        for kind, number in number_formats().items()
    }
    head = {"bold": True, "font_size": 10, "font_name": "宋体", "bg_color": "#E7E6E6", "border": 1, "border_color": "#9A9A9A"}
    return Styles(
        title=book.add_format({"bold": True, "font_size": 14, "font_name": "宋体"}),
        note=book.add_format({**plain, "text_wrap": True}),
        head=book.add_format({**head, "align": "center", "valign": "vcenter", "text_wrap": True}),
        total=book.add_format({**head, "align": "center", "num_format": "0"}),
        cells=cells,
        lights={light: book.add_format({"font_color": ink, "bg_color": fill}) for light, (ink, fill) in LIGHT_FILLS.items()},
    )


def add_counts(
    book: Workbook, styles: Styles, title: str, heads: Sequence[str], lines: Mapping[tuple[str | None, ...], Mapping[str, int]]
) -> None:
    """Add a sheet of counts: its sum stands above the heads and follows the filter (SUBTOTAL), with the sum of all as its value on opening."""
    sheet = book.add_worksheet(title)
    first, last = 2, max(len(lines) + 1, 2)
    width = len(heads)
    for at, head in enumerate(heads):
        sheet.set_column(at, at, 8 if head == _("序号") else 32)
    sheet.set_column(width, width + len(COUNTED) - 1, COUNT_WIDTH)
    sheet.freeze_panes(first, width)
    total = total_of(lines.values())
    sheet.write_string(0, 0, _("合计（随筛选变化）"), styles.total)
    for at, name in enumerate(COUNTED, start=width):
        cells = f"{xl_rowcol_to_cell(first, at)}:{xl_rowcol_to_cell(last, at)}"
        sheet.write_formula(0, at, f"=SUBTOTAL(109,{cells})", styles.total, total[name])
    sheet.set_row(1, 30)
    for at, head in enumerate([*heads, *(count_word(name) for name in COUNTED)]):
        sheet.write_string(1, at, head, styles.head)
    for row, (key, line) in enumerate(lines.items(), start=first):
        for at, word in enumerate(key):
            sheet.write_string(row, at, fitting(word or ""), styles.cells["text"])
        for at, name in enumerate(COUNTED, start=width):
            sheet.write_number(row, at, line[name], styles.cells["count"])
    sheet.autofilter(1, 0, last, width + len(COUNTED) - 1)
    set_print(sheet, A4, (0, 1))


def add_legend(book: Workbook, styles: Styles, facts: BookFacts) -> None:
    """Add the sheet that says what was asked for, what it rests on, how to read it, and what every column means."""
    sheet = book.add_worksheet(_("说明"))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 96)
    sheet.write_string(0, 0, _("任务台账（截至{day}）").format(day=day_words(facts.as_of)), styles.title)
    rows = [*_facts_rows(facts), *_reading_rows(), *((column.heading, column.meaning) for column in _explained())]
    for row, (label, words) in enumerate(rows, start=2):
        sheet.write_string(row, 0, label, styles.note)
        sheet.write_string(row, 1, words, styles.note)
    set_print(sheet, A4)


def _facts_rows(facts: BookFacts) -> list[tuple[str, str]]:
    heads = [
        (_("台账链 {chain}").format(chain=chain), _("至第{seq}条，哈希 {hash}").format(seq=seq, hash=head))
        for chain, seq, head in facts.heads
    ]
    return [
        (_("范围"), _("；").join(facts.wanted) or _("全部")),
        (_("评定规则"), _("{version} 版，哈希 {sha256}").format(version=facts.rule_version, sha256=facts.rule_sha256)),
        *heads,
    ]


def _reading_rows() -> list[tuple[str, str]]:
    return [
        (_("一行"), _("一项任务的一个指标；有几个指标就有几行，任务的各栏逐行重复，筛选后仍然完整")),
        (_("首行"), _("每项任务的第一行为1，其余为0；按任务求和时先筛选首行为1，或以此栏求和得任务数")),
        (_("计数"), _("“按单位”“按事项”按任务计数；分解下达的任务与上级任务各计一项")),
    ]


def _explained() -> tuple[BookColumn, ...]:
    return (*name_columns(), *measure_columns(), *record_columns())


def set_print(sheet: Worksheet, paper: int, head_rows: tuple[int, int] = (0, 0), sheets_wide: int = 1) -> None:
    """Print on landscape sheets, heads repeated, the page number below."""
    sheet.set_paper(paper)
    sheet.set_landscape()
    sheet.fit_to_pages(sheets_wide, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.hide_gridlines(0)
    sheet.set_footer("&C— &P / &N —")
    sheet.repeat_rows(*head_rows)
