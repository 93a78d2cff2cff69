"""Two web processes behind one address share the database and the store, and nothing else: whatever a browser does on one, it finds on the other at once.

Alone in its file, since it starts two servers. Each has a home of its own, as on two machines.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.account import Account, AccountRole
from models.ledger import LedgerEntry
from runtime.database import reading, transaction
from services.access.passwords import hash_password
from tests import builders
from tests.flows.served import environment, free_port, wait_for
from tests.web.guests import account_of, words_of

PASSWORD = "春江潮水连海平-47"
# Loaded once and then forked, since loading is most of what a server costs: each is a process of its own all the same. The first waits for the others.
SERVE = """
import os, sys
from cli.main import main
import flows.embedding
from web.app import routers

list(routers())
ports = sys.argv[1:]
children = []
for port in ports:
    child = os.fork()
    if not child:
        os.dup2(2, 1)
        os.environ |= {"DUBAN_HOME": os.path.abspath(port), "DUBAN_PORT": port}
        sys.argv = ["duban", "serve", "--no-flows"]
        sys.exit(main())
    children.append(child)
    print(child, flush=True)
sys.exit(max(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))
"""


@dataclass
class Browser:
    """One browser before several servers: its cookies go to each, and one request after the other goes to the next, as behind a proxy that takes turns."""

    addresses: tuple[str, ...]
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)

    def __post_init__(self) -> None:
        self.turns = cycle(self.addresses)

    def ask(self, method: str, path: str, at: str | None = None, **said: Any) -> httpx.Response:
        with httpx.Client(base_url=at or next(self.turns), cookies=self.cookies, trust_env=False, timeout=30) as client:
            answer = client.request(method, path, **said)
            self.cookies = client.cookies
        return answer

    def log_in(self, name: str, password: str, at: str | None = None) -> httpx.Response:
        return self.ask("POST", "/log-in", at, data={"name": name, "password": password})

    def form(self, path: str, at: str) -> dict[str, str]:
        """Return the hidden fields of the page's own form."""
        page = self.ask("GET", path, at).text
        whole = page[page.index(f'action="{path}"') :]
        return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', whole[: whole.index("</form>")]))


@pytest.fixture
def house(postgres_engine: Engine) -> Engine:
    with transaction(postgres_engine) as session:
        people = builders.people(session)
        builders.issued(session, people.office)
        account_of(session, "science-person", AccountRole.UNIT, people.science.unit_id)
        account_of(session, "watcher", AccountRole.SUPERVISOR)
        for account in session.exec(select(Account).where(Account.name.in_(("science-person", "watcher")))):  # type: ignore[attr-defined]
            account.password_hash = hash_password(PASSWORD)
    return postgres_engine


@pytest.fixture
def browser(house: Engine, tmp_path: Path) -> Iterator[Browser]:
    shared = {"DATABASE_URL": house.url.render_as_string(hide_password=False), "STORE_URL": f"file://{tmp_path / 'store'}"}
    ports = free_port(), free_port()
    for port in ports:
        (tmp_path / str(port)).mkdir()
    command = [sys.executable, "-c", SERVE, *map(str, ports)]
    given = environment(tmp_path, ports[0], **shared)
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(
            command, env=given, cwd=tmp_path, stdout=subprocess.PIPE, stderr=log, start_new_session=True, text=True
        ) as started,
    ):
        try:
            assert started.stdout
            servers = [int(started.stdout.readline()) for _port in ports]
            browser = Browser(tuple(f"http://127.0.0.1:{port}" for port in ports))
            for address in browser.addresses:
                health = wait_for(lambda address=address: browser.ask("GET", "/healthz", address), 240)
                assert health.status_code == 200
            yield browser
            for number in servers:
                os.kill(number, signal.SIGTERM)
            assert started.wait(60) == 0, (tmp_path / "log").read_text()
        finally:
            with suppress(ProcessLookupError):
                os.killpg(started.pid, signal.SIGKILL)


def test_what_is_done_on_one_is_so_on_the_other(house: Engine, browser: Browser) -> None:
    first, second = browser.addresses
    assert browser.log_in("science-person", PASSWORD, first).status_code == 303
    before = [page_of_task(browser, address) for address in browser.addresses]
    assert before[0] == before[1]

    form = browser.form("/tasks/1/acknowledge", first)
    done, again = (browser.ask("POST", "/tasks/1/acknowledge", address, data=form) for address in (second, first))
    assert (done.status_code, again.status_code) == (303, 303)
    assert done.headers["Location"] == again.headers["Location"]
    assert acts(house, "acknowledge") == 1

    # What was said of the act on one is shown on the other, once.
    assert "任务已签收" in page_of_task(browser, second)
    after = [page_of_task(browser, address) for address in (first, second)]
    assert after[0] == after[1] != before[0]
    # In the page's head, and now beside the act.
    assert after[0].count("science-person") == before[0].count("science-person") + 1

    guesses = [browser.log_in("watcher", f"not {number}") for number in range(6)]
    assert {guess.status_code for guess in guesses} == {422}
    assert [browser.log_in("watcher", PASSWORD, address).status_code for address in browser.addresses] == [422, 422]

    leaving = {"form_token": form["form_token"]}
    kept = httpx.Cookies(browser.cookies)
    assert browser.ask("POST", "/log-out", first, data=leaving).status_code == 303
    browser.cookies = kept
    assert browser.ask("GET", "/work", second).headers["Location"].startswith("/log-in")


def page_of_task(browser: Browser, address: str) -> str:
    answer = browser.ask("GET", "/tasks/1", address)
    assert answer.status_code == 200
    return words_of(answer.text)


def acts(house: Engine, act: str) -> int:
    with reading(house) as session:
        return len(session.exec(select(LedgerEntry.id).where(LedgerEntry.act == act)).all())
