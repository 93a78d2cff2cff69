"""How often one address may ask: counted by the minute, in this process.

Written here because it stands before every request; a library's store with a clean-up thread of its own costs more than a kept page.
"""

from collections import Counter as Tally
from collections.abc import Callable
from dataclasses import dataclass, field

# So many addresses a minute are counted apart; from then on the minute is counted anew, so that a flood of addresses fills no memory.
_MOST_ADDRESSES = 100_000


@dataclass
class Rate:
    """At most `most` a minute for each key; `clock` gives seconds that only grow. Minutes are the clock's own: at their border twice as many may pass."""

    most: int
    clock: Callable[[], float]
    _minute: int = -1
    _counted: Tally[str] = field(default_factory=Tally)

    def lets_in(self, key: str) -> bool:
        """Count one and tell whether it is within the limit."""
        minute = int(self.clock() // 60)
        if minute != self._minute or len(self._counted) > _MOST_ADDRESSES:
            self._minute, self._counted = minute, Tally()
        self._counted[key] += 1
        return self._counted[key] <= self.most
