"""Closing parts that give clauses to units by number, and lines that cover the clauses above them."""

from datetime import date

import pytest

from tests.intake.samples import read_text

LIST = "海滨市2024年便民工作安排\n一、主要工作\n（一）修路30公里，10月底前完工。\n（二）架桥2座。\n（三）栽树500亩。\n（四）办好食堂5个。\n二、任务分工\n"
PLAIN = "海滨市2024年便民工作安排\n一、主要工作\n1.修路30公里。\n2.架桥2座。\n3.栽树500亩。\n4.办好食堂5个。\n二、责任落实\n"


def units(tmp_path, text):
    items = read_text(tmp_path, text).items
    return {item.text[:2]: [(unit.name, unit.role[:1]) for unit in item.units] for item in items}


STRAIGHT = {
    "one by one": (
        LIST + "第（一）项由市交通局牵头，市财政局配合；第（二）项由市水利局负责；第（三）、（四）项由市林业局负责。\n",
        {
            "修路": [("市交通局", "l"), ("市财政局", "s")],
            "架桥": [("市水利局", "r")],
            "栽树": [("市林业局", "r")],
            "办好": [("市林业局", "r")],
        },
    ),
    "a span": (
        PLAIN + "第1至3项任务由市交通局负责，第4项任务由市民政局负责。\n",
        {"修路": [("市交通局", "r")], "架桥": [("市交通局", "r")], "栽树": [("市交通局", "r")], "办好": [("市民政局", "r")]},
    ),
    "units first": (
        PLAIN + "（一）市交通局牵头负责第1、2项任务，市财政局配合。\n（二）市林业局负责第3项任务。\n（三）市民政局负责第4项任务。\n",
        {
            "修路": [("市交通局", "l"), ("市财政局", "s")],
            "架桥": [("市交通局", "l"), ("市财政局", "s")],
            "栽树": [("市林业局", "r")],
            "办好": [("市民政局", "r")],
        },
    ),
    "written otherwise": (
        PLAIN + "第一项由市交通局负责。第二、三、四项由市林业局负责。\n",
        {"修路": [("市交通局", "r")], "架桥": [("市林业局", "r")], "栽树": [("市林业局", "r")], "办好": [("市林业局", "r")]},
    ),
}


@pytest.mark.parametrize(("text", "expected"), STRAIGHT.values(), ids=STRAIGHT)
def test_numbers_name_the_clauses(tmp_path, text, expected):
    assert units(tmp_path, text) == expected


def test_the_time_of_a_clause_stays_its_own(tmp_path):
    first = read_text(tmp_path, LIST + "第（一）项由市交通局负责；第（二）至（四）项由市林业局负责。\n").items[0]
    assert (first.due_on, first.issue) == (date(2024, 10, 31), True)


def test_a_count_of_those_above_is_no_number(tmp_path):
    text = PLAIN.replace("二、责任落实\n", "以上三项工作由市林业局牵头，市财政局配合，2024年9月底前完成。\n")
    items = read_text(tmp_path, text).items
    assert [(item.text[:2], [unit.name for unit in item.units]) for item in items if item.units] == [
        ("架桥", ["市林业局", "市财政局"]),
        ("栽树", ["市林业局", "市财政局"]),
        ("办好", ["市林业局", "市财政局"]),
    ]
    assert {item.due_on for item in items if item.units} == {date(2024, 9, 30)}


def test_a_number_that_stands_in_two_sections_is_given_to_nobody(tmp_path):
    text = "海滨市2024年便民工作安排\n一、道路\n（一）修路30公里。\n二、树木\n（一）栽树500亩。\n（二）种草80亩。\n三、分工\n第（一）项由市交通局负责，第（二）项由市林业局负责。\n"
    assert units(tmp_path, text)["种草"] == [("市林业局", "r")]
    assert units(tmp_path, text).get("修路", []) == units(tmp_path, text).get("栽树", []) == []
