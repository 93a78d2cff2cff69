"""A unit ends while a case about it runs: whoever takes over is heard, served and asked to put right; what is over stays where it was."""

from datetime import date
from types import SimpleNamespace

import pytest

from models.account import AccountRole
from models.case import AccountabilityCase, CaseState
from models.notice import Notice, NoticeLevel, NoticeState
from rules.errors import DubanError
from rules.rights import Actor
from services.cases.case_list import CaseFilter, list_cases, show_case
from services.cases.concluding import drop_case
from services.cases.opening import open_from_notice, open_proposed
from services.cases.proposals import list_proposals
from services.cases.rectifying import report_rectification
from services.cases.serving import Service, preview_service
from services.cases.stating import object_to_case
from services.ledger import Event, first_break, record
from services.rebuilding import differences
from services.unit_changes import Reorganisation, merge_units
from tests.builders import FINANCE, SCIENCE, on
from tests.services.case_fixtures import DUE, T3, case_desk, late_task
from tests.services.test_cases import DAY, SERVED, approved, served

MERGED = date(2014, 2, 3)


@pytest.fixture
def late(session):
    yield late_task(session)
    assert differences(session) == []
    assert first_break(session) is None


def merge(session, folk, day=MERGED):
    merge_units(session, [SCIENCE], FINANCE, Reorganisation(day), on(day, folk.base.office))


def successor(folk):
    finance = folk.base.finance.unit_id
    return SimpleNamespace(unit_id=finance, account=Actor(None, "科技厅", AccountRole.UNIT, finance))


def test_a_served_case_goes_over_with_the_right_to_object_and_the_duty_to_put_right(session, late, tmp_path):
    number = served(session, late, case_desk(tmp_path))
    merge(session, late)
    taken = successor(late)
    assert show_case(session, number, MERGED, taken.account).unit == FINANCE
    assert show_case(session, number, SERVED).unit == SCIENCE
    object_to_case(session, number, "选址由另一部门批准", on(MERGED, taken.account))
    with pytest.raises(DubanError, check=lambda error: error.code == "case-not-now"):
        report_rectification(session, number, "已补1个", on(MERGED, taken.account))


def test_a_conclusion_goes_to_the_people_of_the_unit_that_took_over(session, late, tmp_path):
    number = approved(session, late)
    merge(session, late, SERVED)
    prepared = preview_service(session, number, Service("王五"), case_desk(tmp_path), on(SERVED, late.first))
    assert [one.recipient.person for one in prepared.postings.postings] == ["陈厅长"]
    assert FINANCE in prepared.paper.title_line or any(FINANCE in str(block) for block in prepared.paper.blocks)


def test_a_case_that_is_over_stays_where_it_was(session, late):
    number = open_from_notice(session, 2, on(DAY, late.first))
    drop_case(session, number, "事实有出入", on(DAY, late.first))
    merge(session, late)
    assert session.get(AccountabilityCase, number).unit_id == late.base.science.unit_id
    assert [row.state for row in list_cases(session, CaseFilter(), MERGED)] == [CaseState.DROPPED]


def test_red_notices_from_before_count_for_the_unit_that_took_over(session, late):
    for number, task_id in ((3, 1), (4, 1)):
        unit_id = late.base.science.unit_id if number == 3 else late.base.finance.unit_id
        row = Notice(
            task_id=task_id,
            unit_id=unit_id,
            level=NoticeLevel.RED,
            matter="overdue",
            due_on=DUE,
            prepared_on=T3,
            state=NoticeState.ISSUED,
            issued_on=T3,
            limit_on=DAY,
            year=2014,
            number=number,
        )
        session.add(row)
        session.flush()
        after = {"notice": row.id, "level": "red", "doc_no": f"督办〔2014〕{number}号", "limit_on": DAY.isoformat()}
        record(session, on(T3, late.first), Event("issue-notice", f"notice {row.id}", 1, task_id, after=after))
    assert "red-notices" not in {one.rule for one in list_proposals(session, MERGED, 2014)}
    merge(session, late)
    (found,) = [one for one in list_proposals(session, MERGED, 2014) if one.rule == "red-notices"]
    assert (found.unit, found.numbers["count"]) == (FINANCE, 2)
    number = open_proposed(session, found.key, on(MERGED, late.first))
    assert show_case(session, number, MERGED).unit == FINANCE


def test_what_a_case_was_opened_of_is_not_opened_again_by_going_back_a_day(session, late):
    key = "year-missed/notice-2"
    number = open_proposed(session, key, on(date(2014, 1, 9), late.first))
    drop_case(session, number, "事实有出入", on(date(2014, 1, 9), late.first))
    with pytest.raises(DubanError, check=lambda error: error.code == "unknown-proposal"):
        open_proposed(session, key, on(DAY, late.first))
