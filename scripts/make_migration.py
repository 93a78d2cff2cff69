"""Write a new migration from the difference between the tables and a freshly migrated database. Usage: make migration NAME=words."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from runtime.database import alembic_config, open_engine, upgrade_database

with tempfile.TemporaryDirectory() as folder:
    engine = open_engine(f"sqlite:///{Path(folder) / 'fresh.db'}")
    upgrade_database(engine)
    command.revision(alembic_config(engine), message=sys.argv[1], autogenerate=True)
    engine.dispose()
