"""Files that came with a form that was refused: kept apart for a day, so that whoever fills it in again need not send them again.

They lie outside the store and give no rights: only the account that sent them, with the same form, finds them. What is unfit as evidence is never kept.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from rules.errors import DubanError
from services.evidence import MOST_FILES, MOST_TOGETHER_BYTES, read_evidence

KEPT_FOR = timedelta(days=1)
MOST_FORMS = 10


@dataclass(frozen=True)
class WaitingFile:
    """A file that waits; `path` ends in the name it was sent under."""

    sha256: str
    path: Path
    size_bytes: int

    @property
    def name(self) -> str:
        """Return the name the file was sent under."""
        return self.path.name


@dataclass(frozen=True)
class WaitingPlace:
    """Where the files of one form of one account wait. `form` is the form's own key; nothing of it, nor of a file's name, makes up the folder's path."""

    folder: Path
    account_id: int
    form: str

    @property
    def place(self) -> Path:
        """Return the folder of this form's files."""
        return self.folder / str(self.account_id) / sha256(self.form.encode(errors="replace")).hexdigest()

    def files(self) -> list[WaitingFile]:
        """Return what waits here, in the order of names."""
        found = [path for path in self.place.glob("*/*") if path.is_file()]
        return [WaitingFile(path.parent.name, path, path.stat().st_size) for path in sorted(found, key=lambda path: path.name)]

    def chosen(self, digests: Sequence[str]) -> list[Path]:
        """Return the files of these hashes; one that waits no longer is left out."""
        return [file.path for file in self.files() if file.sha256 in set(digests)]

    def forget(self) -> None:
        """Let all files of the form go: they were handed in."""
        shutil.rmtree(self.place, ignore_errors=True)


def let_wait(place: WaitingPlace, paths: Sequence[Path], at: datetime) -> list[WaitingFile]:
    """Keep those of the files that are fit to be handed in and return all that wait with this form; what was kept before `KEPT_FOR` is let go.

    At most so many files and bytes as one form may bring, and the latest `MOST_FORMS` forms of an account.
    """
    _sweep(place.folder, at)
    for path in paths:
        _keep(place, path)
    _refuse_hoard(place)
    return place.files()


def _keep(place: WaitingPlace, path: Path) -> None:
    try:
        (file,) = read_evidence([path])
    except DubanError:
        return
    digest, known = sha256(file.content).hexdigest(), place.files()
    together = sum(one.size_bytes for one in known) + len(file.content)
    if digest in {one.sha256 for one in known} or len(known) >= MOST_FILES or together > MOST_TOGETHER_BYTES:
        return
    home = place.place / digest
    home.mkdir(parents=True, exist_ok=True)
    # Under another name until it is whole: a list never shows half a file.
    unfinished = place.place / f"{digest}.part"
    unfinished.write_bytes(file.content)
    unfinished.replace(home / file.name)


def _sweep(folder: Path, at: datetime) -> None:
    for place in folder.glob("*/*"):
        if place.stat().st_mtime < (at - KEPT_FOR).timestamp():
            shutil.rmtree(place, ignore_errors=True)


def _refuse_hoard(place: WaitingPlace) -> None:
    forms = sorted(place.place.parent.glob("*"), key=lambda form: form.stat().st_mtime, reverse=True)
    for form in forms[MOST_FORMS:]:
        shutil.rmtree(form, ignore_errors=True)
