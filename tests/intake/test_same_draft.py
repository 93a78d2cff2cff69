"""One document, one draft: the shipped example as bare Word paragraphs, on an Excel sheet and as a saved web page; words kept as they were written."""

import html
import io
import zipfile

import pytest
import xlsxwriter

from intake.document import EMPTY, Block, Cell, Paragraph, Table
from intake.draft import DraftPlan
from intake.readers.radicals import Wording
from intake.readers.sheets import sheet_blocks
from intake.reading import document_of, read_document
from intake.safety import load
from tests.intake.samples import EXAMPLE, read_text

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def blocks_of_example() -> tuple[Block, ...]:
    return document_of(load(EXAMPLE)).blocks


def places(table: Table) -> list[tuple]:
    """Return each cell's text with its first and last row and column."""
    found: dict[object, list[int]] = {}
    texts: dict[object, str] = {}
    for row, cells in enumerate(table.rows):
        for column, cell in enumerate(cells):
            key = id(cell) if cell.text else (row, column)
            texts[key] = cell.text
            area = found.setdefault(key, [row, column, row, column])
            area[2:] = [max(area[2], row), max(area[3], column)]
    return [(texts[key], *area) for key, area in found.items()]


def as_bare_word(_blocks: tuple[Block, ...]) -> tuple[str, bytes]:
    lines = EXAMPLE.read_text(encoding="utf-8").split("\n")
    body = "".join(f"<w:p><w:r><w:t>{html.escape(line.strip())}</w:t></w:r></w:p>" for line in lines)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as target:
        target.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>')
    return "文件.docx", data.getvalue()


def as_sheet(blocks: tuple[Block, ...]) -> tuple[str, bytes]:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        sheet = book.add_worksheet("文件")
        at = 0
        for block in blocks:
            if isinstance(block, Paragraph):
                at += block.apart
                sheet.write_string(at, 0, block.text)
                at += 1
                continue
            for text, row, column, last_row, last_column in places(block):
                if (row, column) == (last_row, last_column):
                    sheet.write_string(at + row, column, text)
                else:
                    sheet.merge_range(at + row, column, at + last_row, last_column, text)
            at += len(block.rows) + 1
    return "文件.xlsx", data.getvalue()


def as_web_page(blocks: tuple[Block, ...]) -> tuple[str, bytes]:
    parts: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            parts.append(f"<p><span>{html.escape(block.text)}</span></p>")
            continue
        rows: dict[int, str] = dict.fromkeys(range(len(block.rows)), "")
        for text, row, column, last_row, last_column in places(block):
            span = f'rowspan="{last_row - row + 1}" colspan="{last_column - column + 1}"'
            rows[row] += f"<td {span}><p>{html.escape(text)}</p></td>"
        parts.append("<table>" + "".join(f"<tr>{row}</tr>" for row in rows.values()) + "</table>")
    page = (
        '<html><head><meta charset="utf-8"><title>通知_某市人民政府</title></head><body><ul class="nav"><li><a>首页</a></li><li><a>政务公开</a></li></ul>'
        f'<div class="article">{"".join(parts)}</div><div class="share">分享到：<a>微信</a></div><div style="display:none">（责任单位：某局）</div>'
        '<div class="footer"><p>主办：某市人民政府办公室</p><p>网站标识码：1234567890</p></div></body></html>'
    )
    return "文件.html", page.encode()


@pytest.fixture(scope="module")
def example() -> DraftPlan:
    return read_document(EXAMPLE)


@pytest.mark.parametrize("write", [as_bare_word, as_sheet, as_web_page], ids=["bare-word", "sheet", "web-page"])
def test_every_format_gives_the_draft_of_the_text(write, example, tmp_path):
    name, data = write(blocks_of_example())
    (tmp_path / name).write_bytes(data)
    draft = read_document(tmp_path / name)
    assert [item.model_dump(exclude={"source"}) for item in draft.items] == [item.model_dump(exclude={"source"}) for item in example.items]
    assert (draft.plan, draft.findings) == (example.plan, example.findings)


