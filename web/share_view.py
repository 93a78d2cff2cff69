"""What the table of shares shows: a row for each lower unit, a column for each measure, and what the columns should add up to."""

from dataclasses import dataclass

from web.task_head import TaskHead


@dataclass(frozen=True)
class MeasureColumn:
    """A measure of the parent. `adds_to` is what the column should at least add up to, None where each unit must reach the figure by itself."""

    key: int
    name: str
    wanted: str
    adds_to: float | None
    pattern: str

    @property
    def note(self) -> str:
        """Return what is wanted, in words."""
        return self.pattern.format(figure=self.wanted)


@dataclass(frozen=True)
class ShareLine:
    """A lower unit and its share so far. `is_fixed`: it has taken its task up, so the share stays as it is."""

    unit_id: int
    unit: str
    figures: tuple[str, ...]
    due_on: str
    note: str
    is_taken: bool
    is_fixed: bool


@dataclass(frozen=True)
class HandingPage:
    """The table. `shut` says why nothing can be handed down now."""

    task: TaskHead
    measures: tuple[MeasureColumn, ...]
    lines: tuple[ShareLine, ...]
    due_on: str
    shut: str


def share_cell(unit_id: int | None, column: int) -> str:
    """Return the name of a share's field."""
    return f"share-{unit_id}-{column}"
