"""Charts: well-formed drawings that say their numbers, stay within a page, and are never told by colour alone."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from reports.charts import chart_svg, tells_all
from reports.paper import Chart, Column, Row, Table
from reports.svg import WIDTH, clipped, text_width, wrapped
from reports.words import Figure
from tests.reports.papers import HOSTILE, bars_chart, charts, curve_chart, grid_chart, shares_chart

SVG = "{http://www.w3.org/2000/svg}"
KINDS = ("shares", "bars", "grid", "curve")


def texts_of(chart: Chart) -> list[str]:
    return ["".join(node.itertext()) for node in etree.fromstring(chart_svg(chart)).iter(f"{SVG}text")]


def numbers_chart(kind: str, rows: int, columns: int = 2, value: float = 50.0) -> Chart:
    heads = (Column("名称", "text", 40), *(Column(f"第{number}列", "percent", 20) for number in range(1, columns + 1)))
    return Chart("图", kind, Table("表", heads, tuple(Row((f"第{row}行", *[value] * columns)) for row in range(rows))))


@pytest.mark.parametrize("chart", charts(), ids=KINDS)
def test_a_chart_is_a_labelled_picture(chart):
    tree = etree.fromstring(chart_svg(chart))
    assert (tree.get("role"), tree.get("aria-label")) == ("img", f"{chart.title}（数据见表）")
    assert not list(tree.iter(f"{SVG}image", f"{SVG}script", f"{SVG}style"))


@pytest.mark.parametrize("chart", charts(), ids=KINDS)
def test_a_chart_says_its_numbers(chart):
    said = " ".join(texts_of(chart))
    places = slice(0, 2) if chart.kind == "shares" else slice(0, None)
    for row in chart.table.rows:
        for words in chart.table.words_of(row)[places]:
            assert words in said or words == "—"


def test_what_is_behind_is_hatched_and_named():
    drawn = chart_svg(bars_chart())
    assert "低于应达进度" in drawn
    on_pace = chart_svg(numbers_chart("bars", 3))
    assert "低于" not in on_pace
    assert "应达" not in chart_svg(numbers_chart("bars", 3, columns=1))


def test_patterns_tell_parts_apart_without_colour():
    drawn = chart_svg(shares_chart())
    marks = re.findall(r'<pattern id="([^"]+)"', drawn)
    assert len(marks) == len(set(marks)) >= 6
    fills = re.findall(r'fill="([^"]+)" stroke="#333333"', drawn)[: len(shares_chart().table.rows)]
    assert len(set(fills)) == len(fills)


def test_the_planned_curve_is_dashed_and_no_other():
    drawn = chart_svg(curve_chart())
    assert drawn.count("stroke-dasharray") == 3 + 1
    assert texts_of(curve_chart()).count("—") == 0


@pytest.mark.parametrize(
    ("chart", "left_out"),
    [(numbers_chart("bars", 60), 46), (numbers_chart("grid", 100), 81), (numbers_chart("bars", 13), 0)],
    ids=["bars", "grid", "just-fits"],
)
def test_a_long_chart_is_cut_and_says_so(chart, left_out):
    said = " ".join(texts_of(chart))
    assert (f"其余{left_out}行见表" in said) == bool(left_out)
    assert tells_all(chart) == (not left_out)


@pytest.mark.parametrize(
    ("chart", "all_told"),
    [(bars_chart(), True), (grid_chart(), True), (curve_chart(), True), (shares_chart(), False), (numbers_chart("curve", 30), False)],
    ids=["bars", "grid", "curve", "shares-without-counts", "many-points"],
)
def test_a_drawing_that_says_all_needs_no_table_beside_it(chart, all_told):
    assert tells_all(chart) == all_told


def test_a_long_name_goes_on_in_a_second_line():
    name = "科技管理服务能力提升行动（培训分管科技工作的副镇长和科技助理）"
    table = Table("表", (Column("行动", "text", 40), Column("实际", "percent", 20)), (Row((name, 52.5)),))
    for kind in ("bars", "grid"):
        assert tells_all(Chart("图", kind, table)) == (kind == "bars")
    assert wrapped("甲" * 30, 130, 2) == ["甲" * 10, "甲" * 9 + "…"]
    assert wrapped("甲" * 30, 130, 4) == ["甲" * 10] * 3
    assert wrapped("甲" * 10 + "、乙", 130, 4) == ["甲" * 9, "甲、乙"]
    assert wrapped("Counties with a park", 90, 4) == ["Counties ", "with a park"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rows", [1, 3, 40])
@pytest.mark.parametrize("columns", [1, 2, 14])
def test_no_drawing_is_higher_than_a_page(kind, rows, columns):
    tree = etree.fromstring(chart_svg(numbers_chart(kind, rows, columns)))
    assert float(tree.get("height")) <= WIDTH * 1.4


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_without_rows_says_so(kind):
    assert texts_of(numbers_chart(kind, 0)) == ["没有数据"]


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("kind", KINDS)
def test_hostile_words_stay_words(kind, words):
    table = Table(words, (Column(words, "text", 1), Column(words, "count", 1)), (Row((words, 1)), Row((words, 2))))
    assert clipped(words, 136) in " ".join(texts_of(Chart(words, kind, table)))


def test_lights_in_a_grid_are_told_by_their_word():
    table = Table("灯", (Column("单位", "text", 1), Column("第一季度", "light", 1)), (Row(("甲", "red")), Row(("乙", None))))
    assert texts_of(Chart("灯", "grid", table)) == ["第一季度", "甲", "红灯", "乙", "—"]


VALUES = st.one_of(
    st.none(),
    st.floats(-1e6, 1e6),
    st.integers(-10, 10**9),
    st.builds(Figure, st.one_of(st.none(), st.floats(-10, 1e4)), st.text(max_size=8)),
)


@given(st.sampled_from(KINDS), st.lists(st.tuples(st.text(max_size=30), VALUES, VALUES), max_size=30))
@settings(derandomize=True, max_examples=150, deadline=None)
def test_any_numbers_can_be_drawn_inside_the_drawing(kind, rows):
    table = Table("表", (Column("名称", "text", 1), Column("甲", "percent", 1), Column("乙", "percent", 1)), tuple(map(Row, rows)))
    drawn = chart_svg(Chart("图", kind, table))
    tree = etree.fromstring(drawn)
    assert "nan" not in drawn
    for node in tree.iter(f"{SVG}rect"):
        assert float(node.get("width")) >= 0
        assert float(node.get("x") or 0) + float(node.get("width")) <= WIDTH + 0.6


@given(st.text(max_size=50), st.floats(20, 400))
@settings(derandomize=True, max_examples=150)
def test_clipped_words_fit(words, width):
    assert text_width(clipped(words, width)) <= width


def test_the_same_chart_is_drawn_the_same():
    assert chart_svg(grid_chart()) == chart_svg(grid_chart())
