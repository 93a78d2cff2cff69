"""What papers to units go out with in tests, contacts to send them to, and what came of it."""

import json
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from sqlmodel import Session, select

from models.ledger import LedgerEntry
from models.notice import Message, MessageFile
from models.request import RequestKind
from models.unit import Contact, ContactDuty
from notify.channel import Routes
from notify.mail_folder import MailFolder
from rules.errors import DubanError
from rules.requests import Terms
from services.papers.filing import Press
from services.papers.posting import IssuedPaper, PostOffice
from services.requests import Approval, RequestInput, approve_request, file_request
from services.store import Store
from services.tasks import acknowledge_task
from tests.builders import People, keep, on


def post_office_in(folder: Path) -> PostOffice:
    return PostOffice(
        Press(Store(folder / "store"), "省政府督查室"), Routes(MailFolder(folder / "outbox", "duban@example.cn")), "李明 0771-1"
    )


def add_contact(session: Session, unit_id: int | None, name: str, duty: ContactDuty) -> None:
    assert unit_id is not None
    keep(session, Contact(unit_id=unit_id, name=name, duty=duty, address=f"{name}@kjt.example.cn"))


def refused(act, *args) -> tuple[str, str]:
    """Return code and message of the refusal."""
    with pytest.raises(DubanError) as caught:
        act(*args)
    return caught.value.code, caught.value.message


def entries(session: Session, act: str) -> list[LedgerEntry]:
    return list(session.exec(select(LedgerEntry).where(LedgerEntry.act == act).order_by(LedgerEntry.id)))


def queued(session: Session) -> list[tuple[str, str, str, str]]:
    """Return every message: whom it is for, what it is about, its subject, and the name of its one file."""
    rows = session.exec(select(Message, MessageFile).where(Message.id == MessageFile.message_id).order_by(Message.id))
    return [(message.name, message.about, message.subject, file.name) for message, file in rows]


def words_in_file(post: PostOffice, issued: IssuedPaper) -> str:
    """Return all text of the issued Word file, as it lies in the store."""
    (digest,) = issued.filed.files.values()
    document = Document(BytesIO(post.press.store.read(digest)))
    return "".join(node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t"))


def plain(data: object) -> object:
    return json.loads(json.dumps(data))


def extended(session: Session, folk: People, day: date, due_on: date = date(2014, 3, 31)) -> int:
    """Take task 1 up, ask for more time and get it; return the request's number."""
    acknowledge_task(session, 1, on(day, folk.science))
    asked = RequestInput(RequestKind.EXTENSION, "汛期停工", "已完成5个", Terms(due_on=due_on))
    number = file_request(session, 1, asked, on(day, folk.science))
    approve_request(session, number, Approval(words="抓紧办理"), on(day, folk.office))
    return number
