"""`duban unit`: lists taken in, names and bodies changed."""

import json

import pytest

from tests.builders import FINANCE, SCIENCE

DAY = ("--as", "office", "--on", "2013-06-03")


@pytest.fixture
def listed(tmp_path):
    place = tmp_path / "units.csv"
    place.write_text("单位,别名,上级单位,层级\n甲市人民政府,,,市\n甲市科技局,市科技局,甲市人民政府,市\n", encoding="gb18030")
    return place


def test_a_list_is_shown_then_taken_in(house, listed):
    shown = house("unit", "import", str(listed), "--dry-run", *DAY)
    assert "如果导入：新登记单位 2 个" in shown.out
    assert "甲市科技局" not in house("unit", "list").out
    done = json.loads(house("unit", "import", str(listed), "--json", *DAY).out)
    assert done["new"] == ["甲市人民政府", "甲市科技局"]
    assert {unit["name"]: unit["parent"] for unit in json.loads(house("unit", "list", "--json").out)}["甲市科技局"] == "甲市人民政府"
    listed.write_text("单位,层级\n丙局,村\n", encoding="utf-8")
    refused = house("unit", "import", str(listed), *DAY)
    assert refused.code == 1
    assert "第 2 行：不认识层级“村”" in refused.err
    listed.write_text("单位,层级\n" + "".join(f"{n}局,村\n" for n in range(120)), encoding="utf-8")
    assert "共 120 处" in house("unit", "import", str(listed), *DAY).err
    told = json.loads(house("unit", "import", str(listed), "--json", *DAY).out)["mistakes"]
    assert [(one["row"], one["column"], one["value"]) for one in told] == [(n + 2, "层级", "村") for n in range(120)]


def test_renamed_merged_and_split(house):
    assert house("unit", "rename", FINANCE, "省财政和国资厅", "--from", "2013-05-01", *DAY).code == 0
    merged = house("unit", "merge", SCIENCE, "--into", "省科技和工信厅", *DAY)
    assert (merged.code, merged.err.split("]")[0]) == (1, "error[unknown-unit")
    assert "3 项随之移交" in house("unit", "merge", SCIENCE, "--into", "省科技和工信厅", "--new", *DAY).out
    assert "3 项随之移交" in house("unit", "split", "省科技和工信厅", "--into", "省科技厅（新）", "省工信厅", "--new", *DAY).out
    assert "已撤销，由省科技厅（新）接续" in house("unit", "list").out
    assert "省科技厅（新）" in house("task", "list", "--on", "2013-06-03").out
    assert "逐条相符" in house("ledger", "verify").out


def test_the_task_history_says_who_took_over(house):
    assert house("unit", "merge", SCIENCE, "--into", FINANCE, *DAY).code == 0
    assert f"单位接续\toffice\t{SCIENCE}的责任由{FINANCE}接续" in house("task", "show", "1", "--history").out
