"""What the offices' pages are made of: facts by name, rows with links, a list, and the page that asks once more before a paper leaves the house."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from rules.lights import Reading
from rules.texts import _
from rules.words import channel_word, day_words, light_word
from services.papers.sending import Posting, PostingPlan
from web.refusals import without_commands


@dataclass(frozen=True)
class Fact:
    """One thing known, by its name. `tone` is a light's colour, where it is one; `to` a page that tells more."""

    name: str
    text: str
    to: str = ""
    tone: str = ""
    note: str = ""


@dataclass(frozen=True)
class Entry:
    """One cell of a list."""

    text: str
    to: str = ""
    tone: str = ""
    note: str = ""


@dataclass(frozen=True)
class Tab:
    """A choice of what a list shows."""

    text: str
    to: str
    is_here: bool


@dataclass(frozen=True)
class Listing:
    """A list with its choices; `empty` is what is said where nothing is in it, `note` what is said above it, `more` the address of the next page."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Entry, ...], ...]
    empty: str
    tabs: tuple[Tab, ...] = ()
    note: str = ""
    caption: str = ""
    more: str = ""


@dataclass(frozen=True)
class Ask:
    """The page before a paper goes out: what will happen, to whom, with what, and the button that does it.

    `paper` is where the paper as it would go out is made from `fields`, what was typed; `action` carries the act out with the same fields.
    """

    heading: str
    sentences: tuple[str, ...]
    recipients: tuple[str, ...]
    remarks: tuple[str, ...]
    action: str
    paper: str
    yes: str
    back: str
    fields: tuple[tuple[str, str], ...] = ()
    choice: str = ""
    seen: int | None = None


@dataclass(frozen=True)
class Choice:
    """A box that can be ticked."""

    name: str
    value: str
    text: str
    is_on: bool


@dataclass(frozen=True)
class LightWords:
    """A light as it is shown: its colour, its word, and why."""

    tone: str
    word: str
    why: tuple[str, ...] = field(default=())


def light_words(reading: Reading) -> LightWords:
    """Return a light with its reasons."""
    return LightWords(reading.light.value, light_word(reading.light), tuple(text for _code, text in reading.reasons))


def facts_of(pairs: Iterable[tuple[str, str | date | None]]) -> tuple[Fact, ...]:
    """Return those facts that are known."""
    return tuple(Fact(name, day_words(value) if isinstance(value, date) else value) for name, value in pairs if value)


def task_path(task_id: int) -> str:
    """Return the address of a task's page."""
    return f"/tasks/{task_id}"


def posting_lines(plan: PostingPlan) -> tuple[str, ...]:
    """Return whom a paper goes to, a line for each."""
    return tuple(_posting_words(one) for one in plan.postings)


def _posting_words(posting: Posting) -> str:
    recipient = posting.recipient
    text = _("抄送 {name}：{address}（{channel}）{deputy}") if posting.is_copy else _("发给 {name}：{address}（{channel}）{deputy}")
    deputy = _("，代{names}").format(names=recipient.deputy_for) if recipient.deputy_for else ""
    name = _("{unit} {person}").format(unit=recipient.unit, person=recipient.person) if recipient.person else recipient.unit
    return text.format(name=name, address=posting.address or _("无地址"), channel=channel_word(posting.channel), deputy=deputy)


def remark_lines(remarks: Sequence[str]) -> tuple[str, ...]:
    """Return remarks as a page says them: how something is done on the command line is no help here."""
    return tuple(dict.fromkeys(map(without_commands, remarks)))
