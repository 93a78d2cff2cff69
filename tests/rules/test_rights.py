import re
from itertools import product
from pathlib import Path

import pytest

from models.account import AccountRole as R
from rules.errors import DubanError
from rules.rights import ADMINISTRATORS, JUDGEMENTS, RIGHTS, Act, Actor, Parties, Scope, may, refuse_without_right

PROVINCE, CITY, OTHER_CITY, COUNTY, BUREAU = 1, 2, 3, 4, 5

# The tree: province over both cities, the city over its county. A bureau stands apart.
ABOVE = {PROVINCE: {1}, CITY: {1, 2}, OTHER_CITY: {1, 3}, COUNTY: {1, 2, 4}, BUREAU: {5}}


def parties(lead: int, *supports: int) -> Parties:
    above = frozenset(unit for support in supports for unit in ABOVE[support])
    return Parties(lead, frozenset(supports), frozenset(ABOVE[lead]), above)


# How the actor of the city stands to each task.
TASKS = {
    "own lead": parties(CITY, BUREAU),
    "support": parties(BUREAU, CITY),
    "lower leads": parties(COUNTY),
    "lower supports": parties(BUREAU, COUNTY),
    "upper": parties(PROVINCE),
    "foreign": parties(OTHER_CITY, BUREAU),
}

REACHED = {
    Scope.LEAD: {"own lead"},
    Scope.SUPPORT: {"support"},
    Scope.RESPONSIBLE: {"own lead", "support"},
    Scope.BELOW: {"own lead", "support", "lower leads", "lower supports"},
}


def expected(act: Act, role: R, task: str, *, is_bound: bool) -> bool:
    scope = RIGHTS[act].get(role)
    if scope is None:
        return False
    if scope is not Scope.ALL:
        return is_bound and task in REACHED[scope]
    if not is_bound:
        return True
    if act in JUDGEMENTS and task == "own lead":
        return False
    return task in (REACHED[Scope.BELOW] if act is Act.READ else {"own lead", "lower leads"})


@pytest.mark.parametrize("act", list(Act))
def test_the_table_decides_act_by_role_and_unit(act):
    for role, is_bound, task in product(R, [True, False], TASKS):
        actor = Actor(1, "somebody", role, CITY if is_bound else None)
        assert may(actor, act, TASKS[task]) is expected(act, role, task, is_bound=is_bound), (role, is_bound, task)


def refusal(actor: Actor, act: Act, units: Parties | None = None) -> str:
    with pytest.raises(DubanError) as refused:
        refuse_without_right(actor, act, units)
    return refused.value.code


@pytest.mark.parametrize(
    ("role", "unit", "act", "task", "code"),
    [
        pytest.param(R.UNIT, CITY, Act.COMPLETE, "own lead", "no-right", id="a unit judges nothing"),
        pytest.param(R.UNIT, CITY, Act.REPORT, "support", "not-your-task", id="a supporting unit reports to its lead"),
        pytest.param(R.UNIT, CITY, Act.REPORT, "lower leads", "not-your-task", id="the upper unit does not do its lower unit's work"),
        pytest.param(R.UNIT, CITY, Act.HAND_IN, "own lead", "lead-reports", id="the lead reports itself"),
        pytest.param(R.UNIT, CITY, Act.HAND_IN, "foreign", "not-your-task", id="nobody hands in on a foreign task"),
        pytest.param(R.UNIT, CITY, Act.NOMINATE_MEMBER, "foreign", "not-your-task", id="nobody nominates on a foreign task"),
        pytest.param(R.SUPERVISOR, CITY, Act.COMPLETE, "own lead", "own-submission", id="no supervisor judges his own unit"),
        pytest.param(R.PLAN_OFFICE, CITY, Act.DECIDE_REQUEST, "own lead", "own-submission", id="no office grants its own unit's request"),
        pytest.param(R.SUPERVISOR, CITY, Act.COMPLETE, "foreign", "not-your-area", id="a city's office stays in its city"),
        pytest.param(R.SUPERVISOR, CITY, Act.COMPLETE, "support", "not-your-area", id="supporting is not enough to decide"),
        pytest.param(R.PLAN_OFFICE, CITY, Act.ISSUE_PLAN, None, "not-your-area", id="the house is not a city's"),
    ],
)
def test_a_refusal_says_why(role, unit, act, task, code):
    assert refusal(Actor(1, "somebody", role, unit), act, TASKS[task] if task else None) == code


def test_every_act_is_in_the_table():
    assert set(RIGHTS) == set(Act)
    assert all(RIGHTS[act] for act in Act)


@pytest.mark.parametrize("act", sorted(JUDGEMENTS | {Act.ISSUE_PLAN, Act.AMEND_PLAN, Act.SUSPEND, Act.CANCEL, Act.REASSIGN, Act.PLAN_PACE}))
def test_a_unit_never_judges_itself_nor_changes_its_duty(act):
    assert R.UNIT not in RIGHTS[act]


KEEPING_HOUSE = {
    *(Act.MANAGE_ACCOUNTS, Act.GRANT_RIGHTS, Act.LOCK_ACCOUNT, Act.READ_ACCESS_LOG, Act.READ_SYSTEM),
    *(Act.INVITE, Act.MANAGE_UNITS),
}


@pytest.mark.parametrize("act", sorted(set(Act) - KEEPING_HOUSE))
def test_no_administrator_does_business(act):
    assert not set(ADMINISTRATORS) & set(RIGHTS[act])


def test_the_administrators_share_nothing_but_locking():
    shared = {act for act in Act if len(set(ADMINISTRATORS) & set(RIGHTS[act])) > 1}
    assert shared == {Act.LOCK_ACCOUNT}


def test_doing_and_judging_are_never_in_one_hand():
    doing = {Act.ACKNOWLEDGE, Act.REPORT, Act.HAND_IN, Act.DECOMPOSE, Act.SUBMIT, Act.FILE_REQUEST, Act.REACH_MILESTONE}
    for role in R:
        held = {act for act in Act if role in RIGHTS[act]}
        assert not (held & doing and held & JUDGEMENTS), role


def test_the_documented_table_is_this_one():
    page = (Path(__file__).resolve().parents[2] / "docs" / "rights.md").read_text(encoding="utf-8")
    told = {
        act: dict(re.findall(r"(\w+): (\w+)", roles)) for act, roles in re.findall(r"^\| `([a-z-]+)` \| (\w+: .*) \|$", page, re.MULTILINE)
    }
    assert told == {act.value: {role.value: scope.value for role, scope in RIGHTS[act].items()} for act in Act}
