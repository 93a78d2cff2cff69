"""The bulletin's sentences: every fact they carry, and what they say when there is none."""

from dataclasses import replace
from datetime import date

import pytest

from reports import sentences
from reports.bulletin import PlanLine
from reports.bulletin_details import Change, Correction, Details, Method
from tests.reports.builders import NO_COUNTS, bulletin, counts, empty_bulletin, lagging_task, single_bulletin


def words(told):
    return [sentence.text for sentence in told]


def test_one_plan_is_in_the_title_and_several_are_not():
    assert sentences.title_lines(bulletin())[0] == "关于《关于加强基层科技能力建设的实施方案》"
    two = bulletin(plans=(PlanLine(1, "甲方案", "甲发〔2012〕1号"), PlanLine(2, "乙方案", None)))
    assert sentences.title_lines(two) == ["2013年第三季度", "计划任务进展情况的督查通报"]
    assert "依据《甲方案》（甲发〔2012〕1号）、《乙方案》，" in words(sentences.lead(two))[0]


def test_lead_names_period_days_and_rule_set():
    (lead,) = words(sentences.lead(bulletin()))
    for fact in ("2013年7月1日", "2013年9月30日", "2013年10月14日", "规则集2013.1"):
        assert fact in lead


def test_overall_names_filled_buckets_only():
    overall = words(sentences.overall(bulletin(totals=replace(counts(done=1, overdue=2)))))
    assert "已完成1项" in overall[0]
    assert "逾期未完成2项" in overall[0]
    assert "暂缓" not in overall[0]


def test_change_is_told_in_words():
    assert words(sentences.overall(bulletin()))[1].startswith("与上期相比：已完成增加3项、超序时进度增加1项、达序时进度减少2项")
    assert words(sentences.overall(bulletin(change=NO_COUNTS)))[1] == "与上期相比，各类任务数量没有变化。"


def test_good_progress_leaves_out_who_lags_or_is_silent():
    items, units = words(sentences.good_progress(bulletin()))
    assert "事项2个：科技富民强县专项行动（" in items
    assert "知识产权" not in items
    assert "南宁市人民政府（已完成2项、超序时进度1项）" in units
    assert "自治区科协" not in units
    assert words(sentences.good_progress(empty_bulletin())) == ["本期没有既有任务完成或超序时进度、又没有任务滞后的事项和单位。"]


def test_lagging_counts_lights_moved_due_dates_and_silent_units():
    assert words(sentences.lagging(bulletin())) == [
        "滞后、逾期和未启动的任务共9项，涉及5个牵头单位，其中红灯4项、黄灯5项。",
        "其中1项的期限作过调整，表中列有原定期限。",
    ]
    assert words(sentences.lagging(single_bulletin())) == ["截至2013年9月30日，没有滞后、逾期或未启动的任务。"]


def test_an_unknown_light_is_counted_last():
    tasks = (lagging_task(light="blue"), lagging_task(light="red"))
    assert "红灯1项、blue1项" in words(sentences.lagging(bulletin(lagging=tasks)))[0]


def test_next_tasks_and_proof():
    assert words(sentences.next_tasks(bulletin())) == [
        "下期到期任务共6项，涉及5个牵头单位，最早一项于2013年10月31日到期。",
        "请下列单位补报进展：自治区知识产权局（3份）、百色市人民政府（2份）。",
        "逾期任务共3项，请下列牵头单位报送办结时间：自治区科技厅（1项）、自治区知识产权局（1项）、自治区科协（1项）。",
    ]
    assert words(sentences.next_tasks(empty_bulletin())) == ["下期没有到期任务。"]
    assert bulletin().rule_set.sha256 in sentences.proof(bulletin())[0]
    assert "台账为空" in sentences.proof(empty_bulletin())[1]


def test_a_correction_says_of_which_issue_why_and_what_changed():
    changes = (Change("done", "", 8, 9), Change("支持县数", "“完善条件”", None, 20.0), Change("tasks", "", 36, 37))
    put_right = Correction("2013年第3期", date(2013, 10, 14), "补报", changes)
    told = bulletin(details=Details(Method(0, 0, 0, 0, 0), correction=put_right))
    assert sentences.title_lines(told) == ["关于更正2013年第三季度督查通报", "（2013年第3期）的通报"]
    first = words(sentences.lead(told))[0]
    assert first.startswith("2013年10月14日印发的2013年第3期通报有误，现予更正。更正原因：补报。")
    assert first.endswith("更正的数据：已完成由8项改为9项、“完善条件”的支持县数由未填报改为20、任务总数由36项改为37项。")


@pytest.mark.parametrize(
    ("method", "said"),
    [
        pytest.param(Method(0, 0, 0, 0, 0, "li"), None, id="nothing looked at"),
        pytest.param(Method(3, 0, 1, 0, 0, "李华"), "本期收到进展报告3份、审核1件次，由李华汇总。", id="a person compiled"),
        pytest.param(Method(0, 2, 0, 4, 1, "system"), "本期佐证材料2份、发出提醒4件次、签发督办通知单1件。", id="the program compiled"),
    ],
)
def test_what_was_looked_at(method, said):
    told = [one.text for one in sentences.lead(bulletin(details=Details(method))) if one.key == "method"]
    assert told == ([said] if said else [])
