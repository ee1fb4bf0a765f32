"""JSON from outside, read as if a stranger had written it, because one may have."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NoReturn

from payments.providers.base import MalformedMessage

# Exponents are refused: "1e999999999" is a number of a gigabyte.
AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
TOKEN = re.compile(r"[A-Za-z0-9_.-]{1,200}")
SANE_YEARS = range(2000, 2200)
MAX_LINK = 2000


def parse_json(raw: bytes) -> dict[str, Any]:
    """Read a JSON object that PostgreSQL can keep. Raises MalformedMessage for anything else."""
    try:
        data = json.loads(
            raw.decode("utf-8"), parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse_constant
        )
        text = json.dumps(data, default=str, ensure_ascii=False)
        text.encode("utf-8")  # lone surrogates are JSON, but no text
    except (ValueError, ArithmeticError, RecursionError) as error:
        message = "not readable as JSON"
        raise MalformedMessage(message) from error
    if "\\u0000" in text:
        message = "contains NUL"
        raise MalformedMessage(message)
    if not isinstance(data, dict):
        message = "not an object"
        raise MalformedMessage(message)
    return data


def get_object(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return an object's member that is an object itself. Raises MalformedMessage."""
    value = data.get(name)
    if not isinstance(value, dict):
        message = f"{name} is not an object"
        raise MalformedMessage(message)
    return value


def get_token(data: Mapping[str, Any], name: str) -> str:
    """Return a member that is a short word of plain characters. Raises MalformedMessage."""
    value = data.get(name)
    if not isinstance(value, str) or not TOKEN.fullmatch(value):
        message = f"{name} is not a short word"
        raise MalformedMessage(message)
    return value


def get_amount(amount: Mapping[str, Any]) -> str:
    """Return the text of `value`, a plain number with at most two decimals. Raises MalformedMessage."""
    value = amount.get("value")
    text = str(value) if isinstance(value, str | Decimal) else ""
    if not AMOUNT.fullmatch(text):
        message = "amount.value is not an amount"
        raise MalformedMessage(message)
    return text


def get_link(value: object) -> str:
    """Return the value if it is a web address short enough to keep, else nothing."""
    is_link = isinstance(value, str) and value.startswith(("https://", "http://"))
    return str(value) if is_link and len(str(value)) <= MAX_LINK else ""


def parse_date(value: object) -> datetime | None:
    """Read any ISO date with an offset, also QIWI's shapes; None where there is none, or no sense."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo and moment.year in SANE_YEARS else None


def _refuse_constant(name: str) -> NoReturn:
    message = f"{name} is not JSON"
    raise ValueError(message)
