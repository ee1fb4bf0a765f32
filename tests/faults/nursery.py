"""Workers by the dozen: a process that has loaded the shop and becomes a worker at a word, as often as asked.

Each is a real worker with a pool and a process group of its own; it is spared only the loading. A line on
stdin is the log of the next one; its process id comes back on stdout.
"""

import os
import signal
import sys

from celery.bin.celery import main as run_celery

from anyberry.celery import app
from anyberry.engines.keeper import build_death_wish

COMMAND = ["celery", "--app=anyberry", "--quiet", "worker", "--loglevel=INFO", "--concurrency=1"]


def main() -> None:
    app.loader.import_default_modules()
    app.finalize()
    from tests.faults import breakpoints

    breakpoints.lay()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead leave nothing behind
    say("ready")
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            become_worker(line.strip())
        say(str(pid))


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def become_worker(log: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    ask_kernel = build_death_wish(signal.SIGTERM)
    if ask_kernel:
        ask_kernel()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(output, 1)
    os.dup2(output, 2)
    sys.argv = [*COMMAND, "--without-gossip", "--without-mingle"]
    sys.exit(run_celery())


if __name__ == "__main__":
    main()
