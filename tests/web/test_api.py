"""The API's manners: problems, keys, tags, pages, tokens, files."""

import asyncio
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from sqlmodel import Session

from models.access import ApiToken, TokenScope
from models.account import Account, AccountState
from models.ledger import LedgerEntry
from runtime.clock import now
from runtime.database import reading, transaction
from runtime.flow_board import FlowBoard
from services.ledger import first_break
from services.rebuilding import differences
from tests import builders
from tests.databases import KIND
from tests.web.api_house import Asking, open_house, token_of
from web.api.rates import Allowances
from web.app import create_app

PROBLEM = "application/problem+json"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Asking]:
    with open_house(tmp_path) as asking:
        yield asking


def acts_on(house: Asking, task_id: int) -> list[str]:
    with reading(house.context.engine) as session:
        entries = sa.select(LedgerEntry.act).where(LedgerEntry.task_id == task_id).order_by(LedgerEntry.seq)
        return list(session.execute(entries).scalars())


REFUSALS = {
    "no token": ("GET", "/plans", "nobody", {}, {}, 401, "no-token"),
    "no such path": ("GET", "/nowhere", "unit", {}, {}, 404, "unknown-path"),
    "no such method": ("DELETE", "/tasks", "unit", {}, {}, 405, "method-not-allowed"),
    "not there": ("GET", "/tasks/999", "unit", {}, {}, 404, "unknown-task"),
    "another's": ("GET", "/tasks/1", "stranger", {}, {}, 404, "unknown-task"),
    "a day to come": ("GET", "/tasks?on=2199-01-01", "unit", {}, {}, 422, "future-date"),
    "a number too large": ("GET", "/tasks/99999999999999999999", "unit", {}, {}, 422, "bad-fields"),
    "no key": ("POST", "/tasks/1/acknowledge", "unit", {}, {}, 400, "idempotency-key-needed"),
    "no JSON": ("POST", "/tasks/1/report", "unit", {"Content-Type": "application/json"}, {"content": b"{"}, 400, "bad-json"),
    "another kind": ("POST", "/tasks/1/report", "unit", {"Content-Type": "text/plain"}, {"content": b"{}"}, 415, "bad-media-type"),
    "too large": ("POST", "/tasks/1/report", "unit", {}, {"content": b"x" * (1 << 20) + b"x"}, 413, "body-too-large"),
    "a NUL": ("POST", "/tasks/1/report", "unit", {}, {"json": {"text": "a\0b"}}, 422, "bad-fields"),
    "no right": ("POST", "/tasks/1/complete", "unit", {}, {}, 403, "no-right"),
    "not now": ("POST", "/tasks/1/submit", "unit", {}, {}, 409, "not-now"),
    "not as it was": ("POST", "/tasks/1/acknowledge", "unit", {"If-Match": '"1-0"'}, {}, 412, "changed-meanwhile"),
    "no tag of ours": ("POST", "/tasks/1/acknowledge", "unit", {"If-Match": '"x"'}, {}, 400, "bad-etag"),
    "no name": ("POST", "/tasks/1/evidence", "unit", {}, {"content": b"x"}, 422, "file-name-needed"),
    "no file": ("POST", "/tasks/1/evidence", "unit", {}, {"files": {"other": ("a.txt", b"x")}}, 422, "file-needed"),
    "no form": ("POST", "/tasks/1/evidence", "unit", {"Content-Type": "multipart/form-data"}, {"content": b"x"}, 400, "broken-form"),
}


def test_every_refusal_is_a_problem(house: Asking) -> None:
    found = {}
    for name, (method, path, holder, headers, said, *_expected) in REFUSALS.items():
        keyed = {"Idempotency-Key": name.replace(" ", "-"), **headers} if method == "POST" and name != "no key" else headers
        answer = house.ask(method, path, holder, keyed, **said)
        told = answer.json()
        assert (answer.headers["Content-Type"], told["type"]) == (PROBLEM, f"urn:duban:error:{told['code']}")
        assert told["title"]
        assert told["detail"]
        assert told["instance"].startswith("urn:duban:request:")
        assert "duban task" not in told["detail"]
        assert "--" not in told["detail"]
        found[name] = (answer.status_code, told["status"], told["code"])
    assert found == {name: (row[5], row[5], row[6]) for name, row in REFUSALS.items()}
    assert acts_on(house, 1) == ["issue"]


