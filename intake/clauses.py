"""Responsibility notes in prose: what they say, and which words they answer for.

A note answers for the words since the note before it; one that opens a paragraph for the words behind it; one at a heading for all below that has none of its own;
one below a record (整改目标：…, 整改措施：…) for the whole record; 以上任务由…负责 for all above in the section. A rule stated once (列第一位者为牵头单位，下同) holds from
there on.
"""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from intake.allotment import allotted
from intake.answering import Clause, Said, close_record, cover_above, goes_on_record, handed_down, shared_by_points, with_words
from intake.document import Block
from intake.draft import UnitDraft
from intake.labels import Label, label_at, labels_in
from intake.notes import NOTE_OPENING, RULE, RULE_BRACKET, headed_units, is_note, note_spans
from intake.numerals import CHINESE, number_of
from intake.outline import Passage, passages
from intake.phrases import POINTERS, bracket_ends
from intake.units import units_in

FIRST_LEADS = re.compile(
    r"(?:第一位|首位|排在最前|第一个逗号前|排名第一|列首|排第一|首列|第一个)[^。；]{0,14}牵头|牵头[^。；]{0,6}(?:列|排)(?:在)?(?:第一|首位)"
)
COVERS_ABOVE = re.compile(
    rf"^(?:以上|上述)(?P<count>{CHINESE}{{1,3}}|\d{{1,2}})?[^，。；：由]{{0,12}}，?(?:均|都|统一|一并)?由(?P<units>[^。；]{{2,160}}(?:负责|牵头|落实|组织实施|承办|配合|参加|协助))"
    r"(?:[，；](?P<term>[^，。；]{2,24}))?[。；]?$"
)
# （…牵头，…配合，6月底前完成）: a part of a note that is nothing but a time.
TERM_PART = re.compile(
    r"(?:力争|确保|于|在)?(?P<term>[\d〇○零一二三四五六七八九十两年月日上中下旬半全今明第前个季度底末初至到—－~～-]{2,20}(?:之?前|以前|年内)?)(?:全部|基本)?(?:完成|办结|落实|到位|建成|启动|见效)?"
)
MOST_UNITS = 300
STOPS = " 。；，、\u3000" + POINTERS
NOTE_EDGES = "（(〔［【[）)〕］】]；;。，, "


@dataclass(slots=True)
class _Rules:
    first_leads: bool = False


@dataclass(frozen=True, slots=True)
class Prose:
    """The text outside tables, read once for its items and once for what is to be queried: its paragraphs and the clauses they are cut into."""

    passages: list[Passage]
    clauses: list[Clause]


def prose_of(blocks: tuple[Block, ...]) -> Prose:
    """Return the prose among `blocks`, in order."""
    found = passages(blocks)
    return Prose(found, clauses_of(found))


def clauses_of(read: list[Passage]) -> list[Clause]:
    """Return the clauses of the passages in order; a note that is a paragraph of its own belongs to the clause or the record before it."""
    found: list[Clause] = []
    rules = _Rules()
    for passage in read:
        label = label_at(passage.text)
        if not passage.is_heading and allotted(passage, found):
            continue
        if match := COVERS_ABOVE.match(passage.text):
            said = Said(units_in(match["units"]), _due_of(match["term"] or ""), int(number_of(match["count"] or "") or 0))
            cover_above(said, passage, found)
        elif is_note(passage.text) or (label is not None and label.kind in {"person", "due"}):
            _take_note(passage, found, rules)
        elif label is not None and label.kind == "content" and found and goes_on_record(found[-1], passage):
            found[-1] = with_words(found[-1], passage)
        else:
            found.extend(_cut(passage, rules))
    return handed_down(shared_by_points(found))


def _take_note(passage: Passage, found: list[Clause], rules: _Rules) -> None:
    """Give units and term of a paragraph that is a note to the clause before it, or to the whole record that the clause ends."""
    if not found:
        return
    units, due = _units_of(passage.text, rules), _due_of(passage.text)
    if units or due:
        close_record(found)
    before = found[-1]
    found[-1] = replace(
        before,
        units=_with_more(before.units, units),
        has_note=before.has_note or bool(units),
        last_line=passage.line,
        due_text=due or before.due_text,
        is_below=True,
    )


def _cut(passage: Passage, rules: _Rules) -> list[Clause]:
    clauses: list[Clause] = []
    spans = note_spans(passage.text)
    if passage.is_heading and not spans and (units := headed_units(passage.text)):
        return [Clause(passage, 1, passage.text, units, has_note=True, last_line=passage.line)]
    if spans and not passage.text[: spans[0][0]].strip(STOPS):
        return _cut_behind(passage, spans, rules)
    at = 0
    for start, end in spans:
        words = passage.text[at:start].strip(STOPS) if at else passage.text[at:start].strip().rstrip(POINTERS)
        closing = "。" if words and passage.text[end : end + 1] == "。" and not words.endswith("。") else ""
        note = passage.text[start:end]
        units, due = _units_of(note, rules), _due_of(note)
        at = end
        if words:
            clauses.append(Clause(passage, len(clauses) + 1, words + closing, units, has_note=bool(units), last_line=passage.line))
        elif clauses and units:
            clauses[-1] = replace(clauses[-1], units=_with_more(clauses[-1].units, units), has_note=True)
        if due and clauses:
            clauses[-1] = replace(clauses[-1], due_text=due)
    rest = passage.text[at:].strip(STOPS) if at else passage.text.strip()
    if rest:
        clauses.append(Clause(passage, len(clauses) + 1, rest, (), has_note=False, last_line=passage.line))
    return clauses


def _cut_behind(passage: Passage, spans: tuple[tuple[int, int], ...], rules: _Rules) -> list[Clause]:
    """Cut a paragraph that opens with a note: each note answers for the words behind it."""
    clauses: list[Clause] = []
    ends = [start for start, _end in spans[1:]] + [len(passage.text)]
    for (start, end), stop in zip(spans, ends, strict=True):
        note, words = passage.text[start:end], passage.text[end:stop].strip("，、：: \u3000")
        units, due = _units_of(note, rules), _due_of(note)
        if words:
            clauses.append(Clause(passage, len(clauses) + 1, words, units, bool(units), passage.line, due))
        elif clauses:
            clauses[-1] = replace(clauses[-1], units=_with_more(clauses[-1].units, units), due_text=due or clauses[-1].due_text)
    return clauses


def _units_of(note: str, rules: _Rules) -> tuple[UnitDraft, ...]:
    inner = note.strip()
    end = bracket_ends(inner).get(0)
    if inner[:1] in NOTE_OPENING and end in (None, len(inner) - 1):
        inner = inner[1:] if end is None else inner[1:-1]
    if FIRST_LEADS.search(inner):
        rules.first_leads = True
    return units_in(RULE.split(RULE_BRACKET.sub("", inner))[0], first_leads=rules.first_leads)


def _with_more(units: tuple[UnitDraft, ...], further: tuple[UnitDraft, ...]) -> tuple[UnitDraft, ...]:
    return units + further if len(units) < MOST_UNITS else units


def _due_of(note: str) -> str:
    """Return the words of the term that a note names, or nothing."""
    labels: list[Label | None] = [*labels_in(note), None]
    for label, following in pairwise(labels):
        if label is not None and label.kind == "due":
            return note[label.end : following.at if following else len(note)].strip(NOTE_EDGES)
    parts = (TERM_PART.fullmatch(part.strip(NOTE_EDGES)) for part in re.split("[，,；;]", note))
    return next((part["term"] for part in parts if part and re.search("[年月季]", part["term"])), "")
