"""What every way of sending a short message promises."""

from datetime import timedelta
from typing import Protocol


class TextAway(Exception):
    """It was certainly not taken, and is to be tried again: after `wait`, where the other side said so."""

    def __init__(self, reason: str, *, wait: timedelta | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class TextRefused(Exception):
    """It was certainly not taken and never will be; why, in words without anything secret."""


class TextDoubtful(Exception):
    """Nobody can know whether it was taken: the connection broke after it was sent."""


class TextSender(Protocol):
    """One provider. What else it raises leaves the message in doubt."""

    def send(self, *, to: str, text: str) -> str:
        """Send `text` to a phone (+7…) or chat; its number at the provider.

        Raises TextAway, TextRefused or TextDoubtful.
        """
