"""What the forms of a task's way show: acknowledging it, handing it in for review, and its milestones."""

from dataclasses import dataclass

from rules.target_words import actual_words, wanted_words
from rules.texts import _
from rules.transitions import TaskEvent
from rules.words import day_words
from services.facts import TaskRecord
from web.task_head import TaskHead, shut_words


@dataclass(frozen=True)
class ClaimRow:
    """A figure to be claimed as reached."""

    measure: str
    wanted: str
    actual: str


@dataclass(frozen=True)
class SubmissionPage:
    """The form of a submission: what is claimed, what is missing, and what the last return said; `shut` says why it cannot be handed in now."""

    task: TaskHead
    shut: str
    figures: tuple[ClaimRow, ...]
    criterion: str
    missing: tuple[str, ...]
    returned: str


@dataclass(frozen=True)
class MilestoneRow:
    """A milestone; `done` is the day it was reached, in words, empty where it is open."""

    title: str
    due: str
    is_done: bool
    is_late: bool


@dataclass(frozen=True)
class MilestonesPage:
    """A task's milestones."""

    task: TaskHead
    rows: tuple[MilestoneRow, ...]
    today: str


@dataclass(frozen=True)
class ReceiptPage:
    """A task to be acknowledged; `shut` says why it cannot be now."""

    task: TaskHead
    shut: str


def submission_page(task: TaskHead, record: TaskRecord, missing: tuple[str, ...], returned: str) -> SubmissionPage:
    """Return the form in the current language; `missing` is in words."""
    figures = tuple(ClaimRow(one.measure, wanted_words(one), actual_words(one) or _("还没有报过")) for one in record.facts.targets)
    return SubmissionPage(task, shut_words(record, TaskEvent.SUBMIT), figures, record.facts.criterion or "", missing, returned)


def milestones_page(task: TaskHead, record: TaskRecord, today: str) -> MilestonesPage:
    """Return the task's milestones in the order of their days."""
    rows = tuple(
        MilestoneRow(one.title, day_words(one.due_on), one.is_done, not one.is_done and one.due_on.isoformat() < today)
        for one in record.facts.milestones
    )
    return MilestonesPage(task, rows, today)
