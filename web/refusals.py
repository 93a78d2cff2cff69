"""A refusal on a page: its sentence without the command line's words, and the status it is answered with."""

import re
from dataclasses import dataclass

from rules.errors import DubanError
from rules.texts import _

_FORBIDDEN = frozenset(
    {"no-right", "not-your-task", "not-your-area", "own-submission", "lead-reports", "own-request", "account-locked", "foreign-form"}
)
# What an address names; a name typed into a form that nobody knows is a mistake in the form.
_NOT_FOUND = frozenset(
    f"unknown-{noun}"
    for noun in (
        "task",
        "plan",
        "request",
        "notice",
        "case",
        "paper",
        "bulletin",
        "draft",
        "document",
        "evidence",
        "contact",
        "invitation",
        "page",
        "account",
        "log-in",
        "token",
    )
)
_CONFLICTS = frozenset({"changed-meanwhile", "key-reused", "past-date", "database-busy", "wrong-state", "case-open", "draft-changed"})

_BRACKETED = re.compile(r"\s*[（(][^（）()]*(?:duban |--[a-z])[^（）()]*[）)]")
_COMMAND = re.compile(r"duban [a-z]|--[a-z]")
# How a sentence of either language names an option that is written into, and what a page says instead.
_FIELDS = (
    (re.compile(r"用 --(?:reason|correction|basis|text)(?: |，|“[^”]*”)*(?:写明|说明)?"), "在下面写明"),
    (re.compile(r"\b(?:with|using|in) --(?:reason|correction|basis|text)\b"), "below"),
)
_CLAUSE = re.compile(r"[^，；。,;]+(?:[，；。]|[,;.](?=\s|$)|[,;.])?\s*|[，；。,;]")


@dataclass(frozen=True)
class Refusal:
    """What is told: the code, which never changes, and the sentence for people."""

    code: str
    text: str


def refusal_of(error: DubanError) -> Refusal:
    """Return what a page says of an error: services word some for the command line, which a page knows nothing of."""
    return Refusal(error.code, _web_texts().get(error.code) or without_commands(error.message))


def without_commands(text: str) -> str:
    """Return a sentence without the parts that tell what to type: what is wrong stays, how to go on is on the page itself.

    An option that says where to write something becomes "below", since its field stands there; a clause that still names a command is left out.
    """
    plain = _BRACKETED.sub("", text)
    for pattern, words in _FIELDS:
        plain = pattern.sub(words, plain)
    kept = "".join(clause for clause in _CLAUSE.findall(plain) if not _COMMAND.search(clause)).rstrip(" ，；、,;:：—")
    return kept or _("这样办不了，请核对所填内容。")


def status_of(error: DubanError) -> int:
    """Return the status of an error: 404 for what does not exist or may not be seen, 403 rights, 409 what others did meanwhile, else 422."""
    if error.code in _NOT_FOUND:
        return 404
    if error.code in _FORBIDDEN:
        return 403
    if error.code.startswith("database-"):
        return 503
    return 409 if error.code in _CONFLICTS else 422


def _web_texts() -> dict[str, str]:
    return {
        "unknown-task": _("没有这项任务，或者它不归您查看。"),
        "unknown-plan": _("没有这份计划，或者它不归您查看。"),
        "empty-report": _("填报没有内容：请填一个数量，或写明进展、困难；没有变化请按“无变化”。"),
        "empty-part": _("没有内容：请填本单位完成的数量，写明工作，或附上材料。"),
        "no-change-with-values": _("“无变化”不带数量；有变化请填数量后按“填报”。"),
        # The reason names places of the machine; the log has it.
        "database-unreachable": _("数据库暂时连不上，请稍后重试；正在办理的事是否已写入，请到时查看。"),
        "feed-open": _("日历地址已经建立过，只显示过一次；找不到或泄露了，请换一个地址，原来的随即停用。"),
        "no-feed": _("没有可停用的日历地址。"),
        "no-progress": _("申请须写明目前进展；这项任务还没有填报过进展。"),
        "shares-missing": _("请至少勾选一个单位，填上它承担的数量。"),
    }
