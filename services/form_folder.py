"""The watched folder of returned forms: what lies in the inbox is taken in, then moved beside a note that says what became of it.

A form is moved only after its rows are committed, and taking it in again changes nothing, so that a crash at any instant loses and doubles nothing.
"""

import os
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from sqlmodel import Session

from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.texts import _
from services.accounts import program_actor
from services.form_intake import TakenForm, TakeOrder, take_form, unit_of_form
from services.form_reading import read_form
from services.form_rows import Verdict
from services.occasion import Occasion
from services.store import Store

# A copy under way grows or is touched within this time; copying programs also write under names of their own first.
SETTLING_SECONDS = 3.0
_UNFINISHED = (".part", ".tmp", ".crdownload", ".partial", ".filepart")
# No fault of the file: it stays and is tried again.
_PASSING = frozenset({"database-busy", "database-full", "file-unreadable"})


@dataclass(frozen=True)
class FormFolder:
    """Where returned forms are put (`inbox`) and what they are taken in with; `done` and `refused` lie beside the inbox. `pause` waits so many seconds."""

    inbox: Path
    store: Store
    open_transaction: Callable[[], AbstractContextManager[Session]]
    pause: Callable[[float], None]


@dataclass(frozen=True)
class CollectedForm:
    """What became of one file. `place` is where it lies now; `is_left`: it stays in the inbox, to be tried again."""

    file: str
    is_taken: bool
    words: str
    place: Path
    rows_taken: int = 0
    is_left: bool = False


@dataclass(frozen=True)
class CollectReport:
    """A run over the inbox: the files it dealt with, and the names of those left alone because they are still being written."""

    forms: tuple[CollectedForm, ...] = ()
    unfinished: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settled:
    """The files of the inbox that are whole, and those that are still being written."""

    names: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()


def collect_forms(folder: FormFolder, occasion: Occasion) -> CollectReport:
    """Take in every form of the inbox, each in a transaction of its own: all its rows or none. What is wrong with one file does not stop the others."""
    settled = settled_forms(folder, occasion)
    return CollectReport(take_in(folder, settled.names, occasion), settled.unfinished)


def settled_forms(folder: FormFolder, occasion: Occasion) -> Settled:
    """Look at the inbox twice, so that what is still being written is seen. Files locked by a spreadsheet program, hidden, or in folders of their own are left alone."""
    refuse_without_right(occasion.actor, Act.IMPORT_FORM)
    _make_folders(folder.inbox)
    before = _sizes(folder.inbox)
    if before:
        folder.pause(SETTLING_SECONDS)
    now = _sizes(folder.inbox)
    names = tuple(name for name in sorted(before) if now.get(name) == before[name] and not _is_in_use(name, folder.inbox))
    return Settled(names, tuple(name for name in sorted(now) if name not in names))


def take_in(folder: FormFolder, names: Sequence[str], occasion: Occasion) -> tuple[CollectedForm, ...]:
    """Take in these forms of the inbox; one that is gone was taken in by another run."""
    refuse_without_right(occasion.actor, Act.IMPORT_FORM)
    now = _sizes(folder.inbox)
    return tuple(_collect(folder, folder.inbox / name, now[name], occasion) for name in names if name in now)


def _collect(folder: FormFolder, place: Path, seen: tuple[int, int], occasion: Occasion) -> CollectedForm:
    """1. The form's rows are written, or none of them. 2. The note is written. 3. The file is moved, unless it was changed meanwhile: then it comes again."""
    taken: TakenForm | None = None
    try:
        taken = _take(folder, place, occasion)
        is_taken, words = not taken.refused, _words(taken)
    except DubanError as error:
        if error.code in _PASSING:
            return CollectedForm(place.name, False, error.message, place, is_left=True)
        is_taken, words = False, _("没有收。{why}").format(why=error.message)
    if _sizes(folder.inbox).get(place.name) != seen:
        return CollectedForm(place.name, is_taken, _("{words}（文件又有改动，下次再收）").format(words=words), place, is_left=True)
    target = folder.inbox.parent / ("done" if is_taken else "refused") / occasion.day.isoformat()
    moved = _move(place, target, words, occasion)
    rows = sum(row.verdict is Verdict.TAKEN for row in taken.rows) if taken and taken.is_kept else 0
    return CollectedForm(place.name, is_taken, words.partition("\n")[0], moved, rows)


