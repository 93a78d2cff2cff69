"""Who may ask for what: every route of the application with the status that each guest gets. A route that is missing here fails the suite.

Each row: method and path as the route has it → the path asked, the fields sent, and the statuses in the order of GUESTS. A form that is understood but refused for what it
says is 422; 303 is done or sent on; 403 no right; 404 not there for him.
"""

from typing import NamedTuple

GUESTS = (
    *("nobody", "administrator", "security_administrator", "audit_administrator"),
    *("plan_office", "supervisor", "unit", "support", "stranger"),
)


class Row(NamedTuple):
    asked: str
    statuses: tuple[int, ...]
    fields: dict[str, str] = {}


ALL = (303, *(200,) * 8)
"""Everybody who is logged in."""
OPEN = (200,) * 9
"""Everybody."""
READERS = (303, 403, 403, 403, 200, 200, 200, 200, 200)
ON_TASK = (303, 404, 404, 404, 200, 200, 200, 200, 404)
"""Who may read task 1: the offices, its lead and its supporting unit."""

ROUTES: dict[tuple[str, str], Row] = {
    ("GET", "/"): Row("/", (303,) * 9),
    ("GET", "/healthz"): Row("/healthz", OPEN),
    ("GET", "/language/{language}"): Row("/language/en?next=/plans", (303,) * 9),
    ("GET", "/calendar/{secret}.ics"): Row("/calendar/none.ics", (404,) * 9),
}
