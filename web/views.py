"""What a page shows, ready for its template: every word is chosen before, the template only places it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """One cell. `tone` is a style: a light's colour, `number`, `soft`, or nothing; `note` stands small below the text."""

    text: str
    tone: str = ""
    note: str | None = None


@dataclass(frozen=True)
class Table:
    """A table, or the sentence that stands in its place where it has no rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str
    caption: Cell | None = None


@dataclass(frozen=True)
class Figure:
    """A number of the day with its word."""

    count: int
    word: str
    tone: str = ""


@dataclass(frozen=True)
class Share:
    """A piece of the lights' bar: where it starts and how wide it is, in per cent."""

    tone: str
    start: float
    width: float


@dataclass(frozen=True)
class Section:
    """A part of a page: heading, sentences and tables."""

    key: str
    heading: str
    notes: tuple[Cell, ...] = ()
    tables: tuple[Table, ...] = ()
