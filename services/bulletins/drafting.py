"""A bulletin in the making: its figures frozen on the day it was drafted, an office's words beside them, approved by a person as exactly that.

One is open for a period and scope at a time. Whatever is edited, or drafted anew, after an approval needs a new one.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.publication import BulletinDraft, DraftState, Publication, PublicationKind
from reports.bulletin import Bulletin, as_json
from reports.bulletin_details import Correction
from reports.bulletin_edits import Edits, edits_from
from reports.bulletin_frozen import frozen, frozen_sha256, thawed
from reports.problem_sentences import changes_between
from rules.errors import DubanError
from rules.periods import Period, parse_period
from rules.rights import Act, Actor, may, refuse_without_right
from rules.texts import _
from services.bulletins.compiling import compile_whole
from services.bulletins.counting import BulletinOrder
from services.ledger import Event, record
from services.notices import lock_plans
from services.occasion import Occasion

OPEN = (DraftState.DRAFT, DraftState.APPROVED)


def scope_of(plan_ids: tuple[int, ...] | None) -> str:
    """Return the word for the plans a bulletin covers: `all` or `plan-3-7`."""
    return "all" if plan_ids is None else "plan-" + "-".join(str(plan_id) for plan_id in sorted(set(plan_ids)))


def draft_bulletin(session: Session, order: BulletinOrder, occasion: Occasion, reason: str = "") -> BulletinDraft:
    """Freeze the bulletin's figures as a draft on the occasion's day; on the same day with the same figures the open draft stands.

    A new draft replaces the open one and takes its edits over. `reason` makes it a correction of the published bulletin. Codes: already-published (without a
    reason), nothing-to-correct (with one), period-not-begun, unknown-plan.
    """
    refuse_without_right(occasion.actor, Act.DRAFT_BULLETIN)
    lock_plans(session)
    scope, period = scope_of(order.plan_ids), order.period.code
    first = refuse_unfit(session, order, reason.strip())
    open_ = _open_draft(session, scope, period, is_locked=True)
    bulletin = compile_whole(session, replace(order, reader=None), occasion.day, occasion.actor.name)
    if first is not None:
        bulletin = _correcting(session, bulletin, first, reason.strip())
    view = frozen(bulletin)
    if open_ is not None and (open_.view_sha256, open_.reason) == (frozen_sha256(view), reason.strip()):
        return open_
    edits: dict[str, Any] = {}
    if open_ is not None:
        edits, open_.state = dict(open_.edits), DraftState.DISCARDED
        session.add(open_)
        session.flush()
    draft = BulletinDraft(
        scope=scope,
        period=period,
        plan_ids=list(order.plan_ids) if order.plan_ids else None,
        drafted_on=occasion.day,
        drafter=occasion.actor.name,
        view=view,
        view_sha256=frozen_sha256(view),
        edits=edits,
        reason=reason.strip(),
        corrects_id=first.id if first else None,
    )
    session.add(draft)
    session.flush()
    said = {
        "scope": scope,
        "ledger_head": bulletin.ledger_head,
        "corrects": first.doc_no if first else None,
        "reason": draft.reason or None,
    }
    _enter(session, draft, "draft-bulletin", {name: value for name, value in said.items() if value}, occasion)
    return draft


def refuse_unfit(session: Session, order: BulletinOrder, reason: str) -> Publication | None:
    """Return the first publication of the period, which only a reason for a correction lets be drafted again. Codes: already-published, nothing-to-correct."""
    first = first_published(session, scope_of(order.plan_ids), order.period.code)
    if first is None and reason:
        text = _("{code} 还没有印发过通报，没有可以更正的；请用 duban bulletin publish {code}")
        raise DubanError("nothing-to-correct", text.format(code=order.period.code))
    if first is not None and not reason:
        text = _(
            "{code} 的通报已于 {day} 以 {year} 年第 {number} 期印发，不能重复印发；需要更正的，用 duban bulletin correct {code} --reason 原因"
        )
        said = {"code": order.period.code, "day": first.published_on, "year": first.year, "number": first.number}
        raise DubanError("already-published", text.format(**said))
    return first


def _correcting(session: Session, bulletin: Bulletin, first: Publication, reason: str) -> Bulletin:
    """Return the bulletin with the differences against what was published last for its period."""
    last = session.execute(
        sa.select(Publication)
        .where(col(Publication.kind) == PublicationKind.BULLETIN, col(Publication.scope) == first.scope)
        .where(col(Publication.period) == first.period)
        .order_by(col(Publication.version).desc())
        .limit(1)
    ).scalar_one()
    assert bulletin.details is not None
    changes = changes_between(last.view, as_json(bulletin))
    correction = Correction(doc_no_of_issue(first), first.published_on, reason, tuple(changes))
    return replace(bulletin, details=replace(bulletin.details, correction=correction))


def doc_no_of_issue(publication: Publication) -> str:
    """Return the issue in words; bulletins from before issues were written down have a year and number only."""
    return publication.doc_no or _("{year}年第{number}期").format(year=publication.year, number=publication.number)


def first_published(session: Session, scope: str, period: str) -> Publication | None:
    """Return the first bulletin that was published for the period and scope."""
    same = sa.select(Publication).where(
        *(col(Publication.kind) == PublicationKind.BULLETIN, col(Publication.scope) == scope, col(Publication.period) == period),
        col(Publication.version) == 1,
    )
    return session.execute(same).scalar_one_or_none()


def open_draft(session: Session, period: str, plan_ids: tuple[int, ...] | None = None) -> BulletinDraft | None:
    """Return the draft of the period that is neither published nor discarded."""
    return _open_draft(session, scope_of(plan_ids), period)


def open_drafts(session: Session, reader: Actor | None = None) -> list[BulletinDraft]:
    """Return the drafts that wait for a person or to be published, oldest first; none to who may not see them."""
    if reader is not None and not may(reader, Act.READ):
        return []
    waiting = sa.select(BulletinDraft).where(col(BulletinDraft.state).in_(OPEN)).order_by(col(BulletinDraft.id))
    return list(session.execute(waiting).scalars())


def draft_of(session: Session, period: str, plan_ids: tuple[int, ...] | None = None, reader: Actor | None = None) -> BulletinDraft:
    """Return the open draft. What is not approved is the offices' business: a `reader` of a unit is refused. Codes: no-draft, no-right."""
    if reader is not None and not may(reader, Act.READ):
        text = _("账号 {name} 不能看还没有印发的通报稿，请等印发后查看")
        raise DubanError("no-right", text.format(name=reader.name))
    draft = _open_draft(session, scope_of(plan_ids), parse_period(period).code)
    if draft is None:
        raise DubanError("no-draft", _("{period} 没有待办的通报稿，请先用 duban bulletin draft {period}").format(period=period))
    return draft


