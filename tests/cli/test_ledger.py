"""`duban ledger` and `duban rules`: proof, export, rebuilding; versions by day."""

import json

import pytest

from tests.databases import unguard_ledger
from tests.homes import past_the_program


def tamper(house, *statements):
    with past_the_program(house.home) as connection:
        unguard_ledger(connection)
        for statement in statements:
            connection.exec_driver_sql(statement)


TAMPERINGS = [
    pytest.param(["UPDATE task SET due_on = '2030-01-01' WHERE id = 1"], "tables-differ", "表 task 第 1 行的 due_on", id="a table"),
    pytest.param(["DELETE FROM target WHERE id = 1"], "tables-differ", "表 target 少了第 1 行", id="a row gone"),
    pytest.param(["UPDATE ledger_head SET hash = 'f' WHERE chain = 'plan-1'"], "ledger-broken", "plan-1 的第", id="a head"),
    pytest.param(
        ["UPDATE ledger_entry SET actor = 'x' WHERE chain = 'plan-1' AND seq = 2"],
        "ledger-broken",
        "plan-1 的第 2 条记录：内容被改动",
        id="an entry",
    ),
]


@pytest.mark.parametrize(("statements", "code", "said"), TAMPERINGS)
def test_verify_names_what_was_done_past_the_program(house, statements, code, said):
    tamper(house, *statements)
    outcome = house("ledger", "verify")
    assert (outcome.code, outcome.err.split("]")[0]) == (1, f"error[{code}")
    assert said in outcome.err
    assert house("ledger", "verify", "--json").code == 1


def test_export_and_rebuild(house, tmp_path):
    place, again = tmp_path / "ledger.jsonl", tmp_path / "again.db"
    assert house("ledger", "export", str(place)).code == 0
    lines = place.read_text(encoding="utf-8").splitlines()
    entries = json.loads(house("ledger", "verify", "--json").out)["entries"]
    assert (len(lines) - 1, json.loads(lines[0])["format"]) == (entries, "duban/ledger/1")
    assert house("ledger", "rebuild", "--into", str(again)).code == 0
    url = f"sqlite:///{again}"
    assert "逐条相符" in house("ledger", "verify", DUBAN_DATABASE_URL=url).out
    assert house("task", "list", "--json", DUBAN_DATABASE_URL=url).out == house("task", "list", "--json").out
    refused = house("ledger", "rebuild", "--into", str(again))
    assert refused.err.startswith("error[database-filled]")
    unwritable = house("ledger", "export", str(tmp_path / "no" / "folder.jsonl"))
    assert unwritable.err.startswith("error[file-not-written]")


def test_rules_are_listed_shown_and_adopted(house, tmp_path):
    place = tmp_path / "rules.json"
    place.write_text('{"version": "2014-1", "yellow_gap_pp": 5}', encoding="utf-8")
    adopted = house("rules", "adopt", str(place), "--from", "2014-01-01", "--as", "watch", "--on", "2013-06-03")
    assert "2014-1" in adopted.out
    assert [row["effective_on"] for row in json.loads(house("rules", "list", "--json").out)] == [None, "2014-01-01"]
    assert json.loads(house("rules", "show", "--json", "--on", "2014-02-01").out)["yellow_gap_pp"] == 5
    assert json.loads(house("rules", "show", "--json", "--on", "2013-02-01").out)["yellow_gap_pp"] == 10
    for content, code in (("{", "bad-rules"), ("[]", "bad-rules"), ('{"yellow_gap_pp": 5}', "bad-rules")):
        place.write_text(content, encoding="utf-8")
        assert house("rules", "adopt", str(place), "--from", "2015-01-01", "--as", "watch").err.startswith(f"error[{code}]")
    assert house("rules", "show", "none").err.startswith("error[unknown-rules]")
