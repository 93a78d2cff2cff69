"""The sheet 单位名册: the units a clerk may choose from, those of the draft and those registered, and the dropdowns that offer them.

Only offered, never demanded: a name that is not listed may be typed, and nothing on this sheet is read back.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from intake.draft import DraftPlan
from intake.review.columns import ITEM_COLUMNS, ROSTER
from intake.review.front import page
from intake.review.pen import Pen

HEADS = (("单位名称", 44.0), ("本文件中的事项数", 18.0), ("是否已登记", 14.0))
OFFERED_IN = ("lead", "added")

RosterLine = tuple[str, int, bool]


def roster_of(draft: DraftPlan, registered: Sequence[str]) -> list[RosterLine]:
    """Return name, number of items and whether it is registered: the draft's units first, the most frequent ahead, then the rest of the register."""
    counts = Counter(name for item in draft.items for name in {unit.name for unit in item.units})
    known = set(registered)
    own = sorted(counts, key=lambda name: (-counts[name], name))
    return [(name, counts[name], name in known) for name in own] + [(name, 0, True) for name in sorted(known - counts.keys())]


def roster_sheet(pen: Pen, sheet: Any, roster: Sequence[RosterLine]) -> None:
    """Write the list; the first column is what the dropdowns show."""
    sheet.set_row(0, 32)
    for at, (head, width) in enumerate(HEADS):
        sheet.set_column(at, at, width)
        pen.put(sheet, 0, at, head, bold=True, bg_color="#7F7F7F", font_color="#FFFFFF", valign="vcenter", align="center")
    for row, (name, count, is_registered) in enumerate(roster, start=1):
        pen.put(sheet, row, 0, name)
        pen.put(sheet, row, 1, count, align="center")
        pen.put(sheet, row, 2, "已登记" if is_registered else "", align="center")
    sheet.freeze_panes(1, 0)
    page(sheet)


def offer_units(sheet: Any, count: int, last_row: int) -> None:
    """Put dropdowns of the roster's `count` names into the cells of the sheet 事项 that hold one unit, down to `last_row`."""
    if not count:
        return
    fields = [column.field for column in ITEM_COLUMNS]
    for field in OFFERED_IN:
        at = fields.index(field)
        rule = {"validate": "list", "source": f"='{ROSTER}'!$A$2:$A${count + 1}", "show_error": False, "ignore_blank": True}
        sheet.data_validation(1, at, last_row, at, rule)
