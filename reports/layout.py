"""The measures of GB/T 9704-2012 for an official paper, each with its clause, and what Word needs to keep them.

Chinese type sizes are given in points (3号 = 16 pt). A fixed 16 pt grid would not fill the type area: the pitches below come from dividing
it by 22 lines and 28 characters. The fonts the standard names are not free, so they are named, never shipped, and each has a stand-in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor
from unicodedata import east_asian_width

# 5.1 and 5.2.1: A4; head margin 37 ± 1 mm, binding margin 28 ± 1 mm, type area 156 × 225 mm.
PAGE_WIDTH_MM = 210
PAGE_HEIGHT_MM = 297
MARGIN_TOP_MM = 37
MARGIN_BOTTOM_MM = 35
MARGIN_LEFT_MM = 28
MARGIN_RIGHT_MM = 26
TYPE_WIDTH_MM = 156
TYPE_HEIGHT_MM = 225

# 8: a landscape table has its head at the binding edge of an odd page, so the portrait margins turn with the sheet.
LANDSCAPE_WIDTH_MM = PAGE_HEIGHT_MM - MARGIN_TOP_MM - MARGIN_BOTTOM_MM

# 5.2.3: 22 lines of 28 characters fill the type area. Twips are 1/20 pt; a line is rounded down, or the 22nd would not fit.
LINES_PER_PAGE = 22
CHARACTERS_PER_LINE = 28
LINE_PITCH_TWIPS = int(TYPE_HEIGHT_MM / 25.4 * 1440 / LINES_PER_PAGE)
CHARACTER_PITCH_PT = TYPE_WIDTH_MM / 25.4 * 72 / CHARACTERS_PER_LINE

# 5.2.2, 7.3.1, 7.5: sizes of body, title and page number.
BODY_PT = 16.0
TITLE_PT = 22.0
PAGE_NUMBER_PT = 14.0
TITLE_CHARACTERS_PER_LINE = 18

# Word counts the grid's characters as a difference to the body size, in 4096ths of a point. LibreOffice gives a character wider than the
# grid's cell two cells, so text is taken off the grid and set at its pitch by hand: 28 characters a line, 22 lines a page in both programs.
GRID_CHARACTER_SPACE = round((CHARACTER_PITCH_PT - BODY_PT) * 4096)
CHARACTER_SPACE_TWIPS = floor((CHARACTER_PITCH_PT - BODY_PT) * 20)

# 7.2.4 and 7.2.7: the masthead's name and the rule below it are red; the rule is as wide as the type area.
RED = "E60012"
MASTHEAD_PT = 58.0
MASTHEAD_CHARACTERS = 6.5
MASTHEAD_DROP_MM = 35
RULE_DROP_MM = 4

# 10.1, the letter form: the name's upper edge 30 mm below the sheet's, the rules 170 mm long, the lower one 20 mm above the sheet's foot.
LETTER_NAME_MM = 30
LETTER_NAME_PT = 42.0
LETTER_RULE_MM = 170
LETTER_FOOT_MM = 20

# 7.5: the dash beside a page number lies 7 mm below the type area; the footer's line is 5 mm high and is measured from the sheet's edge.
HEADER_MM = 15.0
FOOTER_MM = MARGIN_BOTTOM_MM - 7 - 2.5

# 7.4: the record at the foot is set in 4号; its first and last rule are 0.35 mm thick, those between 0.25 mm (Word counts eighths of a point).
RECORD_PT = 14.0
RECORD_OUTER_RULE = 8
RECORD_INNER_RULE = 6

# The standard leaves the type inside tables open; 五号 keeps wide tables on the sheet.
TABLE_PT = 10.5
TABLE_LINE_PT = 14.0
TABLE_TITLE_PT = 12.0
LATIN_HEAD_PT = 7.5
# A Latin letter is about so much of its type's size wide; a cell keeps so much free at both sides together.
LATIN_LETTER = 0.55
CELL_MARGINS_MM = 2.4

# A chart is no wider: its letters are then 五号, as in tables, and it leaves most of the page to the words.
CHART_WIDTH_MM = 120

# Two pairs of facts stand in a line where the words of each are short; a field to be written into by hand is so high a line.
SHORT_PAIR_CHARACTERS = 11
LABEL_SHARE = 0.19
FIELD_LINE_PT = 18.0

LIGHT_COLOURS = {"red": "C00000", "yellow": "8A5A00", "green": "1E6B34", "grey": "595959"}

# 小五号: a hash of 64 figures stays on one line.
PROOF_PT = 9.0


@dataclass(frozen=True)
class Face:
    """A typeface by the name offices know, with the stand-ins Word may take where it is missing."""

    name: str
    stand_ins: str

    @property
    def names(self) -> set[str]:
        """Return every name the face goes by: its own, its makers', its stand-ins'."""
        return {self.name, *self.stand_ins.split(","), *_MAKERS.get(self.name, ())}


# The same design under the names of those who cut it.
_MAKERS = {
    "方正小标宋简体": ("方正小标宋_GBK", "方正小标宋_GB18030", "小标宋体", "华文中宋"),
    "仿宋_GB2312": ("方正仿宋_GBK", "方正仿宋简体", "方正仿宋_GB2312", "方正仿宋_GB18030", "华文仿宋"),
    "楷体_GB2312": ("方正楷体_GBK", "方正楷体简体", "方正楷体_GB2312", "华文楷体"),
    "黑体": ("方正黑体_GBK", "方正黑体简体"),
}

SONG_TITLE = Face("方正小标宋简体", "FZXiaoBiaoSong-B05S,宋体,SimSun,Noto Serif CJK SC")
FANG_SONG = Face("仿宋_GB2312", "仿宋,FangSong,FandolFang,Noto Serif CJK SC")
KAI = Face("楷体_GB2312", "楷体,KaiTi,FandolKai,Noto Serif CJK SC")
HEI = Face("黑体", "SimHei,Noto Sans CJK SC")
SONG = Face("宋体", "SimSun,Noto Serif CJK SC")
FACES = (SONG_TITLE, FANG_SONG, KAI, HEI, SONG)

_OPENING = "《〈（“‘〔【"
_CLOSING = "》〉）”’〕】，。、；：！？"


def width_in_characters(text: str) -> float:
    """Return how many full characters wide the text is; Latin letters and figures are half a character."""
    return sum(1.0 if east_asian_width(letter) in "WFA" else 0.5 for letter in text)


def head_size_pt(heads: Iterable[tuple[str, float]]) -> float:
    """Return the size of a table's headings, given each with its column's width in millimetres.

    A Latin word cannot be broken anywhere, as Chinese can: where one is wider than its column, all headings are set smaller.
    """
    is_tight = any(heading.isascii() and _widest_word_mm(heading, TABLE_PT) > width - CELL_MARGINS_MM for heading, width in heads)
    return LATIN_HEAD_PT if is_tight else TABLE_PT


def label_size_pt(label: str) -> float:
    """Return the size of a form's label; where a Latin word is too long for its cell it is set smaller, so that it stays whole."""
    room = LABEL_SHARE * TYPE_WIDTH_MM - CELL_MARGINS_MM
    if not label.isascii() or _widest_word_mm(label, TABLE_TITLE_PT) <= room:
        return TABLE_TITLE_PT
    return max(floor(2 * TABLE_TITLE_PT * room / _widest_word_mm(label, TABLE_TITLE_PT)) / 2, LATIN_HEAD_PT)


