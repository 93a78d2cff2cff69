"""A year of four tasks that science leads and finance supports: one done early, one over its target, one never done, one handed in ten days late."""

from datetime import date

from services.progress import ProgressInput, record_progress
from services.report_values import Amount
from services.scoring.adopting import adopt_scheme, shipped_schemes
from services.scoring.marking import MarkInput, put_mark
from services.store import Store
from services.tasks import acknowledge_task, complete_task, submit_task
from tests.builders import draft, issued, item, on, people
from tests.remembered import once

EARLY, OVER, NEVER, LATE = 1, 4, 7, 10
WRITTEN = date(2014, 2, 10)


@once
def lived_year(session, tmp_path):
    actors, store = people(session), Store(tmp_path / "store")
    issued(session, actors.office, draft(*(item(number) for number in range(1, 5))))

    def report(task_id, value, day):
        record_progress(session, task_id, ProgressInput({"示范县": Amount(value)}), store, on(day, actors.science))

    for task_id in (EARLY, OVER, NEVER, LATE):
        acknowledge_task(session, task_id, on(date(2013, 1, 10), actors.science))
    for task_id in (EARLY, OVER, NEVER, LATE):
        report(task_id, 1, date(2013, 4, 2))
    report(EARLY, 10, date(2013, 6, 28))
    submit_task(session, EARLY, None, on(date(2013, 6, 28), actors.science))
    complete_task(session, EARLY, on(date(2013, 7, 3), actors.supervisor))
    for task_id, value in ((OVER, 12), (NEVER, 5), (LATE, 8)):
        report(task_id, value, date(2013, 12, 20))
    submit_task(session, OVER, None, on(date(2013, 12, 31), actors.science))
    complete_task(session, OVER, on(date(2014, 1, 6), actors.supervisor))
    submit_task(session, LATE, "两个县推迟", on(date(2014, 1, 10), actors.science))
    complete_task(session, LATE, on(date(2014, 1, 15), actors.supervisor))
    return actors


def shipped(code):
    return next(scheme for scheme in shipped_schemes() if scheme.code == code).model_dump(mode="json")


def adopted(session, actors, code, **changes):
    return adopt_scheme(session, {**shipped(code), **changes}, 2013, on(date(2014, 2, 3), actors.supervisor))


def viewed(session, actors):
    """Put in the public's view of both units."""
    for actor, value in ((actors.science, 80), (actors.finance, 90)):
        said = MarkInput(2013, actor.unit_id, "view", value, "年度问卷", "guiyang")
        put_mark(session, said, on(date(2014, 2, 7), actors.supervisor))
