"""The layout checker: every paper passes, and each of many spoiled ones fails by its own code."""

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from reports.faces import render
from reports.layout_check import fault_words, layout_faults
from reports.paper import Masthead
from reports.word_packaged import PACKAGED, packaged_template
from tests.printing import PRINTING
from tests.reports.composed import composed
from tests.reports.papers import sample_paper

DOCUMENT, STYLES, SETTINGS = "word/document.xml", "word/styles.xml", "word/settings.xml"
LETTER = Masthead("自治区人民政府办公厅", "督办〔2013〕2号", is_letter=True)


def spoiled(content: bytes, part: str, pattern: str, replacement: str, times: int = 1) -> bytes:
    """Return the file with one thing changed in one part; a pattern that finds nothing is a mistake of the test."""
    made = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(made, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            raw = source.read(name)
            if name == part:
                text, count = re.subn(pattern, replacement, raw.decode(), count=times, flags=re.DOTALL)
                assert count, pattern
                raw = text.encode()
            target.writestr(name, raw)
    return made.getvalue()


def in_style(name: str, old: str) -> str:
    """A pattern for something within a style's definition."""
    return rf'(<w:style(?:(?!</w:style>).)*?<w:name w:val="{name}"/>(?:(?!</w:style>).)*?){old}'


@pytest.fixture(scope="module")
def sample():
    return render(sample_paper(), "docx", PRINTING)


@composed
def test_every_paper_keeps_the_layout(paper):
    assert [fault_words(one) for one in layout_faults(render(paper, "docx", PRINTING))] == []


def test_the_letter_form_keeps_the_layout():
    assert layout_faults(render(sample_paper(masthead=LETTER), "docx", PRINTING)) == ()


@pytest.mark.parametrize("name", PACKAGED)
def test_the_packaged_templates_keep_the_layout(name):
    assert layout_faults(packaged_template(name)) == ()


SPOILED = {
    "paper-size": (DOCUMENT, r'w:w="11906" w:h="16838"', 'w:w="12240" w:h="15840"'),
    "margins": (DOCUMENT, r'w:pgMar w:top="2098"', 'w:pgMar w:top="1440"'),
    "landscape-margins": (DOCUMENT, r'(w:orient="landscape"/><w:pgMar )w:top="\d+"', r'\1w:top="2098"'),
    "grid": (DOCUMENT, r'w:linePitch="579"', 'w:linePitch="312"'),
    "body-type": (STYLES, in_style("公文正文", 'w:eastAsia="仿宋_GB2312"'), r'\1w:eastAsia="宋体"'),
    "body-line": (STYLES, in_style("公文正文", 'w:line="579"'), r'\1w:line="480"'),
    "body-indent": (STYLES, in_style("公文正文", 'w:firstLine="632"'), r'\1w:firstLine="0"'),
    "title-type": (STYLES, in_style("Title", 'w:sz w:val="44"'), r'\1w:sz w:val="36"'),
    "heading-type": (STYLES, in_style("heading 2", 'w:eastAsia="楷体_GB2312"'), r'\1w:eastAsia="黑体"'),
    "masthead-colour": (STYLES, in_style("公文版头", 'w:color w:val="E60012"'), r'\1w:color w:val="000000"'),
    "masthead-type": (STYLES, in_style("公文版头", 'w:eastAsia="方正小标宋简体"'), r'\1w:eastAsia="黑体"'),
    "red-rule": (STYLES, in_style("公文红线", 'w:color="E60012"'), r'\1w:color="000000"'),
    "page-number-sides": (SETTINGS, r"<w:evenAndOddHeaders/>", ""),
    "page-number-form": ("word/footer1.xml", r"— </w:t>", "第</w:t>"),
    "addressee-colon": (DOCUMENT, r"各责任单位：", "各责任单位"),
    "addressee-place": (DOCUMENT, r'(<w:pStyle w:val="公文主送"/>)', r'\1<w:ind w:firstLine="632"/>'),
    "signature-indent": (DOCUMENT, r'w:right="1263"(?=(?:(?!</w:p>).)*2013年10月14日)', 'w:right="0"'),
    "table-head": (DOCUMENT, r"<w:tblHeader/>", ""),
    "table-width": (DOCUMENT, r'<w:gridCol w:w="\d+"/>', '<w:gridCol w:w="9999"/>'),
    "annex-mark": (STYLES, in_style("公文附件字样", 'w:eastAsia="黑体"'), r'\1w:eastAsia="宋体"'),
    "record-type": (STYLES, in_style("公文版记", 'w:sz w:val="28"'), r'\1w:sz w:val="21"'),
    "record-rules": (
        DOCUMENT,
        r'<w:insideH w:val="single" w:sz="6"(?= w:space="0" w:color="000000")',
        '<w:insideH w:val="single" w:sz="12"',
    ),
    "font-stand-in": ("word/fontTable.xml", r'w:name="楷体_GB2312"', 'w:name="楷书"'),
}


@pytest.mark.parametrize("code", SPOILED)
def test_a_spoiled_paper_fails_by_its_own_code(sample, code):
    faults = layout_faults(spoiled(sample, *SPOILED[code]))
    assert {one.code for one in faults} == {code}
    assert all(one.place and one.words for one in faults)


def test_a_number_on_the_first_page_of_a_letter_is_a_fault():
    content = render(sample_paper(masthead=LETTER), "docx", PRINTING)
    first = next(name for name in ZipFile(BytesIO(content)).namelist() if name.startswith("word/footer") and _lacks_number(content, name))
    number = "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r></w:p></w:ftr>"
    assert [one.code for one in layout_faults(spoiled(content, first, "</w:ftr>", number))] == ["letter-first-page"]


def test_a_change_in_a_single_line_is_found(sample):
    run = r'(<w:pStyle w:val="公文主送"/></w:pPr><w:r>)'
    changed = spoiled(sample, DOCUMENT, run, r'\1<w:rPr><w:sz w:val="28"/></w:rPr>')
    (only,) = layout_faults(changed)
    assert (only.code, only.place) == ("addressee-type", "各责任单位")
    assert fault_words(only) == "各责任单位：字号（磅）应为 16.0，实为 14.0"


def test_every_code_is_documented():
    text = (Path(__file__).parents[2] / "docs" / "papers.md").read_text(encoding="utf-8")
    assert [code for code in (*SPOILED, "addressee-type", "letter-first-page") if f"`{code}`" not in text] == []


def _lacks_number(content: bytes, name: str) -> bool:
    return b"PAGE" not in ZipFile(BytesIO(content)).read(name)
