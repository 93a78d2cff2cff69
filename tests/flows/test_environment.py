import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from flows.environment import base_url, prepare_environment
from runtime.settings import Settings, read_settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in [name for name in os.environ if name.startswith(("DUBAN_", "PREFECT_"))]:
        monkeypatch.delenv(name)
    # Whatever is set below is taken back with this one.
    monkeypatch.setattr(os, "environ", dict(os.environ))
    return read_settings(home=tmp_path / "home", port=8440, smtp_host="127.0.0.1", smtp_user="a", smtp_password="b", office="某办")


def test_runs_read_the_settings_of_the_server(settings: Settings) -> None:
    prepare_environment(settings)
    assert os.environ["DUBAN_HOME"] == str(settings.home)
    assert os.environ["DUBAN_DATABASE_URL"] == f"sqlite:///{settings.home / 'duban.db'}"
    assert (os.environ["DUBAN_SMTP_PASSWORD"], os.environ["DUBAN_OFFICE"], os.environ["DUBAN_PORT"]) == ("b", "某办", "8440")
    assert "DUBAN_ACCOUNT" not in os.environ


def test_the_key_of_the_api_is_made_once_for_the_owner_only(settings: Settings) -> None:
    prepare_environment(settings)
    key = settings.home / "prefect" / "api-key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    made = os.environ["PREFECT_API_AUTH_STRING"]
    assert len(made) > 40
    prepare_environment(settings)
    assert os.environ["PREFECT_API_AUTH_STRING"] == os.environ["PREFECT_SERVER_API_AUTH_STRING"] == made


def test_an_operators_choice_stays_but_for_what_holds_the_process_together(settings: Settings) -> None:
    os.environ |= {
        "PREFECT_LOGGING_COLORS": "true",
        "PREFECT_API_URL": "http://elsewhere.invalid/api",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
    }
    prepare_environment(settings)
    assert os.environ["PREFECT_LOGGING_COLORS"] == "true"
    assert os.environ["PREFECT_API_URL"] == "http://127.0.0.1:8440/prefect/api"
    assert os.environ["PREFECT_SERVER_EPHEMERAL_ENABLED"] == "false"
    assert os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"


def test_every_name_is_one_that_prefect_reads(settings: Settings) -> None:
    prepare_environment(settings)
    from prefect.logging.configuration import DEFAULT_LOGGING_SETTINGS_PATH, load_logging_config
    from prefect.settings.models.root import Settings as PrefectSettings

    prefect = PrefectSettings()
    # The console's class is no setting: Prefect looks for it when it reads its table of logging.
    logging = {"PREFECT_LOGGING_HANDLERS_CONSOLE_CLASS"}
    assert load_logging_config(DEFAULT_LOGGING_SETTINGS_PATH)["handlers"]["console"]["class"] == "runtime.logs.PrefectConsole"
    assert {name for name in os.environ if name.startswith("PREFECT_")} - logging <= set(
        prefect.to_environment_variables(exclude_unset=True)
    )
    assert prefect.server.services.scheduler.max_scheduled_time == timedelta(days=400)
    assert prefect.server.services.db_vacuum.retention_period == timedelta(days=200)
    assert prefect.server.services.task_run_recorder.flush_interval == 1


@pytest.mark.parametrize(
    ("host", "url"), [("127.0.0.1", "http://127.0.0.1:8330"), ("::1", "http://[::1]:8330"), ("localhost", "http://localhost:8330")]
)
def test_the_address_people_use(host: str, url: str) -> None:
    assert base_url(Settings(host=host)) == url
