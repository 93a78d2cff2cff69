"""`duban serve` as a whole, in a process of its own and with no network: a schedule that never fires is the worst failure, since nothing complains."""

import shutil
import socket
from pathlib import Path

import pytest
from sqlmodel import select

from flows.embedding import run_server
from models.publication import JobSlot, SlotState
from models.unit import Contact, Unit
from rules.errors import DubanError
from runtime.clock import now, today
from runtime.context import Context
from runtime.database import transaction
from runtime.settings import read_settings
from tests import builders
from tests.cli.running import Duban
from tests.flows.closed_network import cut_off, run_watched
from tests.flows.served import free_port
from tests.flows.served_life import PEOPLE
from tests.homes import url_of

MOST_SECONDS = 1200


@pytest.fixture
def house(home: Path, context: Context, plan: None, migrated_prefect: Path) -> Context:
    """A house whose lead unit has four contacts. Today's reminders are done, until three days have passed."""
    (home / "prefect").mkdir()
    shutil.copy(migrated_prefect, home / "prefect" / "prefect.db")
    with transaction(context.engine) as session:
        unit_id = session.exec(select(Unit.id).where(Unit.name == builders.SCIENCE)).one()
        session.add(JobSlot(flow="send-reminders", slot=today().isoformat(), state=SlotState.DONE, owner="one", started_at=now()))
        builders.keep(session, *(Contact(unit_id=unit_id, name=address[:8], address=address) for address in PEOPLE))
    return context


def test_the_hook_sees_what_calls_out(tmp_path: Path) -> None:
    code = "import socket\ntry:\n    socket.create_connection(('203.0.113.9', 9), 0.01)\nexcept OSError:\n    pass"
    assert "203.0.113.9" in run_watched(tmp_path, "-c", code, within=[], seconds=60).attempts


@pytest.mark.prefect
@pytest.mark.timeout(MOST_SECONDS + 60)
def test_a_killed_server_heals_itself_runs_its_schedule_and_never_calls_out(
    home: Path, house: Context, tmp_path_factory: pytest.TempPathFactory
) -> None:
    watching = tmp_path_factory.mktemp("watched")
    ended = run_watched(watching, "-m", "tests.flows.served_life", str(home), url_of(home), within=cut_off(), seconds=MOST_SECONDS)
    assert ended.code == 0, ended.said
    assert ended.attempts == ""
    # The life itself, two servers, three runs of flows, and a command.
    assert ended.watched >= 7
    assert list((home / "outbox").glob("*.eml"))
    assert (home / "bulletin.docx").read_bytes().startswith(b"PK")
    assert (home / "bulletin.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("host", "code"),
    [
        pytest.param("0.0.0.0", "open-address", id="every-address"),
        pytest.param("192.0.2.7", "open-address", id="an-outer-address"),
        pytest.param("example.org", "open-address", id="a-foreign-name"),
        pytest.param("127.0.0.1", "port-unusable", id="port-in-use"),
        pytest.param("::1", "port-unusable", id="port-in-use-ipv6"),
    ],
)
def test_an_address_that_cannot_be_served_is_refused(home: Path, host: str, code: str) -> None:
    family = socket.AF_INET6 if host == "::1" else socket.AF_INET
    with socket.create_server(("::1" if host == "::1" else "127.0.0.1", 0), family=family) as taken:
        settings = read_settings(host=host, port=taken.getsockname()[1])
        with pytest.raises(DubanError) as refusal:
            run_server(settings, "web.app:create_app", lambda _address: None)
    assert refusal.value.code == code


def test_a_home_that_was_never_set_up_is_refused(tmp_path: Path) -> None:
    outcome = Duban(tmp_path)("serve", DUBAN_PORT=str(free_port()))
    assert (outcome.code, outcome.out, len(outcome.err.splitlines())) == (1, "", 1)
    assert outcome.err.startswith("error[database-outdated]")
