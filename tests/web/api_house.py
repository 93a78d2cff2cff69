"""A house that programs ask: tokens of every role, a plan with tasks overdue and to come, a notice that went out, a bulletin that was published."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from sqlmodel import Session

from intake.draft import DraftPlan
from models.access import TokenScope
from models.account import AccountRole as R
from models.publication import Publication, PublicationFile, PublicationKind
from rules.rights import Actor
from runtime.channels import routes_of
from runtime.clock import now, today
from runtime.context import Context, open_context
from runtime.database import transaction
from services.access.tokens import NewToken, make_token
from services.notice_issuing import IssueOrder, NoticePress, issue_notice
from services.notices import prepare_notices
from services.occasion import Occasion
from services.units import NewUnit, register_units
from tests import builders
from tests.homes import new_home, settings_of
from tests.web.asking import answered
from tests.web.guests import account_of
from web.api.app import create_api
from web.api.rates import Allowances

_FIRST_YEAR = today().year - 2
MANY = Allowances(10**6, 10**6, 10**6)


@dataclass
class Asking:
    """The API over a house; `secrets` are the tokens by the names of their holders."""

    api: Any
    context: Context
    secrets: Mapping[str, str]

    def get(self, path: str, holder: str = "unit", **headers: str) -> httpx.Response:
        return self.ask("GET", path, holder, headers=headers)

    def post(self, path: str, holder: str = "unit", body: object = None, key: str | None = None, **headers: str) -> httpx.Response:
        """Send an act with a key of its own unless one is given."""
        said = {"Idempotency-Key": key or str(uuid4()), **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.ask("POST", path, holder, headers=said, **({} if body is None else {"json": body}))

    def ask(self, method: str, path: str, holder: str = "unit", headers: Mapping[str, str] | None = None, **said: object) -> httpx.Response:
        token = {"Authorization": f"Bearer {self.secrets[holder]}"} if holder in self.secrets else {}
        every = {**token, **(headers or {})}

        async def asking() -> httpx.Response:
            transport = httpx.ASGITransport(self.api, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                return await client.request(method, path, headers=every, **said)

        return answered(asking())


@contextmanager
def open_house(folder: Path, allowances: Allowances = MANY) -> Iterator[Asking]:
    """Give the API of a new house; `unit` leads the plan's tasks, `support` supports them, `stranger` has no part in them."""
    with open_context(settings_of(new_home(folder), office="某县督查室", lang="zh")) as context:
        with transaction(context.engine) as session:
            secrets = {name: token_of(session, actor) for name, actor in _people(session).items()}
        yield Asking(create_api(context, allowances), context, secrets)


def token_of(session: Session, actor: Actor, scope: TokenScope = TokenScope.WRITE, days: int = 30) -> str:
    return make_token(session, actor, NewToken("测试程序", scope, days), now())


def add_papers(context: Context) -> None:
    """Issue a notice on the first task, and keep a published bulletin that names one unit."""
    with transaction(context.engine) as session:
        occasion = Occasion(_account(session, "second-watcher", R.SUPERVISOR), today(), now())
        press = NoticePress(context.store, routes_of(context.settings), "某县督查室")
        (notice_id, *_others) = prepare_notices(session, occasion).notice_ids
        issue_notice(session, notice_id, IssueOrder(), press, occasion)
        bulletin = Publication(
            kind=PublicationKind.BULLETIN,
            scope="all",
            period="2013Q1",
            year=2013,
            number=1,
            doc_no="2013年第1期",
            published_on=occasion.day,
            published_at=occasion.at,
            view={"schema": "duban/bulletin/1", "units": [{"name": builders.SCIENCE}]},
            ledger_head="0" * 64,
        )
        session.add(bulletin)
        session.flush()
        content = "# 通报".encode()
        digest = context.store.keep(content)
        session.add(PublicationFile(publication_id=bulletin.id, format="md", name="通报.md", sha256=digest, size_bytes=len(content)))


def _people(session: Session) -> dict[str, Actor]:
    people = builders.people(session)
    builders.issued(session, people.office, _plan(), date(_FIRST_YEAR - 1, 11, 5))
    (stranger,) = register_units(session, [NewUnit("档案局")], builders.occasion(day=builders.FOUNDED_ON)).values()
    return {
        "administrator": _account(session, "sysadmin", R.ADMINISTRATOR),
        "security_administrator": _account(session, "secadmin", R.SECURITY_ADMINISTRATOR),
        "audit_administrator": _account(session, "auditor", R.AUDIT_ADMINISTRATOR),
        "plan_office": _account(session, "planner", R.PLAN_OFFICE),
        "supervisor": _account(session, "watcher", R.SUPERVISOR),
        "unit": _account(session, "unit-person", R.UNIT, people.science.unit_id),
        "support": _account(session, "support-person", R.UNIT, people.finance.unit_id),
        "stranger": _account(session, "stranger-person", R.UNIT, stranger),
    }


def _plan() -> DraftPlan:
    """Return a plan of two items in each of three years; the first year's tasks have been overdue for a year."""
    years = range(_FIRST_YEAR, _FIRST_YEAR + 3)
    items = (builders.item(number, tasks=tuple(builders.yearly_task(year, 10) for year in years)) for number in (1, 2))
    return builders.draft(*items, starts_on=date(years[0], 1, 1), ends_on=date(years[-1], 12, 31))


def _account(session: Session, name: str, role: R, unit_id: int | None = None) -> Actor:
    return Actor(account_of(session, name, role, unit_id), name, role, unit_id)
