"""The channel to a program of the house's own: each message as JSON, signed, with a key that lets the receiver drop twins.

The receiver checks `X-Duban-Signature`: `sha256=` and the HMAC-SHA256 of the body under the common key, in hexadecimal.
"""

import hmac

from notify.channel import ChannelDownError, DeliveryError, Mail
from notify.hook import Answer, Hook, HookClient, json_bytes
from rules.rates import Rate
from rules.texts import _

SCHEMA = "duban/message/1"
# Asked to come again; everything else of this kind is a refusal for good.
_COME_AGAIN = frozenset({408, 425, 429})


class Webhook:
    """Posts messages to one address. `drops_twins` where its owner says that it honours the header Idempotency-Key."""

    kind = "webhook"
    needs_address = False

    def __init__(self, name: str, hook: Hook, rates: tuple[Rate, ...] = (), drops_twins: bool = False) -> None:
        self.name = name
        self.where = hook.where
        self.rates = rates
        self.drops_twins = drops_twins
        self._client = HookClient(hook)

    def __repr__(self) -> str:
        return f"Webhook({self.name!r}, {self.where!r})"

    def open(self) -> None:
        """Make ready; whether the receiver is there is known with the first message."""
        self._client.open()

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def send(self, mail: Mail) -> None:
        """Hand one message over; any answer of the two hundreds is a receipt."""
        body = json_bytes(content_of(mail))
        headers = {"Idempotency-Key": mail.message_id}
        if self._client.hook.secret:
            headers["X-Duban-Signature"] = f"sha256={hmac.new(self._client.hook.secret.encode(), body, 'sha256').hexdigest()}"
        error = self._error_of(self._client.post_bytes(body, headers, {}))
        if error is not None:
            raise error

    def _error_of(self, answer: Answer) -> DeliveryError | None:
        status, hook = answer.status, self._client.hook
        if 200 <= status < 300:
            return None
        words = hook.without_secrets(answer.content[:400].decode("utf-8", "replace"))
        said = {"name": self.name, "where": hook.where, "status": status, "words": words}
        if status < 400 or status == 401:
            text = _("接口 {name} 不能用（{where} 答复 {status} {words}），请检查渠道文件里的地址和密钥")
            return ChannelDownError(text.format(**said))
        text = _("接口 {name} 没有收下消息（{where} 答复 {status} {words}）").format(**said)
        # A gateway that stopped waiting does not know whether the receiver took it.
        is_uncertain = status == 504 and not self.drops_twins
        return DeliveryError(text, permanent=status < 500 and status not in _COME_AGAIN, uncertain=is_uncertain)


def content_of(mail: Mail) -> dict[str, str]:
    """Return a message as the receiver gets it; docs/channels.md describes it."""
    return {
        "schema": SCHEMA,
        "message_id": mail.message_id,
        "day": mail.day.isoformat(),
        "unit": mail.unit,
        "name": mail.name,
        "address": mail.address,
        "subject": mail.subject,
        "text": mail.text,
    }
