"""How YooKassa says no."""

from typing import Self


class Refusal(Exception):
    """An error YooKassa would answer with."""

    def __init__(self, status: int, code: str, description: str, parameter: str = "") -> None:
        super().__init__(description)
        self.status = status
        self.code = code
        self.description = description
        self.parameter = parameter

    @classmethod
    def about(cls, parameter: str) -> Self:
        """Refuse one field of a request."""
        return cls(400, "invalid_request", f"Invalid value of {parameter}", parameter)
