"""Counts that a table states of itself against what it lists: 任务清单（共12项） over 11 rows, a section 新建项目（3个） with two.

Rows, numbers and titles may each be what was counted, since one matter may take several rows: a count that any of them gives is right.
"""

import re
from collections import Counter
from collections.abc import Iterator

from intake.columns import Column
from intake.draft import Finding
from intake.numerals import CHINESE, number_of
from intake.phrases import squeeze
from intake.tables import HeadedTable, Row, rows_of
from rules.texts import _

STATED = re.compile(
    rf"(?:（|\(|共|合计|共计)(?:共|合计|共计)?(?P<count>\d{{1,3}}|{CHINESE}{{1,3}})(?:大?[项个件条类]|项(?:任务|工作|重点)?)(?:[）)]|$|重点|任务|工作|事项)"
)


def listed_counts(headed: list[HeadedTable]) -> Iterator[Finding]:
    """Compare the count in a table's title with its rows, and the count in a section's name with the rows below it."""
    captions = Counter(table.caption for table in headed)
    for table in headed:
        rows = rows_of(table)
        places = [(table.caption or "", rows)] if captions[table.caption] == 1 else []
        names = dict.fromkeys(name for row in rows for name in row.sections)
        places += [(name, [row for row in rows if name in row.sections]) for name in names]
        for words, listed in places:
            yield from _compared(table, words, listed)


def _compared(table: HeadedTable, words: str, rows: list[Row]) -> Iterator[Finding]:
    stated = [int(number_of(match["count"]) or 0) for match in STATED.finditer(squeeze(words))]
    counts = {len(rows), *(len({id(row.cells[column.at]) for row in rows if row.cells[column.at].text}) for column in _counted(table))}
    if len(stated) == 1 and stated[0] > 1 and stated[0] not in counts:
        message = _("表中“{words}”写明{stated}项，列出的却是{count}项；请核对是漏了、多了还是数目写错")
        text = message.format(words=squeeze(words), stated=stated[0], count=len(rows))
        yield Finding(code="stated-count-differs", severity="warning", message=text)


def _counted(table: HeadedTable) -> list[Column]:
    return [column for column in table.columns if column.role in ("number", "title", "class")]
