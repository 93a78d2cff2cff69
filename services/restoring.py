"""A back-up put back: only into an empty database and an empty home, all of it or nothing, and proven by the ledger before it counts.

Columns that point to rows of their own table (a unit's upper unit) are filled in after all rows are there, since no order of rows suits every such pointer.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Self
from zipfile import ZipFile

import sqlalchemy as sa
from sqlmodel import Session

from models.every import METADATA
from rules.errors import DubanError
from rules.texts import _
from services.backups import BackupManifest, Member, check_members, damaged, tables_in_order
from services.changes import typed
from services.house_files import LISTED, HouseFiles, digest_in, digests_listed, is_strange
from services.ledger import first_break
from services.numbering import number_on
from services.whole_tables import refuse_filled

_CHUNK = 1000
_BLOCK = 1 << 20


@dataclass
class Restore:
    """A back-up being put back: `check` reads it through, `steps` are its members, `put` puts one back, `prove` proves the whole before it is committed.

    As a `with` block inside the transaction it takes the files away again that it put into the home, where the block raises.
    """

    archive: ZipFile
    manifest: BackupManifest
    session: Session
    files: HouseFiles
    _made: list[Path] = field(default_factory=list)

    def check(self, schema: str) -> None:
        """Refuse a back-up that is damaged or of other tables than `schema`, and a database or home that holds anything already."""
        if self.manifest.schema != schema:
            text = _("备份出自数据库版本 {made}，本程序是 {own}；请用做备份的那一版程序恢复，再升级")
            raise DubanError("backup-other-version", text.format(made=self.manifest.schema, own=schema))
        refuse_filled(self.session, tables_in_order())
        strangers = set(self.files.places()) - {member.name for member in self.manifest.members}
        if strangers:
            text = _("文件夹 {home} 里已有存档文件；请把 DUBAN_HOME 指向一个空文件夹")
            raise DubanError("home-filled", text.format(home=self.files.home))
        if any(is_strange(member.name) for member in self.manifest.members):
            raise damaged(_("备份里有不该有的文件名"))
        check_members(self.archive, self.manifest)
        self._refuse_without_listed()

    @property
    def steps(self) -> Sequence[Member]:
        """Return the members: the tables in the order their rows may be written, then the files."""
        order = {f"tables/{table.name}.jsonl": number for number, table in enumerate(tables_in_order())}
        if {member.name for member in self.manifest.members if member.name.startswith("tables/")} != order.keys():
            raise damaged(_("备份里的表不全"))
        members = (member for member in self.manifest.members if member.name != LISTED)
        return sorted(members, key=lambda member: order.get(member.name, len(order)))

    def put(self, member: Member) -> None:
        """Put one member back."""
        if member.name.startswith("tables/"):
            self._put_rows(member)
        else:
            self._put_file(member.name)

    def prove(self) -> None:
        """Let rows be numbered on, and refuse with ledger-broken a back-up whose ledger is not whole."""
        number_on(self.session, tables_in_order())
        broken = first_break(self.session)
        if broken:
            text = _("备份里的台账不完整（{chain} 第 {seq} 条），没有恢复；请用另一份备份")
            raise DubanError("ledger-broken", text.format(chain=broken.chain, seq=broken.seq))

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_told: object) -> None:
        """Take away what was put into the home, where the restore failed."""
        if kind is not None:
            self._give_up()

    def _refuse_without_listed(self) -> None:
        listed = self.archive.read(LISTED).decode() if LISTED in self.archive.namelist() else ""
        missing = [digest for digest in digests_listed(listed) if not self.files.store.has(digest)]
        if missing:
            text = _("备份时存档文件在 {was}，其中 {count} 个不在 {now}；请先用 duban store copy 复制过来，或设置 DUBAN_STORE_URL")
            raise DubanError("store-incomplete", text.format(was=self.manifest.store, count=len(missing), now=self.files.store.where))

    def _give_up(self) -> None:
        for place in self._made:
            place.unlink(missing_ok=True)
        for folder in sorted({place.parent for place in self._made}, reverse=True):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()

    def _put_rows(self, member: Member) -> None:
        table = METADATA.tables[member.name.removeprefix("tables/").removesuffix(".jsonl")]
        own = [column.name for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]
        total = 0
        for rows in _chunks(self._rows(member.name)):
            self.session.execute(sa.insert(table), [typed(table, _without_later(row, own)) for row in rows])
            total += len(rows)
        if total != member.count:
            raise damaged(_("备份里的 {name} 与清单对不上").format(name=member.name))
        for name in own:
            pointing = ({"own_id": row["id"], "to": row[name]} for row in self._rows(member.name) if _points_ahead(row, name))
            fill = sa.update(table).where(table.c.id == sa.bindparam("own_id")).values({name: sa.bindparam("to")})
            for rows in _chunks(pointing):
                self.session.connection().execute(fill, rows)

    def _rows(self, name: str) -> Iterator[dict[str, Any]]:
        with self.archive.open(name) as lines:
            for line in lines:
                yield json.loads(line)

    def _put_file(self, name: str) -> None:
        if digest_in(name) and self.files.store.folder is None:
            # Nothing is taken away again where the restore fails: a file without a row is nobody's, and costs its room.
            self.files.store.keep(self.archive.read(name))
            return
        place = self.files.place_of(name)
        if place.exists():
            return
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = place.with_name(f".{place.name}.part")
        self._made.append(place)
        try:
            with self.archive.open(name) as member, unfinished.open("wb") as file:
                while block := member.read(_BLOCK):
                    file.write(block)
            unfinished.replace(place)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            text = _("“{name}”写不进去（{reason}），请换一个地方")
            raise DubanError("file-not-written", text.format(name=place, reason=error.strerror)) from None


def _points_ahead(row: Mapping[str, Any], name: str) -> bool:
    """Tell whether a row refers to a later one of its own table; a table's rows come in the order of their numbers."""
    return row[name] is not None and row[name] > row["id"]


def _without_later(row: Mapping[str, Any], own: Sequence[str]) -> Mapping[str, Any]:
    """Return the row as it can be written before the later ones it refers to. What refers back stays: a correction without its first paper would be refused."""
    return {**row, **{name: None for name in own if _points_ahead(row, name)}}


def _chunks(rows: Iterator[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    while some := list(islice(rows, _CHUNK)):
        yield some
