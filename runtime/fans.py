"""Jobs whose work goes chunk by chunk: the chunks, what is done with each, and what follows when all are done.

A chunk is described by ids and is one idempotent service call with its own session: a run that is killed in the middle is simply run again. Run here, or by a
scheduler with each chunk as a step of its own, it is the same work in the same order; never more than `plan_chunks.MOST_CHUNKS` and one step to conclude.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from rules.errors import DubanError
from rules.texts import _
from runtime import job_work
from runtime.clock import now
from runtime.context import Context
from runtime.database import reading, transaction
from runtime.gate import Outcome, OutcomeTable
from runtime.job_work import When
from runtime.reminding import courier_of
from services import form_folder
from services.due_lines import Due
from services.form_folder import CollectedForm, FormFolder, Settled
from services.notices import PrepareReport, prepare_notices
from services.occasion import SYSTEM, Occasion
from services.plan_chunks import MOST_CHUNKS, PlanChunk, plan_chunks
from services.portions import portions
from services.reminders import chunks_of, look_through, remind_of

_FORMS_A_CHUNK = 50


@dataclass(frozen=True)
class Fan:
    """A job's work in chunks. What `work_on` returns for each is handed to `conclude` in the chunks' order."""

    chunks: Callable[[Context, When], Sequence[Any]]
    work_on: Callable[[Context, When, Any], Any]
    conclude: Callable[[Context, When, Sequence[Any]], Outcome]

    def run(self, context: Context, when: When) -> Outcome:
        """Do all of it here, one chunk after the other."""
        return self.conclude(context, when, [self.work_on(context, when, chunk) for chunk in self.chunks(context, when)])


@dataclass(frozen=True)
class FormChunk:
    """Some files of the inbox, by name."""

    number: int
    names: tuple[str, ...]
    unfinished: tuple[str, ...] = ()


def _plans_to_look_through(context: Context, when: When) -> Sequence[PlanChunk]:
    return chunks_of(courier_of(context.settings, context.engine), _occasion(when))


def _look_through(context: Context, when: When, chunk: PlanChunk) -> Due:
    return look_through(courier_of(context.settings, context.engine), _occasion(when), context.rules_on(when.day), chunk)


def _remind(context: Context, when: When, parts: Sequence[Due]) -> Outcome:
    due = Due(when.day, context.rules_on(when.day)).with_all(parts)
    report = remind_of(courier_of(context.settings, context.engine), _occasion(when), context.settings.office, due)
    return job_work.outcome_of_reminding(report, when)


def _plans_to_escalate(context: Context, _when: When) -> Sequence[PlanChunk]:
    with reading(context.engine) as session:
        return plan_chunks(session)


def _escalate(context: Context, when: When, chunk: PlanChunk) -> PrepareReport:
    """Prepare the notices that the ladder calls for in some plans; a person issues them."""
    with transaction(context.engine) as session:
        return prepare_notices(session, _occasion(when), chunk.plan_ids)


def _count_notices(context: Context, when: When, parts: Sequence[PrepareReport]) -> Outcome:
    with transaction(context.engine) as session:
        # Of no plans: only what waits is counted.
        waiting = prepare_notices(session, _occasion(when), ()).waiting
    figures: dict[str, str | int] = {_("日期"): when.day.isoformat(), _("新备通知单"): sum(len(part.notice_ids) for part in parts)}
    return Outcome({**figures, _("待签发"): sum(waiting.values())})


def _forms_to_take_in(context: Context, when: When) -> Sequence[FormChunk]:
    settled: Settled = form_folder.settled_forms(_folder(context), _occasion(when))
    most = max(_FORMS_A_CHUNK, -(-len(settled.names) // MOST_CHUNKS))
    chunks = [FormChunk(number, tuple(names)) for number, names in enumerate(portions(settled.names, most), start=1)]
    return [*chunks[:-1], FormChunk(len(chunks) or 1, chunks[-1].names if chunks else (), settled.unfinished)]


def _take_in(context: Context, when: When, chunk: FormChunk) -> tuple[tuple[CollectedForm, ...], tuple[str, ...]]:
    return form_folder.take_in(_folder(context), chunk.names, _occasion(when)), chunk.unfinished


def _count_forms(context: Context, when: When, parts: Sequence[tuple[tuple[CollectedForm, ...], tuple[str, ...]]]) -> Outcome:  # noqa: ARG001  (every conclusion is called alike)
    """Tell what became of the forms. Refused with forms-left where one had to be left for another time."""
    forms = [form for some, _unfinished in parts for form in some]
    unfinished = [name for _some, names in parts for name in names]
    left = [form for form in forms if form.is_left]
    if left:
        text = _("{count} 份表暂时没有收，下次再试：{file}，{why}")
        raise DubanError("forms-left", text.format(count=len(left), file=left[0].file, why=left[0].words))
    taken = [form for form in forms if form.is_taken]
    rows = [(form.file, form.words, form.place.relative_to(context.settings.inbox.parent)) for form in forms]
    tables = (OutcomeTable.of(_("收到的表"), (_("文件"), _("结果"), _("放在")), rows),) if rows else ()
    figures = {_("已收"): len(taken), _("不收"): len(forms) - len(taken), _("仍在写入"): len(unfinished)}
    return Outcome({**figures, _("收到行数"): sum(form.rows_taken for form in taken)}, tables)


def _folder(context: Context) -> FormFolder:
    return FormFolder(context.settings.inbox, context.store, partial(transaction, context.engine), time.sleep)


def _occasion(when: When) -> Occasion:
    return Occasion(SYSTEM, when.day, now())


REMINDING = Fan(_plans_to_look_through, _look_through, _remind)
ESCALATING = Fan(_plans_to_escalate, _escalate, _count_notices)
COLLECTING = Fan(_forms_to_take_in, _take_in, _count_forms)
