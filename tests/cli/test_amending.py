"""`duban plan amend` and `close`: shown first, done only when said."""

import json

import pytest

from intake.draft import draft_as_json
from tests.builders import draft, item, yearly_task

DAY = ("--as", "office", "--on", "2013-06-03")


@pytest.fixture
def amended(tmp_path):
    wanted = draft(item(1, tasks=(yearly_task(2013, 12), *item(1).tasks[1:])), item(2, title="新增的一项", text="另一段内容"))
    wanted = wanted.model_copy(update={"source": wanted.source.model_copy(update={"sha256": "b" * 64})})
    place = tmp_path / "amended.json"
    place.write_text(json.dumps(draft_as_json(wanted), ensure_ascii=False), encoding="utf-8")
    return str(place)


def test_without_a_terminal_the_difference_is_only_shown(house, amended):
    outcome = house("plan", "amend", "1", amended, *DAY)
    assert outcome.code == 0
    assert "支持12个示范县" in outcome.out
    assert "新交办 3 项，调整 1 项，终止 0 项，不变 2 项" in outcome.out
    assert "--yes" in outcome.out
    assert json.loads(house("plan", "show", "1", "--json").out)["version"] == 1
    shown = json.loads(house("plan", "amend", "1", amended, "--json", *DAY).out)
    assert (shown["done"], len(shown["amendment"]["tasks"])) == (False, 6)


def test_amending_keeps_the_old_version_and_the_ledger_whole(house, amended):
    outcome = house("plan", "amend", "1", amended, "--yes", "--reason", "测政办发〔2013〕4号", *DAY)
    assert "已调整为第 2 版" in outcome.out
    assert "第 2 版" in house("plan", "show", "1").out
    assert "逐条相符" in house("ledger", "verify").out
    again = house("plan", "amend", "1", amended, "--yes", *DAY)
    assert (again.code, again.err.split("]")[0]) == (1, "error[nothing-to-amend")


def test_closing_asks_for_a_reason_while_tasks_are_open(house):
    refused = house("plan", "close", "1", *DAY)
    assert (refused.code, refused.err.split("]")[0]) == (1, "error[tasks-open")
    assert "3 项" in house("plan", "close", "1", "--reason", "提前收官", *DAY).out
    assert "已结束" in house("plan", "show", "1").out
