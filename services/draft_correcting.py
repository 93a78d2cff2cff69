"""Putting a draft right: corrections, undoing the last, and findings let pass with a reason.

Every correction is one revision. Of two people only those who change the same item meet: the later is told, and nothing he typed is written.
"""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from intake.draft import DraftPlan, ItemDraft, PlanDraft, draft_from_json
from intake.review.correcting import (
    AddItem,
    ChangeItem,
    ChangePlan,
    Correction,
    DeleteItem,
    FirstLeads,
    MergeItem,
    MoveItem,
    RenameUnit,
    SplitItem,
    concerned,
    corrected,
)
from models.draft_document import DraftDocument
from rules.errors import DubanError
from rules.rights import Actor
from rules.texts import _
from services.draft_documents import draft_document, draft_of_row, kept_draft, open_document
from services.occasion import Occasion
from services.unit_matching import register_of

KEPT_CORRECTIONS = 200
LONGEST_REASON = 500
# Only a person who names the unit can clear these up.
NEVER_WAIVED = frozenset({"ambiguous-unit"})


@dataclass(frozen=True)
class Corrected:
    """What a correction did: the revision it made, the items that now read otherwise (their findings count), and whether items came, went or moved."""

    revision: int
    items: frozenset[str]
    is_reshaped: bool


def correct(session: Session, draft_id: int, revision: int, correction: Correction, occasion: Occasion) -> Corrected:
    """Make one correction on the draft as it was seen at `revision`.

    1. What others corrected since must not touch what this correction rests on, else changed-meanwhile. 2. The draft is corrected and all findings are made anew.
    3. What undoing gives back is kept. A correction that changes nothing writes nothing.
    """
    row = open_document(session, draft_id, occasion.actor)
    before = draft_of_row(row)
    _refuse_changed(row, revision, concerned(before, correction))
    after = corrected(before, correction)
    if after == before:
        return Corrected(row.revision, frozenset(), False)
    return _written(session, row, (before, after), _step(correction, before, after), occasion)


def undo(session: Session, draft_id: int, revision: int, occasion: Occasion) -> Corrected:
    """Take the last correction back, whoever made it; refused with changed-meanwhile where another was made since `revision`, with nothing-to-undo."""
    row = open_document(session, draft_id, occasion.actor)
    if not row.corrections:
        raise DubanError("nothing-to-undo", _("没有可以撤销的修改"))
    if row.revision != revision:
        raise _changed(row)
    step = row.corrections[-1]
    before = draft_of_row(row)
    after = _undone(before, step)
    row.corrections = row.corrections[:-1]
    return _written(session, row, (before, after), None, occasion)


def changed_since(session: Session, draft_id: int, revision: int, actor: Actor) -> Corrected | None:
    """Return what was corrected after `revision`, None where that is not known any more (undone, or long ago)."""
    row = draft_document(session, draft_id, actor)
    steps = _steps_since(row, revision)
    if steps is None:
        return None
    return Corrected(row.revision, frozenset(item for step in steps for item in step["shows"]), any(step["order"] for step in steps))


def waive(session: Session, draft_id: int, code: str, item: str | None, reason: str, occasion: Occasion) -> None:
    """Let a finding pass with a reason; the same again changes the reason. Codes: no-reason, text-too-long, not-waivable, unknown-finding."""
    row = open_document(session, draft_id, occasion.actor)
    if not reason.strip():
        raise DubanError("no-reason", _("放行须写明理由"))
    if len(reason) > LONGEST_REASON:
        text = _("填写的内容有 {count} 字，最多 {most} 字，请精简")
        raise DubanError("text-too-long", text.format(count=len(reason), most=LONGEST_REASON))
    if code in NEVER_WAIVED:
        raise DubanError("not-waivable", _("这一处不能放行：只有写明全称，才知道指的是哪个单位"))
    if not any(finding.code == code and finding.item == item for finding in draft_of_row(row).findings):
        raise DubanError("unknown-finding", _("这一处检查意见已经不在了，可能已经改好；请刷新页面查看"))
    waiver = {"code": code, "item": item, "reason": reason.strip(), "by": occasion.actor.name, "at": occasion.at.isoformat()}
    row.waivers = [*_waivers_but(row, code, item), waiver]
    row.changed_at = occasion.at
    session.add(row)


def unwaive(session: Session, draft_id: int, code: str, item: str | None, occasion: Occasion) -> None:
    """Take a waiver back, so that the finding counts again. Without one nothing happens."""
    row = open_document(session, draft_id, occasion.actor)
    row.waivers = _waivers_but(row, code, item)
    row.changed_at = occasion.at
    session.add(row)


