"""The checks of a draft, each on the smallest draft that shows it, and on people's edits."""

from datetime import date

import pytest

from intake.checks import check_draft
from intake.draft import Finding, PlanDraft, SourcePlace
from tests.intake.samples import codes, draft, item, target, unit, year

ROW = SourcePlace(table=1, row=3)
THREE_YEARS = (2013, 2014, 2015)


def years(*values, **target_values):
    return tuple(year(number, target(value, **target_values)) for number, value in zip(THREE_YEARS, values, strict=False))


def yearly(value, **values):
    return target(value, basis="period", **values)


def whole(value, **values):
    return target(value, basis="cumulative", **values)


def row(*values, total=None, **others):
    return item(source=ROW, targets=(total,) if total else (), tasks=years(*values, basis="period"), **others)


def body(value, measure="示范县", **values):
    return item("p1", issue=False, units=(unit("省科技厅"),), targets=(whole(value, measure=measure, **values),))


CASES = {
    "nothing-wrong": ([row(33, 34, 33, total=whole(100))], []),
    "sum-too-small": ([row(33, 34, 30, total=whole(100))], [("years-do-not-sum", "error", "t1-1")]),
    "sum-too-great": ([row(33, 34, 34, total=whole(100))], [("years-do-not-sum", "error", "t1-1")]),
    "sum-above-at-least": ([row(40, 40, 40, total=whole(100, comparator="ge"))], []),
    "sum-below-at-least": ([row(30, 30, 30, total=whole(100, comparator="ge"))], [("years-do-not-sum", "error", "t1-1")]),
    "every-year-the-same": ([row(500, 500, 500, total=yearly(500))], []),
    "one-year-uneven": ([row(500, 400, 500, total=yearly(500))], [("years-do-not-sum", "error", "t1-1")]),
    "no-total": ([row(1, 2, 3)], []),
    "rates-do-not-add": (
        [item(source=ROW, targets=(whole(90, unit_of_measure="%"),), tasks=years(70, 80, 90, unit_of_measure="%", basis="level"))],
        [],
    ),
    "counted-up": ([item(source=ROW, targets=(whole(100),), tasks=years(30, 60, 100, basis="cumulative"))], []),
    "counted-up-too-little": (
        [item(source=ROW, targets=(whole(100),), tasks=years(30, 60, 90, basis="cumulative"))],
        [("years-do-not-sum", "error", "t1-1")],
    ),
    "scales": (
        [
            item(
                source=ROW, targets=(whole(1, unit_of_measure="万人"),), tasks=years(4000, 3000, 3000, unit_of_measure="人", basis="period")
            )
        ],
        [],
    ),
    "decimals": ([row(0.1, 0.2, 0.3, total=whole(0.6))], []),
    "body-says-the-total": ([row(10, 10, 10, total=whole(30)), body(30)], []),
    "body-says-the-first-two-years": ([row(10, 10, 10, total=whole(30)), body(20)], []),
    "body-says-years-times-yearly": ([row(500, 500, 500, total=yearly(500)), body(1500)], []),
    "body-differs": ([row(10, 10, 10, total=whole(30)), body(35)], [("body-differs-from-table", "warning", "p1")]),
    "body-about-something-else": ([row(10, 10, 10, total=whole(30)), body(35, "科技特派员")], []),
    "unit-in-one-year": (
        [item(source=ROW, tasks=(year(2013, target(5, unit_of_measure="人")), *years(5, 5, 5, unit_of_measure="人次")[1:]))],
        [("unit-of-measure-differs", "warning", "t1-1")],
    ),
    "unit-of-the-whole": (
        [item(source=ROW, targets=(yearly(5, unit_of_measure="人"),), tasks=years(5, 5, 5, unit_of_measure="人次"))],
        [("unit-of-measure-differs", "warning", "t1-1")],
    ),
    "unit-of-the-body": (
        [item(source=ROW, tasks=years(5, 5, 5, unit_of_measure="人次")), body(15, unit_of_measure="名")],
        [("unit-of-measure-differs", "warning", "p1")],
    ),
    "counters-are-alike": ([item(source=ROW, targets=(whole(15, unit_of_measure="家"),), tasks=years(5, 5, 5, unit_of_measure="个"))], []),
    "negative": ([row(-1, 2, 3, total=whole(4))], [("absurd-number", "error", "t1-1")]),
    "far-too-great": ([item(targets=(whole(1e14),))], [("absurd-number", "error", "t1-1")]),
    "range-upside-down": ([item(targets=(target(None, comparator="range", low=5, high=3),))], [("absurd-number", "error", "t1-1")]),
    "share-over-a-hundred": ([item(targets=(target(130, unit_of_measure="%", basis="level"),))], [("absurd-number", "warning", "t1-1")]),
    "no-lead-anywhere": (
        [item(units=(unit("省科技厅"),)), item("t1-2", units=(unit("省教育厅"),))],
        [("lead-not-marked", "error", None)],
    ),
    "no-lead-in-one": ([item(), item("t1-2", units=(unit("省教育厅"),))], [("lead-not-marked", "error", "t1-2")]),
    "no-lead-needed": ([item(), item("t1-2", units=(unit("省教育厅"),), issue=False)], []),
    "two-leads": ([item(units=(unit("省科技厅", "lead"), unit("省教育厅", "lead")))], [("several-leads", "error", "t1-1")]),
    "no-unit-to-issue": ([item(), item("t1-2", units=())], [("no-responsible-unit", "error", "t1-2")]),
    "no-unit": ([item(), item("t1-2", units=(), issue=False)], [("no-responsible-unit", "warning", "t1-2")]),
    "open-set": ([item(units=(unit("省科技厅", "lead"), unit("各市", open=True)))], [("open-unit-set", "info", None)]),
    "two-names": (
        [item(), item("t1-2", units=(unit("省人社厅", "lead"),)), item("t1-3", units=(unit("省人力资源和社会保障厅", "lead"),))],
        [("unit-name-wording", "warning", "t1-2")],
    ),
    "stray-separator": (
        [item(units=(unit("省科技厅", "lead"), unit("各市党委", as_written="各市、党委")))],
        [("unit-name-wording", "warning", "t1-1")],
    ),
    "place-holds-rule": ([item(place="每年按申报程序确定")], [("place-holds-rule", "info", "t1-1")]),
    "place": ([item(place="全省各县")], []),
    "before-the-plan": ([item(due_on=date(2012, 12, 31))], [("outside-plan-period", "warning", "t1-1")]),
    "last-day-of-the-plan": ([item(starts_on=date(2013, 1, 1), due_on=date(2015, 12, 31))], []),
    "start-after-due": ([item(starts_on=date(2014, 2, 1), due_on=date(2014, 1, 1))], [("days-reversed", "error", "t1-1")]),
    "impossible-year": ([item(due_on=date(3015, 12, 31))], [("unknown-year", "error", "t1-1")]),
    "twins": ([item(), item("t1-2", title="行动t1-1", text="内容 t1-1")], [("duplicate-item", "warning", "t1-2")]),
    "nothing-to-issue": ([item(issue=False)], [("nothing-to-issue", "error", None)]),
}


