"""Which scheme counts in a year: those the office adopted, and beside them the examples that come with the program, for looking only."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.publication import Publication, PublicationKind
from models.scorecard import ScoringScheme
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.scheme_reading import scheme_from
from rules.scoring_scheme import Scheme
from rules.texts import _
from services.ledger import Event, record
from services.notices import lock_plans
from services.occasion import Occasion

ADOPT_SCHEME = "adopt-scheme"
EARLIEST, LATEST = 1949, 2100


@dataclass(frozen=True)
class SchemeRow:
    """A scheme as it is listed; one that comes with the program has no first year."""

    scheme: Scheme
    first_year: int | None
    adopted_on: date | None


def scope_of(code: str) -> str:
    """Return the scope that scorecards of a scheme are filed under."""
    return f"scheme-{code}"


@lru_cache(1)
def shipped_schemes() -> tuple[Scheme, ...]:
    """Return the examples that come with the program, by their codes."""
    folder = files("services.scoring") / "schemes"
    found = [file for file in folder.iterdir() if file.name.endswith(".json")]
    return tuple(scheme_from(json.loads(file.read_text(encoding="utf-8"))) for file in sorted(found, key=lambda file: file.name))


def list_schemes(session: Session, day: date) -> list[SchemeRow]:
    """Return what was adopted by `day`, by code and first year, then the examples."""
    rows = (
        sa.select(ScoringScheme)
        .where(col(ScoringScheme.adopted_on) <= day)
        .order_by(col(ScoringScheme.code), col(ScoringScheme.first_year))
    )
    adopted = [SchemeRow(scheme_from(row.content), row.first_year, row.adopted_on) for row in session.execute(rows).scalars()]
    return [*adopted, *(SchemeRow(scheme, None, None) for scheme in shipped_schemes())]


def scheme_for(session: Session, code: str | None, year: int, day: date) -> SchemeRow:
    """Return the scheme of a year as known on `day`: the last adopted one that had begun, else the program's example of that code.

    Without a code it is the only one adopted for the year. Codes: unknown-scheme, which-scheme (none or several are adopted).
    """
    rows = list_schemes(session, day)
    begun = {row.scheme.code: row for row in rows if row.first_year is not None and row.first_year <= year}
    if code is None:
        if len(begun) != 1:
            raise _unclear(sorted(begun) or [scheme.code for scheme in shipped_schemes()], year, is_adopted=bool(begun))
        return next(iter(begun.values()))
    examples = {row.scheme.code: row for row in rows if row.first_year is None}
    found = begun.get(code) or examples.get(code)
    if found is None:
        text = _("{year} 年没有考评办法“{code}”，请用 duban scorecard schemes 查看")
        raise DubanError("unknown-scheme", text.format(year=year, code=code))
    return found


def adopted_scheme(session: Session, code: str | None, year: int, day: date) -> SchemeRow:
    """Return the scheme of a year where the office adopted one; scheme-not-adopted for an example."""
    found = scheme_for(session, code, year, day)
    if found.first_year is None:
        text = _("“{code}”只是程序自带的示例，还没有采用；请先用 duban scorecard adopt 采用")
        raise DubanError("scheme-not-adopted", text.format(code=found.scheme.code))
    return found


def adopt_scheme(session: Session, content: Mapping[str, Any], first_year: int, occasion: Occasion) -> Scheme:
    """Adopt a scheme from a year on. A year whose scorecard was issued keeps the scheme it was issued by; the plans are locked, so that none is issued meanwhile.

    Codes: bad-scheme, guard-rail, bad-year, scheme-backwards, scheme-taken (the version's name, or the year).
    """
    refuse_without_right(occasion.actor, Act.ADOPT_SCHEME)
    if not EARLIEST <= first_year <= LATEST:
        raise DubanError("bad-year", _("年度 {year} 不对，请写四位数的年份").format(year=first_year))
    scheme = scheme_from(content)
    lock_plans(session)
    _refuse_issued(session, scheme.code, first_year)
    _refuse_taken(session, scheme, first_year)
    plain = scheme.model_dump(mode="json")
    row = ScoringScheme(
        code=scheme.code,
        version=scheme.version,
        title=scheme.title,
        first_year=first_year,
        adopted_on=occasion.day,
        content=plain,
        sha256=scheme.sha256,
    )
    session.add(row)
    after = {"version": scheme.version, "title": scheme.title, "first_year": first_year, "sha256": scheme.sha256}
    record(session, occasion, Event(ADOPT_SCHEME, f"scheme {scheme.code}", after=after))
    return scheme


def _refuse_issued(session: Session, code: str, first_year: int) -> None:
    periods = sa.select(col(Publication.period)).where(
        col(Publication.kind) == PublicationKind.SCORECARD, col(Publication.scope) == scope_of(code)
    )
    last = max((int(period) for period in session.execute(periods).scalars()), default=None)
    if last is not None and first_year <= last:
        text = _("{last} 年的考评已按当时的办法印发，新办法最早从 {next} 年起采用")
        raise DubanError("scheme-backwards", text.format(last=last, next=last + 1))


def _refuse_taken(session: Session, scheme: Scheme, first_year: int) -> None:
    rows = sa.select(col(ScoringScheme.version), col(ScoringScheme.first_year)).where(col(ScoringScheme.code) == scheme.code)
    for version, year in session.execute(rows).tuples():
        if version == scheme.version:
            raise DubanError("scheme-taken", _("“{code}”已有版本 {version}，请换一个版本名").format(code=scheme.code, version=version))
        if year == first_year:
            text = _("“{code}”自 {year} 年起已采用版本 {version}，同一年不能再采用一版")
            raise DubanError("scheme-taken", text.format(code=scheme.code, year=year, version=version))


def _unclear(codes: list[str], year: int, *, is_adopted: bool) -> DubanError:
    text = (
        _("{year} 年采用了几个考评办法，请用 --scheme 写明一个：{codes}")
        if is_adopted
        else _("{year} 年还没有采用考评办法；可用 --scheme 按示例试算：{codes}，或用 duban scorecard adopt 采用")
    )
    return DubanError("which-scheme", text.format(year=year, codes=_("、").join(codes)))