def correction_name(kind: str) -> str:
    """Return the words for a kind of correction, as `corrections` keeps it."""
    return {
        ChangePlan.__name__: _("修改了计划信息"),
        ChangeItem.__name__: _("修改了事项"),
        AddItem.__name__: _("新增了事项"),
        DeleteItem.__name__: _("删去了事项"),
        SplitItem.__name__: _("拆开了事项"),
        MergeItem.__name__: _("合并了事项"),
        MoveItem.__name__: _("移动了事项"),
        RenameUnit.__name__: _("统一了单位名称"),
        FirstLeads.__name__: _("确认了首列单位牵头"),
    }.get(kind, kind)


def _waivers_but(row: DraftDocument, code: str, item: str | None) -> list[dict[str, Any]]:
    return [one for one in row.waivers if (one["code"], one["item"]) != (code, item)]


def _refuse_changed(row: DraftDocument, revision: int, concerned_ids: frozenset[str]) -> None:
    steps = _steps_since(row, revision)
    touched = None if steps is None else {item for step in steps for item in (*step["items"], *([""] if step["plan"] else []))}
    if touched is None or touched & concerned_ids:
        raise _changed(row)


def _steps_since(row: DraftDocument, revision: int) -> list[dict[str, Any]] | None:
    """Return the corrections after `revision`, None where some of them are not known any more."""
    steps = [step for step in row.corrections if step["revision"] > revision]
    return steps if len(steps) == row.revision - revision else None


def _changed(row: DraftDocument) -> DubanError:
    who = row.corrections[-1]["by"] if row.corrections else ""
    text = _("您打开之后，{who}改过这里，您填的内容没有保存；请对照现在的内容，再保存一次")
    return DubanError("changed-meanwhile", text.format(who=who or _("别人")))


def _step(correction: Correction, before: DraftPlan, after: DraftPlan) -> dict[str, Any]:
    """Return what undoing gives back: the items as they were (None: there was none), their order and the plan's facts where these changed."""
    old, new = {item.id: item for item in before.items}, {item.id: item for item in after.items}
    changed = [item_id for item_id in dict.fromkeys([*old, *new]) if old.get(item_id) != new.get(item_id)]
    title = next((item.title for item_id in changed if (item := new.get(item_id) or old.get(item_id))), "")
    return {
        "kind": type(correction).__name__,
        "title": title,
        "items": {item_id: old[item_id].model_dump(mode="json") if item_id in old else None for item_id in changed},
        "order": list(old) if list(old) != list(new) else None,
        "plan": before.plan.model_dump(mode="json") if before.plan != after.plan else None,
    }


def _undone(draft: DraftPlan, step: dict[str, Any]) -> DraftPlan:
    given = {item_id: ItemDraft.model_validate(item) for item_id, item in step["items"].items() if item is not None}
    now = {item.id: item for item in draft.items} | given
    order = step["order"] or [item.id for item in draft.items]
    plan = PlanDraft.model_validate(step["plan"]) if step["plan"] else draft.plan
    return draft.model_copy(update={"items": tuple(now[item_id] for item_id in order), "plan": plan})


def _written(
    session: Session, row: DraftDocument, drafts: tuple[DraftPlan, DraftPlan], step: dict[str, Any] | None, occasion: Occasion
) -> Corrected:
    before, after = drafts
    row.draft = kept_draft(after, draft_from_json(row.as_read, row.name), register_of(session))
    after = draft_of_row(row)
    done = Corrected(row.revision + 1, _read_otherwise(before, after), [i.id for i in before.items] != [i.id for i in after.items])
    row.revision = done.revision
    ids = {item.id for item in after.items}
    row.waivers = [one for one in row.waivers if one["item"] is None or one["item"] in ids]
    if step is not None:
        said = {"revision": done.revision, "by": occasion.actor.name, "at": occasion.at.isoformat(), "shows": sorted(done.items)}
        row.corrections = [*row.corrections, {**step, **said}][-KEPT_CORRECTIONS:]
    row.changed_at = occasion.at
    session.add(row)
    return done


def _read_otherwise(before: DraftPlan, after: DraftPlan) -> frozenset[str]:
    def shown(draft: DraftPlan) -> dict[str, tuple[object, ...]]:
        found: dict[str, list[object]] = {item.id: [item] for item in draft.items}
        for finding in draft.findings:
            if finding.item in found:
                found[finding.item].append(finding)
        return {item_id: tuple(parts) for item_id, parts in found.items()}

    old, new = shown(before), shown(after)
    return frozenset(item_id for item_id in {*old, *new} if old.get(item_id) != new.get(item_id))
