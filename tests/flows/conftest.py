"""One Prefect server for all tests that need its engine, and a home of its own for each test."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

# Read at the first import of Prefect: nothing of the developer's own Prefect, and no server that nobody asked for.
os.environ |= {
    "PREFECT_HOME": tempfile.mkdtemp(prefix="duban-prefect-"),
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}

import pytest

from runtime.context import Context, open_context
from runtime.database import transaction
from services.rule_sets import adopt_rule_set
from tests import builders
from tests.homes import environment_of, new_home

NOW = datetime(2013, 12, 20, 1, 7, tzinfo=UTC)
"""The time of the reminders on `WEEK_BEFORE_DUE`."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("DUBAN_")]:
        monkeypatch.delenv(name)
    for name, value in environment_of(new_home(tmp_path)).items():
        monkeypatch.setenv(name, value)
    return tmp_path


@pytest.fixture
def context(home: Path) -> Iterator[Context]:
    with open_context() as context:
        yield context


@pytest.fixture
def plan(context: Context) -> None:
    """A plan in force, in a house that sends at any hour: tests run at night too."""
    with transaction(context.engine) as session:
        people = builders.people(session)
        builders.issued(session, people.office)
        adopt = {"version": "any-hour", "sending_from": 0, "sending_until": 24}
        adopt_rule_set(session, adopt, date(2013, 1, 4), builders.on(date(2013, 1, 4), people.supervisor))


@pytest.fixture(scope="session")
def prefect_server(migrated_prefect: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    from prefect.settings import (
        PREFECT_API_BLOCKS_REGISTER_ON_START,
        PREFECT_API_DATABASE_MIGRATE_ON_START,
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
        temporary_settings,
    )
    from prefect.testing import utilities

    folder = tmp_path_factory.mktemp("prefect")
    shutil.copy(migrated_prefect, folder / "prefect-test.db")
    # A heartbeat's thread costs a second at the end of every run.
    chosen = {
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,
        PREFECT_API_BLOCKS_REGISTER_ON_START: False,
        PREFECT_API_DATABASE_MIGRATE_ON_START: False,
    }
    with pytest.MonkeyPatch.context() as patch, temporary_settings(chosen):
        # The harness makes its database in a folder of its own and cannot be given one that is migrated.
        patch.setattr(utilities, "mkdtemp", lambda: str(folder))
        with utilities.prefect_test_harness(server_startup_timeout=240):
            yield
