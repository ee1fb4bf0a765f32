"""`make demo`: the whole shop on one machine, until Ctrl-C.

Engines, migrations, demo data, then the web server, a worker, beat and the emulated provider, as one.
Whatever goes wrong is said in one sentence.
"""

import argparse
import contextlib
import fcntl
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from environs import Env

from anyberry.demo.paying import ProviderUnknown, choose_provider, describe_provider, list_emulator_options
from anyberry.demo.ports import HOST, LAST_PORT, find_free_port, is_free
from anyberry.demo.processes import Program, ProgramDied, Troupe
from anyberry.engines import EngineError, ensure_postgres, ensure_redis, release_engines, remove_engine
from anyberry.engines.keeper import build_death_wish

BASE_DIR = Path(__file__).resolve().parents[3]
# What `make demo-reset` deletes besides the engines' data.
LEFTOVERS = (
    "media",
    "mail",
    "bundles",
    "demo.json",
    "demo-users.json",
    "celerybeat-schedule",
    "emulator.sqlite3",
    "emulator-yookassa.sqlite3",
)
READY_SECONDS = 120.0
ANSWER_SECONDS = 10.0


class DemoError(Exception):
    """The demo can't run. Its text is one sentence a person can act on."""


class StopAsked(BaseException):
    """SIGINT or SIGTERM came."""


@dataclass(frozen=True)
class Addresses:
    """Where the demo's two servers listen."""

    web_port: int
    emulator_port: int

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.web_port}"

    @property
    def emulator_url(self) -> str:
        return f"http://{HOST}:{self.emulator_port}"


def main() -> int:
    options = parse_arguments()
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # a pipe or a terminal: a TextIOWrapper
    listen_to_signals()
    try:
        Env().read_env(BASE_DIR / ".env", recurse=False)
        folder = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var").resolve()
        with hold_demo(folder):
            run_demo(folder, reset=options.reset)
    except StopAsked:
        say("Stopped.")
    except (DemoError, EngineError, ProgramDied, ProviderUnknown) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m anyberry.demo.run", description="Run the demo shop.")
    parser.add_argument("--reset", action="store_true", help="delete the demo's data first")
    return parser.parse_args()


def listen_to_signals() -> None:
    """Let both signals end the demo in order, and end with `make` where make started us."""

    def stop(_signum: int, _frame: FrameType | None) -> None:
        # Once is enough: what follows is the orderly way down.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise StopAsked

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    death_wish = build_death_wish(signal.SIGTERM)
    if "MAKELEVEL" in os.environ and death_wish:
        death_wish()


