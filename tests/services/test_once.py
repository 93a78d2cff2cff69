"""Keys of what was done: kept a while, then forgotten; a number that is another account's tells nothing."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from rules.errors import DubanError
from services.once import KEPT, Asked, answer_of, answer_with_id, forget_old, note_done, request_hash
from tests import builders
from tests.builders import AT


@pytest.fixture
def asked(session: Session) -> Asked:
    account_id = builders.people(session).office.account_id
    assert account_id
    return Asked(account_id, "key-1", request_hash("/tasks/7", "a"))


def test_what_was_done_is_answered_again_until_it_is_forgotten(session: Session, asked: Asked) -> None:
    assert answer_of(session, asked) is None
    done_id = note_done(session, asked, {"to": "/tasks/7"}, AT)
    assert answer_of(session, asked) == {"to": "/tasks/7", "id": done_id}
    assert forget_old(session, AT + KEPT) == 0
    assert forget_old(session, AT + KEPT + timedelta(seconds=1)) == 1
    assert answer_of(session, asked) is None


def test_another_request_under_the_same_key_is_refused(session: Session, asked: Asked) -> None:
    note_done(session, asked, {}, AT)
    with pytest.raises(DubanError) as refused:
        answer_of(session, Asked(asked.account_id, asked.key, request_hash("/tasks/7", "b")))
    assert refused.value.code == "key-reused"


def test_an_answer_is_its_own_accounts(session: Session, asked: Asked) -> None:
    done_id = note_done(session, asked, {"said": "好"}, AT)
    assert answer_with_id(session, asked.account_id, done_id, AT) == {"said": "好"}
    assert answer_with_id(session, asked.account_id + 1, done_id, AT) is None
    assert answer_with_id(session, asked.account_id, done_id, AT + timedelta(seconds=1)) is None


@pytest.mark.parametrize("key", ["", "k" * 81], ids=["empty", "too long"])
def test_a_key_has_a_length(session: Session, asked: Asked, key: str) -> None:
    with pytest.raises(DubanError) as refused:
        answer_of(session, Asked(asked.account_id, key, asked.request_hash))
    assert refused.value.code == "bad-key"


def test_where_one_part_ends_counts() -> None:
    assert request_hash("ab", "c") != request_hash("a", "bc")
