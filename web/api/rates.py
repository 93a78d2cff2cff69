"""How often a token may ask, and how often an address may ask without a good one. Counted in this process: the pages and the API are served by one."""

from dataclasses import dataclass, field

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from runtime.clock import now
from web.api.problems import Refused


@dataclass(frozen=True)
class Allowances:
    """Requests a minute: all of a token's, those of them that act, and those of an address whose token was no good."""

    all_: int = 600
    acts: int = 120
    failures: int = 30


@dataclass
class Rates:
    """The counters of one application."""

    allowances: Allowances = field(default_factory=Allowances)
    _counters: SlidingWindowCounterRateLimiter = field(default_factory=lambda: SlidingWindowCounterRateLimiter(MemoryStorage()))

    def count(self, token_id: int, *, is_act: bool) -> dict[str, str]:
        """Count a request and return the headers that tell what is left. Refused with too-many-requests where nothing is."""
        name, most = ("acts", self.allowances.acts) if is_act else ("all", self.allowances.all_)
        everything, own = RateLimitItemPerMinute(self.allowances.all_), RateLimitItemPerMinute(most)
        key = str(token_id)
        passes = self._counters.hit(everything, "all", key) and (not is_act or self._counters.hit(own, "acts", key))
        headers = self._told(name, own, key)
        if not passes:
            raise Refused(429, "too-many-requests", {**headers, "Retry-After": self._wait(own, name, key)})
        return headers

    def refuse_guessing(self, address: str) -> None:
        """Refuse an address that came with bad tokens too often, before another one is looked at."""
        item = RateLimitItemPerMinute(self.allowances.failures)
        if not self._counters.test(item, "failures", address):
            raise Refused(429, "too-many-requests", {"Retry-After": self._wait(item, "failures", address)})

    def count_failure(self, address: str) -> None:
        """Count a request without a good token."""
        self._counters.hit(RateLimitItemPerMinute(self.allowances.failures), "failures", address)

    def _told(self, name: str, item: RateLimitItem, key: str) -> dict[str, str]:
        left = max(0, self._counters.get_window_stats(item, name, key).remaining)
        reset = self._wait(item, name, key)
        return {"RateLimit-Policy": f'"{name}";q={item.amount};w=60', "RateLimit": f'"{name}";r={left};t={reset}'}

    def _wait(self, item: RateLimitItem, name: str, key: str) -> str:
        """Return in how many seconds, at most, asking helps again."""
        return str(max(1, round(self._counters.get_window_stats(item, name, key).reset_time - now().timestamp())))
