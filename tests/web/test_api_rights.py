"""Every operation of the API × every role, from one table. An operation that is missing in it fails."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.web.api_house import Asking, add_papers, open_house

HOLDERS = (
    *("nobody", "administrator", "security_administrator", "audit_administrator"),
    *("plan_office", "supervisor", "stranger", "support", "unit"),
)


class Row(NamedTuple):
    asked: str
    statuses: tuple[int, ...]
    body: object = None


READERS = (401, 403, 403, 403, 200, 200, 200, 200, 200)
ON_TASK = (401, 404, 404, 404, 200, 200, 404, 200, 200)
ON_PLAN = (401, 403, 403, 403, 200, 200, 404, 200, 200)

# The unit is named in it, the supporting one is not.
ON_BULLETIN = (401, 403, 403, 403, 200, 200, 404, 404, 200)


def acts(plan_office: int, supervisor: int, support: int, unit: int) -> tuple[int, ...]:
    """Return the statuses of an act on a task: what may not be seen is not there. 409, 422: he may, but it cannot be now."""
    return (401, 404, 404, 404, plan_office, supervisor, 404, support, unit)


# In this order: each act finds what those before it left.
OPERATIONS = {
    "listPlans": Row("/plans", READERS),
    "getPlan": Row("/plans/1", ON_PLAN),
    "listTasksOfPlan": Row("/plans/1/tasks", ON_PLAN),
    "listTasks": Row("/tasks", READERS),
    "getTask": Row("/tasks/1", ON_TASK),
    "listHistory": Row("/tasks/1/history", ON_TASK),
    "acknowledgeTask": Row("/tasks/1/acknowledge", acts(403, 403, 403, 200)),
    "reportProgress": Row("/tasks/1/report", acts(403, 403, 403, 201), {"text": "已开工"}),
    "addEvidence": Row("/tasks/1/evidence", acts(403, 403, 403, 201), b"minutes"),
    "listEvidence": Row("/tasks/1/evidence", ON_TASK),
    "getEvidence": Row("/tasks/1/evidence/1", ON_TASK),
    "fileRequest": Row("/tasks/1/requests", acts(403, 403, 403, 201), {"kind": "cancellation", "reason": "任务已并入其他项目"}),
    "listRequests": Row("/requests", READERS),
    "getRequest": Row("/requests/1", ON_TASK),
    "refuseRequest": Row("/requests/1/refuse", acts(200, 409, 403, 403), {"reason": "仍须办理"}),
    "approveRequest": Row("/requests/1/approve", acts(409, 409, 403, 403)),
    "withdrawRequest": Row("/requests/1/withdraw", acts(403, 403, 403, 409)),
    "submitTask": Row("/tasks/1/submit", acts(403, 403, 403, 200), {"reason": "其余在下年完成"}),
    "returnTask": Row("/tasks/1/return", acts(403, 200, 403, 403), {"reason": "材料不全"}),
    "completeTask": Row("/tasks/1/complete", acts(403, 409, 403, 403)),
    "closeTask": Row("/tasks/1/close", acts(409, 409, 403, 403)),
    "reopenTask": Row("/tasks/1/reopen", acts(403, 409, 403, 403), {"reason": "回访"}),
    "listNotices": Row("/notices", READERS),
    "getNotice": Row("/notices/1", ON_TASK),
    "answerNotice": Row("/notices/1/receipt", acts(200, 422, 403, 422), {"receiver": "李明"}),
    "listBulletins": Row("/bulletins", READERS),
    "getBulletin": Row("/bulletins/1", ON_BULLETIN),
    "getBulletinFile": Row("/bulletins/1/files/md", ON_BULLETIN),
    "getMyWork": Row("/my-work", (401, 403, 403, 403, 403, 403, 200, 200, 200)),
    "listUnits": Row("/units", (401, *(200,) * 8)),
    "getLedgerHead": Row("/ledger/head", (401, 403, 403, 200, 200, 200, 403, 403, 403)),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    with open_house(tmp_path_factory.mktemp("api")) as asking:
        add_papers(asking.context)
        yield asking


def methods(house: Asking) -> dict[str, str]:
    paths = house.get("/openapi.json", "nobody").json()["paths"].values()
    return {operation["operationId"]: method.upper() for path in paths for method, operation in path.items()}


def test_every_operation_is_in_the_table(house: Asking) -> None:
    assert set(methods(house)) == set(OPERATIONS)


def test_each_holder_gets_what_the_table_says(house: Asking) -> None:
    method_of, told = methods(house), {}
    for name, row in OPERATIONS.items():
        for holder, status in zip(HOLDERS, row.statuses, strict=True):
            answer = ask(house, method_of[name], row, holder)
            if answer != status:
                told[name, holder] = (answer, status)
    assert not told


def ask(house: Asking, method: str, row: Row, holder: str) -> int:
    if method == "GET":
        return house.get(row.asked, holder).status_code
    if isinstance(row.body, bytes):
        headers = {"Idempotency-Key": holder, "Content-Disposition": 'attachment; filename="a.txt"'}
        return house.ask("POST", row.asked, holder, headers, content=row.body).status_code
    return house.post(row.asked, holder, row.body).status_code
