"""Responsibility agreements: what stands in them, issued once under a number, signed, and out of date when the plan moves."""

from datetime import date

import pytest
from sqlmodel import select

from models.publication import Publication
from models.scorecard import ScoringScheme
from models.unit import ContactDuty, Unit
from rules.texts import use_language
from services.decisions import cancel_task
from services.papers.agreements import issue_agreement, list_agreements, preview_agreement, read_agreements, sign_agreement
from services.verifying import verify
from tests.builders import FINANCE, SCIENCE, draft, issued, item, keep, on, people, yearly_task
from tests.databases import on_one_kind
from tests.remembered import once
from tests.services.post_fixtures import add_contact, entries, extended, plain, queued, refused, words_in_file

pytestmark = pytest.mark.usefixtures("kept_whole")

DAY, SIGNED_ON = date(2013, 1, 10), date(2013, 1, 15)


@pytest.fixture
@once
def folk(session):
    folk = people(session)
    issued(session, folk.office, draft(item(1, tasks=(yearly_task(2013, 10), yearly_task(2014, 20)))))
    add_contact(session, folk.science.unit_id, "王厅长", ContactDuty.HEAD)
    return folk


def _below(session, folk):
    """Put the finance unit below the science one."""
    unit = session.get(Unit, folk.finance.unit_id)
    unit.parent_id = folk.science.unit_id
    return [unit]


def science(session, day=DAY, year=2013):
    return next(row for row in list_agreements(session, year, day) if row.unit == SCIENCE)


def test_a_lead_unit_owes_the_figures_of_its_year_by_quarters(session, folk):
    view = read_agreements(session, 2013, [folk.science.unit_id], DAY)[0]
    (duty,) = view.led
    assert (duty.task, duty.due_on, duty.supports, duty.goals[0].words) == (1, date(2013, 12, 31), (FINANCE,), "10个")
    assert duty.quarters == (24.7, 49.6, 74.8, 100.0)
    assert (view.supported, view.carried, view.replaces) == ((), (), None)


def test_a_supporting_unit_owes_nothing_of_its_own(session, folk):
    view = read_agreements(session, 2013, [folk.finance.unit_id], DAY)[0]
    assert (view.led, [duty.lead for duty in view.supported]) == ((), [SCIENCE])


def test_what_is_open_from_before_is_carried_over(session, folk):
    view = read_agreements(session, 2014, [folk.science.unit_id], date(2014, 1, 8))[0]
    assert ([duty.task for duty in view.led], [duty.task for duty in view.carried]) == ([2], [1])


def test_the_adopted_scheme_is_named(session, folk):
    scheme = {"code": "county", "first_year": 2013, "adopted_on": date(2012, 12, 3), "content": {}, "sha256": "c" * 64}
    keep(session, ScoringScheme(**scheme, version="2013", title="年度考核办法"), day=date(2012, 12, 3))
    assert read_agreements(session, 2013, [folk.science.unit_id], DAY)[0].schemes == ("《年度考核办法》（2013）",)
    assert read_agreements(session, 2013, [folk.science.unit_id], date(2012, 12, 1))[0].schemes == ()


def test_a_unit_without_tasks_signs_nothing(session, folk):
    assert refused(read_agreements, session, 2019, [folk.science.unit_id], DAY)[0] == "nothing-to-agree"


def test_issuing_numbers_files_queues_and_enters(session, folk, post):
    sent = issue_agreement(session, 2013, folk.science.unit_id, post, on(DAY, folk.office))
    assert sent.doc_no == "责任书〔2013〕1号"
    file = f"责任书〔2013〕1号 {SCIENCE}2013年度目标管理责任书.docx"
    assert queued(session) == [
        ("王厅长", f"paper-{sent.filed.publication_id}", f"责任书〔2013〕1号：{SCIENCE}2013年度目标管理责任书", file)
    ]
    (entry,) = entries(session, "issue-agreement")
    assert (entry.chain, entry.after["doc_no"], entry.after["messages"]) == ("house", sent.doc_no, list(sent.message_ids))
    row = session.get(Publication, sent.filed.publication_id)
    assert (row.scope, row.period, row.version) == (f"unit-{folk.science.unit_id}", "2013", 1)
    assert plain(row.view)["led"][0]["goals"][0]["words"] == "10个"
    words = words_in_file(post, sent)
    assert "责任书〔2013〕1号" in words
    assert "示范行动1（2013年）" in words


def test_the_preview_sends_nothing_and_says_who_cannot_be_reached(session, folk, post):
    seen = preview_agreement(session, 2013, folk.finance.unit_id, post, on(DAY, folk.office))
    assert any("没有登记省财政厅的任何联系人" in remark for remark in seen.postings.remarks)
    assert "预览稿" in seen.paper.name
    assert session.exec(select(Publication)).all() == []


def test_twice_for_what_has_not_changed_is_refused_with_the_first_number(session, folk, post):
    issue_agreement(session, 2013, folk.science.unit_id, post, on(DAY, folk.office))
    code, message = refused(issue_agreement, session, 2013, folk.science.unit_id, post, on(SIGNED_ON, folk.office))
    assert code == "already-issued"
    assert "责任书〔2013〕1号" in message
    assert len(queued(session)) == 1


