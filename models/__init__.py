"""The tables, a module for each matter. A module declares its own tables when it is imported; `models.every` declares all of them.

What holds for every table stands here, since it must hold before the first is declared.
"""

from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
# What pydantic would check a row by is made where it is asked for, which is nearly nowhere: a table validates nothing, and a third of declaring it goes there.
SQLModel.model_config["defer_build"] = True
