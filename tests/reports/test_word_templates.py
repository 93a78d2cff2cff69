"""Word templates: an office's own one is used, one that cannot be used is named and never stops a paper."""

from dataclasses import replace
from io import BytesIO

import pytest
from docx import Document

from reports import docx_styles
from reports.faces import Printing, render
from reports.paper import Masthead
from reports.word_templates import (
    KINDS,
    PLACEHOLDERS,
    exported_template,
    own_templates,
    template_faults,
    word_mistake_words,
    word_template_mistakes,
)
from tests.printing import FONTS
from tests.reports.composed import COMPOSED
from tests.reports.papers import bare_paper, undrawn_paper


def edited(change, name="paper"):
    """The packaged template as somebody changed it in Word."""
    document = Document(BytesIO(exported_template(name)))
    change(document)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def line_of(document, words):
    return next(line for line in document.paragraphs if words in line.text)


def rewrite(words, text):
    def change(document):
        line = line_of(document, words)
        line.runs[0].text = text

    return change


def in_three_runs(document):
    """Word often cuts a placeholder into runs."""
    line = line_of(document, "{{ addressee }}")
    line.runs[0].text = "送：{{ addr"
    line.add_run("essee }")
    line.add_run("}")


def remove(words):
    def change(document):
        line = line_of(document, words)._p
        line.getparent().remove(line)

    return change


def without_styles(document):
    for style in list(document.styles):
        if style.name in (docx_styles.BODY, docx_styles.TABLE_TEXT):
            style.element.getparent().remove(style.element)


def shown(folder, paper):
    return "\n".join(line.text for line in Document(BytesIO(render(paper, "docx", Printing(folder, FONTS)))).paragraphs)


def test_a_template_that_nobody_changed_makes_the_same_text(tmp_path):
    (tmp_path / "paper.docx").write_bytes(exported_template("paper"))
    assert shown(tmp_path, undrawn_paper()) == shown(None, undrawn_paper())


def test_fixed_words_of_an_office_stand_beside_the_placeholders(tmp_path):
    (tmp_path / "paper.docx").write_bytes(edited(rewrite("{{ addressee }}", "主送：{{ addressee }}")))
    assert "主送：各责任单位：" in shown(tmp_path, undrawn_paper())
    assert "主送" not in shown(tmp_path, bare_paper()), "a line without its words is left out"


def test_a_placeholder_cut_into_runs_is_read(tmp_path):
    (tmp_path / "paper.docx").write_bytes(edited(in_three_runs))
    assert "送：各责任单位：" in shown(tmp_path, undrawn_paper())


def test_a_kinds_own_template_comes_before_the_common_one(tmp_path):
    (tmp_path / "paper.docx").write_bytes(edited(rewrite("{{ issue }}", "共用 {{ issue }}")))
    (tmp_path / "notice.docx").write_bytes(edited(rewrite("{{ issue }}", "通知单 {{ issue }}")))
    assert "共用 2013年第3期" in shown(tmp_path, undrawn_paper())
    assert "通知单 2013年第3期" in shown(tmp_path, replace(undrawn_paper(), kind="notice"))


def test_the_letter_form_has_its_own(tmp_path):
    (tmp_path / "letter.docx").write_bytes(edited(rewrite("{{ issue }}", "函号 {{ issue }}"), "letter"))
    assert "函号 督函1号" in shown(tmp_path, undrawn_paper(masthead=Masthead("督查室", "督函1号", is_letter=True)))
    assert "函号" not in shown(tmp_path, undrawn_paper())


def test_a_template_without_our_styles_gets_them(tmp_path):
    (tmp_path / "paper.docx").write_bytes(edited(without_styles))
    assert "截至2013年9月30日" in shown(tmp_path, undrawn_paper())


BROKEN = {
    "unknown placeholder": (edited(rewrite("{{ issue }}", "{{ isue }}")), "{{ isue }}", "没有这个变量"),
    "no body": (edited(remove("{{ body }}")), "{{ body }}", "独占一段"),
    "body among words": (edited(rewrite("{{ body }}", "正文：{{ body }}")), "{{ body }}", "独占一段"),
    "open brace": (edited(rewrite("{{ issue }}", "{% if issue %}{{ issue }}")), "", "写法不对"),
    "reaching out": (edited(rewrite("{{ issue }}", "{{ issue.__class__.__mro__ }}")), "", ""),
    "no docx": (b"not a document", "", "不是可用的 .docx"),
    "empty": (b"", "", "不是可用的 .docx"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_template_is_named_and_stops_nothing(name, tmp_path, caplog):
    content, placeholder, why = BROKEN[name]
    path = tmp_path / "paper.docx"
    path.write_bytes(content)
    assert shown(tmp_path, undrawn_paper()) == shown(None, undrawn_paper())
    (mistake,) = word_template_mistakes(tmp_path)
    assert (mistake.path, mistake.placeholder) == (path, placeholder)
    assert why in mistake.why
    assert word_mistake_words(mistake) in caplog.text


def test_a_file_of_no_kind_is_told_and_what_word_leaves_open_is_passed_over(tmp_path):
    (tmp_path / "buletin.docx").write_bytes(exported_template("paper"))
    (tmp_path / "~$paper.docx").write_bytes(b"owner")
    (mistake,) = word_template_mistakes(tmp_path)
    assert "没有这一种文件" in mistake.why
    assert list(own_templates(tmp_path)) == ["buletin"]


def test_every_placeholder_may_be_used(tmp_path):
    words = " ".join(f"{{{{ {name} }}}}" for name in PLACEHOLDERS if name not in ("body", "annex_list", "annexes", "proof"))
    (tmp_path / "paper.docx").write_bytes(edited(rewrite("{{ issue }}", words)))
    assert word_template_mistakes(tmp_path) == ()


def test_a_template_that_leaves_the_standard_is_told(tmp_path):
    def narrow(document):
        document.sections[0].top_margin = 0

    path = tmp_path / "paper.docx"
    path.write_bytes(edited(narrow))
    assert [one.code for one in template_faults(path)] == ["margins"]


def test_every_composed_paper_has_a_kind_that_may_have_its_template():
    assert {make().kind for make in COMPOSED.values()} - {"sample", "bare"} <= set(KINDS)
