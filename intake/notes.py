"""Where the notes on responsibility stand in a paragraph: brackets, labelled tails, last sentences in which every part is units and their verb.

A note is recognised by its label (责任单位：…) or by a verb of duty at the end of a part (…牵头，…配合); what it says is read by `units`.
"""

import re
from bisect import bisect_right
from functools import lru_cache
from itertools import pairwise

from intake.draft import UnitDraft
from intake.labels import UNIT_KINDS, Label, label_at, labels_in
from intake.phrases import POINTERS, SPACE, bracket_ends, readable, split_outside
from intake.roles import ACTING, LEADING, MANNER, OPENING, ORGAN_END, SUPPORTING, SURE_END, TAIL
from intake.subjects import opens_a_sentence
from intake.units import units_in

LONGEST_NOTE = 1000
NOTE_OPENING = "（(〔［【[〖"
OPENING_MARK = re.compile(f"[{re.escape(NOTE_OPENING)}]")
ROUND_OPENING = "（(〔［"
NOTE_CLOSING = "）)〕］】]〗"
SHARED_DUTY = r"(?:职(?:责|能)分工|职责|共同|分别|分工)(?:抓好)?(?:落实|实施|推进|组织实施)"
NOTE_END = re.compile(rf"(?:(?:{LEADING}|{SUPPORTING}|负责|承办|承担|指导|落实){TAIL}|{SHARED_DUTY})\s*[。；]?\s*$")
RULE = re.compile(r"[。，；,](?=[^。，；]*(?:下同|以下|不再|列第|排名|首位|第一位))")
RULE_BRACKET = re.compile(r"[（(][^（）()]*(?:下同|第一位|首位|列首)[^（）()]*[）)]")
UNITS_AND_VERB = re.compile(
    rf"^{OPENING}(?!加强|强化|做好|注重|健全|完善|建立)[^0-9%：，。；]{{1,120}}{ORGAN_END}(?:（[^（）]{{1,16}}）)?等?{MANNER}(?:{LEADING}|{SUPPORTING}|{ACTING}){TAIL}$"
)
UNIT_NAME = re.compile(rf"^(?:[一-龥]{{1,28}}{ORGAN_END}|[一-龥]{{0,6}}(?:妇联|科协|残联|团委|侨联|文联))等?$")
SIDE = re.compile(r"[（(〔［\[][^（）()〔〕［］\[\]]{1,16}[）)〕］\]]")
# 县建设局：负责…; 县建设局。负责…
OPENING_NAMES = re.compile(
    r"^(?P<who>[^\d，。；：]{2,80}?)(?:(?P<verb>牵头|负责)?[：:](?=.{6})|。(?=(?:负责|牵头|主要|承担|会同|配合|督促)))"
)
SURE_NAME = re.compile(rf"^[一-龥]{{1,20}}{SURE_END}$")
STAR_TAIL = re.compile(r"(?<=[。；！])\s*(?=[*＊★☆])")
BEFORE_TAIL = "。；！!;）)]】 \u3000\t" + POINTERS
WORDED_NOTE_LENGTH = 160
HEADED = re.compile(
    r"^由?(?P<units>[一-龥、，和（）()]{2,60}?)(?P<verb>牵头负责|牵头|负责|承担|承办)?(?:负责|落实|完成|承担)?的?(?:重点|主要)?(?P<what>任务|工作|事项)?(?P<count>[（(]共?\d{1,3}[项件个条][）)])?[。：]?$"
)
LEVEL_ORGAN = re.compile(
    r"^(?:自治区|[省市县区镇州])[一-龥]{1,20}(?:委|局|厅|办|部|院|政府|办公室|管委会|公司|集团|中心|团委|妇联|总工会|科协|残联)$"
)


def headed_units(heading: str) -> tuple[UnitDraft, ...]:
    """Return the units that a heading is made of: 市教育局（6项）, 由市财政局牵头的任务."""
    match = HEADED.match(heading.strip())
    if not match:
        return ()
    names = split_outside(match["units"], "、，")
    is_list = bool(names) and all(LEVEL_ORGAN.match(name) for name in names)
    return units_in(match["units"] + (match["verb"] or "")) if is_list else ()


