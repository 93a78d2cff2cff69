"""What is asked more than once while one state of the database is looked at. In a snapshot an answer is kept until its end; where rows may change it is asked again."""

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from sqlmodel import Session

Answer = TypeVar("Answer")

# What `runtime.database.snapshot` writes into its session.
SNAPSHOT = "is_snapshot"
_KEPT = "kept_answers"


def answer_once(session: Session, question: Hashable, ask: Callable[[], Answer]) -> Answer:
    """Return the answer to a question, which names everything it depends on beside the database. It is shared by all who ask, so nobody changes it."""
    if not session.info.get(SNAPSHOT):
        return ask()
    kept = session.info.setdefault(_KEPT, {})
    if question not in kept:
        kept[question] = ask()
    return cast(Answer, kept[question])
