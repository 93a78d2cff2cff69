"""English is complete: every text of the code and the templates has a translation with the same placeholders, and no Chinese but what is quoted from it."""

import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from scripts.update_texts import CATALOGUE, texts_in_use

CHINESE = re.compile(r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
QUOTED = re.compile(r"“[^“”]*”")
# Chinese counts headings with a numeral, English with a figure.
IN_ENGLISH = {"numeral": "number"}


def placeholders(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}


def chinese_beside_quotations(english: str, chinese: str) -> list[str]:
    """Return the Chinese letters and full-width marks of `english`, but for words quoted just as `chinese` quotes them: what the user types or looks for."""
    quoted = set(QUOTED.findall(chinese))
    return CHINESE.findall(QUOTED.sub(lambda found: "" if found[0] in quoted else found[0], english))


def faults(text: str, english: str) -> Iterator[str]:
    """Say what is wrong with the English of a text."""
    if not english:
        yield "run `make texts` and translate it"
        return
    if placeholders(english) != {IN_ENGLISH.get(name, name) for name in placeholders(text)}:
        yield f"other placeholders: {english}"
    if english.count("\n") != text.count("\n"):
        yield f"other lines: {english}"
    if chinese_beside_quotations(english, text):
        yield f"Chinese beside quotations: {english}"


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    """The English of every text in use, empty where there is none."""
    with Path(CATALOGUE).open("rb") as source:
        catalogue = {message.id: str(message.string) for message in read_po(source, locale="en") if message.id}
    return {message.id: catalogue.get(message.id, "") for message in texts_in_use() if message.id}


def test_texts_are_found(english):
    assert len(english) > 300


def test_every_text_is_translated_with_the_same_placeholders(english):
    assert {text: found for text in sorted(english) if (found := [*faults(text, english[text])])} == {}


@pytest.mark.parametrize(
    ("text", "translated", "fault"),
    [
        pytest.param("任务 {id}", "Task {id}", None, id="as it should be"),
        pytest.param("任务 {id}", "", "run `make texts`", id="none"),
        pytest.param("任务 {id}", "Task {number}", "other placeholders", id="another placeholder"),
        pytest.param("任务\n期限", "Task due", "other lines", id="one line less"),
        pytest.param("任务", "Task 任务", "Chinese beside", id="left in Chinese"),
        pytest.param("请填“是”", "Type “是”", None, id="quoted as it is"),
    ],
)
def test_what_is_wrong_is_said(text, translated, fault):
    found = [*faults(text, translated)]
    assert found == [] if fault is None else found[0].startswith(fault)