@pytest.mark.parametrize(("items", "expected"), CASES.values(), ids=CASES)
def test_check(items, expected):
    assert codes(check_draft(draft(*items))) == expected


def test_item_without_any_end():
    found = check_draft(draft(item(), item("t1-2"), item("t1-3", due_on=date(2014, 1, 1)), plan=PlanDraft(title="方案")))
    assert codes(found) == [("no-due-date", "error", None)]
    assert "有2项" in found[0].message


def test_plan_that_ends_before_it_starts():
    plan = PlanDraft(starts_on=date(2015, 1, 1), ends_on=date(2014, 1, 1))
    assert ("days-reversed", "error", None) in codes(check_draft(draft(item(), plan=plan)))


def test_findings_are_computed_again_and_those_of_the_document_kept():
    stale = Finding(code="years-do-not-sum", severity="error", message="已改好", item="t1-1")
    stated = Finding(code="stated-count-differs", severity="warning", message="文中称八大行动")
    gone = Finding(code="stated-count-differs", severity="warning", message="序号跳", item="t1-9")
    found = check_draft(draft(item(), findings=(stale, stated, gone)))
    assert found == (stated,)


def test_errors_come_first():
    found = check_draft(draft(item(units=(unit("各市", open=True),), place="按程序确定", starts_on=date(2012, 1, 1))))
    assert [finding.severity for finding in found] == sorted(
        (finding.severity for finding in found), key=["error", "warning", "info"].index
    )


def test_message_of_the_sum_names_row_figures_and_difference():
    (found,) = check_draft(draft(row(33, 34, 30, total=whole(100), number="1", title="强基行动")))
    assert "第1项“强基行动”" in found.message
    assert "33+34+30=97，与合计100相差3" in found.message