def _take(folder: FormFolder, place: Path, occasion: Occasion) -> TakenForm:
    if place.suffix.lower() != ".xlsx":
        raise DubanError("not-a-form", _("“{name}”不是 .xlsx 填报表，请用发出的那份表填写").format(name=place.name))
    returned = read_form(place)
    with folder.open_transaction() as session:
        unit_id = unit_of_form(session, returned)
        if occasion.actor.account_id is None:
            occasion = replace(occasion, actor=program_actor(session, occasion))
        return take_form(session, unit_id, returned, TakeOrder(folder.store), occasion)


def _words(taken: TakenForm) -> str:
    head = _("{unit} {period}，第 {form} 号表：").format(unit=taken.unit, period=taken.period, form=taken.form_id)
    if taken.refused:
        rows = [row.message for row in taken.refused]
        text = _("有 {count} 行不对，整份没有收。请改正后重新放入收表文件夹。")
        return "\n".join([head + text.format(count=len(rows)), "", *rows])
    if not taken.is_kept:
        return head + _("没有新的内容，什么也没有写入。")
    rows = [row.message for row in taken.rows]
    return "\n".join([head + _("已收。"), "", *rows])


def _move(place: Path, target: Path, words: str, occasion: Occasion) -> Path:
    """Put the note into `target`, then the file beside it. A file of that name that lies there already keeps its place."""
    target.mkdir(parents=True, exist_ok=True)
    for number in count(1):
        name = place.name if number == 1 else f"{place.stem}-{number}{place.suffix}"
        if not (target / name).exists():
            break
    note = _("{file}\n处理于 {day}\n\n{words}\n").format(file=place.name, day=occasion.day, words=words)
    # With a mark in front: the notepads of old Windows take a text for the local code otherwise.
    _write_whole(target / f"{name}.txt", note.encode("utf-8-sig"))
    try:
        place.rename(target / name)
    except OSError:
        # The inbox may be a share mounted by itself: copied beside, made whole, and only then taken away.
        unfinished = target / f".{name}.part"
        shutil.copyfile(place, unfinished)
        unfinished.rename(target / name)
        place.unlink()
    return target / name


def _write_whole(place: Path, content: bytes) -> None:
    unfinished = place.with_name(f".{place.name}.part")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(place)


def _make_folders(inbox: Path) -> None:
    try:
        for folder in (inbox, inbox.parent / "done", inbox.parent / "refused"):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        text = _("收表文件夹 {folder} 不能用（{reason}），请检查 DUBAN_FORMS_FOLDER")
        raise DubanError("folder-unusable", text.format(folder=inbox, reason=error.strerror)) from None


def _sizes(inbox: Path) -> Mapping[str, tuple[int, int]]:
    """Return size and time of every file that may be a form; links are not followed."""
    return {name: said for place in inbox.iterdir() for name, said in _size_of(place)}


def _size_of(place: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    if place.name.startswith((".", "~$")) or place.name.lower().endswith(_UNFINISHED):
        return
    try:
        status = place.lstat()
    except FileNotFoundError:
        return
    if stat.S_ISREG(status.st_mode):
        yield place.name, (status.st_size, status.st_mtime_ns)


def _is_in_use(name: str, inbox: Path) -> bool:
    """Tell whether Excel, WPS or LibreOffice has the file open: they lay a lock beside it, whose name lacks the first two letters of a long one."""
    locks: Sequence[str] = (f"~${name}", f"~${name[2:]}", f".~lock.{name}#", f".~{name}")
    return any((inbox / lock).exists() for lock in locks)
