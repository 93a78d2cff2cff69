"""What a task lacks to be handed in: told by its own rows alone where they suffice, and the same as whoever sees it whole is told."""

from datetime import date

import pytest

from rules.rule_set import DEFAULT_RULE_SET
from rules.target_words import missing_words
from services.facts import Viewpoint, read_tasks
from services.progress import ProgressInput, record_progress
from services.report_values import Amount
from services.reviews import Verdict, review_report
from services.shortfalls import lacking_on, missing_on
from services.store import Store
from services.tasks import acknowledge_task, submit_task
from tests.builders import issued, on, people
from tests.remembered import once

Q2, Q3 = date(2013, 6, 28), date(2013, 9, 27)


@pytest.fixture
@once
def actors(session):
    made = people(session)
    issued(session, made.office)
    acknowledge_task(session, 1, on(date(2013, 1, 7), made.science))
    return made


def told_whole(session, day):
    (found,) = read_tasks(session, Viewpoint(day, day), DEFAULT_RULE_SET, task_ids=[1])
    return [words for words in map(missing_words, found.facts.targets) if words]


@pytest.mark.parametrize(
    ("values", "is_returned"),
    [
        pytest.param((), False, id="silent"),
        pytest.param((3,), False, id="a part"),
        pytest.param((3, 500), False, id="more in the end"),
        pytest.param((3, 500), True, id="the last one returned"),
    ],
)
def test_own_rows_tell_what_all_rows_tell(session, actors, tmp_path, values, is_returned):
    for day, value in zip((Q2, Q3), values, strict=False):
        said = ProgressInput({"示范县": Amount(value)}, is_confirmed=True)
        record_progress(session, 1, said, Store(tmp_path), on(day, actors.science))
    if is_returned:
        review_report(session, 1, "2013Q3", Verdict(False, "缺少名单"), on(Q3, actors.supervisor))
    told = told_whole(session, Q3)
    assert missing_on(session, 1, Q3) == lacking_on(session, 1, Q3) == told
    assert bool(told) is not (values[-1:] == (500,) and not is_returned)


def test_a_day_gone_by_is_told_of_as_it_was(session, actors, tmp_path):
    said = ProgressInput({"示范县": Amount(500)}, is_confirmed=True)
    before = missing_on(session, 1, Q2)
    record_progress(session, 1, said, Store(tmp_path), on(Q3, actors.science))
    assert missing_on(session, 1, Q2) == told_whole(session, Q2) == before
    submit_task(session, 1, None, on(Q3, actors.science))
