"""Stated counts of sections, slips in units' names, conditions nobody can verify: what is told, and what must not be."""

import time

import pytest

from intake.checking.conditions import cannot_be_verified
from intake.checking.sections import section_counts
from intake.checking.slips import unit_name_slips
from intake.checking.wording import MOST_HOLDERS, WordingIndex
from intake.document import Paragraph
from intake.outline import passages
from tests.intake.samples import codes, draft, item, read_text, target, unit

NUMERALS = "一二三四五六七八九十"
TEXT = "各级要把这件事放在心上，按季推进，年底前见到成效。"


def parts(count, style="（{}）抓实第{}块工作", start=1):
    """Lines of `count` sections, each a run-in heading with text."""
    return [style.format(NUMERALS[number - 1], NUMERALS[number - 1]) + "。" + TEXT for number in range(start, start + count)]


def arabic(count, title="做好民生实事", start=1):
    return [f"{number}. {title}。{TEXT}" for number in range(start, start + count)]


def counts(lines):
    blocks = tuple(Paragraph(line, number) for number, line in enumerate(lines, 1))
    return [finding.message for finding in section_counts(passages(blocks), frozenset())]


UNDER = ["一、工作目标", TEXT, "二、工作内容"]
OVER = ["三、工作保障", TEXT]
DIFFER = {
    "announced-below-a-heading": [*UNDER, "今年要抓好以下六个方面的工作：", *parts(7), *OVER],
    "announced-in-arabic": [*UNDER, "今年要抓好以下4个方面：", *parts(3), *OVER],
    "announced-with-a-noun": [*UNDER, "全市重点完成五项任务：", *arabic(4), *OVER],
    "announced-before-the-first-heading": ["现提出如下四条意见：", *parts(5, "{}、做好第{}件事")],
    "phases": [*UNDER, "试点分三个阶段进行。", *parts(2), *OVER],
    "steps": [*UNDER, "这项工作分四步走：", *parts(3), *OVER],
    "heading-that-stands-alone": ["一、实施5大工程", *parts(4), "二、工作保障", TEXT],
    "heading-with-a-text-below": ["一、推进六大行动", TEXT, *parts(5), "二、工作保障", TEXT],
    "run-in-heading": [*UNDER, "（一）落实三项举措。" + TEXT, *arabic(4), "（二）加强宣传。" + TEXT],
    "heading-in-quotation-marks": ["一、实施“四大工程”", *parts(5), "二、工作保障", TEXT],
    "overview": [*UNDER, "着力提升三个方面能力，推动面上提质。", "（一）提升基层服务能力", TEXT, "（二）提升基层管理能力", TEXT, *OVER],
    "overview-across-parents": [
        *UNDER,
        "提升两个方面能力，加强六个方面建设。",
        *["（一）提升管理能力", *arabic(3, "加强机构建设"), "（二）提升服务能力", *arabic(2, "加强队伍建设", 4)],
        *OVER,
    ],
}
AGREE = {
    "as-many": [*UNDER, "今年要抓好以下六个方面的工作：", *parts(6), *OVER],
    "headings-as-many": ["一、实施5大工程", *parts(5), "二、工作保障", TEXT],
    "overview-as-many": [
        *UNDER,
        "提升两个方面能力。",
        "（一）提升服务能力",
        TEXT,
        "（二）提升管理能力",
        TEXT,
        "（三）实施行动",
        TEXT,
        *OVER,
    ],
    "no-sections": [*UNDER, "今年要抓好以下六个方面的工作：", TEXT, *OVER],
    "something-between": [*UNDER, "今年要抓好以下六个方面的工作：", TEXT, TEXT, *parts(4), *OVER],
    "not-from-one-on": [*UNDER, "今年要抓好以下六个方面的工作：", *parts(5, start=2), *OVER],
    "a-number-left-out": [*UNDER, "今年要抓好以下六个方面的工作：", *parts(2), *parts(3, start=4), *OVER],
    "far-from-the-count": [*UNDER, "今年要抓好以下二十个方面的工作：", *parts(4), *OVER],
    "count-in-passing": [*UNDER, "围绕四十项指标，办好二十件实事，推进五项改革。", *parts(4), *OVER],
    "count-of-others": ["一、对接省五大工程", *parts(4), "二、工作保障", TEXT],
    "count-of-the-nation": ["一、落实国家三大行动", *parts(4), "二、工作保障", TEXT],
    "two-counts-in-a-heading": ["一、实施五大工程和三项行动", *parts(4), "二、工作保障", TEXT],
    "third-project": ["一、做好第三项工作", *parts(4), "二、工作保障", TEXT],
    "industries": ["一、壮大三大产业", *parts(4), "二、工作保障", TEXT],
    "count-is-a-means": ["一、以五大工程推动全面工作", *parts(4), "二、工作保障", TEXT],
    "sections-end-at-the-parent": ["一、实施五大工程", *parts(5), "二、实施三项行动", *parts(3)],
    "sections-counted-anew": ["现提出如下四条意见：", *parts(4, "{}、做好第{}件事"), *parts(6, "{}、附带的第{}件事")],
    "nested-points": [*UNDER, "今年要抓好以下两个方面：", *[line for part in parts(2) for line in (part, *arabic(3))], *OVER],
    "five-year-plan": ["一、“十二五”时期主要工作", *parts(4), "二、工作保障", TEXT],
}


