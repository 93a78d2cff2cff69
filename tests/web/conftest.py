"""A house with a plan in force, and guests of every role."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import update

from intake.draft import draft_as_json
from models.access import LogIn
from models.account import AccountRole as R
from models.draft_document import DraftDocument
from runtime.clock import now
from runtime.context import Context, open_context
from runtime.database import transaction
from runtime.flow_board import FlowBoard
from services.units import NewUnit, register_units
from tests import builders
from tests.homes import copied_home, new_home, settings_of
from tests.web.asking import end_loop
from tests.web.guests import Guest, account_of, guest_of, logged_in
from web.app import create_app


@dataclass
class Home:
    """The application, its context, the plan's tasks, and who visits it: by the names that tests/web/routes.py uses."""

    context: Context
    app: object
    board: FlowBoard
    plan_id: int
    guests: dict[str, Guest]
    units: dict[str, int]

    @property
    def nobody(self) -> Guest:
        return Guest(self.app)


@pytest.fixture(scope="session", autouse=True)
def _loop() -> Iterator[None]:
    yield
    end_loop()


def draft_in_the_making(context: Context, account_id: int) -> DraftDocument:
    """Return draft 1: two items that could be issued as they are, and a text for the document they were read from."""
    content = "关于示范行动的通知\n示范行动1。三年内支持一批县开展示范。（牵头单位：省科技厅）".encode()
    made = builders.draft(title="关于开展示范行动的通知", doc_no="测政办发〔2012〕2号")
    source = made.source.model_copy(update={"name": "通知.txt", "kind": "txt", "sha256": context.store.keep(content)})
    as_json = draft_as_json(made.model_copy(update={"source": source}))
    facts = {"name": source.name, "file_sha256": source.sha256, "size_bytes": len(content), "account_id": account_id}
    return DraftDocument(**facts, made_at=builders.AT, changed_at=builders.AT, as_read=as_json, draft=as_json)


@dataclass(frozen=True)
class Furnished:
    """A home's folder with everything in it, made once a run and copied for each test."""

    folder: Path
    plan_id: int
    account_ids: dict[str, int]
    units: dict[str, int]


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    folder = new_home(tmp_path_factory.mktemp("furnished"))
    with open_context(settings_of(folder)) as context, transaction(context.engine) as session:
        people = builders.people(session)
        plan = builders.issued(session, people.office)
        (stranger,) = register_units(session, [NewUnit("档案局")], builders.occasion(day=builders.FOUNDED_ON)).values()
        assert people.science.unit_id
        assert people.finance.unit_id
        units = {"unit": people.science.unit_id, "support": people.finance.unit_id, "stranger": stranger}
        named = {
            "administrator": account_of(session, "sysadmin", R.ADMINISTRATOR),
            "security_administrator": account_of(session, "secadmin", R.SECURITY_ADMINISTRATOR),
            "audit_administrator": account_of(session, "auditor", R.AUDIT_ADMINISTRATOR),
            "plan_office": account_of(session, "planner", R.PLAN_OFFICE),
            "supervisor": account_of(session, "watcher", R.SUPERVISOR),
            **{name: account_of(session, f"{name}-person", R.UNIT, unit_id) for name, unit_id in units.items()},
        }
        session.add(draft_in_the_making(context, named["plan_office"]))
        for account_id in named.values():
            logged_in(session, None, account_id)
    return Furnished(folder, plan.id, named, units)


@pytest.fixture
def home(furnished: Furnished, tmp_path: Path) -> Iterator[Home]:
    """The plan of `builders.draft()`; `unit` leads task 1, `stranger` is of a unit that has no part in it."""
    with furnished_copy(furnished, tmp_path) as home:
        yield home


@pytest.fixture(scope="module")
def quiet_home(furnished: Furnished, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home for tests that only look, one for all of them."""
    with furnished_copy(furnished, tmp_path_factory.mktemp("quiet")) as home:
        yield home


@contextmanager
def furnished_copy(furnished: Furnished, folder: Path) -> Iterator[Home]:
    with open_context(settings_of(copied_home(furnished.folder, folder), office="某县督查室", lang="zh")) as context:
        board = FlowBoard()
        app = create_app(context, board)
        with transaction(context.engine) as session:
            # Everybody came in when the home was furnished; on a slow day they would have been idle for too long by now.
            session.execute(update(LogIn).values(started_at=now(), seen_at=now()))
        guests = {name: guest_of(app, account_id) for name, account_id in furnished.account_ids.items()}
        yield Home(context, app, board, furnished.plan_id, guests, dict(furnished.units))
