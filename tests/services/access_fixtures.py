"""Accounts that somebody can log in to, and logging in as the page does it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlmodel import Session, select

from models.account import Account, AccountRole
from rules import access_policy
from rules.access_policy import AccessPolicy, HashCost
from rules.errors import DubanError
from services.access.entering import Begun, LogInInput, admit, begin_log_in, prove
from services.access.passwords import hash_password
from services.actors import actor_named
from services.ledger import Event, record
from services.occasion import SYSTEM, Occasion
from tests.builders import People, people
from tests.remembered import once

NOW = datetime(2013, 4, 8, 1, 0, tzinfo=UTC)
PASSWORD = "一句只有自己知道的长话"
CHEAP = HashCost(1, 8, 1)
"""Tests look at many passwords; what one costs is not theirs to prove."""
ASVS, DENGBAO = (replace(policy, hash_cost=CHEAP) for policy in (access_policy.ASVS, access_policy.DENGBAO))
HASH = hash_password(PASSWORD, CHEAP)
HOME, ELSEWHERE = "10.0.0.7", "203.0.113.9"


@dataclass(frozen=True)
class Typed:
    """What is typed by default."""

    name: str = "science"
    password: str = PASSWORD
    code: str = ""
    address: str = HOME


def on_access(actor=SYSTEM, at: datetime = NOW) -> Occasion:
    return Occasion(actor, at.date(), at)


def later(minutes: float = 0, **more: float) -> datetime:
    return NOW + timedelta(minutes=minutes, **more)


@once
def household(session: Session) -> People:
    """The people of the small plan, each with a password."""
    team = people(session)
    for account in session.exec(select(Account).where(Account.role != AccountRole.SYSTEM)):
        account.password_hash, account.must_change_password = HASH, False
        session.add(account)
    record(session, on_access(), Event("set-up", "passwords"))
    return team


def administrator(session: Session, name: str, role: AccountRole):
    """Another administrator of one of the three kinds, as an actor."""
    session.add(Account(name=name, role=role, password_hash=HASH, must_change_password=False, created_at=NOW))
    record(session, on_access(), Event("set-up", f"account {name}"))
    return actor_named(session, name)


def log_in(session: Session, typed: Typed = Typed(), at: datetime = NOW, policy: AccessPolicy = ASVS) -> Begun | DubanError:
    """Log in, as the three steps of the page."""
    given = LogInInput(typed.name, typed.password, typed.code, typed.address, "a browser")
    admitted = admit(session, given, policy, at)
    return (
        admitted
        if isinstance(admitted, DubanError)
        else begin_log_in(session, admitted, (given, prove(admitted, given, policy)), policy, at)
    )
