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


LOOKING = sorted(route for route in ROUTES if route[0] == "GET")
ACTING = sorted(route for route in ROUTES if route[0] != "GET")


@pytest.mark.parametrize("route", LOOKING, ids=" ".join)
def test_who_may_look(quiet_home: Home, route: tuple[str, str]) -> None:
    assert told_by(quiet_home, route) == dict(zip(GUESTS, ROUTES[route].statuses, strict=True))


@pytest.mark.parametrize("route", ACTING, ids=" ".join)
def test_who_may_act(home: Home, route: tuple[str, str]) -> None:
    assert told_by(home, route) == dict(zip(GUESTS, ROUTES[route].statuses, strict=True))


def told_by(home: Home, route: tuple[str, str]) -> dict[str, int]:
    method, row = route[0], ROUTES[route]
    guests = {name: home.nobody if name == "nobody" else home.guests[name] for name in GUESTS}
    return {
        name: (guest.get(row.asked) if method == "GET" else guest.post(row.asked, row.fields)).status_code for name, guest in guests.items()
    }