def draft_numbered(session: Session, draft_id: int, reader: Actor) -> BulletinDraft:
    """Return a draft, open or not, by its number; one that does not exist, or that the reader may not see, is refused alike. Code: unknown-bulletin."""
    draft = session.get(BulletinDraft, draft_id) if may(reader, Act.READ) and may(reader, Act.DRAFT_BULLETIN) else None
    if draft is None:
        raise DubanError("unknown-bulletin", _("没有通报稿 {id}，请用 duban bulletin list 查看").format(id=draft_id))
    return draft


def bulletin_of(draft: BulletinDraft) -> Bulletin:
    """Return the figures of a draft as they were frozen."""
    return thawed(draft.view)


def edits_of(draft: BulletinDraft) -> Edits:
    """Return the office's own part of a draft."""
    return edits_from(draft.edits)


def edit_draft(session: Session, draft: BulletinDraft, edits: Edits, occasion: Occasion) -> BulletinDraft:
    """Put an office's words beside the figures; an approval given before lapses. What changes nothing is no act. Code: draft-not-open."""
    refuse_without_right(occasion.actor, Act.DRAFT_BULLETIN)
    locked = _locked(session, draft)
    before, after = dict(locked.edits), edits.as_json()
    if before == after:
        return locked
    locked.edits, locked.state = after, DraftState.DRAFT
    locked.approved_on = locked.approver = locked.approved_sha256 = None
    session.add(locked)
    _enter(session, locked, "edit-bulletin", {"edits": after}, occasion, {"edits": before})
    return locked


