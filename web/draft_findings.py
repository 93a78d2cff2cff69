"""Findings on the draft's page: each beside its item, the list to jump by, and how far the draft has got."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from intake.draft import DraftPlan, Finding
from intake.severity import severity_words
from models.draft_document import DraftDocument, DraftDocumentState
from rules.texts import _
from services.draft_correcting import NEVER_WAIVED, correction_name
from services.draft_documents import waiver_of
from web.draft_words import advice, finding_text

LONGEST_JUMP = 60


@dataclass(frozen=True)
class FindingView:
    """A finding beside its item. `reason` and `passed` (by whom) where it was let pass; `tone` is the colour that goes with `word`."""

    code: str
    item: str | None
    anchor: str
    tone: str
    word: str
    text: str
    advice: str
    reason: str | None
    passed: str
    can_waive: bool


@dataclass(frozen=True)
class Jump:
    """One line of the list of findings: where it leads and what it says."""

    to: str
    tone: str
    word: str
    text: str


@dataclass(frozen=True)
class Standing:
    """How far a draft has got: what is still to be done, the last correction, and whether it can be issued."""

    revision: int
    item_count: int
    summary: str
    error_count: int
    jumps: tuple[Jump, ...]
    can_undo: bool
    last: str
    is_open: bool
    plan_id: int | None


def standing_of(row: DraftDocument, draft: DraftPlan) -> Standing:
    """Return how far the draft has got."""
    titles = {item.id: f"{item.number or ''} {item.title}".strip() for item in draft.items}
    left = [finding for finding in findings_of(row, draft) if finding.reason is None]
    errors = sum(finding.tone == "red" for finding in left)
    looks = sum(finding.tone == "yellow" for finding in left)
    last = row.corrections[-1] if row.corrections else None
    return Standing(
        revision=row.revision,
        item_count=len(draft.items),
        summary=_summary(errors, looks),
        error_count=errors,
        jumps=tuple(_jump(finding, titles) for finding in left if finding.tone != "grey"),
        can_undo=last is not None and row.state is DraftDocumentState.OPEN,
        last=_last(last),
        is_open=row.state is DraftDocumentState.OPEN,
        plan_id=row.plan_id,
    )


def _summary(errors: int, looks: int) -> str:
    if errors and looks:
        return _("{errors} 处须处理，{looks} 处请核对").format(errors=errors, looks=looks)
    if errors:
        return _("{errors} 处须处理").format(errors=errors)
    return _("没有须处理的了，{looks} 处请核对").format(looks=looks) if looks else _("检查意见都已处理")


def _last(step: Mapping[str, Any] | None) -> str:
    if step is None:
        return ""
    if not step["title"]:
        return _("上一步：{who}{what}").format(who=step["by"], what=correction_name(step["kind"]))
    return _("上一步：{who}{what}“{title}”").format(who=step["by"], what=correction_name(step["kind"]), title=step["title"][:20])


def _jump(finding: FindingView, titles: Mapping[str, str]) -> Jump:
    text = finding.text if len(finding.text) <= LONGEST_JUMP else finding.text[: LONGEST_JUMP - 1] + "…"
    return Jump(finding.anchor, finding.tone, finding.word, text or titles.get(finding.item or "", ""))


def findings_of(row: DraftDocument, draft: DraftPlan) -> list[FindingView]:
    """Return all findings as the page shows them, errors first."""
    words, tones = severity_words(), {"error": "red", "warning": "yellow", "info": "grey"}
    return [
        _finding(row, finding, (f"f{number}", tones[finding.severity], words[finding.severity]))
        for number, finding in enumerate(draft.findings)
    ]


def _finding(row: DraftDocument, finding: Finding, shown: tuple[str, str, str]) -> FindingView:
    waiver = waiver_of(row.waivers, finding.code, finding.item)
    anchor, tone, word = shown
    return FindingView(
        code=finding.code,
        item=finding.item,
        # Numbers shift with every correction; an item's own anchor does not.
        anchor=f"i-{finding.item}" if finding.item else anchor,
        tone=tone,
        word=word,
        text=finding_text(finding),
        advice=advice(finding.code),
        reason=waiver["reason"] if waiver else None,
        passed=_("{who}已放行，理由是：").format(who=waiver["by"]) if waiver else "",
        can_waive=finding.severity != "info" and finding.code not in NEVER_WAIVED,
    )
