"""The second factor: a code of six digits that the holder's telephone reckons from a shared secret and the time (TOTP, RFC 6238). Each code is taken once.

A secret counts only once a code made from it was given: whoever mistypes it is not shut out.
"""

import hmac
from datetime import datetime

import pyotp
from sqlmodel import Session

from models.account import Account
from rules.access_acts import AccessAct
from rules.errors import DubanError
from rules.texts import _
from services.access.access_log import access_event
from services.access.passwords import is_password, locked_account
from services.ledger import record
from services.occasion import Occasion

_STEP_SECONDS = 30
_STEPS_APART = 1


def new_factor_secret() -> str:
    """Return a new secret (base32, 160 bits) to be shown to the holder and confirmed by a code."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, name: str) -> str:
    """Return what the picture for the telephone says: the secret and the account, kept short so that a poor camera reads it."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="duban")


def step_of_code(secret: str, code: str, used: int | None, at: datetime) -> int | None:
    """Return the time step that the code is of: now's, or the one before or after. None for a wrong code and for one of a step that was used up."""
    digits = "".join(code.split())
    now = int(at.timestamp()) // _STEP_SECONDS
    generator = pyotp.HOTP(secret)
    steps = range(now - _STEPS_APART, now + _STEPS_APART + 1)
    fitting = [step for step in steps if hmac.compare_digest(generator.at(step).encode(), digits.encode())]
    return next((step for step in fitting if used is None or step > used), None)


def use_code(account: Account, code: str, at: datetime) -> bool:
    """Tell whether the code is right, and use its step up; the account's row must be locked."""
    assert account.totp_secret is not None
    step = step_of_code(account.totp_secret, code, account.totp_step, at)
    if step is not None:
        account.totp_step = step
    return step is not None


def set_up_second_factor(session: Session, account_id: int, confirmed: tuple[str, str], address: str, occasion: Occasion) -> None:
    """Give an account its second factor; `confirmed` is the secret that was shown and a code made from it.

    Codes: second-factor-set (there is one), wrong-code.
    """
    secret, code = confirmed
    account = locked_account(session, account_id)
    if account.totp_secret is not None:
        raise DubanError("second-factor-set", _("动态码已经启用；要换手机，请先停用，再重新启用"))
    account.totp_secret, account.totp_step = secret, None
    if not use_code(account, code, occasion.at):
        session.expire(account)
        raise DubanError("wrong-code", _("动态码不对或已经用过，请等手机上换了新的一组数字再填；并核对手机的时间是否准确"))
    session.add(account)
    record(session, occasion, access_event(AccessAct.SET_UP_SECOND_FACTOR, address))


def remove_own_second_factor(session: Session, account_id: int, proof: tuple[str, str], address: str, occasion: Occasion) -> None:
    """Take the holder's own second factor away; `proof` is his password and a code, so that an unwatched screen is not enough.

    Codes: no-second-factor, wrong-password, wrong-code.
    """
    password, code = proof
    account = locked_account(session, account_id)
    if account.totp_secret is None:
        raise DubanError("no-second-factor", _("账号 {name} 没有启用动态码").format(name=account.name))
    if not is_password(account.password_hash, password):
        raise DubanError("wrong-password", _("口令不对，动态码没有停用"))
    if step_of_code(account.totp_secret, code, account.totp_step, occasion.at) is None:
        raise DubanError("wrong-code", _("动态码不对或已经用过，请等手机上换了新的一组数字再填；并核对手机的时间是否准确"))
    account.totp_secret = account.totp_step = None
    session.add(account)
    record(session, occasion, access_event(AccessAct.REMOVE_SECOND_FACTOR, address, by="own"))
