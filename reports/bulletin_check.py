"""What a person should look at before a bulletin is signed: its length, and numbers in edited words that are none of its figures. Remarks, never refusals."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reports.bulletin import Bulletin
from reports.bulletin_edits import NO_EDITS, Edits, sentences_of
from reports.bulletin_paper import bulletin_paper
from reports.imprint import PREVIEW
from reports.paper import Heading, Paper, Table, Text
from reports.words import number_words
from rules.texts import _

# A bulletin on one plan is a special report (专报); on several it is comprehensive.
SPECIAL_MOST, COMPREHENSIVE_MOST = 4000, 5000
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


@dataclass(frozen=True)
class Remark:
    """Something to look at: a code, and in words where it is and what to do."""

    code: str
    words: str


def remarks_on(bulletin: Bulletin, edits: Edits = NO_EDITS) -> list[Remark]:
    """Return what a person should look at before signing."""
    return [*_length(bulletin, edits), *_foreign_figures(bulletin, edits)]


def characters_of(paper: Paper) -> int:
    """Return the characters of the paper's body: headings, paragraphs and tables, without spaces and without what stands in annexes and charts."""
    count = 0
    for block in paper.blocks:
        if isinstance(block, Heading | Text):
            count += _characters(block.text)
        elif isinstance(block, Table):
            count += sum(_characters(word) for row in block.rows for word in block.words_of(row))
    return count


def _characters(text: str) -> int:
    return len("".join(text.split()))


def _length(bulletin: Bulletin, edits: Edits) -> Iterator[Remark]:
    count = characters_of(bulletin_paper(bulletin, PREVIEW, edits))
    most = SPECIAL_MOST if len(bulletin.plans) == 1 else COMPREHENSIVE_MOST
    if count > most:
        text = _("正文{count}字，超过{most}字，请精简文字或少选几条")
        yield Remark("bulletin-too-long", text.format(count=count, most=most))


def _foreign_figures(bulletin: Bulletin, edits: Edits) -> Iterator[Remark]:
    proposed = {one.key: one.text for told in sentences_of(bulletin, edits).values() for one in told}
    edited = {key: text for key, text in edits.texts.items() if text and text != proposed.get(key)}
    if not edited:
        return
    known = _figures_of(bulletin)
    for key, text in edited.items():
        foreign = [written for written in _NUMBER.findall(text) if _value(written) not in known]
        if foreign:
            words = _("“{key}”中的数字{numbers}不在通报的数据之中，请核对").format(key=key, numbers=_("、").join(dict.fromkeys(foreign)))
            yield Remark("figure-not-in-view", words)


def _figures_of(bulletin: Bulletin) -> set[float]:
    paper = bulletin_paper(bulletin)
    texts = [*paper.title, *(block.text for block in paper.all_blocks() if isinstance(block, Heading | Text))]
    texts += [word for table in (*paper.tables(), *paper.sheets) for row in table.rows for word in table.words_of(row)]
    return {_value(found) for text in texts for found in _NUMBER.findall(text)} | set(_numbers(paper.data))


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _numbers(part)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield _value(number_words(abs(value)))


def _value(written: str) -> float:
    return float(written.replace(",", ""))
