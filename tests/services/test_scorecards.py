"""Scorecards over a lived year: the same facts by two schemes, computed by hand; every point with its entries; what a later day knows changes nothing."""

from datetime import date

import pytest
import sqlalchemy as sa

from models.case import AccountabilityCase
from models.ledger import LedgerEntry
from models.notice import Notice
from models.publication import Publication
from models.scorecard import ManualMark
from reports.scorecard import as_json
from rules.errors import DubanError
from services.ledger import first_break
from services.papers.filing import Press
from services.progress import ProgressInput, record_progress
from services.rebuilding import differences
from services.report_values import Amount
from services.scoring.adopting import adopt_scheme, list_schemes, scheme_for
from services.scoring.compiling import ScorecardOrder, compile_scorecard
from services.scoring.issuing import Issue, issue_scorecard
from services.scoring.marking import MarkInput, put_mark
from services.store import Store
from services.tasks import reopen_task, return_task, submit_task
from tests.builders import FINANCE, SCIENCE, keep, on
from tests.databases import on_one_kind
from tests.services.scorecard_fixtures import NEVER, OVER, WRITTEN, adopted, lived_year, shipped, viewed

COUNTY, GUIYANG = ScorecardOrder(2013, "county"), ScorecardOrder(2013, "guiyang")


@pytest.fixture
def year(session, tmp_path):
    return lived_year(session, tmp_path)


@pytest.fixture
def press(tmp_path):
    return Press(Store(tmp_path / "store"), "省政府督查室")


def compiled(session, order=COUNTY, day=WRITTEN):
    return compile_scorecard(session, order, day)


def totals(card):
    return {unit.name: unit.total for unit in card.units}


def test_the_county_way(session, year):
    # 80, two done at 2 (support 1), early by half a year and over by a fifth at 1 (0.5) each, two missed days at 5 (2.5).
    assert totals(compiled(session)) == {SCIENCE: 80 + 4 + 2 - 10, FINANCE: 80 + 2 + 1 - 5}


@on_one_kind
def test_the_guiyang_way_from_the_same_facts(session, year):
    adopted(session, year, "guiyang")
    viewed(session, year)
    # Work (1 + 1 + 0.5 + 0.8) ÷ 4 = 0.825 of 70; on time half of 20; reports 1, 1/3, 1/2, 1/2 of 10, those of the lead alone; two points for six reports missed.
    science = 0.6 * (70 * 0.825 + 20 * 0.5 + 10 * 7 / 12) + 0.4 * 80 - 2
    finance = 0.6 * (70 * 0.825 + 30 * 0.5) + 0.4 * 90
    assert totals(compiled(session, GUIYANG)) == pytest.approx({SCIENCE: science, FINANCE: finance})
    assert totals(compiled(session, GUIYANG)) == {SCIENCE: 74.15, FINANCE: 79.65}


def test_every_point_names_entries_of_the_ledger(session, year):
    adopted(session, year, "guiyang")
    viewed(session, year)
    known = {(row.chain, row.seq): row.hash for row in session.execute(sa.select(LedgerEntry)).scalars()}
    for order in (COUNTY, GUIYANG):
        for unit in compiled(session, order).units:
            for line in unit.lines:
                assert line.details or not line.points
                for detail in line.details:
                    assert detail.entries
                    assert all(known[entry.chain, entry.seq] == entry.hash for entry in detail.entries)


@on_one_kind
def test_lines_say_how_they_came_about(session, year):
    science = compiled(session).units[0]
    lines = {line.code: line for line in science.lines}
    assert lines["handled"].formula == "4 项合计 4"
    assert lines["handled"].details[0].formula == "已办结：2 × 100% ＝ 2"
    assert lines["late"].formula == "2 件合计 −10"
    assert lines["late"].details[0].formula == "2013年12月31日到期，当日未办结：−5"
    assert lines["early"].details[0].formula == "2013年12月31日到期，2013年6月28日办结，提前186天：1"
    assert science.formula == "基础分 80 ＋ 计分项目 4 ＋ 加分 2 − 扣分 10 ＝ 76"
    finance = compiled(session).units[1]
    assert {line.code: line for line in finance.lines}["late"].details[0].formula.endswith("−5 × 配合 50% ＝ −2.5")


def test_a_missed_day_counts_in_its_own_year_only(session, year):
    (line,) = [line for line in compiled(session, ScorecardOrder(2014, "county"), date(2014, 3, 3)).units[0].lines if line.points]
    # Handed in late: the deduction was last year's, its completion is this year's.
    assert (line.code, line.points) == ("handled", 2)


