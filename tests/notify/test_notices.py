"""The letter that goes with a formal notice: all that matters stands in it, in both parts, whatever the file's fate."""

from dataclasses import replace
from datetime import date

import pytest

from models.notice import NoticeLevel
from notify.messages import Addressee
from notify.notices import NoticeLetter, render_notice
from rules.escalation import RUNGS, Matter

LEADER = Addressee("自治区科技厅", "陈副厅长", "zh")
LETTER = NoticeLetter(
    notice_id=7,
    doc_no="督办〔2014〕3号",
    level=NoticeLevel.BLUE,
    matter=Matter.OVERDUE,
    task_id=9,
    task="示范县建设<行动>（2013年）",
    plan="科技行动计划",
    plan_doc_no="桂政办发〔2013〕1号",
    due_on=date(2013, 12, 31),
    limit_on=date(2014, 1, 13),
    demand="",
    issued_on=date(2014, 1, 6),
    office="自治区督查室",
    is_overdue=True,
)


def test_both_parts_say_what_by_when_and_how_to_answer():
    said = render_notice(LEADER, LETTER)
    assert said.subject == "【蓝色督办通知单】督办〔2014〕3号：示范县建设<行动>（2013年）"
    for part in (said.text, said.html):
        for words in (
            "自治区科技厅（陈副厅长）：",
            "《科技行动计划》（桂政办发〔2013〕1号）",
            "2014年1月13日（含当日）",
            "申请办结",
            "duban notice receipt 7",
        ):
            assert words in part
    assert "[9] 示范县建设<行动>（2013年）" in said.text
    assert "<行动>" not in said.html


def test_a_copy_says_that_it_is_one():
    said = render_notice(LEADER, replace(LETTER, is_copy=True))
    assert said.subject.startswith("【抄送：蓝色督办通知单】")
    assert "抄送你" in said.text


def test_the_issuing_persons_words_go_before_the_usual_ones():
    assert "请三日内说明" in render_notice(LEADER, replace(LETTER, demand="请三日内说明")).text


@pytest.mark.parametrize("level", RUNGS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_level_in_both_languages(level, language):
    said = render_notice(replace(LEADER, language=language), replace(LETTER, level=level))
    assert "督办〔2014〕3号" in said.subject
    assert len(said.subject) <= 200


def test_a_long_title_is_cut_in_the_subject_alone():
    said = render_notice(LEADER, replace(LETTER, task="长" * 300))
    assert len(said.subject) < 120
    assert "长" * 300 in said.text
