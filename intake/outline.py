"""The outline of a document's prose: which paragraph stands under which headings, and what a paragraph's own number and run-in heading are.

A heading that stands alone opens a section; a run-in heading (`1. 加强…建设。……`) is the title of its own paragraph and a heading for the unnumbered
paragraphs after it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from intake.document import Block, Paragraph, Table
from intake.labels import label_at
from intake.notes import is_note, opening_names, without_notes
from intake.phrases import TERMINAL, sentences, split_outside, squeeze
from intake.subjects import acting_units

NUMERAL = "[一二三四五六七八九十百]+"
# The kinds of numbers by their level, highest first; the first that fits decides.
MARKERS = (
    rf"第{NUMERAL}[章编部](?:分)?",
    rf"{NUMERAL}(?:、|[．.](?!\d))",
    rf"（{NUMERAL}）|\({NUMERAL}\)|第{NUMERAL}条",
    r"\d{1,2}(?:[.．、](?!\d)|[.．、](?=\d{4}年|\d{1,4}[个家所条座名户处项台辆])|\s+(?=[一-龥]))",
    r"（\d{1,2}）|\(\d{1,2}\)|\d{1,2}[)）]",
    r"[①-⑳]",
    r"(?:—|--|●|◆|■|○|•|·)+(?=\s*[一-龥“《])",
)
MARKER = re.compile("|".join(f"({kind})" for kind in MARKERS))
OPENS_WITH_MARKER = re.compile(r"[第一二三四五六七八九十百\d（(①-⑳—\-●◆■○•·]")
BULLET = 7
HEADING_LENGTH = 40
OPENING_LENGTH = 400
FOOT = re.compile(r"^(?:主题词|抄送|抄报|分送)[:：]")
# A line without one is the number of a page or a stray mark.
A_WORD = re.compile(r"[^\W\d_]")
ASIDE = re.compile(r"^[（(](?:此件|此文)")
CLOSING_WORDS = re.compile(r"^(?:以上|上述|各|附|注|特此|请)")
COVERS_ABOVE = re.compile("以上|上述")
PROSE_LENGTH = 10
# How many paragraphs are looked at to see past the notes below a heading, this one counted.
LOOKED_AHEAD = 8
WIDEST_WRAP = 60
WRAP_SLACK = 2
WRAPPED_SHARE = 5
SHORTEST_WRAP = 8
LONGEST_JOINED = 3000
ANNEX = re.compile(r"^附\s*(?:件|表)\s*[\d一二三四五]*\s*(?:[:：]|$)")


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of prose. `path` are the headings above it, `section` those of them that stand alone, `heading` its own run-in heading;
    `text` is without the number, `order` counts the document's paragraphs from 1; `is_heading` marks a heading that stands alone.
    """

    order: int
    line: int | None
    number: str | None
    heading: str | None
    text: str
    path: tuple[str, ...]
    section: tuple[str, ...]
    is_heading: bool = False

    @property
    def title(self) -> str:
        """Return the run-in heading, else the first clause."""
        first = self.heading or next(iter(split_outside(self.text, "，。；：")), self.text)
        return first.strip(TERMINAL)[:HEADING_LENGTH]


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    text: str
    stands_alone: bool


def passages(blocks: tuple[Block, ...]) -> list[Passage]:
    """Return the paragraphs under headings, and those before the first, in order; annex marks, page numbers and the copy list are none. Behind a copy list only
    what is numbered, or an annex, goes on.
    """
    found: list[Passage] = []
    above: list[_Heading] = []
    is_foot = False
    blocks = unwrapped(blocks)
    for order, at in enumerate((at for at, block in enumerate(blocks) if isinstance(block, Paragraph)), start=1):
        block = blocks[at]
        if at and isinstance(blocks[at - 1], Table):
            above = []
        if not isinstance(block, Paragraph) or ASIDE.match(block.text) or not A_WORD.search(block.text):
            continue
        is_annex = ANNEX.match(block.text) is not None
        is_foot = (is_foot or FOOT.match(block.text) is not None) and not (is_annex or 0 < marker_of(block.text)[0] < BULLET)
        if is_annex:
            above = []
        elif not is_foot:
            above = _read(block, blocks[at + 1 : at + LOOKED_AHEAD], order, above, found)
    return found


def _up_to_table(blocks: tuple[Block, ...]) -> Iterator[Paragraph]:
    for block in blocks:
        if isinstance(block, Table):
            return
        yield block


