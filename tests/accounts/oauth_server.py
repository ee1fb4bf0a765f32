"""A provider of our own on a real socket: it gives codes for tokens and tokens for profiles, and checks all
that the real ones check. Its bodies have the shapes of Yandex ID, VK ID, Google and Sber ID.
"""

import base64
import hashlib
import json
import re
import ssl
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

CLIENT_ID, SECRET = "shop-of-berries", "hush"
Reply = tuple[int, Any]


class Provider(ThreadingHTTPServer):
    """One provider. `person` is who signs in there; `faults` (path → reply) stand in for its own answers."""

    daemon_threads = True

    def __init__(self, kind: str, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.kind = kind
        self.scheme = "https" if tls else "http"
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self.person: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.faults: dict[str, Callable[[], Reply] | Reply] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: set[str] = set()
        self.calls: list[tuple[str, dict[str, str], dict[str, str]]] = []

    @property
    def address(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_port}"

    @property
    def addresses(self) -> dict[str, str]:
        """What a provider's adapter is told."""
        return {
            "authorize_url": f"{self.address}/authorize",
            "access_token_url": f"{self.address}/token",
            "profile_url": f"{self.address}/profile",
            "identity_url": f"{self.address}/profile",
            "report_url": f"{self.address}/completed",
        }

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that TLS turned away is no news."""

    def authorize(self, query: dict[str, str]) -> str:
        """Somebody agrees on the provider's page: the address that they are sent back to."""
        code = f"code-{len(self.codes)}-{time.monotonic_ns()}"
        self.codes[code] = query
        back = {"code": code, "state": query["state"]}
        if self.kind == "vk":
            back |= {"device_id": "a-device", "type": "code_v2", "expires_in": "600", "ext_id": "x"}
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def give_token(self, form: dict[str, str], headers: dict[str, str]) -> Reply:
        """Tokens for a code that is used once, by whom it was given to."""
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None:
            status = 200 if self.kind == "vk" else 400
            return status, {"error": "invalid_grant", "error_description": "Code has expired"}
        verifier = hashlib.sha256(form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(verifier).rstrip(b"=").decode() == asked["code_challenge"]
        assert (form["client_id"], form["client_secret"]) == (CLIENT_ID, SECRET)
        assert form["redirect_uri"] == asked["redirect_uri"]
        assert self.kind != "vk" or form["device_id"] == "a-device"
        assert self.kind != "sber" or re.fullmatch("[0-9a-fA-F]{32}", headers["rquid"])
        token = f"token-{time.monotonic_ns()}"
        self.tokens.add(token)
        body = {"access_token": token, "token_type": "bearer", "expires_in": 3600, "scope": asked["scope"]}
        if self.kind in {"google", "sber"}:
            body["id_token"] = self.make_id_token(asked)
        return 200, body

    def make_id_token(self, asked: dict[str, str]) -> str:
        issuer = "https://accounts.google.com" if self.kind == "google" else "https://online.sberbank.ru"
        claims = {"iss": issuer, "aud": CLIENT_ID, "sub": "1", "exp": time.time() + 60, "iat": time.time()}
        told = self.person if self.kind == "google" else {"sub": self.person.get("sub", "1")}
        claims |= {"nonce": asked["nonce"]} if "nonce" in asked else {}
        return jwt.encode(claims | told | self.claims, "a key that nobody checks, long enough", "HS256")

    def tell_profile(self, form: dict[str, str], headers: dict[str, str]) -> Reply:
        """Who the token belongs to, to whom shows it."""
        shown = form.get("access_token") or headers.get("authorization", " ").split()[-1]
        if shown not in self.tokens:
            return 401, {"error": "invalid_token"}
        if self.kind == "yandex":
            assert headers["authorization"].startswith("OAuth ")
        if self.kind == "sber":
            assert re.fullmatch("[0-9a-fA-F]{32}", headers["x-introspect-rquid"])
        return 200, {"user": self.person} if self.kind == "vk" else self.person

    def note_completed(self, form: dict[str, str], headers: dict[str, str]) -> Reply:
        """Sber hears that a sign-in came off."""
        is_known = headers["authorization"].removeprefix("Bearer ") in self.tokens
        return (200, {}) if is_known and re.fullmatch("[0-9a-fA-F]{32}", headers["rquid"]) else (400, {})

    def answer(self, path: str, form: dict[str, str], headers: dict[str, str]) -> Reply:
        self.calls.append((path, form, headers))
        fault = self.faults.get(path)
        if fault is not None:
            return fault() if callable(fault) else fault
        doors = {
            "/token": self.give_token,
            "/profile": self.tell_profile,
            "/completed": self.note_completed,
        }
        return doors[path](form, headers)


class Handler(BaseHTTPRequestHandler):
    """Hands calls to the provider and its replies back."""

    server: Provider

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, urlsplit(self.path).query
        if path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.server.authorize(dict(parse_qsl(query))))
            self.end_headers()
            return
        self.reply(path, dict(parse_qsl(query)))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.reply(self.path, {name: values[0] for name, values in parse_qs(body).items()})

    def reply(self, path: str, form: dict[str, str]) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, body = self.server.answer(path, form, headers)
        is_text = isinstance(body, str)
        data = body.encode() if is_text else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if is_text else "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: Any) -> None:
        """Tests tell enough."""


def start(provider: Provider) -> Provider:
    """Serve in a thread of its own, until `shutdown`."""
    threading.Thread(target=provider.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    return provider


def make_certificates(folder: Path) -> dict[str, str]:
    """Paths of a root, a server's and a client's certificate of it, and a client's that a stranger signed."""
    root_key, root = sign("Root", folder / "root", None)
    strange_key, strange = sign("Stranger", folder / "strange-root", None)
    sign("Provider", folder / "server", (root_key, root))
    sign("Shop", folder / "client", (root_key, root))
    sign("Shop", folder / "stranger", (strange_key, strange))
    return {path.name: str(path) for path in folder.iterdir()}


def sign(name: str, path: Path, by: tuple[Any, x509.Certificate] | None) -> tuple[Any, x509.Certificate]:
    """A key and its certificate, signed by `by` or itself, written to `path`.key and `path`.pem."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by[1].subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(by[0] if by else key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    path.with_suffix(".pem").write_bytes(certificate.public_bytes(pem))
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.with_suffix(".key").write_bytes(private)
    return key, certificate


def demand_certificate(paths: dict[str, str]) -> ssl.SSLContext:
    """TLS that lets in only who shows a certificate of the root."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(paths["server.pem"], paths["server.key"])
    context.load_verify_locations(paths["root.pem"])
    context.verify_mode = ssl.CERT_REQUIRED
    return context
