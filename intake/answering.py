"""Which words a note answers for when it does not stand in their own paragraph: a record, a list, all below a heading, all above a closing line.

Clauses come in the order of the document; joining stops at a length no task has, so that a hostile document is read in linear time.
"""

from dataclasses import dataclass, replace

from intake.draft import UnitDraft
from intake.labels import label_at
from intake.notes import without_notes
from intake.outline import Passage, number_and

LONGEST_CLAUSE = 6000
LOOKED_BACK = 200


@dataclass(frozen=True, slots=True)
class Clause:
    """Words that one note answers for, or a whole passage without one; `part` counts the clauses of a passage from 1, `is_below` says that the note is a
    paragraph of its own.
    """

    passage: Passage
    part: int
    text: str
    units: tuple[UnitDraft, ...]
    has_note: bool
    last_line: int | None
    due_text: str = ""
    is_below: bool = False


def close_record(found: list[Clause]) -> None:
    """Join the paragraphs of a record (its heading, 整改目标：…, 整改措施：… and their points) to one clause; elsewhere change nothing."""
    section = found[-1].passage.section
    at = len(found) - 1
    first: int | None = None
    stop = max(len(found) - LOOKED_BACK, 0)
    while at > stop and not found[at].has_note and not found[at].passage.is_heading and found[at].passage.section == section:
        label = label_at(found[at].text)
        first = at if label is not None and label.kind == "content" else first
        at -= 1
    if first is None:
        _close_paragraph(found, at)
        return
    if at == first - 1 and found[at].passage.is_heading and not found[at].has_note:
        first = at
    _join_from(found, first)


def _close_paragraph(found: list[Clause], before: int) -> None:
    """Join the unnumbered paragraphs at the end to the numbered one that they go on with, where no note stands between."""
    first = len(found) - 1
    while first > before + 1 and found[first].passage.number is None and found[first].part == 1:
        first -= 1
    head, rest = found[first], found[first + 1 :]
    below = (*head.passage.path, number_and(head.passage.number or "", head.passage.heading or ""))
    if rest and head.passage.number is not None and head.passage.heading and all(clause.passage.path == below for clause in rest):
        _join_from(found, first)


def _join_from(found: list[Clause], first: int) -> None:
    whole = found[first]
    for part in found[first + 1 :]:
        whole = with_words(whole, part.passage)
    found[first:] = [whole]


def goes_on_record(clause: Clause, passage: Passage) -> bool:
    """Return whether a labelled paragraph (进度安排 behind 责任单位) belongs to the noted record before it."""
    is_within = clause.passage.is_heading and passage.path == _below(clause.passage)
    return clause.has_note and (is_within or (passage.number is None and passage.path == clause.passage.path))


def with_words(clause: Clause, passage: Passage) -> Clause:
    """Return a clause that goes on with a paragraph; one that is longer than any task stays as it is."""
    if len(clause.text) > LONGEST_CLAUSE:
        return replace(clause, last_line=passage.line)
    gap = "" if clause.text.endswith(("。", "；", "：", "！")) else "。"
    return replace(clause, text=f"{clause.text}{gap}{passage.text}", last_line=passage.line)


@dataclass(frozen=True, slots=True)
class Said:
    """What a closing line says of those above: who answers, by when, and of how many (0: of all)."""

    units: tuple[UnitDraft, ...]
    due_text: str = ""
    count: int = 0


def cover_above(said: Said, passage: Passage, found: list[Clause]) -> None:
    """Give the units of 以上任务由…负责 to the clauses above in the section that no note answers for, 以上三项 to the last three of them."""
    left = said.count or len(found)
    for at in range(len(found) - 1, max(len(found) - LOOKED_BACK, 0) - 1, -1):
        clause = found[at]
        if clause.passage.section[: len(passage.section)] != passage.section or not left:
            break
        if not clause.has_note and not clause.passage.is_heading and clause.passage.number is not None:
            found[at] = replace(clause, units=said.units, has_note=bool(said.units), due_text=clause.due_text or said.due_text)
            left -= 1


def handed_down(found: list[Clause]) -> list[Clause]:
    """Give a heading's units to what stands below it without a note; the heading then is no clause of its own. A paragraph without a number right below
    goes on with the heading.
    """
    result: list[Clause] = []
    givers: list[tuple[tuple[str, ...], int]] = []
    used: set[int] = set()
    for clause in found:
        passage = clause.passage
        while givers and passage.path[: len(givers[-1][0])] != givers[-1][0]:
            givers.pop()
        if passage.is_heading and clause.has_note:
            used.update(at for _path, at in givers[-1:])
            givers.append((_below(passage), len(result)))
        elif givers and not passage.is_heading:
            path, at = givers[-1]
            giver = result[at]
            if not clause.has_note and passage.number is None and at == len(result) - 1 and passage.path == path:
                result[at] = with_words(giver, passage)
                continue
            used.add(at)
            if clause.has_note:
                clause = replace(clause, units=_with_lead(clause.units, giver.units))
            else:
                clause = replace(clause, units=giver.units, has_note=True, due_text=clause.due_text or giver.due_text)
        result.append(clause)
    return [clause for at, clause in enumerate(result) if at not in used]


def _with_lead(own: tuple[UnitDraft, ...], above: tuple[UnitDraft, ...]) -> tuple[UnitDraft, ...]:
    """Return a clause's units with those that a heading names as leading and nothing else, where its own note marks no lead."""
    if any(unit.role != "lead" for unit in above) or any(unit.role == "lead" for unit in own):
        return own
    names = {unit.name for unit in above}
    return (*above, *(unit for unit in own if unit.name not in names))


def shared_by_points(found: list[Clause]) -> list[Clause]:
    """Give the one note that ends a list of points, in a paragraph of its own, to all of them."""
    result = list(found)
    first = 0
    while first < len(found):
        last = first
        while last + 1 < len(found) and _are_points(found[last + 1], found[first]):
            last += 1
        noted = [at for at in range(first, last + 1) if found[at].has_note]
        if noted == [last] and last > first and found[last].is_below and found[first].passage.path:
            result[first:last] = [
                replace(clause, units=found[last].units, has_note=True, due_text=clause.due_text or found[last].due_text)
                for clause in found[first:last]
            ]
        first = last + 1
    return result


def _are_points(clause: Clause, first: Clause) -> bool:
    """Return whether two clauses are numbered points of one list under one heading."""
    here, there = clause.passage, first.passage
    return here.path == there.path and not here.is_heading and None not in (here.number, there.number) and clause.part == 1


def _below(passage: Passage) -> tuple[str, ...]:
    """Return the headings above what stands below a heading."""
    return (*passage.path, number_and(passage.number or "", without_notes(passage.text)))
