"""Two processes empty one outbox of 10 000 messages, beside a bare smtplib loop over one connection to the same server, in one run.

Usage: `python -m benchmarks.outbox [--messages N] [--database URL] [--server-seconds S] [--connections N]`. The bare loop sends the same messages composed beforehand, one half of them before the outbox is
emptied and one half after; a second figure lets it compose each as it goes. It keeps no books: the ratio says what ours cost.
The server is `smtp-sink` where the machine has it (`benchmarks/post_office.py`).
"""

import argparse
import smtplib
import sys
import time
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, insert, text

from benchmarks.post_office import SENDER, PostOffice, forked, post_office
from models.notice import Message, MessageState, Reminder
from models.plan import Plan, PlanItem
from models.task import Task, TaskState
from models.unit import Unit
from notify.channel import Mail, Routes
from notify.mail import content_of
from notify.smtp import SmtpChannel, SmtpServer
from runtime.clock import now
from runtime.database import open_engine, transaction, upgrade_database
from runtime.processes import is_gone, this_process
from services.courier import Courier
from services.ledger import first_break
from services.outbox import deliver

DAY = date(2013, 12, 26)
LINES = 4
PROCESSES = 2


def fill(engine: Engine, count: int) -> None:
    """Put so many messages into the outbox, each with four lines."""
    with transaction(engine) as session:
        session.execute(insert(Unit), [{"id": 1, "name": "省科技厅", "is_open": False, "level": "province"}])
        session.execute(insert(Plan), [{"id": 1, "title": "方案", "source_name": "x", "source_sha256": "0" * 64, "state": "in_force"}])
        items = [
            {
                "id": n,
                "plan_id": 1,
                "key": f"row-{n}",
                "position": n,
                "number": str(n),
                "title": f"事项{n}",
                "text": "",
                "path": [],
                "source": {},
            }
            for n in range(1, LINES + 1)
        ]
        session.execute(insert(PlanItem), items)
        days = {"starts_on": date(2013, 1, 1), "due_on": date(2013, 12, 31), "original_due_on": date(2013, 12, 31)}
        tasks = [
            {"id": n, "plan_id": 1, "item_id": n, "label": "2013年", "text": "", "state": TaskState.IN_PROGRESS, "return_count": 0, **days}
            for n in range(1, LINES + 1)
        ]
        session.execute(insert(Task), tasks)
        session.execute(insert(Message), [_message(n) for n in range(1, count + 1)])
        lines = [
            {"message_id": n, "task_id": task, "rule": "due-3", "period": "2013-12-31", "recipient": f"contact-{n}", "channel": "smtp"}
            for n in range(1, count + 1)
            for task in range(1, LINES + 1)
        ]
        session.execute(insert(Reminder), lines)


def _message(n: int) -> dict[str, object]:
    lines = [f"{number}. 第{number}项行动（2013年）：2013年12月31日到期，还有3个工作日，请报送进展。" for number in range(1, LINES + 1)]
    return {
        "id": n,
        "recipient": f"contact-{n}",
        "unit_id": 1,
        "channel": "smtp",
        "name": "张联络",
        "address": f"u{n}@example.cn",
        "day": DAY,
        "about": "",
        "subject": f"督办提醒：{LINES}项将到期",
        "text": "\n".join(lines),
        "html": "<html><body><ol>" + "".join(f"<li style='margin:0'>{line}</li>" for line in lines) + "</ol></body></html>",
        "message_id": f"20131226.contact-{n}.{n:024x}",
        "state": MessageState.PENDING,
        "attempts": 0,
        "is_entered": False,
    }


def mail_of(n: int) -> Mail:
    """Return the n-th message as the outbox hands it over."""
    row = _message(n)
    same = {name: str(row[name]) for name in ("message_id", "name", "address", "subject", "text", "html")}
    return Mail(id=n, unit="省科技厅", day=DAY, at=datetime(2013, 12, 26, 4, tzinfo=UTC), **same)


