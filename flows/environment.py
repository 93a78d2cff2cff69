"""Prefect's settings as duban needs them, put into the environment. Must run before the first `import prefect`, which reads them once.

`docs/deploy.md` tells why each is set.
"""

import os
import secrets
import zoneinfo
from functools import cache
from pathlib import Path

from pydantic import SecretStr

from runtime.settings import Settings

# Every path of Prefect's inside the one server; the API and the pages lie below it.
PREFECT_PATH = "/prefect"
# As long as a log of security has to be kept, though this is none.
_KEEP_SECONDS = 200 * 24 * 3600


def prepare_environment(settings: Settings) -> None:
    """Set what Prefect, and the child processes its runs are, read from the environment.

    What makes the one process hang together is forced; the rest is only set where an operator has not. Makes the folder and the key of Prefect's API.
    """
    _remember_zones()
    home = settings.home.absolute() / "prefect"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ.update(_own_settings(settings))
    os.environ.update(_forced(settings, home))
    for name, value in _defaults(settings, home).items():
        os.environ.setdefault(name, value)


def prepare_client_environment(settings: Settings) -> None:
    """Set what Prefect reads where its server is another process, the one of `PREFECT_API_URL`: for workers, their runs, and deploying."""
    _remember_zones()
    os.environ.update(_own_settings(settings))
    os.environ["PREFECT_SERVER_EPHEMERAL_ENABLED"] = "false"
    if "PREFECT_HOME" not in os.environ:
        home = settings.home.absolute() / "prefect"
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.environ["PREFECT_HOME"] = str(home)
    defaults = {"DO_NOT_TRACK": "1", "PREFECT_LOGGING_COLORS": "false", "PREFECT_WORKER_QUERY_SECONDS": "5"}
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


def server_given() -> bool:
    """Tell whether the operator has a Prefect server of his own."""
    return bool(os.environ.get("PREFECT_API_URL"))


def base_url(settings: Settings) -> str:
    """Return the address that this machine's people and the scheduler reach the server at."""
    named = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    host = f"[{named}]" if ":" in named else named
    return f"http://{host}:{settings.port}"


def _remember_zones() -> None:
    """Keep the names of all time zones: Prefect asks for them each time it reads a schedule, and each time all files of the machine's zones are looked through."""
    zoneinfo.available_timezones = cache(zoneinfo.available_timezones)


def _own_settings(settings: Settings) -> dict[str, str]:
    # Runs are child processes: they must see the settings given on the command line as well.
    given = {name: getattr(settings, name) for name in settings.model_fields_set}
    given |= {"home": settings.home.absolute(), "database_url": settings.resolved_database_url}
    return {f"DUBAN_{name.upper()}": _plain(value) for name, value in given.items() if value is not None}


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def _forced(settings: Settings, home: Path) -> dict[str, str]:
    key = _api_key(home / "api-key")
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"{base_url(settings)}{PREFECT_PATH}/api",
        "PREFECT_API_AUTH_STRING": key,
        "PREFECT_SERVER_API_AUTH_STRING": key,
        "PREFECT_SERVER_API_BASE_PATH": f"{PREFECT_PATH}/api",
        "PREFECT_SERVER_UI_SERVE_BASE": PREFECT_PATH,
        "PREFECT_SERVER_UI_API_URL": f"{base_url(settings)}{PREFECT_PATH}/api",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
    }


def _defaults(settings: Settings, home: Path) -> dict[str, str]:
    events, runs = "PREFECT_SERVER_SERVICES_EVENT_PERSISTER", "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER"
    return {
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(home / "ui"),
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": base_url(settings),
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_SCHEDULED_TIME": "P400D",
        f"{runs}_BATCH_SIZE": "200",
        f"{runs}_READ_BATCH_SIZE": "200",
        f"{runs}_FLUSH_INTERVAL": "1",
        f"{events}_BATCH_SIZE": "500",
        f"{events}_READ_BATCH_SIZE": "500",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(_KEEP_SECONDS),
        "PREFECT_LOGGING_COLORS": "false",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_CLASS": "runtime.logs.PrefectConsole",
        "PREFECT_RUNNER_PROCESS_LIMIT": "2",
    }


def _api_key(place: Path) -> str:
    """Return the user and password of Prefect's API, made once and readable by the owner only."""
    if not place.exists():
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as made:
            made.write(f"duban:{secrets.token_urlsafe(32)}")
    return place.read_text(encoding="ascii").strip()