@lru_cache(maxsize=64)
def note_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return where notes stand, brackets included; a bracket cut off by a truncated line reaches to the end."""
    ends = bracket_ends(text)
    opening = opening_names(text)
    spans: list[tuple[int, int]] = [(0, opening)] if opening else []
    for mark in OPENING_MARK.finditer(text):
        start = mark.start()
        if spans and start < spans[-1][1]:
            continue
        end = ends.get(start, len(text))
        if end - start > LONGEST_NOTE:
            continue
        if _is_note(text[start + 1 : end], is_closed=start in ends) or (start in ends and _is_bare_list(text, start, end)):
            spans.append((start, min(end + 1, len(text))))
    return tuple(sorted([*spans, *_tails(text, spans)]))


def opening_names(text: str) -> int:
    """Return where the names of organs end that open a paragraph about their duties, colon included, or 0."""
    match = OPENING_NAMES.match(text)
    if match is None or opens_a_sentence(match["who"]):
        return 0
    names = [SIDE.sub("", name) for name in split_outside(match["who"], "、")]
    return match.end() if names and all(SURE_NAME.match(name) for name in names) else 0


def is_note(text: str) -> bool:
    """Return whether a paragraph is nothing but a note: a label first, one bracket, or units and their verbs."""
    bare = text.strip()
    label = label_at(bare)
    if label is not None and bare[0] not in ROUND_OPENING:
        return label.kind != "content" and any(one.kind in UNIT_KINDS for one in labels_in(bare))
    spans = note_spans(bare)
    return (bool(spans) and spans[0][0] == 0 and not _outside(bare, spans).strip("。；，、 \u3000")) or _is_worded(bare)


def without_notes(text: str) -> str:
    """Return `text` without its notes."""
    return _outside(text, note_spans(text)).strip()


def _outside(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    edges = [0, *(place for span in spans for place in span), len(text)]
    return "".join(text[first:last] for first, last in list(pairwise(edges))[::2])


def _is_note(inner: str, *, is_closed: bool) -> bool:
    label = label_at(inner)
    if label is not None and label.kind != "content":
        return True
    head = RULE.split(inner.split("。")[0])[0] if "。" in inner else inner
    if not is_closed or len(inner) <= 3:
        return False
    return NOTE_END.search(RULE.split(head)[0]) is not None or any(
        UNITS_AND_VERB.match(part) for part in split_outside(readable(inner), "，；。")
    )


def _is_bare_list(text: str, start: int, end: int) -> bool:
    """Return whether a bracket behind a full stop, or at the end with two names or more, holds nothing but names of organs."""
    if end - start > WORDED_NOTE_LENGTH:
        return False
    names = [SIDE.sub("", name) for name in split_outside(RULE.split(text[start + 1 : end])[0], "、，,；; ")]
    before, behind = text[max(start - 4, 0) : start].rstrip(), text[end + 1 : end + 4]
    is_last = not behind.strip("。； ")
    is_apart = not before or before[-1] in "。；！"
    return (is_apart or (is_last and len(names) > 1)) and bool(names) and all(UNIT_NAME.match(name) for name in names)


def _tails(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the notes without brackets: from a label behind a full stop to the next one, an asterisk or a sentence in words at the end."""
    found: list[tuple[int, int]] = []
    for label in labels_in(text):
        if label.kind == "content" or not _opens_tail(text, label, spans, found):
            continue
        found.append((label.at, _end_of_tail(text, label)))
    if found:
        return found
    after = spans[-1][1] if spans else 0
    if star := STAR_TAIL.search(text, after):
        return [(star.end(), len(text))]
    start = max(text.rstrip("。； ").rfind("。"), after - 1) + 1
    return [(start, len(text))] if start > 0 and _is_worded(text[start:]) else []


def _opens_tail(text: str, label: Label, spans: list[tuple[int, int]], found: list[tuple[int, int]]) -> bool:
    at = bisect_right(spans, (label.at, len(text))) - 1
    is_inside = any(first <= label.at < last for first, last in (*spans[max(at, 0) : at + 1], *found[-1:]))
    return not is_inside and label.kind in {*UNIT_KINDS, "person", "due"} and label.at > 0 and text[label.at - 1] in BEFORE_TAIL


def _end_of_tail(text: str, label: Label) -> int:
    """Return where a labelled tail ends: behind the full stop that no further label follows."""
    end = text.find("。", label.end)
    while end >= 0 and end + 1 < len(text) and (following := label_at(text[end + 1 : end + 30])) and following.kind != "content":
        end = text.find("。", end + 1)
    return len(text) if end < 0 else end + 1


def _is_worded(text: str) -> bool:
    words = SPACE.sub("", readable(text)).strip("。；")
    return 0 < len(words) <= WORDED_NOTE_LENGTH and all(UNITS_AND_VERB.match(part) for part in re.split("[，；]", words))
