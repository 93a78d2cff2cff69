"""Section rows of a table: what names a part of it, stays open above which others, and sometimes is the unit that answers for all below it."""

import re

from intake.cellkinds import kind_of
from intake.columns import Column
from intake.document import Cell
from intake.heads import SECTION_RANKS, WHO, spans_all
from intake.outline import marker_of
from intake.phrases import squeeze, tidy

COUNT_BEHIND = re.compile(r"[（(]?共?计?\d{1,3}[项件个条](?:任务|事项)?[）)]?$|[:：]$")


def section_name(columns: tuple[Column, ...], cells: tuple[Cell, ...]) -> str | None:
    """Return what a row names a part of the table: its one cell spans the whole table, or it is numbered 一、 and says nothing of who, what and when."""
    filled = list({id(cell): cell for cell in cells if cell.text}.values())
    if len(filled) == 1:
        is_numbered = marker_of(filled[0].text)[0] in SECTION_RANKS
        return filled[0].text if spans_all(cells) or is_numbered or _stands_for_a_number(columns, cells) else None
    first = filled[0].text
    is_numbered = marker_of(first)[0] in SECTION_RANKS or re.fullmatch(r"（?[一二三四五六七八九十]+）?", squeeze(first)) is not None
    if not is_numbered or not any(column.role in WHO for column in columns):
        return None
    said = {id(cells[column.at]): cells[column.at].text for column in columns if _says_a_duty(column)}
    texts = [text for text in said.values() if squeeze(text)]
    names = [cell.text for cell in filled[:2]] if len(squeeze(first)) <= 3 else [first]
    is_bare = not [text for text in texts if text not in names]
    return "、".join(squeeze(name) for name in names) if is_bare else None


def _stands_for_a_number(columns: tuple[Column, ...], cells: tuple[Cell, ...]) -> bool:
    """Return whether all that a row says stands where the others have their number, as a section does where merging is lost."""
    column = next((one for one in columns if one.role == "number"), None)
    words = squeeze(cells[column.at].text) if column else ""
    return len(words) > 2 and kind_of(words) not in ("number", "figures")


def _says_a_duty(column: Column) -> bool:
    return (
        column.role in WHO | {"title", "content", "due"} or (column.period is not None and column.role is None) or column.acting is not None
    )


def above(sections: tuple[str, ...], name: str) -> tuple[str, ...]:
    """Return the sections that stay open above a new one: those numbered in a higher rank."""
    rank = marker_of(name)[0] or 0
    return tuple(one for one in sections if (marker_of(one)[0] or 0) < rank)


def section_unit(name: str) -> str:
    """Return a section row without its number and its count: 一、市教育局（共3项） is 市教育局."""
    return COUNT_BEHIND.sub("", tidy(marker_of(name)[2]))
