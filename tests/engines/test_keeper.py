"""The keeper with a stand-in for an engine: a program that sleeps."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from anyberry.engines import EngineError, remove_engine
from anyberry.engines.tenancy import Tenancy, has_keeper, start_engine

SLEEPER = [sys.executable, "-S", "-c", "import time; print('ready', flush=True); time.sleep(600)"]
TENANT = """
import sys, time
sys.path.insert(0, "site")
from pathlib import Path
from anyberry.engines.tenancy import Tenancy
Tenancy.take(Path(sys.argv[1]), start=lambda: sys.exit("no engine to join"), join=lambda: "address")
print("joined", flush=True)
time.sleep(600)
"""


def wait_for(condition: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def start_sleeper(folder: Path, command: list[str] = SLEEPER) -> str:
    """Start the sleeper; its "address" is the keeper's pid."""
    log = folder / "server.log"
    start_engine(
        folder,
        name="The sleeper",
        command=command,
        stop_signal=signal.SIGTERM,
        user="",
        is_ready=lambda: log.exists() and "ready" in log.read_text(),
    )
    return (folder / "keeper.pid").read_text()


def find_sleeper(keeper_pid: str) -> psutil.Process:
    (sleeper,) = psutil.Process(int(keeper_pid)).children()
    return sleeper


def refuse_to_join() -> str:
    raise AssertionError("the engine runs already")


@pytest.fixture
def tenancy(tmp_path: Path) -> Iterator[Tenancy]:
    folder = tmp_path / "engine"
    tenancy = Tenancy.take(folder, start=lambda: start_sleeper(folder), join=refuse_to_join)
    yield tenancy
    tenancy.release()


@pytest.fixture
def other_process(tenancy: Tenancy) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", TENANT, str(tenancy.folder)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "joined\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_process_takes_one_share_however_often_it_asks(tenancy):
    again = Tenancy.take(tenancy.folder, start=refuse_to_join, join=refuse_to_join)

    assert again is tenancy


def test_the_engine_has_stopped_when_the_last_user_has_left(tenancy):
    sleeper = find_sleeper(tenancy.address)

    tenancy.release()

    assert not has_keeper(tenancy.folder)
    assert not sleeper.is_running()


def test_the_engine_stays_while_another_process_uses_it(tenancy, other_process):
    sleeper = find_sleeper(tenancy.address)

    tenancy.release()

    assert has_keeper(tenancy.folder)
    assert sleeper.is_running()


def test_the_engine_stops_when_its_last_user_is_killed(tenancy, other_process):
    sleeper = find_sleeper(tenancy.address)
    tenancy.release()

    os.kill(other_process.pid, signal.SIGKILL)

    assert wait_for(lambda: not has_keeper(tenancy.folder))
    assert not sleeper.is_running()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux signals the children of a dead parent")
def test_the_engine_does_not_outlive_a_killed_keeper(tenancy):
    sleeper = find_sleeper(tenancy.address)

    os.kill(int(tenancy.address), signal.SIGKILL)

    assert wait_for(lambda: not sleeper.is_running())


def test_sigterm_stops_the_engine_whoever_uses_it(tenancy):
    sleeper = find_sleeper(tenancy.address)

    os.kill(int(tenancy.address), signal.SIGTERM)

    assert wait_for(lambda: not has_keeper(tenancy.folder))
    assert not sleeper.is_running()


def test_a_newcomer_waits_until_a_stopping_engine_is_down(tenancy):
    with (tenancy.folder / "users.lock").open("a") as stopping:
        tenancy.release()
        fcntl.flock(stopping, fcntl.LOCK_EX)
        command = [sys.executable, "-c", TENANT, str(tenancy.folder)]
        process = subprocess.Popen(command, stderr=subprocess.PIPE)
        time.sleep(1)
        assert process.poll() is None

    _, errors = process.communicate(timeout=20)

    assert b"no engine to join" in errors


def test_an_engine_that_ends_at_once_is_an_error_with_its_last_words(tmp_path):
    command = [sys.executable, "-S", "-c", "raise SystemExit('FATAL: no more berries')"]

    with pytest.raises(EngineError, match="FATAL: no more berries"):
        Tenancy.take(tmp_path, start=lambda: start_sleeper(tmp_path, command), join=refuse_to_join)

    assert not has_keeper(tmp_path)


def test_an_engine_in_use_is_not_removed(tenancy, other_process, monkeypatch):
    monkeypatch.setattr("anyberry.engines.tenancy.REMOVAL_SECONDS", 0.5)
    tenancy.release()

    with pytest.raises(EngineError, match="in use by another process"):
        remove_engine(tenancy.folder)

    assert has_keeper(tenancy.folder)


def test_an_engine_nobody_uses_is_removed_with_its_folder(tenancy):
    tenancy.release()

    remove_engine(tenancy.folder)

    assert not tenancy.folder.exists()


def test_removing_what_is_not_there_is_fine(tmp_path):
    remove_engine(tmp_path / "nothing")

    assert not (tmp_path / "nothing").exists()
