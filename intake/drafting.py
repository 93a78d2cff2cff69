"""From a document to its draft: the plan's facts, the items of prose and tables in the order of reading, and the findings.

Order decides: tables first, because their schedule gives the plan's period and their captions the paths; then prose.
"""

import re

from intake.checks import check_draft
from intake.clauses import FIRST_LEADS
from intake.document import Block, Document, Paragraph, Table
from intake.draft import DraftPlan, ItemDraft, Source
from intake.masthead import masthead_of
from intake.phrases import squeeze
from intake.prose import prose_items
from intake.rows import Settings, items_of
from intake.spans import Frame
from intake.stated import reading_findings
from intake.tables import HeadedTable, continued, first_and_last, headed_table, rows_of
from rules.errors import DubanError
from rules.texts import _

CAPTION = re.compile(r"(?:表|清单|方案|计划|分工|要点|任务)(?:（.*）)?$")
CAPTION_LENGTH = 60


def draft_of(document: Document, base_year: int | None = None) -> DraftPlan:
    """Return the draft of `document` with its findings; refuse with no-table-no-note where nothing in it is a task."""
    headed = _headed_tables(document, base_year, None)
    masthead = masthead_of(document, headed[0].caption if headed else None, first_and_last(headed))
    if base_year is None and masthead.year:
        # Heads such as 上半年 take the document's own year, which is known only now.
        headed = _headed_tables(document, None, masthead.year)
        masthead = masthead_of(document, headed[0].caption if headed else None, first_and_last(headed))
    starts_on = masthead.plan.starts_on
    year = base_year or masthead.year or (starts_on.year if starts_on else None)
    frame = Frame(year, starts_on, masthead.plan.ends_on, masthead.plan.issued_on or masthead.plan.signed_on)
    settings = Settings(year, masthead.year, first_leads=_states_that_first_leads(document), frame=frame)
    items = (*prose_items(document, settings, has_table=bool(headed)), *_table_items(headed, settings))
    if not items:
        text = _("“{name}”里既没有责任分工表，也没有“（责任单位：…）”一类的注，读不出任务；请确认文件，或改用带表头的表格")
        raise DubanError("no-table-no-note", text.format(name=document.name))
    draft = DraftPlan(
        source=Source(name=document.name, sha256=document.sha256, kind=document.kind),
        plan=masthead.plan,
        items=items,
        findings=reading_findings(document, headed, items),
    )
    return draft.model_copy(update={"findings": check_draft(draft)})


def _states_that_first_leads(document: Document) -> bool:
    """Return whether a line outside the notes, or a cell, says for the whole table that the first unit leads."""
    cells = (cell.text for table in document.tables for row in table.rows for cell in row)
    lines = (paragraph.text for paragraph in document.paragraphs)
    return any(FIRST_LEADS.search(text) for text in (*lines, *cells))


def _headed_tables(document: Document, base_year: int | None, own_year: int | None) -> list[HeadedTable]:
    found: list[HeadedTable] = []
    number = 0
    for at, block in enumerate(document.blocks):
        if not isinstance(block, Table):
            continue
        number += 1
        headed = headed_table(block, number, _caption(document.blocks, at), (base_year, own_year))
        if headed is None and found:
            headed = continued(block, number, found[-1])
        if headed is not None and rows_of(headed):
            found.append(headed)
    return found


def _caption(blocks: tuple[Block, ...], at: int) -> str | None:
    """Return the line above a table that is its title: short, without a full stop."""
    for block in reversed(blocks[max(at - 3, 0) : at]):
        if isinstance(block, Table):
            return None
        text = squeeze(block.text)
        if isinstance(block, Paragraph) and len(text) <= CAPTION_LENGTH and CAPTION.search(text) and not text.startswith("附件"):
            return text
    return None


def _table_items(headed: list[HeadedTable], settings: Settings) -> tuple[ItemDraft, ...]:
    return tuple(item for table in headed for item in items_of(table, settings))
