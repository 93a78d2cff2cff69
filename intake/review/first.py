"""How the document was first read, kept in the workbook's hidden sheet beside what people made of it.

Only so can a second reading tell a correction by people from a change of the document. A text too long for one cell goes on in the next.
"""

from collections.abc import Mapping

from pydantic import ValidationError

from intake.draft import DraftPlan, ItemDraft, PlanDraft, Source
from intake.review.pen import LONGEST_CELL

PLAN_KEY = ""


def first_marks(first: DraftPlan) -> dict[str, list[str]]:
    """Return the plan's facts (under `PLAN_KEY`) and each item (under its id) as JSON, in pieces that fit a cell."""
    texts = {PLAN_KEY: first.plan.model_dump_json(), **{item.id: item.model_dump_json(exclude_defaults=True) for item in first.items}}
    return {key: [text[at : at + LONGEST_CELL] for at in range(0, len(text), LONGEST_CELL)] for key, text in texts.items()}


def first_reading(source: Source, marks: Mapping[str, str]) -> DraftPlan | None:
    """Return the draft as first read from such marks; None where there are none, as in a workbook of an earlier version."""
    try:
        plan = PlanDraft.model_validate_json(marks.get(PLAN_KEY, ""))
        items = [ItemDraft.model_validate_json(text) for key, text in marks.items() if key != PLAN_KEY and text]
    except ValidationError:
        return None
    return DraftPlan(source=source, plan=plan, items=tuple(items))
