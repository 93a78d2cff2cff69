"""Finding the texts most alike among many without comparing each with each: an index of the pairs of characters they share.

The likeness is that of `phrases.likeness`; only texts that share a telling pair are looked at, each wording once. A pair that more than `MOST_HOLDERS` texts hold
tells none of them from the others and is left aside in the search, so that thousands of texts of the same few words take no endless time.
"""

from collections.abc import Iterable

from intake.phrases import bigrams

MOST_HOLDERS = 60


class WordingIndex:
    """Texts by the pairs of characters in them."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._pairs = {text: bigrams(text) for text in texts}
        self._holders: dict[str, list[str]] = {}
        for text, pairs in self._pairs.items():
            for pair in pairs:
                self._holders.setdefault(pair, []).append(text)

    def alike(self, text: str, least: float) -> dict[str, float]:
        """Return the texts whose likeness to `text` is `least` or more, with it."""
        pairs = bigrams(text)
        telling = [holders for pair in pairs if len(holders := self._holders.get(pair, [])) <= MOST_HOLDERS]
        near = dict.fromkeys(other for holders in telling for other in holders)
        if text in self._pairs:
            near[text] = None
        likeness = {other: self._likeness(pairs, other) for other in near}
        return {other: value for other, value in likeness.items() if value >= least}

    def _likeness(self, pairs: frozenset[str], other: str) -> float:
        theirs = self._pairs[other]
        return len(pairs & theirs) / min(len(pairs), len(theirs)) if pairs and theirs else 0.0
