from datetime import date

import pytest
from sqlmodel import select

from models.indicator import Indicator, Observation
from models.ledger import LedgerEntry
from models.roster import Quota
from models.task import Target
from rules.errors import DubanError
from services.indicators import Link, Reading, link_target, list_observations, observe
from services.ledger import first_break
from services.rebuilding import differences
from tests.builders import draft, issued, item, keep, on, people, yearly_task
from tests.databases import on_one_kind

DAY = date(2013, 4, 2)
RATE = Reading("科技支出增幅", 12.5, date(2013, 3, 31), "%", "统计月报")


@pytest.fixture
def actors(session):
    found = people(session)
    series = {"comparator": "exceeds-series", "value": None, "measure": "科技投入增幅", "unit_of_measure": "%"}
    plain = yearly_task(2013, 10).targets[0]
    tasks = tuple(
        yearly_task(year, 10).model_copy(update={"targets": (plain, plain.model_copy(update=series))}) for year in (2013, 2014, 2015)
    )
    issued(session, found.office, draft(item(1, tasks=tasks)))
    return found


@pytest.fixture(autouse=True)
def whole(session):
    yield
    assert differences(session) == []
    assert first_break(session) is None


def refusal(act, *arguments):
    with pytest.raises(DubanError) as refused:
        act(*arguments)
    return refused.value.code


def entries(session, act):
    return session.exec(select(LedgerEntry).where(LedgerEntry.act == act).order_by(LedgerEntry.id)).all()


def test_a_correction_is_a_new_revision_with_its_entry(session, actors):
    first = observe(session, RATE, on(DAY, actors.office))
    again = observe(session, RATE, on(date(2013, 4, 3), actors.supervisor))
    second = observe(session, Reading(RATE.name, 12.1, RATE.observed_on), on(date(2013, 4, 9), actors.supervisor))
    assert (first.revision, first.is_new_indicator) == (1, True)
    assert (again.revision, again.is_new) == (1, False)
    assert (second.revision, second.is_new_indicator) == (2, False)
    rows = session.exec(select(Observation).order_by(Observation.revision)).all()
    assert [(row.value, row.source, row.recorded_on) for row in rows] == [(12.5, "统计月报", DAY), (12.1, "统计月报", date(2013, 4, 9))]
    told = entries(session, "observe-indicator")
    assert [(entry.before.get("value"), entry.after["value"], entry.chain) for entry in told] == [
        (None, 12.5, "house"),
        (12.5, 12.1, "house"),
    ]


def test_lists_what_was_known_on_the_day(session, actors):
    observe(session, RATE, on(DAY, actors.office))
    observe(session, Reading("财政收入增幅", -3, date(2013, 3, 31), "%"), on(DAY, actors.office))
    observe(session, Reading(RATE.name, 12.1, RATE.observed_on), on(date(2013, 4, 9), actors.office))
    observe(session, Reading(RATE.name, 13, date(2013, 6, 30)), on(date(2013, 7, 9), actors.office))
    assert [(row.name, row.value) for row in list_observations(session, date(2013, 7, 9))] == [("科技支出增幅", 13), ("财政收入增幅", -3)]
    assert [(row.value, row.is_current) for row in list_observations(session, date(2013, 7, 9), "科技")] == [
        (12.5, False),
        (12.1, True),
        (13, True),
    ]
    assert [(row.value, row.is_current) for row in list_observations(session, date(2013, 4, 8), "科技")] == [(12.5, True)]


@on_one_kind
@pytest.mark.parametrize(
    ("reading", "code"),
    [
        pytest.param(Reading(" ", 1, DAY), "bad-indicator-name", id="no name"),
        pytest.param(Reading("长" * 201, 1, DAY), "bad-indicator-name", id="a name too long"),
        pytest.param(Reading("增幅", float("nan"), DAY), "bad-quantity", id="no number"),
        pytest.param(Reading("增幅", float("inf"), DAY), "bad-quantity", id="without end"),
        pytest.param(Reading("增幅", 1, date(2013, 4, 3)), "observed-later", id="a day to come"),
        pytest.param(Reading(RATE.name, 1, DAY, "亿元"), "unit-differs", id="another unit of measure"),
    ],
)
def test_refused_readings_leave_nothing(session, actors, reading, code):
    observe(session, RATE, on(DAY, actors.office))
    assert refusal(observe, session, reading, on(DAY, actors.office)) == code
    assert len(session.exec(select(Indicator)).all()) == len(session.exec(select(Observation)).all()) == 1


@pytest.mark.parametrize("who", ["science", "administrator"])
def test_who_may_not(session, actors, who):
    assert refusal(observe, session, RATE, on(DAY, getattr(actors, who))) == "no-right"
    assert refusal(link_target, session, 1, "示范县", Link(), on(DAY, getattr(actors, who))) == "no-right"


def test_links_one_task_or_all_years_and_lets_go(session, actors):
    observe(session, RATE, on(DAY, actors.office))
    observe(session, Reading("财政收入增幅", 9, date(2013, 3, 31), "%"), on(DAY, actors.office))
    pair = Link("科技支出", "财政收入")
    assert link_target(session, 1, "投入增幅", pair, on(DAY, actors.office)) == [1]
    assert link_target(session, 1, "投入增幅", pair, on(DAY, actors.office), all_years=True) == [1, 2, 3]
    assert link_target(session, 2, "投入增幅", Link(), on(DAY, actors.office)) == [2]
    rows = session.exec(select(Target).where(Target.measure == "科技投入增幅").order_by(Target.id)).all()
    assert [(row.indicator_id, row.against_id) for row in rows] == [(1, 2), (None, None), (1, 2)]
    assert [entry.task_id for entry in entries(session, "link-indicator")] == [1, 1, 2, 3, 2]


@pytest.mark.parametrize(
    ("measure", "link", "code"),
    [
        pytest.param("示范县", Link("科技支出增幅", "财政收入增幅"), "not-a-comparison", id="a figure is no comparison"),
        pytest.param("投入增幅", Link("科技支出增幅", "科技支出增幅"), "same-indicator", id="against itself"),
        pytest.param("投入增幅", Link("就业"), "unknown-indicator", id="no such indicator"),
        pytest.param("投入增幅", Link("增幅"), "unknown-indicator", id="several fit"),
        pytest.param("就业", Link("科技支出增幅"), "unknown-measure", id="no such target"),
        pytest.param("示范县", Link("科技支出增幅"), "roster-counts", id="a quota is counted by its roster"),
    ],
)
def test_refused_links_leave_nothing(session, actors, measure, link, code):
    observe(session, RATE, on(DAY, actors.office))
    observe(session, Reading("财政收入增幅", 9, date(2013, 3, 31), "%"), on(DAY, actors.office))
    counted = session.exec(select(Target.id).where(Target.task_id == 1, Target.measure == "示范县")).one()
    keep(session, Quota(target_id=counted), plan_id=1, day=DAY)
    assert refusal(link_target, session, 1, measure, link, on(DAY, actors.office)) == code
    assert entries(session, "link-indicator") == []


def test_an_unknown_task(session, actors):
    assert refusal(link_target, session, 99, "示范县", Link(), on(DAY, actors.office)) == "unknown-task"
