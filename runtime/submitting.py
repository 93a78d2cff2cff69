"""Asking a running server for a run of a flow, by Prefect's API alone: the command line does not pay a second for importing Prefect.

The server is the one of `PREFECT_API_URL`, else the `duban serve` of this home. One slot makes one run, however often it is asked for; only a run that failed is followed
by another.
"""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from rules.errors import DubanError
from rules.texts import _
from runtime.job_work import When
from runtime.jobs import Job, pooled_name
from runtime.settings import Settings

_HEALTH_SECONDS = 0.5
_SECONDS = 20
_MOST_TRIES = 50
_TRIES_WHILE_BUSY = 5
_FAILED = {"FAILED", "CRASHED", "CANCELLED"}


@dataclass(frozen=True)
class Submitted:
    """A run that the server has now: its number, its deployment, and its state when it was asked for."""

    run_id: str
    deployment: str
    state: str


def submit(settings: Settings, job: Job, when: When) -> Submitted | None:
    """Ask the server for the run of a slot; None where no server answers within half a second. Codes: server-refused, flow-not-deployed."""
    with _client(settings) as client:
        if not _answers(client):
            return None
        name, deployment_id = _deployment(client, job)
        for number in range(1, _MOST_TRIES):
            key = f"{job.name}|{_turn(job, when)}" + (f"|{number}" if number > 1 else "")
            wanted = {"parameters": {"as_of": when.day.isoformat()}, "idempotency_key": key, "name": f"{job.name}-{_turn(job, when)}"}
            run = _created(client, deployment_id, wanted)
            if run["state_type"] not in _FAILED:
                return Submitted(run["id"], f"{job.name}/{name}", run["state_name"] or "")
    raise DubanError("server-refused", _("这一时段的运行已失败 {count} 次，请看服务器上的记录").format(count=_MOST_TRIES))


def resume_suspended(settings: Settings, job: Job) -> int:
    """Let the suspended runs of a job go on, and return how many; 0 where no server answers. What they do is told by duban's own database, not by this call."""
    with _client(settings) as client:
        if not _answers(client):
            return 0
        suspended = {"flows": {"name": {"any_": [job.name]}}, "flow_runs": {"state": {"type": {"any_": ["PAUSED"]}}}}
        found = _said(_patient(client, "POST", "/flow_runs/filter", suspended))
        return sum(_patient(client, "POST", f"/flow_runs/{run['id']}/resume", {}).is_success for run in found)


def _turn(job: Job, when: When) -> str:
    """Return what one run is asked for: its slot, and the day where the slot's work may take several days."""
    return job.slot_of(when) if job.is_for_its_day else f"{job.slot_of(when)}-{when.day.isoformat()}"


def _client(settings: Settings) -> httpx.Client:
    address = os.environ.get("PREFECT_API_URL") or f"http://{settings.host}:{settings.port}/prefect/api"
    key = os.environ.get("PREFECT_API_AUTH_STRING") or _own_key(settings)
    user, _colon, password = key.partition(":")
    return httpx.Client(base_url=address, auth=(user, password) if key else None, timeout=_SECONDS)


def _own_key(settings: Settings) -> str:
    place = settings.home / "prefect" / "api-key"
    return place.read_text(encoding="ascii").strip() if place.exists() else ""


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/health", timeout=_HEALTH_SECONDS).status_code == 200
    except httpx.HTTPError:
        return False


def _deployment(client: httpx.Client, job: Job) -> tuple[str, str]:
    for name in (job.deployment, pooled_name(job)):
        answer = _patient(client, "GET", f"/deployments/name/{job.name}/{name}")
        if answer.status_code != 404:
            return name, str(_said(answer)["id"])
    text = _("服务器上没有部署流程 {flow}；请运行 duban serve 或 duban flows deploy，或加 --local 就在这里办理")
    raise DubanError("flow-not-deployed", text.format(flow=job.name))


def _created(client: httpx.Client, deployment_id: str, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    # The key keeps the run single, however often it is asked for.
    created: Mapping[str, Any] = _said(_patient(client, "POST", f"/deployments/{deployment_id}/create_flow_run", wanted))
    return created


def _patient(client: httpx.Client, method: str, path: str, body: Mapping[str, Any] | None = None) -> httpx.Response:
    """Return what the server answers, asked again while its own database is busy for a moment. Only what may be asked twice is asked this way."""
    answer = client.request(method, path, json=body)
    for _attempt in range(1, _TRIES_WHILE_BUSY):
        if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            break
        time.sleep(1)
        answer = client.request(method, path, json=body)
    return answer


def _said(answer: httpx.Response) -> Any:
    if answer.is_error:
        raise DubanError(
            "server-refused", _("服务器没有接受（{status}），请核对 PREFECT_API_AUTH_STRING").format(status=answer.status_code)
        )
    return answer.json()
