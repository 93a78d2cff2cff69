"""What reading a document yields before anyone has confirmed it: the draft `duban/draft-plan/1`.

The models say the contract's words (`draft-plan.schema.json`); one field is duban's own: `ItemDraft.issue`, whether the office wants the item issued.
"""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rules.errors import DubanError
from rules.texts import _

SCHEMA = "duban/draft-plan/1"
SHOWN_MISTAKES = 10

Comparator = Literal["eq", "ge", "gt", "le", "lt", "about", "range", "all", "exceeds-series"]
Basis = Literal["period", "cumulative", "level"]
Every = Literal["year", "half-year", "quarter", "month", "week", "two-years"]
SourceKind = Literal["txt", "md", "html", "docx", "doc", "xlsx", "xls", "csv", "pdf", "wps", "et"]
UnitRole = Literal["lead", "support", "responsible"]
Severity = Literal["error", "warning", "info"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Source(_Part):
    """The document a draft was read from: file name without folders, SHA-256 of its bytes, format."""

    name: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    kind: SourceKind


class PlanDraft(_Part):
    """The plan's own facts; `doc_no` as written."""

    title: str | None = None
    doc_no: str | None = None
    issuer: str | None = None
    signed_on: date | None = None
    issued_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None


class UnitDraft(_Part):
    """A unit named by the document. `name` has an elided prefix restored; `open` marks a set whose members are named later."""

    name: str
    as_written: str
    role: UnitRole = "responsible"
    open: bool = False


class TargetDraft(_Part):
    """A quantity to be reached. `text` is the words it was read from, `scope` each of what or which part it holds for."""

    text: str
    measure: str | None = None
    unit_of_measure: str | None = None
    comparator: Comparator = "eq"
    value: float | None = None
    low: float | None = None
    high: float | None = None
    year: int | None = None
    basis: Basis | None = None
    scope: str | None = None
    baseline: float | None = None


class Recurrence(_Part):
    """How often a duty comes round, and how many times at least within each round (None: once or not said)."""

    every: Every
    at_least: float | None = None


class TaskDraft(_Part):
    """One year or named phase of an item; both days belong to it."""

    label: str
    starts_on: date
    due_on: date
    text: str
    targets: tuple[TargetDraft, ...] = ()


class SourcePlace(_Part):
    """Where an item was read: lines and rows count from 1; `table` is the table's number in the document. `written` is the item's text as the document
    has it, where characters were made whole for reading.
    """

    first_line: int | None = None
    last_line: int | None = None
    sheet: str | None = None
    table: int | None = None
    row: int | None = None
    written: str | None = None


class ItemDraft(_Part):
    """One table row, or one clause that carries a duty. `id` is the same whenever the same document is read."""

    id: str
    number: str | None = None
    path: tuple[str, ...] = ()
    title: str
    text: str
    place: str | None = None
    units: tuple[UnitDraft, ...] = ()
    starts_on: date | None = None
    due_on: date | None = None
    recurrence: Recurrence | None = None
    targets: tuple[TargetDraft, ...] = ()
    tasks: tuple[TaskDraft, ...] = ()
    source: SourcePlace = SourcePlace()
    confidence: float = Field(default=1.0, ge=0, le=1)
    issue: bool = True


class Finding(_Part):
    """What a careful clerk would query: a stable code, how grave it is, the sentence for the reader, and the item's id where it is about one."""

    code: str
    severity: Severity
    message: str
    item: str | None = None


class DraftPlan(_Part):
    """A whole draft."""

    source: Source
    plan: PlanDraft
    items: tuple[ItemDraft, ...] = ()
    findings: tuple[Finding, ...] = ()


def draft_as_json(draft: DraftPlan) -> dict[str, Any]:
    """Return the draft as the JSON object of `duban/draft-plan/1`, its schema named first."""
    return {"schema": SCHEMA, **draft.model_dump(mode="json")}


def draft_from_json(content: object, name: str) -> DraftPlan:
    """Return the draft that a JSON value holds; refuse with draft-not-valid, naming the first places that are wrong. `name` is the file's."""
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        message = _("“{name}”不是 {schema} 格式的草案；请用 duban plan draft 重新生成")
        raise DubanError("draft-not-valid", message.format(name=name, schema=SCHEMA))
    try:
        return DraftPlan.model_validate(content)
    except ValidationError as error:
        places = _("；").join(f"{'.'.join(str(part) for part in one['loc'])}：{one['msg']}" for one in error.errors()[:SHOWN_MISTAKES])
        message = _("草案“{name}”有{count}处不合格式：{places}；请改正后再读")
        raise DubanError("draft-not-valid", message.format(name=name, count=error.error_count(), places=places)) from error
