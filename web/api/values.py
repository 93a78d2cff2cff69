"""Kinds of values that several resources take: ids, days, texts. What the database could not hold is refused before it gets there."""

from datetime import date
from typing import Annotated

from fastapi import Path, Query
from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

MOST_ROWS = 200
_USUAL_ROWS = 50
_LAST_ID = 2_147_483_647
_FIRST_YEAR, _LAST_YEAR = 1949, 2199
_LENGTH_OF_DAY = 10
# No control characters but tabs and line ends: nobody types them, and PostgreSQL takes no NUL.
_PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"


def _day(value: object) -> date:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
        if len(str(value)) == _LENGTH_OF_DAY and _FIRST_YEAR <= day.year <= _LAST_YEAR:
            return day
    except ValueError:
        pass
    raise PydanticCustomError("bad_day", "not a day from 1949 to 2199, written 2013-09-30")


Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema(
        {"type": "string", "format": "date", "pattern": r"^(19[5-9][0-9]|20[0-9][0-9]|21[0-9][0-9])-[0-9]{2}-[0-9]{2}$"}, mode="validation"
    ),
]
"""A day as 2013-09-30, from 1949 to 2199."""

Line = Annotated[str, StringConstraints(max_length=200, pattern=_PRINTABLE)]
Words = Annotated[str, StringConstraints(max_length=5000, pattern=_PRINTABLE)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=_PRINTABLE)]
Quantity = Annotated[float, Field(ge=0, lt=1e13, allow_inf_nan=False)]

OnDay = Annotated[
    Day | None,
    Query(
        alias="on",
        description="The day as of which to answer, at its end; not after today. Without it: today, in Asia/Shanghai.",
        examples=["2013-09-30"],
    ),
]
After = Annotated[
    int | None,
    Query(ge=0, le=_LAST_ID, description="The `next` of the page before: rows after that id. Without it: from the start.", examples=[120]),
]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="How many rows at most.")]
TaskId = Annotated[int, Path(ge=1, le=_LAST_ID, description="The task's number.", examples=[7])]
PlanId = Annotated[int, Path(ge=1, le=_LAST_ID, description="The plan's number.", examples=[1])]
RequestId = Annotated[int, Path(ge=1, le=_LAST_ID, description="The request's number.", examples=[3])]
NoticeId = Annotated[int, Path(ge=1, le=_LAST_ID, description="The notice's own number, not its document number.", examples=[5])]
BulletinId = Annotated[int, Path(ge=1, le=_LAST_ID, description="The bulletin's number in the archive, not its issue.", examples=[2])]
EvidenceId = Annotated[int, Path(ge=1, le=_LAST_ID, description="The number of the piece of evidence.", examples=[4])]

PlanQuery = Annotated[int | None, Query(ge=1, le=_LAST_ID, description="Only of this plan.", examples=[1])]
TaskQuery = Annotated[int | None, Query(ge=1, le=_LAST_ID, description="Only on this task.", examples=[7])]
USUAL_ROWS = _USUAL_ROWS
