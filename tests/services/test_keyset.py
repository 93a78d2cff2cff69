"""Pages of a list that grows: together they hold every row that may be seen, each once, in order."""

import pytest

from models.request import RequestKind, RequestState
from services.keyset import request_keys
from services.request_list import RequestFilter, list_requests
from services.requests import RequestInput, file_request, withdraw_request
from services.tasks import acknowledge_task
from tests.builders import TODAY, issued, on, people


@pytest.fixture
def filed(session):
    found = people(session)
    issued(session, found.office)
    for task_id in range(1, 6):
        acknowledge_task(session, task_id, on(TODAY, found.science))
        file_request(session, task_id, RequestInput(RequestKind.CANCELLATION, "并入其他项目", "已开工"), on(TODAY, found.science))
    withdraw_request(session, 3, on(TODAY, found.science))
    return found


@pytest.mark.parametrize("state", [None, RequestState.FILED, RequestState.WITHDRAWN])
@pytest.mark.parametrize("who", ["office", "science", "finance"])
def test_the_pages_together_are_the_list(session, filed, who, state):
    actor, found, after = getattr(filed, who), [], None
    while True:
        page = request_keys(session, state, after, actor, most=2)
        found += page.ids
        if page.next is None:
            break
        after = page.next
    listed = [row.id for row in list_requests(session, RequestFilter(state=state), actor)]
    assert found == (listed if state is RequestState.FILED else listed[::-1])
