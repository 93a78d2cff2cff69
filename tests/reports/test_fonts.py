"""Fonts for PDF: who serves which part, what is asked where a character is missing, and the refusals that stand in for empty boxes."""

import shutil
import struct
from pathlib import Path

import pytest

from reports.character_maps import characters_of
from reports.fonts import LATIN_SERIF, ROLES, Cabinet, choice_from, chosen_for, package_folder, servings
from rules.errors import DubanError
from tests.printing import FONTS

SERIF = FONTS / "NotoSerifSC-Regular.otf"


@pytest.fixture
def no_fonts() -> Cabinet:
    """A machine without any font with Chinese characters."""
    return Cabinet([], with_system=False)


def test_the_font_package_serves_every_part():
    assert package_folder() == FONTS
    assert {one.role: one.family for one in servings(FONTS)} == {
        "title": "Noto Serif SC",
        "body": "Noto Serif SC",
        "kai": "Noto Serif SC",
        "hei": "Noto Sans SC",
        "song": "Noto Serif SC",
    }
    assert not any(one.is_standard for one in servings(FONTS))


def test_the_house_folder_alone_is_asked_where_it_suffices():
    chosen = chosen_for(["督查通报 No. 3 — “第3期”，灯色：红灯≥1.3%"], FONTS)
    assert set(chosen.fonts.families()) - {"Noto Serif SC", "Noto Sans SC"} == set(Cabinet([], with_system=False).fonts.families())
    assert chosen.families["body"] == ("Noto Serif SC", "Noto Sans SC", LATIN_SERIF)
    assert chosen.families["hei"] == ("Noto Sans SC", "Noto Serif SC", LATIN_SERIF)


@pytest.mark.parametrize("name", ["王𫖯", "李㛃", "陈𬱖", "葛\U000e0100", "①②〔2013〕", "㎡、℃、‰", "e\u0301", "a\u200bb"])
def test_rare_characters_and_signs_are_drawn(name):
    assert chosen_for([name], FONTS).families


def test_an_english_paper_is_led_by_a_latin_face():
    chosen = chosen_for(["Notice"], FONTS).led_by_latin()
    assert chosen.families["body"][0] == LATIN_SERIF
    assert chosen.families["hei"][0] == "Noto Sans SC"


def test_without_a_chinese_font_the_refusal_says_how_to_get_one(no_fonts):
    with pytest.raises(DubanError) as refused:
        choice_from(no_fonts, ["督查通报"])
    assert refused.value.code == "no-cjk-font"
    for words in ("仿宋", "duban[fonts]", "DUBAN_FONTS", "fonts-noto-cjk"):
        assert words in refused.value.message


def test_without_a_chinese_font_latin_letters_are_still_set(no_fonts):
    assert choice_from(no_fonts, ["Notice — No. 3 “due”"]).families["title"] == (LATIN_SERIF,)


def test_a_character_no_font_has_is_named_with_its_place():
    cabinet = Cabinet([FONTS], with_system=False)
    with pytest.raises(DubanError) as refused:
        choice_from(cabinet, ["全部正常", "牵头人为张\U000f0123同志，联系电话另附"])
    assert refused.value.code == "no-glyph"
    assert "U+F0123" in refused.value.message
    assert "牵头人为张\U000f0123同志" in refused.value.message


def test_a_character_the_part_lacks_comes_from_another_family(tmp_path):
    shutil.copy(SERIF, tmp_path / "own.otf")
    cabinet = Cabinet([tmp_path], with_system=False)
    assert cabinet.serving == dict.fromkeys(ROLES, "Noto Serif SC")
    assert choice_from(cabinet, ["情况"]).families["hei"] == ("Noto Serif SC", LATIN_SERIF)


def test_a_font_of_the_system_fills_in_where_the_house_folder_lacks_a_part(tmp_path):
    shutil.copy(FONTS / "NotoSansSC-Regular.otf", tmp_path / "own.otf")
    # The sans face alone serves every part: a folder of its own is a decision.
    assert chosen_for(["情况"], tmp_path).families["body"][0] == "Noto Sans SC"
    assert chosen_for(["情况"], tmp_path / "nothing").families["body"]


def test_a_file_that_is_no_font_does_not_stop_the_others(tmp_path):
    (tmp_path / "broken.ttf").write_bytes(b"nothing of the kind")
    shutil.copy(SERIF, tmp_path / "own.otf")
    assert chosen_for(["情况"], tmp_path).families["body"][0] == "Noto Serif SC"


def _font(tmp_path: Path, cmap: bytes, tag: bytes = b"cmap") -> Path:
    place = tmp_path / "made.ttf"
    place.write_bytes(struct.pack(">IHHHH", 0x10000, 1, 0, 0, 0) + struct.pack(">4sIII", tag, 0, 28, len(cmap)) + cmap)
    return place


def _format_4(*segments: tuple[int, int, int]) -> bytes:
    segments = (*segments, (0xFFFF, 0xFFFF, 1))
    count = len(segments)
    firsts, lasts, deltas = zip(*segments, strict=True)
    row = f">{count}H"
    body = struct.pack(row, *lasts) + b"\0\0" + struct.pack(row, *firsts) + struct.pack(row, *deltas) + struct.pack(row, *[0] * count)
    return struct.pack(">HHHHI", 0, 1, 3, 1, 12) + struct.pack(">HHHHHHH", 4, 16 + len(body), 0, 2 * count, 0, 0, 0) + body


def _format_12(*groups: tuple[int, int, int]) -> bytes:
    body = b"".join(struct.pack(">III", *group) for group in groups)
    return struct.pack(">HHHHI", 0, 1, 3, 10, 12) + struct.pack(">HHIII", 12, 0, 16 + len(body), 0, len(groups)) + body


MAPS = [
    pytest.param(_format_12((0x4E00, 0x4E03, 5), (0x2B000, 0x2B000, 9)), {0x4E00, 0x4E01, 0x4E02, 0x4E03, 0x2B000}, id="format 12"),
    pytest.param(_format_12((0x20, 0x21, 0)), {0x21}, id="the glyph for what is missing is none"),
    pytest.param(_format_4((0x41, 0x43, 0xFFC0)), {0x41, 0x42, 0x43}, id="format 4"),
    pytest.param(_format_4((0x41, 0x42, 0xFFBF)), {0x42}, id="format 4 without a glyph"),
    pytest.param(_format_12((0x4E03, 0x4E00, 5)), set(), id="a run that ends before it begins"),
    pytest.param(_format_12((0, 0xFFFFFFFF, 5)), set(), id="a run beyond all characters"),
    pytest.param(struct.pack(">HHHHI", 0, 1, 3, 1, 12) + struct.pack(">HH", 6, 0), set(), id="another format"),
    pytest.param(b"\0", set(), id="cut short"),
]


@pytest.mark.parametrize(("cmap", "expected"), MAPS)
def test_character_maps_are_read(cmap, expected, tmp_path):
    assert characters_of(_font(tmp_path, cmap), 0) - {0xFFFF} == expected


def test_a_file_that_is_no_font_has_no_characters(tmp_path):
    (tmp_path / "no.ttf").write_bytes(b"nothing of the kind")
    assert characters_of(tmp_path / "no.ttf", 0) == frozenset()
    assert characters_of(tmp_path / "absent.ttf", 0) == frozenset()
    assert characters_of(_font(tmp_path, b"", tag=b"glyf"), 0) == frozenset()


def test_a_real_font_has_the_characters_of_plans():
    found = characters_of(SERIF, 0)
    assert {ord(letter) for letter in "督办通报〔〕①—−≥㎡"} <= found
    assert 0xF0123 not in found
