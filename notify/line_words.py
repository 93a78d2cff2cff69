"""The words of a digest's lines as templates are given them. They are kept column by column: most are printed and never looked at one by one."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple, overload


class LineWords(NamedTuple):
    """What the templates are given for a line; `page` and `limit` are empty where there is none, for all lines of a group alike."""

    number: int
    task: str
    plan: str
    page: str
    limit: str
    limit_line: str
    situation: str


class Lines(Sequence[LineWords]):
    """Some lines, at least one. `columns` holds their words in the order of the fields of `LineWords`, each column as long as there are lines."""

    def __init__(self, *columns: Sequence[str]) -> None:
        self.columns = columns

    def __len__(self) -> int:
        return len(self.columns[0])

    @overload
    def __getitem__(self, place: int) -> LineWords: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[LineWords]: ...
    def __getitem__(self, place: int | slice) -> LineWords | Sequence[LineWords]:
        return self._rows[place]

    def __iter__(self) -> Iterator[LineWords]:
        return iter(self._rows)

    @cached_property
    def _rows(self) -> list[LineWords]:
        return [LineWords(int(number), *words) for number, *words in zip(*self.columns, strict=True)]
