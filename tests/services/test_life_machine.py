"""Random people do random things for years: whatever they do, the invariants of docs/invariants.md hold.

A short run is part of the suite; DUBAN_LIFE_EXAMPLES and DUBAN_LIFE_STEPS make it as long as one likes, with another seed each time.
"""

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.life.figure_acts import FigureActs
from tests.life.house_acts import HouseActs
from tests.life.office_acts import OfficeActs
from tests.life.task_acts import TaskActs

EXAMPLES = int(os.environ.get("DUBAN_LIFE_EXAMPLES", "4"))
STEPS = int(os.environ.get("DUBAN_LIFE_STEPS", "30"))


class Life(TaskActs, OfficeActs, FigureActs, HouseActs):
    """Everything anybody can do."""


def test_random_lives_break_no_invariant():
    is_long = "DUBAN_LIFE_EXAMPLES" in os.environ
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=not is_long,
            database=None,
            print_blob=is_long,
            # Making a failing life short takes minutes, so it is asked for.
            phases=[Phase.generate, *([Phase.shrink] if "DUBAN_LIFE_SHRINK" in os.environ else [])],
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
    if is_long:
        print(dict(sorted(Life.totals.items())))  # noqa: T201  (whoever asks for a long run wants to see what it reached)
    assert Life.totals["acts"] > EXAMPLES
