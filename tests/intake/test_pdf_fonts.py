"""Fonts that a PDF file names and does not bring along: the same words are read on every machine, whatever fonts it has."""

import ctypes

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from intake.readers.pdf import read_pdf
from intake.readers.pdf_page import page_of
from intake.safety import SafeFile
from tests.intake.pdf_files import FONT, IDENTITY_FONT, Sheet, pdf_bytes
from tests.intake.test_pdf import rows

COLUMNS = [60, 120, 300, 420]
FONTS = {
    "a collection for Chinese": FONT,
    "signs numbered by the maker": IDENTITY_FONT,
    "a name for Japanese": FONT.replace(b"GB1", b"Japan1"),
}


@pytest.mark.parametrize("font", FONTS.values(), ids=FONTS)
def test_a_sign_that_stands_alone_is_not_lost(font):
    texts = [["序", "工作", "单位"], ["一", "建设学校", "甲"], ["二", "修缮桥梁", "乙"]]
    (table,) = read_pdf(SafeFile("表.pdf", "pdf", pdf_bytes([Sheet().grid(COLUMNS, [90, 130, 170, 210], texts)], font=font))).blocks
    assert rows(table) == texts


@pytest.mark.parametrize("font", FONTS.values(), ids=FONTS)
def test_every_sign_is_the_same_box_whatever_fonts_the_machine_has(font):
    document = pypdfium2.PdfDocument(pdf_bytes([Sheet().write(50, 90, "一", 20)], font=font))
    (glyph,) = page_of(document, 0).glyphs
    assert (glyph.text, glyph.left, glyph.right) == ("一", 50, 70)
    left, right, bottom, top = (ctypes.c_double() for _side in range(4))
    page = document[0]
    text = page.get_textpage()
    pdfium.FPDFText_GetCharBox(text.raw, 0, left, right, bottom, top)
    assert [round(side.value, 1) for side in (left, right, bottom, top)] == [50.0, 70.0, 729.6, 749.9]
