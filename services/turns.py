"""Taking turns: where two transactions must not do the same thing at once and there is no row yet that both could lock.

On SQLite a transaction that writes is alone anyway; on PostgreSQL an advisory lock, which ends with the transaction, makes it so for one name.
"""

from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.orm import Session


def take_turn(session: Session | Connection, name: str) -> None:
    """Wait until nobody else has the turn of this name, and keep it until the transaction ends.

    Whoever takes several takes them in the order of their names. Refused with database-busy where it is not to be had in time.
    """
    # A session asked for its connection begins: on SQLite that is when the writer is alone.
    connection = session.connection() if isinstance(session, Session) else session
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_key(name))))


def _key(name: str) -> int:
    return int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)
