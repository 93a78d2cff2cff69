"""What all shapes of the API have in common: answers are made of the services' rows, and what is sent in may hold nothing that is not known."""

from pydantic import BaseModel, ConfigDict


class Told(BaseModel):
    """Something the API answers."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Said(BaseModel):
    """Something a caller sends."""

    model_config = ConfigDict(extra="forbid", frozen=True)
