import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from anyberry.demo.processes import Program, ProgramDied, Troupe

SLEEP = "import time; time.sleep(600)"


def build_program(name: str, code: str) -> Program:
    return Program(name, [sys.executable, "-S", "-u", "-c", code])


@pytest.fixture
def build_troupe(tmp_path):
    troupes = []

    def build(*programs: Program) -> Troupe:
        troupe = Troupe(list(programs), environment=dict(os.environ), folder=tmp_path)
        troupes.append(troupe)
        troupe.start()
        return troupe

    yield build
    for troupe in troupes:
        troupe.stop()


def test_what_a_program_says_is_printed_behind_its_name(build_troupe, capfdbinary):
    program = build_program("web", "print('first'); print('второй')")
    troupe = build_troupe(program, build_program("worker", SLEEP))

    with pytest.raises(ProgramDied):
        troupe.wait(lambda: False)
    troupe.stop()

    assert capfdbinary.readouterr().out.decode().splitlines() == ["web    | first", "web    | второй"]


def test_stopping_ends_all_programs(build_troupe):
    programs = [build_program("web", SLEEP), build_program("worker", SLEEP)]
    troupe = build_troupe(*programs)

    troupe.stop()

    assert [program.exit_status for program in programs] == [-signal.SIGTERM, -signal.SIGTERM]


def test_a_program_that_will_not_end_is_killed_with_its_children(build_troupe, tmp_path, monkeypatch):
    monkeypatch.setattr("anyberry.demo.processes.GRACE_SECONDS", 0.3)
    stubborn = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"child = subprocess.Popen([sys.executable, '-S', '-c', {SLEEP!r}]);"
        "open('child', 'w').write(str(child.pid)); open('ready', 'w'); time.sleep(600)"
    )
    program = build_program("worker", stubborn)
    troupe = build_troupe(program)
    troupe.wait((tmp_path / "ready").exists)

    troupe.stop()

    assert program.exit_status == -signal.SIGKILL
    child = int((tmp_path / "child").read_text())
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE


def test_a_program_that_ends_by_itself_is_named(build_troupe):
    troupe = build_troupe(build_program("web", SLEEP), build_program("beat", "raise SystemExit(3)"))

    with pytest.raises(ProgramDied, match=r"beat stopped by itself \(exit status 3\)"):
        troupe.wait(lambda: False)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux signals the children of a dead parent")
def test_no_program_outlives_a_killed_runner(tmp_path):
    runner = (
        "import os, sys; sys.path.insert(0, 'site'); from pathlib import Path;"
        "from anyberry.demo.processes import Program, Troupe;"
        f"program = Program('web', [sys.executable, '-S', '-c', {SLEEP!r}]);"
        "troupe = Troupe([program], environment=dict(os.environ), folder=Path(sys.argv[1]));"
        "troupe.start(); print(program.process.pid, flush=True); troupe.wait(lambda: False)"
    )
    command = [sys.executable, "-c", runner, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        pid = int(process.stdout.readline())
        process.kill()

    deadline = time.monotonic() + 10
    while psutil.pid_exists(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not psutil.pid_exists(pid)


def test_the_folder_of_the_programs_is_the_given_one(build_troupe, tmp_path):
    program = build_program("web", "open('here', 'w')")

    with pytest.raises(ProgramDied):
        build_troupe(program).wait(lambda: False)

    assert Path(tmp_path / "here").exists()
