"""The bulletin as a paper: its Markdown, an office's own words in it, and what is to be looked at before it is signed."""

import json
from dataclasses import replace
from datetime import date

import pytest

from reports.bulletin import as_json
from reports.bulletin_check import characters_of, remarks_on
from reports.bulletin_edits import NO_EDITS, Edits, as_text, edits_from, read_text
from reports.bulletin_frozen import frozen, frozen_sha256, thawed
from reports.bulletin_paper import bulletin_paper
from reports.bulletin_tables import ROWS_PRINTED
from reports.imprint import Imprint
from reports.paper import Chart, Heading, Table, Text
from reports.problem_sentences import PROPOSED, problems
from reports.to_md import paper_md
from rules.errors import DubanError
from tests.reports.builders import bulletin, empty_bulletin, lagging_task, large_bulletin, single_bulletin, whole
from tests.reports.read_back import matches_golden

ISSUED = Imprint("自治区人民政府督查室", 2013, 4, "2013年第4期", signed_on=date(2013, 10, 15))


def told(paper):
    return {block.key: block.text for block in paper.blocks if isinstance(block, Text)}


@pytest.mark.parametrize(
    ("name", "paper"),
    [
        pytest.param("bulletin.md", bulletin_paper(whole(), ISSUED), id="issued"),
        pytest.param("bulletin-empty.md", bulletin_paper(empty_bulletin()), id="nothing in force"),
        pytest.param("bulletin-single.md", bulletin_paper(single_bulletin()), id="one task"),
    ],
)
def test_the_paper_reads_like_this(name, paper):
    matches_golden(name, paper_md(paper))


def test_what_is_frozen_comes_back_equal_and_the_contract_stays_as_it_is():
    assert thawed(json.loads(json.dumps(frozen(whole())))) == whole()
    assert as_json(whole()) == as_json(bulletin())
    assert frozen_sha256(frozen(whole())) != frozen_sha256(frozen(bulletin()))
    assert bulletin_paper(whole()).data == as_json(bulletin())


def test_the_sections_stand_in_their_order_and_the_charts_are_all_there():
    paper = bulletin_paper(whole(), ISSUED)
    headings = [block.text for block in paper.blocks if isinstance(block, Heading)]
    assert headings == ["总体情况", "进展较好的事项和单位", "滞后任务", "存在问题", "下一步要求"]
    assert [block.kind for block in paper.blocks if isinstance(block, Chart)] == ["shares"]
    assert paper.annexes[-1].title == "图表"
    assert [chart.kind for chart in paper.annexes[-1].blocks] == ["bars", "curve", "grid"]
    assert paper.addressee == "各责任单位："
    assert (paper.name, paper.record.printed_on, paper.signature.signed_on) == ("2013Q3-2013-4", date(2013, 10, 15), date(2013, 10, 15))


def test_what_the_body_cuts_an_annex_has():
    paper = bulletin_paper(large_bulletin())
    titles = [annex.title for annex in paper.annexes]
    assert titles == ["责任单位任务和报送情况", "事项和指标进展情况", "滞后任务", "下期办理事项", "图表"]
    rows = [len(annex.blocks[0].rows) for annex in paper.annexes[:-1]]
    assert rows[2:] == [200, 100]
    assert [block.title for block in paper.blocks if isinstance(block, Table)][-1] == "下期办理事项（列前15项，共100项，其余见附件）"
    more = bulletin_paper(large_bulletin(tasks=4000))
    assert [annex.title for annex in more.annexes][2:-1] == [
        "滞后任务（列前300项，共1000项，其余见附表工作簿）",
        "下期办理事项（列前300项，共1000项，其余见附表工作簿）",
    ]
    assert [len(annex.blocks[0].rows) for annex in more.annexes[:-1]][3] == ROWS_PRINTED