def test_what_is_done_later_changes_nothing(session, year, tmp_path):
    before = as_json(compiled(session, GUIYANG))
    store = Store(tmp_path / "store")
    record_progress(
        session, NEVER, ProgressInput({"示范县": Amount(10)}, period="2013Q4", correction="补报"), store, on(date(2014, 3, 3), year.science)
    )
    submit_task(session, NEVER, None, on(date(2014, 3, 3), year.science))
    return_task(session, NEVER, "材料不全", on(date(2014, 3, 4), year.supervisor))
    reopen_task(session, OVER, "数字不实", on(date(2014, 3, 5), year.supervisor))
    after = as_json(compiled(session, GUIYANG))
    assert {**after, "ledger_head": ""} == {**before, "ledger_head": ""}
    assert totals(compiled(session, GUIYANG, date(2014, 3, 6))) != totals(compiled(session, GUIYANG))


def test_units_see_their_own_scores_only(session, year):
    own = compile_scorecard(session, ScorecardOrder(2013, "county", reader=year.finance), WRITTEN)
    assert totals(own) == {FINANCE: 78}
    assert len(compile_scorecard(session, ScorecardOrder(2013, "county", reader=year.supervisor), WRITTEN).units) == 2
    one = ScorecardOrder(2013, "county", unit_ids=(year.science.unit_id,))
    assert totals(compile_scorecard(session, one, WRITTEN)) == {SCIENCE: 76}


@on_one_kind
def test_units_stand_in_the_registers_order_unless_ranked(session, year):
    adopted(session, year, "county", ranking=True)
    assert [unit.rank for unit in compiled(session).units] == [None, None]
    ranked = compiled(session, ScorecardOrder(2013, "county", is_ranked=True))
    assert [(unit.name, unit.rank) for unit in ranked.units] == [(FINANCE, 1), (SCIENCE, 2)]


@on_one_kind
@pytest.mark.parametrize(
    ("order", "day", "code"),
    [
        (ScorecardOrder(2013, "none"), WRITTEN, "unknown-scheme"),
        (ScorecardOrder(2013), WRITTEN, "which-scheme"),
        (ScorecardOrder(2013, "county"), date(2012, 12, 31), "year-not-begun"),
        (ScorecardOrder(13, "county"), WRITTEN, "bad-year"),
        (ScorecardOrder(2013, "county", is_ranked=True), WRITTEN, "ranking-off"),
    ],
)
def test_refusals_of_looking(session, year, order, day, code):
    with pytest.raises(DubanError) as refused:
        compile_scorecard(session, order, day)
    assert refused.value.code == code


def test_adopting_a_scheme(session, year):
    adopted(session, year, "county")
    assert scheme_for(session, None, 2013, WRITTEN).first_year == 2013
    assert scheme_for(session, "county", 2012, WRITTEN).first_year is None
    later = adopt_scheme(session, {**shipped("county"), "version": "2", "base": 70}, 2014, on(date(2014, 2, 4), year.supervisor))
    assert scheme_for(session, "county", 2014, WRITTEN).scheme == later
    assert scheme_for(session, "county", 2013, WRITTEN).scheme.base == 80
    assert [row.first_year for row in list_schemes(session, WRITTEN)][:2] == [2013, 2014]
    assert differences(session) == []
    assert first_break(session) is None


@on_one_kind
@pytest.mark.parametrize(
    ("changes", "first_year", "code"),
    [
        ({"version": "2026-1"}, 2015, "scheme-taken"),
        ({"version": "2"}, 2013, "scheme-taken"),
        ({"version": "2"}, 13, "bad-year"),
        ({"version": ""}, 2015, "bad-scheme"),
        ({"version": "2", "events": [{"code": "m", "title": "媒体报道", "on": ["media"], "points": 1}]}, 2015, "guard-rail"),
    ],
)
def test_refusals_of_adopting(session, year, changes, first_year, code):
    adopted(session, year, "county")
    with pytest.raises(DubanError) as refused:
        adopt_scheme(session, {**shipped("county"), **changes}, first_year, on(date(2014, 2, 4), year.supervisor))
    assert refused.value.code == code


def put(session, people, item, value, reason="年度问卷", **changes):
    said = MarkInput(
        **{"year": 2013, "unit_id": people.science.unit_id, "item": item, "value": value, "reason": reason, "scheme": "guiyang", **changes}
    )
    return put_mark(session, said, on(date(2014, 2, 7), people.supervisor))


def test_a_later_mark_goes_before_an_earlier_one(session, year):
    adopted(session, year, "guiyang")
    assert [put(session, year, "view", 60), put(session, year, "view", 80, "复核后更正")] == [1, 2]
    line = next(line for line in compiled(session, GUIYANG).units[0].lines if line.code == "view")
    assert (line.formula, line.details[0].formula) == ("满分 40 × 评分 80 ÷ 100 ＝ 32", "复核后更正")
    assert session.execute(sa.select(sa.func.count()).select_from(ManualMark)).scalar_one() == 2
    assert differences(session) == []


