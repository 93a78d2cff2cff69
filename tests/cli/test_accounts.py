"""Accounts and the access log through the command line."""

import json
import re

import pytest


@pytest.fixture
def guarded(house_after):
    return house_after(guard)


def guard(house, _folder):
    house("account", "add", "sec", "--role", "security_administrator", "--as", "admin")
    house("account", "add", "aud", "--role", "audit_administrator", "--as", "admin")
    house("account", "approve", "aud", "--as", "sec")


def test_an_account_is_kept_by_three_administrators(guarded):
    steps = [
        ("lock", "kjt", "--as", "admin"),
        ("unlock", "kjt", "--as", "sec"),
        ("second-factor", "kjt", "require", "--as", "sec"),
        ("second-factor", "kjt", "waive", "--as", "sec"),
        ("role", "watch", "plan_office", "--as", "sec"),
        ("password", "kjt", "--as", "admin"),
        ("invite", "kjt", "--as", "admin"),
    ]
    for step in steps:
        outcome = guarded("account", *step)
        assert (outcome.code, outcome.err) == (0, ""), step
    assert guarded("account", "second-factor", "kjt", "remove", "--as", "sec").err.startswith("error[no-second-factor]")
    assert guarded("account", "role", "watch", "supervisor", "--as", "admin").err.startswith("error[no-right]")
    told = json.loads(guarded("access-log", "list", "--json", "--as", "aud").out)
    assert [row["act"] for row in told] == ["invite", "give-password"]
    assert guarded("access-log", "list", "--as", "sec").err.startswith("error[no-right]")
    assert guarded("access-log", "list", "--act", "sneeze").err.startswith("error[unknown-access-act]")
    assert "逐条相符" in guarded("ledger", "verify").out


def test_links_for_units_are_made_after_a_yes_and_written_for_their_owner_alone(guarded, tmp_path):
    register = tmp_path / "units.csv"
    register.write_text("名称\n档案局\n", encoding="utf-8")
    assert guarded("unit", "import", str(register), "--as", "office").err == ""
    asked = guarded("account", "invite-units", "--as", "office")
    assert "档案局" in asked.out
    assert "--yes" in asked.out
    assert guarded("account", "invite-units", "--send", "--as", "office").err.startswith("error[no-public-url]")
    place = tmp_path / "links.csv"
    assert guarded("account", "invite-units", "--yes", "-o", str(place), "--as", "office").code == 0
    assert place.stat().st_mode & 0o077 == 0
    assert re.search(r"/invitations/[\w-]{40,}", place.read_text(encoding="utf-8-sig"))


def test_a_token_is_shown_once_and_ended(guarded, tmp_path):
    assert re.search(r"duban_[\w-]{43}", guarded("account", "token", "add", "报表", "--as", "kjt").out)
    (row,) = json.loads(guarded("account", "token", "list", "--json", "--as", "kjt").out)
    assert guarded("account", "token", "end", str(row["id"]), "--as", "kjt").code == 0
    assert json.loads(guarded("account", "log-ins", "--json", "--as", "kjt").out) == []
    place = tmp_path / "log.csv"
    assert "2 条" in guarded("access-log", "export", str(place), "--of", "kjt", "--as", "aud").out
    assert "make-token" in place.read_text(encoding="utf-8-sig")
