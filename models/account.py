"""Who may act."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.columns import enum_column, instant_column


class AccountRole(StrEnum):
    """What an account is for. One account has one role, so that powers stay separated.

    The three administrators are apart: one keeps accounts and units, one says who may do what, one reads what was done; none of them acts on a task.
    """

    ADMINISTRATOR = "administrator"
    SECURITY_ADMINISTRATOR = "security_administrator"
    AUDIT_ADMINISTRATOR = "audit_administrator"
    PLAN_OFFICE = "plan_office"
    SUPERVISOR = "supervisor"
    UNIT = "unit"
    SYSTEM = "system"


class AccountState(StrEnum):
    """Whether an account may act. `WAITING`: made, and not yet approved by the security administrator."""

    WAITING = "waiting"
    ACTIVE = "active"
    LOCKED = "locked"


class Account(SQLModel, table=True):
    """An account. A unit's account belongs to exactly one unit; the program's own account (`SYSTEM`) has no password and cannot log in.

    `password_hash` None: nobody has set one, so nobody logs in. `totp_secret` (base32) is the second factor's, `totp_step` the last time step that was used up, so that
    a code read over a shoulder is worth nothing. `needs_second_factor`: pages are not opened before one is set up.

    An office's account with an `address` gets the office's daily digest there: by mail, or by the robot that `channel` names.
    """

    __table_args__ = (
        CheckConstraint("role <> 'unit' OR unit_id IS NOT NULL", name="unit_account_has_unit"),
        CheckConstraint("role <> 'system' OR password_hash IS NULL", name="system_has_no_password"),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=60, unique=True)
    role: AccountRole = Field(sa_column=enum_column(AccountRole))
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    password_hash: str | None = Field(default=None, max_length=200)
    must_change_password: bool = True
    password_set_on: date | None = None
    totp_secret: str | None = Field(default=None, max_length=64)
    totp_step: int | None = None
    needs_second_factor: bool = False
    state: AccountState = Field(default=AccountState.ACTIVE, sa_column=enum_column(AccountState))
    channel: str = Field(default="mail", max_length=40)
    address: str | None = Field(default=None, max_length=254)
    language: str = Field(default="zh", max_length=2)
    created_at: datetime = Field(sa_column=instant_column())
