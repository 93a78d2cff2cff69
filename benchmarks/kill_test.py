"""Reminder runs killed (SIGKILL) at random instants all through a quarter, sending to a real mail server: what was lost, doubled, left in doubt.

Usage: `python -m benchmarks.kill_test [--runs 500] [--seed N] [--databases URL URL] [--connections N]`. Each working day has some runs that are killed and a last one that is not. The same quarter is then
lived through undisturbed, in a second database, so that what should have been said is known. The exit code says whether the promise held: nothing lost, nothing doubled,
at most one message in doubt for a kill and connection.
"""

import argparse
import math
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from sqlmodel import Session, col, select

from benchmarks.post_office import SENDER, PostOffice, forked, post_office
from benchmarks.quarter import fill_quarter, working_days
from models.ledger import LedgerEntry
from models.notice import Message, MessageState, Reminder
from runtime.database import open_engine, reading, upgrade_database
from runtime.reminding import run_reminders
from runtime.settings import read_settings
from services.ledger import first_break
from services.occasion import SYSTEM, Occasion

KILLS_A_DAY = 8
# What the server takes to think, before a message counts as taken and again after: the instants in which nobody can know.
SERVER_SECONDS = 0.002

Line = tuple[str, int, str, str]


@dataclass
class Findings:
    """What came of it. Lists hold Message-IDs; `unsaid` are lines the undisturbed house said and the killed one did not, `unasked` the other way round."""

    connections: int = 1
    kills: int = 0
    ended_before: int = 0
    messages: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    uncertain: dict[str, bool] = field(default_factory=dict)
    unentered: list[str] = field(default_factory=list)
    unsaid: set[Line] = field(default_factory=set)
    unasked: set[Line] = field(default_factory=set)
    is_ledger_whole: bool = False

    @property
    def keeps_promise(self) -> bool:
        """Tell whether nothing was lost or doubled and no more is in doubt than connections were killed."""
        wrong = self.lost or self.doubled or self.unentered or self.unsaid or self.unasked
        return not wrong and self.is_ledger_whole and len(self.uncertain) <= self.kills * self.connections


@dataclass(frozen=True)
class House:
    """A database and the mail server it sends to."""

    url: str
    folder: Path
    office: PostOffice
    connections: int = 1

    def run(self, day: date) -> None:
        """Do the reminder run of a day, as the command and the flow do."""
        settings = read_settings(
            home=self.folder,
            database_url=self.url,
            smtp_host="127.0.0.1",
            smtp_port=self.office.port,
            smtp_security="none",
            smtp_connections=self.connections,
            mail_sender=SENDER,
        )
        engine = open_engine(self.url)
        run_reminders(settings, engine, Occasion(SYSTEM, day, _at_ten(day)), clock=partial(_at_ten, day))
        engine.dispose()


def _at_ten(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC) + timedelta(seconds=time.monotonic() % 3600)


def live_through(house: House, days: list[date], kills: int, chance: random.Random, found: Findings) -> None:
    """Live through the days; the kills are shared out among them, each at an instant by chance within what a run takes."""
    span = 1.0
    for number, day in enumerate(days):
        wanted = kills * (number + 1) // len(days)
        while found.kills < wanted:
            process = forked(partial(house.run, day))
            process.join(chance.uniform(0, span))
            process.kill()
            process.join()
            was_killed = process.exitcode == -9
            found.kills += was_killed
            found.ended_before += not was_killed
            span = span * 1.03 if was_killed else span * 0.8
        last = forked(partial(house.run, day))
        last.join()
        if last.exitcode:
            raise RuntimeError(f"a run that nobody killed ended with {last.exitcode}")


