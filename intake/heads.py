"""Finding the head of a table: the row in which it begins, the rows it goes on for, a second head further down, a head in the first column.

A row is a head by its words (`headings`), or because of what stands below it: marks under units, figures under measures.
"""

import re

from intake.celltimes import head_period, short_year_of
from intake.document import Cell, Table
from intake.headings import HEAD_LENGTH, Role, role_of
from intake.matrix import MARKS
from intake.outline import marker_of
from intake.phrases import squeeze

HEAD_SEARCH_ROWS = 12
CARRIES_WORK: frozenset[Role] = frozenset({"title", "content", "either"})
WHO: frozenset[Role] = frozenset({"lead", "responsible", "support", "owner"})
SECTION_RANKS = (1, 2, 3)
LOOKED_BELOW = 40
FEW_MARKS = FEW_PERIODS = FEW_FIGURES = FEW_UNKNOWN = 2


def head_row(table: Table) -> int | None:
    """Return the first row with two known heads, one of which carries work and one of which is a unit, a time or a number."""
    return next((at for at in range(min(HEAD_SEARCH_ROWS, len(table.rows))) if _is_head_row(table, at)), None)


def _is_head_row(table: Table, at: int) -> bool:
    row = table.rows[at]
    filled = list({id(cell): squeeze(cell.text) for cell in row if cell.text}.values())
    known = {text: role for text in filled if (role := role_of(text))}
    roles = set(known.values())
    if len(filled) < 2:
        return False
    if roles & CARRIES_WORK:
        return len(roles) >= 2 or _has_marks_below(table, at)
    if roles & WHO:
        if _has_figures_below(table, at):
            return True
        others = [text for text in filled if text not in known]
        are_heads = len(others) <= FEW_UNKNOWN and max(map(len, others), default=0) <= HEAD_LENGTH
        return len({text for text in filled if head_period(text, 2000)}) >= FEW_PERIODS or (len(roles) >= 2 and bool(others) and are_heads)
    return "measure" in roles and _has_figures_below(table, at)


def _has_figures_below(table: Table, at: int) -> bool:
    """Return whether two columns hold nothing but figures, as where a task is shared out among units."""
    below = [[squeeze(row[column].text) for row in table.rows[at + 1 : at + LOOKED_BELOW]] for column in range(table.width)]
    return sum(any(texts) and all(re.fullmatch(r"[\d.,]*", text) for text in texts) for texts in below) >= FEW_FIGURES


def _has_marks_below(table: Table, at: int) -> bool:
    return (
        len(
            [
                column
                for column in range(table.width)
                if any(squeeze(row[column].text) in MARKS for row in table.rows[at + 1 : at + LOOKED_BELOW])
            ]
        )
        >= FEW_MARKS
    )


def is_another_head(table: Table, at: int, first: int) -> bool:
    """Return whether a row below a head is the head of another table: nearly all it holds is heads, and they are not those above."""
    texts = list(dict.fromkeys(text for cell in table.rows[at] if (text := squeeze(cell.text)) and text not in MARKS))
    above = {squeeze(cell.text) for cell in table.rows[first]}
    if len(texts) < 3 or set(texts) <= above:
        return False
    if not any(role_of(text) in CARRIES_WORK | {"number"} or (text in above and role_of(text)) for text in texts):
        return False
    return sum(_is_head(text) for text in texts) * 3 >= len(texts) * 2 and _is_head_row(table, at)


def with_titles(table: Table, at: int, least: int) -> int:
    """Return the row at which the title rows right above a head begin."""
    start = at
    while start > least + 1 and len({id(cell) for cell in table.rows[start - 1] if cell.text}) <= 1:
        start -= 1
    return start


def is_turned(table: Table) -> bool:
    """Return whether the first column holds the heads and the others one item each."""
    roles = [role_of(row[0].text) for row in table.rows]
    known = {role for role in roles if role}
    return table.width >= 2 and len(known) >= 3 and bool(known & CARRIES_WORK) and bool(known & WHO) and len(known) * 2 > len(roles)


def body_start(table: Table, head: int) -> int:
    """Return the first row that is no head: heads go on while a cell is merged down from above, or all that is filled are periods or heads."""
    at = head + 1
    while at < len(table.rows):
        row = table.rows[at]
        fresh = [cell for column, cell in enumerate(row) if cell.text and cell is not table.rows[at - 1][column]]
        if (fresh and not spans_all(row) and all(_is_head(cell.text) for cell in fresh)) or _is_under_spans(table, at):
            at += 1
        else:
            break
    return at


def _is_under_spans(table: Table, at: int) -> bool:
    """Return whether a row only parts the heads that span several columns above it, as units do under 责任部门; elsewhere it is merged or empty."""
    above, row = table.rows[at - 1], table.rows[at]
    fresh = [column for column, cell in enumerate(row) if cell.text and cell is not above[column]]
    spanned = [column for column in fresh if _is_spanned(above, column)]
    return len(fresh) >= 2 and spanned == fresh and len(fresh) < table.width


def _is_spanned(row: tuple[Cell, ...], at: int) -> bool:
    """Return whether the cell at `at` goes on to the right or came from the left; where merging is lost the cells it covered are empty."""
    is_merged = any(row[near] is row[at] for near in (at - 1, at + 1) if 0 <= near < len(row))
    return is_merged or not row[at].text or (at + 1 < len(row) and not row[at + 1].text)


def _is_head(text: str) -> bool:
    if marker_of(text)[0] in SECTION_RANKS:
        return False
    return role_of(text) is not None or head_period(text, 2000) is not None or short_year_of(text) is not None


def head_text(table: Table, head: int, body: int, column: int) -> list[str]:
    """Return the words over a column, uppermost first, those of a merged cell once."""
    texts: list[str] = []
    for row in table.rows[head:body]:
        if row[column].text and row[column].text not in texts:
            texts.append(row[column].text)
    return texts


def spans_all(cells: tuple[Cell, ...]) -> bool:
    """Return whether one cell is all that a row holds, merged over its whole width."""
    return len({id(cell) for cell in cells if cell.text}) == 1 and sum(bool(cell.text) for cell in cells) >= len(cells) - 1 > 1