def bare_loop(office: PostOffice, contents: dict[str, bytes] | None, mails: dict[str, Mail]) -> float:
    """Send messages over one connection and return the seconds it took; without `contents` each is composed as it goes."""
    with smtplib.SMTP("127.0.0.1", office.port) as connection:
        connection.ehlo()
        started = time.perf_counter()
        for address, mail in mails.items():
            connection.sendmail(SENDER, [address], contents[address] if contents else content_of(mail, SENDER, None))
        return time.perf_counter() - started


def empty_outbox(url: str, office: PostOffice, connections: int = 1) -> None:
    """Deliver what waits, as a process of an installation does."""
    engine = open_engine(url)
    channel = SmtpChannel(SmtpServer("127.0.0.1", office.port, "none", connections=connections), SENDER)
    deliver(Courier(partial(transaction, engine), Routes(channel), this_process(), now, is_gone=is_gone), DAY)
    engine.dispose()


def two_at_once(url: str, office: PostOffice, connections: int) -> float:
    """Let two processes empty the outbox and return the seconds until both have ended."""
    started = time.perf_counter()
    processes = [forked(partial(empty_outbox, url, office, connections)) for _number in range(PROCESSES)]
    for process in processes:
        process.join()
        if process.exitcode:
            raise RuntimeError(f"a delivery ended with {process.exitcode}")
    return time.perf_counter() - started


def measure(count: int, url: str, folder: Path, seconds_for_each: float, connections: int) -> dict[str, float]:
    """Return messages a second of each way, and how many messages came never, once or oftener."""
    prepare(url, count)
    mails = {f"u{n}@example.cn": mail_of(n) for n in range(1, count + 1)}
    contents = {address: content_of(mail, SENDER, None) for address, mail in mails.items()}
    first, second, tenth = (
        dict(list(mails.items())[: count // 2]),
        dict(list(mails.items())[count // 2 :]),
        dict(list(mails.items())[: count // 10]),
    )
    with post_office(folder, seconds_for_each / 2) as office:
        bare_loop(office, contents, tenth)
        before = bare_loop(office, contents, first)
        office.register.write_bytes(b"")
        ours = two_at_once(url, office, connections)
        taken = office.taken()
        after = bare_loop(office, contents, second)
        composed = bare_loop(office, None, first)
    engine = open_engine(url)
    with transaction(engine) as session:
        sent = session.execute(text("SELECT count(*) FROM message WHERE state = 'sent' AND is_entered")).scalar_one()
        is_whole = first_break(session) is None
    engine.dispose()
    return {
        "bare, ready-made": count / (before + after),
        "bare, composing": len(first) / composed,
        "ours, two processes": count / ours,
        "taken once": sum(times == 1 for times in taken.values()),
        "taken oftener": sum(times > 1 for times in taken.values()),
        "sent and in the ledger": float(sent) if is_whole else -1.0,
    }


def prepare(url: str, count: int) -> None:
    """Make the database and fill it."""
    engine = open_engine(url)
    upgrade_database(engine)
    fill(engine, count)
    engine.dispose()


def main() -> int:
    """Measure, print, and say by the exit code whether every message came once."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--database", help="an empty database; an SQLite file of its own where none is given")
    parser.add_argument(
        "--server-seconds", type=float, default=0.0, help="how long the server thinks about each message, as a real one does"
    )
    parser.add_argument("--connections", type=int, default=1, help="how many connections each of the two processes uses at once")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        url = given.database or f"sqlite:///{folder}/duban.db"
        found = measure(given.messages, url, Path(folder), given.server_seconds, given.connections)
    for name, value in found.items():
        sys.stdout.write(f"{name:<28}{value:>10.0f}{'/s' if name.startswith(('bare', 'ours')) else ''}\n")
    ours = found["ours, two processes"]
    for name in ("bare, ready-made", "bare, composing"):
        sys.stdout.write(f"ours to {name:<20}{ours / found[name]:>10.2f}\n")
    return 0 if found["taken once"] == found["sent and in the ledger"] == given.messages else 1


if __name__ == "__main__":
    sys.exit(main())