def test_faulty_fields_are_named_and_words_follow_the_language(house: Asking) -> None:
    body = {"values": [{"measure": "示范县", "value": -1}], "extra": 1}
    told = house.post("/tasks/1/report", body=body).json()
    assert {one["pointer"] for one in told["errors"]} == {"#/values/0/value", "#/extra"}
    answer = house.get("/plans", "nobody", **{"Accept-Language": "fr, en;q=0.8, zh;q=0.5"})
    assert answer.headers["Content-Language"] == "en"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_key_does_a_thing_once(house: Asking) -> None:
    body = {"text": "已完成两个县", "values": [{"measure": "示范县", "value": 2}]}
    house.post("/tasks/1/acknowledge")
    first = house.post("/tasks/1/report", body=body, key="one")
    again = house.post("/tasks/1/report", body=body, key='"one"')
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")
    other = house.post("/tasks/1/report", body={**body, "text": "别的"}, key="one")
    assert (other.status_code, other.json()["code"]) == (422, "key-reused")
    assert house.post("/tasks/1/report", "supervisor", body, key="one").status_code == 403, "a key is its account's own"
    assert acts_on(house, 1) == ["issue", "acknowledge", "report"]


DYING = {
    "sqlite": ["CREATE TRIGGER dies BEFORE INSERT ON done_once BEGIN SELECT RAISE(ABORT, 'killed'); END"],
    "postgresql": [
        "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'killed'; END $$",
        "CREATE TRIGGER dies BEFORE INSERT ON done_once FOR EACH ROW EXECUTE FUNCTION die()",
    ],
}


def test_an_act_whose_answer_could_not_be_kept_is_not_done(house: Asking) -> None:
    with house.context.engine.begin() as connection:
        for statement in DYING[KIND]:
            connection.exec_driver_sql(statement)
    died = house.post("/tasks/1/acknowledge", key="one")
    assert (died.status_code, died.headers["Content-Type"], died.json()["code"]) == (500, PROBLEM, "unexpected-error")
    assert acts_on(house, 1) == ["issue"]
    with house.context.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER dies" + (" ON done_once" if KIND == "postgresql" else ""))
    assert house.post("/tasks/1/acknowledge", key="one").json()["state"] == "in_progress"
    assert acts_on(house, 1) == ["issue", "acknowledge"]


def test_the_whole_way_of_a_task_by_tags(house: Asking) -> None:
    seen = house.get("/tasks/1")
    assert house.get("/tasks/1", **{"If-None-Match": seen.headers["ETag"]}).status_code == 304
    tag = house.post("/tasks/1/acknowledge", If_Match=seen.headers["ETag"]).json()["etag"]
    stale = house.post("/tasks/1/report", body={"text": "开工"}, If_Match=seen.headers["ETag"])
    assert (stale.status_code, stale.json()["code"]) == (412, "changed-meanwhile")
    tag = house.post("/tasks/1/report", body={"values": [{"measure": "示范县", "value": 10}]}, If_Match=tag).json()["etag"]
    tag = house.post("/tasks/1/submit", If_Match=tag).json()["etag"]
    tag = house.post("/tasks/1/complete", "supervisor", If_Match=tag).json()["etag"]
    assert house.post("/tasks/1/close", "plan_office", If_Match=tag).json()["state"] == "closed"
    with reading(house.context.engine) as session:
        assert first_break(session) is None
        assert differences(session) == []


