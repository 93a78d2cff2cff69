"""The store of files: bytes kept under their SHA-256, so that a file is kept once and cannot be changed unnoticed.

A store lies in a folder, or elsewhere behind the few operations of a `Place` (a bucket: `services.bucket`). Names and proofs are the same in both.
"""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Protocol

from rules.errors import DubanError
from rules.texts import _


class Place(Protocol):
    """Where the files of a store lie. Every operation is refused with store-unreachable where the place cannot be used."""

    @property
    def where(self) -> str:
        """Return the place as people may see it, without any key."""

    def has(self, name: str) -> bool:
        """Tell whether there is a file of that name."""

    def put(self, name: str, content: bytes) -> None:
        """Write a file that is seen whole or not at all; it outlives the machine's power when this returns."""

    def get(self, name: str) -> bytes | None:
        """Return a file's bytes, None where there is none."""

    def names(self) -> Iterator[str]:
        """Give the names of all files, in order."""

    def remove(self, name: str) -> None:
        """Remove a file; only probes ever are."""


class Store:
    """Files named by their hash. Side effect of `keep`: the file is in its place before the row that names it is committed."""

    def __init__(self, place: "Path | Place") -> None:
        self._place: Place = Folder(place) if isinstance(place, Path) else place

    def __repr__(self) -> str:
        return f"Store({self.where!r})"

    @property
    def where(self) -> str:
        """Return where the files lie."""
        return self._place.where

    @property
    def folder(self) -> Path | None:
        """Return the folder that the files lie in, None where they lie elsewhere."""
        return self._place.path if isinstance(self._place, Folder) else None

    def keep(self, content: bytes) -> str:
        """Keep the bytes and return their SHA-256; the same bytes again cost nothing. A crash leaves no half file under a hash."""
        digest = sha256(content).hexdigest()
        if not self._place.has(name_of(digest)):
            self._place.put(name_of(digest), content)
        return digest

    def read(self, digest: str) -> bytes:
        """Return the bytes kept under `digest`; missing or changed bytes are refused with file-lost."""
        content = self._place.get(name_of(digest))
        if content is None or sha256(content).hexdigest() != digest:
            raise DubanError("file-lost", _("存档文件 {digest} 缺失或已被改动，请从备份恢复").format(digest=digest[:12]))
        return content

    def has(self, digest: str) -> bool:
        """Tell whether there is a file under `digest`; whether it is whole, only reading tells."""
        return self._place.has(name_of(digest))

    def digests(self) -> Iterator[str]:
        """Give the hashes that files are kept under, in order. Whatever else lies in the place is passed over."""
        for name in self._place.names():
            digest = name.rpartition("/")[2]
            if len(digest) == 64 and name == name_of(digest):
                yield digest

    def prove(self) -> None:
        """Write, read and remove a small file beside the others; refused with store-unreachable where that does not work."""
        # Others may be proving the same store now.
        name = f".probe-{secrets.token_hex(8)}"
        self._place.put(name, b"duban")
        if self._place.get(name) != b"duban":
            raise unreachable(self.where, _("写入的内容读不回来"))
        self._place.remove(name)


@dataclass(frozen=True)
class Folder:
    """A folder of this machine, or one mounted from another; that one `is_given`, and is never made here: without its disk the place below it would be empty."""

    path: Path
    is_given: bool = False

    @property
    def where(self) -> str:
        """Return the folder's path."""
        return str(self.path)

    def has(self, name: str) -> bool:
        """Tell whether the file is there."""
        self._refuse_gone()
        try:
            return (self.path / name).exists()
        except OSError as error:
            raise _refused(self.path, error) from None

    def put(self, name: str, content: bytes) -> None:
        """Write beside, to the disk, then rename."""
        self._refuse_gone()
        place = self.path / name
        unfinished: Path | None = None
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=place.parent, prefix=".", delete=False) as file:
                unfinished = Path(file.name)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(place)
        except OSError as error:
            if unfinished is not None:
                unfinished.unlink(missing_ok=True)
            raise _refused(self.path, error) from None

    def get(self, name: str) -> bytes | None:
        """Return the bytes."""
        self._refuse_gone()
        try:
            return (self.path / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _refused(self.path, error) from None

    def names(self) -> Iterator[str]:
        """Give the files below the folder."""
        self._refuse_gone()
        yield from files_below(self.path)

    def remove(self, name: str) -> None:
        """Remove the file."""
        try:
            (self.path / name).unlink(missing_ok=True)
        except OSError as error:
            raise _refused(self.path, error) from None

    def _refuse_gone(self) -> None:
        if self.is_given and not self.path.is_dir():
            raise unreachable(self.where, _("没有这个文件夹"))


def files_below(folder: Path) -> Iterator[str]:
    """Give the names of the files below a folder, in order; links, and unfinished ones, which begin with a dot, are none."""
    for place in sorted(folder.rglob("*")):
        if place.is_file() and not place.is_symlink() and not place.name.startswith("."):
            yield place.relative_to(folder).as_posix()


def name_of(digest: str) -> str:
    """Return the name that a hash has in every store: its first two letters, so that no folder grows too long, then itself."""
    return f"{digest[:2]}/{digest}"


def unreachable(where: str, why: str) -> DubanError:
    """Return the refusal of a store that cannot be used now."""
    return DubanError("store-unreachable", _("存档文件库 {where} 现在不能用（{why}），没有办理；请检查后重试").format(where=where, why=why))


def _refused(path: Path, error: OSError) -> DubanError:
    return unreachable(str(path), error.strerror or type(error).__name__)