def test_sentences_on_a_sheet_are_prose_and_the_rest_stays_a_table():
    def row(*texts: str) -> list[Cell]:
        return [Cell(text) if text else EMPTY for text in texts]

    prose = row("为把校舍改造抓实抓好，现将任务分工如下，请照此办理。", "", "")
    grid = [
        prose,
        row("任务表", "", ""),
        row("序号", "任务", "责任单位"),
        row("1", "改造校舍", "市教育局"),
        row("", "", ""),
        row("抄送：各县", "", ""),
    ]
    found = sheet_blocks(grid, "表")
    assert [(block.text, block.line) if isinstance(block, Paragraph) else len(block.rows) for block in found] == [
        (prose[0].text, 1),
        3,
        ("抄送：各县", 6),
    ]
    assert [type(block) for block in sheet_blocks(grid[1:4], "表")] == [Table]


def test_radicals_are_read_as_characters_and_kept_as_written(tmp_path):
    text = "某市⼯作要点\n\n一、⼈才⼯作\n1. 建设⼈才公寓20套。（责任单位：市⼈民医院）\n2. 新建食堂5个。（责任单位：市教育局）\n"
    first, second = read_text(tmp_path, text).items
    assert (first.title, first.text, first.units[0].name) == ("建设人才公寓20套", "建设人才公寓20套。", "市人民医院")
    assert (first.source.written, second.source.written) == ("建设⼈才公寓20套。", None)


def test_wording_of_words_that_are_not_there():
    wording = Wording((Paragraph("⼈⼝ 普查"), Paragraph("⼈⼝普查员")))
    assert wording.differs
    assert [wording.of("人口普查"), wording.of("人口 普查员"), wording.of("没有"), wording.of("普")] == [
        "⼈⼝普查",
        "⼈⼝ 普查员",
        None,
        None,
    ]


MERGED = [
    ["类别", "任务", "要求", "牵头单位", "时限"],
    ["道路", "修整村道", "修整村道6公里", "乡建设办", "2025年5月底"],
    ["", "加固桥梁", "加固桥梁3座", "乡建设办", "2025年9月底"],
    ["用水", "接通自来水", "接通自来水400户", "乡水利站", "2025年10月底"],
]
PROSE = "各牵头单位须按月报送进展，逾期未报的予以提醒。"
BELOW = "（一）加强调度。乡党政办每季度调度一次。（责任单位：乡党政办）"
TITLE = "溪口乡2025年民生项目安排"
LOST_MERGING = {
    "text.txt": "\n".join(["", *("\t".join(row) for row in MERGED), ""]),
    "pipes.md": "\n".join(["", *(f"|{'|'.join(row)}|" for row in [MERGED[0], ["-"] * 5, *MERGED[1:]]), ""]),
    "sheet.csv": "\n".join(",".join(row) for row in MERGED),
}


@pytest.mark.parametrize(("name", "table"), LOST_MERGING.items(), ids=LOST_MERGING)
def test_prose_around_a_table_and_its_merged_classes_are_read_where_merging_is_lost(name, table, tmp_path):
    (tmp_path / name).write_text(f"{TITLE}\n{PROSE}\n{table}\n二、调度\n{BELOW}\n", encoding="utf-8")
    *rows, last = sorted(read_document(tmp_path / name).items, key=lambda item: item.source.table is None)
    assert [(item.path[-1], item.title, item.units[0].name) for item in rows] == [
        ("道路", "修整村道", "乡建设办"),
        ("道路", "加固桥梁", "乡建设办"),
        ("用水", "接通自来水", "乡水利站"),
    ]
    assert (last.path, last.units[0].name) == (("二、调度",), "乡党政办")


def test_a_section_row_in_text_with_tabs_is_a_row_of_the_table(tmp_path):
    rows = ["序号\t任务\t责任单位\t时限", "一、种植\t\t\t", "1\t种茶300亩\t村委会\t6月底", "二、养殖\t\t\t", "2\t养蜂80箱\t合作社\t9月底"]
    items = read_text(tmp_path, "溪口村2025年产业任务\n\n" + "\n".join(rows) + "\n").items
    assert [(item.path[-1], item.title) for item in items] == [("一、种植", "种茶300亩"), ("二、养殖", "养蜂80箱")]


def test_short_sentences_and_headings_below_the_table_of_a_sheet_are_no_rows():
    def row(*texts: str) -> list[Cell]:
        return [Cell(text) if text else EMPTY for text in texts]

    grid = [row("任务", "责任单位"), row("修桥", "乡建设办"), row("", "乡财政所"), row("每季度通报一次。", ""), row("二、其他", "")]
    assert [block.text if isinstance(block, Paragraph) else len(block.rows) for block in sheet_blocks(grid, "表")] == [
        3,
        "每季度通报一次。",
        "二、其他",
    ]
