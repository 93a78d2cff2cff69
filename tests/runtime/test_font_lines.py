"""What `duban doctor` says about the fonts PDF papers are set in."""

import pytest

from runtime.machine_health import check_fonts
from runtime.settings import Settings
from tests.printing import FONTS


def test_stand_ins_are_named_part_by_part(tmp_path):
    ((part, level, words, advice),) = check_fonts(Settings(home=tmp_path, fonts=FONTS))
    assert (part, level) == ("fonts", "warning")
    for expected in (
        "小标宋用 Noto Serif SC",
        "仿宋用 Noto Serif SC",
        "楷体用 Noto Serif SC",
        "黑体用 Noto Sans SC",
        "宋体用 Noto Serif SC",
    ):
        assert expected in words
    assert "DUBAN_FONTS" in advice


@pytest.mark.parametrize("name", ["absent", "file.ttf"])
def test_a_folder_that_is_none_is_a_problem(name, tmp_path):
    (tmp_path / "file.ttf").write_bytes(b"")
    first, *others = check_fonts(Settings(home=tmp_path, fonts=tmp_path / name))
    assert first[1] == "problem"
    assert str(tmp_path / name) in first[2]
    assert others