def test_signing_is_recorded_once(session, folk, post):
    unit = folk.science.unit_id
    assert refused(sign_agreement, session, 2013, unit, "王厅长", on(SIGNED_ON, folk.office))[0] == "unknown-agreement"
    issue_agreement(session, 2013, unit, post, on(DAY, folk.office))
    assert refused(sign_agreement, session, 2013, unit, " ", on(SIGNED_ON, folk.office))[0] == "bad-signer"
    assert sign_agreement(session, 2013, unit, " 王厅长 ", on(SIGNED_ON, folk.office)) == "责任书〔2013〕1号"
    code, message = refused(sign_agreement, session, 2013, unit, "王厅长", on(SIGNED_ON, folk.office))
    assert (code, "责任书〔2013〕1号" in message) == ("already-signed", True)
    assert [entry.after["signer"] for entry in entries(session, "sign-agreement")] == ["王厅长"]
    assert (science(session, SIGNED_ON).signed_on, science(session, SIGNED_ON).signer) == (SIGNED_ON, "王厅长")
    assert science(session, DAY).signed_on is None


def test_an_approved_extension_makes_it_outdated_and_the_new_one_refers_to_it(session, folk, post):
    unit = folk.science.unit_id
    issue_agreement(session, 2013, unit, post, on(DAY, folk.office))
    sign_agreement(session, 2013, unit, "王厅长", on(SIGNED_ON, folk.office))
    extended(session, folk, date(2013, 6, 3))
    assert not science(session, date(2013, 6, 2)).is_outdated
    assert science(session, date(2013, 6, 3)).is_outdated
    again = issue_agreement(session, 2013, unit, post, on(date(2013, 6, 4), folk.office))
    assert (again.doc_no, again.filed.version) == ("责任书〔2013〕2号", 2)
    assert "替代2013年1月10日印发的责任书〔2013〕1号（2013年1月15日签订）" in words_in_file(post, again)
    rows = session.exec(select(Publication).order_by(Publication.id)).all()
    assert rows[1].corrects_id == rows[0].id
    row = science(session, date(2013, 6, 4))
    assert (row.doc_no, row.version, row.signed_on, row.is_outdated) == ("责任书〔2013〕2号", 2, None, False)


def test_a_cancelled_task_makes_it_outdated(session, folk, post):
    issue_agreement(session, 2013, folk.science.unit_id, post, on(DAY, folk.office))
    cancel_task(session, 1, "市政办函〔2013〕5号", on(SIGNED_ON, folk.office))
    assert science(session, SIGNED_ON).is_outdated


def test_every_unit_of_the_year_is_listed_but_no_open_set(session, folk):
    assert [(row.unit, row.led, row.supported, row.doc_no) for row in list_agreements(session, 2013, DAY)] == [
        (SCIENCE, 1, 0, None),
        (FINANCE, 0, 1, None),
    ]


def test_a_unit_sees_its_own_and_no_other(session, folk):
    assert read_agreements(session, 2013, [folk.science.unit_id], DAY, folk.science)[0].unit == SCIENCE
    assert refused(read_agreements, session, 2013, [folk.science.unit_id], DAY, folk.finance)[0] == "no-right"
    assert refused(list_agreements, session, 2013, DAY, folk.supervisor)[0] == "no-right"
    assert [row.unit for row in list_agreements(session, 2013, DAY, folk.finance)] == [FINANCE]


def test_a_unit_above_sees_no_more_than_its_own(session, folk):
    keep(session, *_below(session, folk))
    assert [row.unit for row in list_agreements(session, 2013, DAY, folk.science)] == [SCIENCE]


def test_many_agreements_cost_one_reading_until_something_changes(session, folk, post):
    first = post.rolls.read(session, DAY)
    issue_agreement(session, 2013, folk.science.unit_id, post, on(DAY, folk.office))
    assert post.rolls.read(session, DAY) is first
    extended(session, folk, DAY)
    again = post.rolls.read(session, DAY)
    assert again is not first
    assert again.tasks[0].duty.due_on == date(2014, 3, 31)


@on_one_kind
@pytest.mark.parametrize(
    "tampered",
    [
        pytest.param({"signer": "李四"}, id="another-signer"),
        pytest.param({"signed_on": date(2013, 1, 11)}, id="another-day"),
        pytest.param({"signed_on": None, "signer": None}, id="taken-off"),
    ],
)
def test_a_signature_changed_behind_the_ledger_is_named(session, folk, post, tampered):
    issue_agreement(session, 2013, folk.science.unit_id, post, on(DAY, folk.office))
    sign_agreement(session, 2013, folk.science.unit_id, "张三", on(SIGNED_ON, folk.office))
    assert verify(session, post.press.store).is_whole
    paper = session.exec(select(Publication)).one()
    for name, value in tampered.items():
        setattr(paper, name, value)
    session.flush()
    assert [(lost.kind, lost.why) for lost in verify(session, post.press.store).publications] == [("agreement", "changed")]


def test_a_unit_that_has_no_task_of_the_year_left_has_nothing_to_agree_again(session, folk, post):
    issue_agreement(session, 2013, folk.science.unit_id, post, on(DAY, folk.office))
    cancel_task(session, 1, "某发〔2013〕1号", on(date(2013, 2, 4), folk.office))
    row = science(session, date(2013, 2, 4))
    assert (row.led, row.supported, row.is_outdated) == (0, 0, True)


@on_one_kind
def test_the_number_is_the_same_name_in_every_language(session, folk, post):
    with use_language("en"):
        issued_paper = issue_agreement(session, 2013, folk.science.unit_id, post, on(DAY, folk.office))
    assert issued_paper.doc_no == "责任书〔2013〕1号"
