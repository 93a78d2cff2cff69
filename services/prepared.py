"""A statement that is run for every message or act: compiled once for each kind of database, so that neither costs much more than its rows.

The one thing to know: it goes to the driver with its values converted here, and gives back a plain result; nothing of the session's objects knows of it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import BindParameter, Connection, Dialect, Float, Select, literal_column
from sqlalchemy.exc import OperationalError
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.visitors import replacement_traverse
from sqlalchemy.types import TypeEngine
from sqlmodel import Session

_Convert = Callable[[Any], Any] | None


class Prepared:
    """A statement with named values and no list among them but what is fixed in it. `run` gives what a select finds as the driver has it, `rows` as the columns say."""

    def __init__(self, statement: UpdateBase | Select[Any]) -> None:
        self._statement = statement
        self._made: dict[str, _Made] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """Run it with these values, each converted as its column wants it, and return the driver's cursor: its `rowcount`, its rows."""
        made = self._made.get(connection.dialect.name) or self._made_for(connection.dialect)
        # The driver's own connection: both drivers run a statement without a cursor asked for first.
        driver: Any = connection.connection.dbapi_connection
        try:
            return driver.execute(made.text, made.arguments(values))
        except made.trouble as error:
            raise OperationalError(made.text, None, error) from error

    def run_many(self, connection: Connection, values: Iterable[Mapping[str, Any]]) -> None:
        """Run it once for each of these, in one go."""
        made = self._made_for(connection.dialect)
        driver: Any = connection.connection.dbapi_connection
        try:
            driver.cursor().executemany(made.text, [made.arguments(one) for one in values])
        except made.trouble as error:
            raise OperationalError(made.text, None, error) from error

    def rows(self, session: Session, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run a select once what the session still holds is written, and return all it finds, each value of its column's own kind."""
        session.flush()
        connection = session.connection()
        return self._made_for(connection.dialect).results(self.run(connection, values).fetchall())

    def _made_for(self, dialect: Dialect) -> "_Made":
        made = self._made.get(dialect.name)
        if made is None:
            made = self._made[dialect.name] = _Made(self._statement, dialect)
        return made


class _Made:
    """The statement in one database's words, its values in the order or by the names its driver wants."""

    def __init__(self, statement: UpdateBase | Select[Any], dialect: Dialect) -> None:
        compiled = written_out(statement, dialect).compile(dialect=dialect)
        self.text = str(compiled)
        self.trouble: type[Exception] = dialect.loaded_dbapi.OperationalError
        state: Any = compiled
        self._is_positional = bool(state.positional)
        names = state.positiontup if self._is_positional else list(compiled.params)
        self._names: list[tuple[str, _Convert]] = [(name, _converter(state.binds.get(name), dialect)) for name in names]
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        found = statement.selected_columns if isinstance(statement, Select) else ()
        self._kinds: list[_Convert] = [_reader(column.type, dialect) for column in found]

    def results(self, rows: Iterable[Sequence[Any]]) -> list[tuple[Any, ...]]:
        kinds = self._kinds
        return [
            tuple([value if convert is None or value is None else convert(value) for value, convert in zip(row, kinds, strict=True)])
            for row in rows
        ]

    def arguments(self, values: Mapping[str, Any]) -> Any:
        given = {**self._fixed, **values} if self._fixed else values
        if self._is_positional:
            return [
                value if convert is None or value is None else convert(value) for name, convert in self._names for value in (given[name],)
            ]
        return {
            name: value if convert is None or value is None else convert(value) for name, convert in self._names for value in (given[name],)
        }


def written_out(statement: UpdateBase | Select[Any], dialect: Dialect) -> UpdateBase | Select[Any]:
    """Return a select with what is fixed in it written out. SQLite makes better plans of values that it sees, and where a partial index could answer, no plan anew for each bound one."""

    def write_out(element: Any, **_unused: Any) -> Any:
        if not isinstance(element, BindParameter) or element.value is None:
            return None
        return literal_column(str(element.compile(dialect=dialect, compile_kwargs={"literal_binds": True})))

    return cast(Select[Any], replacement_traverse(statement, {}, write_out)) if isinstance(statement, Select) else statement


def _converter(bound: Any, dialect: Dialect) -> _Convert:
    return None if bound is None else bound.type.dialect_impl(dialect).bind_processor(dialect)


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> _Convert:
    # Every driver gives a float as one; PostgreSQL's types would ask for the number of the type found.
    return None if isinstance(kind, Float) else kind.dialect_impl(dialect).result_processor(dialect, None)
