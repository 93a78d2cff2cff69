"""All tables, declared. Whoever writes, migrates or copies needs them, since rows are written in the order of what they point to; a command that reads declares its own only.

Declaring one costs some milliseconds, which a command that shows a list should not pay fifty times.
"""

from importlib import import_module
from pkgutil import iter_modules

from sqlmodel import SQLModel

import models

for _module in iter_modules(models.__path__):
    import_module(f"models.{_module.name}")

METADATA = SQLModel.metadata
