"""What is tried against the pages from outside, and from inside by somebody who writes his requests himself."""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from models.access import TokenScope
from models.account import AccountRole as R
from rules.rights import Actor
from runtime.clock import now
from runtime.database import transaction
from runtime.flow_board import BoardView, SchedulerState
from services.access.tokens import NewToken, make_token
from tests.web.conftest import Home
from tests.web.guests import FORM_TOKEN, words_of
from web.forms import safe_name

TEMPLATES = Path(__file__).parents[2] / "web" / "templates"
PARTS = "multipart/form-data; boundary=x"
SLOW_CODINGS = (f"{PARTS}; charset=punycode", 'Multipart/Form-Data; CHARSET="utf-7"; boundary=x', rf"{PARTS}; char\set=idna")


def log_of(home: Home) -> str:
    return words_of(home.guests["audit_administrator"].get("/access-log").text)


def one_part(name: str, text: str) -> bytes:
    return f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n--x--\r\n'.encode()


@pytest.mark.parametrize("coding", SLOW_CODINGS)
def test_a_form_in_another_coding_is_not_read(home: Home, coding: str) -> None:
    # A coding made for names of hosts takes a minute and more to read a megabyte.
    answer = home.nobody.ask("POST", "/log-in", headers={"Content-Type": coding}, content=one_part("name", "xn--" + "9" * 40_000))
    assert answer.status_code == 415


def test_what_browsers_send_is_read(home: Home) -> None:
    for kind in (PARTS, 'multipart/form-data; boundary="x"', "multipart/form-data; charset=UTF-8; boundary=x"):
        answer = home.nobody.ask("POST", "/log-in", headers={"Content-Type": kind}, content=one_part("name", "nobody-there"))
        assert (answer.status_code, "nobody-there" in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        pytest.param("POST", "/log-in", {"Content-Length": str(1 << 20)}, 413, id="nobody sends much"),
        pytest.param("POST", "/invitations/none", {"Content-Length": "9" * 5000}, 413, id="a length that is no number one reckons with"),
        pytest.param("POST", "/log-in", {"Origin": "http://["}, 403, id="an origin that cannot be read"),
        pytest.param("POST", "/log-in", {"Origin": "null"}, 403, id="a form from a frame without a site"),
        pytest.param("POST", "/tasks/1/acknowledge", {"Sec-Fetch-Site": "same-site"}, 403, id="a neighbour's form"),
        pytest.param("GET", "/access-log?account=%00", {}, 400, id="a sign that no database takes"),
        pytest.param("GET", f"/tasks/{10**20}", {}, 404, id="an id that no database takes"),
        pytest.param("POST", f"/tasks/{'9' * 5000}/report", {}, 404, id="an id of five thousand digits"),
        pytest.param("GET", f"/access-log?before={10**25}", {}, 404, id="a number that no database takes"),
        pytest.param("GET", "/plans/1?on=2001-01-01", {}, 404, id="a plan before it was issued"),
        pytest.param("TRACE", "/log-in", {}, 405, id="a method that echoes"),
    ],
)
def test_what_nobody_types_is_refused_without_a_trace(
    quiet_home: Home, method: str, path: str, headers: Mapping[str, str], status: int
) -> None:
    name = "audit_administrator" if path.startswith("/access-log") else "supervisor"
    answer = quiet_home.guests[name].ask(method, path, headers=headers)
    assert (answer.status_code, "Traceback" in answer.text) == (status, False)
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_text_has_an_end(home: Home) -> None:
    answer = home.guests["unit"].post("/tasks/1/acknowledge", {"reason": "长" * 60_000})
    assert (answer.status_code, "最多 50000 字" in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        pytest.param("验" * 120 + ".pdf", "验" * 78 + ".pdf", id="longer than a file system takes"),
        pytest.param("../../etc/passwd", "passwd", id="a path"),
        pytest.param("..\\..\\x.txt", "x.txt", id="a path of the other kind"),
        pytest.param("..", "未命名", id="the folder above"),
        pytest.param("a\r\nSet-Cookie: x\x00.txt", "aSet-Cookie_ x.txt", id="lines of a header"),
    ],
)
def test_a_file_is_kept_under_a_name_that_harms_nothing(name: str, kept: str) -> None:
    assert safe_name(name) == kept


