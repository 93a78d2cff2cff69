"""Texts that are longer than any plan: how much of a paragraph is read, and that four times the text takes four times the work, whatever it is made of."""

import time
from contextlib import suppress
from itertools import count

import pytest

from intake.document import Cell, Document, Paragraph, Table
from intake.drafting import draft_of
from intake.limits import LONGEST_PARAGRAPH
from rules.errors import DubanError

SENTENCE = "扩建乡村卫生室2个。"
TITLE = "青江市卫生三年行动方案（2024-2026年）"
SIZE = 8_000
WORDS = ["".join(chr(0x4E00 + n * 7 % 97 + place * 100) for place in range(3)) for n in range(97)] * 5
GREATEST_GROWTH = 9.0


def read(lines):
    blocks = tuple(Paragraph(line, number) for number, line in enumerate(lines, 1))
    return draft_of(Document("方案.txt", "0" * 64, "txt", blocks))


def work(lines):
    """Return the processor time of reading; other programs on the machine do not count."""
    start = time.process_time()
    with suppress(DubanError):  # many of these texts hold no task
        read(lines)
    return time.process_time() - start


def test_a_paragraph_is_read_up_to_the_last_whole_sentence():
    draft = read([TITLE, "1. 建好卫生室。" + SENTENCE * 5_001 + "（牵头单位：市卫生健康委）"])
    (finding,) = [finding for finding in draft.findings if finding.code == "paragraph-cut"]
    assert "第2行" in finding.message
    assert all(len(item.text) <= LONGEST_PARAGRAPH for item in draft.items)
    assert draft.items[-1].text.endswith("。")


def test_a_paragraph_of_common_length_is_not_cut():
    draft = read([TITLE, "1. 建好卫生室。" + SENTENCE * 200 + "（牵头单位：市卫生健康委）"])
    assert "paragraph-cut" not in {finding.code for finding in draft.findings}
    assert draft.items[-1].units[0].name == "市卫生健康委"


LINES = {
    "noted": "{n}. 改造校舍{n}间，2025年底前完工。（牵头单位：市教育局；配合单位：市财政局）",
    "actor": "市水务局要在2025年底前修好第{n}号泵站，新建管网{n}公里。",
    "heading": "一、抓好{n}号工程",
    "stage": "试点分两个阶段进行。",
    "bare-note": "责任单位：市第{n}中学",
    "number": "{n}",
}
RUNS = {
    "notes": "（责任单位：甲局）",
    "open-brackets": "（（",
    "nested-brackets": "((甲局))",
    "boxes": "】【",
    "labels": "任务：",
    "years": "2012年",
    "digits": "7",
    "marks": "、",
    "actors": "由甲局牵头，",
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_four_times_the_lines_are_four_times_the_work(line):
    numbers = count(1)
    whole = [TITLE, *(line.format(n=next(numbers)) for _line in range(SIZE // len(line)))]
    assert _growth(whole, whole[: len(whole) // 4]) < GREATEST_GROWTH


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_four_times_the_line_is_four_times_the_work(run):
    whole = run * (SIZE // len(run))
    assert _growth(["一、任务", "1. 建好平台。" + whole], ["一、任务", "1. 建好平台。" + whole[: len(whole) // 4]]) < GREATEST_GROWTH


def test_four_times_the_totals_and_rows_of_the_same_words_are_four_times_the_work():
    def read_rows(count):
        rows = [["任务", "2024年", "2025年", "责任单位"]]
        rows += [[f"新建{WORDS[n]}学校", f"新建{WORDS[n]}学校{n}所", f"新建{WORDS[n]}学校{n}所", "市教育局"] for n in range(count)]
        prose = (Paragraph(f"{n}. 新建{WORDS[-n]}学校{n}所。", n) for n in range(1, count))
        table = Table(tuple(tuple(Cell(text) for text in row) for row in rows))
        draft_of(Document("方案.txt", "0" * 64, "txt", (Paragraph(TITLE, 1), *prose, table)))

    assert _growth(400, 100, read_rows) < GREATEST_GROWTH


def _growth(whole, quarter, doing=None):
    """Return how much longer the whole takes than its quarter: 4 is linear, 16 quadratic.

    Whatever else the machine does may spoil one look, so a growth that is too great is looked at again: what is quadratic is so every time.
    """
    growths = []
    while not growths or (growths[-1] >= GREATEST_GROWTH and len(growths) < 5):
        growths.append(_time(doing, whole) / max(min(_time(doing, quarter) for _run in range(2)), 0.01))
    return min(growths)


def _time(doing, size):
    if doing is None:
        return work(size)
    start = time.process_time()
    doing(size)
    return time.process_time() - start
