"""Guests of the web's tests: somebody of each role, logged in without a password, who asks the application in process."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape

import httpx
from sqlmodel import Session

from models.access import LogIn
from models.account import Account, AccountRole
from runtime.clock import now
from services.access.secrets import hashed
from tests.builders import keep
from tests.web.asking import answered

FORM_TOKEN = "form-token-of-a-test"


@dataclass
class Guest:
    """One browser. It keeps its cookies, and follows nothing by itself."""

    app: object
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)

    def get(self, path: str, **said: object) -> httpx.Response:
        return self.ask("GET", path, **said)

    def post(self, path: str, data: Mapping[str, object] | None = None, **said: object) -> httpx.Response:
        """Send a form as a page of ours would: with its token, and a key of its own unless one is given."""
        fields = {"form_token": FORM_TOKEN, "key": f"key-{id(data)}-{now().timestamp()}", **(data or {})}
        return self.ask("POST", path, data=fields, **said)

    def ask(self, method: str, path: str, **said: object) -> httpx.Response:
        async def asking() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=True)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", cookies=self.cookies) as client:
                answer = await client.request(method, path, **said)
                self.cookies = client.cookies
                return answer

        return answered(asking())


def logged_in(session: Session, app: object, account_id: int) -> Guest:
    """Return a guest logged in as an account: his log-in is written as the log-in page would write it."""
    at = now()
    # Names of forms' tokens are the same for all, so that a test can send one without reading the page first.
    session.add(
        LogIn(
            token_hash=hashed(_secret_of(account_id)),
            form_token=FORM_TOKEN,
            account_id=account_id,
            address="127.0.0.1",
            started_at=at,
            seen_at=at,
        )
    )
    session.flush()
    return guest_of(app, account_id)


def guest_of(app: object, account_id: int) -> Guest:
    """Return the guest who has been logged in as an account."""
    return Guest(app, httpx.Cookies({"duban": _secret_of(account_id)}))


def _secret_of(account_id: int) -> str:
    return f"secret-of-account-{account_id}"


def account_of(session: Session, name: str, role: AccountRole, unit_id: int | None = None) -> int:
    """Make an account that need not change a password first."""
    row = Account(name=name, role=role, unit_id=unit_id, created_at=now(), must_change_password=False)
    keep(session, row)
    assert row.id is not None
    return row.id


def words_of(html: str) -> str:
    """Return what a reader sees of a page: no marks, one blank between words."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).strip()
