"""The HTML face: one file with nothing outside itself, escaped, with words beside every colour."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import StrictUndefined

from reports.imprint import Imprint
from reports.to_html import bulletin_html, environment
from rules.texts import use_language
from tests.reports.builders import NAUGHTY_UNIT, bulletin, empty_bulletin, lagging_task, large_bulletin, single_bulletin
from tests.reports.read_back import html_rows, html_text, html_tree, matches_golden


@pytest.mark.parametrize(
    ("name", "view", "office"),
    [("bulletin", bulletin(), "自治区人民政府督查室"), ("empty", empty_bulletin(), None), ("single", single_bulletin(), None)],
    ids=["full", "empty", "single"],
)
def test_golden_text(name, view, office):
    matches_golden(f"{name}.html.txt", html_text(bulletin_html(view, Imprint(office, 2013, 3))))


def test_templates_load_and_forgive_no_missing_name():
    for name in environment().list_templates():
        environment().get_template(name)
    assert environment().undefined is StrictUndefined
    assert environment().autoescape is True


def test_nothing_is_fetched_or_run():
    page = bulletin_html(bulletin())
    tree = html_tree(page)
    assert not tree.xpath("//script | //link | //img | //iframe | //*[@src or @href]")
    assert not re.search(r"@import|https?:|url\((?!#)", page)


def test_names_stay_names():
    units = tuple(replace(unit, name=NAUGHTY_UNIT) for unit in bulletin().units)
    page = bulletin_html(bulletin(units=units, lagging=(lagging_task(unit=NAUGHTY_UNIT),)), Imprint(NAUGHTY_UNIT))
    assert "<b>&" not in page
    assert html_rows(page, "units")[0][0] == NAUGHTY_UNIT
    assert html_tree(page).xpath('//p[@class="issue"]/span/text()')[0] == NAUGHTY_UNIT


@pytest.mark.parametrize(("light", "word"), [("red", "红灯"), ("yellow", "黄灯"), ("green", "绿灯"), ("grey", "灰灯")])
def test_a_light_has_its_word(light, word):
    tree = html_tree(bulletin_html(bulletin(lagging=(lagging_task(light=light),))))
    assert [node.text for node in tree.xpath(f'//span[@class="light {light}"]')] == [word]


def test_every_phone_cell_has_its_label():
    cells = html_tree(bulletin_html(bulletin())).xpath("//td")
    assert cells
    assert all(cell.get("data-label") for cell in cells)


def test_a_large_bulletin_has_all_its_rows():
    view = large_bulletin()
    page = bulletin_html(view)
    assert len(html_tree(page).xpath("//article")) == len(view.lagging)
    assert len(html_rows(page, "units")) == 60
    assert len(html_rows(page, "next")) == len(view.next)


def test_the_language_is_named():
    assert html_tree(bulletin_html(bulletin())).get("lang") == "zh-CN"
    with use_language("en"):
        assert html_tree(bulletin_html(bulletin())).get("lang") == "en"


@given(st.text(max_size=40))
@settings(derandomize=True, max_examples=40, deadline=None)
def test_any_text_of_a_unit_can_be_shown(text):
    html_tree(bulletin_html(bulletin(lagging=(lagging_task(unit=text, cause=text, task=text),))))
