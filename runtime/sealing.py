"""Sealing put together: one snapshot proven and sealed, the seals of earlier days held against it, the entry, and the files in their folders."""

from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.texts import _
from runtime.context import Context
from runtime.database import snapshot, transaction
from runtime.settings import Settings
from services.occasion import Occasion
from services.seals import BrokenSeal, Seal, broken_seals, enter_seal, make_seal, write_seal


@dataclass(frozen=True)
class Sealed:
    """A seal that was made, and the files it was written to."""

    seal: Seal
    places: tuple[Path, ...]


def seal_now(context: Context, occasion: Occasion) -> Sealed:
    """Seal the ledger. Codes: ledger-broken, seal-broken where an earlier seal does not fit; then nothing is written.

    1. Proof and seal come from one snapshot. 2. The seal is entered. 3. Its files are written: were that to fail, sealing again makes another.
    """
    refuse_without_right(occasion.actor, Act.SEAL)
    with snapshot(context.engine) as session:
        broken = seals_that_do_not_fit(session, context.settings)
        if broken:
            raise DubanError("seal-broken", seal_words(broken[0]))
        seal = make_seal(session, occasion.day, occasion.at)
    with transaction(context.engine) as session:
        enter_seal(session, seal, occasion)
    return Sealed(seal, tuple(write_seal(seal, folder) for folder in context.settings.seal_folders))


def seals_that_do_not_fit(session: Session, settings: Settings) -> list[BrokenSeal]:
    """Return what does not fit in any folder of seals. A folder elsewhere is looked at first: it is the one that is trusted more."""
    return [broken for folder in reversed(settings.seal_folders) for broken in broken_seals(session, folder)]


def seal_words(broken: BrokenSeal) -> str:
    """Return what is wrong with a seal's file, for people."""
    reasons = {
        "unreadable": _("读不出来"),
        "changed": _("内容被改动"),
        "shorter": _("记有 {chain} 第 {seq} 条，台账里已没有").format(chain=broken.chain, seq=broken.seq),
        "other": _("所记的 {chain} 第 {seq} 条与台账里的不同").format(chain=broken.chain, seq=broken.seq),
    }
    return _("封存文件 {file} {why}；台账可能被整体改写，请与备份核对").format(file=broken.file, why=reasons[broken.why])
