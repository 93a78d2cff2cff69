"""Where the ledger ends now."""

from fastapi import Request, Response
from pydantic import Field

from services.ledger_heads import ledger_heads
from web.api.answers import shown
from web.api.caller import Calling
from web.api.routing import UNCHANGED, guarded
from web.api.shapes import Told

router = guarded("ledger")


class HeadLine(Told):
    """The last entry of a chain."""

    chain: str = Field(description="`house`, `access` (who came in), or a plan's: `plan-7`.", examples=["plan-7"])
    seq: int = Field(description="How many entries the chain holds.", ge=0)
    hash: str = Field(description="The last entry's hash, which stands for all before it (docs/ledger.md).", min_length=64, max_length=64)


class Heads(Told):
    """The last entry of every chain."""

    chains: list[HeadLine] = Field(description="The chains by name.")


@router.get("/ledger/head", operation_id="getLedgerHead", response_model=Heads, responses=UNCHANGED, summary="Where the ledger ends")
def get_ledger_head(request: Request, caller: Calling) -> Response:
    """Tell where every chain ends now, for whoever keeps it outside the house: offices that see the whole house, and the audit administrator."""
    with caller.reading() as session:
        return shown(request, Heads(chains=[HeadLine.model_validate(head) for head in ledger_heads(session, caller.actor)]))
