"""A reminder run for a process of its own, killed (SIGKILL) at a point it is told.

`kind` and `target`: `arrivals FILE`, `folder FOLDER` or `smtp PORT`. `point`: `never`, `commit:N` after the N-th transaction, `before:N` and `after:N`
around the N-th handing over.
"""

import os
import signal
from contextlib import contextmanager
from pathlib import Path

from notify.channel import Routes
from notify.mail_folder import MailFolder
from notify.smtp import SmtpChannel, SmtpServer
from rules.rule_set import DEFAULT_RULE_SET
from runtime.database import transaction
from services.courier import Courier
from services.occasion import SYSTEM, Occasion
from services.reminders import remind
from tests.databases import open_off_the_disk
from tests.services.outbox_fixtures import OFFICE, TODAY, Arrivals, gone_for, noon


class Doom:
    """Counts what happens and ends the process when its point is reached."""

    def __init__(self, point: str) -> None:
        self.kind, _colon, number = point.partition(":")
        self.number = int(number or 0)
        self.counts = {"commit": 0, "before": 0, "after": 0}

    def reach(self, kind: str) -> None:
        if kind == self.kind:
            self.counts[kind] += 1
            if self.counts[kind] == self.number:
                os.kill(os.getpid(), signal.SIGKILL)


class Doomed:
    """A channel with doom around its handing over."""

    def __init__(self, channel, doom):
        self._channel, self._doom = channel, doom
        self.name, self.needs_address, self.drops_twins = channel.name, channel.needs_address, channel.drops_twins
        self.rates = ()
        self.open, self.close = channel.open, channel.close

    def send(self, mail):
        self._doom.reach("before")
        self._channel.send(mail)
        self._doom.reach("after")


def channel_to(kind, target):
    if kind == "smtp":
        return SmtpChannel(SmtpServer("127.0.0.1", int(target), "none"), "duban@example.cn")
    return MailFolder(Path(target), "duban@example.cn") if kind == "folder" else Arrivals(Path(target))


def main(url, kind, target, point, owner):
    engine, doom = open_off_the_disk(url), Doom(point)

    @contextmanager
    def doomed_transaction():
        with transaction(engine) as session:
            yield session
        doom.reach("commit")

    courier = Courier(
        doomed_transaction, Routes(Doomed(channel_to(kind, target), doom)), owner, lambda: noon(TODAY), is_gone=gone_for(owner)
    )
    remind(courier, Occasion(SYSTEM, TODAY, noon(TODAY)), DEFAULT_RULE_SET, OFFICE)
