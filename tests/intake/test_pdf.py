"""PDF files: lines become paragraphs and rules become tables again, across pages; page numbers go; scans and locked files are refused in one line."""

import random
import zlib

import pytest

from intake.document import Paragraph, Table
from intake.readers.pdf import read_pdf
from intake.readers.radicals import whole_characters
from intake.reading import read_document
from intake.safety import SafeFile
from rules.errors import DubanError
from tests.intake.pdf_files import Sheet, pdf_bytes
from tests.intake.samples import EXAMPLES, ROOT, SHARED, needs_shared

EXAMPLE = ROOT / "tests" / "intake" / "files" / "example.pdf"
FULL = "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八"


def blocks(*sheets: Sheet, **how) -> list:
    return list(read_pdf(SafeFile("文件.pdf", "pdf", pdf_bytes(list(sheets), **how))).blocks)


def texts(found) -> list[str]:
    return [block.text for block in found if isinstance(block, Paragraph)]


def rows(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def test_the_example_as_pdf_gives_the_draft_of_the_word_file():
    pdf, word = read_document(EXAMPLE), read_document(EXAMPLES / "guangxi-2012-269.docx")
    without = {"source": True}
    assert [item.model_dump(exclude=without) for item in pdf.items] == [item.model_dump(exclude=without) for item in word.items]
    assert (pdf.plan, pdf.findings) == (word.plan, word.findings)


def test_lines_become_paragraphs():
    sheet = Sheet().lines(["　　" + FULL[2:], FULL, "短句结束。", "　　（一）另起一段，" + FULL[9:], "到此为止。"])
    assert texts(blocks(sheet)) == [FULL[2:] + FULL + "短句结束。", "（一）另起一段，" + FULL[9:] + "到此为止。"]


def test_paragraph_goes_on_over_the_page_and_page_numbers_and_running_heads_go():
    sheets = []
    for number in (1, 2, 3, 4):
        body = (
            ["　　" + FULL[2:], FULL, "完。", "　　" + FULL[2:], FULL[number:] + FULL[:number]]
            if number < 4
            else ["结束。", "　　另一段。"]
        )
        sheets.append(Sheet().write(240, 30, "某市工作手册", 9).lines(body).write(280, 800, f"— {number} —"))
    found = texts(blocks(*sheets))
    assert found[0] == "某市工作手册"
    assert [text for text in found if "—" in text or text.count("手册")] == ["某市工作手册"]
    assert found[-2].endswith(FULL[3:] + FULL[:3] + "结束。")
    assert found[-1] == "另一段。"


HEAD = ["序号", "任务", "内容", "责任单位"]
COLUMNS = [60.0, 100.0, 200.0, 400.0, 535.0]


def test_table_with_merged_cells():
    table = [["序号", "任务", "进度", "<"], ["^", "^", "2016年", "2017年"], ["1", "强基", "建10个", "建20个"]]
    (found,) = blocks(Sheet().grid(COLUMNS, [100, 130, 160, 200], table))
    assert rows(found) == [["序号", "任务", "进度", "进度"], ["序号", "任务", "2016年", "2017年"], ["1", "强基", "建10个", "建20个"]]
    assert found.rows[0][2] is found.rows[0][3]
    assert found.rows[0][0] is found.rows[1][0]


def test_row_cut_by_the_page_end_is_one_row():
    first = Sheet().grid(
        COLUMNS, [700, 730, 760, 800], [HEAD, ["1", "强基", "建10个", "市科技局"], ["2", "帮扶", "建好五个示范点并做好", "市教育局"]]
    )
    second = Sheet().grid(COLUMNS, [60, 90, 120, 150], [HEAD, ["", "", "日常管护", ""], ["3", "评估", "评一次", "市审计局"]])
    (table,) = blocks(first, second)
    assert rows(table) == [HEAD, ["1", "强基", "建10个", "市科技局"], ["2", "帮扶", "建好五个示范点并做好日常管护", "市教育局"], ["3", "评估", "评一次", "市审计局"]]  # fmt: skip


def test_merged_cell_goes_on_over_the_page_end():
    first = Sheet().grid(COLUMNS, [700, 730, 760, 790], [HEAD, ["一", "强基", "建10个", "市科技局"], ["^", "帮扶", "建5个", "^"]])
    second = Sheet().grid(COLUMNS, [60, 90, 120], [["", "评估", "评一次", ""], ["二", "宣传", "讲十场", "市文旅局"]])
    (table,) = blocks(first, second)
    assert rows(table)[3] == ["一", "评估", "评一次", "市科技局"]
    assert table.rows[3][3] is table.rows[1][3]


def test_lines_in_a_cell_are_joined_where_they_are_full_and_kept_where_they_are_meant():
    units = ["1", "强基", "建好全市四十个乡镇的便民服务点并且\n开展培训", "市科技局\n市教育局\n市司法局"]
    (table,) = blocks(Sheet().grid(COLUMNS, [100, 130, 190], [HEAD, units]))
    assert rows(table)[1][2:] == ["建好全市四十个乡镇的便民服务点并且开展培训", "市科技局\n市教育局\n市司法局"]


def test_a_frame_is_no_table():
    sheet = Sheet().grid([50.0, 560.0], [50, 400], [[""]]).lines(["　　" + FULL[2:], "第二行。"])
    assert texts(blocks(sheet)) == [FULL[2:] + "第二行。"]


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_turned_page_keeps_its_words(rotate):
    found = blocks(Sheet().grid(COLUMNS, [100, 130, 160], [HEAD, ["1", "强基", "建10个", "市科技局"]]), rotate=rotate)
    assert found


def test_a_printed_web_page_is_left_without_its_page():
    top = ["首页　互动　服务", "当前位置：首页>文件", "索引号：123　主题分类：科技　发文字号：某政发〔2026〕3号"]
    body = ["某某市科技行动方案", "　　一、抓好试点。建点3个。（责任单位：市科技局）"]
    foot = ["打印 关闭", "网站地图　联系我们", "主办：某某市人民政府办公室", "某ICP备10000000号"]
    found = texts(blocks(Sheet().lines([*top, *body, *foot], pitch=40).write(60, 815, "https://www.example.org/a.html 1/1", 8)))
    assert found == ["某某市科技行动方案", "某政发〔2026〕3号", "一、抓好试点。建点3个。（责任单位：市科技局）"]


RADICALS = {"kangxi": ("⼈⼝⼯", "人口工"), "supplement": ("⻓⻔⻚⻛⺠", "长门页风民"), "none": ("人民", "人民")}


@pytest.mark.parametrize(("written", "meant"), RADICALS.values(), ids=RADICALS)
def test_radicals(written, meant):
    assert whole_characters(written) == meant


def test_a_page_that_is_a_picture_is_told():
    content = read_pdf(SafeFile("文件.pdf", "pdf", pdf_bytes([Sheet().lines([FULL, FULL]), Sheet().picture()])))
    (finding,) = content.findings
    assert (finding.code, "第2页" in finding.message) == ("pages-without-text", True)


def bomb() -> bytes:
    packed = zlib.compress(b"0" * 250_000_000)
    return pdf_bytes([Sheet().lines([FULL])]) + b"9 0 obj<</Filter/FlateDecode>>stream\n" + packed


REFUSED = {
    "scan": (lambda: pdf_bytes([Sheet().picture(), Sheet().picture()]), "pdf-without-text"),
    "locked": (lambda: pdf_bytes([Sheet().lines([FULL])], encrypted=True), "file-encrypted"),
    "cut": (lambda: EXAMPLE.read_bytes()[:200], "file-damaged"),
    "head-only": (lambda: b"%PDF-1.7 ...", "file-damaged"),
    "bomb": (bomb, "zip-bomb"),
    "pages": (lambda: pdf_bytes([Sheet()] * 3001), "file-too-large"),
}


@pytest.mark.parametrize(("make", "code"), REFUSED.values(), ids=REFUSED)
def test_refusals(make, code, tmp_path):
    path = tmp_path / "文件.pdf"
    path.write_bytes(make())
    with pytest.raises(DubanError) as refusal:
        read_document(path)
    assert (refusal.value.code, "\n" in refusal.value.message) == (code, False)


def test_flipped_bytes_raise_nothing_else(tmp_path):
    chance = random.Random(7)
    data = pdf_bytes([Sheet().grid(COLUMNS, [100, 130, 160], [HEAD, ["1", "强基", "建10个", "市科技局"]])])
    path = tmp_path / "文件.pdf"
    for _ in range(60):
        broken = bytearray(data)
        for _ in range(8):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        path.write_bytes(bytes(broken))
        try:
            read_document(path)
        except DubanError as error:
            assert error.code  # noqa: PT017


@needs_shared
def test_printed_page_reads_as_its_text():
    pdf, text = (read_document(SHARED / "plans" / f"zj-kaiyuan-2026.{kind}") for kind in ("pdf", "txt"))
    found = {item.title: [unit.name for unit in item.units] for item in pdf.items if item.units}
    assert {item.title: [unit.name for unit in item.units] for item in text.items if item.units} == found


def test_two_short_lines_that_end_at_one_place_are_no_full_lines():
    sheet = Sheet().lines(["溪口乡2025年项目安排", "现将有关项目安排如下。", "　　" + FULL[:34], "一、修路"])
    assert texts(blocks(sheet))[:2] == ["溪口乡2025年项目安排", "现将有关项目安排如下。"]
