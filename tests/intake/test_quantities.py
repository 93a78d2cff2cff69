"""Quantities: figure, comparator, unit of measure, what is counted, year, basis; and the figures that are none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.numerals import number_of
from intake.quantities import targets_in

FIGURES = {
    "noun-behind": ("支持45个县实施富民强县计划", ("eq", 45.0, "个", "实施富民强县计划的县")),
    "noun-before": ("选派农村科技特派员1500名", ("eq", 1500.0, "名", "农村科技特派员")),
    "thing-made": ("支持30个县（市、区）建设示范县", ("eq", 30.0, "个", "示范县")),
    "counter-missing": ("支持100市、县（市、区）", ("eq", 100.0, "个", "市、县（市、区）")),
    "share": ("70%以上乡镇有服务站", ("ge", 70.0, "%", "有服务站的乡镇")),
    "bare-share": ("专项覆盖全区90%县（市、区）", ("eq", 90.0, "%", "专项覆盖的县（市、区）")),
    "half-in-words": ("服务覆盖一半以上行政村", ("ge", 50.0, "%", "服务覆盖的行政村")),
    "one-in-words": ("每个地级市有一个以上示范县", ("ge", 1.0, "个", "示范县")),
    "money-with-scale": ("投入专项经费1.2亿元", ("eq", 1.2, "亿元", "专项经费")),
    "at-least": ("新建平台不少于20个", ("ge", 20.0, "个", "新建平台")),
    "more-than": ("产值突破500亿元", ("gt", 500.0, "亿元", "产值")),
    "at-most": ("办理时间不超过3件", ("le", 3.0, "件", "办理时间")),
    "about": ("建成基地200个左右", ("about", 200.0, "个", "基地")),
    "odd-more": ("建成基地100余个", ("gt", 100.0, "个", "基地")),
    "thousands": ("培训农民12,000人次", ("eq", 12000.0, "人次", "农民")),
    "times": ("每年专题研究工作4次以上", ("ge", 4.0, "次", "专题研究工作")),
    "a-course-is-no-verb": ("举办培训班1期", ("eq", 1.0, "期", "培训班")),
    "verbs-alone": ("组织校长轮训两期", ("eq", 2.0, "期", "组织校长轮训")),
    "a-share-that-does": ("85%以上的县建成医疗中心", ("ge", 85.0, "%", "建成医疗中心的县")),
    "shortened-by": ("平均审理天数缩短10天", ("eq", 10.0, "天", "平均审理天数")),
    "from-a-term": ("办理时限由20个工作日压缩至7个工作日", ("eq", 7.0, "个工作日", "办理时限")),
    "for-each": ("每个地级市成立1家担保公司", ("eq", 1.0, "家", "担保公司")),
    "a-size-behind": ("其中产值超亿元的20家", ("eq", 20.0, "家", "产值超亿元的")),
    "sign-in-two-characters": ("绿化覆盖率>=38%", ("ge", 38.0, "%", "绿化覆盖率")),
    "bound-far-off": ("教育支出不低于上年财政支出的4%", ("ge", 4.0, "%", "教育支出")),
    "cap-far-off": ("接待费不超过部门公用经费的2%", ("le", 2.0, "%", "接待费")),
    "below-zero": ("支持-10个县", ("eq", -10.0, "个", "县")),
}


@pytest.mark.parametrize(("text", "expected"), FIGURES.values(), ids=FIGURES)
def test_figure(text, expected):
    (target,) = targets_in(text)
    assert (target.comparator, target.value, target.unit_of_measure, target.measure) == expected


SHARED_NAMES = {
    "years": ("2024年、2025年新增泊位分别达到200个、300个", ["泊位", "泊位"], [2024, 2025]),
    "one-ending-for-all": ("城镇、农村居民参保的比例分别达到95%和90%", ["城镇居民参保的比例", "农村居民参保的比例"], [None, None]),
    "names-in-full": ("污水处理率、垃圾处理率分别达到95%、90%", ["污水处理率", "垃圾处理率"], [None, None]),
}


@pytest.mark.parametrize(("text", "measures", "years"), SHARED_NAMES.values(), ids=SHARED_NAMES)
def test_what_each_of_several_figures_counts(text, measures, years):
    targets = targets_in(text)
    assert ([target.measure for target in targets], [target.year for target in targets]) == (measures, years)


def test_range():
    (target,) = targets_in("建设开源社区1-2个")
    assert (target.comparator, target.value, target.low, target.high) == ("range", None, 1.0, 2.0)


NO_FIGURES = {
    "document-number": "（国科发农〔2011〕309号）",
    "year": "到2015年普遍增加",
    "date": "2012年10月25日印发",
    "title": "《2006－2020年规划纲要》100个问答",
    "structure": "提升两个方面能力，实施七大行动",
    "ordinal": "第3个五年计划",
    "term": "试用期3个月，毕业5年以内",
}


@pytest.mark.parametrize("text", [text.split("》")[0] + "》" if "《" in text else text for text in NO_FIGURES.values()], ids=NO_FIGURES)
def test_no_figure(text):
    assert targets_in(text) == ()


def test_several_in_one_clause():
    found = targets_in("培训干部500人次、副镇长（助理）400人次和带头人1000人次")
    assert [(target.measure, target.value) for target in found] == [("干部", 500.0), ("副镇长（助理）", 400.0), ("带头人", 1000.0)]


def test_kinds_keep_figures_apart():
    found = targets_in("新增支持10个县（市、区）；滚动支持5个县（市、区）")
    assert [target.measure for target in found] == ["新增支持的县（市、区）", "滚动支持的县（市、区）"]


@pytest.mark.parametrize(
    ("text", "year", "expected"),
    [
        ("2013－2015年，支持45个县", None, (2015, "cumulative")),
        ("到2015年，70%以上县通过考核", None, (2015, "level")),
        ("每年选派特派员500名", None, (None, "period")),
        ("支持10个县", 2014, (2014, "period")),
        ("支持10个县", None, (None, "cumulative")),
    ],
    ids=["span", "share", "yearly", "in-a-year-column", "plain"],
)
def test_year_and_basis(text, year, expected):
    (target,) = targets_in(text, year=year)
    assert (target.year, target.basis) == expected


def test_scope_of_each():
    whole, each = targets_in("建成示范县30个，每个地级市不少于1个")
    assert (each.scope, each.measure, each.comparator) == ("每个地级市", whole.measure, "ge")


def test_growth_against_another_series_has_no_figure():
    (target,) = targets_in("确保科技经费的增长幅度高于财政收入的增长幅度")
    assert (target.comparator, target.value, target.scope) == ("exceeds-series", None, "财政收入的增长幅度")


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,500", 1500), ("三十五", 35), ("两", 2), ("二〇一三", 2013), ("一百零五", 105), ("十", 10), ("3万", None), ("", None)],
)
def test_numbers(text, number):
    assert number_of(text) == number


@settings(derandomize=True, max_examples=200)
@given(st.text(alphabet="支持建设0123456789.-%个县市（）、，；。年每以上不少于至一半十“”《》〔〕 ", max_size=40))
def test_nothing_makes_quantities_fail(text):
    for target in targets_in(text):
        assert (target.value is None) == (target.low is not None or target.comparator in ("exceeds-series", "all"))
