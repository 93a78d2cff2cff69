"""Alembic's entry: runs the migrations on the engine that `runtime.database` hands over, all of them in one transaction.

On SQLite a table others refer to can only be made anew, so foreign keys are off meanwhile; before the work is kept every one of them is checked.
"""

from alembic import context
from sqlalchemy import Connection

from models.every import METADATA
from services.turns import take_turn

engine = context.config.attributes["engine"]
is_sqlite = engine.dialect.name == "sqlite"


def _switch_foreign_keys(connection: Connection, word: str) -> None:
    # Past SQLAlchemy: inside a transaction the switch does nothing.
    if is_sqlite:
        connection.connection.dbapi_connection.execute(f"PRAGMA foreign_keys={word}")


with engine.connect().execution_options(duban_writes=True) as connection:
    _switch_foreign_keys(connection, "OFF")
    try:
        context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True, compare_type=True, transactional_ddl=True)
        with context.begin_transaction():
            # Whoever comes second looks at the version only when the first is done.
            take_turn(connection, "migrations")
            context.run_migrations()
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() if is_sqlite else []
            if broken:
                raise AssertionError(f"rows that refer to nothing: {broken[:5]}")
        connection.commit()
    finally:
        connection.rollback()
        _switch_foreign_keys(connection, "ON")
