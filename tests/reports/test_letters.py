"""Papers to units as they read: golden texts of each, and what is said only where there is something to say."""

from dataclasses import replace
from datetime import date

import pytest

from models.request import RequestKind
from reports.agreement import as_json, content_of
from reports.agreement_paper import agreement_paper
from reports.assignment_paper import assignment_paper
from reports.faces import render
from reports.imprint import Imprint
from reports.reply import TargetMove
from reports.reply_paper import reply_paper
from reports.to_md import paper_md
from reports.urging_paper import urging_paper
from tests.reports import letters
from tests.reports.read_back import matches_golden

PAPERS = {
    "agreement": agreement_paper(letters.agreement(), letters.imprint("责任书〔2013〕7号")),
    "assignment": assignment_paper(letters.assignment(), letters.imprint("交办〔2013〕7号")),
    "assignment-change": assignment_paper(letters.changed_assignment(), letters.imprint("交办〔2013〕8号")),
    "reply": reply_paper(letters.reply(), letters.imprint("督复〔2013〕7号")),
    "urging": urging_paper(letters.urging(), letters.imprint("催办〔2013〕7号")),
    "urging-many": urging_paper(letters.urging(letters.urged_task(), letters.SOON, letters.TODAY), letters.imprint("催办〔2013〕8号")),
}


@pytest.mark.parametrize("name", PAPERS)
def test_golden(name):
    matches_golden(f"letter-{name}.md", paper_md(PAPERS[name]))


@pytest.mark.parametrize("name", PAPERS)
def test_every_face_but_print_lays_it_out(name):
    for face in ("docx", "html", "xlsx", "json"):
        assert len(render(PAPERS[name], face)) > 500


@pytest.mark.parametrize("name", PAPERS)
def test_the_file_is_named_after_number_and_unit(name):
    assert PAPERS[name].name.startswith(PAPERS[name].masthead.issue)
    assert letters.SCIENCE in PAPERS[name].name


def test_a_slash_in_a_units_name_leads_nowhere():
    paper = reply_paper(replace(letters.reply(), unit="甲/乙\\丙局"), Imprint())
    assert paper.name == "预览稿（未编号） 甲／乙＼丙局延期申请批复"


def test_an_agreement_says_only_what_there_is():
    small = letters.agreement(carried=(), supported=(), schemes=(), replaces=None, led=(letters.MILESTONES,))
    text = paper_md(agreement_paper(small, Imprint()))
    for absent in ("结转", "替代", "配合任务", "年度考核办法", "联系人"):
        assert absent not in text
    assert "预览稿（未编号）" in text


def test_agreements_are_compared_by_what_was_agreed():
    view = letters.agreement()
    same = replace(view, drawn_up_on=date(2013, 2, 1), carried=(), schemes=(), rule_set="2013-2", replaces=None)
    assert content_of(as_json(view)) == content_of(as_json(same))
    moved = replace(view, led=(letters.duty(due_on=date(2014, 3, 31)), *view.led[1:]))
    assert content_of(as_json(view)) != content_of(as_json(moved))


DECISIONS = {
    "reassignment": (
        letters.reply(RequestKind.REASSIGNMENT, new_lead="省财政厅"),
        ["自2013年1月8日起，本任务改由省财政厅牵头", "目标不变"],
    ),
    "suspension": (
        letters.reply(RequestKind.SUSPENSION, paused_until=date(2013, 3, 9)),
        ["自2013年1月8日起暂缓办理，至2013年3月9日止", "不评进度灯"],
    ),
    "cancellation": (letters.reply(RequestKind.CANCELLATION), ["同意终止", "不再要求填报"]),
    "target": (
        letters.reply(RequestKind.TARGET_CHANGE, targets=(TargetMove("示范县", "10个", "8个"),)),
        ["示范县由10个调整为8个", "此前各期仍按原目标评定"],
    ),
    "refused": (letters.reply(is_approved=False, decision="工期可以保证。"), ["不同意延期。理由：工期可以保证。", "申请期间时限照算"]),
}


@pytest.mark.parametrize("name", DECISIONS)
def test_a_reply_says_what_was_decided_and_what_goes_on(name):
    view, said = DECISIONS[name]
    text = paper_md(reply_paper(view, Imprint()))
    for words in said:
        assert words in text
