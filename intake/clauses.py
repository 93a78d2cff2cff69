"""Responsibility notes in prose: where they stand, what they say, and which words they answer for.

A note is a bracket that opens with a label (责任单位：…), a bracket that ends with 负责, or a paragraph of its own that opens with a label. A rule stated once
in a note (列第一位者为牵头单位，下同) holds from there on.
"""

import re
from dataclasses import dataclass, replace

from intake.draft import UnitDraft
from intake.outline import Passage
from intake.phrases import bracket_ends
from intake.units import LABEL, units_in

NOTE_START = re.compile(
    r"^\s*(?:[^：:，。、]{0,6})?(?:牵头|主办|主责|配合|协办|责任|承办|落实|实施|负责)(?:责任)?(?:单位|部门|主体)\s*[:：]"
)
NOTE_END = re.compile(r"(?:负责|牵头|配合|参与)(?:[落实推进组织]{2,6})?\s*[。；]?\s*$")
FIRST_LEADS = re.compile(r"(?:第一位|首位|排在最前|第一个逗号前|排名第一|列首|排第一|首列).{0,12}牵头|牵头.{0,6}(?:列|排)(?:第一|首位)")
RULE = re.compile(r"[。，；,](?=[^。，；]*(?:下同|以下|不再|列第|排名|首位|第一位))")
NOTE_OPENING = "（(〔［【"
NOTE_CLOSING = "）)〕］】"
LABELLED = r"(?:[^：:，。、（）；]{0,6})?(?:牵头|主办|主责|配合|协办|责任|承办|落实|实施|负责)(?:责任)?(?:单位|部门|主体)\s*[:：]"
# A note without brackets at a paragraph's end, behind a full stop: labelled, or its lead marked by an asterisk.
TAIL_NOTE = re.compile(rf"(?<=[。；！])\s*(?={LABELLED}|[*＊★☆])")
# The same in words: a last sentence in which every part is units and their verb (县委组织部负责，县民政局参与。).
UNITS_AND_VERB = re.compile(
    r"^[^0-9%：]{1,60}(?:部|局|委|办|厅|院|会|府|镇|乡|街道|单位|部门|中心|公司)等?(?:按(?:照)?(?:各自)?职责(?:分工)?)?(?:牵头负责|牵头|负责|配合|参与|协助|落实)$"
)
WORDED_NOTE_LENGTH = 120
PERSON_PART = re.compile(r"[；;，,\s]*(?:责任人|负责人|联系人|联系电话|(?:分管|牵头|责任|包联)领导)\s*[:：][^；;。）)〕】]*")
DUE_PART = re.compile(r"[；;，,。\s]*(?:完成|办结|截止)?(?:时限|时间|期限)\s*[:：]\s*(?P<due>[^；;。，,（）()〔〕【】]{2,30})")
DUE_LABEL = re.compile(r"^\s*(?:完成|办结|截止)?(?:时限|时间|期限)\s*[:：]\s*(?P<due>.+)$")


@dataclass(frozen=True, slots=True)
class Clause:
    """Words that one note answers for, or a whole passage without one; `part` counts the clauses of a passage from 1."""

    passage: Passage
    part: int
    text: str
    units: tuple[UnitDraft, ...]
    has_note: bool
    last_line: int | None
    due_text: str = ""


@dataclass(slots=True)
class _Rules:
    first_leads: bool = False


def clauses_of(passages: list[Passage]) -> list[Clause]:
    """Return the clauses of the passages in order; a note that is a paragraph of its own belongs to the clause before it."""
    found: list[Clause] = []
    rules = _Rules()
    for passage in passages:
        if found and (match := DUE_LABEL.match(passage.text)):
            found[-1] = _with_due(found[-1], match["due"], passage)
        elif found and LABEL.match(passage.text.lstrip("（( ")):
            found[-1] = _with_units(found[-1], passage, rules)
        else:
            found.extend(_cut(passage, rules))
    return found


def note_spans(text: str) -> list[tuple[int, int]]:
    """Return where notes stand, brackets included; a bracket cut off by a truncated line reaches to the end."""
    ends = bracket_ends(text)
    spans: list[tuple[int, int]] = []
    for start, char in enumerate(text):
        if char not in NOTE_OPENING or (spans and start < spans[-1][1]):
            continue
        end = ends.get(start, len(text))
        inner = text[start + 1 : end]
        head = RULE.split(inner.split("。")[0])[0] if "。" in inner else inner
        if NOTE_START.match(inner) or DUE_LABEL.match(inner) or (start in ends and len(inner) > 3 and NOTE_END.search(RULE.split(head)[0])):
            spans.append((start, min(end + 1, len(text))))
    tail = _tail_start(text, spans[-1][1] if spans else 0)
    return spans if tail is None else [*spans, (tail, len(text))]


def _tail_start(text: str, after: int) -> int | None:
    """Return where a note without brackets begins at the end of `text`, behind its other notes; None where there is none."""
    if tail := TAIL_NOTE.search(text, after):
        return tail.end()
    start = max(text.rstrip("。； ").rfind("。"), after - 1) + 1
    words = text[start:].strip("。； ")
    is_note = start > 0 and len(words) <= WORDED_NOTE_LENGTH and all(UNITS_AND_VERB.match(part) for part in re.split("[，；]", words))
    return start if is_note else None


def _cut(passage: Passage, rules: _Rules) -> list[Clause]:
    clauses: list[Clause] = []
    at = 0
    for start, end in note_spans(passage.text):
        words = passage.text[at:start].strip(" 。；，、\u3000") if at else passage.text[at:start].strip()
        closing = "。" if words and passage.text[end : end + 1] == "。" and not words.endswith("。") else ""
        note = passage.text[start:end]
        units, due = _units_of(note, rules), DUE_PART.search(note)
        at = end
        if words:
            clauses.append(Clause(passage, len(clauses) + 1, words + closing, units, has_note=bool(units), last_line=passage.line))
        elif clauses and units:
            clauses[-1] = _joined(clauses[-1], units, passage)
        if due and clauses:
            clauses[-1] = replace(clauses[-1], due_text=due["due"])
    rest = passage.text[at:].strip(" 。；，、\u3000") if at else passage.text.strip()
    if rest:
        clauses.append(Clause(passage, len(clauses) + 1, rest, (), has_note=False, last_line=passage.line))
    return clauses


def _units_of(note: str, rules: _Rules) -> tuple[UnitDraft, ...]:
    inner = note.strip(f"{NOTE_OPENING}{NOTE_CLOSING} ")
    if note[:1] in NOTE_OPENING and note[-1:] in NOTE_CLOSING:
        inner = note[1:-1]
    inner = PERSON_PART.sub("", DUE_PART.sub("", inner))
    if FIRST_LEADS.search(inner):
        rules.first_leads = True
    return units_in(RULE.split(inner)[0], first_leads=rules.first_leads)


def _with_units(clause: Clause, passage: Passage, rules: _Rules) -> Clause:
    return _joined(clause, _units_of(passage.text, rules), passage)


def _joined(clause: Clause, units: tuple[UnitDraft, ...], passage: Passage) -> Clause:
    return Clause(
        clause.passage, clause.part, clause.text, clause.units + units, has_note=True, last_line=passage.line, due_text=clause.due_text
    )


def _with_due(clause: Clause, due: str, passage: Passage) -> Clause:
    return Clause(clause.passage, clause.part, clause.text, clause.units, clause.has_note, passage.line, due)