def approve_draft(session: Session, draft: BulletinDraft, occasion: Occasion) -> BulletinDraft:
    """Approve exactly these figures and words; approving twice is approving once.

    Codes: draft-changed (since `draft` was read), draft-not-open, period-not-over (its figures would still move).
    """
    refuse_without_right(occasion.actor, Act.APPROVE_BULLETIN)
    seen = approval_sha256(draft)
    locked = _locked(session, draft)
    refuse_unfinished(parse_period(locked.period), occasion)
    refuse_other_than(locked, seen)
    if locked.state is DraftState.APPROVED:
        return locked
    if parse_period(locked.period).ends_on >= locked.drafted_on:
        text = _("{period} 的通报稿是在期间结束前（{day}）拟的，数字还会变动，请重新拟稿")
        raise DubanError("period-not-over", text.format(period=locked.period, day=locked.drafted_on))
    locked.state, locked.approved_on, locked.approver = DraftState.APPROVED, occasion.day, occasion.actor.name
    locked.approved_sha256 = approval_sha256(locked)
    session.add(locked)
    _enter(session, locked, "approve-bulletin", {"approved_sha256": locked.approved_sha256}, occasion)
    return locked


def discard_draft(session: Session, draft: BulletinDraft, reason: str, occasion: Occasion) -> None:
    """Set a draft aside for good, with the reason. Codes: draft-not-open, no-reason."""
    refuse_without_right(occasion.actor, Act.DRAFT_BULLETIN)
    locked = _locked(session, draft)
    if not reason.strip():
        raise DubanError("no-reason", _("不用这份通报稿，须写明理由（--reason）"))
    locked.state = DraftState.DISCARDED
    session.add(locked)
    _enter(session, locked, "discard-bulletin", {"reason": reason.strip()}, occasion)


def refuse_other_than(draft: BulletinDraft, shown: str) -> None:
    """Refuse, with draft-changed, to act on a draft that is no more what was shown under this hash of figures and words."""
    if shown != approval_sha256(draft):
        raise DubanError("draft-changed", _("{period} 的通报稿刚刚被改动，请重新核对后再批准").format(period=draft.period))


def approval_sha256(draft: BulletinDraft) -> str:
    """Return the hash of figures and words together, which an approval is of."""
    return frozen_sha256(draft.view, draft.edits)


def refuse_unfinished(period: Period, occasion: Occasion) -> None:
    """Refuse a period that has not ended, with period-not-over."""
    if occasion.day <= period.ends_on:
        text = _("{code} 到 {day} 才结束，现在只能用 duban bulletin 预览，不能印发")
        raise DubanError("period-not-over", text.format(code=period.code, day=period.ends_on))


def _locked(session: Session, draft: BulletinDraft) -> BulletinDraft:
    wanted = sa.select(BulletinDraft).where(col(BulletinDraft.id) == draft.id).with_for_update()
    locked: BulletinDraft = session.execute(wanted.execution_options(populate_existing=True)).scalar_one()
    if locked.state not in OPEN:
        text = _("{period} 的这份通报稿已经印发或不用了，请用 duban bulletin list 查看")
        raise DubanError("draft-not-open", text.format(period=locked.period))
    return locked


def _open_draft(session: Session, scope: str, period: str, *, is_locked: bool = False) -> BulletinDraft | None:
    wanted = sa.select(BulletinDraft).where(
        col(BulletinDraft.scope) == scope, col(BulletinDraft.period) == period, col(BulletinDraft.state).in_(OPEN)
    )
    return session.execute(wanted.with_for_update() if is_locked else wanted).scalar_one_or_none()


def _enter(
    session: Session, draft: BulletinDraft, act: str, said: Mapping[str, Any], occasion: Occasion, before: Mapping[str, Any] | None = None
) -> None:
    after = {"draft": draft.id, "period": draft.period, "draft_sha256": draft.view_sha256, **said}
    session.flush()
    record(session, occasion, Event(act, f"bulletin {draft.period}", before=before or {}, after=after))
