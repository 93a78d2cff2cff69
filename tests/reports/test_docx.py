"""The Word face: its text, how its blocks stand on the sheet, and bytes that stay the same. `test_layout_check` measures the layout."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from reports import docx_styles
from reports.faces import render
from reports.paper import Annex, Column, Heading, Masthead, Record, Row, Signature, Table, Text
from tests.printing import PRINTING
from tests.reports.composed import composed
from tests.reports.papers import HOSTILE, bare_paper, hostile_paper, lagging_table, sample_paper, shares_chart, undrawn_paper
from tests.reports.read_back import docx_tables, docx_text, matches_golden


def made(paper):
    return render(paper, "docx", PRINTING)


def opened(paper):
    return Document(BytesIO(made(paper)))


@pytest.fixture(scope="module")
def sample():
    return opened(sample_paper())


@pytest.mark.parametrize(("name", "paper"), [("sample", sample_paper()), ("bare", bare_paper())], ids=["sample", "bare"])
def test_golden_text(name, paper):
    matches_golden(f"{name}.docx.txt", docx_text(made(paper)))


def shown_by(run):
    return "".join(words.text or "" for words in run.iter(qn("w:t"))) + "\t" * len(run.findall(qn("w:tab")))


def lines(document, style):
    return [line for line in document.paragraphs if line.style.name == style]


def test_heads_of_two_levels_repeat_and_span(sample):
    table = next(table for table in sample.tables if table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "滞后任务")
    above, below, group = table._tbl.tr_lst[:3]
    assert [row.trPr.find(qn("w:tblHeader")) is not None for row in (above, below, group)] == [True, True, False]
    assert [cell.grid_span for cell in above.tc_lst] == [1, 1, 2, 2, 1, 1]
    assert [cell.vMerge for cell in above.tc_lst] == ["restart", "restart", None, None, "restart", "restart"]
    assert [cell.vMerge for cell in below.tc_lst][:3] == ["continue", "continue", None]
    assert [cell.grid_span for cell in group.tc_lst] == [8]


def test_a_light_is_a_word_in_its_colour(sample):
    red = next(run for run in sample.element.body.iter(qn("w:r")) if shown_by(run) == "红灯")
    assert red.find(f"{qn('w:rPr')}/{qn('w:color')}").get(qn("w:val")) == "C00000"


def test_a_detail_stays_with_its_row():
    document = opened(replace(bare_paper(), blocks=(lagging_table(),)))
    rows = document.tables[0]._tbl.tr_lst
    kept = ["".join(map(shown_by, row.iter(qn("w:r"))))[:4] for row in rows if row.find(f".//{qn('w:keepNext')}") is not None]
    assert kept == ["序号任务", "目标实际", "科技进步", "1遴选示"]


def test_every_table_fills_its_type_area(sample):
    widths = [sum(int(column.get(qn("w:w"))) for column in table._tbl.tblGrid) / 1440 * 25.4 for table in sample.tables]
    across = max(widths)
    assert across == pytest.approx(225, abs=1)
    assert all(width == pytest.approx(156, abs=1) for width in widths if width != across)


def test_sections_turn_for_a_wide_annex_and_back(sample):
    assert [section.orientation for section in sample.sections] == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]
    assert [len(section._sectPr.findall(qn("w:footerReference"))) for section in sample.sections] == [2, 0, 0]


def test_the_record_stands_upright_after_a_wide_annex():
    wide = Annex("表", (lagging_table(),), is_landscape=True)
    with_record = opened(undrawn_paper(annexes=(wide,)))
    assert [section.orientation for section in with_record.sections][-1] == WD_ORIENT.PORTRAIT
    without = opened(undrawn_paper(annexes=(wide,), record=None))
    assert [section.orientation for section in without.sections] == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE]


RECORDS = {
    "all": (Record(("甲局", "乙局"), "督查室", date(2013, 10, 15), 40), ["抄送：甲局，乙局。", "督查室\t2013年10月15日印发", "\t共印40份"]),
    "copies only": (Record(("甲局",)), ["抄送：甲局。"]),
    "office only": (Record(office="督查室"), ["督查室\t"]),
    "none": (None, []),
}


@pytest.mark.parametrize("name", RECORDS)
def test_the_record_holds_what_is_known(name):
    record, expected = RECORDS[name]
    document = opened(undrawn_paper(record=record))
    boxes = list(document.element.body.iter(qn("w:txbxContent")))
    rows = [row for box in boxes for row in box.iter(qn("w:tr"))]
    assert ["".join(map(shown_by, row.iter(qn("w:r")))) for row in rows] == expected
    assert len(boxes) == (1 if expected else 0)


def test_the_office_stands_upon_the_day(sample):
    office, day = lines(sample, docx_styles.SIGNATURE)
    assert (office.text, day.text) == ("自治区人民政府督查室", "2013年10月14日")
    # 10 characters upon 7 (figures are half a character): one and a half further out on each side.
    assert day.paragraph_format.right_indent.pt - office.paragraph_format.right_indent.pt == pytest.approx(1.5 * 15.79, abs=0.5)


def test_a_signature_keeps_body_text_on_its_page():
    paper = sample_paper(blocks=(Heading("结语"), Text("特此通报。")))
    texts = opened(paper).paragraphs
    first = next(number for number, line in enumerate(texts) if line.text == "特此通报。")
    last = next(number for number, line in enumerate(texts) if line.text == "2013年10月14日" and line.style.name == docx_styles.SIGNATURE)
    assert all(line.paragraph_format.keep_with_next for line in texts[first:last])


def held_by_the_last(document, style):
    """What stands on one page with the last line of a style: the chain of what is kept with the next, back to where it breaks."""
    children = list(document.element.body)
    last = max(children.index(line._p) for line in lines(document, style))
    chain = []
    for node in reversed(children[:last]):
        part = node.findall(qn("w:tr"))[-1] if node.tag == qn("w:tbl") else node
        if part.find(f".//{qn('w:keepNext')}") is None:
            break
        chain.append(node)
        if node.tag == qn("w:tbl"):
            break
    return chain


@composed
def test_what_is_signed_or_named_stands_with_the_last_of_the_body(paper):
    document = opened(paper)
    style = docx_styles.SIGNATURE if paper.signature else docx_styles.ANNEX_LIST
    if not lines(document, style):
        return
    names = {number: name for name, number in docx_styles.style_ids(document).items()}
    chain = held_by_the_last(document, style)
    styles = [names.get(node.find(f"{qn('w:pPr')}/{qn('w:pStyle')}").get(qn("w:val"))) for node in chain if node.tag == qn("w:p")]
    assert chain[-1].tag == qn("w:tbl") or docx_styles.BODY in styles


ENDS = {
    "rows": (Row(("甲", "乙")), Row(("丙", "丁"))),
    "a row with its details": (Row(("甲", "乙")), Row(("丙", "丁")), Row(("戊",), "detail")),
    "a total": (Row(("甲", "乙")), Row(("计", None), "total")),
}


@pytest.mark.parametrize("rows", ENDS.values(), ids=ENDS)
def test_a_table_at_the_end_of_the_body_gives_its_last_row_to_the_signature(rows):
    table = Table("表", (Column("项", "text", 20), Column("目", "text", 20)), rows)
    document = opened(sample_paper(blocks=(Text("如下。"), table)))
    held = [row.find(f".//{qn('w:keepNext')}") is not None for row in document.tables[0]._tbl.tr_lst]
    assert held == [True, False, True] if len(rows) == 2 else [True, False, True, True]


def test_tables_below_each_other_have_one_line_between_them():
    table = Table("", (Column("项", "text", 20),), (Row(("甲",)),))
    body = list(opened(replace(bare_paper(), blocks=(table, table))).element.body)
    places = [place for place, node in enumerate(body) if node.tag == qn("w:tbl")]
    assert places[1] - places[0] == 2


def test_a_day_not_yet_signed_is_left_open():
    document = opened(undrawn_paper(signature=Signature(None, "甲方")))
    assert lines(document, docx_styles.SIGNATURE)[-1].text.split() == ["年", "月", "日"]


def test_the_letter_form_has_its_name_in_the_first_head_and_no_number_there():
    document = opened(undrawn_paper(masthead=Masthead("自治区人民政府办公厅", "督办〔2013〕2号", is_letter=True)))
    section = document.sections[0]
    assert section.different_first_page_header_footer
    assert section.first_page_header.paragraphs[0].text == "自治区人民政府办公厅"
    assert "PAGE" not in "".join(line._p.xml for line in section.first_page_footer.paragraphs)
    assert not document.sections[1].different_first_page_header_footer
    assert lines(document, docx_styles.ISSUE)[0].alignment.name == "RIGHT"


def test_a_long_name_stays_on_its_line():
    document = opened(undrawn_paper(masthead=Masthead("Office of Administrative Supervision", "No. 1")))
    (name,) = lines(document, docx_styles.MASTHEAD)
    assert name.runs[0].font.size.pt < 24


def test_the_level_stands_in_the_room_above_the_name(sample):
    (level,) = lines(sample, docx_styles.LEVEL)
    assert str(level.runs[0].font.color.rgb) == "1F4E9E"
    (name,) = lines(sample, docx_styles.MASTHEAD)
    (bare,) = lines(opened(undrawn_paper(level=None)), docx_styles.MASTHEAD)
    assert bare.paragraph_format.space_before is None
    assert name.paragraph_format.space_before < bare.style.paragraph_format.space_before


def test_without_a_head_there_is_no_red_rule():
    assert [line.style.name for line in opened(bare_paper()).paragraphs] == ["Title"]


def test_a_chart_is_a_picture_with_its_table_and_words_for_those_who_hear_it(sample):
    pictures = list(sample.element.body.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}inline"))
    described = [picture.docPr.get("descr") for picture in pictures]
    assert [words.split("：")[0] for words in described] == [
        "各类任务占比",
        "各行动进度与序时对照",
        "各单位红灯数（近四季度）",
        "完成率曲线",
    ]
    assert "已完成，22.2%，8" in described[0]
    assert len({picture.docPr.get("id") for picture in pictures}) == 4


def test_where_no_picture_can_be_drawn_the_table_stands_alone(monkeypatch, tmp_path):
    monkeypatch.setenv("DUBAN_FONTS", "")
    chart = shares_chart()
    strange = replace(chart, title="\U0003fffd")
    content = made(replace(bare_paper(), blocks=(strange,)))
    assert docx_tables(content)[0][1][0] == "已完成"
    assert not any(name.startswith("word/media/") for name in ZipFile(BytesIO(content)).namelist())


def test_bytes_stay_the_same_and_carry_no_clock():
    first, second = made(sample_paper()), made(sample_paper())
    assert first == second
    assert {part.date_time[:3] for part in ZipFile(BytesIO(first)).infolist()} == {(2013, 10, 14)}
    properties = Document(BytesIO(first)).core_properties
    assert (properties.created.date(), properties.author, properties.title) == (
        date(2013, 10, 14),
        "",
        "关于县域科技行动方案2013年第三季度落实情况的通报",
    )


def test_a_file_carries_nothing_that_no_paper_uses():
    content = made(bare_paper())
    looks = [style for style in Document(BytesIO(content)).styles.element.findall(qn("w:style")) if style.get(qn("w:type")) == "table"]
    assert [look.get(qn("w:default")) for look in looks] == ["1"]
    assert not any("stylesWithEffects" in name or "thumbnail" in name for name in ZipFile(BytesIO(content)).namelist())
    assert len(content) < 20_000


@pytest.mark.parametrize("words", [*HOSTILE, "{{ body }}", "{% for x in y %}", "{_{", "第一行\x00\x0b\ud800第二行"])
def test_words_stay_words(words):
    document = opened(hostile_paper(words))
    shown = re.sub(r"[\x00\x0b\ud800]+", " ", words)
    assert shown in lines(document, "Heading 1")[0].text
    assert lines(document, docx_styles.TITLE)[0].text.replace("\n", "") == shown


def test_no_xml_of_ours_breaks_the_order_word_wants(sample):
    order = [
        "pStyle",
        "keepNext",
        "keepLines",
        "pageBreakBefore",
        "framePr",
        "widowControl",
        "pBdr",
        "shd",
        "tabs",
        "snapToGrid",
        "spacing",
        "ind",
        "jc",
        "outlineLvl",
        "rPr",
        "sectPr",
    ]
    for settings in [*sample.element.body.iter(qn("w:pPr")), *sample.styles.element.iter(qn("w:pPr"))]:
        found = [child.tag.split("}")[1] for child in settings]
        known = [order.index(name) for name in found if name in order]
        assert known == sorted(known), found


def test_a_table_of_one_column_and_no_rows():
    table = Table("", (Column("项目", "text", 20),), ())
    assert docx_tables(made(replace(bare_paper(), blocks=(table, Table("", (Column("a", "text", 1),), (Row(("x",)),)))))) == [
        [["项目"]],
        [["a"], ["x"]],
    ]