@pytest.mark.parametrize("lines", DIFFER.values(), ids=DIFFER)
def test_a_count_that_its_sections_do_not_bear_out(lines):
    assert len(counts(lines)) == 1


@pytest.mark.parametrize("lines", AGREE.values(), ids=AGREE)
def test_a_count_that_holds_or_is_about_something_else(lines):
    assert counts(lines) == []


def test_the_count_is_told_once_with_its_words_and_survives_later_checks(tmp_path):
    lines = [*UNDER, "今年要抓好以下六个方面的工作：", *(part + "（责任单位：市科技局）" for part in parts(7)), *OVER]
    found = [finding for finding in read_text(tmp_path, "\n".join(lines)).findings if finding.code == "stated-count-differs"]
    assert [finding.severity for finding in found] == ["warning"]
    assert "六个方面的工作" in found[0].message
    assert "7个部分" in found[0].message


def test_long_documents_of_leads_are_read_in_linear_time():
    lines = ["试点分两个阶段进行。", "一、提升两个方面能力", "提升两个方面能力，加强三个方面建设。" * 5, "（一）提升能力。" + TEXT]

    def work(times):
        before = time.process_time()
        counts(lines * times)
        return time.process_time() - before

    assert min(work(1200) for _run in range(4)) / min(work(300) for _run in range(4)) < 9  # 4 is linear, 16 quadratic


def named(*names):
    return draft(*(item(f"p{number}", units=(unit(name),)) for number, name in enumerate(names, 1)))


SLIPS = {
    "changed": ("市农业农村局", "市农业农材局"),
    "left-out": ("市人力资源社会保障局", "市人力资社会保障局"),
    "put-in": ("市市场监督管理局", "市市场监督管理理局"),
    "swapped": ("省发展改革委", "省发改展革委"),
    "named-place": ("湘潭市生态环境局", "湘潭市生态坏境局"),
    "no-place": ("人力资源社会保障部", "人力资源社会保璋部"),
}
TWO_ORGANS = {
    "civil-and-finance": ("市财政局", "市民政局"),
    "trade-and-tax": ("县商务局", "县税务局"),
    "longer-known-words": ("市公路管理局", "市水路管理局"),
    "farming-and-forestry": ("自治区农业厅", "自治区林业厅"),
    "two-cities": ("岳阳市生态环境局", "益阳市生态环境局"),
    "two-districts": ("江东区发展改革局", "江北区发展改革局"),
    "two-levels": ("省农业农村厅", "市农业农村局"),
    "city-and-county": ("市农业农村局", "县农业农村局"),
    "two-kinds": ("市科学技术局", "市科学技术厅"),
    "two-universities": ("湘潭大学科技处", "湘南大学科技处"),
    "two-hospitals": ("市第一人民医院", "市第二人民医院"),
    "unknown-words": ("市盐业管理局", "市烟业管理局"),
    "conjunction": ("市工业和信息化局", "市工业信息化局"),
    "two-apart": ("市农业农村局", "市衣业农材局"),
}