@contextlib.contextmanager
def hold_demo(folder: Path) -> Iterator[None]:
    """Make sure there is one demo in this folder, and that it leaves no engine and no address behind."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "demo.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoError(f"The demo of this folder is already running{tell_where(folder)}.") from None
        # What a killed demo left would tell of a shop that is not there.
        (folder / "demo.json").unlink(missing_ok=True)
        try:
            yield
        finally:
            (folder / "demo.json").unlink(missing_ok=True)
            release_engines()


def tell_where(folder: Path) -> str:
    try:
        return " at " + str(json.loads((folder / "demo.json").read_text())["url"])
    except (OSError, ValueError, KeyError):
        return ""


def run_demo(folder: Path, *, reset: bool) -> None:
    addresses = choose_addresses()
    choose_provider(os.environ)  # says so before anything is started or deleted
    if reset:
        delete_data(folder)
    say("Starting PostgreSQL and Redis …")
    environment = build_environment(addresses, folder)
    say("Preparing the shop (the first time takes a minute or two) …")
    run_step([sys.executable, "tools/messages.py", "compile"], environment)
    run_step([sys.executable, "-m", "anyberry.demo.prepare"], environment)
    troupe = Troupe(list_programs(addresses, environment, folder), environment=environment, folder=BASE_DIR)
    try:
        troupe.start()
        deadline = time.monotonic() + READY_SECONDS
        troupe.wait(lambda: answers(f"{addresses.url}/readyz") or time.monotonic() > deadline)
        if time.monotonic() > deadline:
            raise DemoError(f"The shop did not answer at {addresses.url}/ within {READY_SECONDS:.0f} s.")
        announce(addresses, folder)
        troupe.wait(lambda: False)
    finally:
        say("\nStopping …")
        troupe.stop()


def choose_addresses() -> Addresses:
    wanted = os.environ.get("DEMO_PORT", "8000")
    # One port has to be left above it, for the emulator.
    if not (wanted.isascii() and wanted.isdecimal()) or not 0 < int(wanted) < LAST_PORT:
        raise DemoError(f"DEMO_PORT must be a port number below 65535, not {wanted!r}.")
    port = int(wanted)
    if not is_free(port):
        raise DemoError(
            f"Port {port} is in use; choose another one: DEMO_PORT={find_free_port(port + 1)} make demo"
        )
    return Addresses(web_port=port, emulator_port=find_free_port(port + 1))


def delete_data(folder: Path) -> None:
    if os.environ.get("DATABASE_URL") or os.environ.get("REDIS_URL"):
        raise DemoError(
            "demo-reset only deletes the demo's own engines: unset DATABASE_URL and REDIS_URL first."
        )
    remove_engine(folder / "postgres")
    remove_engine(folder / "redis")
    for name in LEFTOVERS:
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def build_environment(addresses: Addresses, folder: Path) -> dict[str, str]:
    """The environment of every program of the demo. Starts the engines whose addresses are not given."""
    given = dict(os.environ)
    return given | {
        "DJANGO_SETTINGS_MODULE": given.get("DJANGO_SETTINGS_MODULE", "anyberry.settings.development"),
        "DATABASE_URL": given.get("DATABASE_URL") or ensure_postgres(folder / "postgres"),
        "REDIS_URL": given.get("REDIS_URL") or ensure_redis(folder / "redis"),
        "DEBUG": given.get("DEBUG", "0"),  # visitors of the demo see the shop's own error pages
        "SITE_URL": addresses.url,
        "PYTHONUNBUFFERED": "1",
        **describe_provider(given, addresses.emulator_url),
    }


def list_programs(addresses: Addresses, environment: dict[str, str], folder: Path) -> list[Program]:
    python = sys.executable
    celery = [python, "-m", "celery", "--app=anyberry", "--quiet"]
    return [
        Program(
            "web",
            [
                *(python, "-m", "gunicorn", "anyberry.wsgi", "--no-control-socket", "--preload"),
                *("--bind", f"{HOST}:{addresses.web_port}"),
                *("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--graceful-timeout", "5"),
            ],
        ),
        Program("worker", [*celery, "worker", "--loglevel=INFO", "--concurrency=2"]),
        Program("beat", [*celery, "beat", "--loglevel=INFO", "--pidfile="]),
        Program(
            "emulator",
            [
                *(python, "-m", "payments.emulator", "--host", HOST, "--port", str(addresses.emulator_port)),
                *("--public-url", addresses.emulator_url),
                *list_emulator_options(environment, addresses.url, folder),
            ],
        ),
    ]


def run_step(command: list[str], environment: dict[str, str]) -> None:
    """Run one command of the preparation to its end; it ends with us, and its failure is ours."""
    process = subprocess.Popen(
        command,
        cwd=BASE_DIR,
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=build_death_wish(signal.SIGTERM),  # noqa: PLW1509  no thread runs yet
    )
    try:
        status = process.wait()
    except StopAsked:
        process.terminate()
        process.wait()
        raise
    if status:
        raise DemoError(f"`{' '.join(command[1:])}` failed (exit status {status}); see above.")


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=ANSWER_SECONDS) as response:  # noqa: S310  our own http address
            return bool(response.status == http.client.OK)
    except (OSError, http.client.HTTPException):
        return False


def announce(addresses: Addresses, folder: Path) -> None:
    """Tell people on the terminal, and programs in var/demo.json, where the shop is and who can sign in."""
    users: dict[str, dict[str, str]] = json.loads((folder / "demo-users.json").read_text())
    mail_url = f"{addresses.url}/dev/mail/"
    report = {
        "url": addresses.url,
        "emulator_url": addresses.emulator_url,
        "mail_url": mail_url,
        "users": users,
    }
    unfinished = folder / "demo.json.new"
    unfinished.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    unfinished.rename(folder / "demo.json")
    say(f"\nAnyberry is open:  {addresses.url}/   in English:  {addresses.url}/en/")
    say(f"Its mailbox:       {mail_url}")
    say(f"Its admin:         {addresses.url}/admin/")
    say("Who can sign in:")
    for role, user in users.items():
        say(f"  {role:<9} {user['email']:<30} {user['password']}")
    say("All this is in var/demo.json, too. Ctrl-C stops it.\n")


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
