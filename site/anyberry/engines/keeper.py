"""Keep one engine running for as long as somebody uses it.

A script of its own, with nothing but the standard library: it must stay small and start fast.

    python -I keeper.py FOLDER STOP_SIGNAL USER -- COMMAND …

Every process that uses the engine holds a shared lock on FOLDER/users.lock. The kernel drops that lock when
the process ends, even by SIGKILL: so "nobody holds it" means "nobody needs the engine", without any pids.
The keeper holds FOLDER/keeper.lock for as long as it lives. A file FOLDER/hurry tells it not to linger;
SIGTERM tells it to stop the engine at once.
"""

import ctypes
import fcntl
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import IO

POLL_SECONDS = 0.2
# Long enough for `./manage.py migrate && ./manage.py runserver` to find the engine still warm.
LINGER_SECONDS = 4.0
STOP_SECONDS = 20.0
PR_SET_PDEATHSIG = 1


def build_death_wish(signum: int) -> Callable[[], None] | None:
    """A function for a child to call before it executes: the kernel then signals it when its parent dies.

    Only Linux can do that. Elsewhere the next start finds the orphan and ends it.
    """
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signum)

    return ask_kernel


def take_lock(file: IO[str]) -> bool:
    """Take the whole lock if it is free; never wait."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Keeper:
    """One engine, the folder it lives in, and how long it may stay up without users."""

    def __init__(self, folder: Path, *, stop_signal: int, user: str, command: list[str]) -> None:
        self.folder = folder
        self.stop_signal = stop_signal
        self.user = user
        self.command = command
        self.idle_since: float | None = None
        self.told_to_stop = False

    def run(self) -> int:
        """Keep the engine until nobody uses it; the answer is this process' exit status.

        The process that was started returns as soon as the lock is taken; its child does the work.
        """
        with (self.folder / "keeper.lock").open("a") as own, (self.folder / "users.lock").open("a") as users:
            if not take_lock(own):
                return 1
            if os.fork():
                return 0  # the lock stays with the child
            signal.signal(signal.SIGTERM, self._obey)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            (self.folder / "keeper.pid").write_text(str(os.getpid()))
            (self.folder / "hurry").unlink(missing_ok=True)
            engine = self._start()
            while engine.poll() is None:
                if self.told_to_stop or self._is_done(users):
                    return self._stop(engine)
                time.sleep(POLL_SECONDS)
        return 1

    def _obey(self, _signum: int, _frame: FrameType | None) -> None:
        self.told_to_stop = True

    def _is_done(self, users: IO[str]) -> bool:
        """Tell whether the engine may stop. If so, the lock stays taken and newcomers wait for the end."""
        if not take_lock(users):
            self.idle_since = None
            return False
        now = time.monotonic()
        if self.idle_since is None:
            self.idle_since = now
        if (self.folder / "hurry").exists() or now - self.idle_since >= LINGER_SECONDS:
            return True
        fcntl.flock(users, fcntl.LOCK_UN)
        return False

    def _start(self) -> subprocess.Popen[bytes]:
        """Start the engine as a child that dies with us."""
        # "No change" for the three is None, for whoever is not root.
        entry = pwd.getpwnam(self.user) if self.user else None
        with (self.folder / "server.log").open("wb") as output:
            return subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                user=entry.pw_uid if entry else None,
                group=entry.pw_gid if entry else None,
                extra_groups=[] if entry else None,
                preexec_fn=build_death_wish(self.stop_signal),  # noqa: PLW1509  the keeper has a single thread
            )

    def _stop(self, engine: subprocess.Popen[bytes]) -> int:
        """Ask politely, then insist."""
        engine.send_signal(self.stop_signal)
        try:
            engine.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            engine.kill()
            engine.wait()
        return 0


def main(arguments: list[str]) -> int:
    folder, stop_signal, user, _dashes, *command = arguments
    os.umask(0o077)
    return Keeper(Path(folder), stop_signal=int(stop_signal), user=user, command=command).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
