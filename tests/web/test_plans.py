"""Plans in the browser: the table as a reader finds it, its filters and days, and that a kept page is never an old one."""

from io import BytesIO

import openpyxl
import pytest

from runtime.clock import today
from runtime.database import transaction
from services.actors import actor_named
from services.tasks import acknowledge_task
from tests.builders import on
from tests.web.conftest import Home
from tests.web.guests import words_of
from web.words import label_words


def test_the_list_leads_to_the_table(home: Home) -> None:
    page = home.guests["plan_office"].get("/plans").text
    assert 'href="/plans/1"' in page
    assert "关于建设示范县的实施方案" in words_of(page)
    assert "6 项任务" in words_of(page)
    assert "没有您单位承担任务的计划" in words_of(home.guests["stranger"].get("/plans").text)


def test_the_table_says_in_words_what_its_colours_say(home: Home) -> None:
    page = home.guests["unit"].get("/plans/1").text
    words = words_of(page)
    assert "任务分解及责任分工表" in words
    for year in (2013, 2014, 2015):
        assert f"{year}年" in words
    assert page.count('href="/tasks/') == 6
    assert words.count("红灯") >= 6
    assert "牵头 省科技厅" in words
    assert "配合 省财政厅" in words


def test_filters_and_days_are_kept_in_the_address(home: Home) -> None:
    page = home.guests["plan_office"].get("/plans/1?unit=财政&part=lead").text
    assert "没有符合条件的任务" in page
    assert 'value="财政"' in page
    back = home.guests["plan_office"].get("/plans/1?on=2013-01-10&text=行动1")
    assert "截至2013年1月10日" in back.text
    assert back.text.count('href="/tasks/') == 3
    assert home.guests["plan_office"].get("/plans/1?light=pink&quarter=abc&page=x").text.count('href="/tasks/') == 6


def test_a_day_that_cannot_be_is_refused(home: Home) -> None:
    for day in ("2113-01-01", "gestern"):
        assert home.guests["plan_office"].get(f"/plans/1?on={day}").status_code == 422
    assert home.guests["plan_office"].get("/plans/77").status_code == 404


def test_a_kept_page_is_made_anew_after_an_act(home: Home) -> None:
    guest = home.guests["plan_office"]
    assert guest.get("/plans/1").text.count("待签收") == guest.get("/plans/1").text.count("待签收") == 6
    with transaction(home.context.engine) as session:
        acknowledge_task(session, 1, on(today(), actor_named(session, "unit-person")))
    assert guest.get("/plans/1").text.count("待签收") == 5


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("2013年", "2013年"),
        ("2013—2015年", "2013—2015年"),
        ("2026-06-25—2027-12-31", "2026年6月25日至2027年12月31日"),
        ("一—二—三", "一—二—三"),
    ],
)
def test_a_label_of_two_dates_is_read_as_people_write_them(label: str, words: str) -> None:
    assert label_words(label) == words


def test_the_ledger_comes_as_a_workbook(home: Home) -> None:
    answer = home.guests["unit"].get("/plans/1/book.xlsx")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert openpyxl.load_workbook(BytesIO(answer.content), read_only=True).sheetnames
