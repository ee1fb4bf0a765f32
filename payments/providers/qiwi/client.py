"""Speaking with QIWI: which requests there are and what its answers mean. Knows nothing of bills."""

import logging
from collections.abc import Mapping
from typing import Any

import requests
from requests.auth import AuthBase

from payments.providers.base import (
    AuthFailed,
    MalformedMessage,
    Misconfigured,
    NotFound,
    ProviderError,
    ProviderUnavailable,
    RequestRejected,
)
from payments.providers.transport import Answer, Call, Transport, doubt
from payments.providers.wire import parse_json

logger = logging.getLogger(__name__)

PATH = "/partner/bill/v1/bills/"
# Statuses of refusals that the bill itself is the reason of.
ABOUT_THE_BILL = frozenset({400, 409, 422})


class BearerAuth(AuthBase):
    """The secret, put on each request by hand: neither `.netrc` nor a stray log of headers gets near it."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign the request."""
        request.headers["Authorization"] = f"Bearer {self._secret}"
        return request


class QiwiClient:
    """One QIWI account at one address."""

    def __init__(self, *, base_url: str, secret: str) -> None:
        self._transport = Transport(name="QIWI", base_url=base_url, auth=BearerAuth(secret))

    def put_bill(self, bill_id: str, body: bytes, *, timeout: float | None = None) -> dict[str, Any]:
        """Create the bill. Repeated with the same bytes where the outcome is in doubt and time is left."""
        return self._ask(Call("PUT", PATH + bill_id, body, is_write=True), timeout)

    def get_bill(self, bill_id: str, *, timeout: float | None = None) -> dict[str, Any]:
        """Read the bill."""
        return self._ask(Call("GET", PATH + bill_id), timeout)

    def reject_bill(self, bill_id: str, *, timeout: float | None = None) -> dict[str, Any]:
        """Reject the bill; rejecting twice is rejecting once, so this POST may be repeated too."""
        return self._ask(Call("POST", f"{PATH}{bill_id}/reject", is_write=True), timeout)

    def _ask(self, call: Call, timeout: float | None) -> dict[str, Any]:
        return _read_answer(self._transport.ask(call, timeout=timeout), is_write=call.is_write)


def _read_answer(answer: Answer, *, is_write: bool) -> dict[str, Any]:
    if answer.status == 200:  # noqa: PLR2004
        try:
            return parse_json(answer.body)
        except MalformedMessage as error:
            message = f"200 with a body that is {error}"
            raise doubt(is_write=is_write)(message) from error
    code, trace = _read_error(answer.body)
    message = f"{answer.status} {code}".strip()
    logger.warning("QIWI answered %s, trace %s", message, trace or "none")
    raise _translate_error(answer, code, message, is_write=is_write)


def _translate_error(answer: Answer, code: str, message: str, *, is_write: bool) -> ProviderError:
    if code == "api.invoice.not.found":
        return NotFound(message)
    if answer.status in {401, 403}:
        return AuthFailed(message, code=code or "auth.unauthorized")
    if answer.status in {408, 429}:
        return ProviderUnavailable(message, retry_after=answer.retry_after)
    if answer.status >= 500 or answer.status < 400:  # noqa: PLR2004
        return doubt(is_write=is_write)(message)
    if answer.status not in ABOUT_THE_BILL or not code:
        # Another server's words, or a path and method QIWI doesn't know: nothing is said about the bill.
        return Misconfigured(message, code=code or f"http.{answer.status}")
    return RequestRejected(message, code=code)


def _read_error(body: bytes) -> tuple[str, str]:
    """Return QIWI's error code and trace id, as far as the body has them."""
    try:
        data: Mapping[str, Any] = parse_json(body)
    except MalformedMessage:
        return "", ""
    code, trace = data.get("errorCode"), data.get("traceId")
    return (code if isinstance(code, str) else "")[:100], (trace if isinstance(trace, str) else "")[:64]
