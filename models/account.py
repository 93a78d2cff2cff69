"""Who may act."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.columns import enum_column, instant_column


class AccountRole(StrEnum):
    """What an account is for. One account has one role, so that powers stay separated."""

    ADMINISTRATOR = "administrator"
    PLAN_OFFICE = "plan_office"
    SUPERVISOR = "supervisor"
    UNIT = "unit"
    SYSTEM = "system"


class AccountState(StrEnum):
    """Whether an account may act."""

    ACTIVE = "active"
    LOCKED = "locked"


class Account(SQLModel, table=True):
    """An account. A unit's account belongs to exactly one unit; the program's own account (`SYSTEM`) has no password and cannot log in.

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
    state: AccountState = Field(default=AccountState.ACTIVE, sa_column=enum_column(AccountState))
    channel: str = Field(default="mail", max_length=40)
    address: str | None = Field(default=None, max_length=254)
    language: str = Field(default="zh", max_length=2)
    created_at: datetime = Field(sa_column=instant_column())
