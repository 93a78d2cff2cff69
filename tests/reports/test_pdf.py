"""Papers as PDF, read back with another library: page, type, numbers, texts, fonts; and what is refused rather than printed wrong."""

import ctypes
import re
import struct
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import layout
from reports.chart_images import chart_png
from reports.fonts import LATIN_SERIF, ROLES, Cabinet, Chosen, chosen_for
from reports.paper import Annex, Column, Heading, Masthead, Paper, Row, Signature, Table, Text
from reports.pdf_sheet import sheet_of, texts_in
from reports.to_pdf import compiler, paper_pdf, typeset
from rules.errors import DubanError
from rules.texts import use_language
from tests.printing import FONTS
from tests.reports.papers import HOSTILE, bare_paper, charts, hostile_paper, long_table, sample_paper

POINTS_PER_MM = 72 / 25.4
TEMPLATE_CODE = (
    '#let x = panic("read as code")',
    "#import(1) $a_1^2$ @nobody <label>",
    "\\ *heavy* _slanted_ `raw` ```block```",
    "= head\n- list\n+ item\n/ term: words",
    "// remark /* closed */ ~ -- --- ...",
    "#{ } [ ] ( ) \"quoted\" 'single'",
)


def _opened(made: bytes) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(made)


def _text(made: bytes) -> str:
    document = _opened(made)
    return "\n".join(document[number].get_textpage().get_text_range() for number in range(len(document)))


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def _places(page: pypdfium2.PdfPage, words: str) -> Iterator[tuple[float, float, float, float]]:
    """Give the boxes of the words on the page, in millimetres from its lower left."""
    text = page.get_textpage()
    found = text.search(words)
    while (at := found.get_next()) is not None:
        boxes = [text.get_charbox(number) for number in range(at[0], at[0] + at[1])]
        left, bottom, right, top = (side(box[place] for box in boxes) for place, side in enumerate((min, min, max, max)))
        yield left / POINTS_PER_MM, bottom / POINTS_PER_MM, right / POINTS_PER_MM, top / POINTS_PER_MM


def _fonts(made: bytes) -> dict[str, bool]:
    """Return the fonts that draw text, each with whether it is in the file."""
    found: dict[str, bool] = {}
    for page in _opened(made):
        for part in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
            font = pdfium.FPDFTextObj_GetFont(part.raw)
            name = ctypes.create_string_buffer(200)
            pdfium.FPDFFont_GetBaseFontName(font, name, 200)
            found[name.value.decode()] = pdfium.FPDFFont_GetIsEmbedded(font) == 1
    return found


