"""Flows by hand, seals, back-ups and the doctor as they are typed."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.running import Duban
from tests.databases import KIND, unguard_ledger
from tests.homes import past_the_program

FRIDAY = "2013-12-20"


def test_flows_are_listed_before_and_after_they_ran(house: Duban) -> None:
    listed = json.loads(house("flows", "list", "--json").out)
    assert [row["flow"] for row in listed][:2] == ["send-reminders", "deliver-waiting"]
    assert all(row["last"] is None for row in listed)
    assert house("flows", "run", "escalate_overdue", "--as-of", FRIDAY, "--local").code == 0
    last = {row["flow"]: row["last"] for row in json.loads(house("flows", "list", "--json").out)}
    assert (last["escalate-overdue"]["slot"], last["escalate-overdue"]["state"]) == (FRIDAY, "done")


def test_a_flow_runs_here_where_no_server_is_and_once_a_day(house: Duban) -> None:
    first = house("flows", "run", "seal-ledger", "--as-of", FRIDAY)
    assert (first.code, "已办理" in first.out) == (0, True)
    again = house("flows", "run", "seal-ledger", "--as-of", FRIDAY, "--json")
    assert json.loads(again.out)["skipped"] == f"{FRIDAY} 已办理过"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param(("flows", "run", "nothing"), "unknown-flow", id="unknown"),
        pytest.param(("flows", "run", "back-up", "--as-of", "2999-01-01"), "future-date", id="to-come"),
        pytest.param(("flows", "run", "back-up", "--as-of", "today"), "bad-date", id="no-day"),
        pytest.param(("flows", "deploy", "--pool", "office"), "no-prefect-server", id="deploy-nowhere"),
        pytest.param(("restore", "nothing.zip"), "file-missing", id="restore-nothing"),
        pytest.param(("ledger", "seal"), "no-account", id="seal-as-nobody"),
        pytest.param(("ledger", "seal", "--as", "kjt"), "no-right", id="seal-as-a-unit"),
    ],
)
def test_refusals(house: Duban, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: str) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    outcome = house(*words)
    assert (outcome.code, outcome.err.startswith(f"error[{code}]")) == (1, True), outcome.err


def test_the_ledger_is_sealed_and_held_against_its_seals(house: Duban) -> None:
    sealed = json.loads(house("ledger", "seal", "--as", "watch", "--json").out)
    [place] = sealed["files"]
    assert "1 个封存文件与台账相符" in house("ledger", "verify").out
    Path(place).write_text(Path(place).read_text().replace(sealed["chains"]["house"]["hash"], "0" * 64))
    broken = house("ledger", "verify")
    assert (broken.code, "error[seal-broken]" in broken.err) == (1, True)
    assert house("ledger", "seal", "--as", "watch").err.startswith("error[seal-broken]")


def test_a_seal_goes_into_the_second_folder_too(house: Duban, tmp_path: Path) -> None:
    share = {"DUBAN_SEAL_FOLDER": str(tmp_path / "share")}
    house("ledger", "seal", "--as", "watch", **share)
    [copy] = (tmp_path / "share").iterdir()
    copy.write_text("{}")
    assert "error[seal-broken]" in house("ledger", "verify", **share).err


def test_a_house_is_backed_up_and_put_back(house: Duban, tmp_path: Path) -> None:
    made = json.loads(house("backup", str(tmp_path / "made.zip"), "--json").out)
    assert made["rows"] > 20
    other = Duban(tmp_path / "other")
    assert "已恢复" in other("restore", str(tmp_path / "made.zip")).out
    assert other("task", "list", "--json").out == house("task", "list", "--json").out
    assert other("ledger", "verify").code == 0
    again = other("restore", str(tmp_path / "made.zip"))
    assert (again.code, again.err.startswith("error[database-filled]")) == (1, True)


def test_the_newest_back_ups_are_kept(house: Duban) -> None:
    folder = house.home / "backups"
    folder.mkdir()
    for day in ("2012-01-01", "2012-01-02"):
        (folder / f"duban-{day}-191100.zip").write_text("")
    assert house("flows", "run", "back-up", "--as-of", FRIDAY, "--local", DUBAN_BACKUP_KEEP="2").code == 0
    assert [place.name[6:16] for place in sorted(folder.iterdir())] == ["2012-01-02", FRIDAY]


def lines(house: Duban) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for line in json.loads(house("doctor", "--json").out):
        found.setdefault(line["part"], []).append((line["level"], line["message"]))
    return found


def test_the_doctor_finds_nothing_that_does_not_work_in_a_new_house(house: Duban) -> None:
    assert house("doctor").code == 0
    found = lines(house)
    assert {level for said in found.values() for level, _words in said} == {"ok", "warning"}
    assert {"database", "ledger", "clock", "mail", "disk", "holidays", "units", "office", "flows", "seal", "backup", "operator"} <= set(
        found
    )
    assert found["units"][0][0] == "warning"


def test_the_doctor_says_what_became_of_seal_and_back_up(house: Duban) -> None:
    for flow in ("seal-ledger", "back-up"):
        house("flows", "run", flow, "--local")
    found = lines(house)
    assert [found[part][-1][0] for part in ("seal", "backup")] == ["ok", "ok"]


def spoil_head(house: Duban) -> None:
    with past_the_program(house.home) as database:
        database.exec_driver_sql("UPDATE ledger_head SET hash = 'x'")


def spoil_counts(house: Duban) -> None:
    with past_the_program(house.home) as database:
        database.exec_driver_sql("UPDATE unit_count SET task_count = task_count + 1")


def spoil_mail(house: Duban) -> None:
    (house.home / "outbox").write_text("a file where the folder should be")


def spoil_channels(house: Duban) -> None:
    (house.home / "channels.toml").write_text("no toml")


def spoil_flow(house: Duban) -> None:
    (house.home / "backups").write_text("a file where the folder should be")
    assert house("flows", "run", "back-up", "--local").code == 1


def spoil_database(house: Duban) -> None:
    if KIND == "sqlite":
        shutil.copy(__file__, house.home / "duban.db")
    else:
        with past_the_program(house.home) as database:
            database.exec_driver_sql("DROP SCHEMA public CASCADE")


def spoil_clock(house: Duban) -> None:
    with past_the_program(house.home) as database:
        unguard_ledger(database)
        database.exec_driver_sql("UPDATE ledger_entry SET at = '2999-01-01 00:00:00.000000' WHERE id = 1")


@pytest.mark.parametrize(
    ("spoil", "part"),
    [
        (spoil_head, "ledger"),
        (spoil_mail, "mail"),
        (spoil_channels, "channels"),
        (spoil_flow, "flows"),
        (spoil_database, "database"),
        (spoil_clock, "clock"),
        (spoil_counts, "unit-counts"),
    ],
)
def test_the_doctor_names_what_does_not_work(house: Duban, spoil, part) -> None:
    spoil(house)
    outcome = house("doctor", "--json")
    assert outcome.code == 3
    assert [line["part"] for line in json.loads(outcome.out) if line["level"] == "problem"] == [part]
