"""English is complete: every text of the code and the templates has a translation with the same placeholders, and no Chinese but what is quoted from it."""

import re
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from scripts.update_texts import CATALOGUE, texts_in_use

with Path(CATALOGUE).open("rb") as source:
    ENGLISH = {message.id: message for message in read_po(source, locale="en") if message.id}
TEXTS = sorted(message.id for message in texts_in_use() if message.id)
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


def test_texts_are_found():
    assert len(TEXTS) > 300


@pytest.mark.parametrize("text", TEXTS)
def test_is_translated_with_the_same_placeholders(text):
    english = ENGLISH[text].string if text in ENGLISH else ""
    assert english, "run `make texts` and translate it"
    assert placeholders(english) == {IN_ENGLISH.get(name, name) for name in placeholders(text)}
    assert english.count("\n") == text.count("\n")
    assert not chinese_beside_quotations(english, text)
