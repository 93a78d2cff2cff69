"""The ledger as a file that proves itself: one JSON object a line, checked without this program by the rule in docs/ledger.md."""

import json
from collections.abc import Iterator

from sqlalchemy import select
from sqlmodel import Session, col

from models.ledger import LedgerEntry, LedgerHead
from services.entry_json import spelt
from services.ledger import SEALED

FORMAT = "duban/ledger/1"


def export_ledger(session: Session) -> Iterator[str]:
    """Yield the lines: first what the hashes cover and where each chain ends, then every entry, chain after chain, in order."""
    heads = session.execute(select(LedgerHead).order_by(col(LedgerHead.chain))).scalars()
    ends = {head.chain: {"seq": head.seq, "hash": head.hash} for head in heads if head.seq}
    yield _line({"format": FORMAT, "sealed": SEALED, "heads": ends})
    names = (*SEALED, "hash")
    entries = select(*(getattr(LedgerEntry, name) for name in names)).order_by(col(LedgerEntry.chain), col(LedgerEntry.seq))
    for entry in session.execute(entries.execution_options(yield_per=500)):
        yield _line(dict(zip(names, entry, strict=True)))


def _line(content: dict[str, object]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=spelt) + "\n"
