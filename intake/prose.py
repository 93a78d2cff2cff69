"""From clauses to items: which paragraphs of the prose carry a duty, and what each says.

A clause with a note is an item. Without one it is an item if it sets a figure, or if it stands, numbered, where others carry notes (a note may be missing);
such items name no unit and are therefore not proposed for issuing.
"""

from intake.clauses import Clause, clauses_of
from intake.deadlines import own_days, recurrence_of
from intake.document import Document
from intake.draft import ItemDraft, SourcePlace
from intake.outline import Passage, passages
from intake.phrases import TERMINAL, pieces
from intake.quantities import targets_in
from intake.rows import Settings

TITLE_LENGTH = 40
SENTENCE_END = ("。", "；", "！", ";")
SHORTEST = 12
SHORTEST_TITLE = 7


def prose_items(document: Document, settings: Settings, *, has_table: bool) -> tuple[ItemDraft, ...]:
    """Return the items of the text outside tables, in order. Where the document has neither a table nor a note, every numbered paragraph and every
    paragraph with a figure is one.
    """
    clauses = clauses_of(passages(document.blocks))
    noted = [clause.passage for clause in clauses if clause.has_note]
    everything = not noted and not has_table
    return tuple(
        _item(clause, settings) for clause in clauses if clause.has_note or _is_item(clause, noted, settings, everything=everything)
    )


def _is_item(clause: Clause, noted: list[Passage], settings: Settings, *, everything: bool) -> bool:
    passage = clause.passage
    if not clause.text.endswith(SENTENCE_END) and passage.number is None:
        return False
    if len(clause.text) < SHORTEST or not (passage.path or passage.number or noted or everything):
        return False
    if _sets_figures(clause, settings):
        return True
    stands_in_line = passage.number is not None or passage.path != passage.section
    depth = len(passage.section)
    return stands_in_line and (everything or any(other.section[:depth] == passage.section for other in noted))


def _sets_figures(clause: Clause, settings: Settings) -> bool:
    return any(target.value is not None or target.low is not None for target in targets_in(clause.text, settings.base_year))


def _item(clause: Clause, settings: Settings) -> ItemDraft:
    passage = clause.passage
    starts_on, due_on = own_days(clause.text, settings.base_year, settings.not_before)
    if clause.due_text:
        starts_on, due_on = own_days(clause.due_text, settings.base_year, None)
    part = "" if clause.part == 1 else f"-{clause.part}"
    return ItemDraft(
        id=f"p{passage.order}{part}",
        number=passage.number if clause.part == 1 else None,
        path=passage.path,
        title=_title(clause),
        text=clause.text,
        units=clause.units,
        starts_on=starts_on,
        due_on=due_on,
        recurrence=recurrence_of(clause.text),
        targets=targets_in(clause.text, settings.base_year),
        source=SourcePlace(first_line=passage.line, last_line=clause.last_line),
        confidence=0.9 if clause.units else 0.6,
        issue=bool(clause.units),
    )


def _title(clause: Clause) -> str:
    """Return the run-in heading, else the clause's first words, as many parts as make a title that says something."""
    if clause.part == 1 and clause.passage.heading:
        return clause.passage.title
    ends = [end for _start, end in pieces(clause.text, "，。；：")]
    end = next((end for end in ends if end >= SHORTEST_TITLE), len(clause.text))
    return clause.text[:end].strip(TERMINAL)[:TITLE_LENGTH] or clause.text[:TITLE_LENGTH]
