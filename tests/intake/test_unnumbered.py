"""Tables whose cells stand on lines of their own without a 序号 column, and files whose cells or columns have no end."""

import pytest

from intake.document import Paragraph
from intake.readers.stacked import with_stacked_tables
from intake.readers.unnumbered import Line, unnumbered_at
from rules.errors import DubanError
from tests.intake.samples import read_text

HEADS = ["工作任务", "牵头单位", "完成时限"]
ROWS = [["建食堂5个", "县民政局", "6月底"], ["修路8公里", "县交通局、各乡镇", "年底"]]


def as_lines(*rows: list[str]) -> list[Line]:
    return [Line(number, text) for number, text in enumerate((text for row in rows for text in row), start=1)]


TABLES = {
    "plain": ([HEADS, *ROWS], 3),
    "stops-at-prose": ([HEADS, *ROWS, ["各单位要高度重视。", "抓好落实。", "按时上报。"]], 3),
    "blank-lines-between": ([HEADS, [""], ROWS[0], [""], ROWS[1]], 3),
    "note-column-never-filled": ([[*HEADS, "备注"], *ROWS], 3),
    "no-unit-below": ([HEADS, ["建食堂5个。", "要抓紧办理。", "年底"]], None),
    "one-row-is-none": ([HEADS, ROWS[0]], None),
    "nobody-answers": ([["工作任务", "完成时限", "备注"], *ROWS], None),
}


@pytest.mark.parametrize(("rows", "count"), TABLES.values(), ids=TABLES)
def test_unnumbered_tables(rows, count):
    table, _end = unnumbered_at(as_lines(*rows), 0)
    assert (len(table.rows) if table else None) == count


def test_bare_paragraphs_without_numbers_give_their_rows(tmp_path):
    text = "甲县2024年实事\n" + "\n".join(text for row in [HEADS, *ROWS] for text in row) + "\n"
    items = read_text(tmp_path, text).items
    assert [(item.title, [unit.as_written for unit in item.units], str(item.due_on)) for item in items] == [
        ("建食堂5个", ["县民政局"], "2024-06-30"),
        ("修路8公里", ["县交通局", "各乡镇"], "2024-12-31"),
    ]


def test_paragraphs_of_a_word_file_become_the_same_table():
    blocks = with_stacked_tables(Paragraph(text) for row in [HEADS, *ROWS] for text in row)
    assert [len(block.rows) for block in blocks] == [3]


def test_a_cell_without_end_is_told_as_one(tmp_path):
    with pytest.raises(DubanError, match="第3行.*引号") as refused:
        read_text(tmp_path, '任务,牵头单位\n建食堂,县民政局\n"修路' + "办" * 200_000 + ",县交通局\n", "表.csv")
    assert refused.value.code == "file-too-large"
