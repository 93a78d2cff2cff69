from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.bulletin import BUCKETS
from reports.comparison import as_json
from rules.errors import DubanError
from rules.rounding import shares_of
from services.amending import AmendmentOrder, amend_plan
from services.ledger import first_break
from services.papers.comparisons import Wanted, compare_documents, compare_figures
from services.rebuilding import differences
from services.tasks import acknowledge_task, complete_task, submit_task
from services.units import add_alias
from tests.builders import SCIENCE, TODAY, draft, issued, item, on, people, yearly_task
from tests.remembered import once
from tests.services.tree_fixtures import lower_units

YEARS = (2013, 2014, 2015)


def other(number, *items, **plan):
    made = draft(*items, **{"doc_no": f"测政办发〔2012〕{number}号", "title": f"方案{number}", **plan})
    return made.model_copy(update={"source": made.source.model_copy(update={"sha256": f"{number:064d}"})})


def shifted(**changes):
    """The first item of a successor: moved to the second place, with larger figures."""
    return item(2, title="示范行动1", tasks=tuple(yearly_task(year, 12) for year in YEARS), **changes)


@pytest.fixture
@once
def actors(session):
    found = people(session)
    issued(session, found.office)
    issued(session, found.office, other(7, item(1, title="培训乡镇干部", text="每年轮训一次乡镇干部"), shifted(id="row-2")))
    return found


def test_items_are_matched_by_their_words_not_by_their_places(session, actors):
    view = compare_documents(session, Wanted(1), Wanted(2), TODAY)
    assert [(pair.a.title, pair.b.title) for pair in view.pairs] == [("示范行动1", "示范行动1")]
    assert ([one.title for one in view.only_a], [one.title for one in view.only_b]) == (["示范行动2"], ["培训乡镇干部"])
    (difference,) = view.pairs[0].differences
    assert (difference.field, difference.name) == ("tasks", "年度任务")
    assert "10个" in difference.before
    assert "12个" in difference.after


def test_each_side_says_how_it_stands(session, actors):
    acknowledge_task(session, 1, on(TODAY, actors.science))
    pair = compare_documents(session, Wanted(1), Wanted(2), TODAY).pairs[0]
    assert pair.a.standing.measures == ("示范县 未填报／10个",)
    assert (pair.a.standing.tasks, pair.a.standing.behind, pair.b.standing.behind) == (1, 1, 1)


def test_a_unit_spelt_otherwise_is_no_difference(session, actors):
    add_alias(session, SCIENCE, "科技厅", on(TODAY, actors.office))
    units = tuple(unit.model_copy(update={"name": "科技厅"}) if unit.name == SCIENCE else unit for unit in item(1).units)
    issued(session, actors.office, other(8, item(1, units=units)), TODAY)
    view = compare_documents(session, Wanted(1), Wanted(3), TODAY)
    assert view.pairs[0].differences == ()


def test_versions_of_one_plan(session, actors):
    amend_plan(session, 1, other(9, item(1, text="三年内支持所有县"), doc_no=None), AmendmentOrder("调整"), on(TODAY, actors.office))
    view = compare_documents(session, Wanted(1, 1), Wanted(1), TODAY)
    assert (view.a.version, view.b.version, view.figures, view.is_of_versions) == (1, 2, None, True)
    assert [one.field for one in view.pairs[0].differences] == ["text"]
    assert [one.title for one in view.only_a] == ["示范行动2"]
    # On a day before the amendment the first version is the one in force.
    assert compare_documents(session, Wanted(1), Wanted(2), date(2013, 3, 1)).a.version == 1
    assert (first_break(session), differences(session)) == (None, [])


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        pytest.param(Wanted(1), Wanted(1), "nothing-to-compare", id="one plan twice"),
        pytest.param(Wanted(1, 1), Wanted(1), "nothing-to-compare", id="one version twice"),
        pytest.param(Wanted(1, 4), Wanted(1), "unknown-version", id="a version that is not there"),
        pytest.param(Wanted(1), Wanted(99), "unknown-plan", id="a plan that is not there"),
    ],
)
def test_what_cannot_be_compared_is_refused(session, actors, first, second, code):
    with pytest.raises(DubanError) as refused:
        compare_documents(session, first, second, TODAY)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("plan_ids", "code"),
    [([1], "nothing-to-compare"), ([1, 2, 1], "nothing-to-compare"), ([1, 2, 9], "unknown-plan")],
    ids=["one plan", "one twice", "one that is not there"],
)
def test_figures_need_plans(session, actors, plan_ids, code):
    with pytest.raises(DubanError) as refused:
        compare_figures(session, plan_ids, TODAY)
    assert refused.value.code == code


def test_figures_add_up_and_shares_to_a_hundred(session, actors):
    issued(session, actors.office, other(8, item(1), item(2), item(3)), TODAY)
    acknowledge_task(session, 1, on(TODAY, actors.science))
    submit_task(session, 1, "提前完成", on(TODAY, actors.science))
    complete_task(session, 1, on(TODAY, actors.supervisor))
    view = compare_figures(session, [1, 2, 3], TODAY)
    first = view.plans[0]
    assert (first.mark, first.counts.tasks, first.counts.done, first.done_on_time, first.later) == ("A", 2, 1, 1, 4)
    for plan in view.plans:
        assert sum(getattr(plan.counts, bucket) for bucket in BUCKETS) == plan.counts.tasks
        assert round(sum(getattr(plan.shares, bucket) for bucket in BUCKETS), 1) == 100.0
    assert as_json(view)["plans"][0]["title"] == "关于建设示范县的实施方案"


@given(st.dictionaries(st.sampled_from(BUCKETS), st.integers(0, 10_000), min_size=1))
def test_shares_of_any_counts_add_up(counted):
    shares = shares_of(counted)
    assert round(sum(shares.values()), 1) == (100.0 if sum(counted.values()) else 0.0)


def test_a_unit_compares_what_it_may_see(session, actors):
    lower = lower_units(session)
    seen = compare_documents(session, Wanted(1), Wanted(2), TODAY, actors.finance)
    assert (seen.a.items, seen.b.items) == (2, 2)
    nothing = compare_documents(session, Wanted(1), Wanted(2), TODAY, lower.foreign)
    assert (nothing.a.items, nothing.pairs, nothing.figures.plans[0].counts.tasks) == (0, (), 0)
    with pytest.raises(DubanError) as refused:
        compare_figures(session, [1, 2], TODAY, actors.administrator)
    assert refused.value.code == "no-right"


def test_the_same_comparison_made_later_for_the_same_day_is_equal(session, actors):
    before = compare_documents(session, Wanted(1), Wanted(2), date(2013, 3, 1))
    acknowledge_task(session, 1, on(TODAY, actors.science))
    after = compare_documents(session, Wanted(1), Wanted(2), date(2013, 3, 1))
    assert after.pairs == before.pairs
    assert after.figures.plans == before.figures.plans
