"""Labels before a colon: what they say follows them, and words before a colon that are none."""

import pytest

from intake.labels import label_at, labels_in

KINDS = {
    "lead": ("牵头单位：", "lead"),
    "level-before": ("市级牵头部门:", "lead"),
    "boxed": ("【配合单位】", "support"),
    "taking-part": ("参加部门：", "support"),
    "carrying-out": ("实施主体：", "responsible"),
    "section": ("责任科室：", "responsible"),
    "watching": ("督导单位：", "responsible"),
    "person": ("责任领导：", "person"),
    "person-of-a-level": ("牵头市领导：", "person"),
    "telephone": ("联系电话：", "person"),
    "term": ("整改时限：", "due"),
    "schedule": ("进度安排：", "due"),
    "measures": ("整改措施：", "content"),
}


@pytest.mark.parametrize(("words", "kind"), KINDS.values(), ids=KINDS)
def test_kinds(words, kind):
    label = label_at(f"{words}甲")
    assert (label is not None and label.kind, label is not None and label.end) == (kind, len(words))


@pytest.mark.parametrize("words", ["发布时间：", "甲方：", "如下：", "市财政局：", "责任单位"])
def test_other_words_before_a_colon_are_no_label_at_the_head(words):
    assert label_at(f"{words}甲") is None


def test_units_and_their_persons_in_one_label():
    (label,) = labels_in("牵头单位及责任人：市教育局 张某")
    assert (label.kind, label.has_persons) == ("lead", True)
