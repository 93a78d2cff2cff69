"""An act asks the database for just what it needs: so many statements, whatever the size of the house."""

from pathlib import Path

import pytest
from sqlmodel import Session

from runtime.database import open_engine, transaction
from services.ledger import first_break
from services.tasks import acknowledge_task, complete_task, submit_task
from services.unit_loads import wrong_counts
from tests.builders import TODAY, issued, on, people
from tests.counted_house import counting, statements
from tests.databases import KIND
from tests.homes import new_home, url_of

# The bracket of the transaction comes in addition.
MOST = {"acknowledge": 10, "submit": 13, "complete": 11}
# Who does not write alone locks the task, and reads in the end how it stands.
BESIDE_OTHERS = 2 if KIND == "postgresql" else 0


@pytest.fixture
def engine(tmp_path: Path):
    engine = open_engine(url_of(new_home(tmp_path)))
    with counting(engine):
        yield engine
    engine.dispose()


def asked_by(engine, act) -> list[str]:
    """Do it in a transaction of its own and return the statements that reached the database."""
    statements()
    with transaction(engine) as session:
        act(session)
    return statements()


def test_a_life_of_few_statements(engine) -> None:
    with transaction(engine) as session:
        actors = people(session)
        issued(session, actors.office)
    acts = {
        "acknowledge": lambda session: acknowledge_task(session, 1, on(TODAY, actors.science)),
        "submit": lambda session: submit_task(session, 1, "已办妥", on(TODAY, actors.science)),
        "complete": lambda session: complete_task(session, 1, on(TODAY, actors.supervisor)),
    }
    for name, act in acts.items():
        asked = asked_by(engine, act)
        assert len(asked) <= MOST[name] + BESIDE_OTHERS, (name, asked)
    with Session(engine) as session:
        assert first_break(session) is None
        assert list(wrong_counts(session)) == []


def test_what_a_plain_act_wrote_goes_with_a_refusal(engine) -> None:
    with transaction(engine) as session:
        actors = people(session)
        issued(session, actors.office)

    def refused_late() -> None:
        with transaction(engine) as session:
            acknowledge_task(session, 1, on(TODAY, actors.science))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        refused_late()
    with transaction(engine) as session:
        acknowledge_task(session, 1, on(TODAY, actors.science))
    with Session(engine) as session:
        assert first_break(session) is None
        assert list(wrong_counts(session)) == []
