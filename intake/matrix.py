"""Responsibility matrices: one unit a column, a mark where it answers (★ leads, √ takes part).

What a mark means is said in the words of a legend beside the table; without one the heavier of two marks leads, and a single one leads nobody.
"""

import re
from dataclasses import replace

from intake.columns import Column
from intake.draft import UnitRole
from intake.headings import role_of
from intake.phrases import squeeze

HEAVY = "★●▲■◆◎⊙"
LIGHT = "☆○△□◇√✓✔✅〇"
IN_WORDS: dict[str, UnitRole] = {
    "牵头": "lead", "主办": "lead", "主": "lead", "牵": "lead",
    "配合": "support", "协办": "support", "参与": "support", "协": "support", "配": "support",
    "责任": "responsible", "负责": "responsible",
}  # fmt: skip
MARKS = frozenset([*HEAVY, *LIGHT, *IN_WORDS])
MEANING: tuple[tuple[str, UnitRole], ...] = (
    ("牵头|主办|主责|主要", "lead"),
    ("配合|协办|协助|参与|协同", "support"),
    ("责任|负责|承办", "responsible"),
)
LEGEND = re.compile(rf"[“\"]?(?P<mark>[{HEAVY}{LIGHT}])[”\"]?(?:表示|代表|标注的?|标记的?|的|指|为|[:：])*(?P<words>[一-龥]{{2,8}})")
LONGEST_NAME = 20


def acting_columns(columns: list[Column], heads: list[list[str]], below: list[list[str]]) -> list[Column]:
    """Return the columns with those that hold nothing but marks, under a lowest head that is no word of heads, as a unit's."""
    return [
        replace(column, role=None, acting=squeeze(heads[column.at][-1]))
        if _is_acting(column, heads[column.at], below[column.at])
        else column
        for column in columns
    ]


def _is_acting(column: Column, heads: list[str], texts: list[str]) -> bool:
    if column.period or not heads or role_of(heads[-1]) or not 2 <= len(squeeze(heads[-1])) <= LONGEST_NAME:
        return False
    filled = [text for text in texts if text]
    marked = sum(text in MARKS for text in filled)
    return marked > 0 and marked * 10 >= len(filled) * 8


def meanings(texts: list[str], used: set[str]) -> dict[str, UnitRole]:
    """Return the role that each mark gives: by the legend among `texts`, the mark's own words, else by which of the marks `used` is the heavier."""
    found: dict[str, UnitRole] = dict(IN_WORDS)
    for text in texts:
        for match in LEGEND.finditer(squeeze(text)):
            role = next((role for words, role in MEANING if re.match(words, match["words"])), None)
            if role:
                found.setdefault(match["mark"], role)
    heavy = {mark for mark in used if mark in HEAVY}
    light = {mark for mark in used if mark in LIGHT}
    for mark in used - found.keys():
        told: UnitRole = "lead" if mark in heavy and light else "responsible"
        found[mark] = told
    return found
