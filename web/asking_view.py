"""What the form of a request shows: the kinds that may be asked for, the fields each needs, and what was asked before."""

from dataclasses import dataclass

from models.request import RequestKind, RequestState
from models.task import TaskState
from rules.errors import DubanError
from rules.requests import kind_name, refuse_filing, request_state_name, terms_words
from rules.target_words import wanted_words
from rules.texts import _
from rules.words import day_words
from services.facts import TaskRecord
from services.request_list import RequestRow
from web.task_head import TaskHead


@dataclass(frozen=True)
class KindChoice:
    """A kind of request."""

    kind: str
    word: str
    is_chosen: bool


@dataclass(frozen=True)
class TargetField:
    """A target that another figure may be asked for."""

    key: str
    label: str
    wanted: str


@dataclass(frozen=True)
class EarlierRequest:
    """A request filed before; `may_withdraw` while it waits."""

    id: int
    heading: str
    note: str
    reason: str
    may_withdraw: bool


@dataclass(frozen=True)
class AskingPage:
    """The form. `hint` says when this kind is the right one, `shut` why it cannot be filed now."""

    task: TaskHead
    kind: str
    kinds: tuple[KindChoice, ...]
    hint: str
    shut: str
    targets: tuple[TargetField, ...]
    due_hint: str
    last_words: str
    earlier: tuple[EarlierRequest, ...]


def asking_page(task: TaskHead, record: TaskRecord, kind: RequestKind, earlier: list[RequestRow]) -> AskingPage:
    """Return the form in the current language."""
    kinds = tuple(KindChoice(one.value, kind_name(one), one is kind) for one in RequestKind)
    return AskingPage(
        task=task,
        kind=kind.value,
        kinds=kinds,
        hint=_hint(kind),
        shut=_shut(kind, record.facts.state),
        targets=tuple(TargetField(str(number), one.measure, wanted_words(one)) for number, one in enumerate(record.facts.targets)),
        due_hint=_("现在的期限是{day}").format(day=day_words(record.facts.due_on)),
        last_words=record.reported.text or "",
        earlier=tuple(_earlier(row) for row in reversed(earlier)),
    )


def _shut(kind: RequestKind, state: TaskState) -> str:
    try:
        refuse_filing(kind, state)
    except DubanError as error:
        return error.message
    return ""


def _hint(kind: RequestKind) -> str:
    return {
        RequestKind.EXTENSION: _("须在到期日当天及以前提出；批准以前仍按原期限考核"),
        RequestKind.REASSIGNMENT: _("不该由本单位牵头；可以写明应由哪个单位牵头"),
        RequestKind.SUSPENSION: _("暂时做不下去，过一段时间继续"),
        RequestKind.CANCELLATION: _("不再需要做"),
        RequestKind.TARGET_CHANGE: _("目标数量要改"),
    }[kind]


def _earlier(row: RequestRow) -> EarlierRequest:
    heading = _("{kind}申请：{state}").format(kind=kind_name(row.kind), state=request_state_name(row.state))
    asked = [_("{day}提出").format(day=day_words(row.filed_on)), terms_words(row.wanted)]
    answered = (
        []
        if row.decided_on is None
        else [
            (_("{day}撤回") if row.state is RequestState.WITHDRAWN else _("{day}答复")).format(day=day_words(row.decided_on)),
            terms_words(row.granted),
            row.decision or "",
        ]
    )
    note = _("；").join(part for part in (*asked, *answered) if part)
    return EarlierRequest(row.id, heading, note, row.reason, row.state is RequestState.FILED)
