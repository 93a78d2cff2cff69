"""Every route × every guest, from the one table."""

import pytest
from fastapi.routing import APIRoute

from tests.web.conftest import Home
from tests.web.routes import GUESTS, ROUTES
from web.app import routers


def routes_in_use() -> set[tuple[str, str]]:
    found = (route for router in routers() for route in router.routes)
    return {(method, route.path) for route in found if isinstance(route, APIRoute) for method in route.methods - {"HEAD"}}


def test_every_route_is_in_the_table() -> None:
    assert routes_in_use() == set(ROUTES)


@pytest.mark.parametrize("route", sorted(ROUTES), ids=" ".join)
def test_each_guest_gets_what_the_table_says(home: Home, route: tuple[str, str]) -> None:
    method, row = route[0], ROUTES[route]
    told = {}
    for name in GUESTS:
        guest = home.nobody if name == "nobody" else home.guests[name]
        answer = guest.get(row.asked) if method == "GET" else guest.post(row.asked, row.fields)
        told[name] = answer.status_code
    assert told == dict(zip(GUESTS, row.statuses, strict=True))
