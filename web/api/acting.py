"""Carrying out what a request asks for: one transaction, once for each key however often it is sent, and only while the task stands as the caller saw it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from rules.calendar import use_calendar
from runtime.clock import now, today
from runtime.database import reading, transaction
from services.kept_days import kept_days
from services.occasion import Occasion
from services.once import Asked, answer_of, note_done, request_hash
from services.positions import last_act_on, refuse_changed
from services.reach import refuse_unseen
from web.api.admission import LONGEST_KEY, key_of
from web.api.caller import Caller, Calling
from web.api.problems import Refused

_MOST_TAGS = 20

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        description="One key for each thing to be done, the same when the request is repeated: 1 to 64 visible ASCII characters, such as a UUID.",
        examples=["0b0e8a4e-6f0f-4a5e-9d0a-2f6d7b1c9e11"],
        min_length=1,
        max_length=LONGEST_KEY + 2,
        pattern=r"^[!-~]+$",
    ),
]
Seen = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The ETag of the task as it was read. Where anybody acted on the task since, the act is refused with 412 `changed-meanwhile`.",
        examples=['"12-5f3c0c0d1e5f4a6b8c7d9e0f1a2b3c4d"'],
    ),
]


@dataclass(frozen=True)
class Done:
    """What an act answers: its status, what is told, and where the new thing lies, below the API's own address."""

    status: int
    told: BaseModel
    location: str | None = None


Deed = Callable[[Session, Occasion], Done]


@dataclass(frozen=True)
class Sending:
    """A request that acts. `seen` are the acts on the task up to which the caller has read it, None where it does not say."""

    request: Request
    caller: Caller
    key: str
    seen: frozenset[int] | None = None

    def act(self, deed: Deed, task_id: int | None = None, content: str | None = None) -> Response:
        """Carry it out, or give the answer it had before. `content` stands for the body where that was no JSON.

        1. What was done under the key already is answered again. 2. A task that the caller may not read, or that changed since he read it, is refused. 3. The act and
        its answer are kept together. Of two at the same instant, the second finds the first one's answer.
        """
        asked = Asked(self.caller.account_id, f"api:{self.key}", self._hash(content))
        try:
            answer, is_again = self._done(asked, deed, task_id)
        except IntegrityError:
            with reading(self.caller.context.engine) as session:
                earlier = answer_of(session, asked)
            if earlier is None:
                raise
            answer, is_again = earlier, True
        return _answered(self.request, answer, is_again=is_again)

    def _done(self, asked: Asked, deed: Deed, task_id: int | None) -> tuple[Mapping[str, Any], bool]:
        occasion = Occasion(self.caller.actor, today(), now())
        with transaction(self.caller.context.engine) as session:
            earlier = answer_of(session, asked)
            if earlier is not None:
                return earlier, True
            use_calendar(kept_days(session))
            if task_id is not None:
                refuse_unseen(session, self.caller.actor, task_id)
                self._refuse_changed(session, task_id)
            done = deed(session, occasion)
            answer = {"status": done.status, "told": done.told.model_dump(mode="json"), "location": done.location}
            note_done(session, asked, answer, occasion.at)
            return answer, False

    def _refuse_changed(self, session: Session, task_id: int) -> None:
        if self.seen is None:
            return
        refuse_changed(session, task_id, max(self.seen))
        if last_act_on(session, task_id) not in self.seen:
            raise Refused(412, "changed-meanwhile")

    def _hash(self, content: str | None) -> str:
        body = sha256(getattr(self.request, "_body", b"")).hexdigest() if content is None else content
        return request_hash(self.request.method, self.request.url.path, body)


def _answered(request: Request, answer: Mapping[str, Any], *, is_again: bool) -> Response:
    headers = {"Cache-Control": "no-store"}
    if answer["location"] is not None:
        headers["Location"] = f"{request.scope.get('root_path', '')}{answer['location']}"
    if is_again:
        headers["Idempotent-Replayed"] = "true"
    return JSONResponse(answer["told"], answer["status"], headers)


def mark_of(session: Session, task_id: int) -> str:
    """Return the part of a task's ETag that says which act on it was the last."""
    return f"{last_act_on(session, task_id)}-"


def _acts_seen(told: str | None) -> frozenset[int] | None:
    if told is None or told.strip() == "*":
        return None
    numbers = [tag.strip().removeprefix("W/").strip('"').partition("-")[0] for tag in told.split(",")[:_MOST_TAGS]]
    if not all(number.isdecimal() and number.isascii() and len(number) < 12 for number in numbers):
        raise Refused(400, "bad-etag")
    return frozenset(int(number) for number in numbers)


def _sending(request: Request, caller: Calling, _key: Key) -> Sending:
    return Sending(request, caller, key_of(request))


def _task_sending(request: Request, caller: Calling, _key: Key, seen: Seen = None) -> Sending:
    return Sending(request, caller, key_of(request), _acts_seen(seen))


Acting = Annotated[Sending, Depends(_sending)]
TaskActing = Annotated[Sending, Depends(_task_sending)]