def test_marked_events_count_and_are_taken_back(session, year):
    adopted(session, year, "guiyang")
    before = compiled(session, GUIYANG).units[0].total
    put(session, year, "criticism", 2, "第3期通报")
    assert compiled(session, GUIYANG).units[0].total == pytest.approx(before - 2)
    put(session, year, "criticism", 0, "登记有误")
    assert compiled(session, GUIYANG).units[0].total == before


def concluded(session, unit_id, **changes):
    facts = {
        "kind": "accountability",
        "state": "served",
        "year": 2013,
        "number": 1,
        "unit_id": unit_id,
        "basis": "核查",
        "opened_on": date(2013, 9, 2),
    }
    told = {"conclusion": "两个县数字不实", "drafted_on": date(2013, 9, 9), "approved_on": date(2013, 9, 10), "approver": "supervisor"}
    case = AccountabilityCase(**{**facts, **told, "served_on": date(2013, 9, 12), **changes})
    keep(session, case, day=date(2013, 9, 12))
    return case.id


def test_falsified_figures_need_a_concluded_case(session, year):
    adopted(session, year, "guiyang")
    case_id = concluded(session, year.science.unit_id)
    before = compiled(session, GUIYANG).units[0]
    put(session, year, "falsified", 1, "以案卷结论为准", case_id=case_id)
    after = compiled(session, GUIYANG).units[0]
    # One for the case and two for reports; then five in place of the one, and five in all at most.
    assert (before.deductions, after.deductions, after.notes[1]) == (3, 5, "扣分合计 7，最多扣 5")
    criticism = next(line for line in after.lines if line.code == "criticism")
    assert criticism.details[0].formula == "结论于2013年9月12日送达：已在另一条计分，不重复计"


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({}, 1),
        ({"state": "objected", "objected_on": date(2013, 9, 20), "objection": "有异议"}, 0),
        (
            {
                "state": "decided",
                "objected_on": date(2013, 9, 20),
                "objection": "有异议",
                "decided_on": date(2013, 10, 8),
                "outcome": "changed",
                "decision": "改变",
            },
            0,
        ),
        ({"served_on": date(2014, 1, 6)}, 0),
    ],
    ids=["served", "objected", "changed", "next-year"],
)
def test_only_a_conclusion_that_stands_criticises(session, year, changes, counts):
    concluded(session, year.science.unit_id, **changes)
    line = [line for line in compiled(session, GUIYANG).units[0].lines if line.code == "criticism"]
    assert len(line) == counts


@on_one_kind
@pytest.mark.parametrize(
    ("item", "value", "changes", "code"),
    [
        ("view", 101, {}, "bad-mark"),
        ("view", -1, {}, "bad-mark"),
        ("view", 80, {"reason": " "}, "no-reason"),
        ("growth", 5, {}, "unknown-item"),
        ("missed", 1, {}, "unknown-item"),
        ("criticism", 0.5, {}, "bad-mark"),
        ("falsified", 1, {}, "no-concluded-case"),
        ("falsified", 1, {"case_id": 99}, "no-concluded-case"),
        ("view", 80, {"scheme": "county"}, "scheme-not-adopted"),
        ("view", 80, {"year": 2015}, "year-not-begun"),
    ],
)
def test_refusals_of_marking(session, year, item, value, changes, code):
    adopted(session, year, "guiyang")
    with pytest.raises(DubanError) as refused:
        put(session, year, item, value, **changes)
    assert refused.value.code == code


def issue(session, year, press, day=WRITTEN, **changes):
    return issue_scorecard(session, Issue(GUIYANG, formats=("md", "json"), formats_if_able=(), **changes), press, on(day, year.supervisor))


def test_issuing_numbers_and_freezes_and_again_corrects(session, year, press):
    adopted(session, year, "guiyang")
    viewed(session, year)
    first = issue(session, year, press)
    assert first.place.doc_no == "督考〔2014〕1号"
    assert press.store.read(first.files["scorecard-guiyang-2013-2014-1.md"]).decode().count("各单位得分明细") >= 1
    put(session, year, "view", 85, "复核问卷")
    with pytest.raises(DubanError) as refused:
        issue(session, year, press)
    assert refused.value.code == "no-reason"
    second = issue(session, year, press, reason="问卷复核")
    words = press.store.read(second.files["scorecard-guiyang-2013-2014-2.md"]).decode()
    assert "本表更正督考〔2014〕1号：问卷复核。" in words
    rows = session.execute(sa.select(Publication).order_by(Publication.id)).scalars().all()
    assert [(row.version, row.corrects_id) for row in rows] == [(1, None), (2, rows[0].id)]
    entries = session.execute(sa.select(LedgerEntry).where(LedgerEntry.act == "issue-scorecard").order_by(LedgerEntry.seq)).scalars().all()
    assert [entry.after["doc_no"] for entry in entries] == ["督考〔2014〕1号", "督考〔2014〕2号"]
    assert differences(session) == []
    assert first_break(session) is None
    with pytest.raises(DubanError) as refused:
        adopt_scheme(session, {**shipped("guiyang"), "version": "2"}, 2013, on(WRITTEN, year.supervisor))
    assert refused.value.code == "scheme-backwards"


