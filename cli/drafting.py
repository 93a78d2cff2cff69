"""The steps from a document to a draft on the desk: read it, compare it with an earlier reading, hold its units against the register, write it.

The register is asked only where a database is there already: a draft needs none, and asking must not make one.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cli.output import note, print_table, say
from intake.checks import check_draft
from intake.draft import DraftPlan, Finding, draft_as_json
from intake.opening import read_earlier
from intake.reading import read_document
from intake.review.carrying import CarriedOn, Earlier, carried_on
from intake.review.differences import Difference, change_name, differences, field_name
from intake.review.register import Register, unit_findings
from intake.severity import gravest_first
from intake.workbook import write_workbook
from rules.errors import DubanError
from rules.texts import _
from runtime.context import open_context
from runtime.database import reading
from runtime.settings import read_settings
from services.unit_matching import register_of

NO_REGISTER = ("database-outdated", "database-unreachable")
SHOWN_LENGTH = 60


@dataclass
class DraftJob:
    """One `duban plan draft`: its steps in order, and what they found. Review workbooks carry on an earlier review, JSON is the pure reading."""

    file: Path
    base_year: int | None
    against: Path | None
    place: Path | None
    is_workbook: bool
    register: Register | None = None
    first: DraftPlan | None = None
    draft: DraftPlan | None = None
    changes: tuple[Difference, ...] = ()
    carried: CarriedOn | None = None
    _earlier: Earlier | None = field(default=None, repr=False)

    def steps(self) -> list[Callable[[], None]]:
        """Return what is to be done, in order."""
        return [self._open_earlier, self._read, self._compare, self._match, self._write]

    @property
    def done(self) -> DraftPlan:
        """The finished draft."""
        assert self.draft
        return self.draft

    def _open_earlier(self) -> None:
        if self.against:
            self._earlier = read_earlier(self.against)

    def _read(self) -> None:
        self.first = self.draft = read_document(self.file, self.base_year)

    def _compare(self) -> None:
        if self._earlier is None:
            return
        self.changes = differences(self._earlier.as_read, self.done)
        if self.is_workbook:
            self.carried = carried_on(self._earlier, self.done)
            self.draft = with_findings(self.carried.draft, check_draft(self.carried.draft))

    def _match(self) -> None:
        self.register = known_register()
        self.draft = with_findings(self.done, (*self.done.findings, *register_findings(self.done, self.register)))

    def _write(self) -> None:
        if self.place is None:
            return
        if self.is_workbook:
            write_workbook(self.done, self.place, self.register.names if self.register else (), self.first)
        else:
            self.place.write_text(json.dumps(draft_as_json(self.done), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def with_findings(draft: DraftPlan, findings: tuple[Finding, ...]) -> DraftPlan:
    """Return the draft with these findings, errors first."""
    return draft.model_copy(update={"findings": gravest_first(findings)})


def known_register() -> Register | None:
    """Return the register of the database where there is one; None without. A database that cannot be used is told on stderr, not refused."""
    settings = read_settings()
    url = settings.resolved_database_url
    if url.startswith("sqlite") and not Path(url.partition("///")[2].partition("?")[0]).is_file():
        return None
    try:
        with open_context(settings) as context, reading(context.engine) as session:
            return register_of(session)
    except DubanError as refusal:
        if refusal.code not in NO_REGISTER:
            raise
        note(_("没有核对单位名册：{message}").format(message=refusal.message))
        return None


def register_findings(draft: DraftPlan, register: Register | None) -> tuple[Finding, ...]:
    """Return what the register says about the draft's units; nothing where there is no register."""
    return tuple(unit_findings(draft, register)) if register is not None else ()


def tell_changes(job: DraftJob) -> None:
    """Say what a second reading found different, and what of the earlier review was carried on. On stderr where stdout holds the draft."""
    tell = say if job.place else note
    if not job.changes:
        tell(_("与上次读取的相同"))
    elif job.place:
        heads = [_("变化"), _("事项"), _("栏目"), _("原来"), _("现在")]
        print_table(heads, [_row(change) for change in job.changes])
    else:
        for change in job.changes:
            note("\t".join(_row(change)))
    if job.carried:
        _tell_carried(job.carried)


def _tell_carried(carried: CarriedOn) -> None:
    items = {change.item for change in carried.carried}
    if carried.carried:
        note(_("沿用上次审核的修改：{items} 个事项，{count} 处").format(items=len(items), count=len(carried.carried)))
    for title in carried.to_review_again:
        note(_("原文有变，上次的修改没有沿用，请重新审核：{title}").format(title=title))


def _row(change: Difference) -> tuple[str, str, str, str, str]:
    title = change.title or _("计划")
    return change_name(change.change), title, field_name(change.field), _short(change.before), _short(change.after)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_LENGTH else line[: SHOWN_LENGTH - 1] + "…"
