"""The measures derived from GB/T 9704-2012, and the breaking of titles."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import layout


def test_margins_leave_the_type_area():
    assert layout.PAGE_WIDTH_MM - layout.MARGIN_LEFT_MM - layout.MARGIN_RIGHT_MM == layout.TYPE_WIDTH_MM == 156
    assert layout.PAGE_HEIGHT_MM - layout.MARGIN_TOP_MM - layout.MARGIN_BOTTOM_MM == layout.TYPE_HEIGHT_MM == 225


def test_22_lines_of_28_characters_fill_the_type_area_and_no_more():
    height = layout.TYPE_HEIGHT_MM / 25.4 * 1440
    width = layout.TYPE_WIDTH_MM / 25.4 * 1440
    character = layout.BODY_PT * 20 + layout.CHARACTER_SPACE_TWIPS
    assert 22 * layout.LINE_PITCH_TWIPS <= height < 22.1 * layout.LINE_PITCH_TWIPS
    assert 28 * character <= width < 29 * character
    assert pytest.approx(28.99, abs=0.05) == layout.LINE_PITCH_TWIPS / 20
    assert pytest.approx(15.79, abs=0.01) == layout.CHARACTER_PITCH_PT


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("政务督查", ["政务督查"]),
        ("关于《关于加强基层科技能力建设的实施方案》", ["关于《关于加强基层科技", "能力建设的实施方案》"]),
        ("一二三四五六七八九十一二三四五六七《八九》十", ["一二三四五六七八九十一", "二三四五六七《八九》十"]),
        ("Bulletin on the progress of the plan in 2013", ["Bulletin on the progress of the plan in 2013"]),
    ],
    ids=["short", "plan title", "marks", "blanks are left to Word"],
)
def test_titles_break_into_even_lines(title, lines):
    assert layout.balanced_lines(title, 18) == lines


def test_figures_stay_together():
    lines = layout.balanced_lines("一二三四五六七八2013年九十一二三四五六七八", 18)
    assert any("2013" in line for line in lines)


@given(st.text(alphabet="实施方案的》《，、123ab", min_size=1, max_size=120), st.integers(10, 30))
@settings(derandomize=True, max_examples=200)
def test_no_letter_of_a_title_is_lost(title, characters):
    lines = layout.balanced_lines(title, characters)
    assert "".join(lines) == title
    assert all(lines)


@pytest.mark.parametrize(
    ("heads", "size"),
    [
        pytest.param([("与序时差距（百分点）", 10.0)], layout.TABLE_PT, id="chinese is broken anywhere"),
        pytest.param([("Light", 14.0), ("Lead unit", 20.0)], layout.TABLE_PT, id="words that fit"),
        pytest.param([("Light", 14.0), ("Number", 10.0)], layout.LATIN_HEAD_PT, id="one too wide sets all smaller"),
    ],
)
def test_heads_of_a_table_have_one_size(heads, size):
    assert layout.head_size_pt(heads) == size


@pytest.mark.parametrize(("label", "size"), [("签收人", 12.0), ("Matter", 12.0), ("Acknowledging unit", 10.5), ("acknowledgement", 9.0)])
def test_a_long_latin_word_of_a_label_is_set_smaller(label, size):
    assert layout.label_size_pt(label) == size
