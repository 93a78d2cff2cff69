"""A template written with blanks and filled says what the template says by itself."""

import pytest
from jinja2 import Environment, PackageLoader, StrictUndefined

from notify.blanks import Words, each
from notify.line_words import Lines, LineWords
from notify.template_check import sample_words
from rules.texts import LANGUAGES, use_language

KINDS = ("reminder", "notice", "paper")
PARTS = ("subject.txt", "body.txt", "body.html")
ODD = ("<b>&\"'", "100% %s %(x)s {0}", "\0" + "1\0", "\1" + "2\0x\1", "\n")


def layout(**more):
    made = Environment(
        undefined=StrictUndefined, autoescape=lambda name: ".html" in str(name), trim_blocks=True, lstrip_blocks=True, **more
    )
    made.filters["each"] = each
    return made


@pytest.fixture(scope="module")
def packaged():
    return layout(loader=PackageLoader("notify"), keep_trailing_newline=True)


def odd(words, sign):
    """Return the words with something odd in every one that is printed."""
    if isinstance(words, Lines):
        return Lines(words.columns[0], *([f"{word}{sign}" if word else "" for word in column] for column in words.columns[1:]))
    if isinstance(words, dict):
        return {name: its if name in ("language", "level", "urgency") else odd(its, sign) for name, its in words.items()}
    if isinstance(words, list | tuple):
        return type(words)(odd(one, sign) for one in words)
    return f"{words}{sign}" if isinstance(words, str) and words else words


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("sign", ["", *ODD])
def test_filled_as_written(packaged, kind, sign):
    for language in LANGUAGES:
        with use_language(language):
            samples = [odd(words, sign) for words in sample_words(kind)]
        for words in samples * 2:
            for part in PARTS:
                template = packaged.get_template(f"{kind}/{part}.j2")
                assert Words(words).written(template, is_html=part.endswith("html")) == template.render(words)


def test_a_word_that_only_the_first_line_lacks():
    made = layout().from_string("{% macro row(line) %}{{ line.number }}:{{ line.task }};{% endmacro %}{{ lines | each(row) }}")
    said = [LineWords(1, "", "p", "", "", "", "s"), LineWords(2, "二", "p", "", "", "", "s")]
    words = {"lines": Lines(*zip(*said, strict=True))}
    assert Words(words).written(made, is_html=False) == made.render(words) == "1:;2:二;"


def test_lines_can_be_looked_at_one_by_one():
    lines = Lines([1, 2], ["一", "二"], *[["x", "y"]] * 5)
    assert [line.task for line in lines] == ["一", "二"]
    assert (len(lines), lines[-1].number, lines[:1][0], lines.first) == (2, 2, lines[0], lines[0])