def test_files_come_and_go_whole(house: Asking) -> None:
    house.post("/tasks/1/acknowledge")
    house.post("/tasks/1/report", body={"text": "开工"})
    content = "会议纪要".encode()
    digest = f"sha-256=:{b64encode(sha256(content).digest()).decode()}:"
    name = {"Content-Disposition": "attachment; filename*=UTF-8''%E7%BA%AA%E8%A6%81.txt", "Content-Type": "text/plain"}
    kept = house.ask("POST", "/tasks/1/evidence", headers={"Idempotency-Key": "a", "Content-Digest": digest, **name}, content=content)
    assert [one["name"] for one in kept.json()["files"]] == ["纪要.txt"]
    broken = house.ask(
        "POST", "/tasks/1/evidence", headers={"Idempotency-Key": "b", "Content-Digest": digest, **name}, content=content[:-1]
    )
    assert (broken.status_code, broken.json()["code"]) == (400, "digest-mismatch")
    parts = [("file", ("../现场.txt", b"photo")), ("file", ("纪要.txt", content))]
    both = [house.ask("POST", "/tasks/1/evidence", headers={"Idempotency-Key": "c"}, files=parts) for _time in range(2)]
    assert [one["name"] for one in both[0].json()["files"]] == ["纪要.txt", "现场.txt"]
    assert (both[1].json(), both[1].headers["Idempotent-Replayed"]) == (both[0].json(), "true")
    program = house.ask("POST", "/tasks/1/evidence", headers={"Idempotency-Key": "d"}, files=[("file", ("a.txt", b"MZ\x90\0" + bytes(60)))])
    assert (program.status_code, program.json()["code"]) == (422, "evidence-runs")
    taken = house.get(f"/tasks/1/evidence/{kept.json()['files'][0]['id']}", "support")
    assert (taken.content, taken.headers["Repr-Digest"]) == (content, digest)
    assert taken.headers["Content-Disposition"].startswith("attachment;")
    assert taken.headers["Content-Type"] == "application/octet-stream"
    assert acts_on(house, 1)[2:] == ["report", "add-evidence", "add-evidence"]
    with reading(house.context.engine) as session:
        assert differences(session) == []


def test_pages_are_whole_and_without_doubles_while_rows_are_added(house: Asking) -> None:
    found: list[int] = []
    path: str | None = "/tasks?limit=2"
    while path:
        answer = house.get(path, "plan_office")
        found += [row["id"] for row in answer.json()["items"]]
        if len(found) == 2:
            with transaction(house.context.engine) as session:
                more = builders.draft(builders.item(1), doc_no="测政办发〔2012〕2号").model_copy(update={"source": source("b")})
                builders.issued(session, actor_of(session, "planner"), more)
        path = answer.links["next"]["url"] if "next" in answer.links else None
        assert (path is None) == (answer.json()["next"] is None)
    assert found == list(range(1, 10))
    assert house.get("/tasks?limit=1&plan=2", "unit").json()["next"] == "7"
    assert house.get("/tasks", "stranger").json() == {"items": [], "next": None}


def source(letter: str) -> object:
    return builders.Source(name="more.docx", sha256=letter * 64, kind="docx")


def test_tokens_have_a_scope_an_end_and_a_living_account(house: Asking) -> None:
    with transaction(house.context.engine) as session:
        reader = token_of(session, actor_of(session, "unit-person"), TokenScope.READ)
        late = token_of(session, actor_of(session, "unit-person"), days=1)
        session.execute(
            sa.update(ApiToken).where(ApiToken.id == last_id(session)).values(made_at=now() - timedelta(days=2), expires_at=now())
        )
        session.execute(sa.update(Account).where(Account.name == "support-person").values(state=AccountState.LOCKED))
    house.secrets = {**house.secrets, "reader": reader, "late": late}
    assert house.get("/tasks/1", "reader").status_code == 200
    refused = house.post("/tasks/1/acknowledge", "reader")
    assert (refused.status_code, refused.json()["code"]) == (403, "token-reads-only")
    assert [house.get("/tasks/1", name).status_code for name in ("late", "support")] == [401, 401]


