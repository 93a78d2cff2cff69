"""Responsibility agreements (目标管理责任书): drawn up for a unit and year from its tasks, issued under a number, signed by the unit, and held against the plan later.

A second one for the same year is issued only where what was agreed has changed; it refers to the one it takes the place of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from models.publication import Publication, PublicationKind
from models.scorecard import ScoringScheme
from models.unit import ContactDuty
from reports.agreement import Agreement, EarlierAgreement, as_json, content_of
from reports.agreement_paper import agreement_paper
from reports.paper import Paper
from rules.errors import DubanError
from rules.lights import is_done
from rules.rights import Act, Actor, may, refuse_without_right
from rules.texts import _
from rules.words import quoted
from services.ledger import Event, head_of, record
from services.notices import lock_plans
from services.occasion import Occasion
from services.papers.duties import Carried, Roll, by_quarters, read_roll
from services.papers.filing import Filing
from services.papers.posting import FORMATS, IssuedPaper, Mailing, PostOffice, issue_paper, numbered_imprint
from services.papers.sending import PostingPlan, plan_sending
from services.reach import read_tree

ISSUE_AGREEMENT, SIGN_AGREEMENT = "issue-agreement", "sign-agreement"
TO = (ContactDuty.HEAD,)
LONGEST_SIGNER = 60


@dataclass(frozen=True)
class DraftedAgreement:
    """An agreement as it would go out, and to whom."""

    view: Agreement
    paper: Paper
    postings: PostingPlan


@dataclass(frozen=True)
class AgreementRow:
    """How a unit's agreement of a year stands. `doc_no` is that of the latest one, None where there is none; `is_outdated`: it no longer fits the plan."""

    unit_id: int
    unit: str
    led: int
    supported: int
    publication_id: int | None = None
    doc_no: str | None = None
    version: int = 0
    issued_on: date | None = None
    signed_on: date | None = None
    signer: str | None = None
    is_outdated: bool = False


def read_agreements(session: Session, year: int, unit_ids: Sequence[int], day: date, actor: Actor | None = None) -> list[Agreement]:
    """Return the agreements of these units as they would be drawn up on `day`. A unit may see its own, whoever may issue them all; nobody named is whoever holds
    the database.

    Refused with nothing-to-agree where a unit has no task in the year.
    """
    tree, roll = read_tree(session), read_roll(session, day)
    for unit_id in unit_ids:
        if actor is not None and actor.unit_id != unit_id:
            refuse_without_right(actor, Act.ISSUE_AGREEMENT, tree.parties(unit_id))
    return [_drawn_up(session, roll, year, unit_id) for unit_id in unit_ids]


def preview_agreement(session: Session, year: int, unit_id: int, post: PostOffice, occasion: Occasion) -> DraftedAgreement:
    """Return what `issue_agreement` would send, with the same refusals; nothing is written."""
    view = _issuable(session, year, unit_id, post, occasion)
    paper = agreement_paper(view, post.draft_imprint(occasion, [view.unit]))
    return DraftedAgreement(view, paper, plan_sending(session, [unit_id], TO, occasion.day, post.routes))


def issue_agreement(session: Session, year: int, unit_id: int, post: PostOffice, occasion: Occasion) -> IssuedPaper:
    """Issue a unit's agreement for a year on the occasion's day.

    1. All plans are locked, so that numbers are given one after the other. 2. The agreement is drawn up from the tasks of that moment. 3. Paper, messages and entry
    are written together. Codes: nothing-to-agree, already-issued (the last one still fits; its number is named).
    """
    refuse_without_right(occasion.actor, Act.ISSUE_AGREEMENT, read_tree(session).parties(unit_id))
    lock_plans(session)
    view = _issuable(session, year, unit_id, post, occasion)
    first = next(iter(_filed(session, year, occasion.day, unit_id)), None)
    draft = post.draft_imprint(occasion, [view.unit])
    filing = Filing(
        kind=PublicationKind.AGREEMENT,
        scope=f"unit-{unit_id}",
        period=str(year),
        compose=lambda place: agreement_paper(view, numbered_imprint(draft, place)),
        formats=FORMATS,
        ledger_head=view.ledger_head,
        corrects_id=first.id if first else None,
    )
    issued = issue_paper(session, filing, Mailing((unit_id,), TO, _words(view)), post, occasion)
    after = {"year": year, "unit": view.unit, **issued.as_entry()}
    record(session, occasion, Event(ISSUE_AGREEMENT, f"unit {unit_id}", after=after))
    return issued


