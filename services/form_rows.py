"""A returned form's rows held against those it was sent with, and their cells read into what the unit says of each task. Nothing is written here.

A row is known by its key and by what it calls itself; one copied, moved or typed in by hand is told and never guessed at.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from hashlib import sha256
from typing import TypeVar

from models.request import RequestKind
from reports.form_sheets import Role, columns_of
from rules.requests import TERM_OF, Terms, kind_name
from rules.texts import LANGUAGES, _, use_language
from services.form_answers import Mistake, choice_of, day_of, is_yes, number_of, whole_of, words_of
from services.form_keys import FormRow, row_key
from services.form_reading import RawAnswer, ReturnedForm, ReturnedRow
from services.forms import FORM_KINDS
from services.progress import ProgressInput
from services.report_values import PART_MARK, Amount
from services.requests import RequestInput

T = TypeVar("T")

MOST_STRANGERS = 20
"""How many rows that are none of the form's own are listed one by one."""


class Verdict(StrEnum):
    """What became of a row: taken in, the same as before, or refused."""

    TAKEN = "taken"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class RowOutcome:
    """What a row does or did, or why not, in words that name sheet, row and cell. `code` is an error's, empty where there is none."""

    sheet: str
    row: int
    task_id: int | None
    verdict: Verdict
    message: str
    code: str = ""


@dataclass(frozen=True)
class Named:
    """A target by the name and unit its figure is read with."""

    measure: str
    unit_of_measure: str | None


@dataclass
class TaskAnswers:
    """What a form says of one task; `figures` are its figures in words. The `mistakes` on a sheet keep what that sheet says of it from being taken in."""

    task_id: int
    acknowledged: ReturnedRow | None = None
    report: ProgressInput | None = None
    report_row: ReturnedRow | None = None
    request: RequestInput | None = None
    request_row: ReturnedRow | None = None
    figures: list[str] = field(default_factory=list)
    mistakes: dict[Role, list[RowOutcome]] = field(default_factory=lambda: {role: [] for role in Role})

    def digest(self, role: Role) -> str:
        """Return the hash of what is said on one sheet, by which the same answer is known when it comes again."""
        said: object = None
        if role is Role.REPORT and self.report is not None:
            one = self.report
            values = {name: amount.value for name, amount in sorted(one.values.items())}
            said = [values, one.text, one.problem, one.next_step, one.is_unchanged]
        elif self.request is not None:
            said = [self.request.kind.value, self.request.reason, self.request.terms.as_json()]
        return sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Sent:
    """A form as it was sent: its number, the house's mark, its period, its rows, and the targets they ask for."""

    form_id: int
    house: str
    period: str
    rows: Sequence[FormRow]
    targets: Mapping[int, Named]


def answers_in(returned: ReturnedForm, sent: Sent) -> tuple[list[TaskAnswers], list[RowOutcome]]:
    """Return what the form says of each task in the order of its rows, and the rows that are none of its own."""
    known: dict[int, list[tuple[FormRow, ReturnedRow]]] = {}
    strangers: list[RowOutcome] = []
    seen: dict[int, ReturnedRow] = {}
    for row in returned.rows:
        number = _number_of(row, sent)
        if number is None:
            if row.answers:
                strangers.append(_stranger(row, _("不是表中原有的行，或是从别处复制、改动过的；请在原来的行中填写")))
        elif number in seen:
            strangers.append(_stranger(row, _("与第 {row} 行重复，是复制出来的；请只留原来的一行").format(row=seen[number].number)))
        else:
            seen[number] = row
            if row.answers:
                known.setdefault(sent.rows[number].task_id, []).append((sent.rows[number], row))
    if len(strangers) > MOST_STRANGERS:
        more = _("及以下共 {count} 行都不是表中原有的行").format(count=len(strangers) - MOST_STRANGERS)
        first = strangers[MOST_STRANGERS]
        text = _("“{sheet}”第 {row} 行{what}").format(sheet=first.sheet, row=first.row, what=more)
        strangers = [*strangers[:MOST_STRANGERS], replace(first, message=text)]
    return [_task_answers(task_id, rows, sent) for task_id, rows in known.items()], strangers


def _stranger(row: ReturnedRow, what: str) -> RowOutcome:
    text = _("“{sheet}”第 {row} 行：{what}").format(sheet=row.sheet, row=row.number, what=what)
    return RowOutcome(row.sheet, row.number, None, Verdict.REFUSED, text, "strange-row")


def _number_of(row: ReturnedRow, sent: Sent) -> int | None:
    written = row.key.partition("-")[0]
    if not (written.isascii() and written.isdigit() and len(written) < 6 and int(written) < len(sent.rows)):
        return None
    number = int(written)
    expected = sent.rows[number]
    is_own = row.key == row_key(sent.house, sent.form_id, number, expected)
    return number if is_own and row.role is expected.role and row.label == expected.label else None


def _task_answers(task_id: int, rows: Sequence[tuple[FormRow, ReturnedRow]], sent: Sent) -> TaskAnswers:
    answers = TaskAnswers(task_id)
    by_role: dict[Role, list[tuple[FormRow, ReturnedRow]]] = {role: [pair for pair in rows if pair[0].role is role] for role in Role}
    for _known, row in by_role[Role.ACKNOWLEDGE]:
        if _read(answers, row, "acknowledged", is_yes):
            answers.acknowledged = row
    if by_role[Role.REPORT]:
        _read_report(answers, by_role[Role.REPORT], sent)
    for _known, row in by_role[Role.REQUEST]:
        _read_request(answers, row)
    return answers


