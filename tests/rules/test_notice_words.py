"""Every level, state, matter and reason has words, and they accuse nobody."""

from datetime import date

import pytest

from models.notice import NoticeLevel, NoticeState
from rules.escalation import RUNGS, Matter, Moot
from rules.notice_words import level_name, matter_name, moot_words, notice_state_name, usual_demand


@pytest.mark.parametrize(
    ("words", "kinds"), [(level_name, NoticeLevel), (notice_state_name, NoticeState), (matter_name, Matter), (moot_words, Moot)]
)
def test_everything_has_words_of_its_own(words, kinds):
    said = [words(kind) for kind in kinds]
    assert all(said)
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("level", list(NoticeLevel))
@pytest.mark.parametrize("is_overdue", [True, False])
def test_demands_name_the_limit_and_no_guilt(level, is_overdue):
    said = usual_demand(level, date(2014, 1, 13), is_overdue=is_overdue)
    assert ("2014年1月13日（含当日）" in said) is (level in RUNGS)
    assert ("申请办结" in said) is (is_overdue and level in RUNGS)
    assert not any(word in said for word in ("失职", "渎职", "处分", "责任人"))
