"""The store of files: bytes kept under their SHA-256, so that a file is kept once and cannot be changed unnoticed."""

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from rules.errors import DubanError
from rules.texts import _


@dataclass(frozen=True)
class Store:
    """A folder of files named by their hash. Side effect of `keep`: the file is on disk before the row that names it is committed."""

    folder: Path

    def keep(self, content: bytes) -> str:
        """Keep the bytes and return their SHA-256; the same bytes again cost nothing. A crash leaves no half file under a hash."""
        digest = sha256(content).hexdigest()
        place = self._place(digest)
        if place.exists():
            return digest
        place.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=place.parent, delete=False) as unfinished:
            unfinished.write(content)
            unfinished.flush()
            os.fsync(unfinished.fileno())
        Path(unfinished.name).replace(place)
        return digest

    def read(self, digest: str) -> bytes:
        """Return the bytes kept under `digest`; missing or changed bytes are refused."""
        place = self._place(digest)
        content = place.read_bytes() if place.exists() else b""
        if sha256(content).hexdigest() != digest:
            raise DubanError("file-lost", _("存档文件 {digest} 缺失或已被改动，请从备份恢复").format(digest=digest[:12]))
        return content

    def _place(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest
