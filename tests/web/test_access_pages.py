"""Coming in by the pages: the log-in with its cookie, passwords that are kept nowhere, secrets shown once, the second factor, administrators apart."""

import re
from datetime import timedelta
from html import unescape

import pyotp
import pytest
from sqlmodel import select

from models.account import Account, AccountRole
from models.once import DoneOnce
from rules.access_policy import HashCost
from runtime.clock import now
from runtime.database import reading, transaction
from services.access.log_ins import end_all
from services.access.passwords import hash_password
from tests.builders import keep
from tests.web.guests import words_of

PASSWORD = "一句只有自己知道的长话"
NEW = "另一句谁也猜不到的话"


@pytest.fixture
def person(home):
    """Somebody of a unit with a password, as a browser that has not logged in."""
    with transaction(home.context.engine) as session:
        hashed = hash_password(PASSWORD, HashCost(1, 8, 1))
        keep(
            session,
            Account(
                name="李科",
                role=AccountRole.UNIT,
                unit_id=home.units["unit"],
                password_hash=hashed,
                must_change_password=False,
                created_at=now(),
            ),
        )
    return home.nobody


def log_in(guest, **said):
    return guest.post("/log-in", {"name": "李科", "password": PASSWORD, **said})


def account_id(home, name):
    with reading(home.context.engine) as session:
        return session.exec(select(Account.id).where(Account.name == name)).one()


def secret_in(answer):
    return unescape(re.search(r"<code>([^<]+)</code>", answer.text)[1])


def form_token(guest, path):
    return re.search(r'name="form_token" value="([^"]+)"', guest.get(path).text)[1]


def test_logging_in_leads_where_one_wanted_to_go_and_out_again(person):
    assert person.get("/profile").headers["location"] == "/log-in?next=/profile"
    answer = log_in(person, next="/profile")
    assert (answer.status_code, answer.headers["location"]) == (303, "/profile")
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("duban="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert person.get("/profile").status_code == 200
    token = form_token(person, "/profile")
    assert person.post("/log-out", {"form_token": token}).status_code == 303
    assert person.get("/profile").status_code == 303


@pytest.mark.parametrize("elsewhere", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/a\nb"])
def test_the_log_in_leads_to_no_other_house(person, elsewhere):
    assert log_in(person, next=elsewhere).headers["location"] == "/"


def test_a_refusal_keeps_the_name_and_not_the_password(person):
    answer = log_in(person, password="not this one")
    assert answer.status_code == 422
    assert 'value="李科"' in answer.text
    assert "not this one" not in answer.text
    assert "没有登录" in words_of(answer.text)


def test_a_new_password_is_kept_only_as_its_hash(home, person):
    log_in(person)
    token = form_token(person, "/password")
    fields = {"form_token": token, "password": PASSWORD, "password_new": NEW, "password_again": NEW}
    assert person.post("/password", {**fields, "password_again": "别的"}).status_code == 422
    assert person.post("/password", fields).status_code == 303
    assert person.get("/profile").status_code == 200
    with reading(home.context.engine) as session:
        (first,) = session.exec(select(DoneOnce.request_hash)).all()
    with transaction(home.context.engine) as session:
        end_all(session, account_id(home, "李科"), now())
    log_in(person, password=NEW)
    token = form_token(person, "/password")
    person.post("/password", {"form_token": token, "password": NEW, "password_new": PASSWORD, "password_again": PASSWORD})
    with reading(home.context.engine) as session:
        assert set(session.exec(select(DoneOnce.request_hash)).all()) == {first}


def test_nobody_guesses_on_at_a_browser_left_open(person):
    log_in(person)
    token = form_token(person, "/password")
    told = [
        person.post("/password", {"form_token": token, "password": f"guess {number}", "password_new": NEW, "password_again": NEW}).text
        for number in range(6)
    ]
    assert [("原口令不对" in text, "失败次数太多" in text) for text in told] == [(True, False)] * 5 + [(False, True)]
    fields = {"form_token": token, "password": PASSWORD, "password_new": NEW, "password_again": NEW}
    assert person.post("/password", fields).status_code == 422


def test_a_one_time_password_is_shown_once_and_leads_to_a_password_of_ones_own(home, person):
    administrator, path = home.guests["administrator"], f"/accounts/{account_id(home, '李科')}/password"
    answer = administrator.post(path, {"key": "the-same"})
    given = secret_in(answer)
    assert secret_in(administrator.post(path, {"key": "another"})) != given
    again = administrator.post(path, {"key": "the-same"})
    assert (again.status_code, given in again.text) == (422, False)
    with reading(home.context.engine) as session:
        assert given not in str(session.exec(select(DoneOnce.answer)).all())
    assert log_in(person, password=given).status_code == 422
    given = secret_in(administrator.post(path, {"key": "a-third"}))
    assert log_in(person, password=given).status_code == 303
    assert person.get("/profile").headers["location"] == "/password"


def test_an_invitation_sets_the_password(home, person):
    answer = home.guests["administrator"].post(f"/accounts/{account_id(home, '李科')}/invitation")
    path = "/invitations/" + secret_in(answer).rpartition("/")[2]
    page = person.get(path)
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "李科" in words_of(page.text)
    assert person.post(path, {"password_new": "12345678", "password_again": "12345678"}).status_code == 422
    assert person.post(path, {"password_new": NEW, "password_again": NEW}).headers["location"] == "/log-in?fresh=true"
    assert person.get(path).status_code == 404
    assert log_in(person, password=NEW).status_code == 303


def test_who_makes_an_account_that_must_be_approved_is_told_so(home):
    administrator, told = home.guests["administrator"], []
    for name, role in (("second", "administrator"), ("third", "supervisor")):
        told.append("须经安全管理员批准才能登录" in administrator.post("/accounts", {"name": name, "role": role}).text)
    assert told == [True, False]
    nameless = administrator.post("/accounts", {"name": "fourth", "role": "unit"})
    assert (nameless.status_code, "责任单位的账号须写明单位" in nameless.text) == (422, True)


def test_a_second_factor_is_set_up_by_its_code_and_asked_from_then_on(home, person):
    log_in(person)
    page = person.get("/second-factor").text
    secret = re.search(r'name="code_secret" value="([A-Z2-7]{32})"', page)[1]
    token = form_token(person, "/second-factor")
    fields = {"form_token": token, "code_secret": secret, "password": PASSWORD}
    unproven = person.post("/second-factor", {**fields, "password": "somebody else's", "code": pyotp.TOTP(secret).now()})
    assert (unproven.status_code, "口令不对" in unproven.text) == (422, True)
    again = person.post("/second-factor", {**fields, "code": "000000"})
    assert (again.status_code, secret in again.text) == (422, True)
    assert person.post("/second-factor", {**fields, "code": pyotp.TOTP(secret).now()}).status_code == 303
    assert person.get("/profile").status_code == 200
    other = home.nobody
    assert log_in(other).status_code == 422
    assert log_in(other, code=pyotp.TOTP(secret).at(now() + timedelta(seconds=30))).status_code == 303


def test_administrators_see_only_what_they_may_do(home):
    path = f"/accounts/{account_id(home, 'planner')}"
    keeper, guard = (words_of(home.guests[name].get(path).text) for name in ("administrator", "security_administrator"))
    assert ("重置口令" in keeper, "改为这个角色" in keeper) == (True, False)
    assert ("重置口令" in guard, "改为这个角色" in guard) == (False, True)


def test_whoever_is_turned_away_stands_in_the_access_log(home):
    home.guests["unit"].get("/accounts")
    home.guests["stranger"].get("/tasks/1")
    told = words_of(home.guests["audit_administrator"].get("/access-log").text)
    assert "stranger-person 127.0.0.1 GET /tasks/{task_id:int}" in told
    assert "unit-person 127.0.0.1 GET /accounts" in told
    exported = home.guests["audit_administrator"].post("/access-log/export", {"account": "unit-person"})
    assert exported.headers["content-disposition"].startswith("attachment")
    assert "stranger-person" not in exported.text


def test_a_token_is_made_by_the_holder_of_the_password_only(home, person):
    log_in(person)
    wanted = {"form_token": form_token(person, "/profile"), "name": "报表程序", "scope": "read", "days": "30"}
    assert "口令不对" in person.post("/profile/tokens", wanted).text
    assert re.search(r"duban_[\w-]{40,}", person.post("/profile/tokens", {**wanted, "password": PASSWORD}).text)
    assert words_of(person.get("/profile").text).count("报表程序") == 1