def account_for(house: House, twin: House, found: Findings) -> None:
    """Hold the outbox against what the server took, and the lines against those of the undisturbed house."""
    taken = Counter({key.rpartition("@")[0]: times for key, times in house.office.taken().items()})
    engine = open_engine(house.url)
    with reading(engine) as session:
        states = dict(session.execute(sa.select(col(Message.message_id), col(Message.state))).tuples().all())
        numbers = dict(session.execute(sa.select(col(Message.message_id), col(Message.id))).tuples().all())
        entered = _entered(session)
        said = _lines(session)
        found.is_ledger_whole = first_break(session) is None
    engine.dispose()
    found.messages = len(states)
    found.doubled = [key for key, times in taken.items() if times > 1]
    found.uncertain = {key: taken[key] == 1 for key, state in states.items() if state is MessageState.UNCERTAIN}
    sent = [key for key, state in states.items() if state is MessageState.SENT]
    found.lost = [key for key in states if key not in found.uncertain and (key not in sent or not taken[key])]
    found.unentered = [key for key in sent if numbers[key] not in entered]
    engine = open_engine(twin.url)
    with reading(engine) as session:
        wanted = _lines(session)
    engine.dispose()
    found.unsaid, found.unasked = wanted - said, said - wanted


def _lines(session: Session) -> set[Line]:
    rows = select(Reminder.rule, Reminder.task_id, Reminder.period, Reminder.recipient)
    return {(rule, task_id, period, recipient) for rule, task_id, period, recipient in session.exec(rows)}


def _entered(session: Session) -> set[int]:
    entries = session.exec(select(LedgerEntry.after).where(LedgerEntry.act == "deliver"))
    return {message["message"] for said in entries for message in said["messages"]}


def kill_test(kills: int, seed: int, urls: tuple[str, str], folder: Path, connections: int = 1) -> Findings:
    """Do it all and return what was found."""
    found = Findings(connections)
    days = list(working_days())[: math.ceil(kills / KILLS_A_DAY)]
    houses = []
    for url, name, pause in zip(urls, ("killed", "twin"), (SERVER_SECONDS, 0.0), strict=True):
        place = folder / name
        place.mkdir()
        engine = open_engine(url)
        upgrade_database(engine)
        fill_quarter(engine)
        engine.dispose()
        with post_office(place, pause) as office:
            houses.append(House(url, place, office, connections))
            live_through(houses[-1], days, kills if name == "killed" else 0, random.Random(seed), found)
    account_for(houses[0], houses[1], found)
    return found


def tell(found: Findings, seconds: float) -> None:
    """Print the figures, and each message in doubt by its Message-ID."""
    say = sys.stdout.write
    say(f"killed {found.kills} runs ({found.ended_before} more ended before their kill), {found.messages} messages, {seconds:.0f} s\n")
    say(
        f"lost {len(found.lost)}, doubled {len(found.doubled)}, uncertain {len(found.uncertain)}, sent but not in the ledger {len(found.unentered)}\n"
    )
    say(
        f"lines never said {len(found.unsaid)}, lines too many {len(found.unasked)}, ledger {'whole' if found.is_ledger_whole else 'broken'}\n"
    )
    for key, has_arrived in sorted(found.uncertain.items()):
        say(f"uncertain: {key} ({'had' if has_arrived else 'had not'} arrived)\n")
    for word, keys in (("lost", found.lost), ("doubled", found.doubled), ("not in the ledger", found.unentered)):
        for key in keys:
            say(f"{word}: {key}\n")


def main() -> int:
    """Kill, count, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=500, help="how many runs are killed")
    parser.add_argument("--seed", type=int, default=2013)
    parser.add_argument("--databases", nargs=2, metavar="URL", help="two empty databases; SQLite files of its own where none are given")
    parser.add_argument("--connections", type=int, default=1, help="how many connections a run sends over at once")
    given = parser.parse_args()
    started = time.monotonic()
    with TemporaryDirectory() as folder:
        urls = given.databases or [f"sqlite:///{folder}/{name}.db" for name in ("killed", "twin")]
        found = kill_test(given.runs, given.seed, (urls[0], urls[1]), Path(folder), given.connections)
    tell(found, time.monotonic() - started)
    return 0 if found.keeps_promise else 1


if __name__ == "__main__":
    sys.exit(main())
