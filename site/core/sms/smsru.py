"""SMS.ru: `POST /sms/send` with `json=1`, one phone a request.

100 means that the message is in their queue. Codes of a request as a whole and of one phone are the same.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings

from core.sms.base import TextAway, TextDoubtful, TextRefused
from core.sms.web import post

NAME = "SMS.ru"
TAKEN = 100
# Ours to mend, or over tomorrow: money, the day's limit, a key, a sender that is not approved.
OURS = {
    200: "wrong api_id",
    201: "no money on the account",
    204: "the sender is not approved",
    206: "the day's limit is reached",
    221: "an approved sender is needed",
    300: "wrong token",
    301: "wrong api_id or sign-in",
    302: "the account is not confirmed",
}
OURS_WAIT = timedelta(minutes=30)
# Theirs: they ask to come again.
AGAIN = {220: timedelta(minutes=2), 500: timedelta(minutes=2), 231: timedelta(minutes=2)}


class SmsRuSender:
    """One account at SMS.ru."""

    def send(self, *, to: str, text: str) -> str:
        """Send the message; its `sms_id`. Raises TextAway, TextRefused or TextDoubtful."""
        phone = to.removeprefix("+")
        answer = post(f"{settings.SMSRU_API_URL}/sms/send", build_fields(phone, text), name=NAME)
        check(answer)
        found = answer.get("sms")
        message = found.get(phone) if isinstance(found, dict) else None
        if not isinstance(message, dict):
            raise TextDoubtful(f"{NAME} did not say what became of the message")
        check(message)
        return str(message.get("sms_id", ""))


def build_fields(phone: str, text: str) -> dict[str, str]:
    """What is sent; `test=1` makes SMS.ru answer as usual and send nothing."""
    fields = {"api_id": settings.SMSRU_API_ID, "to": phone, "msg": text, "json": "1"}
    if settings.SMSRU_SENDER:
        fields["from"] = settings.SMSRU_SENDER
    if settings.SMSRU_TEST:
        fields["test"] = "1"
    return fields


def check(answer: dict[str, Any]) -> None:
    """Do nothing for what was taken. Raises what the code means for everything else."""
    code = read_code(answer)
    if code == TAKEN:
        return
    if code in AGAIN:
        raise TextAway(f"{NAME}: {code}", wait=AGAIN[code])
    if code in OURS:
        raise TextAway(f"{NAME}: {code}, {OURS[code]}", wait=OURS_WAIT)
    raise TextRefused(f"{NAME}: {code}")


def read_code(answer: dict[str, Any]) -> int:
    """The status code of an answer. Raises TextDoubtful where there is none."""
    try:
        return int(answer.get("status_code", ""))
    except (TypeError, ValueError):
        raise TextDoubtful(f"{NAME} answered without a code") from None
