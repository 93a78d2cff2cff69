"""The findings of a draft: what a careful clerk would query before it is issued.

A check is a function from a draft to findings; a new one is one function in `checking` and one line in `CHECKS`, plus its code in docs/findings.md. Everything is
computed again from the draft as it is now, so that a draft people have edited is checked like a fresh one; only findings that the document alone shows are kept.
"""

from collections.abc import Callable, Iterable

from intake.checking.conditions import cannot_be_verified
from intake.checking.days import dates_not_fixed, days_reversed, no_due_date, outside_plan_period, unknown_years, years_skipped
from intake.checking.figures import absurd_numbers, body_differs, units_of_measure_differ, years_do_not_sum
from intake.checking.items import duplicate_items, nothing_to_issue, places_with_rules
from intake.checking.slips import unit_name_slips
from intake.checking.units import leads_not_marked, no_units, open_sets, several_leads, unit_wordings
from intake.draft import DraftPlan, Finding, ItemDraft
from intake.severity import gravest_first

Check = Callable[[DraftPlan], Iterable[Finding]]

CHECKS: tuple[Check, ...] = (
    years_do_not_sum,
    absurd_numbers,
    units_of_measure_differ,
    body_differs,
    leads_not_marked,
    several_leads,
    no_units,
    unit_wordings,
    unit_name_slips,
    open_sets,
    places_with_rules,
    no_due_date,
    dates_not_fixed,
    days_reversed,
    outside_plan_period,
    unknown_years,
    years_skipped,
    duplicate_items,
    cannot_be_verified,
    nothing_to_issue,
)
READ_ONCE = frozenset(
    {
        "units-from-above",
        "column-guessed",
        "stated-count-differs",
        "date-not-fixed",
        "days-reversed",
        "hidden-rows",
        "pages-without-text",
        "paragraph-cut",
        "columns-cut",
        "plan-end-counted",
    }
)


def check_draft(draft: DraftPlan) -> tuple[Finding, ...]:
    """Return all findings of `draft`, errors first; those of its own that only the document shows are kept while their item exists."""
    items = {item.id: item for item in draft.items}
    kept = [finding for finding in draft.findings if finding.code in READ_ONCE and _still_holds(finding, items)]
    found = dict.fromkeys([*kept, *(finding for check in CHECKS for finding in check(draft))])
    return gravest_first(found)


def _still_holds(finding: Finding, items: dict[str, ItemDraft]) -> bool:
    """Return whether a finding made at reading is still about something: its item is there, and has no day yet where a day was asked for."""
    if finding.item is None:
        return True
    item = items.get(finding.item)
    return item is not None and not (finding.code in ("date-not-fixed", "days-reversed") and item.due_on is not None)
