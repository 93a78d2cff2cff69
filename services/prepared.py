"""A statement that is run for every message: compiled once for each kind of database, so that a delivery costs little more than what it hands over.

The one thing to know: it goes to the driver with its values converted here, and gives back a plain result; nothing of the session's objects knows of it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import OperationalError
from sqlalchemy.sql.dml import UpdateBase

_Convert = Callable[[Any], Any] | None


class Prepared:
    """An insert, update or delete with named values and no list among them."""

    def __init__(self, statement: UpdateBase) -> None:
        self._statement = statement
        self._made: dict[str, _Made] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """Run it with these values, each converted as its column wants it, and return the driver's cursor: its `rowcount`, its rows."""
        dialect = connection.dialect
        made = self._made.get(dialect.name)
        if made is None:
            made = self._made[dialect.name] = _Made(self._statement, dialect)
        driver: Any = connection.connection.driver_connection
        try:
            return driver.execute(made.text, made.arguments(values))
        except made.trouble as error:
            raise OperationalError(made.text, None, error) from error


class _Made:
    """The statement in one database's words, its values in the order or by the names its driver wants."""

    def __init__(self, statement: UpdateBase, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self.trouble: type[Exception] = dialect.loaded_dbapi.OperationalError
        state: Any = compiled
        self._is_positional = bool(state.positional)
        names = state.positiontup if self._is_positional else list(compiled.params)
        self._names: list[tuple[str, _Convert]] = [(name, _converter(state.binds.get(name), dialect)) for name in names]
        fixed = {name: value for name, value in compiled.params.items() if value is not None}
        self._fixed = {name: _converted(value, convert) for (name, convert) in self._names for value in [fixed.get(name)]}

    def arguments(self, values: Mapping[str, Any]) -> Any:
        given = {name: _converted(values[name], convert) if name in values else self._fixed[name] for name, convert in self._names}
        return [given[name] for name, _convert in self._names] if self._is_positional else given


def _converter(bound: Any, dialect: Dialect) -> _Convert:
    return None if bound is None else bound.type.dialect_impl(dialect).bind_processor(dialect)


def _converted(value: Any, convert: _Convert) -> Any:
    return value if convert is None or value is None else convert(value)
