"""`make time-demo`: how long `make demo` takes until the shop answers, from nothing and the second time.

It runs in a folder of its own under `var/`, on a port of its own, and leaves neither behind.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from anyberry.demo.ports import find_free_port

BASE_DIR = Path(__file__).resolve().parents[1]
FOLDER = BASE_DIR / "var" / "timed"
FIRST_SECONDS = 240
SECOND_SECONDS = 20
STOP_SECONDS = 60
LOOK_SECONDS = 0.1


class NeverOpened(Exception):
    """The demo ended by itself, or was given up."""


def time_start(environment: dict[str, str], log: Path) -> float:
    """Start the demo, stop it as soon as the shop answers; how many seconds that took. Raises NeverOpened."""
    started = time.monotonic()
    with log.open("w") as output:
        demo = subprocess.Popen(
            ["make", "demo"], cwd=BASE_DIR, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            wait_for_shop(demo, started)
            return time.monotonic() - started
        finally:
            demo.send_signal(signal.SIGTERM)
            demo.wait(timeout=STOP_SECONDS)


def wait_for_shop(demo: subprocess.Popen[bytes], started: float) -> None:
    """Wait until the address that the demo tells is one that answers. Twice the longest time is enough."""
    report = FOLDER / "demo.json"
    while not report.exists():
        if demo.poll() is not None or time.monotonic() > started + FIRST_SECONDS * 2:
            raise NeverOpened
        time.sleep(LOOK_SECONDS)
    url = json.loads(report.read_text())["url"]
    urllib.request.urlopen(url, timeout=STOP_SECONDS).close()  # noqa: S310 -- our own http address


def main() -> int:
    """Start the demo twice; 1 where either start took too long."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    # Its engines are part of what is measured, whatever stands in the environment.
    given = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    environment = given | {"VAR_DIR": str(FOLDER), "DEMO_PORT": str(find_free_port(20_000))}
    log, status = FOLDER / "demo.log", 0
    for name, most in {"first": FIRST_SECONDS, "second": SECOND_SECONDS}.items():
        try:
            seconds = time_start(environment, log)
        except NeverOpened:
            print(f"The demo did not open:\n{log.read_text()[-3000:]}", file=sys.stderr)
            return 1
        print(f"The {name} start of the demo took {seconds:.1f} s (at most {most}).", flush=True)
        status |= seconds > most
    shutil.rmtree(FOLDER)
    return status


if __name__ == "__main__":
    sys.exit(main())