def test_problems_are_facts_with_stable_keys():
    found = problems(whole())
    assert list(found)[:7] == [
        f"problem.{key}" for key in ("red-notices", "missed-limits", "missing-reports", "not-taken", "late-taken", "returned", "silent")
    ]
    assert found["problem.red-notices"] == "本期签发红色督办通知单1件，予以通报：自治区知识产权局（督办〔2013〕3号，“确定试点名单”）。"
    same = problems(
        bulletin(lagging=(lagging_task(task_id=7, cause="资金未到位"), lagging_task(task_id=9, unit="乙局", cause="资金未到位")))
    )
    assert same["problem.cause-7"] == "自治区科技厅、乙局反映：资金未到位（涉及滞后任务2项）。"
    assert problems(empty_bulletin()) == {}


def test_an_unchanged_file_is_no_edit_and_a_changed_one_comes_back():
    text = as_text(whole(), NO_EDITS)
    assert read_text(whole(), NO_EDITS, text) == NO_EDITS
    changed = text.replace("## next.more\n", "## next.more\n\n督查室将逐项复核。").replace("- [x] problem.silent", "- [ ] problem.silent")
    changed = changed.replace("各责任单位", "各市人民政府\n自治区各部门").replace("## contact\n", "## contact\n\n李华")
    edits = read_text(whole(), NO_EDITS, changed)
    assert edits.texts == {"next.more": "督查室将逐项复核。"}
    assert (edits.to, edits.contact, "problem.silent" in (edits.problems or ())) == (("各市人民政府", "自治区各部门"), "李华", False)
    assert edits_from(json.loads(json.dumps(edits.as_json()))) == edits
    assert read_text(whole(), edits, as_text(whole(), edits)) == edits
    paper = bulletin_paper(whole(), ISSUED, edits)
    assert told(paper)["next.more"] == "督查室将逐项复核。"
    assert "problem.silent" not in told(paper)
    assert paper.addressee == "各市人民政府、自治区各部门："
    assert paper.data == as_json(whole())


def test_words_of_its_own_replace_a_sentence_and_an_empty_text_leaves_it_out():
    edits = Edits({"overall.change": "", "lagging.counts": "有9项任务滞后。\n请重视。"})
    texts = [block for block in bulletin_paper(whole(), ISSUED, edits).blocks if isinstance(block, Text)]
    assert [text.text for text in texts if text.key == "lagging.counts"] == ["有9项任务滞后。", "请重视。"]
    assert not [text for text in texts if text.key == "overall.change"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        pytest.param("## to\n\n甲\n\n## no.such\n\n乙\n", "第 5 行的“no.such”", id="unknown key"),
        pytest.param("## pick.good\n\n- [x] unit-没有这个单位\n", "不在候选之列", id="unknown pick"),
    ],
)
def test_what_cannot_be_placed_is_named(written, said):
    with pytest.raises(DubanError, match=said) as refused:
        read_text(whole(), NO_EDITS, written)
    assert refused.value.code == "unknown-edit-key"


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        pytest.param("滞后任务共9项，占11.1%。", (), id="the view's own"),
        pytest.param("滞后任务共77项，占11.1%，另有1,234项。", ("77", "1,234"), id="numbers from elsewhere"),
        pytest.param("各单位要对照办理。", (), id="no numbers"),
    ],
)
def test_numbers_that_are_none_of_the_figures_are_remarked(text, foreign):
    remarks = remarks_on(whole(), Edits({"lagging.counts": text}))
    assert [remark.code for remark in remarks] == ["figure-not-in-view"] * bool(foreign)
    assert all(number in remarks[0].words for number in foreign)


def test_a_long_bulletin_is_remarked():
    assert remarks_on(whole()) == []
    long = Edits({"overall.more": "办" * 4000})
    assert [remark.code for remark in remarks_on(whole(), long)] == ["bulletin-too-long"]
    two = whole(plans=(*bulletin().plans, replace(bulletin().plans[0], id=2)))
    count = characters_of(bulletin_paper(two))
    assert remarks_on(two, Edits({"overall.more": "办" * (5000 - count)})) == []
    assert len(problems(large_bulletin())) >= 2
    assert PROPOSED == 10
