"""How a finding names an item and a figure, so that a reader finds the place in the document."""

from intake.draft import DraftPlan, ItemDraft
from rules.texts import _


def item_name(item: ItemDraft) -> str:
    """Return the words a message calls an item by: table row or clause number, and title."""
    number = (item.number or "").strip("、.． ")
    if item.source.table is not None:
        return _("表中第{number}项“{title}”").format(number=number or item.source.row, title=item.title)
    if number:
        return _("正文{number}“{title}”").format(number=number, title=item.title)
    return _("正文“{title}”").format(title=item.title)


def figure(value: float) -> str:
    """Return a figure without a needless decimal part."""
    return f"{value:.12g}"


def issued(draft: DraftPlan) -> list[ItemDraft]:
    """Return the items that are to be issued."""
    return [item for item in draft.items if item.issue]
