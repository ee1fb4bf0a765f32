"""The signature of QIWI's notifications: HMAC-SHA256 over five fields, in hex.

It covers no time and no nonce, so a replay looks exactly like a legal repetition:
whoever accepts a notification must be able to accept it any number of times.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

HEADER = "X-Api-Signature-SHA256"


@dataclass(frozen=True, slots=True)
class SignedFields:
    """What QIWI signs. `value` is the amount's text as it came."""

    currency: str
    value: str
    bill_id: str
    site_id: str
    status: str

    def message(self, value: str) -> bytes:
        """Return the signed text, with the amount written as `value`."""
        return f"{self.currency}|{value}|{self.bill_id}|{self.site_id}|{self.status}".encode()


def sign(fields: SignedFields, key: str) -> str:
    """Return the signature of the fields, the amount as it came."""
    return _digest(fields.message(fields.value), key)


def verify(fields: SignedFields, header: str | None, keys: Sequence[str]) -> bool:
    """Whether the header signs these fields with any of the keys, in constant time.

    QIWI's own libraries write the amount with two decimals before signing and its documents say to take
    the text as it came, so both are good. `value` must already be known to be a plain decimal number.
    """
    received = (header or "").strip().lower().encode("utf-8", "replace")
    forms = {fields.value, f"{Decimal(fields.value):.2f}"}
    valid = False
    for key in filter(None, keys):
        for form in forms:
            expected = _digest(fields.message(form), key).encode()
            valid |= hmac.compare_digest(expected, received)
    return valid


def _digest(message: bytes, key: str) -> str:
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()
