from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.roster import RosterState as S
from models.task import Basis, Comparator
from rules.errors import DubanError
from rules.quotas import (
    ItemRoster,
    Member,
    QuotaTerms,
    YearTarget,
    counted_already,
    coverage_of,
    free_places,
    region_gaps,
    room_later,
    shortfall_words,
)
from rules.rosters import (
    TRANSITIONS,
    RosterEvent,
    bad_name_words,
    near_names,
    roster_event_name,
    roster_state_after,
    roster_state_name,
    why_not,
    written_name,
)

DAY = date(2013, 1, 8)
WHOLE = {"甲县": "东市", "乙县": "东市", "丙县": "西市", "丁县": "南市"}


def target(number=1, year=2013, measure="示范县", **changes):
    facts = {"text": f"支持{measure}", "comparator": Comparator.EQ, "value": 2.0, **changes}
    return YearTarget(number, number, f"{year}年", date(year, 12, 31), measure, **facts)


def quota(number=1, year=2013, measure="示范县", terms=None, **changes):
    return QuotaTerms(number, target(number, year, measure, **changes), (1,), **(terms or {}))


def member(name, quota_id=1, state=S.CONFIRMED):
    return Member(hash((name, quota_id)) % 10**6, quota_id, name, WHOLE.get(name), state, DAY)


def roster(quotas, *members, more=()):
    targets = (*(one.target for one in quotas), *more)
    return ItemRoster(targets, tuple(quotas), members, {1: WHOLE})


@pytest.mark.parametrize(("state", "event"), list(product([None, *S], RosterEvent)))
def test_every_pair_is_decided_with_a_reason(state, event):
    if (state, event) in TRANSITIONS:
        assert roster_state_after("甲县", state, event) is TRANSITIONS[state, event]
        return
    assert why_not(state, event)
    with pytest.raises(DubanError) as refused:
        roster_state_after("甲县", state, event)
    assert refused.value.code == "roster-not-now"
    assert "甲县" in refused.value.message


def test_every_state_has_a_way_out_and_a_name():
    assert {state for state, _event in TRANSITIONS} == {None, *S}
    assert len({roster_state_name(state) for state in S}) == len(S)
    assert len({roster_event_name(event) for event in RosterEvent}) == len(RosterEvent)


@pytest.mark.parametrize(
    ("written", "name"),
    [("武 鸣 县", "武鸣县"), ("　甲县\n", "甲县"), ("Green  Base", "Green Base"), ("张 三", "张三"), ("", "")],
)
def test_blanks_are_taken_out_of_names(written, name):
    assert written_name(written) == name


@pytest.mark.parametrize(
    ("name", "is_bad"),
    [
        ("甲县", False),
        ("第3示范基地", False),
        ("", True),
        ("县" * 121, True),
        ("=HYPERLINK(1)", True),
        ("-甲县", True),
        ("张三13800000000", True),
        ("甲\x07县", True),
    ],
)
def test_what_is_no_name(name, is_bad):
    assert (bad_name_words(name) is not None) is is_bad


@pytest.mark.parametrize(
    ("name", "near"),
    [
        pytest.param("三江县", ["三江侗族自治县"], id="a shorter form"),
        pytest.param("阳溯县", ["阳朔县"], id="a slip of the pen in two"),
        pytest.param("武鸣", ["武鸣县"], id="the kind left out"),
        pytest.param("黄河", [], id="nothing near"),
        pytest.param("县", [], id="no more than the kind"),
    ],
)
def test_near_names_are_proposed(name, near):
    assert near_names(name, ["三江侗族自治县", "武鸣县", "横县", "阳朔县"]) == near


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ({"value": 10.0}, 10),
        ({"comparator": Comparator.GE, "value": 10.0}, None),
        ({"comparator": Comparator.ABOUT, "value": 10.0}, None),
        ({"comparator": Comparator.RANGE, "value": None, "high": 6.0}, 6),
        ({"comparator": Comparator.LE, "value": 3.0}, 3),
        ({"comparator": Comparator.LT, "value": 3.0}, 2),
        ({"comparator": Comparator.ALL, "value": None}, None),
    ],
)
def test_places(changes, places):
    assert target(**changes).places == places


def test_selected_and_confirmed_hold_places_and_withdrawn_do_not():
    one = quota()
    assert free_places(roster([one], member("甲县"), member("乙县", state=S.SELECTED), member("丙县", state=S.WITHDRAWN)), one) == 0
    assert free_places(roster([one], member("甲县"), member("乙县", state=S.NOMINATED)), one) == 1


