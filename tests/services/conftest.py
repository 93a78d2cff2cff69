"""What tests of services share: the post of papers, and the promise that after a test the tables are what the ledger makes of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from services.ledger import first_break
from services.papers.posting import PostOffice
from services.rebuilding import differences
from tests.services.post_fixtures import post_office_in


@pytest.fixture
def kept_whole(session: Session) -> Iterator[None]:
    """For `usefixtures`: every test of the module leaves chains without a break and tables as the ledger tells them."""
    yield
    assert differences(session) == []
    assert first_break(session) is None


@pytest.fixture
def post(tmp_path: Path) -> PostOffice:
    return post_office_in(tmp_path)
