"""A back-up of the whole house in one file: every table as JSON lines, the store's files by hash (or their list), the seals, and a manifest of what must be in it.

Rows are streamed both ways, from one snapshot; a file is used only after it was read back and found whole. It holds what the database holds, password
hashes and secret feed addresses too, so it is readable by its owner only. Keys of mail and robots are settings of the machine and are not in it.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import sqlalchemy as sa
from sqlmodel import Session

from models.every import METADATA
from rules.errors import DubanError
from rules.texts import _
from services.changes import plain
from services.entry_json import spelt
from services.house_files import LISTED, HouseFiles

FORMAT = "duban/backup/1"
MANIFEST = "manifest.json"
_CHUNK = 1000
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Member:
    """One member of a back-up: its name, its SHA-256, and how many rows (of a table) or bytes (of a file) it has."""

    name: str
    sha256: str
    count: int


@dataclass(frozen=True)
class BackupManifest:
    """What a back-up says of itself: when it was made, for which version of the tables, and every member. `store` is where files lie that are listed only."""

    schema: str
    made_at: str
    members: tuple[Member, ...]
    store: str = ""

    @property
    def row_count(self) -> int:
        """Return how many rows there are in all tables."""
        return sum(member.count for member in self.members if member.name.startswith("tables/"))

    @property
    def file_count(self) -> int:
        """Return how many files there are in it."""
        return sum(member.name.startswith(("store/", "seals/")) for member in self.members)

    @property
    def listed_count(self) -> int:
        """Return how many files of a store elsewhere are listed."""
        return sum(member.count for member in self.members if member.name == LISTED)


@dataclass
class Backup:
    """A back-up being written: `steps` are its members, `write` writes one of them, `finish` makes the file whole."""

    place: Path
    snapshot: Session
    files: HouseFiles
    schema: str
    at: datetime
    _members: list[Member] = field(default_factory=list)

    def __enter__(self) -> "Backup":
        """Open the unfinished file beside the place it will have."""
        self._unfinished = self.place.with_name(f".{self.place.name}.part")
        try:
            self.place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self._unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError as error:
            raise _not_written(self.place, error) from None
        self._file = os.fdopen(descriptor, "r+b")
        self._zip = ZipFile(self._file, "w", ZIP_DEFLATED, compresslevel=6)
        return self

    def __exit__(self, *_told: object) -> None:
        """Leave nothing unfinished behind."""
        with suppress(OSError, ValueError):  # of a file that is thrown away
            self._zip.close()
        self._file.close()
        self._unfinished.unlink(missing_ok=True)

    @property
    def steps(self) -> Sequence[str]:
        """Return the members to write, the tables first: files named by rows are on disk before their rows are seen."""
        tables = [f"tables/{table.name}.jsonl" for table in tables_in_order()]
        listed = [] if self.files.is_store_along else [LISTED]
        return [*tables, *self.files.places(), *listed]

    def write(self, name: str) -> None:
        """Write one member."""
        try:
            if name.startswith("tables/"):
                table = METADATA.tables[name.removeprefix("tables/").removesuffix(".jsonl")]
                self._put(name, _lines(self.snapshot, table), ZIP_DEFLATED)
            elif name == LISTED:
                self._put(name, ((f"{digest}\n".encode(), 1) for digest in self.files.store.digests()), ZIP_DEFLATED)
            else:
                with self.files.place_of(name).open("rb") as file:
                    self._put(name, _blocks(file), ZIP_STORED)
        except OSError as error:
            raise _not_written(self.place, error) from None

    def finish(self) -> BackupManifest:
        """Write the manifest, read everything back and move the file to its place. Refused with backup-damaged where it does not read back as written."""
        store = "" if self.files.is_store_along else self.files.store.where
        manifest = BackupManifest(self.schema, spelt(self.at), tuple(self._members), store)
        try:
            self._zip.writestr(MANIFEST, json.dumps({"format": FORMAT, **_as_json(manifest)}, ensure_ascii=False, indent=1))
            self._zip.close()
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise _not_written(self.place, error) from None
        with opened_backup(self._unfinished) as (archive, read):
            check_members(archive, read)
        self._unfinished.replace(self.place)
        return manifest

    def _put(self, name: str, parts: Iterable[tuple[bytes, int]], how: int) -> None:
        digest, total = sha256(), 0
        with self._zip.open(_info(name, how), "w", force_zip64=True) as member:
            for part, number in parts:
                member.write(part)
                digest.update(part)
                total += number
        self._members.append(Member(name, digest.hexdigest(), total))


@contextmanager
def opened_backup(place: Path) -> Iterator[tuple[ZipFile, BackupManifest]]:
    """Open a back-up for reading and give it with its manifest. Refused with backup-damaged where it is none, or its manifest cannot be read."""
    try:
        archive = ZipFile(place)
    except FileNotFoundError:
        raise DubanError("file-missing", _("没有文件 {file}").format(file=place)) from None
    except (OSError, BadZipFile) as error:
        raise damaged(_("{file} 不是完好的备份").format(file=place.name)) from error
    with archive:
        yield archive, _manifest(archive, place.name)


def _manifest(archive: ZipFile, name: str) -> BackupManifest:
    try:
        content = json.loads(archive.read(MANIFEST))
        if content["format"] != FORMAT:
            raise ValueError(content["format"])
        members = tuple(Member(**member) for member in content["members"])
        return BackupManifest(content["schema"], content["made_at"], members, content.get("store", ""))
    except (OSError, BadZipFile, LookupError, ValueError, TypeError) as error:
        raise damaged(_("{file} 不是本程序的备份，或者不完好").format(file=name)) from error


def check_members(archive: ZipFile, manifest: BackupManifest) -> None:
    """Read every member and hold it against the manifest; what is missing, too many or other than written is refused with backup-damaged."""
    names = [name for name in archive.namelist() if name != MANIFEST]
    if sorted(names) != sorted(member.name for member in manifest.members):
        raise damaged(_("备份里的文件与清单对不上"))
    for member in manifest.members:
        if member_sha256(archive, member.name) != member.sha256:
            raise damaged(_("备份里的 {name} 与清单对不上").format(name=member.name))


def member_sha256(archive: ZipFile, name: str) -> str:
    """Return the SHA-256 of a member, read in pieces."""
    digest = sha256()
    try:
        with archive.open(name) as member:
            for block, _size in _blocks(member):
                digest.update(block)
    except (OSError, BadZipFile, EOFError) as error:
        raise damaged(_("备份里的 {name} 读不出来").format(name=name)) from error
    return digest.hexdigest()


def damaged(why: str) -> DubanError:
    """Return the refusal of a back-up that is not whole."""
    return DubanError("backup-damaged", _("{why}，请用另一份备份").format(why=why))


def tables_in_order() -> list[sa.Table]:
    """Return all tables, each behind those its rows point to."""
    return list(METADATA.sorted_tables)


def keep_newest(folder: Path, count: int, name: Callable[[Path], bool]) -> list[Path]:
    """Remove all but the newest `count` back-ups that `name` knows as its own, by their names; return what was removed."""
    own = sorted(place for place in folder.glob("*.zip") if name(place))
    old = own[: max(len(own) - count, 0)]
    for place in old:
        place.unlink(missing_ok=True)
    return old


def _lines(session: Session, table: sa.Table) -> Iterator[tuple[bytes, int]]:
    rows = session.connection().execution_options(yield_per=_CHUNK).execute(sa.select(table).order_by(*table.primary_key.columns))
    for some in rows.mappings().partitions(_CHUNK):
        yield "".join(_line(dict(row)) for row in some).encode(), len(some)


def _line(row: Mapping[str, Any]) -> str:
    values = {name: plain(value) for name, value in row.items()}
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n"


def _blocks(file: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    while block := file.read(_BLOCK):
        yield block, len(block)


def _info(name: str, how: int) -> ZipInfo:
    info = ZipInfo(name)
    info.compress_type = how
    info.external_attr = 0o600 << 16
    return info


def _as_json(manifest: BackupManifest) -> dict[str, Any]:
    members = [vars(member) for member in manifest.members]
    return {"schema": manifest.schema, "made_at": manifest.made_at, "store": manifest.store, "members": members}


def _not_written(place: Path, error: OSError) -> DubanError:
    text = _("“{name}”写不进去（{reason}），请换一个地方")
    return DubanError("file-not-written", text.format(name=place, reason=error.strerror))
