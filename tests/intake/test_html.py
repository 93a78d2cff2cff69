"""Saved web pages: only the document counts, whatever surrounds it; tables keep their merged cells; the draft is that of the same words in Word."""

import html
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.document import Paragraph, Table
from intake.readers.html import read_html
from intake.readers.webpage import is_furniture
from intake.reading import read_document
from intake.safety import SafeFile
from rules.errors import DubanError
from tests.intake.samples import EXAMPLES, ROOT, read_text

sys.path.insert(0, str(ROOT / "scripts"))
import example_content as content

NAV = "<div class='nav'><ul><li><a href='#'>首页</a></li><li><a href='#'>政务公开</a></li><li><a href='#'>互动交流</a></li></ul></div>"
CRUMBS = "<div>当前位置：<a href='#'>首页</a> &gt; <a href='#'>政策文件</a></div>"
TOOLS = "<div class='share'>分享到：<a>微信</a></div><p>【字体：大 中 小】</p><p>打印 关闭</p>"
FOOT = "<div class='footer'><p>主办单位：某某市人民政府办公室</p><p>某ICP备00000000号 网站标识码：0000000000</p></div>"
RELATED = "<div><h3>相关文件</h3><ul><li><a href='#'>关于印发另一份行动计划的通知</a></li><li><a href='#'>又一份通知</a></li></ul></div>"


def read(text: str) -> list:
    return list(read_html(SafeFile("页.html", "html", text.encode())).blocks)


def texts(blocks) -> list[str]:
    return [block.text if isinstance(block, Paragraph) else "|".join(cell.text for cell in block.rows[0]) for block in blocks]


def example_table() -> str:
    number, title, text, schedule, place, units = (html.escape(head) for head in content.HEADS)
    heads = "".join(f"<th rowspan='2'>{head}</th>" for head in (number, title, text))
    tail = "".join(f"<th rowspan='2'>{head}</th>" for head in (place, units))
    years = "".join(f"<th>{year}</th>" for year in content.YEARS)
    rows = "".join("<tr>" + "".join(f"<td><p>{html.escape(cell)}</p></td>" for cell in row) + "</tr>" for row in content.ROWS)
    return f"<table><tr>{heads}<th colspan='3'>{schedule}</th>{tail}</tr><tr>{years}</tr>{rows}</table>"


def example_body() -> str:
    top = [content.NOTICE_TITLE, content.DOC_NO, content.ADDRESSEES, content.COVER, content.SIGNED, "&nbsp;", content.PLAN_TITLE, "&nbsp;"]
    lines = [*top, *(text for _style, text in content.BODY), "附件", content.TABLE_TITLE]
    end = (content.COPIES, f"{content.ISSUER}&emsp;&emsp;{content.ISSUED}")
    return "".join(f"<p>{line}</p>\n" for line in lines) + example_table() + "".join(f"<p>{line}</p>" for line in end)


PLAIN = f"<html><head><meta charset='utf-8'><title>x</title></head><body>{example_body()}</body></html>"
DRESSED = (
    f"<!DOCTYPE html><html><head><meta name='ArticleTitle' content='{content.NOTICE_TITLE}'><script>var a='<p>x</p>';</script></head><body>"
    f"{NAV}{CRUMBS}<table width='980'><tr><td><div class='left-menu'>{NAV}</div></td></tr><tr><td><div class='main'><h1>{content.NOTICE_TITLE}</h1>"
    f"<div>发布日期：2012-11-05 来源：某办 浏览次数：12</div><div class='TRS_Editor'>{example_body()}</div>{TOOLS}{RELATED}</div></td></tr></table>"
    f"<div style='display:none'><p>隐藏的一段话，责任单位：某局。</p></div>{FOOT}</body></html>"
)


@pytest.mark.parametrize("page", [PLAIN, DRESSED], ids=["plain", "dressed"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_page_gives_the_draft_of_the_word_file(page, encoding, tmp_path):
    path = tmp_path / "页.html"
    path.write_bytes(page.encode(encoding))
    page_draft, word = read_document(path), read_document(EXAMPLES / "guangxi-2012-269.docx")
    without = {"source": True}
    assert [item.model_dump(exclude=without) for item in page_draft.items] == [item.model_dump(exclude=without) for item in word.items]
    assert (page_draft.plan, page_draft.findings) == (word.plan, word.findings)


def test_only_the_document_is_left_of_a_dressed_page():
    found = texts(read(DRESSED))
    assert (found[0], found[1], found[-1].split()[0][:4]) == (content.NOTICE_TITLE, content.DOC_NO, content.ISSUER[:4])
    assert not [text for text in found if "首页" in text or "浏览" in text or "ICP" in text or "隐藏" in text or "另一份" in text]


def test_spans_are_one_cell():
    (table,) = read("<table><tr><td rowspan=2>纵</td><td colspan=2>横</td></tr><tr><td>一</td><td>二</td></tr></table>")
    assert isinstance(table, Table)
    assert [[cell.text for cell in row] for row in table.rows] == [["纵", "横", "横"], ["纵", "一", "二"]]
    assert table.rows[0][0] is table.rows[1][0]
    assert table.rows[0][1] is table.rows[0][2]


SPANS = {"zero": "0", "huge": "999999999", "words": "两", "negative": "-3", "empty": ""}


@pytest.mark.parametrize("value", SPANS.values(), ids=SPANS)
def test_odd_spans_are_cut(value):
    (table,) = read(f"<table><tr><td rowspan='{value}' colspan='{value}'>甲</td><td>乙</td></tr><tr><td>丙</td><td>丁</td></tr></table>")
    assert table.width <= 102


def test_short_title_and_number_come_from_the_page():
    card = "<table><tr><td>索引号：</td><td>123</td></tr><tr><td>主题分类：</td><td>科技</td></tr><tr><td>发文字号：</td><td>某政发〔2026〕3号</td></tr></table>"
    body = "<div id='zoom'><p>一、抓好试点。建点3个。（责任单位：市科技局）</p><p>二、抓好推广。建点5个。（责任单位：市农业局）</p></div>"
    found = texts(read(f"<html><body>{card}<h1>某某市科技行动方案</h1>{body}</body></html>"))
    assert found[:2] == ["某某市科技行动方案", "某政发〔2026〕3号"]
    assert len(found) == 4


def test_line_breaks_and_numbered_lists():
    found = texts(read("<div>一、第一句话。<br/>二、第二\n  句话。<ol start='3'><li>甲事</li><li>乙事</li></ol></div>"))
    assert found == ["一、第一句话。", "二、第二句话。", "3.甲事", "4.乙事"]


LINES = {
    "here": ("您当前的位置：首页 > 文件", True), "buttons": ("【打印】 【关闭】", True), "address": ("https://www.example.org/a/b.html 1/3", True),
    "record": ("某ICP备10000000号", True), "source": ("信息来源：某办", True), "note": ("（责任单位：市科技局）", False),
    "duty": ("主办单位：要在月底前完成。", False), "heading": ("一、总体要求", False), "issue": ("某办公室 2012年10月31日印发", False),
}  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), LINES.values(), ids=LINES)
def test_furniture(line, expected):
    assert is_furniture(line) is expected


