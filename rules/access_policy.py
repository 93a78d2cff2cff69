"""What is asked of whoever comes in: passwords, limits of a log-in, lock-outs. Two profiles, `asvs` and `dengbao`; docs/access.md says where each number comes from.

Pure: hashing, counting and the clock are other modules' work.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from models.account import AccountRole
from rules.errors import DubanError
from rules.texts import _

SHORTEST = 8
ADVISED = 15
LONGEST = 128
_FEWEST_DISTINCT = 4
_SHORTEST_WORD = 3
_CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
_HOUSE_WORDS = ("duban", "督办", "督查")


@dataclass(frozen=True)
class LockOutPolicy:
    """When a name or an address is locked out for a while. The numbers are of failures within `window`, the lock counts from the last of them.

    `of_pair`: of one name from one address. `of_name`: of one name from all addresses. `of_address`: of one address over all names. The two wide ones do not touch an
    account at an address that it has come in from before, so that strangers cannot keep its holder out.
    """

    of_pair: int = 5
    of_name: int = 20
    of_address: int = 20
    window: timedelta = timedelta(minutes=15)
    lock: timedelta = timedelta(seconds=300)


@dataclass(frozen=True)
class HashCost:
    """What looking at a password costs: argon2id with the second recommended parameters of RFC 9106. Hashes made with others are made anew at the next log-in."""

    passes: int = 3
    memory_kib: int = 65536
    lanes: int = 4


@dataclass(frozen=True)
class AccessPolicy:
    """One house's rules of coming in.

    `classes`: of how many kinds of characters (small, capital, digit, other) a password must be, 0: no matter. `password_days`: after how many days a new one must be
    set, None: never. `remembered`: how many earlier passwords are not taken again. `one_time_days`: how long a password that an administrator gave opens
    anything. `idle` and `absolute`: how long a log-in lives untouched, and at all.
    `new_accounts_wait`: for the security administrator's approval. `words` are the house's own names, which make no password.
    """

    name: str = "asvs"
    classes: int = 0
    password_days: int | None = None
    remembered: int = 0
    one_time_days: int = 7
    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=12)
    new_accounts_wait: bool = False
    second_factor_roles: frozenset[AccountRole] = frozenset()
    words: tuple[str, ...] = ()
    lock_out: LockOutPolicy = LockOutPolicy()
    hash_cost: HashCost = HashCost()

    def needs_second_factor(self, role: AccountRole, *, asked: bool) -> bool:
        """Tell whether an account of this role must have a second factor; `asked`: it was asked of this one account."""
        return asked or role in self.second_factor_roles

    def is_expired(self, set_on: date | None, day: date) -> bool:
        """Tell whether a password set on `set_on` (None: nobody knows) has lived too long by `day`; it lives through its last day."""
        if self.password_days is None:
            return False
        return set_on is None or (day - set_on).days > self.password_days

    def is_stale(self, given_on: date | None, day: date) -> bool:
        """Tell whether a one-time password given on `given_on` opens nothing any more on `day`."""
        return given_on is not None and (day - given_on).days > self.one_time_days


ASVS = AccessPolicy()
DENGBAO = replace(ASVS, name="dengbao", classes=3, password_days=90, remembered=5, idle=timedelta(seconds=600), new_accounts_wait=True)
PROFILES = {policy.name: policy for policy in (ASVS, DENGBAO)}


def refuse_weak(password: str, own_words: Iterable[str], policy: AccessPolicy) -> None:
    """Refuse a password that is too short or long, common, made of the account's or the house's names, or, where the profile asks, of too few kinds of characters.

    Codes: password-short, password-long, password-common, password-of-names, password-plain.
    """
    if len(password) < SHORTEST:
        text = _("口令至少要 {least} 个字符，建议 {advised} 个以上，可以是一句只有自己知道的话")
        raise DubanError("password-short", text.format(least=SHORTEST, advised=ADVISED))
    if len(password) > LONGEST:
        raise DubanError("password-long", _("口令最多 {most} 个字符").format(most=LONGEST))
    if is_common(password):
        raise DubanError("password-common", _("这个口令太常见，很容易被猜中，请换一个"))
    if _is_of_names(password, (*own_words, *_HOUSE_WORDS, *policy.words)):
        raise DubanError("password-of-names", _("口令不能由账号、单位或本系统的名称变化而来，请换一个"))
    if sum(bool(re.search(kind, password)) for kind in _CLASSES) < policy.classes:
        text = _("口令要包含小写字母、大写字母、数字、其他字符中的至少 {count} 类")
        raise DubanError("password-plain", text.format(count=policy.classes))


def is_common(password: str) -> bool:
    """Tell whether everybody who guesses passwords would try this one."""
    return len(set(password)) < _FEWEST_DISTINCT or password.casefold() in _common_passwords()


@cache
def _common_passwords() -> frozenset[str]:
    # The list takes a fifth of a second to load; only who sets a password needs it.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # type: ignore[import-untyped]

    return frozenset(FREQUENCY_LISTS["passwords"])


def _is_of_names(password: str, words: Iterable[str]) -> bool:
    """Tell whether what is left without the names would be too short by itself."""
    folded = rest = password.casefold()
    for word in sorted({word.casefold() for word in words if word}, key=len, reverse=True):
        if len(word) >= _SHORTEST_WORD or not word.isascii():
            rest = rest.replace(word, "")
    return rest != folded and len(rest) < SHORTEST
