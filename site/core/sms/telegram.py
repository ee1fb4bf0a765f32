"""Telegram's Bot API: `sendMessage` to the staff's chat."""

from datetime import timedelta
from typing import Any

from django.conf import settings

from core.sms.base import TextAway, TextDoubtful, TextRefused
from core.sms.web import SERVER_ERROR, post

NAME = "Telegram"
TOO_MANY = 429
LONGEST_WAIT = timedelta(hours=1)


class TelegramSender:
    """One bot."""

    def send(self, *, to: str, text: str) -> str:
        """Send the message to a chat; its number there. Raises TextAway, TextRefused or TextDoubtful."""
        url = f"{settings.TELEGRAM_API_URL}/bot{settings.TELEGRAM_BOT_TOKEN}/sendMessage"
        fields = {"chat_id": to, "text": text, "disable_web_page_preview": "true"}
        answer = post(url, fields, name=NAME)
        if answer.get("ok") is True:
            result = answer.get("result")
            return str(result.get("message_id", "")) if isinstance(result, dict) else ""
        raise read_error(answer)


def read_error(answer: dict[str, Any]) -> Exception:
    """What an answer that is not `ok` means."""
    code, words = answer.get("error_code"), str(answer.get("description", ""))[:200]
    if not isinstance(code, int):
        return TextDoubtful(f"{NAME} answered without a code")
    if code == TOO_MANY:
        return TextAway(f"{NAME}: {words}", wait=read_wait(answer))
    if code >= SERVER_ERROR:
        return TextAway(f"{NAME}: {code} {words}")
    return TextRefused(f"{NAME}: {code} {words}")


def read_wait(answer: dict[str, Any]) -> timedelta | None:
    """How long Telegram asks to wait; nothing where it does not say so."""
    parameters = answer.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if not isinstance(seconds, int | float) or seconds < 0:
        return None
    return min(timedelta(seconds=min(seconds, LONGEST_WAIT.total_seconds())), LONGEST_WAIT)
