"""Responsible units, the names they go by, and whom to reach there."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import enum_column


class UnitLevel(StrEnum):
    """The level of government a unit belongs to."""

    STATE = "state"
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"
    UNKNOWN = "unknown"


class Unit(SQLModel, table=True):
    """A unit under its full name of today; its earlier names are in the ledger and among its aliases.

    `is_open` marks a set whose members are named later (有关市、县（市、区）人民政府). A unit merged or split away ends on `valid_to`; `successor_id` is the
    unit that took over what was open.
    """

    __table_args__ = (
        CheckConstraint("length(name) > 0", name="name_given"),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", name="valid_in_order"),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=120, unique=True)
    level: UnitLevel = Field(default=UnitLevel.UNKNOWN, sa_column=enum_column(UnitLevel))
    parent_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    region: str | None = Field(default=None, max_length=60)
    is_open: bool = False
    successor_id: int | None = Field(default=None, foreign_key="unit.id")
    valid_from: date | None = None
    valid_to: date | None = None


class UnitAlias(SQLModel, table=True):
    """Another name of a unit; a name leads to one unit only."""

    __tablename__ = "unit_alias"

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    alias: str = Field(max_length=120, unique=True)


class ContactDuty(StrEnum):
    """What a contact does in the unit; who is written to depends on it."""

    HANDLER = "handler"
    LIAISON = "liaison"
    OFFICE = "office"
    LEADER = "leader"
    HEAD = "head"


class Contact(SQLModel, table=True):
    """A person or office of a unit that messages go to. `language` is the language of the messages.

    `channel` is `mail` or the name of a robot, whose `address` is then the person it calls upon (empty: nobody in particular). What cannot be delivered goes by
    the fallback, where one is given.
    """

    __table_args__ = (
        UniqueConstraint("unit_id", "channel", "address"),
        CheckConstraint("language IN ('zh', 'en')", name="language_known"),
        CheckConstraint("channel <> 'mail' OR length(address) > 0", name="mail_has_address"),
        CheckConstraint("fallback_channel IS NOT NULL OR fallback_address IS NULL", name="fallback_whole"),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    name: str = Field(max_length=60)
    duty: ContactDuty = Field(default=ContactDuty.LIAISON, sa_column=enum_column(ContactDuty))
    channel: str = Field(default="mail", max_length=40)
    address: str = Field(max_length=254)
    fallback_channel: str | None = Field(default=None, max_length=40)
    fallback_address: str | None = Field(default=None, max_length=254)
    language: str = Field(default="zh", max_length=2)


class Absence(SQLModel, table=True):
    """Days on which a contact is away, both included (`until_on` None: until further notice). Messages go to the deputy, else to the unit's other contacts."""

    __table_args__ = (CheckConstraint("until_on IS NULL OR until_on >= from_on", name="in_order"),)

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    deputy_id: int | None = Field(default=None, foreign_key="contact.id")
    from_on: date
    until_on: date | None = None


class CalendarFeed(SQLModel, table=True):
    """A secret address under which a calendar program reads a unit's due days, or one contact's. Only the hash of the secret is kept; renewing ends the old one."""

    __tablename__ = "calendar_feed"

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    contact_id: int | None = Field(default=None, foreign_key="contact.id")
    secret_sha256: str = Field(max_length=64, unique=True)
    made_on: date
    ended_on: date | None = None
