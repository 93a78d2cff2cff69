"""What waits for the house's own people: judgements, decisions, signatures, and messages that reached nobody."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from rules.rights import Act


class OfficeMatter(StrEnum):
    """What an office's digest is about, in the order it is read in. The value is the rule its lines are stored under."""

    REVIEW = "review"
    DECIDE = "decide"
    ISSUE = "issue"
    APPROVE = "approve"
    CASE = "case"
    UNDELIVERED = "undelivered"
    UNREACHED = "no-address"


# Whoever may do what is asked is told of it, as far as his right reaches.
ASKED_OF: Mapping[OfficeMatter, Act] = MappingProxyType(
    {
        OfficeMatter.REVIEW: Act.COMPLETE,
        OfficeMatter.DECIDE: Act.DECIDE_REQUEST,
        OfficeMatter.ISSUE: Act.ISSUE_NOTICE,
        OfficeMatter.APPROVE: Act.APPROVE_BULLETIN,
        OfficeMatter.CASE: Act.APPROVE_CASE,
        OfficeMatter.UNDELIVERED: Act.REMIND,
        OfficeMatter.UNREACHED: Act.REMIND,
    }
)
