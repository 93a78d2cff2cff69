"""Text for robots: nothing turns into markup, nothing is lost between the parts."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.robot_text import MAX_PARTS, cut, lines_of, without_markdown


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("时限：2013年12月31日；已超期 6 天", "时限：2013年12月31日；已超期 6 天", id="plain words"),
        pytest.param("# 一级", "＃ 一级", id="a heading"),
        pytest.param("第 # 号", "第 # 号", id="the same sign within"),
        pytest.param("3. 第三项", "3．第三项".replace("．第", "． 第"), id="a numbered list"),
        pytest.param("2013.12.31", "2013.12.31", id="a day"),
        pytest.param("- 小项", "－ 小项", id="a list"),
        pytest.param("---", "－--", id="a rule, or a heading of the line before"),
        pytest.param("=====", "＝====", id="a heading of the line before"),
        pytest.param("    缩进", "　　缩进", id="a block of code"),
        pytest.param("<font color=red>*粗*</font>", "＜font color=red＞＊粗＊＜/font＞", id="colour and stars"),
        pytest.param("[字](http://x.cn)", "［字］(http://x.cn)", id="a link under other words"),
        pytest.param("见 https://duban.example.cn/tasks/3?a_b=1", "见 https://duban.example.cn/tasks/3?a_b=1", id="an address stays"),
        pytest.param("见https://a.cn/_x_，再看_y_", "见https://a.cn/_x_，再看＿y＿", id="an address ends"),
        pytest.param("A&nbsp;B & C", "A＆nbsp;B & C", id="an entity"),
        pytest.param("C:\\x", "C:＼x", id="an escape"),
    ],
)
def test_without_markdown(line, expected):
    assert without_markdown(line) == expected


def test_lines_of():
    assert lines_of("\n\n一\n\n\n二  \n \n三\n\n-- \n四\n\n") == ["一", "", "二", "", "三", "", "四"]


def size_of(line):
    return len(line.encode()) + 1


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=60), max_size=40), st.integers(120, 400))
def test_every_line_is_in_a_part_that_has_room(lines, room):
    groups = cut(lines, room, size_of)
    assert all(sum(size_of(line) for line in group) <= room for group in groups)
    assert len(groups) <= MAX_PARTS
    if "行从略" not in "".join(groups[-1]):
        assert "".join(line for group in groups for line in group) == "".join(lines)


def test_what_is_too_much_is_said():
    groups = cut([f"第{number}行" for number in range(1000)], 200, size_of)
    assert len(groups) == MAX_PARTS
    told = sum(len(group) for group in groups) - 1
    assert f"还有 {1000 - told} 行从略" in groups[-1][-1]


@pytest.mark.parametrize(
    "text", ["一" * 400_000, "&#" * 500_000, "https://" * 120_000, " " * 1_000_000, "1" * 1_000_000, "[" * 1_000_000, "\n" * 1_000_000]
)
def test_hostile_text_takes_little_time(text):
    started = time.process_time()
    cut([without_markdown(line) for line in lines_of(text)], 4000, size_of)
    assert time.process_time() - started < 10
