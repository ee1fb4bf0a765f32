"""Engines of the fault tests' own, to stop, freeze and bring back: nobody else's work depends on them."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import redis

from anyberry.engines import ensure_postgres
from anyberry.engines import postgres as postgres_engine
from anyberry.engines.redis_server import _find_program
from anyberry.engines.tenancy import Tenancy, has_keeper

HOST = "127.0.0.1"


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def wait_until(ask, what: str, seconds: float = 30, pause: float = 0.05):
    """Ask until the answer is true, and give it; fail with `what` when the time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = ask()
        if answer:
            return answer
        time.sleep(pause)
    raise AssertionError(f"waited {seconds} s in vain for {what}")


class RedisServer:
    """A Redis that keeps what it was told on disk, as in production, and comes back with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = find_free_port()
        self.process: subprocess.Popen | None = None
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def url(self) -> str:
        return f"redis://{HOST}:{self.port}/0"

    @property
    def client(self) -> redis.Redis:
        return redis.Redis(host=HOST, port=self.port, socket_timeout=5)

    def start(self) -> None:
        options = ["--bind", HOST, "--port", str(self.port), "--dir", str(self.folder)]
        options += ["--save", "", "--appendonly", "yes", "--appendfsync", "always"]
        with (self.folder / "redis.log").open("ab") as log:
            self.process = subprocess.Popen([_find_program(), *options], stdout=log, stderr=log)
        wait_until(self._answers, "Redis to answer")

    def stop(self) -> None:
        """End it; whoever asks is refused."""
        if self.process:
            self.thaw()
            self.process.terminate()
            self.process.wait(20)
            self.process = None

    def freeze(self) -> None:
        """Let it take connections and never answer."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def recover(self) -> None:
        """Be there again, whatever was done to it."""
        if self.process is None:
            self.start()
        self.thaw()

    def _answers(self) -> bool:
        try:
            with self.client as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


class PostgresServer:
    """A PostgreSQL that may be restarted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.url = ensure_postgres(folder, durable=False)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT: as `systemctl restart` does. SIGQUIT: as a crash."""
        os.kill(int((self.folder / "data" / "postmaster.pid").read_text().split()[0]), how)
        wait_until(lambda: not has_keeper(self.folder), "PostgreSQL to end")

    def start(self) -> None:
        """Come back, with all that was committed."""
        postgres_engine._start(self.folder, durable=False)

    def release(self) -> None:
        """Leave it; it ends with its last user."""
        Tenancy._held[self.folder].release()