@on_one_kind
def test_refusals_of_issuing(session, year, press):
    with pytest.raises(DubanError) as refused:
        issue(session, year, press)
    assert refused.value.code == "scheme-not-adopted"
    adopted(session, year, "guiyang")
    with pytest.raises(DubanError) as refused:
        issue(session, year, press)
    assert refused.value.code == "marks-missing"
    with pytest.raises(DubanError) as refused:
        issue(session, year, press, day=date(2013, 12, 31))
    assert refused.value.code == "year-not-over"


@on_one_kind
@pytest.mark.parametrize("who", ["administrator", "office", "science"])
def test_supervisors_alone_adopt_mark_and_issue(session, year, press, who):
    acting = on(WRITTEN, getattr(year, who))
    for act in (
        lambda: adopt_scheme(session, shipped("county"), 2013, acting),
        lambda: put_mark(session, MarkInput(2013, 1, "view", 1, "x"), acting),
        lambda: issue_scorecard(session, Issue(COUNTY), press, acting),
    ):
        with pytest.raises(DubanError) as refused:
            act()
        assert refused.value.code == "no-right"


EVENTFUL = {
    "code": "eventful",
    "version": "1",
    "title": "事项考评",
    "base": 50,
    "events": [
        {"code": "rework", "title": "退回重办", "on": ["returned"], "points": -2},
        {"code": "blue", "title": "蓝色通知单", "on": ["notice"], "levels": ["blue"], "points": -1, "once": "notice"},
        {"code": "orange", "title": "橙色通知单", "on": ["notice"], "levels": ["orange"], "points": -3, "once": "notice"},
        {"code": "late-report", "title": "迟报", "on": ["report-late"], "points": -0.25},
    ],
}


def issued_notice(task_id, unit_id, number, level, day):
    facts = {"due_on": date(2013, 12, 31), "matter": "first-red", "prepared_on": day, "state": "issued", "year": day.year, "issued_on": day}
    return Notice(task_id=task_id, unit_id=unit_id, level=level, number=number, doc_no=f"督办〔{day.year}〕{number}号", **facts)


def test_returns_notices_and_late_reports(session, year, tmp_path):
    adopt_scheme(session, EVENTFUL, 2013, on(date(2014, 2, 3), year.supervisor))
    unit_id, later = year.science.unit_id, date(2014, 2, 4)
    in_year, after = date(2013, 8, 1), date(2014, 1, 20)
    notices = [
        issued_notice(NEVER, unit_id, 1, "blue", in_year),
        issued_notice(NEVER, unit_id, 2, "orange", date(2013, 9, 2)),
        issued_notice(NEVER, year.finance.unit_id, 3, "blue", date(2013, 10, 8)),
        issued_notice(OVER, unit_id, 4, "accountability", date(2013, 10, 9)),
        issued_notice(OVER, unit_id, 5, "blue", after),
    ]
    keep(session, *notices, plan_id=1, day=later)
    science, finance = compiled(session, ScorecardOrder(2013, "eventful")).units
    # Of the two notices on one matter the orange one; a proposal and next year's count nowhere; what went to another unit is that unit's.
    assert [(line.code, line.points) for line in science.lines] == [("blue", 0), ("orange", -3)]
    assert (science.total, finance.total) == (47, 49)


def test_a_return_counts_in_its_year(session, year, tmp_path):
    adopt_scheme(session, EVENTFUL, 2013, on(date(2014, 2, 3), year.supervisor))
    submit_task(session, NEVER, "尚差五个", on(date(2014, 2, 4), year.science))
    return_task(session, NEVER, "差得太多", on(date(2014, 2, 5), year.supervisor))
    record_progress(
        session,
        NEVER,
        ProgressInput({"示范县": Amount(4)}, period="2013Q3", correction="补报"),
        Store(tmp_path / "store"),
        on(date(2014, 2, 6), year.science),
    )
    assert compiled(session, ScorecardOrder(2014, "eventful")).units[0].total == 48
    (line,) = compiled(session, ScorecardOrder(2013, "eventful")).units[0].lines
    assert (line.code, line.points) == ("late-report", -0.25)
    assert line.details[0].formula == "2013年第三季度进展最迟2013年10月10日报送，2014年2月6日才报：−0.25"