def _widest_word_mm(words: str, size_pt: float) -> float:
    return max(map(len, words.split()), default=0) * LATIN_LETTER * size_pt / 72 * 25.4


def balanced_lines(text: str, characters: int) -> list[str]:
    """Break a title into lines of about one length, none longer than `characters`, so that no single character is left over (7.3.1).

    Text with blanks is left to Word; other text never starts a line with a closing mark nor ends one with an opening mark, and figures
    stay together.
    """
    if " " in text:
        return [text]
    count = ceil(width_in_characters(text) / characters)
    lines: list[str] = []
    while count > 1:
        cut = _allowed_cut(text, width_in_characters(text) / count)
        lines.append(text[:cut])
        text = text[cut:]
        count -= 1
    return [*lines, text]


def _allowed_cut(text: str, width: float) -> int:
    cut = next(end for end in range(1, len(text) + 1) if width_in_characters(text[:end]) >= width)
    while 1 < cut < len(text) and not may_break(text, cut):
        cut -= 1
    return cut


def may_break(text: str, at: int) -> bool:
    """Tell whether a line may end before the letter at `at`: no closing mark begins a line, no opening mark ends one, Latin words and figures stay whole."""
    is_inside_word = text[at - 1] != " " and text[at - 1 : at + 1].isascii()
    return not (text[at] in _CLOSING or text[at - 1] in _OPENING or is_inside_word)
