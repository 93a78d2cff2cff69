"""How people and programs come in: log-ins, failed attempts, invitations and tokens. Secrets are kept only as their hashes.

None of these rows is a fact about a plan: the ledger does not make them again, and a house restored from it asks everybody to log in anew.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.columns import enum_column, instant_column


class LogIn(SQLModel, table=True):
    """One log-in of an account on one browser, from its start to its end. The cookie holds a secret of which `token_hash` is the SHA-256.

    `form_token` stands in every form of this log-in, so that no other site can send one. `seen_at` is kept to the minute. `has_second_factor`: a code was given.
    """

    __tablename__ = "log_in"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    form_token: str = Field(max_length=64)
    account_id: int = Field(foreign_key="account.id", index=True)
    address: str = Field(max_length=45)
    agent: str = Field(default="", max_length=200)
    has_second_factor: bool = False
    started_at: datetime = Field(sa_column=instant_column())
    seen_at: datetime = Field(sa_column=instant_column())
    ended_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))


class LogInAttempt(SQLModel, table=True):
    """One try to log in, kept a day to count failures by. `name_hash` is the SHA-256 of the name as typed: people type passwords into the wrong field."""

    __tablename__ = "log_in_attempt"
    __table_args__ = (Index("ix_log_in_attempt_name_hash_at", "name_hash", "at"), Index("ix_log_in_attempt_address_at", "address", "at"))

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_column=instant_column())
    name_hash: str = Field(max_length=64)
    address: str = Field(max_length=45)
    is_success: bool


class OldPassword(SQLModel, table=True):
    """A password that an account has had, as its hash: a policy may refuse to take it again."""

    __tablename__ = "old_password"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    password_hash: str = Field(max_length=200)
    set_at: datetime = Field(sa_column=instant_column())


class Invitation(SQLModel, table=True):
    """A link by which somebody sets the password of an account, once and until it expires. `secret_hash` is the SHA-256 of what the link holds."""

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    secret_hash: str = Field(max_length=64, unique=True)
    made_by: str = Field(max_length=60)
    made_at: datetime = Field(sa_column=instant_column())
    expires_at: datetime = Field(sa_column=instant_column())
    used_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    ended_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))


class TokenScope(StrEnum):
    """What a token lets a program do on behalf of its account: look, or also act."""

    READ = "read"
    WRITE = "write"


class ApiToken(SQLModel, table=True):
    """A token by which a program acts as an account. `name` says which program it was made for; the token itself is shown once and kept as its SHA-256."""

    __tablename__ = "api_token"
    __table_args__ = (CheckConstraint("expires_at > made_at", name="lives_a_while"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    name: str = Field(max_length=60)
    token_hash: str = Field(max_length=64, unique=True)
    scope: TokenScope = Field(sa_column=enum_column(TokenScope))
    made_at: datetime = Field(sa_column=instant_column())
    expires_at: datetime = Field(sa_column=instant_column())
    seen_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    ended_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
