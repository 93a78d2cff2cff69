"""Evidence: files handed in with a report, a supporting unit's part or a roster member, judged before anything is written and kept by their content."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from models.progress import Evidence, ProgressReport, SupportPart
from models.roster import RosterEntry
from rules.errors import DubanError
from rules.texts import _
from services.evidence_safety import judge
from services.store import Store

MOST_EVIDENCE_BYTES = 50 << 20
MOST_TOGETHER_BYTES = 200 << 20
MOST_FILES = 20

Owner = ProgressReport | SupportPart | RosterEntry
_KEYS = {ProgressReport: "report_id", SupportPart: "part_id", RosterEntry: "roster_entry_id"}


@dataclass(frozen=True)
class EvidenceFile:
    """A file that may be kept: its name without folders, its bytes, and its media type as its content tells."""

    name: str
    content: bytes
    media_type: str


def keep_evidence(session: Session, owner: Owner, paths: Sequence[Path], store: Store) -> list[Evidence]:
    """Keep the files with their owner, a row that may be new; return those that it did not have yet.

    1. Every file is read and judged; a refusal leaves nothing behind. 2. The bytes are kept. 3. The owner is added, then the rows of its files. The caller
    records the act.
    """
    files = read_evidence(paths)
    digests = [store.keep(file.content) for file in files]
    session.add(owner)
    session.flush()
    if not files:
        return []
    key = _KEYS[type(owner)]
    known = set(session.execute(select(col(Evidence.sha256)).where(getattr(Evidence, key) == owner.id)).scalars())
    kept: dict[str, Evidence] = {}
    for digest, file in zip(digests, files, strict=True):
        if digest not in known:
            row = Evidence(sha256=digest, name=file.name, media_type=file.media_type, size_bytes=len(file.content), **{key: owner.id})
            kept.setdefault(digest, row)
    session.add_all(kept.values())
    return list(kept.values())


def read_evidence(paths: Sequence[Path]) -> list[EvidenceFile]:
    """Return the files once all are found fit to be kept. Refused: too-many-files, file-missing, file-too-large, file-empty, file-unreadable and what
    `services.evidence_safety` names.
    """
    if len(paths) > MOST_FILES:
        raise DubanError("too-many-files", _("一次最多交 {most} 份佐证材料，请打成 zip 或分次交").format(most=MOST_FILES))
    try:
        _refuse_sizes(paths)
        return [_fit_file(path.name, path.read_bytes()) for path in paths]
    except OSError as error:
        text = _("佐证材料 {name} 打不开（{reason}）；请检查路径和权限")
        raise DubanError("file-unreadable", text.format(name=Path(str(error.filename)).name, reason=error.strerror or error)) from error


def as_told(rows: Sequence[Evidence]) -> list[dict[str, str]]:
    """Return the files as a ledger entry names them."""
    return [{"name": row.name, "sha256": row.sha256} for row in rows]


def _refuse_sizes(paths: Sequence[Path]) -> None:
    together = 0
    for path in paths:
        if not path.is_file():
            raise DubanError("file-missing", _("找不到佐证材料 {path}").format(path=path))
        size = path.stat().st_size
        together += size
        if size > MOST_EVIDENCE_BYTES:
            text = _("佐证材料 {name} 超过 {most} MB，请压缩或拆分")
            raise DubanError("file-too-large", text.format(name=path.name, most=MOST_EVIDENCE_BYTES >> 20))
    if together > MOST_TOGETHER_BYTES:
        raise DubanError("file-too-large", _("佐证材料合计超过 {most} MB，请分次交").format(most=MOST_TOGETHER_BYTES >> 20))


def _fit_file(name: str, content: bytes) -> EvidenceFile:
    if not content:
        raise DubanError("file-empty", _("佐证材料 {name} 是空文件").format(name=name))
    return EvidenceFile(name, content, judge(name, content))
