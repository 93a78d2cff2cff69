"""The Word face: its text, its page by GB/T 9704-2012, and bytes that stay the same."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from reports.imprint import Imprint
from reports.to_docx import bulletin_docx
from tests.reports.builders import NAUGHTY_UNIT, bulletin, empty_bulletin, lagging_task, large_bulletin, single_bulletin
from tests.reports.read_back import docx_tables, docx_text, matches_golden

OFFICE = "自治区人民政府督查室"


@pytest.fixture(scope="module")
def paper():
    return Document(BytesIO(bulletin_docx(bulletin(), Imprint(OFFICE))))


@pytest.mark.parametrize(
    ("name", "view", "office"),
    [("bulletin", bulletin(), OFFICE), ("empty", empty_bulletin(), None), ("single", single_bulletin(), None)],
    ids=["full", "empty", "single"],
)
def test_golden_text(name, view, office):
    matches_golden(f"{name}.docx.txt", docx_text(bulletin_docx(view, Imprint(office, 2013, 3))))


def test_portrait_page_has_the_standard_margins(paper):
    section = paper.sections[0]
    millimetres = [
        round(length / Mm(1), 1)
        for length in (
            section.page_width,
            section.page_height,
            section.top_margin,
            section.bottom_margin,
            section.left_margin,
            section.right_margin,
        )
    ]
    assert millimetres == [210, 297, 37, 35, 28, 26]


def test_grid_holds_22_lines_of_28_characters(paper):
    for section in paper.sections:
        grid = section._sectPr.find(qn("w:docGrid"))
        assert grid.get(qn("w:type")) == "linesAndChars"
        assert int(grid.get(qn("w:linePitch"))) == pytest.approx(28.99 * 20, abs=1)
        assert int(grid.get(qn("w:charSpace"))) / 4096 + 16 == pytest.approx(15.79, abs=0.01)


@pytest.mark.parametrize(
    ("style", "font", "points"),
    [
        ("Normal", "仿宋_GB2312", 16),
        ("Heading 1", "黑体", 16),
        ("Title", "方正小标宋简体", 22),
        ("Masthead", "方正小标宋简体", 58),
        ("Footer", "宋体", 14),
    ],
)
def test_types_and_sizes(paper, style, font, points):
    properties = paper.styles[style].element.rPr
    assert properties.rFonts.get(qn("w:eastAsia")) == font
    assert paper.styles[style].font.size == Pt(points)


def test_every_type_names_a_free_stand_in(paper):
    part = next(part for part in paper.part.package.iter_parts() if part.partname.endswith("fontTable.xml"))
    table = part.blob.decode()
    for font in ("仿宋_GB2312", "方正小标宋简体", "楷体_GB2312", "黑体", "宋体"):
        assert f'w:name="{font}"' in table
    assert "Noto Serif CJK SC" in table


def test_body_is_indented_two_characters_and_masthead_is_red(paper):
    indent = paper.styles["Body Text Indented"].element.pPr.find(qn("w:ind"))
    assert indent.get(qn("w:firstLineChars")) == "200"
    assert str(paper.styles["Masthead"].font.color.rgb) == "E60012"


def test_page_numbers_stand_at_the_outer_edges(paper):
    assert paper.settings.odd_and_even_pages_header_footer
    odd, even = paper.sections[0].footer.paragraphs[0], paper.sections[0].even_page_footer.paragraphs[0]
    assert [line.alignment.name for line in (odd, even)] == ["RIGHT", "LEFT"]
    for line in (odd, even):
        assert "PAGE" in line._p.xml
        assert line.text.replace(" ", "") == "——"


def test_annexes_are_landscape_tables_with_repeated_heads(paper):
    assert [section.orientation for section in paper.sections] == [WD_ORIENT.PORTRAIT, *[WD_ORIENT.LANDSCAPE] * 3]
    for table in paper.tables:
        assert table._tbl.tr_lst[0].trPr.find(qn("w:tblHeader")) is not None
        widths = sum(int(column.get(qn("w:w"))) for column in table._tbl.tblGrid)
        assert widths <= Mm(225) / Mm(1) / 25.4 * 1440 + 20


def test_body_tables_fit_the_type_area(paper):
    for table in paper.tables[:2]:
        widths = sum(int(column.get(qn("w:w"))) for column in table._tbl.tblGrid)
        assert widths <= 156.5 / 25.4 * 1440


def test_a_signature_keeps_body_text_on_its_page(paper):
    texts = [paragraph.text for paragraph in paper.paragraphs]
    last_of_body = next(number for number, text in enumerate(texts) if text.startswith("下期到期任务共"))
    office = texts.index(OFFICE)
    assert all(paragraph.paragraph_format.keep_with_next for paragraph in paper.paragraphs[last_of_body : office + 1])


def test_bytes_stay_the_same_and_carry_no_clock():
    first, second = bulletin_docx(bulletin()), bulletin_docx(bulletin())
    assert first == second
    assert {part.date_time[:3] for part in ZipFile(BytesIO(first)).infolist()} == {(2013, 10, 14)}
    assert Document(BytesIO(first)).core_properties.created.date() == bulletin().written_on


def test_names_stay_names():
    content = bulletin_docx(bulletin(lagging=(lagging_task(unit=NAUGHTY_UNIT, cause="第一行\x0b第二行\n=1+1\x00"),)))
    lagging = docx_tables(content)[1]
    assert lagging[1][2] == NAUGHTY_UNIT
    assert "原因：第一行 第二行 =1+1" in lagging[2][1]


def test_a_large_bulletin_has_all_its_rows():
    view = large_bulletin()
    tables = docx_tables(bulletin_docx(view))
    assert len(tables[1]) == 1 + 2 * len(view.lagging)
    assert len(tables[2]) == 1 + 60
    assert len(tables[4]) == 1 + len(view.next)
