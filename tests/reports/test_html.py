"""The HTML face: one file with nothing outside itself, escaped, with words beside every colour, in order for those who hear it read."""

import json
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import StrictUndefined

from reports.paper import Masthead
from reports.to_html import environment, paper_html
from rules.texts import use_language
from tests.reports.papers import HOSTILE, bare_paper, bars_chart, hostile_paper, lagging_table, long_table, sample_paper
from tests.reports.read_back import html_text, html_tree, matches_golden

# Ground and ink of what is small or coloured: each must be told apart at 4.5 to 1.
INKS = (
    ("#ffffff", "#5a5a5a"),
    ("#ffffff", "#6f6f6f"),
    ("#f5f5f3", "#1c1c1c"),
    ("#ffffff", "#00429d"),
    ("#a3211d", "#ffffff"),
    ("#ffe9a8", "#4a3200"),
)


def test_golden_text():
    matches_golden("sample.html.txt", html_text(paper_html(sample_paper())))


def test_a_bare_paper():
    tree = html_tree(paper_html(bare_paper()))
    assert [node.tag for node in tree.iter("h1", "h2", "table", "footer")] == ["h1"]


def test_templates_load_and_forgive_no_missing_name():
    for name in environment().list_templates(extensions=["j2", "css"]):
        environment().get_template(name)
    assert environment().undefined is StrictUndefined
    assert environment().autoescape is True


def test_nothing_is_fetched_or_run():
    page = paper_html(sample_paper())
    tree = html_tree(page)
    assert not tree.xpath(
        "//script[not(@type='application/json')] | //link | //img | //iframe | //*[@src] | //@*[starts-with(name(), 'on')]"
    )
    assert tree.xpath("//@href") == ["#body"]
    assert tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content") == ["default-src 'none'; style-src 'unsafe-inline'"]
    assert not re.search(r"@import|https?:|url\((?!#)", page.replace('xmlns="http://www.w3.org/2000/svg"', ""))


def test_one_title_and_headings_in_order():
    levels = [int(node.tag[1]) for node in html_tree(paper_html(sample_paper())).iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_can_be_heard():
    tree = html_tree(paper_html(sample_paper()))
    tables = tree.xpath("//table")
    assert len(tables) == 6
    for table in tables:
        assert table.xpath("./caption/text()")
        assert set(table.xpath(".//th/@scope")) <= {"col", "row", "colgroup", "rowgroup"}
        assert len(table.xpath(".//th")) == len(table.xpath(".//th[@scope]"))
    assert all(tree.xpath("//svg/@aria-label"))
    assert len(tree.xpath("//figure/figcaption")) == len(tree.xpath("//figure//details//table")) == 4


def test_two_rows_of_heads_cover_all_columns():
    table = html_tree(paper_html(sample_paper(blocks=(lagging_table(),)))).xpath("//table")[0]
    first, second = table.xpath("./thead/tr")
    assert sum(int(cell.get("colspan", 1)) for cell in first) == 8
    assert [cell.text for cell in second] == ["目标", "实际", "应达进度", "与序时差距（百分点）"]


def test_every_phone_cell_has_its_label():
    cells = html_tree(paper_html(sample_paper())).xpath("//tbody/tr[not(@class='group' or @class='detail')]/*")
    assert cells
    assert all(cell.get("data-label") for cell in cells)


def test_a_light_has_its_word():
    tree = html_tree(paper_html(sample_paper(blocks=(lagging_table(),), annexes=())))
    assert [(node.get("class"), node.text) for node in tree.xpath("//span[starts-with(@class, 'lamp')]")] == [
        *(("lamp red", "红灯"), ("lamp yellow", "黄灯"), ("lamp green", "绿灯"))
    ]


def test_the_table_of_a_cut_chart_stands_open():
    shown = [html_tree(paper_html(sample_paper(blocks=(bars_chart(count),)))).xpath("//details/@open") for count in (4, 60)]
    assert [len(one) for one in shown] == [0, 1]


@pytest.mark.parametrize("words", [*HOSTILE, "<!--", "]]>", "\u2028", "{{ 7*7 }}"])
def test_words_stay_words(words):
    page = paper_html(hostile_paper(words))
    tree = html_tree(page)
    assert len(tree.xpath("//script")) == len(tree.xpath("//h1")) == 1
    assert json.loads(tree.xpath("//script")[0].text) == {"words": words}
    assert tree.xpath("//tbody//th[@scope='row']")[0].text_content().strip() == (words.strip() or "—")


def test_figures_lie_in_it_for_machines():
    tree = html_tree(paper_html(sample_paper()))
    assert json.loads(tree.get_element_by_id("duban-data").text) == dict(sample_paper().data)


def test_the_letter_form_has_its_own_head():
    tree = html_tree(paper_html(sample_paper(masthead=Masthead("省政府办公厅", is_letter=True))))
    assert tree.xpath("//div[@class='masthead letter']/p/text()") == ["省政府办公厅"]


def test_a_long_table_is_whole():
    tree = html_tree(paper_html(sample_paper(blocks=(long_table(500),), annexes=())))
    assert len(tree.xpath("//tbody/tr")) == 500


def test_the_language_is_named():
    assert html_tree(paper_html(sample_paper())).get("lang") == "zh-CN"
    with use_language("en"):
        assert html_tree(paper_html(sample_paper())).get("lang") == "en"


@pytest.mark.parametrize(("ground", "ink"), INKS)
def test_small_words_stand_out(ground, ink):
    page = paper_html(bare_paper())
    assert ink in page.replace("#fff;", "#ffffff;")
    lighter, darker = sorted((_luminance(ground), _luminance(ink)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@given(st.text(max_size=40))
@settings(derandomize=True, max_examples=40, deadline=None)
def test_any_text_can_be_shown(text):
    tree = html_tree(paper_html(hostile_paper(text)))
    assert json.loads(tree.xpath("//script")[0].text) == {"words": text}


def test_the_same_paper_gives_the_same_page():
    assert paper_html(sample_paper()) == paper_html(replace(sample_paper()))
