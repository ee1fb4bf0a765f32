"""The shop as it runs in earnest: web, worker, provider and mail server, each on a socket of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import requests
from celery import Celery
from django.conf import settings
from django.db import connection
from psycopg import sql

from payments.emulator.server import Handle
from tests.faults.engines import HOST, RedisServer, find_free_port, wait_until
from tests.faults.smtp import MailServer

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120
WEB_THREADS = 20
# How long the worker waits for a mail server that hangs.
MAIL_SECONDS = 2
REST_SECONDS = 15
# Jobs that have nothing to do with money.
OTHER_JOBS = ("core.tasks.", "home.", "search.", "shop.catalog.", "shop.reviews.")


class Program:
    """One process of the shop, with its children a group of its own, and a log to read when it fails."""

    def __init__(self, command: list[str], *, environment: dict[str, str], log: Path) -> None:
        self.command, self.environment, self.log = command, environment, log
        self.process: subprocess.Popen | None = None

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.mortal", *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env=self.environment,
                start_new_session=True,
            )

    def stop(self) -> None:
        """Ask it to end, and end it with all its children if it does not."""
        if self.is_running:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """The power goes out."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def read_log(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""


class Newborn:
    """A worker out of the nursery."""

    def __init__(self, pid: int, log: Path) -> None:
        self.pid, self.log = pid, log

    @property
    def is_running(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def read_log(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def kill(self) -> None:
        if self.is_running:
            os.killpg(self.pid, signal.SIGKILL)
            wait_until(lambda: not self.is_running, "the worker to be dead")


class Nursery:
    """Where workers with breakpoints come from, ready at once; see nursery.py."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.number = 0
        self.breakpoint = folder / "breakpoint"
        told = environment | {"BREAKPOINT": str(self.breakpoint), "CELERY_SKIP_CHECKS": "1"}
        with (folder / "nursery.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.mortal", sys.executable, "-m", "tests.faults.nursery"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=ROOT,
                env=told,
            )
        assert self.process.stdout.readline().strip() == "ready", (folder / "nursery.log").read_text()

    def bear(self) -> Newborn:
        """Another worker."""
        self.number += 1
        log = self.folder / f"newborn-{self.number}.log"
        self.process.stdin.write(f"{log}\n")
        self.process.stdin.flush()
        return Newborn(int(self.process.stdout.readline()), log)

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait(15)
        self.process.stdout.close()


class ShopStack:
    """The running shop. Its database is the one the test sees; all else it talks to is its own."""

    def __init__(
        self, folder: Path, *, redis: RedisServer, mail: MailServer, provider: Handle, yookassa: Handle
    ) -> None:
        self.folder, self.redis, self.mail = folder, redis, mail
        self.provider, self.yookassa = provider, yookassa
        self.port = find_free_port()
        self.web: Program | None = None
        self.worker: Program | Newborn | None = None
        self.started = 0
        self.put_back: list[bytes] = []

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def build_environment(self) -> dict[str, str]:
        """What the programs are told: DEBUG off, everything else as `make demo` has it."""
        return dict(os.environ) | {
            "DJANGO_SETTINGS_MODULE": "anyberry.settings.development",
            "DEBUG": "0",
            "SECRET_KEY": settings.SECRET_KEY,  # so that who signs in here is signed in there
            "SITE_URL": self.url,
            "VAR_DIR": str(self.folder),
            "DATABASE_URL": describe_database(),
            "REDIS_URL": self.redis.url,
            "EMAIL_URL": f"smtp://{HOST}:{self.mail.port}?timeout={MAIL_SECONDS}",
            "QIWI_API_URL": self.provider.url,
            "QIWI_SECRET_KEY": self.provider.secret,
            "QIWI_SITE_ID": self.provider.site_id,
            "YOOKASSA_API_URL": f"{self.yookassa.url}/v3",
            "YOOKASSA_SECRET_KEY": self.yookassa.secret,
            "YOOKASSA_SHOP_ID": self.yookassa.site_id,
            "YOOKASSA_NOTIFY_NETWORKS": f"{HOST}/32",
            "SMS_PROVIDER": "console",
            "PYTHONUNBUFFERED": "1",
        }

    # --- Programs ---------------------------------------------------------------

    def ensure_web(self) -> Program:
        """The web server, started where it does not run."""
        if self.web is None or not self.web.is_running:
            self.start_web()
        return self.web

    def ensure_worker(self) -> None:
        """A worker by its own command."""
        if isinstance(self.worker, Newborn):
            self.stop_worker()
        if self.worker is None or not self.worker.is_running:
            command = [sys.executable, "-m", "celery", "--app=anyberry", "--quiet", "worker"]
            command += ["--loglevel=INFO", "--concurrency=2", "--without-gossip", "--without-mingle"]
            self.worker = worker = self._start("worker", command)
            wait_until(lambda: " ready." in worker.read_log(), "the worker", START_SECONDS)

    def stop_worker(self) -> None:
        """No worker at all."""
        if isinstance(self.worker, Newborn):
            self.worker.kill()
        elif self.worker:
            self.worker.stop()
        self.worker = None

    def start_web(self) -> Program:
        """Two processes of many threads."""
        command = [sys.executable, "-m", "gunicorn", "anyberry.wsgi", "--no-control-socket", "--preload"]
        command += ["--bind", f"{HOST}:{self.port}", "--workers", "2", "--graceful-timeout", "3"]
        command += ["--worker-class", "gthread", "--threads", str(WEB_THREADS), "--backlog", "512"]
        self.web = web = self._start("web", command)
        wait_until(lambda: self._answers(web), "the web server to answer", START_SECONDS)
        return web

    def stop_programs(self) -> None:
        self.stop_worker()
        if self.web:
            self.web.stop()

    def _start(self, name: str, command: list[str]) -> Program:
        self.started += 1
        log = self.folder / f"{name}-{self.started}.log"
        program = Program(command, environment=self.build_environment(), log=log)
        program.start()
        return program

    def _answers(self, web: Program) -> bool:
        assert web.is_running, web.read_log()[-3000:]
        try:
            return requests.get(f"{self.url}/readyz", timeout=10).ok
        except requests.RequestException:
            return False

    def recover(self, *, keep: bool = False) -> None:
        """Everything answers again; nothing is remembered, unless it is to be kept for a look at it."""
        self.redis.recover()
        self.mail.recover()
        self.provider.heal()
        if keep:
            return
        self.redis.client.flushall()
        self.mail.reset()
        self.provider.reset()
        self.yookassa.reset()
        self.provider.notify(f"{self.url}/api/v1/qiwi/callback/")

    # --- What beat and time do ------------------------------------------------------

    def send(self, task: str, **kwargs: object) -> None:
        """Hand the worker one task."""
        with Celery("sender", broker=self.redis.url) as sender:
            sender.send_task(task, kwargs=kwargs)

    def run_jobs(self) -> None:
        """Have the worker do what beat would tell it this minute."""
        names = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
        with Celery("beat", broker=self.redis.url) as beat:
            for name in names:
                if not name.startswith(OTHER_JOBS):
                    beat.send_task(name)

    @property
    def is_at_rest(self) -> bool:
        """Whether no task waits for the worker, none is in its hands and none is to be tried again."""
        with self.redis.client as redis:
            return not redis.llen("celery") and not redis.hlen("unacked")

    def put_aside(self) -> None:
        """Keep back what a worker had in its hands when it died: the broker waits an hour for its word."""
        with self.redis.client as redis:
            self.put_back = list(redis.hvals("unacked"))
            redis.delete("unacked", "unacked_index")

    def deliver_again(self) -> None:
        """The hour is over: somebody else gets it."""
        with self.redis.client as redis:
            for kept in self.put_back:
                message, _exchange, queue = json.loads(kept)
                redis.lpush(queue, json.dumps(message))
        self.put_back = []

    def wait_for_rest(self) -> None:
        wait_until(lambda: self.is_at_rest, "the worker to rest", 60)

    def come_down(self) -> None:
        """Everything answers again, nobody is told anything new, and what is under way comes to its end."""
        self.recover(keep=True)
        self.provider.notify("")
        deadline = time.monotonic() + REST_SECONDS
        while self.worker and not self.is_at_rest and time.monotonic() < deadline:
            time.sleep(0.1)
        if not self.is_at_rest:
            self.stop_worker()

    def forget_cache(self) -> None:
        """What the cache was told is older than it keeps anything."""
        with self.redis.client as redis:
            for key in redis.scan_iter("anyberry:*"):
                redis.delete(key)

    def let_pass(self, *, minutes: float) -> None:
        """Make everything about money so much older, and forget which providers rest."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns"
                " WHERE table_schema = 'public' AND data_type = 'timestamp with time zone'"
                " AND table_name ~ '^(payments_|core_(mail|textmessage)|shop_(order|cheque|letter|mismatch))'"
                " GROUP BY table_name"
            )
            for table, columns in cursor.fetchall():
                older = sql.SQL("{0} = {0} - %(time)s")
                changes = sql.SQL(", ").join(older.format(sql.Identifier(name)) for name in columns)
                update = sql.SQL("UPDATE {} SET {}").format(sql.Identifier(table), changes)
                cursor.execute(update, {"time": timedelta(minutes=minutes)})
        self.forget_breakers()

    def forget_breakers(self) -> None:
        keys = self.redis.client.keys("*payments:breaker*")
        if keys:
            self.redis.client.delete(*keys)

    def catch_up(self, is_done, what: str, *, rounds: int = 8, seconds: float = 8):
        """Let minutes pass and their jobs run until it is done."""
        for _round in range(rounds):
            self.let_pass(minutes=3)
            self.run_jobs()
            deadline = time.monotonic() + seconds
            time.sleep(0.2)
            while time.monotonic() < deadline:
                is_over = self.is_at_rest
                if answer := is_done():
                    return answer
                if is_over:
                    break
                time.sleep(0.1)
        raise AssertionError(f"{rounds} rounds of jobs did not bring {what}\n{self.read_logs()}")

    def read_logs(self) -> str:
        """The last lines of both programs."""
        programs = [program for program in (self.web, self.worker) if program]
        return "\n".join(f"--- {program.log.name}\n{program.read_log()[-2500:]}" for program in programs)


def describe_database() -> str:
    """The address of the database that this test session sees."""
    known = connection.settings_dict
    host = quote(str(known["HOST"]), safe="")
    port = f":{known['PORT']}" if known["PORT"] else ""
    secret = f":{quote(known['PASSWORD'])}" if known["PASSWORD"] else ""
    return f"postgresql://{known['USER']}{secret}@{host}{port}/{known['NAME']}"
