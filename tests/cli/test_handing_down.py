"""Handing a task down and handing in a part through the command line."""

import json

import pytest

from tests.builders import SCIENCE

DAY = ("--on", "2013-01-07")
NORTH, SOUTH = "北市科技局", "南市科技局"


@pytest.fixture
def begun(house_after):
    return house_after(begin)


def begin(house, folder):
    register = folder / "units.csv"
    register.write_text(f"名称,上级单位\n{NORTH},{SCIENCE}\n{SOUTH},{SCIENCE}\n", encoding="utf-8")
    assert house("unit", "import", str(register), "--as", "office", "--on", "2012-11-06").code == 0
    for name, role in (("north", "unit"), ("north-office", "plan_office")):
        assert house("account", "add", name, "--role", role, "--unit", NORTH, "--as", "admin", "--on", "2012-11-06").code == 0
    assert house("task", "acknowledge", "1", "--as", "kjt", *DAY).code == 0


def listed(duban, account):
    return [row["id"] for row in json.loads(duban("task", "list", "--json", "--as", account, *DAY).out)]


def test_a_preview_first_and_then_the_sheet(begun, tmp_path):
    seen = begun("task", "decompose", "1", "--to", f"{NORTH}=示范县:6", "--dry-run", "--as", "kjt", *DAY)
    assert (seen.code, seen.err) == (0, "")
    assert "示范县：应为 10个，合计 6，还缺 4个" in seen.out
    assert listed(begun, "north") == []
    refused = begun("task", "decompose", "1", "--to", f"{NORTH}=示范县:6", "--as", "kjt", *DAY)
    assert refused.err.startswith("error[shares-short]")
    sheet = tmp_path / "shares.csv"
    sheet.write_text(f"单位,示范县,期限\n{NORTH},6,2013-11-30\n{SOUTH},4,\n合计,10,\n", encoding="utf-8")
    done = json.loads(begun("task", "decompose", "1", str(sheet), "--json", "--as", "kjt", *DAY).out)
    assert [(row["unit"], row["due_on"], row["change"]) for row in done["shares"]] == [
        (NORTH, "2013-11-30", "new"),
        (SOUTH, "2013-12-31", "new"),
    ]
    north = done["shares"][0]["task_id"]
    assert listed(begun, "north") == listed(begun, "north-office") == [north]
    shown = begun("task", "show", "1", "--history", "--as", "kjt", *DAY).out
    assert "分解" in shown
    assert NORTH in shown
    assert begun("task", "show", "1", "--as", "north", *DAY).err.startswith("error[unknown-task]")
    assert begun("ledger", "verify").code == 0


def test_several_measures_and_units_on_the_line(begun):
    arguments = ("--to", f"{NORTH}=示范县：10", "--to", SOUTH, "--due", "2013-10-31", "--json")
    done = json.loads(begun("task", "decompose", "1", *arguments, "--as", "kjt", *DAY).out)
    assert [(row["unit"], row["due_on"], list(row["figures"])) for row in done["shares"]] == [
        (NORTH, "2013-10-31", ["示范县"]),
        (SOUTH, "2013-10-31", []),
    ]


def test_a_supporting_unit_hands_in_and_the_lead_sees_it(begun):
    silent = begun("task", "show", "1", "--as", "kjt", *DAY).out
    assert "尚未交材料的配合单位：省财政厅" in silent
    handed = begun("task", "hand-in", "1", "--value", "示范=3", "--text", "资金已下达", "--as", "czt", *DAY)
    assert "2013Q1 配合材料已交牵头单位（第 1 次）" in handed.out
    shown = begun("task", "show", "1", "--history", "--as", "kjt", *DAY).out
    assert "示范县 3" in shown
    assert "尚未交材料" not in shown
    assert "交配合材料" in shown


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("decompose", "1"), "shares-missing"),
        (("decompose", "1", "--to", f"{NORTH}=10"), "bad-value"),
        (("decompose", "1", "--to", f"{NORTH}=示范县:许多"), "bad-figure"),
        (("decompose", "1", "--to", f"{NORTH}=示范县:10", "--due", "soon"), "bad-date"),
        (("decompose", "1", "nowhere.xlsx"), "file-missing"),
        (("hand-in", "1", "--value", "示范县"), "bad-value"),
        (("hand-in", "1", "--value", "示范县=3-4"), "bad-value"),
        (("hand-in", "1", "--text", "好"), "lead-reports"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_line(begun, arguments, code):
    outcome = begun("task", *arguments, "--as", "kjt", *DAY)
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith(f"error[{code}]")
    assert outcome.err.count("\n") == 1
