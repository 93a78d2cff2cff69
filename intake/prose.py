"""From clauses to items: which paragraphs of the prose carry a duty, and what each says.

A clause with a note is an item. Without one its duties are items, each with the units that act in it, where it sets a figure or names who acts, or stands, numbered,
where others carry notes (a note may be missing). Who acts is a guess of the reader's: such items carry a lower confidence.
"""

import re
from dataclasses import replace
from datetime import date

from intake.answering import Clause
from intake.celltimes import term
from intake.deadlines import cleared, own_days, recurrence_of, told_periods, without_steps
from intake.draft import ItemDraft, SourcePlace, TaskDraft
from intake.duties import Duty, duties_of, is_background, makes_something, phases_in, whole_duty
from intake.outline import Passage
from intake.periods import Period
from intake.phrases import TERMINAL, pieces, readable
from intake.quantities import targets_in
from intake.rows import Settings

TITLE_LENGTH = 40
SENTENCE_END = ("。", "；", "！", ";")
BY_WHEN = re.compile(r"[底末前]")
# 各单位要加强领导: an appeal to all who are named elsewhere gives nobody a task of his own.
EVERYBODY = re.compile(r"各(?:有关|相关|责任|牵头|配合|成员|主办|承办)*(?:单位|部门)$")
# 二、8月底前完成的任务: a day over a section is that of its parts.
IS_DUE = re.compile(r"前|完成|办结|到位|见效|达标|阶段")
SHORTEST = 12
# One note among more clauses than this is a chance, not how the document says who answers.
FEW = 50
Sections = frozenset[tuple[str, ...]]
SHORTEST_TITLE = 7
YEAR_IN_HEADING = re.compile(r"(?<![\d-])(?P<year>\d{4})年(?![\d-])")


def prose_items(clauses: list[Clause], settings: Settings, *, has_table: bool) -> tuple[ItemDraft, ...]:
    """Return the items of the text outside tables, of which `clauses` are the parts, in order.

    Where the document has no table and hardly a note, every numbered paragraph and every paragraph with a figure, a day or an actor is one or several.
    """
    noted = frozenset(
        clause.passage.section[:depth] for clause in clauses if clause.has_note for depth in range(len(clause.passage.section) + 1)
    )
    noted_count = sum(clause.has_note for clause in clauses)
    everything = not has_table and noted_count * FEW < len(clauses)
    found: list[ItemDraft] = []
    head: Passage | None = None
    for clause in clauses:
        head = _list_head(clause.passage, head)
        here = _settings_at(clause.passage, head, settings)
        if clause.has_note:
            found.append(_item(clause, here))
        else:
            found.extend(_unnoted(clause, noted, here, everything=everything))
    return tuple(found)


def _list_head(passage: Passage, head: Passage | None) -> Passage | None:
    """Return the paragraph that announces the list this one stands in (到2014年实现以下目标：)."""
    if readable(passage.text[-1:]) == "：":
        return passage
    return head if head is not None and passage.section == head.section else None


def _settings_at(passage: Passage, head: Passage | None, settings: Settings) -> Settings:
    """Return the settings that hold for a paragraph: the one year a heading above names is that of its months, the time of a list's head or of
    a phase (全面落实（2004年7-12月）。…) that of its parts."""
    years = {int(match["year"]) for heading in passage.section for match in YEAR_IN_HEADING.finditer(heading)}
    if len(years) == 1 and (settings.not_before is None or min(years) >= settings.not_before):
        settings = replace(settings, base_year=years.pop())
    if head is not None and head is not passage:
        days = told_periods(head.text, settings.base_year, settings.not_before, settings.frame)
        settings = replace(settings, given=days[-1] if days else None)
    above = passage.section[-1] if passage.section and IS_DUE.search(passage.section[-1]) else ""
    days_above = [period for period in _told(above, settings) if not period.is_bare_year]
    phase = without_steps(cleared(passage.heading or ""), _told(passage.heading or "", settings)) or tuple(days_above)
    return replace(settings, given=phase[-1]) if phase else settings


def _told(words: str, settings: Settings) -> tuple[Period, ...]:
    return told_periods(words, settings.base_year, settings.not_before, settings.frame) if words else ()


