"""Finding the texts most alike among many without comparing each with each: an index of the pairs of characters they share.

The likeness is that of `phrases.likeness`; only texts that share at least one pair are looked at, each wording once.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import chain

from intake.phrases import bigrams


class WordingIndex:
    """Texts by the pairs of characters in them."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = list(dict.fromkeys(texts))
        self._sizes = [len(bigrams(text)) for text in self._texts]
        self._holders: dict[str, list[int]] = {}
        for at, text in enumerate(self._texts):
            for pair in bigrams(text):
                self._holders.setdefault(pair, []).append(at)

    def alike(self, text: str, least: float) -> dict[str, float]:
        """Return the texts whose likeness to `text` is `least` or more, with it."""
        pairs = bigrams(text)
        shared = Counter(chain.from_iterable(self._holders.get(pair, ()) for pair in pairs))
        likeness = {at: count / min(len(pairs), self._sizes[at]) for at, count in shared.items()}
        return {self._texts[at]: value for at, value in likeness.items() if value >= least}
