"""Scores from plain facts: the six kinds at their boundaries, groups, limits, double counting, small units, and properties that must always hold."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.plan import SourceKind
from models.task import Comparator
from rules.scheme_reading import scheme_from
from rules.scoring import ranks_of, rounded, score_units
from rules.scoring_facts import Mark, Matter, Occurrence, Origin, UnitFacts
from rules.targets import TargetFacts

DAY = date(2013, 6, 30)


def scheme(*items, events=(), **changes):
    return scheme_from({"code": "ours", "version": "1", "title": "办法", "items": list(items), "events": list(events), **changes})


def item(kind, weight=10, code="one", **changes):
    return {"code": code, "title": "项目", "kind": kind, "weight": weight, **changes}


def rule(on, points, code="event", **changes):
    return {"code": code, "title": "加减分", "on": [on], "points": points, **changes}


def target(actual, wanted=10.0, comparator=Comparator.EQ, **changes):
    return TargetFacts("示范县", wanted, actual, "个", comparator, **changes)


def matter(*targets, role="lead", task_id=1, **changes):
    return Matter(task_id, "建设示范县", role, targets=targets, **changes)


def event(kind, about="task-1", on=DAY, role="lead", **changes):
    return Occurrence(kind, on, about, "建设示范县", role, **{"origin": Origin(), **changes})


def unit(*matters, events=(), marks=(), unit_id=1):
    return UnitFacts(unit_id, f"单位{unit_id}", matters, tuple(events), tuple(marks))


def total(rules, facts):
    return score_units(rules, [facts])[0].total


@pytest.mark.parametrize(
    ("actual", "points"),
    [(0, 0), (5, 5), (9.99, 9.99), (10, 10), (15, 10), (-3, 0), (None, 0)],
    ids=["nothing", "half", "nearly", "met", "no-credit-above", "negative", "unreported"],
)
def test_growth_is_weight_by_actual_over_target(actual, points):
    assert total(scheme(item("growth")), unit(matter(target(actual)))) == points


@pytest.mark.parametrize(
    ("actual", "points"),
    [(0, 10), (10, 10), (12.5, 7.5), (15, 5), (20, 0), (25, 0), (None, 0)],
    ids=["far-below", "at-the-limit", "a-quarter-over", "half-over", "twice", "beyond-twice", "unreported"],
)
def test_a_ceiling_is_two_less_actual_over_target(actual, points):
    assert total(scheme(item("ceiling")), unit(matter(target(actual, comparator=Comparator.LE)))) == points


@pytest.mark.parametrize(("actual", "points"), [(0, 10), (1, 0)])
def test_a_ceiling_of_nothing_is_kept_or_not(actual, points):
    assert total(scheme(item("ceiling")), unit(matter(target(actual, 0.0, Comparator.LE)))) == points


def test_growth_and_ceilings_each_judge_their_own_figures():
    both = unit(matter(target(5), target(15, comparator=Comparator.LE)))
    assert total(scheme(item("growth"), item("ceiling", code="two")), both) == 10


def test_a_cap_above_the_weight_gives_credit_for_more():
    assert total(scheme(item("growth", cap=12)), unit(matter(target(15)))) == 12
    assert total(scheme(item("ceiling", cap=15)), unit(matter(target(0, comparator=Comparator.LE)))) == 15


@pytest.mark.parametrize(("actual", "points"), [(10, 10), (9.9, 5), (6, 5), (5.9, 0)])
def test_a_threshold_gives_by_steps(actual, points):
    steps = [{"at": 60, "percent": 50}, {"at": 100, "percent": 100}]
    assert total(scheme(item("threshold", steps=steps)), unit(matter(target(actual)))) == points


def test_a_ratio_counts_what_is_done_on_time_and_support_by_half():
    done, late = matter(is_done=True, is_on_time=True), matter(task_id=2, is_done=True)
    assert total(scheme(item("ratio", of="on-time")), unit(done, late)) == 5
    helped = matter(role="support", task_id=3, is_done=True, is_on_time=True)
    assert total(scheme(item("ratio", of="on-time")), unit(late, helped)) == pytest.approx(3.33)


def test_a_ratio_of_reports_leaves_out_what_owed_none():
    facts = unit(matter(reports_due=4, reports_on_time=3), matter(task_id=2))
    assert total(scheme(item("ratio", of="reports")), facts) == 7.5


@pytest.mark.parametrize(
    ("changes", "points"),
    [({"is_done": True}, 10), ({"milestones": 40.0}, 4), ({"milestones": 40.0, "is_begun": False}, 0), ({}, 0)],
    ids=["done", "by-milestones", "not-begun", "silent"],
)
def test_what_has_no_figure_goes_by_its_milestones(changes, points):
    assert total(scheme(item("milestone")), unit(matter(**changes))) == points


def test_a_mark_counts_by_what_it_is_out_of():
    rules = scheme(item("manual", weight=40, out_of=100))
    assert total(rules, unit(marks=[Mark("one", 85, "问卷")])) == 34


def test_what_runs_on_is_held_against_its_pace():
    running = matter(target(2), is_due=False, pace=40.0)
    assert total(scheme(item("growth")), unit(running)) is None
    assert total(scheme(item("growth", counts={"until": "in-force"})), unit(running)) == 5


def test_matters_from_leaders_instructions_do_not_count():
    told = matter(is_done=True, origin=Origin(source=SourceKind.INSTRUCTION))
    rules = scheme(item("threshold", of="done", over="each", weight=2), events=[rule("overdue", -5)], base=80)
    late = event("overdue", origin=Origin(source=SourceKind.INSTRUCTION))
    assert total(rules, unit(told, events=[late])) == 80


def test_filters_pick_plans_items_and_measures():
    here, there = Origin("甲发〔2013〕1号", number="3"), Origin("乙发〔2013〕2号", number="4")
    facts = unit(matter(target(10), origin=here), matter(target(0), task_id=2, origin=there))
    assert total(scheme(item("growth", counts={"plans": ["甲发〔2013〕1号"]})), facts) == 10
    assert total(scheme(item("growth", counts={"numbers": ["4"]})), facts) == 0
    assert total(scheme(item("growth", counts={"measure": "别的"})), facts) is None
    assert total(scheme(item("growth", counts={"role": "support"})), facts) is None


GROUPS = [
    {"code": "targets", "title": "目标", "weight": 60},
    {"code": "work", "title": "工作", "weight": 70, "parent": "targets", "share_by": "matters"},
    {"code": "guarantee", "title": "保障", "weight": 30, "parent": "targets"},
    {"code": "public", "title": "公众", "weight": 40},
]
NESTED = scheme(
    item("growth", 1, "growth", group="work"),
    item("ceiling", 1, "ceiling", group="work"),
    item("ratio", 30, "on-time", group="guarantee", of="on-time"),
    item("manual", 40, "view", group="public", out_of=100),
    groups=GROUPS,
)


def test_groups_scale_what_is_in_them_and_matters_share_one():
    facts = unit(
        matter(target(10), is_done=True, is_on_time=True),
        matter(target(5), task_id=2),
        matter(target(15, comparator=Comparator.LE), task_id=3),
        marks=[Mark("view", 80, "问卷")],
    )
    # 60 × (70 × (1 + 0.5 + 0.5) ÷ 3 + 30 × 1 ÷ 3) ÷ 100 + 40 × 0.8 = 28 + 6 + 32
    (score,) = score_units(NESTED, [facts])
    assert score.total == 66
    assert {one.group.code: float(one.points) for one in score.groups} == pytest.approx(
        {"targets": 34, "work": 28, "guarantee": 6, "public": 32}
    )


def test_the_weight_of_what_a_unit_has_not_goes_to_what_lies_beside_it():
    facts = unit(matter(target(10), is_done=True, is_on_time=True))
    (score,) = score_units(NESTED, [facts])
    assert (score.total, [float(one.full) for one in score.items]) == (100, [70, 0, 30, 0])


@pytest.mark.parametrize(("when_empty", "points"), [("spread", 10), ("full", 20), ("none", 10)])
def test_what_becomes_of_an_empty_item(when_empty, points):
    rules = scheme(item("growth", 10, "growth"), item("ceiling", 10, "ceiling", when_empty=when_empty), cap=20)
    expected = 20 if when_empty == "spread" else points
    assert total(rules, unit(matter(target(10)))) == expected


def test_who_has_nothing_that_counts_has_no_total():
    assert total(scheme(item("growth")), unit()) is None
    assert total(scheme(item("growth"), base=80), unit()) == 80


def test_contribution_goes_by_the_largest():
    rules = scheme(item("growth", 10, contribution_percent=20, counts={"measure": "示范县"}))
    large, small = unit(matter(target(20)), unit_id=1), unit(matter(target(5)), unit_id=2)
    # The larger has all of it; the smaller 80 % × 0.5 + 20 % × 5 ÷ 20.
    assert [score.total for score in score_units(rules, [large, small])] == [10, 4.5]


COUNTY = scheme(
    item("threshold", 2, "handled", of="done", over="each"),
    base=80,
    cap=100,
    events=[
        rule("done-early", 0.5, "early", bands=[{"at": 1, "points": 0.5}, {"at": 30, "points": 1}], support_percent=50, once="beyond"),
        rule("over-target", 0.5, "over", bands=[{"at": 1, "points": 0.5}, {"at": 10, "points": 1}], support_percent=50, once="beyond"),
        rule("overdue", -5, "late", support_percent=50),
    ],
)


def test_lead_two_support_one_late_five_and_half():
    facts = unit(
        matter(is_done=True),
        matter(is_done=True, role="support", task_id=2),
        matter(task_id=3),
        matter(role="support", task_id=4),
        events=[event("overdue", "task-3"), event("overdue", "task-4", role="support")],
    )
    assert total(COUNTY, facts) == 80 + 2 + 1 - 5 - 2.5


def test_the_same_matter_is_not_rewarded_twice_and_the_weightier_counts():
    facts = unit(matter(is_done=True), events=[event("done-early", size=5.0), event("over-target", size=12.0)])
    (score,) = score_units(COUNTY, [facts])
    assert score.total == 83
    assert {case.passed for one in score.events for case in one.cases} == {"", "twice"}


def test_below_the_first_band_nothing_counts():
    assert total(COUNTY, unit(events=[event("over-target", size=0.4)])) == 80


def test_the_total_ends_at_the_cap_and_the_sum_is_told():
    facts = unit(*(matter(is_done=True, task_id=number) for number in range(20)))
    (score,) = score_units(COUNTY, [facts])
    assert (score.total, score.exact_total) == (100, 120)


def test_never_below_the_floor_unless_there_is_none():
    events = [event("overdue", f"task-{number}") for number in range(30)]
    assert total(COUNTY, unit(events=events)) == 0
    bottomless = scheme(events=[rule("overdue", -5)], base=80, floor=None)
    assert total(bottomless, unit(events=events)) == -70


def test_limits_of_an_event_and_of_all_together():
    rules = scheme(
        events=[rule("returned", -2, "rework", most=2), rule("report-missed", -1, "missed", cap=1.5)], base=100, deductions={"cap": 5}
    )
    three = [event("returned", f"task-{number}") for number in range(3)]
    missed = [event("report-missed", f"task-{number}") for number in range(4)]
    (score,) = score_units(rules, [unit(events=[*three, *missed])])
    assert [float(one.points) for one in score.events] == [-4, -1.5]
    assert (score.deductions, score.total) == (5, 95)


def test_a_small_units_deductions_are_taken_twice():
    rules = scheme(events=[rule("report-missed", -10)], base=100, small_units={"fewer_than": 2})
    late = [event("report-missed")]
    assert total(rules, unit(matter(), events=late)) == 80
    assert total(rules, unit(matter(), matter(task_id=2), events=late)) == 90


def test_a_bonus_that_breaks_ties_only_decides_the_order():
    rules = scheme(item("growth"), events=[rule("praised", 3)], bonus={"cap": 5, "counts": "tie-break"}, ranking=True)
    plain, praised = unit(matter(target(8)), unit_id=1), unit(matter(target(8)), unit_id=2, events=[event("praised", "case-1")] * 2)
    equal, silent = unit(matter(target(8)), unit_id=3), unit(unit_id=4)
    scores = score_units(rules, [plain, praised, equal, silent])
    assert [score.total for score in scores] == [8, 8, 8, None]
    assert [float(score.tie_break) for score in scores] == [0, 5, 0, 0]
    assert ranks_of(scores) == {1: 2, 2: 1, 3: 2}


def test_a_marked_event_counts_as_often_as_it_says():
    rules = scheme(events=[rule("criticised", -1, most=2)], base=10)
    assert total(rules, unit(events=[event("criticised", "mark", times=3, rule="event")])) == 8
    assert total(rules, unit(events=[event("criticised", "mark", times=3, rule="other")])) == 10


@pytest.mark.parametrize(
    ("points", "printed"),
    [
        (Fraction(1, 200), 0.01),
        (Fraction(-1, 200), -0.01),
        (Fraction(2675, 1000), 2.68),
        (Fraction(1, 3), 0.33),
        (Fraction(4999, 10**6), 0.0),
    ],
)
def test_half_up_at_the_end_only(points, printed):
    assert rounded(points) == printed


def test_parts_are_added_before_they_are_rounded():
    rules = scheme(*(item("growth", 0.333, f"part-{number}") for number in range(3)))
    assert total(rules, unit(matter(target(5)))) == 0.5


figures = st.floats(-50, 200, allow_nan=False).map(lambda value: round(value, 2))
matters = st.builds(
    lambda actual, limit, role, done, milestones, task_id: matter(
        *([target(actual)] if milestones is None else []),
        *([target(limit, comparator=Comparator.LE)] if milestones is None else []),
        role=role,
        task_id=task_id,
        is_done=done,
        is_on_time=done,
        milestones=milestones,
    ),
    figures,
    figures.map(abs),
    st.sampled_from(["lead", "support"]),
    st.booleans(),
    st.none() | st.floats(0, 100),
    st.integers(1, 9),
)
events_drawn = st.builds(
    lambda kind, role, about, size: event(kind, f"task-{about}", role=role, size=size),
    st.sampled_from(["overdue", "done-early", "over-target", "report-missed"]),
    st.sampled_from(["lead", "support"]),
    st.integers(1, 4),
    st.floats(0, 60),
)
units_drawn = st.lists(
    st.builds(lambda ms, es, view: (ms, es, view), st.lists(matters, max_size=5), st.lists(events_drawn, max_size=6), st.floats(0, 100)),
    min_size=1,
    max_size=4,
).map(
    lambda drawn: [
        unit(*ms, events=es, marks=[Mark("view", round(view, 1), "问卷")], unit_id=number) for number, (ms, es, view) in enumerate(drawn, 1)
    ]
)
WHOLE = scheme_from(
    {
        **NESTED.model_dump(mode="json"),
        "cap": 100,
        "events": [rule("overdue", -2, "late", support_percent=50), rule("done-early", 1, "early", bands=[{"at": 10, "points": 1}])],
        "small_units": {"fewer_than": 2},
    }
)


@settings(max_examples=30, deadline=None)
@given(units_drawn, st.sampled_from([NESTED, COUNTY, WHOLE]), st.randoms(use_true_random=False))
def test_scores_stay_in_bounds_add_up_and_do_not_depend_on_the_order(units, rules, random):
    scores = score_units(rules, units)
    for score in scores:
        assert score.total is None or 0 <= score.total <= 100
        parts = score.base + sum(one.points for one in score.items) + score.additions - score.deductions
        assert parts == score.exact_total
        assert all(0 <= one.points <= one.full for one in score.items if one.full is not None)
        upper = [one for one in score.groups if not one.group.parent]
        assert sum(one.points for one in upper) == sum(one.points for one in score.items if one.item.group)
    mixed = list(units)
    random.shuffle(mixed)
    assert {one.facts.unit_id: one.total for one in score_units(rules, mixed)} == {one.facts.unit_id: one.total for one in scores}


@settings(max_examples=30, deadline=None)
@given(figures, figures, st.lists(matters, max_size=3))
def test_more_reached_is_never_worth_less_and_more_used_never_more(one, other, others):
    low, high = sorted((one, other))
    grown = [total(NESTED, unit(matter(target(value)), *others)) for value in (low, high)]
    assert grown[0] <= grown[1]
    held = [total(NESTED, unit(matter(target(abs(value), comparator=Comparator.LE)), *others)) for value in sorted((low, high), key=abs)]
    assert held[0] >= held[1]