def _printed(value: object, name: str = "") -> Iterator[str]:
    """Give the texts of a sheet that stand on paper; the names of tables are for those who hear them, a picture's words are its own."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key not in {
                "language",
                "day",
                "kind",
                "style",
                "colour",
                "colours",
                "red",
                "aligned",
                "svg",
                "told",
                *(("title",) if name == "blocks" else ()),
            }:
                yield from _printed(part, key)
    elif isinstance(value, list):
        for part in value:
            yield from _printed(part, name)
    elif isinstance(value, str):
        yield value


@pytest.fixture(scope="module")
def sample() -> bytes:
    return paper_pdf(sample_paper(), FONTS)


def test_every_text_and_number_is_read_back(sample):
    printed = _bare(_text(sample))
    words = list(_printed(sheet_of(sample_paper())))
    assert len(words) > 100
    assert [text for text in words if _bare(text) not in printed] == []


@pytest.mark.parametrize("number", ["22.2", "54.5", "74.8", "44.4"])
def test_the_numbers_of_the_charts_are_text(sample, number):
    assert number in _text(sample)


def test_the_sheets_are_a4_and_a_wide_annex_lies_across(sample):
    sizes = [tuple(round(side / POINTS_PER_MM) for side in page.get_size()) for page in _opened(sample)]
    assert sizes.count((297, 210)) == 1
    assert set(sizes) == {(210, 297), (297, 210)}
    across = _opened(sample)[sizes.index((297, 210))]
    assert "滞后任务一览表" in across.get_textpage().get_text_range()


def _numbered_paper() -> Paper:
    annex = Annex("任务台账", (long_table(60),), is_landscape=True)
    return replace(bare_paper(), blocks=(Text("甲乙丙丁" * 400),), annexes=(annex,))


def test_the_number_stands_right_on_odd_and_left_on_even_pages():
    document = _opened(paper_pdf(_numbered_paper(), FONTS))
    for number, page in enumerate(document, start=1):
        if page.get_width() > page.get_height():
            continue
        ((left, bottom, right, top),) = _places(page, f"— {number} —")
        # 7.5: one character in from the outer edge, the dash 7 mm below the type area.
        assert right == pytest.approx(210 - 26 - 5.6, abs=0.7) if number % 2 else left == pytest.approx(28 + 5.6, abs=0.7)
        assert (bottom + top) / 2 == pytest.approx(35 - 7, abs=1)


def test_on_a_sheet_that_lies_across_the_number_stays_where_it_was():
    document = _opened(paper_pdf(_numbered_paper(), FONTS))
    sides = []
    for number, page in enumerate(document, start=1):
        if page.get_width() < page.get_height():
            continue
        digit = next(box for box in _places(page, str(number)) if box[0] < 35)
        assert (digit[0] + digit[2]) / 2 == pytest.approx(35 - 7, abs=1.5)
        sides.append((number % 2, digit[1] > 105))
    assert set(sides) == {(1, False), (0, True)}


def test_a_full_page_holds_22_lines_of_28_characters():
    page = _opened(paper_pdf(replace(bare_paper(), blocks=(Text("督" * 3000),)), FONTS))[1]
    lines = [line for line in page.get_textpage().get_text_range().splitlines() if set(line) == {"督"}]
    assert [len(line) for line in lines] == [layout.CHARACTERS_PER_LINE] * layout.LINES_PER_PAGE


def test_the_head_keeps_the_margins(sample):
    page = _opened(sample)[0]
    ((left, _bottom, _right, top),) = _places(page, "各责任单位：")
    assert left == pytest.approx(28, abs=1)
    assert top < 297 - 37
    ((_left, _bottom, right, _top),) = _places(page, "2013年10月14日")
    assert right == pytest.approx(210 - 26 - 5.6, abs=1)


def test_a_repeated_head_stands_on_every_sheet_of_a_table():
    document = _opened(paper_pdf(_numbered_paper(), FONTS))
    heads = [page.get_textpage().get_text_range().count("编号") for page in document if page.get_width() > page.get_height()]
    assert heads == [1] * len(heads)
    assert len(heads) > 1


def test_a_letter_has_no_number_on_its_first_page_and_lies_30_mm_below_the_edge():
    letter = sample_paper(masthead=Masthead("督查室函", "督函〔2013〕2号", is_letter=True), level=None)
    page = _opened(paper_pdf(letter, FONTS))[0]
    ((_left, _bottom, _right, top),) = _places(page, "督查室函")
    assert 297 - top == pytest.approx(30, abs=2)
    assert "— 1 —" not in page.get_textpage().get_text_range()


def test_the_record_lies_at_the_foot_of_the_last_page(sample):
    document = _opened(sample)
    ((_left, bottom, right, _top),) = _places(document[len(document) - 1], "共印40份")
    assert bottom == pytest.approx(35, abs=3)
    assert right == pytest.approx(210 - 26 - 5, abs=1)


@pytest.mark.parametrize("rows", [3, 6, 7, 20, 24, 60])
def test_who_signs_never_stands_on_a_page_without_the_body(rows):
    signed = replace(bare_paper(), blocks=(Text("情况如下。"), long_table(rows)), signature=Signature(date(2013, 10, 14), "督查室"))
    for lines in range(0, 20, 3):
        paper = replace(signed, blocks=(Text("督" * 28 * lines + "办"), *signed.blocks))
        last = list(_opened(paper_pdf(paper, FONTS)))[-1].get_textpage().get_text_range()
        assert "督查室" in last
        assert "完善条件" in last


def test_what_belongs_to_a_row_stays_on_its_sheet():
    rows = (row for number in range(40) for row in (Row((f"任务{number}", "甲县")), Row((f"原因{number}：场地没有落实。",), "detail")))
    table = Table("滞后任务", (Column("任务", "text", 60), Column("单位", "text", 60)), tuple(rows))
    for page in _opened(paper_pdf(replace(bare_paper(), blocks=(table,)), FONTS)):
        words = page.get_textpage().get_text_range()
        assert re.findall(r"任务(\d+)", words) == re.findall(r"原因(\d+)", words)


def test_fonts_are_in_the_file_and_come_from_the_house_alone(sample):
    fonts = _fonts(sample)
    assert all(fonts.values())
    assert {name.partition("+")[2] for name in fonts} == {"NotoSerifSC-Regular", "NotoSansSC-Regular"}


def test_the_file_is_tagged_named_and_dated(sample):
    document = _opened(sample)
    assert document.is_tagged()
    known = document.get_metadata_dict()
    assert known["Title"] == "关于县域科技行动方案2013年第三季度落实情况的通报"
    assert known["CreationDate"].startswith("D:20131014")
    assert b"pdfuaid:part" in sample
    assert b"(zh-CN)" in sample


@pytest.mark.parametrize("words", [*TEMPLATE_CODE, *HOSTILE])
def test_no_text_is_read_as_code(words):
    printed = _bare(_text(paper_pdf(hostile_paper(words), FONTS)))
    assert printed.count(_bare(words)) >= 20


@pytest.mark.parametrize(
    "paper",
    [
        pytest.param(bare_paper(), id="a title alone"),
        pytest.param(sample_paper(title=()), id="no title"),
        pytest.param(sample_paper(annexes=()), id="no annex"),
        pytest.param(sample_paper(record=None), id="no record"),
        pytest.param(sample_paper(annexes=sample_paper().annexes[:1]), id="the last annex lies across"),
        pytest.param(sample_paper(annexes=sample_paper().annexes[:1], record=None), id="the last annex lies across without a record"),
        pytest.param(
            sample_paper(blocks=(Heading("丙", 3), Heading("乙", 2), Heading("甲", 1), Heading("丙", 3))), id="headings out of order"
        ),
        pytest.param(hostile_paper(""), id="no words"),
        pytest.param(hostile_paper("长" * 1500), id="very long words"),
        pytest.param(hostile_paper("x" * 1000), id="one very long word"),
        pytest.param(hostile_paper("甲\x00乙\u2028丙\u202e丁\ud800"), id="control characters"),
    ],
)
def test_any_paper_can_be_set(paper):
    assert len(_opened(paper_pdf(paper, FONTS))) >= 1


def _outcome(paper: Paper) -> str:
    """Return how the file begins, or the code of the refusal."""
    try:
        return paper_pdf(paper, FONTS)[:4].decode()
    except DubanError as refused:
        return refused.code


@settings(max_examples=40)
@given(st.text(max_size=30))
def test_any_text_is_drawn_or_refused_by_name(words):
    paper = replace(bare_paper(), title=(words,), blocks=(Heading(words), Text(words, words)))
    assert _outcome(paper) in ("%PDF", "no-glyph")


def test_the_same_paper_gives_the_same_bytes(sample):
    compiler.cache_clear()
    assert paper_pdf(sample_paper(), FONTS) == sample


def test_an_english_paper_says_its_language():
    with use_language("en"):
        made = paper_pdf(replace(bare_paper(), title=("Notice of “progress”",), blocks=(Text("Due on 31 December."),)), FONTS)
    assert b"(en)" in made
    assert {name.partition("+")[2] for name in _fonts(made)} == {"LibertinusSerif-Bold", "LibertinusSerif-Regular"}


def test_a_character_that_no_font_has_is_refused_with_its_place():
    with pytest.raises(DubanError) as refused:
        paper_pdf(sample_paper(addressee="张\U000f0123同志："), FONTS)
    assert refused.value.code == "no-glyph"
    assert "张\U000f0123同志" in refused.value.message


def test_were_a_missing_character_overlooked_the_typesetter_would_refuse_it():
    latin = Cabinet([], with_system=False)
    chosen = Chosen(latin.fonts, dict.fromkeys(ROLES, (LATIN_SERIF,)))
    with pytest.raises(DubanError) as refused:
        typeset(sheet_of(bare_paper()), chosen, 0)
    assert refused.value.code == "no-glyph"


@pytest.mark.parametrize("chart", charts(), ids=lambda chart: chart.kind)
def test_a_chart_becomes_a_picture_at_300_dots_an_inch(chart):
    made = chart_png(chart, 140, FONTS)
    assert made is not None
    assert made.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", made[16:24])
    assert width == pytest.approx(140 / 25.4 * 300, abs=2)
    assert 100 < height < 1.6 * width
    assert chart_png(chart, 140, FONTS) == made


def test_a_chart_without_a_font_is_no_picture():
    assert chart_png(replace(charts()[0], title="\U000f0123"), 140, FONTS) is None


@pytest.mark.parametrize(
    "styles",
    ["ggp", "pgg", "ggg", "gggpgg", "gdg", "ggd", "pgtgg", "g", "ggppppppppgg"],
)
@pytest.mark.parametrize("is_last", [True, False], ids=["signed below", "words below"])
def test_groups_may_stand_right_below_each_other(styles, is_last):
    names = {"g": "group", "p": "plain", "d": "detail", "t": "total"}
    rows = tuple(Row((f"第{place}行", None) if mark in "pt" else (f"第{place}行",), names[mark]) for place, mark in enumerate(styles))
    table = Table("表", (Column("项", "text", 40), Column("数", "count", 20)), rows)
    below = () if is_last else (Text("正文。"),)
    printed = _bare(_text(paper_pdf(replace(bare_paper(), blocks=(table, *below), signature=Signature(date(2013, 10, 14), "甲")), FONTS)))
    assert [place for place in range(len(styles)) if f"第{place}行" not in printed] == []


def test_a_breakdown_of_the_engine_is_told_and_the_next_paper_is_made():
    rows = (Row(("甲",), "group"), Row(("乙",), "group"), Row(("丙", 1)))
    table = Table("", (Column("项", "text", 40), Column("数", "count", 20)), rows)
    sheet = sheet_of(replace(bare_paper(), blocks=(Text("话" * 280), table)))
    # Two heads below each other, as no paper asks for them: the engine panics over them.
    groups = sheet["blocks"][1]["rows"]
    groups[:1] = [{**groups[0], "cells": [words]} for words in groups[0]["cells"]]
    with pytest.raises(DubanError) as told:
        typeset(sheet, chosen_for(texts_in(sheet), FONTS), 0)
    assert told.value.code == "pdf-not-made"
    assert paper_pdf(bare_paper(), FONTS).startswith(b"%PDF")


def test_templates_fetch_and_read_nothing():
    from reports.to_pdf import _TEMPLATE

    for place in _TEMPLATE.parent.glob("*.typ"):
        code = place.read_text(encoding="utf-8")
        assert not re.search(r"#?\b(import|include|read|plugin|eval)\b *[(\"]|@preview", code), place.name
