"""The demo as journeys see it: its addresses, its mailbox, and patience."""

import json
import re
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]
VAR_DIR = ROOT / "var" / "journeys"
START_SECONDS = 240


def wait_for(ask: Callable[[], object], what: str, seconds: float = 40):
    """Ask until the answer is true, and give it; fail with `what` when the time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.2)
    pytest.fail(f"waited {seconds} s in vain for {what}")


@dataclass(frozen=True)
class Shop:
    """Where the running shop, its emulator and its mailbox are, and who can sign in."""

    url: str
    emulator_url: str
    mail_url: str
    users: dict

    def read_mail(self, to: str, word: str = "") -> list[dict]:
        """The mails to an address that have the word in subject or text, newest first."""
        mails = requests.get(self.mail_url, params={"format": "json"}, timeout=10).json()
        return [mail for mail in mails if to in str(mail["to"]) and word in mail["subject"] + mail["text"]]

    def wait_for_mail(self, to: str, word: str = "") -> dict:
        """The newest such mail, as soon as it is there."""
        return wait_for(lambda: self.read_mail(to, word), f"a mail to {to} with “{word}”")[0]

    def wait_for_code(self, to: str) -> str:
        """The sign-in code of the newest mail."""
        text = self.wait_for_mail(to)["text"]
        return re.search(r"^\s*([A-Z0-9-]{6,12})\s*$", text, re.MULTILINE).group(1)


def wait_for_shop(demo: subprocess.Popen) -> Shop:
    def ask() -> Shop | None:
        if demo.poll() is not None:
            pytest.fail(f"the demo ended by itself:\n{(VAR_DIR / 'demo.log').read_text()[-3000:]}")
        path = VAR_DIR / "demo.json"
        return Shop(**json.loads(path.read_text())) if path.exists() else None

    return wait_for(ask, f"the demo to open; see {VAR_DIR / 'demo.log'}", START_SECONDS)


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
