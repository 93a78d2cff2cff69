"""How a returned form is known for the one that was sent: the house's own mark, the form's number, and a key for each row that fits no other row.

The keys guard against mistakes (a row copied, a sheet of another unit pasted in), not against forgers: what a form says is still held against every rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.form import Form
from models.ledger import LedgerEntry
from reports.form_sheets import HEAD_ROW, SCHEMA, FormSheet, Role, columns_of, sheet_title
from services.ledger import HOUSE

LABEL_MARK = "\x1f"


@dataclass(frozen=True)
class FormRow:
    """What a row of a form is about, as the database keeps it. `label` is what the row's own cells call it; `target_id` is 0 where it asks no figure."""

    role: Role
    task_id: int
    label: str
    target_id: int = 0
    part: str = ""

    def as_json(self) -> list[Any]:
        """Return the row as a form's content holds it."""
        return [self.role.value, self.task_id, self.label, self.target_id, self.part]


def rows_of(form: Form) -> list[FormRow]:
    """Return the rows a form was sent with, in order."""
    return [FormRow(Role(role), task_id, label, target_id, part) for role, task_id, label, target_id, part in form.content["rows"]]


def house_mark(session: Session) -> str:
    """Return what no other house has: the hash of the first entry of its ledger."""
    first = select(col(LedgerEntry.hash)).where(col(LedgerEntry.chain) == HOUSE, col(LedgerEntry.seq) == 1)
    return str(session.execute(first).scalar_one_or_none() or "")[:16]


def row_key(house: str, form_id: int, number: int, row: FormRow) -> str:
    """Return the key of a form's row `number`, counted from 0."""
    told = LABEL_MARK.join(str(part) for part in (house, form_id, number, *row.as_json()))
    return f"{number}-{sha256(told.encode()).hexdigest()[:12]}"


def marks_of(form: Form, house: str, sheets: Sequence[FormSheet], positions: Sequence[tuple[int, int]]) -> tuple[tuple[str, ...], ...]:
    """Return the lines of the hidden sheet: the form, its sheets with the heads they must have, and where each task's plan stood in the ledger."""
    first = (SCHEMA, str(form.id), house, str(form.unit_id), form.period, str(form.edition))
    heads = [("sheet", sheet.role.value, sheet_title(sheet.role), str(HEAD_ROW), *_heads(sheet.role)) for sheet in sheets]
    return (first, *heads, *(("task", str(task_id), str(seq)) for task_id, seq in positions))


def _heads(role: Role) -> list[str]:
    return [column.head for column in columns_of(role)]
