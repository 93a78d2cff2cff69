"""Telling whoever runs the machine that a flow failed: one e-mail a day for each flow, by the house's own mail.

What was told, or could not be, is kept in a small file below the home, since the database may be the very trouble; `duban doctor` reads it.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from html import escape
from pathlib import Path

from notify.channel import DeliveryError, Mail
from rules.errors import DubanError
from rules.texts import _
from runtime.channels import routes_of
from runtime.clock import day_of, now
from runtime.settings import Settings

_FOLDER = "operator"
_LONGEST = 2000
_logger = logging.getLogger("duban.operator")


@dataclass(frozen=True)
class Failure:
    """The last failure of a flow: its day (ISO) and words; `untold` says why the operator could not be told, `is_over` that the flow ended well since."""

    flow: str
    day: str
    words: str
    untold: str = ""
    is_over: bool = False


def report_failure(settings: Settings, flow: str, error: BaseException | str) -> Failure:
    """Write down that a flow failed and tell the operator, unless he was told of this flow today. Never raises: the failure itself must stay the failure."""
    words = (error if isinstance(error, str) else _words_of(error))[:_LONGEST]
    day = day_of(now()).isoformat()
    earlier = _last_of(settings, flow)
    is_told = earlier is not None and earlier.day == day and not earlier.untold
    failure = Failure(flow, day, words, "" if is_told else _send(settings, flow, words))
    _keep(settings, failure)
    return failure


def failures(settings: Settings) -> Sequence[Failure]:
    """Return the last failure of every flow that has failed and not ended well on a later day."""
    found = []
    for place in sorted((settings.home / _FOLDER).glob("*.json")):
        try:
            found.append(Failure(**json.loads(place.read_text(encoding="utf-8"))))
        except (OSError, ValueError, TypeError):
            continue
    return found


def note_well(settings: Settings, flow: str) -> None:
    """Note that a flow ended well. Today's failure stays written down, so that a flow that fails on and off is told of once a day."""
    failure = _last_of(settings, flow)
    if failure and failure.day != day_of(now()).isoformat():
        _place(settings, flow).unlink(missing_ok=True)
    elif failure:
        _keep(settings, replace(failure, is_over=True))


def _last_of(settings: Settings, flow: str) -> Failure | None:
    return next((one for one in failures(settings) if one.flow == flow), None)


def _send(settings: Settings, flow: str, words: str) -> str:
    """Return why the operator could not be told, empty where he was."""
    if settings.operator is None:
        return _("没有设置 DUBAN_OPERATOR")
    try:
        channel = routes_of(settings).mail
        channel.open()
        try:
            channel.send(_mail(settings.operator, flow, words))
        finally:
            channel.close()
    except (DeliveryError, DubanError) as error:
        return getattr(error, "message", None) or str(error)
    return ""


def _mail(operator: str, flow: str, words: str) -> Mail:
    at = now()
    digest = sha256(f"{flow}|{at.isoformat()}".encode()).hexdigest()
    text = _("督办系统的流程 {flow} 没有办成：\n\n{words}\n\n请在服务器上运行 duban doctor 查看；同一流程一天只通知一次。").format(
        flow=flow, words=words
    )
    return Mail(
        # No row of the outbox: a number that no other mail in the folder has.
        id=int(digest[:12], 16),
        message_id=f"{day_of(at):%Y%m%d}.operator.{digest[:24]}",
        unit="",
        name=_("运维人员"),
        address=operator,
        day=day_of(at),
        at=at,
        subject=_("督办系统：流程 {flow} 没有办成").format(flow=flow),
        text=text,
        html="".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n")),
    )


def _keep(settings: Settings, failure: Failure) -> None:
    place = _place(settings, failure.flow)
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = place.with_suffix(".part")
        unfinished.write_text(json.dumps(asdict(failure), ensure_ascii=False), encoding="utf-8")
        unfinished.replace(place)
    except OSError:
        _logger.exception("the failure of %s could not be written down", failure.flow)


def _place(settings: Settings, flow: str) -> Path:
    return settings.home / _FOLDER / f"{flow}.json"


def _words_of(error: BaseException) -> str:
    return error.message if isinstance(error, DubanError) else f"{type(error).__name__}: {error}"
