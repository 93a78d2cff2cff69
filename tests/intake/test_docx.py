"""Word's own ways: tracked changes, text boxes, tables in tables, numbers that exist only as style."""

import io
import zipfile

import pytest

from intake.document import Block, Paragraph
from intake.readers.docx import read_docx
from intake.safety import SafeFile

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"'
)


def read(body: str, styles: str = "", numbering: str = "") -> list[Block]:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as target:
        target.writestr("word/document.xml", f"<w:document {SPACES}><w:body>{body}</w:body></w:document>")
        target.writestr("word/styles.xml", f"<w:styles {SPACES}>{styles}</w:styles>")
        target.writestr("word/numbering.xml", f"<w:numbering {SPACES}>{numbering}</w:numbering>")
    return list(read_docx(SafeFile("文件.docx", "docx", data.getvalue())).blocks)


def p(text: str, settings: str = "") -> str:
    return f"<w:p><w:pPr>{settings}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(inner: str) -> str:
    return f"<w:tc>{inner}</w:tc>"


def table(*rows: tuple[str, ...], settings: str = "") -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{settings}{''.join(tc(p(text)) for text in row)}</w:tr>" for row in rows) + "</w:tbl>"


def shown(blocks: list[Block]) -> list[object]:
    return [block.text if isinstance(block, Paragraph) else [[cell.text for cell in row] for row in block.rows] for block in blocks]


BOX = "<w:txbxContent><w:p><w:r><w:t>框里的话</w:t></w:r></w:p></w:txbxContent>"
CHANGES = {
    "inserted": ("<w:p><w:r><w:t>建</w:t></w:r><w:ins><w:r><w:t>十</w:t></w:r></w:ins><w:r><w:t>个</w:t></w:r></w:p>", ["建十个"]),
    "deleted": ("<w:p><w:r><w:t>建</w:t></w:r><w:del><w:r><w:delText>五</w:delText></w:r></w:del><w:r><w:t>个</w:t></w:r></w:p>", ["建个"]),
    "moved": ("<w:p><w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>新</w:t></w:r></w:moveTo></w:p>", ["新"]),
    "end-deleted": (p("前半", "<w:rPr><w:del/></w:rPr>") + p("后半") + p("另一段"), ["前半后半", "另一段"]),
    "row-deleted": (table(("一", "二"), ("三", "四")) + table(("五", "六"), settings="<w:trPr><w:del/></w:trPr>"), [[["一", "二"], ["三", "四"]]]),
    "hidden": ("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r><w:r><w:t>露</w:t></w:r></w:p>", ["露"]),
    "box": (f"<w:p><w:r><w:t>正文</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><wps:txbx>{BOX}</wps:txbx></mc:Choice><mc:Fallback><v:textbox>{BOX}</v:textbox></mc:Fallback></mc:AlternateContent></w:r></w:p>", ["正文", "框里的话"]),
    "old-box": (f"<w:p><w:r><w:pict><v:textbox>{BOX}</v:textbox></w:pict></w:r></w:p>", ["框里的话"]),
    "frame": (f"<w:tbl><w:tr>{tc(p('框') + table(('甲', '乙'), ('丙', '丁')))}</w:tr></w:tbl>", ["框", [["甲", "乙"], ["丙", "丁"]]]),
    "side-by-side": (f"<w:tbl><w:tr>{tc(p('左'))}{tc(table(('甲', '乙'), ('丙', '丁')))}</w:tr></w:tbl>", ["左", [["甲", "乙"], ["丙", "丁"]]]),
    "table-in-a-cell": (f"<w:tbl><w:tr>{tc(p('序号'))}{tc(p('任务'))}</w:tr><w:tr>{tc(p('1'))}{tc(table(('甲', '乙')))}</w:tr></w:tbl>", [[["序号", "任务"], ["1", "甲\n乙"]]]),
}  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), CHANGES.values(), ids=CHANGES)
def test_as_a_reader_sees_it(body, expected):
    assert shown(read(body)) == expected


LEVELS = (
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:pStyle w:val="A"/><w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="B"/><w:lvlText w:val="%2. "/></w:lvl>'
)
NUMBERING = (
    f'<w:abstractNum w:abstractNumId="0">{LEVELS}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
)
STYLES = (
    '<w:style w:styleId="A"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:styleId="B"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:styleId="A2"><w:basedOn w:val="A"/></w:style><w:style w:styleId="X"><w:basedOn w:val="X"/></w:style>'
)


def styled(text: str, style: str, number: str = "") -> str:
    own = f'<w:numPr><w:numId w:val="{number}"/></w:numPr>' if number else ""
    return p(text, f'<w:pStyle w:val="{style}"/>{own}')


def test_numbers_from_styles_go_on_and_restart():
    parts = [
        ("甲", "A"),
        ("乙", "B"),
        ("丙", "B"),
        ("丁", "A2"),
        ("戊", "B"),
        ("己", "X"),
        ("庚", "A", "0"),
        ("辛", "A", "2"),
        ("壬", "A", "3"),
    ]
    found = shown(read("".join(styled(*part) for part in parts), STYLES, NUMBERING))
    assert found == ["一、甲", "1. 乙", "2. 丙", "二、丁", "1. 戊", "己", "庚", "三、辛", "一、壬"]


BARE = ["任务表", "序 号", "任务", "内容", "责任单位", "1", "强基", "建10个", "市科技局", "2", "帮扶", "建5个", "市教育局"]


@pytest.mark.parametrize("between", ["", p("")], ids=["tight", "blank-between"])
def test_a_table_pasted_as_bare_paragraphs(between):
    title, found = shown(read(between.join(p(text) for text in BARE)))
    assert title == "任务表"
    assert found == [["序号", "任务", "内容", "责任单位"], ["1", "强基", "建10个", "市科技局"], ["2", "帮扶", "建5个", "市教育局"]]
