"""PDF pages without ruled lines: columns told by gaps, rows over several lines and pages, two-column prose."""

import pytest

from intake.document import Paragraph, Table
from intake.readers.pdf import read_pdf
from intake.reading import read_document
from intake.safety import SafeFile
from tests.intake.pdf_files import Sheet, pdf_bytes

HEAD = ["序号", "重点任务", "工作内容", "责任单位", "完成时限"]
PLACES = [50.0, 90.0, 180.0, 330.0, 460.0]
FULL = "健全工作机制压实各方责任定期调度进展及时解决困难"


def blocks(*sheets: Sheet) -> list:
    return list(read_pdf(SafeFile("文件.pdf", "pdf", pdf_bytes(list(sheets)))).blocks)


def write_row(sheet: Sheet, y: float, texts: list[str], places: list[float] = PLACES) -> Sheet:
    """Write a row of cells from `y` downwards; a line end in a text starts a line."""
    for x, text in zip(places, texts, strict=True):
        for number, line in enumerate(text.split("\n")):
            if line:
                sheet.write(x, y + 15 * number, line, 11)
    return sheet


def rows(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def row(number: int, unit: str = "市教育局") -> list[str]:
    return [str(number), "改造校舍", f"改造{number}0所", unit, "2026年6月"]


def test_columns_told_by_gaps():
    sheet = Sheet().write(200, 60, "某市校舍改造任务表", 16)
    for y, texts in ((100, HEAD), (130, row(1)), (160, row(2)), (190, row(3))):
        write_row(sheet, y, texts)
    title, table = blocks(sheet.lines(["　　各单位要按月报送进展，" + FULL, "逾期的予以通报。"], y=240))[:2]
    assert title.text == "某市校舍改造任务表"
    assert rows(table) == [HEAD, row(1), row(2), row(3)]


def test_cells_of_several_lines():
    sheet = write_row(Sheet(), 60, HEAD)
    write_row(sheet, 90, ["1", "改造校舍", "改造中心城区校舍共二十\n所并配齐设施设备", "市教育局、市住房\n城乡建设局", "2026年6月"])
    write_row(sheet, 135, ["2", "新建食堂", "新建食堂5个", "市教育局", "2026年9月"])
    (table,) = blocks(sheet)
    assert rows(table)[1] == ["1", "改造校舍", "改造中心城区校舍共二十所并配齐设施设备", "市教育局、市住房城乡建设局", "2026年6月"]
    assert rows(table)[2][1] == "新建食堂"


def test_numbers_in_the_middle_of_their_rows():
    sheet = write_row(Sheet(), 60, HEAD)
    for y, number in ((90, 1), (150, 2), (210, 3)):
        write_row(sheet, y, ["", "", "改造中心城区校舍共二十\n所并配齐各类设施设备和\n教学器材", "", ""])
        write_row(sheet, y + 15, [str(number), "改造校舍", "", "市教育局", "2026年6月"])
    (table,) = blocks(sheet)
    assert [line[0] for line in rows(table)] == ["序号", "1", "2", "3"]
    assert {line[2] for line in rows(table)[1:]} == {"改造中心城区校舍共二十所并配齐各类设施设备和教学器材"}


def test_head_words_broken_over_two_lines():
    sheet = write_row(Sheet(), 60, ["序\n号", "重点任务", "工作内容", "责任\n单位", "完成\n时限"])
    for y, texts in ((110, row(1)), (140, row(2))):
        write_row(sheet, y, texts)
    (table,) = blocks(sheet)
    assert rows(table) == [HEAD, row(1), row(2)]


def test_years_under_a_common_head():
    places = [50.0, 90.0, 180.0, 260.0, 340.0, 430.0]
    sheet = write_row(Sheet(), 60, ["", "", "", "进度安排", "", ""], [50.0, 90.0, 180.0, 266.0, 340.0, 430.0])
    write_row(sheet, 80, ["序号", "项目名称", "2026年", "2027年", "2028年", "责任单位"], places)
    for y, number in ((110, "1"), (140, "2")):
        write_row(sheet, y, [number, "新建公园", "建3个", "建4个", "建5个", "市城管局"], places)
    (table,) = blocks(sheet)
    assert rows(table)[1] == ["序号", "项目名称", "2026年", "2027年", "2028年", "责任单位"]
    assert rows(table)[0][2:5] == ["进度安排"] * 3
    assert rows(table)[2] == ["1", "新建公园", "建3个", "建4个", "建5个", "市城管局"]


def test_section_rows():
    sheet = write_row(Sheet(), 60, HEAD).write(60, 90, "（一）补齐教育设施短板，办好家门口的学校", 11)
    for y, texts in ((120, row(1)), (150, row(2))):
        write_row(sheet, y, texts)
    (table,) = blocks(sheet)
    assert rows(table)[1] == ["（一）补齐教育设施短板，办好家门口的学校"] * 5
    assert table.rows[1][0] is table.rows[1][4]


@pytest.mark.parametrize("repeats_head", [True, False], ids=["head-repeated", "head-once"])
def test_table_goes_on_overleaf(repeats_head):
    first = write_row(Sheet(), 700, HEAD)
    write_row(first, 730, row(1))
    write_row(first, 760, ["2", "新建食堂", "新建食堂5个并且逐一配", "市教育局", "2026年9月"])
    first.write(290, 810, "— 1 —", 10)
    second = Sheet().write(290, 810, "— 2 —", 10)
    y = 60
    if repeats_head:
        write_row(second, y, HEAD)
        y += 30
    write_row(second, y, ["", "", "齐厨具", "", ""])
    for at, number in ((30, 3), (60, 4)):
        write_row(second, y + at, row(number))
    (table,) = blocks(first, second)
    assert rows(table) == [HEAD, row(1), ["2", "新建食堂", "新建食堂5个并且逐一配齐厨具", "市教育局", "2026年9月"], row(3), row(4)]


def test_two_columns_are_read_one_after_the_other():
    sheet = Sheet().write(180, 40, "某市教育工作要点", 18)
    left = ["　　1.改造校舍二十所，" + FULL[:6], *[FULL[:19]] * 8, "力保年底前完"]
    right = ["成任务。", "　　2.新建食堂五个，" + FULL[:10], *[FULL[:19]] * 8]
    left[-1] = "确保二〇二六年年底前全部如期保质保量"
    sheet.lines(left, x=50, y=90).lines(right, x=310, y=94)
    found = [block.text for block in blocks(sheet) if isinstance(block, Paragraph)]
    assert found[0] == "某市教育工作要点"
    assert (found[1][:9], found[1][-8:]) == ("1.改造校舍二十所", "保质保量成任务。")
    assert found[2].startswith("2.新建食堂五个")


def test_prose_with_a_list_of_heads_is_no_table():
    sheet = Sheet().lines(["　　本表分序号、任务、责任单位三栏，" + FULL[:12], "请各单位认真填写。", "　　序号　任务", "　　另起一段。"])
    assert all(isinstance(block, Paragraph) for block in blocks(sheet))


def test_draft_of_such_a_table(tmp_path):
    sheet = Sheet().write(200, 60, "某市2026年校舍改造任务分工表", 16)
    for y, texts in ((100, HEAD), (130, row(1)), (160, row(2, "市发改委、市教育局"))):
        write_row(sheet, y, texts)
    path = tmp_path / "文件.pdf"
    path.write_bytes(pdf_bytes([sheet]))
    items = read_document(path).items
    assert [(item.number, item.title, [unit.name for unit in item.units], str(item.due_on)) for item in items] == [
        ("1", "改造校舍", ["市教育局"], "2026-06-30"),
        ("2", "改造校舍", ["市发改委", "市教育局"], "2026-06-30"),
    ]


def test_a_sign_of_a_font_s_own_parts_words_and_a_bullet_is_none():
    page = Sheet().lines(["\ue004一、任务", "（一）修路8公里。（责任单位：县交通局\ue003县财政局）\ue005"])
    (first, second) = read_pdf(SafeFile("文件.pdf", "pdf", pdf_bytes([page]))).blocks
    assert (first.text, second.text) == ("一、任务", "（一）修路8公里。（责任单位：县交通局 县财政局）")


@pytest.mark.parametrize("count", [5, 16])
def test_short_lines_alone_are_not_glued_to_the_title(count):
    title, number = "某县人民政府办公室关于做好今年各项重点民生工作的通知", "某政办〔2023〕12号"
    lines = [title, number, "各乡镇：", *(f"{at + 1}.新建水渠{at + 1}处。（县水利局）" for at in range(count))]
    sheet = Sheet()
    for at, line in enumerate(lines):
        sheet.write(90, 80 + 22 * at, line, 11)
    assert [block.text for block in blocks(sheet)[:2]] == [title, number]