def _read(answers: TaskAnswers, row: ReturnedRow, name: str, reading: Callable[[RawAnswer], T]) -> T | None:
    """Read one cell, None where it is empty; a mistake in it is kept with its place and gives None as well."""
    raw = row.answers.get(name)
    try:
        return None if raw is None else reading(raw)
    except Mistake as mistake:
        column = next(column for column in columns_of(row.role) if column.name == name)
        text = _("“{sheet}”第 {row} 行“{head}”（{place}）：{what}")
        said = text.format(sheet=row.sheet, row=row.number, head=column.head, place=raw.place if raw else "", what=mistake)
        answers.mistakes[row.role].append(RowOutcome(row.sheet, row.number, answers.task_id, Verdict.REFUSED, said, "bad-cell"))
        return None


def _read_report(answers: TaskAnswers, rows: Sequence[tuple[FormRow, ReturnedRow]], sent: Sent) -> None:
    values: dict[str, Amount] = {}
    words = dict.fromkeys(("text", "problem", "next_step", "evidence"), "")
    is_unchanged = False
    for known, row in rows:
        for name, said in words.items():
            words[name] = said or _read(answers, row, name, words_of) or ""
        is_unchanged |= bool(_read(answers, row, "unchanged", is_yes))
        if "value" in row.answers:
            _read_value(answers, (known, row), sent, values)
    if is_unchanged and values:
        _mistake(answers, rows[0][1], _("选了“没有变化”，又填了数量；请只留一样"))
    if not (values or is_unchanged or any(words.values())):
        return
    evidence = _("（佐证材料：{named}）").format(named=words["evidence"]) if words["evidence"] else ""
    answers.report = ProgressInput(
        values=values,
        text=words["text"] + evidence,
        problem=words["problem"] or None,
        next_step=words["next_step"] or None,
        period=sent.period,
        is_unchanged=is_unchanged,
    )
    answers.report_row = rows[0][1]


def _read_value(answers: TaskAnswers, pair: tuple[FormRow, ReturnedRow], sent: Sent, values: dict[str, Amount]) -> None:
    known, row = pair
    target = sent.targets.get(known.target_id)
    if not known.target_id:
        _mistake(answers, row, _("这项任务没有数量指标，请用文字写明进展"))
        return
    if target is None:
        _mistake(answers, row, _("这项指标已经调整，不能再按原表填；请重新要一份表"))
        return
    figure = _read(answers, row, "value", partial(number_of, unit_of_measure=target.unit_of_measure))
    if figure is not None:
        name = f"{target.measure}{PART_MARK}{known.part}" if known.part else target.measure
        values[name] = Amount(figure.value)
        answers.figures.append(
            f"{_named(target, known)} {figure.value:g}" + (_("（{note}）").format(note=figure.note) if figure.note else "")
        )


def _named(target: Named, known: FormRow) -> str:
    return _("{measure}：{part}").format(measure=target.measure, part=known.part) if known.part else target.measure


def _mistake(answers: TaskAnswers, row: ReturnedRow, what: str) -> None:
    text = _("“{sheet}”第 {row} 行：{what}").format(sheet=row.sheet, row=row.number, what=what)
    answers.mistakes[row.role].append(RowOutcome(row.sheet, row.number, answers.task_id, Verdict.REFUSED, text, "bad-cell"))


def _read_request(answers: TaskAnswers, row: ReturnedRow) -> None:
    if "kind" not in row.answers:
        _mistake(answers, row, _("填了内容而没有选“申请事项”；不申请请整行留空"))
        return
    chosen = _read(answers, row, "kind", partial(choice_of, choices=_kind_words()))
    reason = _read(answers, row, "reason", words_of)
    terms = Terms(
        due_on=_read(answers, row, "new_due_on", day_of),
        unit=_read(answers, row, "new_unit", words_of) or None,
        days=_read(answers, row, "days", whole_of),
    )
    if chosen is None or answers.mistakes[Role.REQUEST]:
        return
    kind = FORM_KINDS[chosen]
    wanted = TERM_OF[kind]
    if not reason:
        _mistake(answers, row, _("申请须写明“理由”"))
    elif wanted and not getattr(terms, wanted) and kind is not RequestKind.REASSIGNMENT:
        head = {"due_on": _("延期到"), "days": _("暂缓天数")}[wanted]
        _mistake(answers, row, _("申请{kind}须填“{head}”").format(kind=kind_name(kind), head=head))
    else:
        answers.request, answers.request_row = RequestInput(kind, reason, terms=terms), row


def _kind_words() -> list[list[str]]:
    """Return each kind's name in the language spoken now and in all others: a form may come back to a house that speaks another."""
    words = [[kind_name(kind)] for kind in FORM_KINDS]
    for language in LANGUAGES:
        with use_language(language):
            words = [[*names, kind_name(kind)] for names, kind in zip(words, FORM_KINDS, strict=True)]
    return words
