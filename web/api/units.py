"""The register of units: names, and who is above whom. Contacts are people's own and stay inside."""

from fastapi import Request, Response
from pydantic import Field

from services.keyset import PageAsk
from services.units import unit_page
from web.api.answers import PageOf, listed, page_out
from web.api.caller import Calling
from web.api.routing import guarded
from web.api.shapes import Told
from web.api.values import USUAL_ROWS, After, Limit

router = guarded("units")


class UnitLine(Told):
    """A registered unit."""

    id: int = Field(description="The unit's number.", examples=[2])
    name: str = Field(description="Its full name of today.", examples=["省科技厅"])
    is_open: bool = Field(description="Whether it is a set whose members are named later (有关县（市、区）人民政府).")
    aliases: list[str] = Field(description="Other names that lead to it.")
    parent: str | None = Field(description="The unit above it.")
    successor: str | None = Field(description="Where it has ended: the unit that took over.")


@router.get("/units", operation_id="listUnits", response_model=PageOf[UnitLine], summary="List units")
def list_units(request: Request, caller: Calling, after: After = None, limit: Limit = USUAL_ROWS) -> Response:
    """List all registered units; everybody with a token may, since requests name them."""
    with caller.reading() as session:
        page = unit_page(session, PageAsk(after, limit, is_rising=True))
    return listed(request, page_out(page, UnitLine.model_validate))
