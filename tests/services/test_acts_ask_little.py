"""An act asks the database for just what it needs: so many statements, whatever the size of the house."""

from pathlib import Path

import pytest
from sqlmodel import Session

from runtime.database import open_engine, transaction
from services.ledger import first_break
from services.tasks import acknowledge_task, complete_task, submit_task
from services.unit_loads import wrong_counts
from tests.builders import TODAY, issued, on, people

# The bracket of the transaction counts, too.
MOST = {"acknowledge": 11, "submit": 14, "complete": 12}


@pytest.fixture
def engine(migrated_file: Path, tmp_path: Path):
    place = tmp_path / "duban.db"
    place.write_bytes(migrated_file.read_bytes())
    engine = open_engine(f"sqlite:///{place}")
    yield engine
    engine.dispose()


def asked_by(engine, act) -> list[str]:
    """Do it in a transaction of its own and return the statements that reached the database."""
    asked: list[str] = []
    with transaction(engine) as session:
        driver = session.connection().connection.dbapi_connection
        driver.set_trace_callback(asked.append)
        act(session)
    driver.set_trace_callback(None)
    return asked


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
        assert len(asked) <= MOST[name], (name, asked)
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
