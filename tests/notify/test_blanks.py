"""A digest filled into its blanks says what its templates say by themselves."""

from dataclasses import replace
from datetime import date

import pytest
from jinja2 import Environment, PackageLoader, StrictUndefined

from notify.blanks import Words, each
from notify.letterhead import Letterhead, Rendered, use_letterhead
from notify.line_words import Lines, LineWords
from notify.messages import Addressee, Digest, Line, OfficeLine, Section, render_digest, words_of
from rules.office_matters import OfficeMatter
from rules.reminders import Urgency
from rules.texts import LANGUAGES, use_language

DAY = date(2013, 12, 26)
RULES = {Urgency.OVERDUE: "overdue-1", Urgency.DUE: "due-3", Urgency.REPORT: "report-open", Urgency.ACKNOWLEDGE: "acknowledge"}
ODD = ("", "<b>&\"'", "100% %s %(x)s {0}", "\0" + "1\0", "\1" + "2\2x\1", "\n")


def layout(**more):
    made = Environment(
        undefined=StrictUndefined, autoescape=lambda name: ".html" in str(name), trim_blocks=True, lstrip_blocks=True, **more
    )
    made.filters["each"] = each
    return made


@pytest.fixture(scope="module")
def packaged():
    return layout(loader=PackageLoader("notify"), keep_trailing_newline=True)


@pytest.fixture(params=[None, "https://duban.example.cn"], ids=["without pages", "with pages"])
def _pages(request):
    use_letterhead(Letterhead(pages=request.param))
    yield
    use_letterhead(Letterhead())


def digests(sign, language):
    """Return digests of every shape, with something odd in every word that is their own."""
    names = {"task": f"任务{sign}", "plan_id": 1, "plan": f"计划{sign}", "doc_no": f"1号{sign}"}
    unit = [Line(rule, "2013-12-02", kind, DAY, number, *names.values()) for kind, rule in RULES.items() for number in (9, 3)]
    matters = [
        OfficeLine(matter, "", 7, **names, unit=f"厅{sign}", since_on=DAY, kind="no-address")
        for matter in (OfficeMatter.REVIEW, OfficeMatter.UNREACHED)
    ]
    shapes = [(unit,), (unit[:1],), (matters,), (unit, matters[:1]), (unit[:3], unit[4:])]
    whom = Addressee(f"科技厅{sign}", f"张联络{sign}", language)
    for lines in shapes:
        bare = Digest(whom, DAY, tuple(Section(f"厅{sign}", tuple(some)) for some in lines))
        yield bare
        yield replace(bare, older={OfficeMatter.REVIEW: 2}, remarks=(f"说明{sign}", "另一条"))


@pytest.mark.usefixtures("_pages")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sign", ODD)
def test_filled_as_written(packaged, sign, language):
    for digest in digests(sign, language):
        with use_language(language):
            words = words_of(digest, f"督查室{sign}")
        subject, *bodies = [packaged.get_template(f"reminder/{part}.j2").render(words) for part in ("subject.txt", "body.txt", "body.html")]
        expected = Rendered(" ".join(subject.split()), *(f"{body.strip()}\n" for body in bodies))
        assert render_digest(digest, f"督查室{sign}") == expected


def test_a_word_that_only_the_first_line_lacks():
    made = layout().from_string("{% macro row(line) %}{{ line.number }}:{{ line.task }};{% endmacro %}{{ lines | each(row) }}")
    lines = Lines(["1", "2"], ["", "二"], *[["", ""]] * 5)
    words = Words("frame", ["无"], [lines], lambda _own, its: {"lines": its[0]})
    assert words.written(made, is_html=False) == f"{made.render(lines=lines)}\n" == "1:;2:二;\n"


def test_lines_can_be_looked_at_one_by_one():
    lines = Lines(["1", "2"], ["一", "二"], *[["x", "y"]] * 5)
    assert [line.task for line in lines] == ["一", "二"]
    assert (len(lines), lines[-1].number, lines[:1][0]) == (2, 2, LineWords(1, "一", *"xxxxx"))
