"""Which item of an earlier draft is which of a later one: ids name places in a document, and a row put in shifts all behind it, so words go first."""

from collections.abc import Callable, Hashable, Sequence
from difflib import SequenceMatcher

from intake.draft import ItemDraft

Pair = tuple[ItemDraft | None, ItemDraft | None]

ALIKE = 0.6
COMPARED_LENGTH = 200
MOST_COMPARISONS = 10_000


def squeezed(text: str | None) -> str:
    """Return a text without spaces and line ends, for comparing only."""
    return "".join((text or "").split())


def own_words(item: ItemDraft) -> str:
    """Return what the document says of an item itself, for comparing only: title and text."""
    return f"{squeezed(item.title)}\n{squeezed(item.text)}"


KEYS: tuple[Callable[[ItemDraft], Hashable], ...] = (
    lambda item: (item.id, own_words(item)),
    lambda item: (item.path, own_words(item)),
    own_words,
    lambda item: (item.id, squeezed(item.title)),
    lambda item: squeezed(item.title),
    lambda item: squeezed(item.text) or item.id,
)


def paired(old: Sequence[ItemDraft], new: Sequence[ItemDraft]) -> list[Pair]:
    """Return the new items in their order, each with the old one it was or None, then the old ones that are gone."""
    found: dict[int, int] = {}
    for key in KEYS:
        _pair_by(key, old, new, found)
    _pair_alike(old, new, found)
    kept = set(found.values())
    pairs: list[Pair] = [(old[found[at]] if at in found else None, item) for at, item in enumerate(new)]
    return pairs + [(item, None) for at, item in enumerate(old) if at not in kept]


def _pair_by(key: Callable[[ItemDraft], Hashable], old: Sequence[ItemDraft], new: Sequence[ItemDraft], found: dict[int, int]) -> None:
    kept = set(found.values())
    left: dict[Hashable, list[int]] = {}
    for at, item in enumerate(old):
        if at not in kept:
            left.setdefault(key(item), []).append(at)
    for at, item in enumerate(new):
        if at not in found and left.get(key(item)):
            found[at] = left[key(item)].pop(0)


def _pair_alike(old: Sequence[ItemDraft], new: Sequence[ItemDraft], found: dict[int, int]) -> None:
    """Pair what is left by likeness of words; a rewritten document, where nearly nothing fits, is not compared one by one."""
    kept = set(found.values())
    left = [at for at in range(len(old)) if at not in kept]
    open_ones = [at for at in range(len(new)) if at not in found]
    if len(left) * len(open_ones) > MOST_COMPARISONS:
        return
    for at in open_ones:
        likeness, best = max(((_likeness(old[other], new[at]), other) for other in left), default=(0.0, -1))
        if likeness >= ALIKE:
            found[at] = best
            left.remove(best)


def _likeness(one: ItemDraft, other: ItemDraft) -> float:
    matcher = SequenceMatcher(None, own_words(one)[:COMPARED_LENGTH], own_words(other)[:COMPARED_LENGTH], autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE else 0.0
