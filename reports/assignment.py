"""The frozen view of an assignment sheet (交办单): a unit's tasks of one plan, or what has changed in them since the last sheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from reports.duties import Duty
from reports.plain_values import plain


class ChangeKind(StrEnum):
    """What became of a task since the last sheet."""

    ADDED = "added"
    CHANGED = "changed"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Change:
    """A task that is new, no longer the unit's, or asked for differently. `parts` are what changed, each with the words before and after."""

    task: int
    title: str
    kind: ChangeKind
    parts: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Assignment:
    """A sheet. `led` and `supported` are all tasks of the unit; with `replaces` (the last sheet's number and day) only `changes` are told.

    `acknowledge_by` is the last day for signing, `report_limit_days` working days after a quarter.
    """

    plan_id: int
    plan: str
    doc_no: str | None
    unit_id: int
    unit: str
    issued_on: date
    acknowledge_by: date
    report_limit_days: int
    led: tuple[Duty, ...]
    supported: tuple[Duty, ...]
    replaces: tuple[str, date] | None
    changes: tuple[Change, ...]
    rule_set: str
    rule_sha256: str
    ledger_head: str


def as_json(view: Assignment) -> dict[str, Any]:
    """Return the view as the document `duban/assignment/1`."""
    return {"schema": "duban/assignment/1", **plain(view)}


def told_of(data: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    """Return what a sheet, as JSON, says of each task: its words by the name of the part. What is not among the parts may change unsaid."""
    return {duty["task"]: _parts(role, duty) for role in ("led", "supported") for duty in data[role]}


def _parts(role: str, duty: Mapping[str, Any]) -> dict[str, Any]:
    goals = [[goal["measure"], goal["words"]] for goal in duty["goals"]]
    parts = {
        "title": duty["item"],
        "label": duty["label"],
        "role": role,
        "goals": goals,
        "due_on": duty["due_on"],
        "criterion": duty["criterion"],
    }
    # Whoever supports is told what the lead has to reach, not with whom else, nor in which words.
    return {**parts, "lead": duty["lead"]} if role == "supported" else {**parts, "text": duty["text"], "supports": duty["supports"]}