def _unnoted(clause: Clause, noted: Sections, settings: Settings, *, everything: bool) -> list[ItemDraft]:
    """Return the items of a clause that nobody is named for in a note; `noted` are the sections with a note somewhere in them."""
    passage = clause.passage
    if passage.is_heading:
        return [_item(clause, settings)] if everything and makes_something(clause.text) and not is_background(passage.path) else []
    ends = "。" in clause.text or clause.text.endswith(SENTENCE_END)
    if len(clause.text) < SHORTEST or (not ends and passage.number is None):
        return []
    if (
        _is_past(passage, settings)
        or not (passage.path or passage.number or noted or everything)
        or (everything and is_background(passage.path))
    ):
        return []
    if everything:
        duties = duties_of(clause.text, passage.heading if clause.part == 1 else None, settings)
        is_wanted = _stands_in_line(passage, noted, everything=True) or any(duty.says for duty in duties)
    else:
        duties, is_wanted = _beside_notes(clause, noted, settings)
    if not is_wanted:
        return []
    return [
        _item(replace(clause, part=clause.part + number, text=duty.text, units=duty.units), settings, is_issued=everything)
        for number, duty in enumerate(duties)
    ]


def _is_past(passage: Passage, settings: Settings) -> bool:
    """Return whether a paragraph before the first heading tells only of years before the document's own."""
    years = [int(match["year"]) for match in YEAR_IN_HEADING.finditer(passage.text)]
    return (
        not passage.path and passage.number is None and bool(years) and settings.not_before is not None and max(years) < settings.not_before
    )


def _beside_notes(clause: Clause, noted: Sections, settings: Settings) -> tuple[list[Duty], bool]:
    """Return what a paragraph without a note says where notes or tables say who answers, and whether it counts: if it sets a figure, if under a heading
    it names who acts, or if it stands in line with others that carry notes; its own may be missing then, and nobody is guessed.
    """
    duty = whole_duty(clause.text, settings)
    if _stands_in_line(clause.passage, noted, everything=False):
        # 由某某负责 or 甲局会同乙局 is as good as a note; any other subject would be a guess.
        if clause.passage.number is None and duty.units and not duty.sets_figure and _is_appeal(duty):
            return [duty], False
        is_said = any(unit.role != "responsible" or f"由{unit.as_written}" in clause.text for unit in duty.units)
        return [duty if is_said else replace(duty, units=())], True
    return [duty], duty.sets_figure or (bool(clause.passage.path) and bool(duty.units) and not _is_appeal(duty))


def _is_appeal(duty: Duty) -> bool:
    return all(EVERYBODY.match(unit.as_written) for unit in duty.units)


def _stands_in_line(passage: Passage, noted: Sections, *, everything: bool) -> bool:
    is_under = passage.number is not None or passage.path != passage.section or (everything and bool(passage.path))
    return is_under and (everything or passage.section in noted)


def _item(clause: Clause, settings: Settings, *, is_issued: bool = True) -> ItemDraft:
    passage = clause.passage
    starts_on, due_on = own_days(clause.text, settings.base_year, settings.not_before, settings.frame)
    if clause.due_text:
        starts_on, due_on = own_days(term(clause.due_text, settings.base_year), settings.base_year, None, settings.frame)
    if due_on is None and settings.given:
        starts_on, due_on = settings.given.starts_on, settings.given.ends_on
    words, phases = phases_in(clause.text, settings)
    starts_on = _first_start(clause.text, phases) if phases else starts_on
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
        targets=targets_in(words, settings.base_year, frame=settings.frame, given=settings.given.ends_on if settings.given else None),
        tasks=phases,
        source=SourcePlace(first_line=passage.line, last_line=clause.last_line),
        confidence=_confidence(clause),
        issue=bool(clause.units) and (clause.has_note or is_issued or any(unit.role == "lead" for unit in clause.units)),
    )


def _first_start(text: str, phases: tuple[TaskDraft, ...]) -> date | None:
    """Return the first day that the phases name; one that only says by when (到2018年, 6月底前) names none."""
    clear = readable(text)
    named = [task.starts_on for task in phases if not BY_WHEN.search(task.label) and not re.search(f"[到至]{re.escape(task.label)}", clear)]
    return min(named, default=None)


def _confidence(clause: Clause) -> float:
    if not clause.units:
        return 0.6
    return 0.9 if clause.has_note else 0.5


def _title(clause: Clause) -> str:
    """Return the run-in heading, else the clause's first words, as many parts as make a title that says something."""
    if clause.part == 1 and clause.passage.heading:
        return clause.passage.title
    ends = [end for _start, end in pieces(readable(clause.text), "，。；：")]
    end = next((end for end in ends if end >= SHORTEST_TITLE), len(clause.text))
    return clause.text[:end].strip(TERMINAL)[:TITLE_LENGTH] or clause.text[:TITLE_LENGTH]