def sign_agreement(session: Session, year: int, unit_id: int, signer: str, occasion: Occasion) -> str:
    """Record that `signer` signed the unit's latest agreement of the year on the occasion's day, and return its number.

    Codes: unknown-agreement (none was issued by then), already-signed, bad-signer.
    """
    refuse_without_right(occasion.actor, Act.ISSUE_AGREEMENT, read_tree(session).parties(unit_id))
    lock_plans(session)
    found = _filed(session, year, occasion.day, unit_id)
    if not found:
        text = _("还没有给这个单位印发{year}年度责任书，请先用 duban letter issue {year} --unit 印发")
        raise DubanError("unknown-agreement", text.format(year=year))
    latest = found[-1]
    _refuse_signing(latest, signer)
    latest.signer, latest.signed_on = signer.strip(), occasion.day
    session.add(latest)
    after = {"year": year, "publication": latest.id, "doc_no": latest.doc_no, "signer": latest.signer}
    record(session, occasion, Event(SIGN_AGREEMENT, f"unit {unit_id}", after=after))
    return latest.doc_no


def _refuse_signing(latest: Publication, signer: str) -> None:
    if latest.signed_on is not None:
        text = _("{doc_no}已由{name}于{day}签订")
        raise DubanError("already-signed", text.format(doc_no=latest.doc_no, name=latest.signer, day=latest.signed_on))
    if not 0 < len(signer.strip()) <= LONGEST_SIGNER:
        raise DubanError("bad-signer", _("请写明签订人，不超过 {most} 个字").format(most=LONGEST_SIGNER))


def list_agreements(session: Session, year: int, day: date, actor: Actor | None = None) -> list[AgreementRow]:
    """Return the units that have tasks in the year or an agreement for it, as they stood on `day`; a unit sees itself, an office those it may issue to."""
    roll, tree = read_roll(session, day), read_tree(session)
    filed: dict[int, Publication] = {}
    for row in _filed(session, year, day):
        filed[int(row.scope.removeprefix("unit-"))] = row
    rows = []
    for unit_id in sorted({*units_of_year(roll, year), *filed}, key=lambda unit_id: roll.units[unit_id]):
        if actor is not None and actor.unit_id != unit_id:
            if actor.unit_id is None:
                refuse_without_right(actor, Act.ISSUE_AGREEMENT)
            elif not may(actor, Act.ISSUE_AGREEMENT, tree.parties(unit_id)):
                continue
        rows.append(_row(session, roll, year, unit_id, filed.get(unit_id)))
    return rows


def units_of_year(roll: Roll, year: int) -> list[int]:
    """Return the units with tasks in the year; sets of units whose members are not named sign nothing."""
    of_year = [one.record.name for one in roll.tasks if _is_in(one, year) or _is_carried(one, year, roll.day)]
    return sorted({unit_id for name in of_year for unit_id in (name.lead_id, *name.support_ids)} - roll.open_sets)


def _row(session: Session, roll: Roll, year: int, unit_id: int, latest: Publication | None) -> AgreementRow:
    led = [one for one in roll.led_by(unit_id) if _is_in(one, year)]
    supported = [one for one in roll.supported_by(unit_id) if _is_in(one, year)]
    row = AgreementRow(unit_id, roll.units[unit_id], len(led), len(supported))
    if latest is None:
        return row
    now = as_json(_drawn_up(session, roll, year, unit_id, may_be_empty=True))
    return AgreementRow(
        *(row.unit_id, row.unit, row.led, row.supported, latest.id, latest.doc_no, latest.version),
        *(latest.published_on, *_signature(latest, roll.day), content_of(now) != content_of(latest.view)),
    )


def _signature(latest: Publication, day: date) -> tuple[date | None, str | None]:
    is_signed = latest.signed_on is not None and latest.signed_on <= day
    return (latest.signed_on, latest.signer) if is_signed else (None, None)


