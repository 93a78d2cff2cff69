"""The readers: encodings and shapes of text, Word's merged cells and automatic numbers, Excel's merged cells and formats, csv."""

import io
import zipfile
from datetime import date

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from intake.document import Table
from intake.readers.docx import read_docx
from intake.readers.txt import read_txt
from intake.readers.xlsx import read_xlsx
from intake.reading import read_document
from intake.safety import SafeFile
from tests.intake.samples import read_text, workbook_bytes

TAB_LED = "任务分解表\n\t序号\n\t行动名称\n\t内容\n\t进度安排\n\t责任单位\n\n\t\n\t\n\t\n\t2016年\n\t2017年\n\t\n\n\t1\n\t强基行动\n\t建点30个\n\t建10个\n\t建20个\n\t省科技厅\n"
SHAPES = {
    "tab-led": TAB_LED,
    "tab-led-blanks-lost": "\n".join(line if line.strip() else "" for line in TAB_LED.split("\n")),
    "bare-lines": TAB_LED.replace("\t", "") + "2\n帮扶行动\n建点9个\n建4个\n建5个\n省教育厅\n",
    "tabs-between": "序号\t行动名称\t内容\t2016年\t2017年\t责任单位\n1\t强基行动\t建点30个\t建10个\t建20个\t省科技厅\n",
    "markdown": "| 序号 | 行动名称 | 内容 | 2016年 | 2017年 | 责任单位 |\n| --- | --- | --- | --- | --- | --- |\n| 1 | 强基行动 | 建点30个 | 建10个 | 建20个 | 省科技厅 |\n",
}


@pytest.mark.parametrize("text", SHAPES.values(), ids=SHAPES)
def test_shapes_of_tables_in_text(text, tmp_path):
    first = read_text(tmp_path, text).items[0]
    assert (first.number, first.title, first.text) == ("1", "强基行动", "建点30个")
    assert [(task.label, task.targets[0].value) for task in first.tasks] == [("2016年", 10.0), ("2017年", 20.0)]
    assert [unit.name for unit in first.units] == ["省科技厅"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding, newline, tmp_path):
    path = tmp_path / "文件.txt"
    path.write_bytes(TAB_LED.replace("\n", newline).encode(encoding))
    assert read_document(path).items[0].title == "强基行动"


def test_lines_are_counted_as_an_editor_shows_them(tmp_path):
    first = read_text(tmp_path, TAB_LED).items[0]
    assert (first.source.first_line, first.source.last_line, first.source.table) == (15, 20, 1)


def test_cell_over_two_lines():
    data = TAB_LED.replace("建点30个", "建点\n30个").encode()
    (table,) = (block for block in read_txt(SafeFile("x.txt", "txt", data)).blocks if isinstance(block, Table))
    assert table.rows[2][2].text == "建点30个"


def test_csv_with_title_row(tmp_path):
    text = '重点任务表,,,\n序号,任务名称,任务内容,责任单位\n1,强基,“建点”30个,"省科技厅、财政厅"\n'
    (item,) = read_text(tmp_path, text, "任务.csv").items
    assert (item.path, [unit.name for unit in item.units]) == (("重点任务表",), ["省科技厅", "省财政厅"])


def _docx(build) -> SafeFile:
    paper = docx.Document()
    build(paper)
    data = io.BytesIO()
    paper.save(data)
    return SafeFile("x.docx", "docx", data.getvalue())


def test_docx_merged_cells_are_one_cell():
    def build(paper):
        table = paper.add_table(rows=2, cols=3)
        for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
            cell.text = str(number)
        table.cell(0, 0).merge(table.cell(1, 0)).text = "纵"
        table.cell(0, 1).merge(table.cell(0, 2)).text = "横"

    (table,) = (block for block in read_docx(_docx(build)).blocks if isinstance(block, Table))
    assert [[cell.text for cell in row] for row in table.rows] == [["纵", "横", "横"], ["纵", "4", "5"]]
    assert table.rows[0][0] is table.rows[1][0]
    assert table.rows[0][1] is table.rows[0][2]


def test_docx_automatic_numbers_and_deleted_text():
    def build(paper):
        for text in ("第一件事。", "第二件事。"):
            paper.add_paragraph(text, style="List Number")
        gone = paper.add_paragraph("留下")._p
        deleted, run, words = OxmlElement("w:del"), OxmlElement("w:r"), OxmlElement("w:delText")
        words.text = "删去"
        run.append(words)
        deleted.append(run)
        gone.append(deleted)

    texts = [block.text for block in read_docx(_docx(build)).blocks]
    assert texts == ["1.第一件事。", "2.第二件事。", "留下"]


