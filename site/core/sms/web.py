"""Asking a provider over HTTPS: one POST, JSON back, and what a failure means."""

from collections.abc import Mapping
from typing import Any

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from core.sms.base import TextAway, TextDoubtful

CONNECT_SECONDS, READ_SECONDS = 3.05, 10
SERVER_ERROR = 500


def post(url: str, fields: Mapping[str, str], *, name: str) -> dict[str, Any]:
    """The JSON object that the provider answers, whatever its HTTP status.

    Raises TextAway where nothing can have been sent, TextDoubtful where it may have been. Errors never hold
    the address: a key may be part of it.
    """
    try:
        answer = requests.post(
            url, data=fields, timeout=(CONNECT_SECONDS, READ_SECONDS), allow_redirects=False
        )
    except (requests.ConnectTimeout, requests.exceptions.SSLError):
        raise TextAway(f"{name} can't be reached") from None
    except requests.ConnectionError as error:
        if is_refused(error):
            raise TextAway(f"{name} can't be reached") from None
        raise TextDoubtful(f"{name} hung up") from None
    except requests.RequestException:
        raise TextDoubtful(f"{name} did not answer in time") from None
    return read_object(answer, name)


def is_refused(error: requests.ConnectionError) -> bool:
    """Whether there was no connection at all, so that nothing can have been sent."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)


def read_object(answer: requests.Response, name: str) -> dict[str, Any]:
    """The answer as a JSON object. Raises TextDoubtful where it is none."""
    try:
        data = answer.json()
    except requests.JSONDecodeError:
        data = None
    if not isinstance(data, dict):
        raise TextDoubtful(f"{name} answered {answer.status_code} without JSON")
    return data