def actor_of(session: Session, name: str) -> builders.Actor:
    account = session.execute(sa.select(Account).where(Account.name == name)).scalar_one()
    return builders.Actor(account.id, account.name, account.role, account.unit_id)


def last_id(session: Session) -> int:
    return int(session.execute(sa.select(sa.func.max(ApiToken.id))).scalar_one())


def test_whoever_asks_too_often_waits(tmp_path: Path) -> None:
    with open_house(tmp_path, Allowances(all_=4, acts=1, failures=2)) as house:
        acts = [house.post("/tasks/1/acknowledge") for _time in range(2)]
        assert [one.status_code for one in acts] == [200, 429]
        assert acts[0].headers["RateLimit-Policy"] == '"acts";q=1;w=60'
        assert acts[1].json()["code"] == "too-many-requests"
        assert 0 < int(acts[1].headers["Retry-After"]) <= 60
        assert [house.get("/units").status_code for _time in range(3)] == [200, 200, 429]
        assert house.get("/units", "supervisor").status_code == 200
        assert [house.get("/units", "nobody").status_code for _time in range(3)] == [401, 401, 429]


def test_two_at_the_same_instant_do_it_once(house: Asking) -> None:
    async def both() -> list[httpx.Response]:
        transport = httpx.ASGITransport(house.api, raise_app_exceptions=False)
        headers = {"Authorization": f"Bearer {house.secrets['unit']}", "Idempotency-Key": "twin"}
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await asyncio.gather(*(client.post("/tasks/1/acknowledge", headers=headers) for _time in range(4)))

    answers = asyncio.run(both())
    assert [answer.status_code for answer in answers] == [200] * 4
    assert sorted(answer.headers.get("Idempotent-Replayed", "") for answer in answers) == ["", "true", "true", "true"]
    assert acts_on(house, 1) == ["issue", "acknowledge"]


def test_an_upload_that_breaks_off_leaves_nothing(house: Asking) -> None:
    house.post("/tasks/1/acknowledge")
    house.post("/tasks/1/report", body={"text": "开工"})
    pieces = iter([{"type": "http.request", "body": b"half", "more_body": True}, {"type": "http.disconnect"}])
    said = {
        "authorization": f"Bearer {house.secrets['unit']}",
        "idempotency-key": "a",
        "content-disposition": 'attachment; filename="a.txt"',
    }
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/tasks/1/evidence",
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "headers": [(name.encode(), value.encode()) for name, value in said.items()],
    }
    answered: list[object] = []

    async def receive() -> object:
        return next(pieces)

    async def send(message: object) -> None:
        answered.append(message)

    asyncio.run(house.api(scope, receive, send))
    assert not answered
    assert acts_on(house, 1) == ["issue", "acknowledge", "report"]
    assert house.get("/tasks/1/evidence").json()["items"] == []


def test_it_stands_beside_the_pages(house: Asking) -> None:
    """Behind the gate of the whole application: no cookie, no form token, and problems even where there is no such version."""
    pages = create_app(house.context, FlowBoard())
    mounted = Asking(pages, house.context, house.secrets)
    assert [one.json()["code"] for one in (mounted.get("/api/v1/plans", "nobody"), mounted.get("/api/v2/plans"))] == [
        "no-token",
        "unknown-path",
    ]
    listed = mounted.get("/api/v1/tasks?limit=1")
    assert listed.links["next"]["url"] == "/api/v1/tasks?limit=1&after=1"
    assert listed.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in listed.headers
    from_elsewhere = mounted.post("/api/v1/tasks/1/acknowledge", Origin="https://elsewhere.example")
    assert from_elsewhere.status_code == 200
    told = mounted.ask("POST", "/api/v1/tasks/1/report", headers={"Content-Length": str(300 << 20)}, content=b"{}")
    assert (told.status_code, told.headers["Content-Type"], told.json()["code"]) == (413, PROBLEM, "body-too-large")