def test_docx_chinese_automatic_numbers():
    def build(paper):
        numbering = paper.part.numbering_part.element
        level = numbering.findall(qn("w:abstractNum"))[0].find(qn("w:lvl"))
        level.find(qn("w:numFmt")).set(qn("w:val"), "chineseCounting")
        level.find(qn("w:lvlText")).set(qn("w:val"), "（%1）")
        abstract = numbering.findall(qn("w:abstractNum"))[0].get(qn("w:abstractNumId"))
        number = next(one for one in numbering.findall(qn("w:num")) if one.find(qn("w:abstractNumId")).get(qn("w:val")) == abstract)
        for _ in range(12):
            properties = paper.add_paragraph("事").paragraph_format.element.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_numId().val = int(number.get(qn("w:numId")))
            properties.get_or_add_ilvl().val = 0

    assert [block.text for block in read_docx(_docx(build)).blocks][-3:] == ["（十）事", "（十一）事", "（十二）事"]


def test_xlsx_merged_cells_dates_and_shares(tmp_path):
    import xlsxwriter

    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("一")
        sheet.merge_range("A1:C1", "标题")
        sheet.write_row("A2", ["序号", "任务", "时间"])
        sheet.write("A3", 1)
        sheet.write("B3", 0.7, book.add_format({"num_format": "0%"}))
        sheet.write_datetime("C3", date(2026, 9, 30), book.add_format({"num_format": "yyyy-mm-dd"}))
        book.add_worksheet("藏").hide()
    (table,) = read_xlsx(SafeFile("表.xlsx", "xlsx", path.read_bytes())).blocks
    assert [[cell.text for cell in row] for row in table.rows] == [["标题"] * 3, ["序号", "任务", "时间"], ["1", "70%", "2026年9月30日"]]
    assert table.rows[0][0] is table.rows[0][2]


def test_xlsx_rows_are_numbered_as_the_sheet_shows_them(tmp_path):
    rows = [[None], ["序号", "任务", "责任单位"], [1, "推进试点", "市科技局"]]
    path = tmp_path / "表.xlsx"
    path.write_bytes(workbook_bytes(rows))
    (item,) = read_document(path).items
    assert (item.source.sheet, item.source.row, item.number) == ("表", 3, "1")


def test_docx_without_the_styles_part_is_read():
    file = _docx(lambda paper: paper.add_paragraph("正文"))
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file.data)) as source, zipfile.ZipFile(kept, "w") as target:
        for name in source.namelist():
            if name not in ("word/styles.xml", "word/numbering.xml"):
                target.writestr(name, source.read(name))
    assert [block.text for block in read_docx(SafeFile("x.docx", "docx", kept.getvalue())).blocks] == ["正文"]


def test_xlsx_hidden_rows_are_read_and_told(tmp_path):
    import xlsxwriter

    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("甲")
        sheet.write_row("A1", ["序号", "任务", "责任单位"])
        sheet.write_row("A2", [1, "推进试点", "市科技局"])
        sheet.write_row("A3", [2, "推进推广", "市农业局"])
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_row(8, None, None, {"hidden": True})
        book.add_worksheet("乙").hide()
    draft = read_document(path)
    told = [finding.message for finding in draft.findings if finding.code == "hidden-rows"]
    assert len(draft.items) == 2
    assert ["（第3行）" in told[0], "“乙”" in told[1], len(told)] == [True, True, 2]


def test_markdown_marks_and_html_tables(tmp_path):
    table = "<table>\n<tr><th>序号</th><th>任务</th><th>责任单位</th></tr>\n<tr><td rowspan=2>1</td><td>建点3个</td><td>市科技局</td></tr>\n<tr><td>建站5个</td><td>市教育局</td></tr></table>"
    text = f"# 某市行动方案\n\n## 一、任务\n- **（一）抓试点。**建点8个。（责任单位：市科技局）\n{table}\n\n## 二、其他\n（一）办展会。办展3场。（责任单位：市文旅局）\n"
    draft = read_text(tmp_path, text, "方案.md")
    assert draft.plan.title == "某市行动方案"
    assert [(item.source.first_line, item.source.table) for item in draft.items] == [(4, None), (11, None), (None, 1), (None, 1)]
    assert [item.number for item in draft.items] == ["（一）", "（一）", "1", "1"]
