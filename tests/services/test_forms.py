"""Forms: what is asked and what not, and who may make one and enter it."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from models.account import AccountRole
from models.form import Form
from models.publication import Publication, PublicationKind
from models.request import RequestKind
from rules.requests import Terms
from services.decisions import suspend_task
from services.requests import Approval, RequestInput, approve_request, file_request
from services.reviews import Verdict as Judgement
from services.reviews import review_report
from tests.builders import AT, on
from tests.databases import on_one_kind
from tests.services.form_fixtures import APRIL, ASKED_ON, REPORT, house, lines, refusal, report, the_ledger_tells_all

__all__ = ["house", "the_ledger_tells_all"]


def test_only_what_is_due_is_asked(house):
    view = house.form()
    assert [line.cells["task"] for line in lines(view, "acknowledge")] == [
        "示范行动2（2013年）",
        "示范行动2（2014年）",
        "示范行动3（2013年）",
    ]
    asked = [(line.cells.get("task"), line.cells["measure"]) for line in lines(view, "report")]
    assert [measure for _task, measure in asked] == [
        *("示范县（个）", "示范县（个）", "培训（人次）", "覆盖率（%）", "（没有数量指标，用文字填报）")
    ]
    assert [task for task, _measure in asked if task] == ["示范行动1（2013年）", "示范行动2（2013年）", "示范行动3（2013年）"]
    assert (view.number, view.edition, view.field_count, view.limit_on) == (1, 1, 3 + (1 + 3) + (3 + 3) + (0 + 3), date(2013, 4, 3))


def test_what_was_answered_is_not_asked_again_and_what_was_returned_is(house):
    house.form()
    report(house, 2)
    again = house.form(day=APRIL)
    assert again.edition == 2
    assert "示范行动1（2013年）" not in [line.cells.get("task") for line in lines(again, "report")]
    review_report(house.session, 1, "2013Q1", Judgement(False, "缺名单"), on(APRIL, house.actors.supervisor))
    third = house.form(day=APRIL)
    assert "示范行动1（2013年）" in [line.cells.get("task") for line in lines(third, "report")]
    assert [line.cells["what"] for line in lines(third, "changes")] == ["退回进展：缺名单"]


def test_the_last_sum_stands_beside_the_cell_for_the_new_one(house):
    report(house, 2, period="2013Q1")
    first = lines(house.form("2013Q2", date(2013, 6, 28)), "report")[0]
    assert (first.cells["last"], first.cells["pace"], first.cells["value"]) == (2, "50%", None)


def test_news_are_told_once(house):
    house.form()
    asked = RequestInput(RequestKind.EXTENSION, "汛期", "已开工", Terms(due_on=date(2014, 3, 31)))
    number = file_request(house.session, 1, asked, on(APRIL, house.actors.science))
    approve_request(house.session, number, Approval(), on(APRIL, house.actors.office))
    assert [line.cells["what"] for line in lines(house.form(day=APRIL), "changes")] == ["批准申请：期限改为 2014-03-31"]
    assert lines(house.form(day=APRIL), "changes") == ()


@on_one_kind
@pytest.mark.parametrize(
    ("period", "day", "code"),
    [
        pytest.param("2013", ASKED_ON, "bad-period", id="a year"),
        pytest.param("2013-03", ASKED_ON, "bad-period", id="a month"),
        pytest.param("2013Q3", ASKED_ON, "period-not-begun", id="not begun"),
        pytest.param("2012Q4", ASKED_ON, None, id="receipt alone is owed before the task starts"),
    ],
)
def test_the_period_of_a_form(house, period, day, code):
    if code:
        assert refusal(house.form, period, day) == code
    else:
        assert [sheet.role for sheet in house.form(period, day).sheets] == ["acknowledge"]


def test_a_closed_quarter_is_not_asked(house):
    facts = {"kind": PublicationKind.BULLETIN, "year": 2013, "number": 1, "published_at": AT, "view": {}, "ledger_head": "0" * 64}
    house.session.add(Publication(scope="all", period="2013Q1", published_on=APRIL, **facts))
    house.session.flush()
    assert lines(house.form(day=APRIL), "report") == ()


def test_a_suspended_task_is_not_asked_but_may_be_asked_about(house):
    suspend_task(house.session, 1, "征地未完", on(ASKED_ON, house.actors.office))
    view = house.form()
    assert "示范行动1（2013年）" not in [line.cells.get("task") for line in lines(view, "report")]
    assert lines(view, "request")[0].choices == ("延期", "终止")


def test_nothing_to_ask_makes_no_form(house):
    house.session.exec(select(Form)).all()
    actor = house.actors
    unit_id = actor.finance.unit_id
    house.actors = replace(actor, science=replace(actor.science, unit_id=unit_id))
    assert refusal(house.form) == "nothing-asked"
    assert house.session.exec(select(Form)).all() == []


@on_one_kind
@pytest.mark.parametrize(
    ("role", "may_export", "may_import"),
    [
        ("office", True, True),
        ("supervisor", True, False),
        ("science", True, True),
        ("finance", False, False),
        ("administrator", False, False),
    ],
)
def test_rights_on_a_units_form(house, role, may_export, may_import):
    actor = getattr(house.actors, role)
    if may_export:
        house.form(actor=actor)
    else:
        assert refusal(house.form, actor=actor) in ("no-right", "not-your-task")
    view = house.form()
    place = house.returned(view, {f"{REPORT}!I4": 2})
    if may_import:
        assert house.take(place, actor=actor).is_kept
    else:
        assert refusal(house.take, place, actor=actor) in ("no-right", "not-your-task")


def test_a_bound_office_enters_only_the_forms_of_its_area(house):
    place = house.returned(house.form(), {f"{REPORT}!I4": 2})
    bound = replace(house.actors.office, unit_id=house.actors.finance.unit_id)
    assert refusal(house.take, place, actor=bound) == "not-your-area"
    assert bound.role is AccountRole.PLAN_OFFICE