def test_strangers_are_told_nothing_of_the_machine(home: Home) -> None:
    home.board.show(BoardView(SchedulerState.DEGRADED, problem="OperationalError: unable to open /var/lib/somewhere"))
    told = home.nobody.get("/healthz")
    assert (told.json()["problem"], "/var" in told.text) == ("OperationalError", False)


def test_an_act_that_is_refused_for_want_of_a_right_is_entered(home: Home) -> None:
    assert home.guests["supervisor"].post("/tasks/1/acknowledge").status_code == 403
    assert "watcher 127.0.0.1 POST /tasks/{task_id:int}/acknowledge" in log_of(home)


def test_a_token_that_is_no_good_or_too_little_is_entered(home: Home) -> None:
    with transaction(home.context.engine) as session:
        actor = Actor(home_account(home, "unit"), "unit-person", R.UNIT, home.units["unit"])
        token = make_token(session, actor, NewToken("平台", TokenScope.READ, 1), now())
    for given, status in ((token, 403), ("duban_guessed", 401)):
        answer = home.nobody.ask("POST", "/api/v1/tasks/1/acknowledge", headers={"Authorization": f"Bearer {given}"})
        assert answer.status_code == status
    told = log_of(home)
    assert "unit-person 127.0.0.1 POST /api/v1/tasks/{task_id}/acknowledge；token-reads-only" in told
    assert "- 127.0.0.1 POST /api/v1/tasks/{task_id}/acknowledge；no-token" in told
    assert "duban_guessed" not in told


def home_account(home: Home, name: str) -> int:
    return int(home.guests[name].cookies["duban"].rpartition("-")[2])


def test_nobody_guesses_a_password_by_taking_the_second_factor_away(home: Home) -> None:
    told = [home.guests["unit"].post("/second-factor/remove", {"password": f"guess {number}"}).text for number in range(6)]
    assert ["失败次数太多" in text for text in told] == [False] * 5 + [True]


def test_over_tls_the_cookie_is_bound_to_the_house(home: Home) -> None:
    async def asking() -> list[str]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(home.app), base_url="https://127.0.0.1") as browser:
            language = await browser.get("/language/zh?next=//elsewhere.example")
            page = await browser.get("/profile", headers={"Cookie": home_cookie(home)})
            assert page.headers["Strict-Transport-Security"]
            return [language.headers["Set-Cookie"], language.headers["Location"], page.headers["Location"]]

    cookie, to, asked_to = asyncio.run(asking())
    assert "Secure" in cookie
    assert to == "/"
    # The cookie of a log-in without TLS, which anybody on the way may have seen, opens nothing here.
    assert asked_to.startswith("/log-in")


def home_cookie(home: Home) -> str:
    return f"duban={home.guests['unit'].cookies['duban']}"


@pytest.mark.parametrize("place", sorted(TEMPLATES.rglob("*.j2")), ids=lambda place: place.relative_to(TEMPLATES).as_posix())
def test_no_template_runs_or_looks_by_itself_or_lets_markup_through(place: Path) -> None:
    text = place.read_text(encoding="utf-8")
    assert not re.findall(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=|\shx-on|javascript:|\|\s*safe|autoescape|https?://", text)


def test_the_form_of_another_log_in_is_not_taken(home: Home) -> None:
    answer = home.guests["unit"].post("/tasks/1/acknowledge", {"form_token": FORM_TOKEN + "x"})
    assert answer.status_code == 403
    assert home.guests["unit"].post("/tasks/1/acknowledge").status_code == 303
