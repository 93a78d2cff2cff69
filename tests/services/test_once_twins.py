"""The same thing asked for twice at the same instant is done once, and the second is answered as the first was."""

from threading import Barrier, Thread

from sqlalchemy import Engine

from runtime.database import transaction
from services.once import Asked, answer_of, note_done, request_hash
from tests import builders


def test_the_second_waits_for_the_first(engine: Engine) -> None:
    with transaction(engine) as session:
        account_id = builders.people(session).office.account_id
    assert account_id is not None
    asked, together = Asked(account_id, "one", request_hash("act")), Barrier(4)
    answers: list[str] = []
    done: list[int] = []

    def ask(number: int) -> None:
        together.wait()
        with transaction(engine) as session:
            earlier = answer_of(session, asked)
            if earlier is None:
                done.append(number)
                note_done(session, asked, {"told": f"by {number}"}, builders.AT)
            answers.append(f"by {number}" if earlier is None else earlier["told"])

    threads = [Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1
    assert answers == [f"by {done[0]}"] * 4
