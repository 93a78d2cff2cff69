"""What a channel is: a way to hand one message over, and the three ways that can fail.

The outbox opens a channel once, sends many messages and closes it. A channel raises nothing but `DeliveryError`; anything else is a bug in it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from rules.rates import Rate

# The channel of a contact that names none: whatever this house sends its mail by.
MAIL = "mail"


@dataclass(frozen=True)
class MailFile:
    """A file that goes with a message."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Mail:
    """One message as it is handed over. `id` is the message's number, `address` is empty where the unit has no contact, `at` the instant of handing over."""

    id: int
    message_id: str
    unit: str
    name: str
    address: str
    day: date
    at: datetime
    subject: str
    text: str
    html: str
    files: tuple[MailFile, ...] = ()


class DeliveryError(Exception):
    """A message was not handed over. `permanent`: trying again cannot help. `uncertain`: it may have arrived, so trying again could double it.

    The text is shown to users and never holds a secret.
    """

    def __init__(self, reason: str, *, permanent: bool = False, uncertain: bool = False) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.uncertain = uncertain


class ChannelDownError(DeliveryError):
    """The channel itself cannot be used now (server away, login refused, folder not writable): no message's fault, so none is charged with it."""


class Channel(Protocol):
    """A way out of the house.

    `name` is stored with each message. `needs_address`: a recipient without address cannot be served. `drops_twins`: the same message handed over
    twice arrives once, so that one left in doubt may be sent again without asking. `rates` are kept by the outbox, which knows what other processes sent.
    """

    @property
    def name(self) -> str:
        """Return the stable name of the channel."""
        ...

    @property
    def needs_address(self) -> bool:
        """Tell whether a recipient must have an address."""
        ...

    @property
    def drops_twins(self) -> bool:
        """Tell whether handing a message over twice makes one arrive."""
        ...

    @property
    def rates(self) -> tuple[Rate, ...]:
        """Return how fast the channel may be used; empty: as fast as it takes messages."""
        ...

    def open(self) -> None:
        """Make ready for sending; `ChannelDownError` where that is impossible."""
        ...

    def send(self, mail: Mail) -> None:
        """Hand one message over; coming back means it was accepted."""
        ...

    def close(self) -> None:
        """Let go of connections; never raises."""
        ...


@runtime_checkable
class InParts(Protocol):
    """A channel that cuts a long message into parts, each of which counts for its rates."""

    def parts(self, mail: Mail) -> int:
        """Return in how many parts the message goes."""
        ...


def parts_of(channel: Channel, mail: Mail) -> int:
    """Return how often handing `mail` over uses the channel: once, unless it goes in parts."""
    return channel.parts(mail) if isinstance(channel, InParts) else 1


@runtime_checkable
class InLanes(Protocol):
    """A channel on which several messages can be under way at once."""

    @property
    def lanes(self) -> int:
        """Return how many."""
        ...

    def send_together(self, mails: Sequence[Mail]) -> Sequence[Exception | None]:
        """Hand over as many messages as there are lanes, or fewer; return for each what was raised for it, None where it was accepted."""
        ...


def lanes_of(channel: Channel) -> int:
    """Return how many messages can be handed over at once: one, unless the channel has lanes and no rates that count one after the other."""
    return channel.lanes if isinstance(channel, InLanes) and not channel.rates else 1


def send_together(channel: Channel, mails: Sequence[Mail]) -> Sequence[Exception | None]:
    """Hand over messages, no more than there are lanes; return for each what was raised for it, None where it was accepted."""
    if len(mails) > 1 and isinstance(channel, InLanes):
        return channel.send_together(mails)
    return [_error_of(channel, mail) for mail in mails]


def _error_of(channel: Channel, mail: Mail) -> Exception | None:
    try:
        channel.send(mail)
    except Exception as error:
        return error
    return None


@dataclass(frozen=True)
class Routes:
    """The ways out of this house: the one its mail goes by, and its robots by their names."""

    mail: Channel
    robots: Mapping[str, Channel] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Channel]:
        """Give every channel once, the mail first."""
        yield self.mail
        yield from self.robots.values()

    def leading(self, way: str) -> Channel | None:
        """Return the channel a contact's `channel` names (`mail` or a robot), None where this house has none of that name."""
        return self.mail if way == MAIL else self.robots.get(way)

    def reaching(self, way: str, address: str) -> Channel | None:
        """Return the channel that `way` names where it can serve this address, which may be empty; None where it cannot."""
        channel = self.leading(way)
        return channel if channel is not None and (address or not channel.needs_address) else None