@pytest.mark.parametrize(("usual", "slip"), SLIPS.values(), ids=SLIPS)
def test_a_slip_in_a_units_name(usual, slip):
    found = list(unit_name_slips(named(usual, slip, usual)))
    assert codes(found) == [("unit-name-wording", "warning", "p2")]
    assert usual in found[0].message
    assert slip in found[0].message


@pytest.mark.parametrize(("usual", "other"), TWO_ORGANS.values(), ids=TWO_ORGANS)
def test_two_organs_with_near_names(usual, other):
    assert list(unit_name_slips(named(usual, other, usual))) == []


def test_names_used_equally_often_tell_no_slip():
    assert list(unit_name_slips(named("市农业农村局", "市农业农材局"))) == []


UNVERIFIABLE = {
    "doubled": "推动规上企业数量实现倍增。",
    "doubled-twice": "到2027年，数字经济规模翻两番。",
    "times": "专利授权量增长2倍以上。",
    "growth-without-a-figure": "全年接待游客人次比上年增长。",
    "growth-of-the-same-time": "财政科技投入同比明显提升。",
}
VERIFIABLE = {
    "doubled-against-a-year": "数字经济规模比2020年翻一番。",
    "doubled-with-a-baseline": "规上企业由50家倍增到100家。",
    "doubled-to-a-figure": "数字经济规模翻一番，达到200亿元。",
    "name-of-a-programme": "实施企业倍增计划，按季调度。",
    "name-in-quotation-marks": "落实“产值翻番”专项安排。",
    "growth-with-a-figure": "全年接待游客人次比上年增长8%。",
    "growth-in-words": "全年成本比上年下降一成。",
    "not-less": "投入同比增长，只增不减。",
    "plain-improvement": "服务能力明显提升，群众更满意。",
    "ceiling": "贷款利率不高于4%。",
}


@pytest.mark.parametrize("text", UNVERIFIABLE.values(), ids=UNVERIFIABLE)
def test_a_condition_nobody_can_verify(text):
    assert codes(cannot_be_verified(draft(item(text=text)))) == [("cannot-be-verified", "info", "t1-1")]


@pytest.mark.parametrize("text", VERIFIABLE.values(), ids=VERIFIABLE)
def test_a_condition_that_can_be_verified_or_is_none(text):
    assert list(cannot_be_verified(draft(item(text=text)))) == []


def test_a_baseline_filled_in_answers_the_question():
    text = "推动规上企业数量实现倍增。"
    assert list(cannot_be_verified(draft(item(text=text, targets=(target(100, baseline=50),))))) == []


COMPARED = {
    "neither-named": ("确保增幅高于平均水平。", 1),
    "neither-named-in-years": ("力争年均增速高于往年水平。", 1),
    "figure-beside-it": ("确保增幅高于平均水平，增长6%以上。", 0),
    "both-named": ("确保科技支出增幅高于一般预算支出增幅。", 0),
    "one-named": ("确保科技支出增幅高于平均水平。", 0),
    "average-of-a-place": ("确保增幅高于全省平均水平。", 0),
}


@pytest.mark.parametrize(("words", "told"), COMPARED.values(), ids=COMPARED)
def test_two_series_compared(words, told, tmp_path):
    text = f"一、主要任务\n（一）保障投入。{words}（责任单位：市财政局）\n"
    found = [finding for finding in read_text(tmp_path, text).findings if finding.code == "cannot-be-verified"]
    assert len(found) == told


def test_an_item_is_told_once():
    text = "推动企业数量倍增；产值翻番；税收比上年增长。"
    assert len(list(cannot_be_verified(draft(item(text=text))))) == 1


def test_words_that_most_texts_share_lead_nowhere_in_the_search():
    common = [f"新建学校{chr(0x4E00 + number)}{chr(0x5E00 + number)}" for number in range(3 * MOST_HOLDERS)]
    index = WordingIndex([*common, "疏浚河道"])
    assert index.alike("疏浚河道里程", 0.6) == {"疏浚河道": 1.0}
    assert index.alike("新建学校", 0.6) == {}
    assert common[7] in index.alike(common[7], 0.6)
