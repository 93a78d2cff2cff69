"""Evidence: listed, taken out, handed in after the report it belongs to."""

from datetime import date
from typing import Any

from fastapi import Request, Response
from pydantic import Field
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

from models.task import Task, TaskState
from services.evidence_adding import add_evidence
from services.occasion import Occasion
from services.reach import refuse_unseen
from services.task_evidence import task_file, task_files
from web.api.acting import Done, TaskActing, mark_of
from web.api.answers import PageOf, file, listed
from web.api.caller import Calling, day_asked
from web.api.pages import cut
from web.api.routing import A_FILE, REPLAYED, guarded
from web.api.shapes import Told
from web.api.uploads import uploaded
from web.api.values import USUAL_ROWS, After, EvidenceId, Limit, OnDay, TaskId

router = guarded("evidence")
uploads = guarded("evidence", takes_files=True)


class EvidenceLine(Told):
    """A file that was handed in."""

    id: int = Field(description="Its number, by which it is taken out.", examples=[4])
    name: str = Field(description="The name it was handed in under.", examples=["验收报告.pdf"])
    media_type: str = Field(description="Its kind, as its content tells.", examples=["application/pdf"])
    size_bytes: int = Field(description="Its length.", ge=0)
    sha256: str = Field(description="Its SHA-256.", min_length=64, max_length=64)
    unit: str = Field(description="The unit that handed it in; empty for a roster's member.")
    day: date = Field(description="The day it was handed in.")
    period: str = Field(description="The quarter of the report or part it came with; empty for a roster's member.", examples=["2013Q3"])
    member: str = Field(description="The roster's member it speaks for; else empty.")


class EvidenceKept(Told):
    """One file of the report that files were added to."""

    id: int = Field(description="Its number, by which it is taken out.", examples=[4])
    name: str = Field(description="The name it is kept under.")
    sha256: str = Field(description="Its SHA-256.", min_length=64, max_length=64)
    size_bytes: int = Field(description="Its length.", ge=0)


class EvidenceAdded(Told):
    """A report's files, after some were added."""

    task_id: int = Field(description="The task's number.", examples=[7])
    state: TaskState = Field(description="Its state.")
    etag: str = Field(description="What to send as If-Match with the next act.")
    period: str = Field(description="The quarter of the report they were added to.")
    files: list[EvidenceKept] = Field(description="All files of that report; one that it had already is kept once.")


_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "A multipart form with parts named `file`, or one file as the body itself, its name in Content-Disposition.",
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "array", "minItems": 1, "maxItems": 20, "items": {"type": "string", "format": "binary"}}
                    },
                }
            },
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        },
    },
    "parameters": [
        {
            "name": "Content-Digest",
            "in": "header",
            "required": False,
            "description": "SHA-256 of the whole body (RFC 9530): `sha-256=:…:` in base64. Where it does not fit, nothing is kept.",
            "schema": {"type": "string"},
        },
        {
            "name": "Content-Disposition",
            "in": "header",
            "required": False,
            "description": "For a file as the body itself: its name, `attachment; filename*=UTF-8''…`.",
            "schema": {"type": "string"},
        },
    ],
}


@router.get("/tasks/{task_id}/evidence", operation_id="listEvidence", response_model=PageOf[EvidenceLine], summary="List a task's evidence")
def list_evidence(
    request: Request, caller: Calling, task_id: TaskId, on: OnDay = None, after: After = None, limit: Limit = USUAL_ROWS
) -> Response:
    """List the files handed in on a task: with its reports, by its supporting units, for its roster's members."""
    with caller.reading() as session:
        refuse_unseen(session, caller.actor, task_id)
        rows = task_files(session, task_id, day_asked(on))
    some, following = cut(rows, after, limit, lambda row: row.id)
    return listed(request, PageOf(items=[EvidenceLine.model_validate(row) for row in some], next=following))


@router.get(
    "/tasks/{task_id}/evidence/{evidence_id}",
    operation_id="getEvidence",
    response_class=Response,
    responses=A_FILE,
    summary="Take a file out",
)
def get_evidence(request: Request, caller: Calling, task_id: TaskId, evidence_id: EvidenceId) -> Response:
    """Take out a file as it was handed in."""
    with caller.reading() as session:
        found = task_file(session, task_id, evidence_id, day_asked(None), caller.actor)
    return file(request, found.name, caller.context.store.read(found.sha256), found.sha256)


@uploads.post(
    "/tasks/{task_id}/evidence",
    operation_id="addEvidence",
    status_code=201,
    response_model=EvidenceAdded,
    responses={201: REPLAYED},
    openapi_extra=_BODY,
    summary="Hand evidence in",
)
async def add(request: Request, acting: TaskActing, task_id: TaskId) -> Response:
    """Add files to the last report on a task while it was not reviewed; its lead unit does. They are judged by their content as everywhere: programs,
    macros and closed archives are refused.
    """
    async with uploaded(request) as found:

        def deed(session: Session, occasion: Occasion) -> Done:
            added = add_evidence(session, task_id, found.paths, acting.caller.context.store, occasion)
            session.flush()
            told = EvidenceAdded(
                task_id=task_id,
                state=session.get_one(Task, task_id).state,
                etag=f'"{mark_of(session, task_id)}"',
                period=added.period,
                files=[EvidenceKept.model_validate(one) for one in added.files],
            )
            return Done(201, told, f"/tasks/{task_id}/evidence")

        return await run_in_threadpool(acting.act, deed, task_id, found.hash)
