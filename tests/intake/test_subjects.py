"""Units that act in a sentence, and words that only look like one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.subjects import acting_units

ACTING = {
    "area-with-brackets": ("各市（州）、县（市、区）政府要成立机构。", [("各市（州）、县（市、区）政府", "responsible")]),
    "short-bank": ("县财政局、县农行要保证资金到位。", [("县财政局", "responsible"), ("县农行", "responsible")]),
    "duty-word": ("市人事局要完善人才市场。", [("市人事局", "responsible")]),
    "half-width": ("各县(市)政府要按期报送,年内完成。", [("各县(市)政府", "responsible")]),
    "by-and-helper": ("由市财政局牵头,市审计局、市税务局配合,制定细则。", [("市财政局", "lead"), ("市审计局", "support"), ("市税务局", "support")]),
    "doing-word": ("省科技厅不定期举办培训班。", [("省科技厅", "responsible")]),
    "main-body": ("县政府是治理的工作主体，要落实资金。", [("县政府", "responsible")]),
    "list-with-and": ("市委、市人民政府和治水领导小组每年召开会议。", [("市委", "responsible"), ("市人民政府", "responsible"), ("治水领导小组", "responsible")]),
    "levels-share-an-organ": ("省、市农业部门负责验收。", [("省、市农业部门", "responsible")]),
    "and-inside-a-name": ("省发展和改革委员会要统筹安排。", [("省发展和改革委员会", "responsible")]),
    "together-with": ("市水务局会同市财政局开展检查。", [("市水务局", "responsible"), ("市财政局", "support")]),
    "by-one-with-another": ("由发展规划司会同信息司负责，三年建站5个。", [("发展规划司", "responsible"), ("信息司", "support")]),
    "led-by-one-with-others": ("由县水务局会同县林业局、县住建局牵头实施。", [("县水务局", "lead"), ("县林业局", "support"), ("县住建局", "support")]),
    "after-a-time": ("2026年下半年,由市数据局牵头编制规划。", [("市数据局", "lead")]),
    "main-and-supporting-body": ("以市农科所为主体,以某某农业大学为依托,开展示范。", [("市农科所", "responsible"), ("某某农业大学", "support")]),
    "office-holder": ("由当地党政一把手挂帅。", [("当地党政一把手", "lead")]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "units"), ACTING.values(), ids=ACTING)
def test_acting(text, units):
    assert [(unit.as_written, unit.role) for unit in acting_units(text)] == units


@pytest.mark.parametrize(
    "text",
    [
        "鼓励各县（市、区）培育企业。",
        "加强部门协作，形成合力。",
        "全市工作要整体推进。",
        "国家将给予支持。",
        "各县市区85%以上企业均应建立研发机构。",
        "由政府负责人召集会议。",
        "科技计划、科技专项等工作要向基层倾斜。",
        "工作布局要优化，全局要协调。",
    ],
)
def test_nobody_acts(text):
    assert acting_units(text) == ()


@settings(derandomize=True, max_examples=200)
@given(st.text(alphabet="市县省委局政府部门各级要应由牵头负责配合会同以为主体依托和、，。；（）() 某", max_size=60))
def test_every_unit_stands_in_the_text(text):
    assert all(unit.as_written in text for unit in acting_units(text))
