"""From a document to its draft: the plan's facts, the items of prose and tables in the order of reading, and the findings.

Order decides: tables first, because their schedule gives the plan's period and their captions the paths; then prose.
"""

import re
from collections.abc import Iterator

from intake.checking.guesses import columns_guessed
from intake.checking.listed import listed_counts
from intake.checks import check_draft
from intake.clauses import FIRST_LEADS, prose_of
from intake.columns import unit_said
from intake.document import Block, Document, Table
from intake.draft import DraftPlan, ItemDraft, Source
from intake.inheriting import units_from_above
from intake.limits import within_limits
from intake.masthead import end_was_counted, masthead_of
from intake.phrases import squeeze
from intake.prose import prose_items
from intake.rows import Settings, items_of
from intake.spans import Frame
from intake.stated import reading_findings
from intake.tables import HeadedTable, continued, first_and_last, headed_table, headless_table, parts_of, rows_of, titled_year
from rules.errors import DubanError
from rules.texts import _

CAPTION = re.compile(r"(?:表|清单|方案|计划|分工|要点|任务|安排|名单|目录|台账|一览|指标|项目|事项|目标)(?:（.*）|\\(.*\\))?$")
ANNEX = re.compile(r"^附(?:件|表)[\d一二三四五六七八九十]{0,3}[:：.．、]?")
MERGES_LOST = ("csv", "md", "txt")
CAPTION_LENGTH = 60
LINES_ABOVE = 3

Part = tuple[Table, str | None, str | None]


def draft_of(document: Document, base_year: int | None = None) -> DraftPlan:
    """Return the draft of `document` with its findings; refuse with no-table-no-note where nothing in it is a task."""
    document, cuts = within_limits(document)
    parts = list(_parts(document))
    headed = _headed_tables(parts, base_year, None)
    masthead = masthead_of(document, headed[0].caption if headed else None, first_and_last(headed))
    own_year = masthead.year or (masthead.plan.starts_on.year if masthead.plan.starts_on else None) or titled_year(document)
    if base_year is None and own_year:
        # Heads such as 上半年 take the document's own year, which is known only now.
        headed = _headed_tables(parts, None, own_year)
        if headed:
            masthead = masthead_of(document, headed[0].caption, first_and_last(headed))
    starts_on = masthead.plan.starts_on
    year = base_year or masthead.year or (starts_on.year if starts_on else None)
    frame = Frame(year, starts_on, masthead.plan.ends_on, masthead.plan.issued_on or masthead.plan.signed_on)
    settings = Settings(
        year,
        masthead.year,
        first_leads=_states_that_first_leads(document),
        frame=frame,
        texts=tuple(paragraph.text for paragraph in document.paragraphs),
        merges_lost=document.kind in MERGES_LOST,
    )
    prose = prose_of(document.blocks)
    items = (*prose_items(prose.clauses, settings, has_table=bool(headed)), *_table_items(headed, settings))
    if not items:
        text = _("“{name}”里既没有责任分工表，也没有“（责任单位：…）”一类的注，读不出任务；请确认文件，或改用带表头的表格")
        raise DubanError("no-table-no-note", text.format(name=document.name))
    draft = DraftPlan(
        source=Source(name=document.name, sha256=document.sha256, kind=document.kind),
        plan=masthead.plan,
        items=items,
        findings=(
            *reading_findings(document, prose, headed, items),
            *listed_counts(headed),
            *columns_guessed(headed),
            *units_from_above(headed, items, merges_lost=settings.merges_lost),
            *end_was_counted(masthead),
            *cuts,
        ),
    )
    return draft.model_copy(update={"findings": check_draft(draft)})


def _states_that_first_leads(document: Document) -> bool:
    """Return whether a line outside the notes, or a cell, says for the whole table that the first unit leads."""
    cells = (cell.text for table in document.tables for row in table.rows for cell in row)
    lines = (paragraph.text for paragraph in document.paragraphs)
    return any(FIRST_LEADS.search(text) for text in (*lines, *cells))


def _parts(document: Document) -> Iterator[Part]:
    """Yield each table, one that holds several heads in its parts, with the caption and the unit of measure that stand above it."""
    for at, block in enumerate(document.blocks):
        if isinstance(block, Table):
            caption, unit = _caption(document.blocks, at), _unit_above(document.blocks, at)
            yield from ((part, caption, unit) for part in parts_of(block))


def _headed_tables(parts: list[Part], base_year: int | None, own_year: int | None) -> list[HeadedTable]:
    found: list[HeadedTable] = []
    for number, (part, caption, unit) in enumerate(parts, start=1):
        headed = headed_table(part, number, caption, (base_year, own_year), unit)
        if headed is None and found:
            headed = continued(part, number, found[-1])
        if headed is None:
            headed = headless_table(part, number, caption, (base_year, own_year), unit)
        if headed is not None and rows_of(headed):
            found.append(headed)
    return found


def _lines_above(blocks: tuple[Block, ...], at: int) -> Iterator[str]:
    """Yield the lines right above a table, the nearest first."""
    for block in reversed(blocks[max(at - LINES_ABOVE, 0) : at]):
        if isinstance(block, Table):
            return
        yield squeeze(block.text)


def _caption(blocks: tuple[Block, ...], at: int) -> str | None:
    """Return the line above a table that is its title: short, without a full stop."""
    for line in _lines_above(blocks, at):
        text = ANNEX.sub("", line)
        if len(text) <= CAPTION_LENGTH and CAPTION.search(text):
            return text
    return None


def _unit_above(blocks: tuple[Block, ...], at: int) -> str | None:
    return next((unit for line in _lines_above(blocks, at) if (unit := unit_said(line))), None)


def _table_items(headed: list[HeadedTable], settings: Settings) -> tuple[ItemDraft, ...]:
    return tuple(item for table in headed for item in items_of(table, settings))
