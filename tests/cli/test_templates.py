"""Word templates as an office meets them: taken out, changed, checked, looked at by the doctor."""

import json

from docx import Document
from docx.shared import Mm


def test_the_word_templates_are_listed_and_taken_out(house):
    assert "papers/paper.docx" in house("template", "list").out
    assert house("template", "export", "papers").code == 0
    folder = house.home / "templates" / "papers"
    assert sorted(path.name for path in folder.iterdir()) == ["letter.docx", "paper.docx"]
    assert "没有改动" in house("template", "export", "papers/paper.docx").out
    assert house("template", "export", "papers/notice.docx").code == 0
    assert str(folder / "notice.docx") in house("template", "list").out
    checked = house("template", "check")
    assert (checked.code, "3 个改过的模板都可以用" in checked.out) == (0, True)
    assert "版式符合标准" in house("doctor").out


def test_an_unknown_one_is_refused_with_those_there_are(house):
    refused = house("template", "export", "papers/buletin.docx")
    assert "unknown-template" in refused.err
    assert "papers/bulletin.docx" in refused.err


def test_a_departure_from_the_standard_is_told_and_stops_nothing(house):
    house("template", "export", "papers/paper.docx")
    path = house.home / "templates" / "papers" / "paper.docx"
    document = Document(str(path))
    document.sections[0].top_margin = Mm(25)
    document.save(str(path))
    checked = house("template", "check")
    assert checked.code == 0
    assert "上边距（毫米）应为 37，实为 25.0（margins）" in checked.out
    (told,) = json.loads(house("template", "check", "--json").out)
    assert (told["code"], told["place"]) == ("margins", "第1节")
    assert "上边距（毫米）应为 37" in house("doctor").out


def test_a_broken_one_is_named_with_its_placeholder(house):
    house("template", "export", "papers/paper.docx")
    path = house.home / "templates" / "papers" / "paper.docx"
    document = Document(str(path))
    next(line for line in document.paragraphs if line.text == "{{ issue }}").runs[0].text = "{{ nummer }}"
    document.save(str(path))
    checked = house("template", "check")
    assert checked.code == 3
    assert "{{ nummer }} 有错：没有这个变量" in checked.out
    assert "{{ nummer }}" in house("doctor").out
