"""The bulletin's sentences: every fact they carry, and what they say when there is none."""

from dataclasses import replace

from reports import sentences
from reports.bulletin import PlanLine
from tests.reports.builders import NO_COUNTS, bulletin, counts, empty_bulletin, lagging_task, single_bulletin


def test_one_plan_is_in_the_title_and_several_are_not():
    assert sentences.title_lines(bulletin())[0] == "关于《关于加强基层科技能力建设的实施方案》"
    two = bulletin(plans=(PlanLine(1, "甲方案", "甲发〔2012〕1号"), PlanLine(2, "乙方案", None)))
    assert sentences.title_lines(two) == ["2013年第三季度", "计划任务进展情况的督查通报"]
    assert "依据《甲方案》（甲发〔2012〕1号）、《乙方案》，" in sentences.lead(two)


def test_lead_names_period_days_and_rule_set():
    lead = sentences.lead(bulletin())
    for fact in ("2013年7月1日", "2013年9月30日", "2013年10月14日", "规则集2013.1"):
        assert fact in lead


def test_overall_names_filled_buckets_only():
    overall = sentences.overall(bulletin(totals=replace(counts(done=1, overdue=2))))
    assert "已完成1项" in overall[0]
    assert "逾期未完成2项" in overall[0]
    assert "暂缓" not in overall[0]


def test_change_is_told_in_words():
    assert sentences.overall(bulletin())[1].startswith("与上期相比：已完成增加3项、超序时进度增加1项、达序时进度减少2项")
    assert sentences.overall(bulletin(change=NO_COUNTS))[1] == "与上期相比，各类任务数量没有变化。"


def test_good_progress_leaves_out_who_lags_or_is_silent():
    items, units = sentences.good_progress(bulletin())
    assert "事项2个：科技富民强县专项行动（" in items
    assert "知识产权" not in items
    assert "南宁市人民政府（已完成2项、超序时进度1项）" in units
    assert "自治区科协" not in units
    assert sentences.good_progress(empty_bulletin()) == ["本期没有同时做到“有任务完成或超前”和“没有任务滞后”的事项或单位。"]


def test_lagging_counts_lights_moved_due_dates_and_silent_units():
    assert sentences.lagging(bulletin()) == [
        "滞后、逾期和未启动的任务共9项，涉及5个牵头单位：红灯4项、黄灯5项。",
        "其中1项的期限作过调整，表中列有原定期限。",
        "尚未说明滞后原因的牵头单位：自治区知识产权局。",
    ]
    assert sentences.lagging(single_bulletin()) == ["截至2013年9月30日，没有滞后、逾期或未启动的任务。"]


def test_an_unknown_light_is_counted_last():
    tasks = (lagging_task(light="blue"), lagging_task(light="red"))
    assert "红灯1项、blue1项" in sentences.lagging(bulletin(lagging=tasks))[0]


def test_units_with_missing_reports_are_asked_for_them():
    told = sentences.units(bulletin())
    assert told[0] == "12个责任单位本期应报进展35份，按时报送28份，未报5份。"
    assert told[1] == "请下列单位补报：自治区知识产权局（3份）、百色市人民政府（2份）。"
    assert sentences.units(empty_bulletin()) == ["本期没有承担任务的责任单位。"]


def test_next_tasks_and_proof():
    assert sentences.next_tasks(bulletin()) == ["下期到期任务共6项，涉及5个牵头单位，最早一项于2013年10月31日到期。"]
    assert sentences.next_tasks(empty_bulletin()) == ["下期没有到期任务。"]
    assert bulletin().rule_set.sha256 in sentences.proof(bulletin())[0]
    assert "台账为空" in sentences.proof(empty_bulletin())[1]
