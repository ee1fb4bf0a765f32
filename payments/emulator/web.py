"""A request and a response, free of sockets, and the few ways to make a response."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qs


@dataclass(frozen=True, slots=True)
class Request:
    """A request, read whole."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    client: str = "127.0.0.1"

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form that was posted."""
        return read_query(self.body.decode("utf-8", "replace"))


@dataclass(slots=True)
class Response:
    """A response, or the lack of one: `dropped` closes the connection without a word."""

    status: int = HTTPStatus.OK
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    dropped: bool = False
    # Fewer bytes are sent than were announced.
    truncated: bool = False
    # Which part comes byte by byte ("headers" or "body"), and the pause after each.
    drip: tuple[str, float] | None = None


def read_query(text: str) -> dict[str, str]:
    """Read a query string; the first of several values counts."""
    return {name: values[0] for name, values in parse_qs(text, max_num_fields=50).items()}


def answer_json(data: object, status: int = HTTPStatus.OK) -> Response:
    """Answer with JSON."""
    body = json.dumps(data, ensure_ascii=False).encode()
    return Response(status, body, {"Content-Type": "application/json;charset=UTF-8"})


def answer_html(text: str, status: int = HTTPStatus.OK) -> Response:
    """Answer with a page that can load nothing but its own style."""
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": (
            "default-src 'none'; style-src 'self'; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        ),
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(status, text.encode(), headers)


def redirect(url: str) -> Response:
    """Send the browser to a page of ours."""
    return Response(HTTPStatus.SEE_OTHER, b"", {"Location": url})
