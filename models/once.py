"""What was asked under a key and done: a form sent twice, or a program that asks again, gets the first answer and nothing is done again."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import instant_column, json_column


class DoneOnce(SQLModel, table=True):
    """One request that was carried out. Written in the transaction of the act itself, so that it is there exactly when the act is.

    `request_hash` is of what was asked: the same key with another request is refused. `answer` is what was answered.
    """

    __tablename__ = "done_once"
    __table_args__ = (UniqueConstraint("account_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    key: str = Field(max_length=80)
    request_hash: str = Field(max_length=64)
    answer: dict[str, Any] = Field(sa_column=json_column())
    done_at: datetime = Field(sa_column=instant_column())
