"""A case from proposal to verification: what is written, what is refused and leaves nothing, and that the file says no more than the ledger."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from models.account import AccountRole
from models.case import AccountabilityCase, CaseKind, CaseState, ObjectionOutcome
from models.ledger import LedgerEntry
from models.notice import Message, MessageFile
from models.publication import Publication
from rules.case_rules import CaseRule
from rules.errors import DubanError
from rules.office_matters import OfficeMatter
from rules.rights import Actor
from services.cases.case_files import compile_case_file
from services.cases.case_list import CaseFilter, list_cases, show_case
from services.cases.concluding import Conclusion, approve_case, conclude_case, drop_case
from services.cases.deciding import Decision, decide_objection, preview_decision
from services.cases.opening import Ground, open_from_notice, open_on_basis, open_proposed
from services.cases.proposals import list_proposals
from services.cases.rectifying import report_rectification, send_back_rectification, verify_rectification
from services.cases.serving import Service, preview_service, serve_case
from services.cases.stating import object_to_case, state_on_case
from services.facts import Viewpoint, read_tasks
from services.office_lines import standing_of, waiting_matters
from services.progress import ProgressInput, record_progress
from services.report_values import Amount
from services.rule_sets import rule_set_on
from services.tasks import complete_task, submit_task
from tests.builders import on
from tests.databases import on_one_kind
from tests.remembered import once
from tests.services.case_fixtures import T3, case_desk, case_folk, late_task, report

pytestmark = pytest.mark.usefixtures("kept_whole")

DAY = date(2014, 1, 8)
SERVED = date(2014, 1, 20)
LAST = date(2014, 2, 19)  # the thirtieth day after service
DEMAND_BY = date(2014, 3, 31)
SAID = Conclusion("任务到期未完成，差1个示范县", demand="补齐1个示范县", demand_by=DEMAND_BY)


@pytest.fixture
def late(session):
    return late_task(session)


@pytest.fixture
def desk(tmp_path):
    return case_desk(tmp_path)


@once
def opened(session, folk):
    return open_from_notice(session, 2, on(DAY, folk.first))


@once
def approved(session, folk, said=SAID):
    number = opened(session, folk)
    state_on_case(session, number, "一处选址未获批准", on(DAY, folk.base.science))
    conclude_case(session, number, said, on(DAY, folk.first))
    approve_case(session, number, on(DAY, folk.second))
    return number


@once
def served(session, folk, desk, said=SAID):
    number = approved(session, folk, said)
    serve_case(session, number, Service("王五", "李明，0000-1234567"), desk, on(SERVED, folk.first))
    return number


def case(session, number):
    return session.get(AccountabilityCase, number, populate_existing=True)


def entries(session, number):
    found = session.exec(select(LedgerEntry).where(LedgerEntry.subject == f"case {number}").order_by(LedgerEntry.id))
    return [one.act for one in found]


def refused(act, *args):
    with pytest.raises(DubanError) as caught:
        act(*args)
    return caught.value.code


@on_one_kind
def test_the_ladder_proposes_with_its_entries(session, late):
    (found,) = list_proposals(session, DAY)
    assert (found.key, found.kind, found.rule) == ("year-missed/notice-2", CaseKind.ACCOUNTABILITY, CaseRule.YEAR_MISSED)
    assert found.fact_words == "应在2013年内完成的任务跨年未完成，已超期6天"
    for trace in found.traces:
        entry = session.exec(select(LedgerEntry).where(LedgerEntry.chain == trace.chain, LedgerEntry.seq == trace.seq)).one()
        assert (entry.hash, entry.act, entry.task_id) == (trace.hash, "prepare-notice", 1)


def test_the_whole_way_with_an_objection_upheld(session, late, desk):
    number = served(session, late, desk)
    object_to_case(session, number, "选址由另一部门批准", on(LAST, late.base.science))
    out = decide_objection(session, number, Decision(ObjectionOutcome.UPHELD, "选址不影响期限"), desk, on(LAST, late.second))
    assert (out.filed.version, out.filed.place.doc_no) == (2, "督结〔2014〕2号")
    report_rectification(session, number, "已补1个", on(date(2014, 3, 3), late.base.science))
    send_back_rectification(session, number, "缺验收材料", on(date(2014, 3, 5), late.first))
    report_rectification(session, number, "已补验收材料", on(date(2014, 3, 12), late.base.science))
    verify_rectification(session, number, "现场核实属实", on(date(2014, 3, 14), late.second))
    row = case(session, number)
    assert (row.state, row.outcome, row.year, row.number) == (CaseState.VERIFIED, ObjectionOutcome.UPHELD, 2014, 1)
    assert entries(session, number) == [
        *("open-case", "state-on-case", "conclude-case", "approve-case", "serve-case", "object-to-case", "decide-objection"),
        *("rectify-case", "send-back-rectification", "rectify-case", "verify-case"),
    ]
    assert list_proposals(session, date(2014, 3, 14)) == []


def test_a_changed_conclusion_is_filed_as_a_correction(session, late, desk):
    number = served(session, late, desk)
    object_to_case(session, number, "已于年内验收", on(SERVED, late.base.science))
    decide_objection(session, number, Decision(ObjectionOutcome.CHANGED, "撤回整改要求", lifts_demand=True), desk, on(LAST, late.second))
    first, second = session.exec(select(Publication).order_by(Publication.id)).all()
    assert (second.version, second.corrects_id, second.scope) == (2, first.id, f"case-{number}")
    assert second.view["corrects"] == first.doc_no == "督结〔2014〕1号"
    assert refused(report_rectification, session, number, "无", on(LAST, late.base.science)) == "no-demand"


def test_served_to_the_head_of_the_unit_with_its_file(session, late, desk):
    number = served(session, late, desk)
    mail = session.exec(select(Message)).one()
    kept = session.exec(select(MessageFile).where(MessageFile.message_id == mail.id)).one()
    assert mail.address == "chen@kjt.example.cn"
    assert desk.press.store.read(kept.sha256).startswith(b"PK")
    told = session.exec(select(LedgerEntry).where(LedgerEntry.act == "serve-case")).one().after
    assert told["files"][kept.name] == kept.sha256
    assert [name.rpartition(".")[2] for name in told["files"]] == ["docx", "html", "json"]
    assert desk.press.store.read(told["case_file"]["sha256"]).startswith(b"PK")
    assert show_case(session, number, SERVED).objection_until == LAST


@on_one_kind
def test_a_preview_writes_nothing(session, late, desk):
    number = approved(session, late)
    prepared = preview_service(session, number, Service(), desk, on(SERVED, late.first))
    assert prepared.paper.masthead.issue == "预览稿（未编号）"
    assert [one.address for one in prepared.postings.postings] == ["chen@kjt.example.cn"]
    assert session.exec(select(Publication)).all() == []


@on_one_kind
def test_no_paper_to_the_unit_tells_the_house_business(session, late, desk):
    number = served(session, late, desk, replace(SAID, proposal="研究是否问责", competent_body="省监察机关"))
    view = session.exec(select(Publication)).one().view
    assert not any(line["is_inside"] for line in view["facts"])
    assert (view["proposal"], view["competent_body"]) == ("", "")
    assert compile_case_file(session, number, SERVED).words.proposal == "研究是否问责"


@on_one_kind
@pytest.mark.parametrize(("day", "code"), [(LAST, None), (LAST + timedelta(days=1), "objection-late")], ids=["thirtieth day", "a day late"])
def test_the_days_to_object(session, late, desk, day, code):
    number = served(session, late, desk)
    if code is None:
        object_to_case(session, number, "不认可", on(day, late.base.science))
        assert case(session, number).objected_on == day
    else:
        assert refused(object_to_case, session, number, "不认可", on(day, late.base.science)) == code


@once
def objected(session, folk, desk):
    number = served(session, folk, desk)
    object_to_case(session, number, "选址由另一部门批准", on(LAST, folk.base.science))
    return number


@on_one_kind
def test_a_decision_is_looked_at_before_it_goes_out(session, late, desk):
    number = objected(session, late, desk)
    before = len(entries(session, number))
    prepared = preview_decision(session, number, Decision(ObjectionOutcome.UPHELD, "不影响期限"), desk, on(LAST, late.second))
    assert ([one.recipient.person for one in prepared.postings.postings], "复核决定" in prepared.paper.title_line) == (["陈厅长"], True)
    assert (len(entries(session, number)), case(session, number).state) == (before, CaseState.OBJECTED)
    answer = Decision(ObjectionOutcome.UPHELD, "不影响期限")
    assert refused(preview_decision, session, number, answer, desk, on(LAST, late.first)) == "own-conclusion"


@on_one_kind
@pytest.mark.parametrize(
    "demanded",
    [
        pytest.param({"lifts_demand": True}, id="lifted"),
        pytest.param({"demand": "补齐2个示范县", "demand_by": DEMAND_BY}, id="other-demand"),
        pytest.param({"demand_by": DEMAND_BY + timedelta(days=30)}, id="more-time"),
    ],
)
def test_a_conclusion_that_is_upheld_keeps_its_demand(session, late, desk, demanded):
    number = objected(session, late, desk)
    answer = Decision(ObjectionOutcome.UPHELD, "不影响期限", **demanded)
    assert refused(decide_objection, session, number, answer, desk, on(LAST, late.second)) == "upheld-unchanged"
    assert case(session, number).state is CaseState.OBJECTED


def test_an_objection_is_made_once(session, late, desk):
    number = served(session, late, desk)
    object_to_case(session, number, "不认可", on(SERVED, late.base.science))
    decide_objection(session, number, Decision(ObjectionOutcome.UPHELD, "维持"), desk, on(SERVED, late.second))
    report_rectification(session, number, "已补", on(SERVED, late.base.science))
    send_back_rectification(session, number, "不全", on(SERVED, late.second))
    assert refused(object_to_case, session, number, "仍不认可", on(SERVED, late.base.science)) == "objected-already"


def test_a_statement_makes_a_draft_lapse(session, late):
    number = opened(session, late)
    conclude_case(session, number, SAID, on(DAY, late.first))
    state_on_case(session, number, "补充说明", on(DAY, late.base.science))
    assert case(session, number).state is CaseState.OPENED
    assert refused(approve_case, session, number, on(DAY, late.second)) == "case-not-now"


def test_the_unit_may_state_until_it_is_served(session, late, desk):
    number = approved(session, late)
    state_on_case(session, number, "已于昨日补齐", on(DAY, late.base.science))
    assert case(session, number).state is CaseState.OPENED
    assert refused(serve_case, session, number, Service("王五"), desk, on(SERVED, late.first)) == "case-not-now"


@on_one_kind
def test_a_conclusion_worded_anew_is_approved_anew(session, late):
    number = approved(session, late)
    conclude_case(session, number, SAID, on(DAY, late.second))
    row = case(session, number)
    assert (row.state, row.approver, row.drafter) == (CaseState.DRAFTED, None, "second")
    assert refused(approve_case, session, number, on(DAY, late.second)) == "own-conclusion"


@on_one_kind
def test_what_its_author_should_look_at_again(session, late):
    number = opened(session, late)
    said = replace(SAID, words="陈厅长失职，建议给予警告")
    assert [words[:8] for words in conclude_case(session, number, said, on(DAY, late.first))] == [
        "单位还没有陈述；",
        "文中写到个人：陈",
        "文中有处理、处分",
        "文中有认定责任的",
    ]


def test_dropped_with_a_reason_and_not_proposed_again(session, late):
    number = opened(session, late)
    drop_case(session, number, "已另行处理", on(DAY, late.first))
    assert case(session, number).state is CaseState.DROPPED
    assert list_proposals(session, DAY) == []
    assert refused(state_on_case, session, number, "说明", on(DAY, late.base.science)) == "case-not-now"


def test_on_another_basis(session, late):
    ground = Ground("专项督查发现报表与现场不符", effect="影响验收")
    number = open_on_basis(session, 1, ground, on(DAY, late.first))
    assert refused(open_on_basis, session, 1, ground, on(DAY, late.first)) == "case-open"
    drop_case(session, number, "合并办理", on(DAY, late.first))
    assert open_on_basis(session, 1, ground, on(DAY, late.first)) == number + 1
    file = compile_case_file(session, number + 1, DAY)
    assert (file.rule_code, file.fired_on, file.number) == (None, (), "督案〔2014〕2号")


REFUSALS = {
    "a blue notice proposes nothing": (lambda s, f, _n: open_from_notice(s, 1, on(DAY, f.first)), "not-a-proposal"),
    "a notice nobody made": (lambda s, f, _n: open_from_notice(s, 99, on(DAY, f.first)), "unknown-notice"),
    "proposed no more": (lambda s, f, _n: open_proposed(s, "year-missed/notice-2", on(DAY, f.first)), "unknown-proposal"),
    "no basis": (lambda s, f, _n: open_on_basis(s, 1, Ground(" "), on(DAY, f.first)), "no-words"),
    "an unknown unit": (lambda s, f, _n: open_on_basis(s, 1, Ground("查", unit="某局"), on(DAY, f.first)), "unknown-unit"),
    "no part in it": (
        lambda s, f, _n: open_on_basis(s, 1, Ground("查", unit="有关县（市、区）人民政府"), on(DAY, f.first)),
        "not-responsible",
    ),
    "an unknown case": (lambda s, f, _n: drop_case(s, 99, "无", on(DAY, f.first)), "unknown-case"),
    "no words": (lambda s, f, n: conclude_case(s, n, Conclusion(""), on(DAY, f.first)), "no-words"),
    "no day": (lambda s, f, n: conclude_case(s, n, Conclusion("查明", demand="改"), on(DAY, f.first)), "demand-incomplete"),
    "a day past": (
        lambda s, f, n: conclude_case(s, n, Conclusion("查明", demand="改", demand_by=T3), on(DAY, f.first)),
        "limit-passed",
    ),
    "no body": (lambda s, f, n: conclude_case(s, n, Conclusion("查明", proposal="问责"), on(DAY, f.first)), "no-competent-body"),
    "nothing to approve": (lambda s, f, n: approve_case(s, n, on(DAY, f.second)), "case-not-now"),
    "nothing to object to": (lambda s, f, n: object_to_case(s, n, "不认可", on(DAY, f.base.science)), "case-not-now"),
    "nothing to rectify": (lambda s, f, n: report_rectification(s, n, "已改", on(DAY, f.base.science)), "case-not-now"),
    "no reason to drop": (lambda s, f, n: drop_case(s, n, "", on(DAY, f.first)), "no-words"),
}


@on_one_kind
@pytest.mark.parametrize("name", REFUSALS)
def test_refusals_leave_nothing(session, late, name):
    number = opened(session, late)
    entries = select(LedgerEntry.id).order_by(col(LedgerEntry.id))
    before = session.exec(entries).all()
    act, code = REFUSALS[name]
    assert refused(act, session, late, number) == code
    assert session.exec(entries).all() == before
    assert not session.dirty
    assert not session.new


@on_one_kind
def test_nobody_signs_for_nothing(session, late, desk):
    number = approved(session, late)
    assert refused(serve_case, session, number, Service(" "), desk, on(SERVED, late.first)) == "bad-receiver"


@on_one_kind
def test_nobody_of_the_unit_judges_it(session, late, desk):
    own = Actor(None, "own", AccountRole.SUPERVISOR, late.base.science.unit_id)
    assert refused(open_from_notice, session, 2, on(DAY, own)) == "own-submission"
    number = approved(session, late)
    assert refused(approve_case, session, number, on(DAY, own)) == "own-submission"
    assert refused(verify_rectification, session, number, "属实", on(DAY, own)) == "own-submission"
    assert refused(state_on_case, session, number, "说明", on(DAY, late.base.finance)) == "not-your-task"
    assert refused(conclude_case, session, number, SAID, on(DAY, late.base.office)) == "no-right"


@on_one_kind
def test_a_unit_sees_its_own_case_and_no_conclusion_before_it_is_served(session, late, desk):
    number = approved(session, late)
    assert show_case(session, number, DAY, late.base.science).conclusion is None
    assert refused(show_case, session, number, DAY, late.base.finance) == "unknown-case"
    assert refused(compile_case_file, session, number, DAY, late.base.science) == "unknown-case"
    serve_case(session, number, Service("王五"), desk, on(SERVED, late.first))
    assert show_case(session, number, SERVED, late.base.science).conclusion == SAID.words


@on_one_kind
def test_listed_as_it_stood(session, late, desk):
    number = served(session, late, desk)
    assert [one.state for one in list_cases(session, CaseFilter(), DAY)] == [CaseState.APPROVED]
    assert [one.id for one in list_cases(session, CaseFilter(state=CaseState.SERVED), SERVED)] == [number]
    assert list_cases(session, CaseFilter(), T3) == []
    assert compile_case_file(session, number, DAY).words.served_on is None


def test_the_file_says_no_more_than_the_ledger(session, late, desk):
    number = served(session, late, desk)
    file = compile_case_file(session, number, SERVED)
    assert [line.number for line in file.chronology] == list(range(1, len(file.chronology) + 1))
    for line in file.chronology:
        assert line.entries
        for one in line.entries:
            entry = session.exec(select(LedgerEntry).where(LedgerEntry.chain == one.chain, LedgerEntry.seq == one.seq)).one()
            assert (entry.hash, entry.acted_on) == (one.hash, line.day)
    assert file.evidence_of(file.fired_on)
    again = compile_case_file(session, number, SERVED)
    state_after = compile_case_file(session, number, SERVED)
    assert file == again == state_after


def test_evidence_is_named_with_its_hash(session, late, desk, tmp_path):
    proof = tmp_path / "验收表.txt"
    proof.write_text("已验收", encoding="utf-8")
    said = ProgressInput(values={"示范县": Amount(10)}, text="补齐", evidence=[proof])
    record_progress(session, 1, said, desk.press.store, on(DAY, late.base.science))
    number = opened(session, late)
    (found,) = [line for line in compile_case_file(session, number, DAY).chronology if line.files]
    ((name, digest),) = found.files
    assert (found.what, name) == ("填报", "验收表.txt")
    assert desk.press.store.read(digest).decode() == "已验收"
    assert found.words.startswith("示范县10个；")


@on_one_kind
def test_the_same_file_again_after_later_acts(session, late, desk):
    number = served(session, late, desk)
    before = compile_case_file(session, number, SERVED)
    object_to_case(session, number, "不认可", on(LAST, late.base.science))
    report(session, late.base.science, 10, LAST)
    assert compile_case_file(session, number, SERVED) == before


def test_praise_is_handed_up_and_over(session, desk):
    folk = case_folk(session)
    report(session, folk.base.science, 12, date(2013, 9, 30))
    submit_task(session, 1, None, on(date(2013, 10, 8), folk.base.science))
    complete_task(session, 1, on(date(2013, 10, 10), folk.first))
    day = date(2013, 10, 11)
    found = {one.rule: one for one in list_proposals(session, day)}
    assert {rule.value: one.fact_words for rule, one in found.items()} == {
        "done-early": "原定期限2013年12月31日，2013年10月8日办结，提前84天",
        "target-exceeded": "“示范县”达到目标的120%",
    }
    number = open_proposed(session, found[CaseRule.DONE_EARLY].key, on(day, folk.first))
    praise = Conclusion("提前完成全年任务", proposal="通报表扬", competent_body="省政府办公厅")
    assert (
        refused(conclude_case, session, number, replace(praise, demand="再接再厉", demand_by=day), on(day, folk.first)) == "praise-demands"
    )
    assert conclude_case(session, number, praise, on(day, folk.first)) == ()
    approve_case(session, number, on(day, folk.second))
    out = serve_case(session, number, Service(), desk, on(day, folk.first))
    assert (out.postings.postings, out.filed.paper.kind, out.filed.paper.addressee) == ((), "praise", "省政府办公厅：")
    assert refused(object_to_case, session, number, "无", on(day, folk.base.science)) == "case-not-now"


def test_what_waits_for_the_office_is_in_its_digest(session, late, desk):
    number = opened(session, late)
    assert waiting(session) == []
    conclude_case(session, number, SAID, on(DAY, late.first))
    approve_case(session, number, on(DAY, late.second))
    assert waiting(session) == [("省科技厅", number, "approved", f"case-{number}a20140108")]
    serve_case(session, number, Service("王五"), desk, on(SERVED, late.first))
    assert waiting(session) == []


def waiting(session):
    records = read_tasks(session, Viewpoint(SERVED, SERVED), rule_set_on(session, SERVED))
    lines = waiting_matters(session, standing_of(records), [], SERVED, lambda _ids: records)
    return [(line.unit, line.number, line.kind, line.period) for line in lines if line.matter is OfficeMatter.CASE]