def test_a_sum_over_the_years_has_its_earlier_places_taken():
    first, second = quota(value=2.0, basis=Basis.CUMULATIVE), quota(2, 2014, value=4.0, basis=Basis.CUMULATIVE)
    assert free_places(roster([first, second], member("甲县"), member("乙县")), second) == 2
    assert room_later(roster([first, second], member("丙县", 2)), first) == 1


@pytest.mark.parametrize(
    ("here", "there", "is_taken"),
    [
        pytest.param({}, {"year": 2014}, True, id="the same over the years"),
        pytest.param({}, {"measure": "科普县"}, False, id="another thing"),
        pytest.param({"measure": "新增项目县"}, {"measure": "滚动项目县", "year": 2014}, True, id="new means new to the item"),
        pytest.param({"measure": "滚动项目县", "year": 2014}, {"measure": "新增项目县"}, False, id="what was new goes on"),
    ],
)
def test_who_is_counted_already(here, there, is_taken):
    own, other = quota(1, **here), quota(2, **there)
    found = roster([own, other], member("甲县", 2))
    assert (counted_already(found, own, "甲县") is other.target) is is_taken
    assert counted_already(found, own, "乙县") is None
    assert counted_already(roster([own, other], member("甲县", 2, S.WITHDRAWN)), own, "甲县") is None


def test_new_and_rolling_of_one_task_are_not_the_same_members():
    own = QuotaTerms(1, target(1, measure="滚动项目县"))
    other = QuotaTerms(2, YearTarget(2, 1, "2013年", date(2013, 12, 31), "新增项目县", "新增", Comparator.EQ, 2.0))
    assert counted_already(roster([own, other], member("甲县", 2)), own, "甲县") is other.target


def test_regions_are_filled_over_all_years():
    first, second = quota(terms={"least_per_region": 1}), quota(2, 2014, terms={"least_per_region": 1})
    found = roster([first, second], member("甲县"), member("丙县", 2))
    assert region_gaps(found, first) == {"南市": 1}
    assert region_gaps(found, second) == {"南市": 1}
    assert shortfall_words(found, 1) == []
    assert "南市缺 1 个" in shortfall_words(found, 2)[0]


def test_a_later_year_must_have_places_left_for_the_regions():
    first = quota(terms={"least_per_region": 1})
    later = target(2, 2014, value=1.0)
    assert shortfall_words(roster([first], member("甲县"), more=(later,)), 1) != []
    assert shortfall_words(roster([first], member("甲县"), member("丙县"), more=(later,)), 1) == []


@pytest.mark.parametrize(
    ("names", "percent", "missing"), [([], 0.0, 3), (["甲县"], 25.0, 2), (["甲县", "乙县", "丙县"], 75.0, 0), (["外县"], 0.0, 3)]
)
def test_coverage(names, percent, missing):
    one = quota(terms={"whole_list_id": 1, "least_coverage": 75.0})
    found = coverage_of(roster([one], *(member(name) for name in names)), one)
    assert (found.percent, found.missing) == (percent, missing)
    assert bool(shortfall_words(roster([one], *(member(name) for name in names)), 1)) is (missing > 0)


def test_coverage_is_rounded_half_up_and_judged_by_the_exact_share():
    whole = {f"县{number}": None for number in range(16)}
    one = quota(terms={"whole_list_id": 2, "least_coverage": 6.3})
    found = ItemRoster((one.target,), (one,), (member("县1"),), {2: whole})
    assert (coverage_of(found, one).percent, coverage_of(found, one).missing) == (6.3, 1)


@given(st.lists(st.tuples(st.sampled_from(sorted(WHOLE)), st.integers(1, 3), st.sampled_from(list(S))), max_size=12))
def test_counts_never_leave_their_bounds(rows):
    quotas = [
        quota(number, 2012 + number, terms={"whole_list_id": 1, "least_coverage": 90.0, "least_per_region": 1}) for number in (1, 2, 3)
    ]
    found = roster(quotas, *(member(*row) for row in rows))
    for one in quotas:
        coverage = coverage_of(found, one)
        assert 0 <= coverage.covered <= coverage.whole
        assert 0 <= coverage.missing <= coverage.whole
        assert all(gap == 1 for gap in region_gaps(found, one).values())
        assert room_later(found, one) >= 0
