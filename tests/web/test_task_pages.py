"""A task's page, its history as of a day, the files handed in on it, and the list of tasks."""

from datetime import date

import pytest

from rules.texts import use_language
from runtime.database import transaction
from services.progress import ProgressInput, record_progress
from services.report_values import Amount
from services.tasks import acknowledge_task
from tests import builders
from tests.web.conftest import Home
from tests.web.guests import words_of

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.fixture
def reported(home: Home) -> Home:
    """Task 1 acknowledged and reported on, with a list and a picture."""
    folder = home.context.settings.home
    files = (folder / "名单.html", folder / "现场.png")
    files[0].write_text("<script>alert(1)</script>", encoding="utf-8")
    files[1].write_bytes(PNG)
    actor = builders.Actor(4, "science", builders.AccountRole.UNIT, home.units["unit"])
    said = ProgressInput(values={"示范县": Amount(3)}, text="已选<b>三县</b>", evidence=files)
    with transaction(home.context.engine) as session:
        acknowledge_task(session, 1, builders.on(date(2013, 1, 7), actor))
        record_progress(session, 1, said, home.context.store, builders.on(date(2013, 4, 2), actor))
    return home


def test_the_page_tells_the_whole(reported: Home) -> None:
    html = reported.guests["supervisor"].get("/tasks/1").text
    text = words_of(html)
    for words in (
        "示范行动1（2013年）",
        "红灯",
        "已超期",
        "超过办结期限的，亮红灯",
        "示范县 3个",
        "已选<b>三县</b>",
        "名单.html",
        "查看数据表",
        "签收",
    ):
        assert words in text, words
    assert "<b>三县</b>" not in html
    assert "polyline" in html
    assert " style=" not in html


def test_the_page_of_an_earlier_day(reported: Home) -> None:
    guest = reported.guests["plan_office"]
    text = words_of(guest.get("/tasks/1?on=2013-02-01").text)
    assert "签收" in text
    assert "三县" not in text
    assert "您看到的是过去某一天结束时的情况" in text
    html = guest.get("/tasks/1?on=2013-02-01").text
    assert '/tasks/1?on=2013-01-07"' in html
    assert '/tasks/1?on=2013-04-02"' in html
    assert guest.get("/tasks/1?on=2113-01-01").status_code == 422


def test_the_same_page_in_english(reported: Home) -> None:
    guest = reported.guests["supervisor"]
    guest.get("/language/en")
    with use_language("zh"):
        assert '<html lang="en">' in guest.get("/tasks/1").text


def test_what_may_be_done_is_offered(reported: Home) -> None:
    links = {name: reported.guests[name].get("/tasks/1").text for name in ("unit", "support", "plan_office")}
    assert '"/tasks/1/report"' in links["unit"]
    assert '"/tasks/1/part"' in links["support"]
    assert '"/tasks/1/report"' not in links["support"] + links["plan_office"]


def test_files_are_downloads_that_cannot_run(reported: Home) -> None:
    guest = reported.guests["supervisor"]
    page = guest.get("/tasks/1/evidence/1")
    assert page.status_code == 200
    assert page.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E5%90%8D")
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Content-Security-Policy"].endswith("sandbox")
    assert guest.get("/tasks/1/evidence/1?inline=1").headers["Content-Disposition"].startswith("attachment")
    picture = guest.get("/tasks/1/evidence/2?inline=1")
    assert (picture.headers["Content-Disposition"], picture.headers["Content-Type"], picture.content) == ("inline", "image/png", PNG)
    again = guest.get("/tasks/1/evidence/2", headers={"If-None-Match": picture.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("name", "path"),
    [("stranger", "/tasks/1/evidence/1"), ("supervisor", "/tasks/2/evidence/1"), ("supervisor", "/tasks/1/evidence/9"), ("stranger", "/tasks/1")],
    ids=["of a foreign task", "under another task", "none", "the task itself"],
)  # fmt: skip
def test_what_is_not_there_for_somebody(reported: Home, name: str, path: str) -> None:
    answer = reported.guests[name].get(path)
    assert answer.status_code == 404
    assert "示范行动" not in answer.text


def test_the_list_and_its_filters(reported: Home) -> None:
    guest = reported.guests["plan_office"]
    assert guest.get("/tasks").text.count('<a href="/tasks/') == 6
    for query, count in (
        ("year=2014", 2),
        ("state=in_progress", 1),
        ("text=行动2", 3),
        ("unit=财政", 0),
        ("light=green", 0),
        ("plan=1&on=2013-02-01", 6),
    ):
        assert guest.get(f"/tasks?{query}").text.count('<a href="/tasks/') == count, query
    assert [guest.get(f"/tasks?{query}").status_code for query in ("light=blue", "plan=x", "year=1", "after=nonsense")] == [
        422,
        422,
        422,
        200,
    ]
    assert "没有符合条件的任务" in reported.guests["stranger"].get("/tasks").text
