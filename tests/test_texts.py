"""English is complete: every text of the code and the templates has a translation with the same placeholders."""

import re
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from scripts.update_texts import CATALOGUE, texts_in_use

with Path(CATALOGUE).open("rb") as source:
    ENGLISH = {message.id: message for message in read_po(source, locale="en") if message.id}
TEXTS = sorted(message.id for message in texts_in_use() if message.id)
CHINESE = re.compile(r"[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")


def placeholders(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}


def test_texts_are_found():
    assert len(TEXTS) > 300


@pytest.mark.parametrize("text", TEXTS)
def test_is_translated_with_the_same_placeholders(text):
    english = ENGLISH[text].string if text in ENGLISH else ""
    assert english, "run `make texts` and translate it"
    assert placeholders(english) <= placeholders(text)
    kept = {"《", "》", "〔", "〕"}
    assert not [letter for letter in CHINESE.findall(english) if letter not in kept] or "（" not in english