def test_a_page_without_text_is_refused():
    with pytest.raises(DubanError) as refusal:
        read("<html><body><script>1</script></body></html>")
    assert refusal.value.code == "file-empty"


def test_deep_nesting_ends(tmp_path):
    path = tmp_path / "深.html"
    path.write_text("<html>" + "<div>" * 50_000 + "一、建点3个。（责任单位：市科技局）", encoding="utf-8")
    try:
        assert read_document(path).items
    except DubanError as error:
        assert error.code in ("file-empty", "no-table-no-note")  # noqa: PT017 - either is a clear end


@settings(derandomize=True, max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["<table>", "</table>", "<tr>", "<td rowspan=3>", "<td>", "</td>", "<p>", "</p>", "<div>", "<br>", "序号", "责任单位", "任务", "1", "（责任单位：市局）", "<ol>", "<li>", "&nbsp;"]), max_size=40))  # fmt: skip
def test_any_page_raises_nothing_else(tmp_path, parts):
    path = tmp_path / "页.html"
    path.write_text("<html>" + "".join(parts), encoding="utf-8")
    try:
        read_document(path)
    except DubanError as error:
        assert error.code  # noqa: PT017


def page(*lines: str) -> str:
    return "<html><body>" + "".join(f"<p>{line}</p>" for line in lines) + "</body></html>"


def test_organisers_of_duties_are_no_foot_of_the_page(tmp_path):
    duties = [line for at in "一二三" for line in (f"（{at}）建食堂{len(at) + 4}个。", "主办单位：区民政局", "协办单位：区财政局")]
    items = read_text(tmp_path, page("甲区2023年工作要点", "一、民生", *duties), "页.html").items
    assert [[(unit.name, unit.role) for unit in item.units] for item in items] == [[("区民政局", "lead"), ("区财政局", "support")]] * 3


def test_who_runs_the_site_is_no_organiser(tmp_path):
    text = page("甲区2023年工作要点", "一、民生", "（一）建食堂5个。（区民政局负责）", "主办单位：甲区人民政府办公室")
    assert [unit.name for item in read_text(tmp_path, text, "页.html").items for unit in item.units] == ["区民政局"]


def test_a_table_of_what_is_to_be_published_is_no_index_card(tmp_path):
    row = "<tr><td>{}</td><td>{}</td><td>{}</td></tr>"
    table = row.format("公开事项", "责任处室", "公开时限") + row.format("采购项目30个", "财务处", "5月底前")
    (item,) = read_text(tmp_path, f"<html><body><p>甲厅2023年分工</p><table>{table}</table></body></html>", "页.html").items
    assert str(item.due_on) == "2023-05-31"


@pytest.mark.parametrize(
    ("window", "title"),
    [
        ("甲市人民政府关于加强节水工作的意见_节水_甲市政府网", "甲市人民政府关于加强节水工作的意见"),
        ("政策文件 - 甲市2023—2025年节水行动计划 - 甲市人民政府", "甲市2023—2025年节水行动计划"),
        ("首页|甲市水务局", None),
    ],
)
def test_title_of_the_window(tmp_path, window, title):
    text = f"<html><head><title>{window}</title></head><body><p>一、任务</p><p>（一）建食堂5个。（区民政局负责）</p></body></html>"
    assert read_text(tmp_path, text, "页.html").plan.title == title


@pytest.mark.parametrize("gap", ["\u3000", "&nbsp;&nbsp;", "、"], ids=["wide", "hard", "comma"])
def test_wide_blanks_part_names(tmp_path, gap):
    text = page("甲区2023年工作要点", "\u3000\u3000（一）建食\n堂5个。", f"责任单位\u3000区民政局{gap}区财政局")
    (item,) = read_text(tmp_path, text, "页.html").items
    assert (item.text, [unit.name for unit in item.units]) == ("建食堂5个。", ["区民政局", "区财政局"])
