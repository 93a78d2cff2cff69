"""The head of a table without ruled lines: which words stand over which columns, and the strips between the columns that stay free.

Head words may be broken over lines or stand over several columns (进度安排 over three years); a title above the head is none of it.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from intake.celltimes import is_period
from intake.document import Cell
from intake.headings import role_of
from intake.phrases import squeeze
from intake.readers.pdf_lines import runs_of
from intake.readers.pdf_page import Glyph

Strip = list[Glyph]
GAPS = (0.8, 1.5, 2.5)
MIN_GUTTER = 0.4
FEWEST_HEADS = 3
KNOWN_SHARE = 0.6
HEAD_LINES = 2
LONGEST_HEAD = 20
BELOW = 1.5
TAIL = re.compile(r"号|年度?|单位|部门|主体|时限|时间|期限|目标|安排|任务|内容|措施|事项|名称|地点|分工|要求|领导|责任人|人")
TITLES = ("title", "content", "either", "place")


@dataclass(slots=True)
class Layout:
    """Where the columns part: for each pair of neighbours the free stretches between them, narrower with every line."""

    free: list[list[tuple[float, float]]]
    left: float
    right: float
    heads: list[list[Cell]] = field(default_factory=list)

    @property
    def places(self) -> list[float]:
        """Return the x between columns: the middle of the widest stretch that is still free."""
        widest = (max(stretches, key=lambda one: one[1] - one[0]) for stretches in self.free)
        return [(left + right) / 2 for left, right in widest]

    def after(self, strip: Strip) -> "Layout | None":
        """Return what is left free below `strip`, None where it crosses columns."""
        free = [_without(stretches, strip) for stretches in self.free]
        if not all(free):
            return None
        return Layout(free, min(self.left, strip[0].left), max(self.right, strip[-1].right), self.heads)


def head_at(strips: list[Strip], at: int) -> tuple[Layout | None, int]:
    """Return the columns that the head at line `at` opens, and the first line below it."""
    first = _head_runs(strips[at])
    if not first:
        return None, at
    texts, count = _wrapped(strips, at, 1, first)
    if count == 1:
        count = next(n for n in range(HEAD_LINES + 1, 0, -1) if all(map(_head_runs, strips[at : at + n])))
    is_wrapped = texts != [text_of(run) for run in first]
    runs = first if is_wrapped else [run for strip in strips[at : at + count] for run in _head_runs(strip)]
    groups = [run for run in runs if sum(_over(run, other) for other in runs if other is not run) > 1]
    columns = sorted((run for run in runs if run not in groups), key=_center)
    if not is_wrapped:
        texts, count = _wrapped(strips, at, min(count, len(strips) - at), columns)
    known = sum(_is_head_word(text) for text in texts)
    if len(columns) < FEWEST_HEADS or known < KNOWN_SHARE * len(columns) or not any(map(role_of, texts)):
        return None, at
    return _layout(columns, groups, texts), at + count


def _layout(columns: list[Strip], groups: list[Strip], texts: list[str]) -> Layout | None:
    """Return the columns below their head words; a word over several of them is one merged cell."""
    cells = [Cell(text) for text in texts]
    over = {id(group): Cell(text_of(group)) for group in groups}
    top = [next((over[id(group)] for group in groups if _over(group, run)), cell) for run, cell in zip(columns, cells, strict=True)]
    free = [[(_center(one), _center(two))] for one, two in pairwise(columns)]
    layout: Layout | None = Layout(free, columns[0][0].left, columns[-1][-1].right, [top, cells] if groups else [cells])
    for run in columns:
        layout = layout.after(run) if layout else None
    return layout


def _wrapped(strips: list[Strip], at: int, count: int, columns: list[Strip]) -> tuple[list[str], int]:
    """Return the head words with the rest of those that were broken over lines, and how many lines the head takes."""
    texts = [text_of(run) for run in columns]
    for strip in strips[at + count : at + count + HEAD_LINES]:
        rest = [
            (min(range(len(columns)), key=lambda n: abs(_center(columns[n]) - _center(run))), text_of(run))
            for run in runs_of(strip, GAPS[0])
        ]
        if not all(n is not None and _ends_head(texts[n], text) for n, text in rest):
            break
        for n, text in rest:
            texts[n or 0] += text
        count += 1
    return texts, count


def _nearest(run: Strip, columns: list[Strip]) -> int | None:
    """Return the column whose head stands right above `run`."""
    nearest = min(range(len(columns)), key=lambda n: abs(_center(columns[n]) - _center(run)))
    return nearest if abs(_center(columns[nearest]) - _center(run)) <= BELOW * run[0].height else None


def _ends_head(head: str, rest: str) -> bool:
    return TAIL.fullmatch(rest) is not None and _is_head_word(head + rest)


def _head_runs(strip: Strip) -> list[Strip]:
    """Return the runs of a line that is nothing but head words, parted where most of them are known; none for any other line."""
    best: list[Strip] = []
    for gap in GAPS:
        runs = runs_of(strip, gap)
        if any(len(run) > LONGEST_HEAD for run in runs):
            break
        if all(len(text_of(run)) <= 12 for run in runs) and sum(map(_is_head, runs)) > max(sum(map(_is_head, best)), 0):
            best = runs
    is_title = len(best) == 1 and role_of(text_of(best[0])) in TITLES
    return best if not is_title and sum(map(_is_head, best)) >= KNOWN_SHARE * len(best) else []


def _is_head(run: Strip) -> bool:
    return _is_head_word(text_of(run))


def _is_head_word(text: str) -> bool:
    return role_of(text) is not None or is_period(text)


def _over(group: Strip, run: Strip) -> bool:
    """Return whether `run` stands below the words of `group` or a little beside them."""
    reach = 2.5 * group[0].height
    is_near = group[0].left - reach <= _center(run) <= group[-1].right + reach
    return run[0].top > group[0].top + 2 and (is_near or (role_of(text_of(group)) == "group" and is_period(text_of(run))))


def _center(run: Strip) -> float:
    return (run[0].left + run[-1].right) / 2


def text_of(run: Strip) -> str:
    """Return the words of a run without white space."""
    return squeeze("".join(glyph.text for glyph in run))


def _without(stretches: list[tuple[float, float]], strip: Strip) -> list[tuple[float, float]]:
    for glyph in strip:
        parts = []
        for left, right in stretches:
            if glyph.right <= left or glyph.left >= right:
                parts.append((left, right))
            else:
                parts += [
                    part for part in ((left, glyph.left), (glyph.right, right)) if part[1] - part[0] >= min(MIN_GUTTER * glyph.height, 1.0)
                ]
        stretches = parts
    return stretches
