"""`duban unit calendar`: the address is shown once, and can be changed and ended."""

import json

import pytest

from tests.builders import FINANCE, SCIENCE

DAY = ("--on", "2013-06-03")
OWN = ("--as", "kjt", *DAY)


def test_the_address_is_shown_once_renewed_and_ended(house):
    made = house("unit", "calendar", SCIENCE, *OWN, DUBAN_PUBLIC_URL="https://duban.example/")
    first, address = made.out.splitlines()
    assert (made.code, made.err) == (0, "")
    assert first == f"{SCIENCE} 的日历地址（只显示这一次，知道它的人都能查看，请勿外传）："
    assert address.startswith("https://duban.example/calendar/")
    assert address.endswith(".ics")
    assert house("unit", "calendar", SCIENCE, *OWN).err.startswith("error[feed-open]")
    renewed = house("unit", "calendar", SCIENCE, "--renew", "--json", *OWN)
    shown = json.loads(renewed.out)
    assert (shown["unit"], shown["contact"]) == (SCIENCE, None)
    assert shown["address"].startswith("http://127.0.0.1:8330/calendar/")
    assert shown["address"] != address
    assert "DUBAN_PUBLIC_URL" in renewed.err
    assert house("unit", "calendar", SCIENCE, "--end", *OWN).out == f"{SCIENCE} 的日历地址已停用\n"
    assert house("unit", "calendar", SCIENCE, "--end", *OWN).err.startswith("error[no-feed]")
    assert house("unit", "calendar", SCIENCE, "--list", *OWN).out == f"{SCIENCE} 没有在用的日历地址\n"
    assert house("ledger", "verify").code == 0


def test_a_contact_has_one_of_its_own(house):
    assert house("unit", "contact", SCIENCE, "li@kjt.example", "--name", "李科", "--as", "office", *DAY).code == 0
    made = house("unit", "calendar", SCIENCE, "--contact", "李科", "--as", "office", *DAY, DUBAN_HOST="::1")
    assert made.out.startswith(f"{SCIENCE}（李科） 的日历地址")
    assert "http://[::1]:8330/calendar/" in made.out
    assert house("unit", "calendar", SCIENCE, "--list", *DAY).out == "属于\t建立\n李科\t2013-06-03\n"
    assert json.loads(house("unit", "calendar", SCIENCE, "--list", "--json", *DAY).out) == [{"contact": "李科", "made_on": "2013-06-03"}]
    ended = house("unit", "calendar", SCIENCE, "--contact", "李科", "--end", "--json", *OWN)
    assert json.loads(ended.out) == {"unit": SCIENCE, "contact": "李科", "ended_on": "2013-06-03"}


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        pytest.param((FINANCE, *OWN), 1, "error[not-your-task]", id="another unit's"),
        pytest.param((FINANCE, "--list", *OWN), 1, "error[not-your-task]", id="another unit's list"),
        pytest.param((SCIENCE, *DAY), 1, "error[no-account]", id="nobody"),
        pytest.param((SCIENCE, "--renew", "--end", *OWN), 2, "--renew", id="two things at once"),
    ],
)
def test_refused(house, arguments, code, told):
    refused = house("unit", "calendar", *arguments)
    assert refused.code == code
    assert told in refused.err
