import pytest

from models.account import AccountRole
from rules.errors import DubanError
from rules.rights import RIGHTS, Act, Actor, Scope, refuse_without_right

OWN, OTHER = 1, 2


@pytest.mark.parametrize("role", list(AccountRole))
@pytest.mark.parametrize("act", list(Act))
def test_the_table_decides_role_by_act_and_unit(act, role):
    actor = Actor(1, "somebody", role, OWN if role is AccountRole.UNIT else None)
    scope = RIGHTS[act].get(role)
    for lead, allowed in ((OWN, scope is not None), (OTHER, scope is Scope.ALL)):
        if allowed:
            refuse_without_right(actor, act, lead)
        else:
            with pytest.raises(DubanError) as refused:
                refuse_without_right(actor, act, lead)
            assert refused.value.code == ("no-right" if scope is None else "not-your-task")


def test_every_act_is_in_the_table():
    assert set(RIGHTS) == set(Act)


@pytest.mark.parametrize("act", [Act.COMPLETE, Act.RETURN, Act.ISSUE_PLAN, Act.MANAGE_ACCOUNTS])
def test_a_unit_never_judges_itself(act):
    assert AccountRole.UNIT not in RIGHTS[act]
