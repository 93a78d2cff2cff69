"""Who is this machine itself: what Prefect's own pages and the figures for monitoring are open to without a key."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

_FORWARDED = {b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip", b"forwarded", b"via"}


def is_from_here(scope: Mapping[str, Any]) -> bool:
    """Tell whether a request (its ASGI scope) was sent by this machine, and not handed on by a proxy on it."""
    names = {name for name, _value in scope["headers"]}
    client, server = scope.get("client") or ("", 0), scope.get("server") or ("", 0)
    is_own = is_loopback(client[0]) or client[0] == server[0]
    return is_own and not names & _FORWARDED


def is_loopback(host: str) -> bool:
    """Tell whether an address is one that only this machine reaches."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
