"""Speaking with YooKassa: which requests there are and what its answers mean. Knows nothing of bills."""

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from requests.auth import HTTPBasicAuth

from payments.providers.base import (
    AuthFailed,
    MalformedMessage,
    Misconfigured,
    NotFound,
    ProviderError,
    ProviderUnavailable,
    RequestRejected,
)
from payments.providers.transport import TRANSIENT, Answer, Call, Transport, doubt
from payments.providers.wire import parse_json

logger = logging.getLogger(__name__)

# YooKassa answers a write it can't finish within 30 seconds with 500 and undoes it.
READ_TIMEOUT = 35.0
# All tries of one call. Two calls, one whose outcome is in doubt and the question after it, fit into a task.
DEADLINE = 42.0
KEY_HEADER = "Idempotence-Key"
# 500: "the result is unknown, repeat with the same key"; 202: "still working, repeat with the same key".
REPEATED = TRANSIENT | {202, 500}


class YooKassaClient:
    """One shop at YooKassa. Under one key a write happens once, however often it is sent."""

    def __init__(self, *, base_url: str, shop_id: str, secret: str) -> None:
        self._transport = Transport(
            name="YooKassa",
            base_url=base_url,
            auth=HTTPBasicAuth(shop_id.encode(), secret.encode()),
            read_timeout=READ_TIMEOUT,
            deadline=DEADLINE,
            transient=REPEATED,
        )

    def post(self, path: str, body: bytes, *, key: str, timeout: float | None = None) -> dict[str, Any]:
        """Change something."""
        return self._ask(Call("POST", path, body, {KEY_HEADER: key}, is_write=True), timeout)

    def get(
        self, path: str, query: Mapping[str, str] | None = None, *, timeout: float | None = None
    ) -> dict[str, Any]:
        """Read something."""
        return self._ask(Call("GET", f"{path}?{urlencode(query)}" if query else path), timeout)

    def _ask(self, call: Call, timeout: float | None) -> dict[str, Any]:
        answer = self._transport.ask(call, timeout=timeout)
        if answer.status == 200:  # noqa: PLR2004
            try:
                return parse_json(answer.body)
            except MalformedMessage as error:
                message = f"200 with a body that is {error}"
                raise doubt(is_write=call.is_write)(message) from error
        raise _translate_error(answer, is_write=call.is_write)


def _translate_error(answer: Answer, *, is_write: bool) -> ProviderError:
    error = _read_error(answer.body)
    code, parameter = error.get("code", ""), error.get("parameter", "")
    message = " ".join(filter(None, (str(answer.status), code, parameter)))
    logger.warning("YooKassa answered %s, trace %s", message, error.get("id") or "none")
    if answer.status in {401, 403}:
        return AuthFailed(message, code=code or "invalid_credentials")
    if answer.status in {408, 429}:
        return ProviderUnavailable(message, retry_after=answer.retry_after)
    if answer.status >= 500 or answer.status < 400:  # noqa: PLR2004
        return doubt(is_write=is_write)(message)
    if answer.status == 404 and code == "not_found":  # noqa: PLR2004
        return NotFound(message)
    if answer.status == 400 and code:  # noqa: PLR2004
        return RequestRejected(message, code=code)
    return Misconfigured(message, code=code or f"http.{answer.status}")


def _read_error(body: bytes) -> dict[str, str]:
    """Return the short words of an error's body; its sentences may quote what we sent."""
    try:
        data = parse_json(body)
    except MalformedMessage:
        return {}
    named = {name: data.get(name) for name in ("code", "parameter", "id")}
    return {name: value[:100] for name, value in named.items() if isinstance(value, str)}
