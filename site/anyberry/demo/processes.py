"""Several programs as one: started together, heard together, stopped together."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from anyberry.engines.keeper import build_death_wish

GRACE_SECONDS = 10.0
POLL_SECONDS = 0.1
COLORS = ("36", "33", "35", "32", "34")


@dataclass
class Program:
    """One program of the demo: its name in the log, and its command."""

    name: str
    command: list[str]
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def exit_status(self) -> int | None:
        return self.process.poll() if self.process else None


class ProgramDied(Exception):
    """One of the programs ended although nobody asked it to."""

    def __init__(self, program: Program) -> None:
        super().__init__(
            f"{program.name} stopped by itself (exit status {program.exit_status}); see its lines above."
        )


class Troupe:
    """The programs of the demo. None of them outlives this process, however it ends (on Linux)."""

    def __init__(self, programs: list[Program], *, environment: Mapping[str, str], folder: Path) -> None:
        self._programs = programs
        self._environment = environment
        self._folder = folder
        self._readers: list[threading.Thread] = []

    def start(self) -> None:
        # All of them before the first thread: the death wish is told between fork and exec.
        for program in self._programs:
            program.process = subprocess.Popen(
                program.command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                env=self._environment,
                start_new_session=True,  # Ctrl-C reaches us alone; we pass it on
                preexec_fn=build_death_wish(signal.SIGTERM),  # noqa: PLW1509  no thread runs yet
            )
        width = max(len(program.name) for program in self._programs)
        for number, program in enumerate(self._programs):
            prefix = _build_prefix(program.name.ljust(width), COLORS[number % len(COLORS)])
            reader = threading.Thread(target=_copy_lines, args=(program, prefix), daemon=True)
            reader.start()
            self._readers.append(reader)

    def check(self) -> None:
        """Raise ProgramDied if one of them has ended."""
        for program in self._programs:
            if program.exit_status is not None:
                raise ProgramDied(program)

    def wait(self, until: Callable[[], bool]) -> None:
        """Watch over them until the condition holds; raise ProgramDied if one ends before."""
        while not until():
            self.check()
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """Ask all of them to end, give them time, and end those that don't, with all they started."""
        self._signal(signal.SIGTERM, whole_group=False)
        deadline = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < deadline and any(self._running()):
            time.sleep(POLL_SECONDS)
        self._signal(signal.SIGKILL, whole_group=True)
        for reader in self._readers:
            reader.join(timeout=1)

    def _running(self) -> list["subprocess.Popen[bytes]"]:
        return [p.process for p in self._programs if p.process is not None and p.process.poll() is None]

    def _signal(self, signum: signal.Signals, *, whole_group: bool) -> None:
        for process in self._running():
            if whole_group:
                os.killpg(process.pid, signum)
                process.wait()
            else:
                process.send_signal(signum)


def _build_prefix(name: str, color: str) -> bytes:
    text = f"\x1b[{color}m{name} |\x1b[0m " if sys.stdout.isatty() else f"{name} | "
    return text.encode()


def _copy_lines(program: Program, prefix: bytes) -> None:
    """Print what a program says, line by line, behind its name. Runs in a thread until the program ends."""
    output: IO[bytes] | None = program.process.stdout if program.process else None
    if output is None:
        return
    with output:
        for line in output:
            sys.stdout.buffer.write(prefix + line.rstrip(b"\n") + b"\n")
            sys.stdout.buffer.flush()