def _issuable(session: Session, year: int, unit_id: int, post: PostOffice, occasion: Occasion) -> Agreement:
    refuse_without_right(occasion.actor, Act.ISSUE_AGREEMENT, read_tree(session).parties(unit_id))
    view = _drawn_up(session, post.rolls.read(session, occasion.day), year, unit_id)
    found = _filed(session, year, occasion.day, unit_id)
    if found and content_of(found[-1].view) == content_of(as_json(view)):
        text = _("{unit}{year}年度责任书已于{day}印发（{doc_no}），所列任务没有变化，不必再印发")
        said = text.format(unit=view.unit, year=year, day=found[-1].published_on, doc_no=found[-1].doc_no)
        raise DubanError("already-issued", said)
    return view


def _drawn_up(session: Session, roll: Roll, year: int, unit_id: int, *, may_be_empty: bool = False) -> Agreement:
    led, carried = roll.led_by(unit_id), [one for one in roll.led_by(unit_id) if _is_carried(one, year, roll.day)]
    of_year = [one for one in led if _is_in(one, year)]
    supported = [one for one in roll.supported_by(unit_id) if _is_in(one, year)]
    if not (of_year or carried or supported or may_be_empty):
        text = _("{unit}在{year}年没有牵头或者配合的任务，不用签责任书")
        raise DubanError("nothing-to-agree", text.format(unit=roll.units.get(unit_id, ""), year=year))
    latest = next(reversed(_filed(session, year, roll.day, unit_id)), None)
    plans = {one.record.name.plan_id for one in (*of_year, *carried, *supported)}
    return Agreement(
        year=year,
        unit_id=unit_id,
        unit=roll.units[unit_id],
        drawn_up_on=roll.day,
        led=by_quarters(of_year, year),
        carried=by_quarters(carried, year),
        supported=by_quarters(supported, year),
        schemes=_schemes(session, year, roll.day),
        acknowledge_days=roll.rules.acknowledge_days,
        report_limit_days=roll.rules.report_limit_days,
        most_extensions=roll.rules.most_extensions,
        replaces=EarlierAgreement(latest.doc_no, latest.published_on, latest.signed_on) if latest else None,
        rule_set=roll.rules.version,
        rule_sha256=roll.rules.sha256,
        ledger_head=head_of(session, plans),
    )


def _is_in(one: Carried, year: int) -> bool:
    """Tell whether a task is worked on in the year: it lies in it, and was not done before."""
    facts = one.record.facts
    done_before = is_done(facts) and facts.completed_on is not None and facts.completed_on.year < year
    return facts.starts_on.year <= year <= facts.due_on.year and not done_before


def _is_carried(one: Carried, year: int, day: date) -> bool:
    """Tell whether a task fell due before the year, by now, and is still open."""
    facts = one.record.facts
    return facts.due_on.year < year and facts.due_on < day and not is_done(facts)


def _schemes(session: Session, year: int, day: date) -> tuple[str, ...]:
    """Return the schemes that count in the year: of each code the one adopted last for it."""
    rows = sa.select(ScoringScheme).where(col(ScoringScheme.first_year) <= year, col(ScoringScheme.adopted_on) <= day)
    latest = {row.code: row for row in session.execute(rows.order_by(col(ScoringScheme.first_year))).scalars()}
    return tuple(_("{title}（{version}）").format(title=quoted(row.title), version=row.version) for _code, row in sorted(latest.items()))


def _filed(session: Session, year: int, day: date, unit_id: int | None = None) -> Sequence[Publication]:
    """Return the agreements of the year issued by `day`, oldest first."""
    rows = sa.select(Publication).where(col(Publication.kind) == PublicationKind.AGREEMENT, col(Publication.period) == str(year))
    rows = rows.where(col(Publication.published_on) <= day).order_by(col(Publication.version), col(Publication.id))
    found: Sequence[Publication] = (
        session.execute(rows if unit_id is None else rows.where(col(Publication.scope) == f"unit-{unit_id}")).scalars().all()
    )
    return found


def _words(view: Agreement) -> tuple[str, ...]:
    text = _("请核对附件所列任务、目标和期限，由负责人签字盖章后退回一份；有出入的，请与督办机构联系。")
    return (
        _("牵头任务 {led} 项，配合任务 {supported} 项。").format(led=len(view.led) + len(view.carried), supported=len(view.supported)),
        text,
    )
