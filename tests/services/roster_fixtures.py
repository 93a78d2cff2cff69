"""A plan at work whose first item takes named members, and one call for each act on them."""

from datetime import date
from types import SimpleNamespace

import pytest

from rules.errors import DubanError
from services.eligible import ListFile, import_eligible
from services.ledger import first_break
from services.quotas import QuotaInput, set_quota
from services.rebuilding import differences
from services.rosters import Names, confirm_members, nominate, select_members, withdraw_members
from services.store import Store
from services.tasks import acknowledge_task
from tests.builders import ISSUED_ON, issued, on, people
from tests.remembered import once

ON = date(2013, 1, 8)
PASSED = "名称,地区\n甲县,东市\n乙县,东市\n丙县,西市\n"
LATER = "县（市、区）,地级市\n丁县,西市\n甲县,东市\n"
WHOLE = PASSED + "丁县,西市\n戊县,南市\n"


def refusal(act, *arguments):
    with pytest.raises(DubanError) as refused:
        act(*arguments)
    return refused.value.code


def refusal_or_none(act, *arguments):
    try:
        act(*arguments)
    except DubanError as error:
        return error.code
    return None


LISTS = {"2011年通过": PASSED, "2013年通过": LATER, "全省各县": WHOLE}


def prepare(session, folder):
    """A plan whose first two tasks, 2013 and 2014 of one item, are at work and may take members that passed either appraisal."""
    found = begin(session, folder)
    return SimpleNamespace(
        people=found, files={name: folder / f"{name}.csv" for name in LISTS}, proof=folder / "批复.txt", store=Store(folder / "store")
    )


@once
def begin(session, folder):
    found = people(session)
    issued(session, found.office)
    for name, content in LISTS.items():
        place = folder / f"{name}.csv"
        place.write_text(content, encoding="utf-8")
        import_eligible(session, ListFile(name, place, "公布名单的通知"), on(ISSUED_ON, found.office))
    for task_id in (1, 2, 4):
        acknowledge_task(session, task_id, on(date(2013, 1, 7), found.science))
    (folder / "批复.txt").write_text("同意", encoding="utf-8")
    return found


@once
def take_members(session, office):
    """Let the first item's tasks take members that passed either appraisal."""
    set_quota(session, 1, QuotaInput("示范县", ["2011", "2013"], for_all_years=True), on(ON, office))


@pytest.fixture
def house(session, tmp_path):
    found = prepare(session, tmp_path)
    take_members(session, found.people.office)
    yield found
    assert differences(session) == []
    assert first_break(session) is None


def add(session, house, task_id, *names, day=ON, **options):
    return nominate(session, task_id, Names(names), on(day, house.people.science), **options)


def choose(session, house, task_id, *names, day=ON):
    return select_members(session, task_id, Names(names), on(day, house.people.office))


def confirm(session, house, task_id, *names, day=ON):
    return confirm_members(session, task_id, Names(names), [house.proof], house.store, on(day, house.people.supervisor))


def settle(session, house, task_id, *names, day=ON):
    add(session, house, task_id, *names, day=day)
    choose(session, house, task_id, *names, day=day)
    return confirm(session, house, task_id, *names, day=day)


def leave(session, house, task_id, *names, day=ON):
    return withdraw_members(session, task_id, Names(names), "数据不实", on(day, house.people.supervisor))
