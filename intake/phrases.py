"""Cutting Chinese text without cutting inside brackets: `县（市、区）` is one word whatever separator stands in it.

An unclosed bracket counts as ordinary text, so that a truncated line still splits.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

OPENING = "（(《“〔［【「[〖『"
CLOSING = "）)》”〕］】」]〗』"
CLOSED_BY = {"（": ")"} | dict(zip(OPENING[1:], CLOSING[1:], strict=True))
BRACKET = re.compile(f"[{re.escape(OPENING + CLOSING)}]")
SPACE = re.compile(r"\s+")
WIDE_GAP = re.compile("\u3000|\xa0{2}")
WIDE_BLANK = re.compile("\u3000+")
# Marks that draw the eye to a label (▲责任：…).
POINTERS = "▲△▼●■◆★☆※►▶◎☞|｜→"
TERMINAL = "。；;，,、：:．. "
FULL_WIDTH = str.maketrans({"(": "（", ")": "）", ";": "；", "?": "？", "!": "！", "％": "%"})
HALF_WIDTH_MARKS = re.compile(r"(?<!\d)[,:]|[,:](?!\d)")
LOST_MARK = re.compile(r"[\ue000-\uf8ff]")
UNREADABLE = re.compile(r"[();?!％,:\ue000-\uf8ff]")
DEEPEST = 60


def readable(text: str) -> str:
    """Return `text` with full-width punctuation for the patterns to read, place by place: what is found there can be shown as it was written. A
    character of a private font, which stands where a mark was lost, reads as a comma.
    """
    if not UNREADABLE.search(text):
        return text
    marked = HALF_WIDTH_MARKS.sub(lambda match: "，" if match[0] == "," else "：", text.translate(FULL_WIDTH))
    return LOST_MARK.sub("，", marked)


def squeeze(text: str | None) -> str:
    """Return `text` without any white space."""
    return "".join((text or "").split())


def tidy(text: str) -> str:
    """Return `text` with odd spaces made one space, none at the ends and none beside a Chinese character."""
    text = SPACE.sub(" ", text.replace("\u3000", " ").replace("\ufeff", "")).strip()
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", text)


def tidy_apart(text: str) -> str:
    """Return `text` tidied, a full-width blank kept where one stood between words, as in a list of names without commas."""
    return WIDE_BLANK.sub("\u3000", "\u3000".join(tidy(part) for part in WIDE_GAP.split(text))).strip()


def bracket_ends(text: str) -> dict[int, int]:
    """Return for each opening bracket that is closed the place of its closing one; full- and half-width round brackets close each other. A closing one
    looks back over the last `DEEPEST` that are open, so that a hostile text is read in linear time.
    """
    pairs: dict[int, int] = {}
    open_at: list[tuple[str, int]] = []
    for match in BRACKET.finditer(text):
        at, char = match.start(), match[0]
        if char in OPENING:
            open_at.append((CLOSED_BY[char], at))
        else:
            closes = ")" if char == "）" else char
            for depth in range(len(open_at) - 1, max(len(open_at) - DEEPEST, 0) - 1, -1):
                if open_at[depth][0] == closes:
                    pairs[open_at[depth][1]] = at
                    del open_at[depth:]
                    break
    return pairs


def pieces(text: str, separators: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of the parts of `text` between `separators` that stand outside brackets; empty parts are left out."""
    ends = bracket_ends(text)
    start = inside = 0
    for match in _marks(separators).finditer(text):
        at = match.start()
        if at < inside:
            continue
        if at in ends:
            inside = ends[at] + 1
        elif match[0] in separators:
            if text[start:at].strip():
                yield start, at
            start = at + 1
    if text[start:].strip():
        yield start, len(text)


@lru_cache(maxsize=64)
def _marks(separators: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(separators + OPENING)}]")


def split_outside(text: str, separators: str) -> list[str]:
    """Return the parts of `text` between `separators` outside brackets, stripped."""
    return [text[start:end].strip() for start, end in pieces(text, separators)]


def sentences(text: str) -> list[str]:
    """Return the sentences of `text`, each with its full stop."""
    return [text[start : end + 1].strip() for start, end in pieces(text, "。！？")]


@lru_cache(maxsize=8192)
def bigrams(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of `text`, punctuation, digits and white space left out; kept, because texts are compared many times."""
    bare = re.sub(r"[\W\d_]+", "", text)
    return frozenset(bare[at : at + 2] for at in range(len(bare) - 1)) or frozenset([bare] if bare else [])


def likeness(first: str, second: str) -> float:
    """Return how much of the shorter text's wording stands in the other, 0 to 1."""
    left, right = bigrams(first), bigrams(second)
    if not left or not right:
        return 0.0
    return len(left & right) / min(len(left), len(right))