def unwrapped(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the blocks with lines joined that were cut at one width in the middle of a sentence, or behind a sentence that has begun."""
    texts = [block.text for block in blocks if isinstance(block, Paragraph)]
    widest = max(map(len, texts), default=0)
    is_wrapped = widest <= WIDEST_WRAP and sum(len(text) >= widest - WRAP_SLACK for text in texts) * WRAPPED_SHARE >= len(texts) > 1
    joined: list[Block] = []
    for block in blocks:
        before = joined[-1] if joined else None
        if isinstance(block, Paragraph) and isinstance(before, Paragraph) and not block.apart and _is_cut(before.text, block.text):
            is_full = is_wrapped and len(before.text.split("\n")[-1]) >= widest - WRAP_SLACK
            if is_full or "。" in before.text or before.text.endswith(("、", "，")):
                joined[-1] = Paragraph(before.text + block.text, before.line, before.apart)
                continue
        joined.append(block)
    return tuple(joined)


def _is_cut(before: str, after: str) -> bool:
    """Return whether a line ends in the middle of a sentence and the next one has no opening of its own."""
    is_open = len(before) <= LONGEST_JOINED and before[-1:] not in "。；：！？）)】〕］]》”.;:!?" and len(before) >= SHORTEST_WRAP
    return is_open and marker_of(after)[0] == 0 and label_at(after) is None and label_at(marker_of(before)[2]) is None


@lru_cache(maxsize=256)
def marker_of(text: str) -> tuple[int, str, str]:
    """Return the level of a paragraph's number (0: it has none), the number as printed, and the text after it; kept, because each paragraph is asked from those
    before it as well.
    """
    bare = text.lstrip("\u3000 \t")
    match = MARKER.match(bare)
    if match is None:
        return 0, "", bare
    return match.lastindex or 0, match[0].strip(), bare[match.end() :].lstrip("\u3000 \t、")


def _read(block: Paragraph, behind: tuple[Block, ...], order: int, above: list[_Heading], found: list[Passage]) -> list[_Heading]:
    level, number, text = marker_of(block.text)
    over = [heading for heading in above if heading.level < level] if level else above
    if level and _stands_alone(text, level, behind):
        found.append(_passage(block, order, (number, None, text), over, is_heading=True))
        return [*over, _Heading(level, number_and(number, without_notes(text)), stands_alone=True)]
    heading = _run_in(text) if level else None
    found.append(_passage(block, order, (number.rstrip("、") if level not in (0, BULLET) else None, heading, text), over))
    return [*over, _Heading(level, number_and(number, heading), stands_alone=False)] if heading else list(over)


def _passage(
    block: Paragraph, order: int, said: tuple[str | None, str | None, str], over: list[_Heading], *, is_heading: bool = False
) -> Passage:
    number, heading, text = said
    path = tuple(one.text for one in over)
    section = tuple(one.text for one in over if one.stands_alone)
    return Passage(order, block.line, number, heading, text, path, section, is_heading)


def number_and(number: str, text: str) -> str:
    """Return a heading as it stands in a path: its number, one space after an Arabic one, no full stop."""
    gap = " " if number.endswith((".", "．")) else ""
    return f"{number}{gap}{text.rstrip(TERMINAL)}"


def _stands_alone(text: str, level: int, behind: tuple[Block, ...]) -> bool:
    """Return whether a numbered paragraph is a heading: short, and what follows it, behind its notes, stands below it. A sentence that says who acts is none."""
    bare = without_notes(text)
    if len(squeeze(bare)) > HEADING_LENGTH or len(sentences(bare)) != 1:
        return False
    following = list(_up_to_table(behind))
    below = next((one for one in following if not _is_note_or_field(one.text)), None)
    if below is None:
        return False
    next_level = marker_of(below.text)[0]
    is_sentence = bare.endswith(("。", "；"))
    if bare != text.strip() or below is not following[0]:
        return next_level > level or (next_level == 0 and not is_sentence and _goes_on_below(below.text))
    if next_level == 0:
        return not (is_sentence and (COVERS_ABOVE.match(below.text) or acting_units(bare)))
    return next_level > level or (level <= 2 and not is_sentence)


def _is_note_or_field(text: str) -> bool:
    label = label_at(marker_of(text)[2])
    return (label is not None and label.kind != "content") or is_note(text)


def _goes_on_below(text: str) -> bool:
    """Return whether an unnumbered paragraph goes on with the noted heading above it: prose, and no closing words for the whole list."""
    return len(text) >= PROSE_LENGTH and text.endswith(("。", "；", "）", ")", "：")) and not CLOSING_WORDS.match(text)


def _run_in(text: str) -> str | None:
    if opening_names(text):
        return None
    parts = sentences(text[:OPENING_LENGTH])
    if len(parts) > 1 and len(squeeze(parts[0])) <= HEADING_LENGTH:
        return parts[0].rstrip(TERMINAL)
    colon = re.match(r"^([^，。；：:（(]{2,24})[：:]", text)
    return colon[1] if colon and not re.search(r"单位|部门|时限|时间", colon[1]) else None
