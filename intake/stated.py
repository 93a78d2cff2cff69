"""Findings that only the document shows, not the draft: counts stated in the text against the rows of the table and its own sections, numbers that jump.

They are made once, at reading, and kept through every later check of the draft.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from intake.answering import Clause
from intake.celltimes import dated
from intake.checking.days import date_not_fixed, told_backwards
from intake.checking.sections import section_counts
from intake.clauses import Prose
from intake.document import Document
from intake.draft import Finding, ItemDraft
from intake.numerals import CHINESE, number_of
from intake.periods import reversed_in
from intake.phrases import readable, squeeze
from intake.spans import SEASON
from intake.tables import HeadedTable, rows_of
from rules.texts import _

STATED = re.compile(
    rf"(?P<count>\d{{1,3}}|{CHINESE}{{1,3}})(?P<classifier>大|项|个|类)(?P<noun>[一-龥]{{0,14}}?(?P<head>行动|工程|任务|项目|计划|举措))"
)

NAMES_A_TIME = re.compile(r"\d|[一二三四五六七八九十][月日季年]|年[底末内中]|月[底末]|季度|半年|今年|明年")
ONGOING = re.compile(r"长期|持续|常态|每[年月季周半]|全年|贯穿|逐年|随时|适时")


def reading_findings(document: Document, prose: Prose, headed: list[HeadedTable], items: tuple[ItemDraft, ...]) -> tuple[Finding, ...]:
    """Return the findings that a later check of the draft cannot make again."""
    sections = section_counts(prose.passages, frozenset(item.id for item in items))
    told = [*_told_in_cells(headed, items), *_told_in_notes(prose.clauses, items)]
    return (*_stated_counts(document, headed, items), *sections, *_number_gaps(items), *_days_not_fixed(told))


def _stated_counts(document: Document, headed: list[HeadedTable], items: tuple[ItemDraft, ...]) -> list[Finding]:
    """Compare `七大…行动` with the rows, where the rows' titles, or most of them, say that they are 行动."""
    rows = Counter(item.source.table for item in items if item.source.table)
    if len(rows) != 1:
        return []
    count = next(iter(rows.values()))
    titles = [item.title for item in items if item.source.table]
    wrong: dict[int, str] = {}
    for text in [paragraph.text for paragraph in document.paragraphs] + [headed[0].caption or ""]:
        for match in STATED.finditer(squeeze(text)):
            stated = int(number_of(match["count"]) or 0)
            if (
                stated > 1
                and stated != count
                and _is_about(match["head"], match["classifier"], match["noun"], titles, headed[0].caption or "")
            ):
                wrong.setdefault(stated, match[0])
    message = _("文中称“{words}”，表中却是{count}项；请核对是漏了、多了还是数目写错")
    return [
        Finding(code="stated-count-differs", severity="warning", message=message.format(words=words, count=count))
        for words in wrong.values()
    ]


def _is_about(head: str, classifier: str, noun: str, titles: list[str], caption: str) -> bool:
    named = sum(title.endswith(head) for title in titles)
    return named * 2 > len(titles) and (noun in caption or noun == head or classifier == "大")


def _number_gaps(items: tuple[ItemDraft, ...]) -> list[Finding]:
    """Numbers of a table that do not go on by one; a number that stands still is a merged cell."""
    message = _("表中序号由{before}跳到{after}；请核对是否漏了一项或序号写错")
    found: list[Finding] = []
    rows = [(item, int(item.number)) for item in items if item.source.table is not None and item.number and item.number.isdigit()]
    for (_before, first), (item, second) in pairwise(rows):
        if second not in (first, first + 1, 1):
            text = message.format(before=first, after=second)
            found.append(Finding(code="stated-count-differs", severity="warning", message=text, item=item.id))
    return found


def _told_in_cells(headed: list[HeadedTable], items: tuple[ItemDraft, ...]) -> Iterator[tuple[ItemDraft, str]]:
    """Yield each row without a day, with the words of its time column."""
    places = {(item.source.table, item.source.row): item for item in items if item.source.table is not None and item.due_on is None}
    for table in headed:
        column = table.column("due")
        for row in rows_of(table) if column else []:
            item = places.get((table.number, row.place))
            if item is not None and column:
                yield item, squeeze(row.cells[column.at].text)


def _told_in_notes(clauses: list[Clause], items: tuple[ItemDraft, ...]) -> Iterator[tuple[ItemDraft, str]]:
    """Yield each clause without a day, with the words that its note gives for the time (完成时限：国庆节前)."""
    without = {item.id: item for item in items if item.due_on is None and item.source.table is None}
    for clause in clauses:
        item = without.get(f"p{clause.passage.order}" + ("" if clause.part == 1 else f"-{clause.part}"))
        if item is not None and clause.due_text:
            yield item, squeeze(clause.due_text)


def _days_not_fixed(told: list[tuple[ItemDraft, str]]) -> Iterator[Finding]:
    """Words for a time that name a month, a season or a term of which no day follows, or that run backwards; 持续推进 asks for none."""
    for item, words in told:
        if backwards := reversed_in(dated(readable(words))):
            yield told_backwards(item, backwards[0].text)
        elif (NAMES_A_TIME.search(words) or SEASON.search(words)) and not ONGOING.search(words):
            yield date_not_fixed(item, words)
