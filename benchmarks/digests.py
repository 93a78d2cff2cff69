"""A day's digests from nothing to the mail server: who is due, planned, composed, queued, sent, written down; how many a second, each part by itself.

Usage: `python -m benchmarks.digests [--recipients 1000] [--connections N] [--database URL] [--turns 3]`. One process, as `duban remind` is one; each turn has a house of its own on SQLite, on a
server there is one turn. Every message must have come exactly once, or the run fails. Seconds on the wall and of this process's processor time, medians.
"""

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TypeVar

from benchmarks.post_office import SENDER, PostOffice, post_office
from benchmarks.quarter import fill_quarter
from notify.channel import Routes
from notify.smtp import SmtpChannel, SmtpServer
from rules.rule_set import DEFAULT_RULE_SET
from runtime.clock import now
from runtime.database import open_engine, transaction, upgrade_database
from runtime.processes import is_gone, this_process
from services.courier import Courier
from services.due_lines import Due
from services.occasion import SYSTEM, Occasion
from services.outbox import deliver
from services.remind_report import report_of
from services.reminders import chunks_of, look_through, queue_reminders

DAY, DUE_ON = date(2013, 9, 25), date(2013, 9, 30)
OFFICE = "省督查室"
PARTS = ("looked through", "composed and queued", "sent", "told")
Result = TypeVar("Result")
Seconds = tuple[float, float]


class Watch:
    """Takes the time of each part, on the wall and of this process's processor."""

    def __init__(self) -> None:
        self.took: dict[str, Seconds] = {}

    def time(self, part: str, work: Callable[[], Result]) -> Result:
        """Do the work as that part and return what it returns."""
        wall, processor = time.perf_counter(), time.process_time()
        done = work()
        self.took[part] = (time.perf_counter() - wall, time.process_time() - processor)
        return done


def remind_in_parts(courier: Courier, watch: Watch) -> int:
    """Do what `services.reminders.remind` does, each part timed, and return how many messages were sent."""
    occasion = Occasion(SYSTEM, DAY, datetime(2013, 9, 25, 2, tzinfo=UTC))

    def look() -> Due:
        parts = [look_through(courier, occasion, DEFAULT_RULE_SET, chunk) for chunk in chunks_of(courier, occasion)]
        return Due(DAY, DEFAULT_RULE_SET).with_all(parts)

    due = watch.time(PARTS[0], look)
    plan = watch.time(PARTS[1], lambda: courier.write(lambda session: queue_reminders(session, occasion, courier.routes, due, OFFICE)))
    delivery = watch.time(PARTS[2], lambda: deliver(courier, DAY))
    report = watch.time(PARTS[3], lambda: courier.write(lambda session: report_of(session, plan, delivery, is_quiet=False)))
    return len(report.sent)


def turn(url: str, recipients: int, connections: int, office: PostOffice) -> Mapping[str, Seconds]:
    """Fill a house, remind it once, and return what each part took."""
    engine = open_engine(url)
    upgrade_database(engine)
    fill_quarter(engine, recipients, DUE_ON)
    channel = SmtpChannel(SmtpServer("127.0.0.1", office.port, "none", connections=connections), SENDER, OFFICE)
    watch = Watch()
    sent = remind_in_parts(Courier(partial(transaction, engine), Routes(channel), this_process(), now, is_gone=is_gone), watch)
    engine.dispose()
    taken = office.taken()
    if sent != recipients or len(taken) != recipients or set(taken.values()) != {1}:
        raise AssertionError(f"{sent} sent, {len(taken)} taken, {taken.total()} in all, of {recipients}")
    return watch.took


def measure(url: str | None, recipients: int, connections: int, turns: int) -> None:
    """Print how many a second, the whole and each part."""
    found: list[Mapping[str, Seconds]] = []
    server = ""
    for _turn in range(1 if url else turns):
        with TemporaryDirectory() as folder, post_office(Path(folder)) as office:
            found.append(turn(url or f"sqlite:///{folder}/duban.db", recipients, connections, office))
            server = office.server
    sys.stdout.write(
        f"{recipients} digests, {connections} connections to {server}\n{'':<24}{'wall':>10}{'a second':>12}{'processor of one':>20}\n"
    )
    whole = [[sum(took[part][clock] for part in PARTS) for took in found] for clock in (0, 1)]
    for name in PARTS:
        _tell(name, recipients, *([took[name][clock] for took in found] for clock in (0, 1)))
    _tell("all of it", recipients, *whole)


def _tell(name: str, recipients: int, wall: list[float], processor: list[float]) -> None:
    seconds = median(wall)
    sys.stdout.write(f"{name:<24}{seconds:>8.3f} s{recipients / seconds:>10.0f}/s{median(processor) / recipients * 1000:>17.3f} ms\n")


def main() -> int:
    """Measure and print."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--recipients", type=int, default=1000)
    asked.add_argument("--connections", type=int, default=1)
    asked.add_argument("--turns", type=int, default=3)
    asked.add_argument("--database", help="an empty database; SQLite files of its own where none is given")
    given = asked.parse_args()
    measure(given.database, given.recipients, given.connections, given.turns)
    return 0


if __name__ == "__main__":
    sys.exit(main())
