"""Templates that people change: used where they can be, named by file and line where they cannot, never in the way of a message."""

from datetime import date

import pytest

from notify.letterhead import Letterhead, changed_templates, packaged_source, task_page, template_names, use_letterhead
from notify.messages import Addressee, Digest, OfficeLine, Section, render_digest, render_reminder
from notify.template_check import sample_words, template_mistakes
from rules.office_matters import OfficeMatter
from rules.texts import LANGUAGES
from tests.notify.test_messages import ALL, TODAY, UNIT, line


@pytest.fixture
def folder(tmp_path):
    use_letterhead(Letterhead(tmp_path))
    yield tmp_path
    use_letterhead(Letterhead())


def change(folder, name, text, encoding="utf-8"):
    place = folder / f"{name}.j2"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding=encoding)
    return place


def rendered():
    return render_reminder(UNIT, ALL, TODAY, None)


def office_line(matter, **facts):
    known = {"period": "x", "task_id": 3, "task": "示范行动", "plan_id": 1, "plan": "科技行动计划", "doc_no": None, "unit": "科技厅"}
    return OfficeLine(**{"matter": matter, "since_on": date(2013, 12, 20), **known, **facts})


def test_a_changed_subject_is_used(folder):
    change(folder, "reminder/subject.txt", "督查室：\n  {{ sections[0].groups|length }} 类事项\n")
    assert rendered().subject == "督查室： 4 类事项"
    assert "请在督办系统中办理" in rendered().text


def test_what_is_changed_is_escaped_in_pages(folder):
    change(folder, "reminder/body.html", "<p>{{ sections[0].groups[0].lines[0].task }}</p>")
    said = render_reminder(UNIT, [line(task="<b>甲</b>")], TODAY, None).html
    assert said == "<p>&lt;b&gt;甲&lt;/b&gt;</p>\n"


def test_windows_editors_mark_is_no_part_of_the_text(folder):
    change(folder, "reminder/subject.txt", "摘要", "utf-8-sig")
    assert rendered().subject == "摘要"
    assert not template_mistakes()


BROKEN = [
    pytest.param("{{ salutation }}\n{{ nonsense }}", 2, "nonsense", id="unknown name"),
    pytest.param("{{ salutation.nonsense }}", 1, "nonsense", id="unknown part"),
    pytest.param("一\n二\n{% for x in %}", 3, "", id="not a template"),
    pytest.param("{% for section in sections %}\n{{ section.groups[9].heading }}\n{% endfor %}", 2, "", id="fails on small digests"),
    pytest.param("\n{{ 1 // 0 }}", 2, "ZeroDivisionError", id="an error of its own"),
    pytest.param("{{ ''.__class__.__mro__ }}", 1, "", id="reaches out of its box"),
    pytest.param("{{ range(999999999)|list }}", 1, "", id="never ends"),
    pytest.param("{% if sections|length > 1 %}x{% endif %}", None, "空", id="empty for a unit"),
]


@pytest.mark.parametrize(("text", "at", "why"), BROKEN)
def test_a_mistake_is_named_and_the_packaged_template_used(folder, text, at, why):
    place = change(folder, "reminder/body.txt", text)
    (mistake,) = template_mistakes()
    assert (mistake.path, mistake.line) == (place, at)
    assert why in mistake.why
    use_letterhead(Letterhead())
    packaged = rendered().text
    use_letterhead(Letterhead(folder))
    assert rendered().text == packaged


def test_a_file_that_is_no_text_is_named(folder):
    change(folder, "notice/body.txt", "通知单", "utf-16")
    (mistake,) = template_mistakes()
    assert mistake.line is None
    assert "UTF-8" in mistake.why


def test_other_files_in_the_folder_are_nobodys(folder):
    change(folder, "reminder/old", "{{ nonsense }}")
    assert not changed_templates()


@pytest.mark.parametrize("name", template_names())
def test_a_packaged_template_taken_out_passes_the_check(folder, name):
    change(folder, name, packaged_source(name))
    assert list(changed_templates()) == [name]
    assert not template_mistakes()


def test_the_samples_have_every_kind():
    full, small = sample_words("reminder")
    assert {group["urgency"] for section in full["sections"] for group in section["groups"]} >= {matter.value for matter in OfficeMatter}
    assert small["older"] == ""
    assert len(sample_words("notice")) == 8


def test_pages_are_linked_only_where_they_are_known(folder):
    assert task_page(7) is None
    use_letterhead(Letterhead(pages="https://duban.example.cn/x"))
    assert task_page(7) == "https://duban.example.cn/x/tasks/7"


MATTERS = [
    (office_line(OfficeMatter.REVIEW), "科技厅2013年12月20日申请办结"),
    (office_line(OfficeMatter.DECIDE, number=5, kind="suspension"), "科技厅2013年12月20日申请暂缓（申请 5）"),
    (office_line(OfficeMatter.ISSUE, number=7, kind="orange"), "拟发科技厅的橙色督办通知单，2013年12月20日备好（通知单 7）"),
    (office_line(OfficeMatter.APPROVE, number=3, kind="2013Q3"), "2013年第三季度督查通报，2013年12月20日拟好"),
    (
        office_line(OfficeMatter.UNDELIVERED, number=9, kind="bounced", person="张联络", error="550 无此用户"),
        "2013年12月20日给科技厅张联络的消息 9，被退回：550 无此用户",
    ),
    (office_line(OfficeMatter.UNREACHED, kind="all-away"), "科技厅：联系人都不在，没有代办人"),
]


@pytest.mark.parametrize(("told", "expected"), MATTERS, ids=[told.rule for told, _expected in MATTERS])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_waits_is_said_in_both_parts(told, expected, language):
    office = Addressee("督查部门", "watch", language)
    said = render_digest(Digest(office, TODAY, (Section("督查部门", (told,)),), {OfficeMatter.REVIEW: 3}), None)
    assert "[3] 示范行动" in said.text
    assert "[3] 示范行动" in said.html
    if language == "zh":
        assert expected in said.text
        assert expected in said.html
        assert "仍待办理的还有：待审核 3 项" in said.text
        assert said.subject.startswith("【督办事项】")


def test_who_stands_in_is_said():
    deputy = Addressee("科技厅", "李办公", "zh", "张联络")
    assert render_reminder(deputy, ALL, TODAY, None).text.startswith("科技厅（李办公，代张联络）：\n")


def test_no_blank_lines_pile_up_in_a_digest_of_two_units():
    sections = (Section("科技厅", tuple(ALL)), Section("农业厅", (line(task_id=8),)))
    said = render_digest(Digest(UNIT, TODAY, sections, {}, ("说明",)), None)
    assert "\n\n\n" not in said.text
    assert said.text.count("■ ") == 2
    assert "按单位列出" in said.text
