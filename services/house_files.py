"""The files of a house that the database only names: the store's, and the seals. What a back-up takes along, and what a restore puts back.

A store in a bucket is not taken along: its server keeps it safe. The back-up names it, and lists every file that must be in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.store import Store, files_below

LISTED = "store.txt"
_STORE, _SEALS = "store", "seals"


@dataclass(frozen=True)
class HouseFiles:
    """Where the files lie: the store's own place, and the home."""

    home: Path
    store: Store

    @property
    def is_store_along(self) -> bool:
        """Tell whether the store's files go into a back-up, and are not only listed."""
        return self.store.folder is not None

    def places(self) -> Mapping[str, Path]:
        """Return the files that go into a back-up, by the names they have in it, in order. Links and unfinished files are none."""
        folders = ((_STORE, self.store.folder), (_SEALS, self.home / _SEALS))
        return {f"{name}/{found}": folder / found for name, folder in folders if folder for found in files_below(folder)}

    def place_of(self, name: str) -> Path:
        """Return where a back-up's file belongs. The name was looked through by `is_strange`."""
        folder, _slash, rest = name.partition("/")
        if folder == _STORE and self.store.folder:
            return self.store.folder / rest
        return self.home / name


def digests_listed(content: str) -> Sequence[str]:
    """Return the hashes of a list of a store's files."""
    return content.split()


def is_strange(name: str) -> bool:
    """Tell whether a back-up has no business to hold a file of that name."""
    parts = Path(name).parts
    return name != LISTED and (Path(name).is_absolute() or ".." in parts or parts[:1] not in (("tables",), (_STORE,), (_SEALS,)))


def digest_in(name: str) -> str | None:
    """Return the hash that a back-up's file is kept under, None where it is no file of the store."""
    return name.rpartition("/")[2] if name.startswith(f"{_STORE}/") else None
