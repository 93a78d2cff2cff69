"""The frozen view of a responsibility agreement (目标管理责任书): what one unit answers for in one year."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from reports.duties import Duty
from reports.plain_values import plain


@dataclass(frozen=True)
class EarlierAgreement:
    """The agreement that this one takes the place of."""

    doc_no: str
    issued_on: date
    signed_on: date | None


@dataclass(frozen=True)
class Agreement:
    """A unit's agreement. `led` are in force in the year, `carried` were due before it and are still open, `supported` are led by others.

    `schemes` are the appraisals adopted for the year, by title and version. The days are working days, by the rule set.
    """

    year: int
    unit_id: int
    unit: str
    drawn_up_on: date
    led: tuple[Duty, ...]
    carried: tuple[Duty, ...]
    supported: tuple[Duty, ...]
    schemes: tuple[str, ...]
    acknowledge_days: int
    report_limit_days: int
    most_extensions: int
    replaces: EarlierAgreement | None
    rule_set: str
    rule_sha256: str
    ledger_head: str

    @property
    def duties(self) -> tuple[Duty, ...]:
        """Return all tasks the agreement speaks of."""
        return (*self.led, *self.carried, *self.supported)


def as_json(view: Agreement) -> dict[str, Any]:
    """Return the view as the document `duban/agreement/1`."""
    return {"schema": "duban/agreement/1", **plain(view)}


def content_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what two agreements must have in common for the one still to hold: whose tasks, which figures, which days. `data` is a view as JSON.

    What was carried over is left out: it goes as soon as it is done.
    """
    return {
        "led": {duty["task"]: _agreed(duty) for duty in data["led"]},
        "supported": {duty["task"]: duty["lead"] for duty in data["supported"]},
    }


def _agreed(duty: Mapping[str, Any]) -> list[Any]:
    return [
        duty["due_on"],
        [[goal["measure"], goal["words"]] for goal in duty["goals"]],
        [[step["title"], step["due_on"]] for step in duty["steps"]],
        sorted(duty["supports"]),
    ]
