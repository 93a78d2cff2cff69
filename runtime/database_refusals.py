"""What goes wrong between the program and its database, as refusals that people can do something about; one place for every engine and every statement.

The driver's own errors of use (a broken rule, a bad statement) are left as they are: callers answer the first, and the second is a bug.
"""

import sqlite3

from sqlalchemy import Engine, QueuePool, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.pool import PoolProxiedConnection

from rules.errors import DubanError
from rules.texts import _

# PostgreSQL's: could not be serialized, deadlock, lock not to be had, too many connections.
_BUSY = ("40001", "40P01", "55P03", "53300")
_NO_ROOM = "53100"
_UNIQUE = "23505"
# A statement that was cancelled, a transaction that stood idle too long.
_SLOW = ("57014", "25P03")
_SQLITE_UNREADABLE = (
    *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT),
    *(sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM),
)


class PatientPool(QueuePool):
    """Connections of one process. Where all are in use for too long, whoever waits is told that the database is busy."""

    def connect(self) -> PoolProxiedConnection:
        """Return a connection, one that is free or a new one."""
        try:
            return super().connect()
        except NoConnectionFree:
            raise _busy() from None


def tell_refusals(engine: Engine) -> None:
    """Let every statement of the engine fail as a refusal where it is one. Codes: database-busy, -full, -slow, -unreachable."""
    event.listen(engine, "handle_error", _told, retval=True)


def _told(context: ExceptionContext) -> BaseException | None:
    if context.is_pre_ping:
        return None
    refusal = refusal_of(context.original_exception)
    if refusal is None and context.is_disconnect:
        text = _("数据库的连接断了（{reason}）；正在办理的事是否已写入，请查看后再重试")
        return DubanError("database-unreachable", text.format(reason=_first_line(context.original_exception)))
    if refusal is None and context.connection is None:
        return unreachable(context.original_exception)
    return refusal


def refusal_of(error: BaseException | None) -> DubanError | None:
    """Return what a driver's error means for people, None where it is none of theirs."""
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else None
    state = getattr(error, "sqlstate", None)
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or state in _BUSY:
        return _busy()
    if primary == sqlite3.SQLITE_FULL or state == _NO_ROOM:
        return DubanError("database-full", _("数据库所在的磁盘没有空间了，本次办理没有写入；请先腾出空间，再重新办理"))
    if primary == sqlite3.SQLITE_INTERRUPT or state in _SLOW:
        return DubanError("database-slow", _("数据库没有在规定的时间内答复，没有办完；请缩小范围，或者稍后重试"))
    return unreachable(error) if primary in _SQLITE_UNREADABLE else None


def refusal_of_twin(error: BaseException | None) -> DubanError | None:
    """Return what a key means that was not there when it was looked for: on PostgreSQL, where many write at once, somebody made the same just now."""
    if getattr(error, "sqlstate", None) != _UNIQUE:
        return None
    return DubanError("database-busy", _("正好有人同时办理了同一件事，本次办理没有写入；请重试"))


def unreachable(error: BaseException | None) -> DubanError:
    """Return the refusal of a database that cannot be opened, with the driver's reason."""
    text = _("数据库打不开（{reason}），请检查 DUBAN_DATABASE_URL 或 DUBAN_HOME")
    return DubanError("database-unreachable", text.format(reason=_first_line(error)))


def _busy() -> DubanError:
    return DubanError("database-busy", _("数据库正被另一个程序占用，等了一会儿仍未空出，本次办理没有写入；请稍后重试"))


def _first_line(error: BaseException | None) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
