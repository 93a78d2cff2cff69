"""The outline of a document's prose: which paragraph stands under which headings, and what a paragraph's own number and run-in heading are.

A heading that stands alone opens a section; a run-in heading (`1. 加强…建设。……`) is the title of its own paragraph and a heading for the unnumbered
paragraphs after it.
"""

import re
from dataclasses import dataclass

from intake.document import Block, Paragraph, Table
from intake.phrases import TERMINAL, sentences, split_outside, squeeze

NUMERAL = "[一二三四五六七八九十百]+"
MARKERS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(rf"第{NUMERAL}[章编部](?:分)?")),
    (2, re.compile(rf"{NUMERAL}(?:、|[．.](?!\d))")),
    (3, re.compile(rf"（{NUMERAL}）|\({NUMERAL}\)|第{NUMERAL}条")),
    (4, re.compile(r"\d{1,2}(?:[.．、](?!\d)|、(?=\d{4}年)|\s+(?=[一-龥]))")),
    (5, re.compile(r"（\d{1,2}）|\(\d{1,2}\)|\d{1,2}[)）]")),
    (6, re.compile(r"[①-⑳]")),
    (7, re.compile(r"(?:——|—|--|●|◆|■|○|•|·)+(?=\s*[一-龥“《])")),
)
BULLET = 7
HEADING_LENGTH = 40
OPENING_LENGTH = 400
CLOSES_BODY = re.compile(r"^(?:主题词|抄送|抄报|分送|（此件|\(此件)")
NOTE_BELOW = re.compile(r"^[（(]?[^：:，。]{0,8}(?:单位|部门|时限|期限|时间)\s*[:：]")
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
    """Return the paragraphs under headings, and those before the first, in order; headings, annex marks and the copy list are none."""
    found: list[Passage] = []
    above: list[_Heading] = []
    texts = [block for block in blocks if isinstance(block, Paragraph)]
    order = 0
    for at, block in enumerate(blocks):
        if isinstance(block, Table):
            above = []
            continue
        order += 1
        if CLOSES_BODY.match(block.text):
            break
        if ANNEX.match(block.text):
            above = []
            continue
        following = texts[order] if order < len(texts) and at + 1 < len(blocks) and isinstance(blocks[at + 1], Paragraph) else None
        above = _read(block, following, order, above, found)
    return found


def marker_of(text: str) -> tuple[int, str, str]:
    """Return the level of a paragraph's number (0: it has none), the number as printed, and the text after it."""
    bare = text.lstrip("\u3000 \t")
    for level, pattern in MARKERS:
        if match := pattern.match(bare):
            return level, match[0].strip(), bare[match.end() :].lstrip("\u3000 \t、")
    return 0, "", bare


def _read(block: Paragraph, following: Paragraph | None, order: int, above: list[_Heading], found: list[Passage]) -> list[_Heading]:
    level, number, text = marker_of(block.text)
    over = [heading for heading in above if heading.level < level] if level else above
    if level and _stands_alone(text, level, following):
        found.append(_passage(block, order, (number, None, text), over, is_heading=True))
        return [*over, _Heading(level, number_and(number, text), stands_alone=True)]
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


def _stands_alone(text: str, level: int, following: Paragraph | None) -> bool:
    if len(sentences(text)) != 1 or len(squeeze(text)) > HEADING_LENGTH or "单位：" in text or "单位:" in text or following is None:
        return False
    if NOTE_BELOW.match(following.text):
        return False
    next_level = marker_of(following.text)[0]
    return next_level == 0 or next_level > level or (level <= 2 and not text.endswith(("。", "；")))


def _run_in(text: str) -> str | None:
    parts = sentences(text[:OPENING_LENGTH])
    if len(parts) > 1 and len(squeeze(parts[0])) <= HEADING_LENGTH:
        return parts[0].rstrip(TERMINAL)
    colon = re.match(r"^([^，。；：:（(]{2,24})[：:]", text)
    return colon[1] if colon and not re.search(r"单位|部门|时限|时间", colon[1]) else None
