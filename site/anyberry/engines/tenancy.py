"""Who uses an engine: the locks by which processes share it, and its keeper knows when to stop."""

import fcntl
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, ClassVar

from anyberry.engines.errors import EngineError

KEEPER = Path(__file__).with_name("keeper.py")
WAIT_SECONDS = 60.0
REMOVAL_SECONDS = 10.0
POLL_SECONDS = 0.05
# The keeper itself takes the lock for an instant now and then: one look is no proof of another user.
LOOKS = 3


class Tenancy:
    """The share of this process in the engine whose files lie in `folder`."""

    _held: ClassVar[dict[Path, "Tenancy"]] = {}

    def __init__(self, folder: Path, users: IO[str], address: str) -> None:
        self.folder = folder
        self.address = address
        self._users = users

    @classmethod
    def take(cls, folder: Path, *, start: Callable[[], str], join: Callable[[], str]) -> "Tenancy":
        """Use the engine in `folder`: `start` it, or `join` it where it runs; both return its address.

        A process takes one share, however often it asks. It is given back when the process ends.
        """
        if folder in cls._held:
            return cls._held[folder]
        _make_folder(folder)
        users = (folder / "users.lock").open("a")
        try:
            # Waits while a keeper is stopping the engine. Once we have it, no keeper will.
            _wait_for_lock(users, fcntl.LOCK_SH)
            with (folder / "start.lock").open("a") as starter:
                _wait_for_lock(starter, fcntl.LOCK_EX)
                address = join() if has_keeper(folder) else start()
        except BaseException:
            users.close()
            raise
        cls._held[folder] = tenancy = cls(folder, users, address)
        return tenancy

    @classmethod
    def release_all(cls) -> None:
        for tenancy in list(cls._held.values()):
            tenancy.release()

    def release(self) -> None:
        """Give the share back. Whoever is last waits until the engine has stopped."""
        if self._users.closed:
            return
        self._held.pop(self.folder, None)
        self._users.close()
        deadline = time.monotonic() + WAIT_SECONDS
        others_seen = 0
        with (self.folder / "users.lock").open("a") as users:
            while has_keeper(self.folder) and others_seen < LOOKS and time.monotonic() < deadline:
                if _try_lock(users, fcntl.LOCK_EX):
                    (self.folder / "hurry").touch()
                    others_seen = 0
                elif _try_lock(users, fcntl.LOCK_SH):
                    others_seen += 1
                fcntl.flock(users, fcntl.LOCK_UN)
                time.sleep(POLL_SECONDS)


def release_engines() -> None:
    """Leave every engine this process uses; those without other users have stopped when this returns."""
    Tenancy.release_all()


def remove_engine(folder: Path) -> None:
    """Delete an engine with all its data. Raises EngineError while another process uses it."""
    if not folder.is_dir():
        folder.unlink(missing_ok=True)
        return
    try:
        with (folder / "users.lock").open("a") as users:
            (folder / "hurry").touch()
            deadline = time.monotonic() + REMOVAL_SECONDS
            while not _try_lock(users, fcntl.LOCK_EX) or has_keeper(folder):
                fcntl.flock(users, fcntl.LOCK_UN)
                if time.monotonic() > deadline:
                    raise EngineError(f"The data in {folder} are in use by another process; stop that first.")
                time.sleep(POLL_SECONDS)
            shutil.rmtree(folder)
    except OSError as error:
        raise EngineError(f"{error.filename or folder} cannot be deleted: {error.strerror}.") from error


def has_keeper(folder: Path) -> bool:
    """Tell whether the engine in `folder` has a living keeper, and so runs."""
    with (folder / "keeper.lock").open("a") as keeper:
        return not _try_lock(keeper, fcntl.LOCK_SH)


def start_engine(
    folder: Path, *, name: str, command: list[str], stop_signal: int, user: str, is_ready: Callable[[], bool]
) -> None:
    """Start an engine under a keeper, detached from this process and its terminal, and wait until it answers.

    Raises EngineError with the engine's last words if it ends or takes too long.
    """
    subprocess.run(
        [sys.executable, "-I", str(KEEPER), str(folder), str(int(stop_signal)), user, "--", *command],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )
    deadline = time.monotonic() + WAIT_SECONDS
    while not is_ready():
        if not has_keeper(folder):
            raise EngineError(f"{name} did not start with the data in {folder}: {read_last_words(folder)}")
        if time.monotonic() > deadline:
            (folder / "hurry").touch()
            log = folder / "server.log"
            raise EngineError(f"{name} did not answer within {WAIT_SECONDS:.0f} s; its log is {log}.")
        time.sleep(POLL_SECONDS)


def read_last_words(folder: Path) -> str:
    """What the engine said last: the line that names the fault where there is one."""
    log = folder / "server.log"
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    telling = [line for line in lines if "FATAL" in line or "rror" in line or "Bad file format" in line]
    return (telling or lines or ["it left no message"])[-1].strip()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        (folder / "users.lock").open("a").close()
    except OSError as error:
        raise EngineError(f"The folder {folder} cannot be used for an engine: {error.strerror}.") from error


def _try_lock(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait_for_lock(file: IO[str], kind: int) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not _try_lock(file, kind):
        if time.monotonic() > deadline:
            raise EngineError(
                f"Another process has held {file.name} for {WAIT_SECONDS:.0f} s; end it and try again."
            )
        time.sleep(POLL_SECONDS)
