"""Numbers with their units as documents write them, and which of them are targets."""

import time

import pytest

from intake.amounts import amounts_in
from intake.quantities import targets_in

WRITTEN = {
    "scale": ("投资1.5亿元", (1.5, None, "亿元", "")),
    "scale-behind-odd-more": ("流转土地20多万亩", (20.0, None, "万亩", "")),
    "per-thousand": ("死亡率降到18‰以下", (18.0, None, "‰", "以下")),
    "unit-on-both-sides": ("增长5%-8%", (5.0, 8.0, "%", "")),
    "counter-on-both-sides": ("建站10家至15家", (10.0, 15.0, "家", "")),
    "scales-differ": ("规模5000万元至1亿元", (0.5, 1.0, "亿元", "")),
    "compound": ("浓度32微克/立方米", (32.0, None, "微克/立方米", "")),
    "bracketed-times": ("培训800人（次）", (800.0, None, "人次", "")),
    "words": ("新修水渠三十五公里", (35.0, None, "公里", "")),
    "words-odd-more": ("建成书屋两百余所", (200.0, None, "所", "")),
    "neighbouring-words": ("扶持三四家", (3.0, 4.0, "家", "")),
    "share-in-words": ("覆盖百分之八十", (80.0, None, "%", "")),
    "fraction": ("不少于三分之一", (33.33, None, "%", "")),
    "tenths": ("达到九成以上", (90.0, None, "%", "以上")),
    "ratio": ("配备比达到1:4", (4.0, None, "比1", "")),
    "doubled": ("产量翻两番", (4.0, None, "倍", "")),
    "per-ten-thousand": ("控制在40/10万以内", (40.0, None, "/10万", "以内")),
    "bare-number": ("控制在110以内", (110.0, None, "", "以内")),
    "term": ("压缩至3个工作日内", (3.0, None, "个工作日", "内")),
}


@pytest.mark.parametrize(("text", "expected"), WRITTEN.values(), ids=WRITTEN)
def test_amount(text, expected):
    (amount,) = amounts_in(text, 10)
    assert (amount.low, amount.high, amount.unit, amount.suffix) == expected


TARGETS = {
    "may-not-be-less": ("抽查户数不得少于50户", [("ge", 50.0, "户")]),
    "sign": ("群众满意率≥95%", [("ge", 95.0, "%")]),
    "nearly": ("打造样板近百个", [("about", 100.0, "个")]),
    "words-odd-more": ("新开门店十余家", [("gt", 10.0, "家")]),
    "people-behind-a-scale": ("解决2.3万农村人口饮水困难", [("eq", 2.3, "万人")]),
    "scale-alone": ("年接待游客人次达到1.2亿", [("eq", 1.2, "亿人次")]),
    "bound-shared-by-a-run": ("东区、西区分别不少于20个、15个", [("ge", 20.0, "个"), ("ge", 15.0, "个")]),
    "some-made": ("新建分馆三所", [("eq", 3.0, "所")]),
    "raised-standard": ("补助标准提高到240元", [("eq", 240.0, "元")]),
    "share-beside-relief": ("学费减免覆盖面达到九成以上", [("ge", 90.0, "%")]),
}


@pytest.mark.parametrize(("text", "expected"), TARGETS.values(), ids=TARGETS)
def test_target(text, expected):
    assert [(one.comparator, one.value, one.unit_of_measure) for one in targets_in(text)] == expected


NONE = {
    "condition": "对年销售额2000万元以上的企业开展辅导",
    "reward": "对新上市的企业给予一次性奖励100万元",
    "size-of-firms": "支持产值5亿元以上的大型企业办学",
    "there-already": "已建成的38座泵站要稳定运行",
    "what-is-leant-on": "依托10所高校开展研究",
    "ring": "沿河1公里范围内不得新建工厂",
    "grade": "厕所达到二类以上标准",
    "one-as-article": "召开一次现场会，建立一个平台",
    "great-round-name": "千名干部进企业",
    "structure": "健全三项机制，抓好五个环节",
    "names": "推广“1+3+N”模式，用好12345热线和5G网络",
}


@pytest.mark.parametrize("text", NONE.values(), ids=NONE)
def test_no_target(text):
    assert targets_in(text) == ()


STARTING = {
    "from-to": ("站点由10家增加到20家", 20.0, 10.0),
    "by-word": ("床位从600张增加到900张", 900.0, 600.0),
    "widened": ("事项由13件扩展到25件", 25.0, 13.0),
    "scales-differ": ("产值从5000万元提高到2亿元", 2.0, 0.5),
}


@pytest.mark.parametrize(("text", "value", "baseline"), STARTING.values(), ids=STARTING)
def test_starting_value(text, value, baseline):
    (target,) = targets_in(text)
    assert (target.value, target.baseline) == (value, baseline)


def test_a_year_compared_with_is_not_that_of_the_target():
    (target,) = targets_in("到2021年，成本较2018年下降5%")
    assert target.year == 2021


def test_things_listed_before_their_figures():
    found = targets_in("污水处理率、垃圾处理率分别达到95%和98%")
    assert [(one.measure, one.value) for one in found] == [("污水处理率", 95.0), ("垃圾处理率", 98.0)]


WHOLES = {
    "wholly": ("历史积案全部化解", ("历史积案", "化解的历史积案")),
    "each": ("所有乡镇都要设立服务站", ("所有乡镇", "设立服务站的所有乡镇")),
}


@pytest.mark.parametrize(("text", "expected"), WHOLES.values(), ids=WHOLES)
def test_all_without_a_figure(text, expected):
    (target,) = targets_in(text)
    assert (target.comparator, target.value) == ("all", None)
    assert (target.scope, target.measure) == expected


@pytest.mark.parametrize("text", ["各部门都要高度重视", "实现全覆盖", "普遍开展宣传"])
def test_ways_of_speaking_are_no_targets(text):
    assert targets_in(text) == ()


@pytest.mark.parametrize("words", ["1", "12月", "2026年", "百", "从1到2到", " ", "三分之", "至少"])
def test_hostile_text_is_read_in_seconds(words):
    start = time.process_time()
    targets_in(words * (40_000 // len(words)), 2026)
    assert time.process_time() - start < 20


def test_count_in_words_behind_its_noun():
    assert [one.value for one in targets_in("改造门店80个，配送站两处")] == [80.0, 2.0]
