"""Secrets that open something: made at random, shown once, kept as their SHA-256. A stolen database lets nobody in."""

from hashlib import sha256
from secrets import token_urlsafe

_BYTES = 32


def new_secret() -> str:
    """Return a new secret of 256 bits, as it can stand in an address or a cookie."""
    return token_urlsafe(_BYTES)


def hashed(secret: str) -> str:
    """Return what is kept of a secret, or of a name that must not be kept as it was typed."""
    return sha256(secret.encode(errors="replace")).hexdigest()
