"""Quotas filled with names: who may be named, who counts, and that nobody counts twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from models.ledger import LedgerEntry
from models.progress import Evidence
from models.roster import Quota, RosterEntry
from rules.errors import DubanError
from rules.rule_set import DEFAULT_RULE_SET
from runtime.database import transaction
from services.decisions import cancel_task
from services.eligible import ListFile, import_eligible
from services.facts import Viewpoint, read_tasks
from services.ledger import first_break
from services.progress import ProgressInput, record_progress
from services.quotas import QuotaInput, set_quota
from services.rebuilding import differences
from services.report_values import Amount
from services.roster_facts import roster_shortfalls
from services.roster_sheet import show_rosters
from services.rosters import Names, confirm_members, nominate, withdraw_members
from services.tasks import acknowledge_task, submit_task
from tests.builders import on
from tests.databases import on_one_kind
from tests.services.roster_fixtures import ON, add, choose, confirm, house, leave, prepare, refusal, refusal_or_none, settle, take_members

__all__ = ["house"]


def counted(session, task_id, as_of, known_on=None):
    return all_counted(session, as_of, known_on)[task_id]


def all_counted(session, as_of, known_on=None):
    records = read_tasks(session, Viewpoint(as_of, known_on or as_of), DEFAULT_RULE_SET)
    return {one.name.id: one.facts.targets[0].actual for one in records if one.name.id in (1, 2)}


def acts(session, task_id):
    return session.exec(select(LedgerEntry.act).where(LedgerEntry.task_id == task_id).order_by(LedgerEntry.seq)).all()


def test_the_whole_way_with_an_entry_for_every_act(session, house):
    settle(session, house, 1, "甲县", "丙县")
    leave(session, house, 1, "丙县", day=date(2013, 5, 6))
    add(session, house, 1, "丁县", day=date(2013, 5, 7), replaces="丙县")
    assert acts(session, 1)[2:] == ["set-quota", "nominate-member", "select-member", "confirm-member", "withdraw-member", "nominate-member"]
    rows = {row.name: row for row in show_rosters(session, 1, date(2013, 5, 8))[0].members}
    assert [(row.state.value, row.region, row.replaces, row.evidence) for row in rows.values()] == [
        ("confirmed", "东市", None, ("批复.txt",)),
        ("withdrawn", "西市", None, ("批复.txt",)),
        ("nominated", "西市", "丙县", ()),
    ]
    entry = session.exec(select(LedgerEntry).where(LedgerEntry.act == "confirm-member")).one()
    assert entry.after["members"] == ["甲县", "丙县"]
    assert entry.after["evidence"][0]["name"] == "批复.txt"


def test_every_member_keeps_the_evidence(session, house):
    settle(session, house, 1, "甲县", "乙县")
    owners = session.exec(select(Evidence.roster_entry_id).order_by(Evidence.id)).all()
    assert owners == session.exec(select(RosterEntry.id).order_by(RosterEntry.id)).all()


def test_what_is_reached_is_the_count_of_confirmed_members_on_the_day(session, house):
    settle(session, house, 1, "甲县", "乙县", day=date(2013, 2, 1))
    settle(session, house, 1, "丙县", day=date(2013, 3, 1))
    leave(session, house, 1, "乙县", day=date(2013, 4, 1))
    days = [date(2013, 1, 31), date(2013, 2, 1), date(2013, 3, 1), date(2013, 3, 31), date(2013, 4, 1)]
    assert [counted(session, 1, day) for day in days] == [0, 2, 3, 3, 2]


def test_a_member_that_comes_back_leaves_the_past_alone(session, house):
    settle(session, house, 1, "甲县", day=date(2013, 2, 1))
    leave(session, house, 1, "甲县", day=date(2013, 3, 1))
    before = counted(session, 1, date(2013, 2, 15), date(2013, 3, 15))
    settle(session, house, 1, "甲县", day=date(2013, 4, 1))
    assert before == counted(session, 1, date(2013, 2, 15), date(2013, 4, 15)) == 1
    assert counted(session, 1, date(2013, 3, 15), date(2013, 4, 15)) == 0
    assert counted(session, 1, date(2013, 4, 15)) == 1


@on_one_kind
@pytest.mark.parametrize(
    ("names", "code"),
    [
        pytest.param(["戊县"], "not-eligible", id="on neither list"),
        pytest.param(["乙县"], "roster-not-now", id="nominated already"),
        pytest.param(["甲县"], "already-counted", id="confirmed in another year"),
        pytest.param(["丙县", "丙 县"], "name-twice", id="the same name twice"),
        pytest.param(["=1+1"], "bad-name", id="a formula"),
        pytest.param([], "no-names", id="nobody"),
    ],
)
def test_who_is_not_nominated(session, house, names, code):
    settle(session, house, 1, "甲县")
    add(session, house, 2, "乙县")
    assert refusal(add, session, house, 2, *names) == code
    assert session.exec(select(RosterEntry.name).where(RosterEntry.task_id == 2)).all() == ["乙县"]


@on_one_kind
def test_a_near_name_is_proposed(session, house):
    with pytest.raises(DubanError, match="是不是指 甲县"):
        add(session, house, 1, "甲县城")


def test_who_is_confirmed_meanwhile_is_not_confirmed_again(session, house):
    for task_id in (1, 2):
        add(session, house, task_id, "甲县")
        choose(session, house, task_id, "甲县")
    confirm(session, house, 1, "甲县")
    assert refusal(confirm, session, house, 2, "甲县") == "already-counted"
    leave(session, house, 1, "甲县")
    confirm(session, house, 2, "甲县")


def test_members_of_a_cancelled_task_are_free(session, house):
    settle(session, house, 1, "甲县")
    cancel_task(session, 1, "测政办函〔2013〕2号", on(ON, house.people.office))
    settle(session, house, 2, "甲县")


def test_another_item_counts_for_itself(session, house):
    settle(session, house, 1, "甲县")
    set_quota(session, 4, QuotaInput("示范县"), on(ON, house.people.office))
    settle(session, house, 4, "甲县", "别的县")


@on_one_kind
@pytest.mark.parametrize(
    ("act", "code"),
    [
        pytest.param(lambda s, h: choose(s, h, 1, "甲县"), "roster-not-now", id="selected before nominated"),
        pytest.param(lambda s, h: leave(s, h, 1, "甲县"), "roster-not-now", id="withdrawn before nominated"),
        pytest.param(lambda s, h: add(s, h, 1, "甲县", replaces="乙县"), "roster-not-now", id="in the place of nobody"),
        pytest.param(lambda s, h: add(s, h, 1, "甲县", "乙县", replaces="丙县"), "one-for-one", id="two for one"),
        pytest.param(lambda s, h: add(s, h, 3, "甲县"), "not-now", id="before the task is acknowledged"),
        pytest.param(lambda s, h: add(s, h, 4, "甲县"), "no-quota", id="where no quota is set"),
        pytest.param(
            lambda s, h: withdraw_members(s, 1, Names(["甲县"]), " ", on(ON, h.people.supervisor)), "no-reason", id="withdrawn for nothing"
        ),
        pytest.param(
            lambda s, h: nominate(s, 1, Names(["甲县"], measure="基地"), on(ON, h.people.science)), "which-quota", id="which quota"
        ),
        pytest.param(
            lambda s, h: nominate(s, 1, Names(["甲县"]), on(ON, h.people.supervisor)), "no-right", id="supervisors do not nominate"
        ),
        pytest.param(lambda s, h: nominate(s, 99, Names(["甲县"]), on(ON, h.people.science)), "unknown-task", id="no such task"),
    ],
)
def test_refusals_leave_nothing(session, house, act, code):
    assert refusal(act, session, house) == code
    assert session.exec(select(RosterEntry)).all() == []


def test_confirming_needs_evidence(session, house, tmp_path):
    add(session, house, 1, "甲县")
    choose(session, house, 1, "甲县")
    supervisor = on(ON, house.people.supervisor)
    assert refusal(confirm_members, session, 1, Names(["甲县"]), [], house.store, supervisor) == "no-evidence"
    assert refusal(confirm_members, session, 1, Names(["甲县"]), [tmp_path / "none.pdf"], house.store, supervisor) == "file-missing"
    assert session.exec(select(RosterEntry)).one().confirmed_on is None


def test_a_place_is_taken_once(session, house):
    add(session, house, 1, "甲县")
    leave(session, house, 1, "甲县")
    add(session, house, 1, "乙县", replaces="甲县")
    assert refusal(lambda: add(session, house, 1, "丙县", replaces="甲县")) == "already-replaced"


def test_no_more_are_selected_than_there_are_places(session, house, tmp_path):
    names = [f"第{number}县" for number in range(11)]
    set_quota(session, 1, QuotaInput("示范县"), on(ON, house.people.office))
    add(session, house, 1, *names)
    assert refusal(choose, session, house, 1, *names) == "quota-full"
    assert choose(session, house, 1, *names[:10]).places == 10
    assert refusal(choose, session, house, 1, names[10]) == "quota-full"


def test_names_from_a_file_go_in_together_or_not_at_all(session, house, tmp_path):
    place = tmp_path / "名单.csv"
    place.write_text("名称,地区\n甲县,东市\n戊县,\n丙县,东市\n", encoding="utf-8")
    science = on(ON, house.people.science)
    with pytest.raises(DubanError) as refused:
        nominate(session, 1, Names(file=place), science)
    assert refused.value.code == "row-mistakes"
    assert "第 3 行：“戊县”" in refused.value.message
    assert "第 4 行：“丙县”在名单中属于西市" in refused.value.message
    place.write_text("名称,地区\n甲县,东市\n丙县,\n", encoding="utf-8")
    assert nominate(session, 1, Names(file=place, is_dry_run=True), science).names == {"甲县": "东市", "丙县": "西市"}
    assert session.exec(select(RosterEntry)).all() == []
    nominate(session, 1, Names(file=place), science)
    assert len(session.exec(select(RosterEntry)).all()) == 2


def test_nobody_types_what_the_roster_counts(session, house):
    said = ProgressInput({"示范县": Amount(3)}, "三县确定")
    assert refusal(record_progress, session, 1, said, house.store, on(ON, house.people.science)) == "roster-counts"
    record_progress(session, 1, ProgressInput(text="正在遴选"), house.store, on(ON, house.people.science))


def test_what_later_years_cannot_make_up_stands_in_the_way_of_submission(session, house):
    office = on(ON, house.people.office)
    set_quota(session, 1, QuotaInput("示范县", ["2011", "2013"], 1, "全省", 90, for_all_years=True), office)
    settle(session, house, 1, "甲县", "乙县", "丙县")
    assert roster_shortfalls(session, 1, ON) == []
    acknowledge_task(session, 3, on(ON, house.people.science))
    short = roster_shortfalls(session, 3, ON)
    assert "南市缺 1 个" in short[0]
    assert "已覆盖 3/5（60.0%），还缺 2 个" in short[1]
    with pytest.raises(DubanError, match="南市缺 1 个"):
        submit_task(session, 3, None, on(ON, house.people.science))
    submit_task(session, 3, "南市没有县通过考核", on(ON, house.people.science))


def test_the_sheet_of_a_day_stays_what_it_was(session, house, tmp_path):
    set_quota(session, 1, QuotaInput("示范县", ["2011", "2013"], 1, "全省", 90), on(ON, house.people.office))
    settle(session, house, 1, "甲县", day=date(2013, 2, 1))
    then = show_rosters(session, 1, date(2013, 2, 2))
    assert (then[0].confirmed, then[0].coverage.percent) == (1, 20.0)
    settle(session, house, 2, "丙县", day=date(2013, 3, 1))
    leave(session, house, 1, "甲县", day=date(2013, 4, 1))
    more = tmp_path / "more.csv"
    more.write_text("名称\n己县\n", encoding="utf-8")
    import_eligible(session, ListFile("全省各县", more), on(date(2013, 4, 2), house.people.office))
    assert show_rosters(session, 1, date(2013, 2, 2)) == then
    now = show_rosters(session, 1, date(2013, 4, 2))[0]
    assert (now.confirmed, now.over_years, now.coverage.covered, now.coverage.whole) == (0, 1, 1, 6)


def test_who_may_not_see_the_task_does_not_see_its_roster(session, house):
    assert refusal(show_rosters, session, 1, ON, house.people.administrator) == "unknown-task"
    assert show_rosters(session, 1, ON, house.people.finance)[0].measure == "示范县"


@on_one_kind
@pytest.mark.parametrize(
    ("asked", "code"),
    [
        pytest.param(QuotaInput("基地"), "unknown-measure", id="no such target"),
        pytest.param(QuotaInput("示范县", ["2015"]), "unknown-list", id="no such list"),
        pytest.param(QuotaInput("示范县", ["通过"]), "unknown-list", id="which list"),
        pytest.param(QuotaInput("示范县", ["2011"], 0), "bad-quota", id="none per region"),
        pytest.param(QuotaInput("示范县", whole="全省", least_coverage=120), "bad-quota", id="more than all"),
        pytest.param(QuotaInput("示范县", least_coverage=90), "coverage-of-nothing", id="coverage of nothing"),
        pytest.param(QuotaInput("示范县", least_per_region=1), "list-without-regions", id="regions of no list"),
        pytest.param(QuotaInput("示范县", ["2013"]), "members-not-listed", id="leaves members out"),
    ],
)
def test_a_quota_that_cannot_be(session, house, asked, code):
    add(session, house, 1, "乙县")
    kept = session.exec(select(Quota).order_by(Quota.id)).first().eligible_list_ids
    assert refusal(set_quota, session, 1, asked, on(ON, house.people.office)) == code
    assert session.exec(select(Quota).order_by(Quota.id)).first().eligible_list_ids == kept


STEPS = st.lists(st.tuples(st.sampled_from("ascwwxx"), st.sampled_from([1, 2]), st.sampled_from(["甲县", "乙县", "丙县"])), max_size=25)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_nobody_counts_twice_and_past_counts_stay(one_engine, tmp_path_factory, steps):
    """Random acts of two years, a day apart: no name is confirmed in both, and what was counted on a day is counted for it ever after."""
    acts_of = {"x": settle, "a": add, "s": choose, "c": confirm, "w": leave}
    counts = {}
    with one_engine.connect() as connection, connection.begin() as outer:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            house = prepare(session, tmp_path_factory.mktemp("house"))
            take_members(session, house.people.office)
            for number, (act, task_id, name) in enumerate(steps):
                day = ON + timedelta(days=number)
                try:
                    acts_of[act](session, house, task_id, name, day=day)
                except DubanError:
                    session.flush()
                standing = session.exec(select(RosterEntry.name).where(RosterEntry.state == "confirmed")).all()
                assert len(standing) == len(set(standing))
                counts[day] = all_counted(session, day)
            assert counts == {day: all_counted(session, day) for day in counts}
            assert differences(session) == []
        outer.rollback()


def test_the_database_itself_refuses_a_second_standing(engine, tmp_path):
    with transaction(engine) as session:
        house = prepare(session, tmp_path)
        set_quota(session, 1, QuotaInput("示范县"), on(ON, house.people.office))
        add(session, house, 1, "甲县")
    with pytest.raises((DBAPIError, DubanError)), transaction(engine) as session:
        session.execute(
            text(
                "INSERT INTO roster_entry (task_id, quota_id, name, state, nominated_on, note) VALUES (1, 1, '甲县', 'selected', '2013-01-01', '')"
            )
        )


def test_of_two_years_confirming_one_name_at_once_one_wins(engine, tmp_path):
    with transaction(engine) as session:
        house = prepare(session, tmp_path)
        set_quota(session, 1, QuotaInput("示范县", ["2011"], for_all_years=True), on(ON, house.people.office))
        for task_id in (1, 2):
            add(session, house, task_id, "甲县")
            choose(session, house, task_id, "甲县")

    def confirm_in(task_id):
        with transaction(engine) as session:
            return refusal_or_none(confirm, session, house, task_id, "甲县")

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(confirm_in, (1, 2)))
    assert sorted(outcomes, key=str) == [None, "already-counted"]
    with transaction(engine) as session:
        assert len(session.exec(select(RosterEntry).where(RosterEntry.state == "confirmed")).all()) == 1
        assert first_break(session) is None
