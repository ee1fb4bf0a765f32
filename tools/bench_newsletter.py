"""`make bench-newsletter`: how long 10,000 letters take, and how much memory the sender needs for them.

Everything is real: PostgreSQL, the frozen letter, a claim and a mark for each reader, and a mail server on a
socket, in a process of its own, that takes every letter apart and counts addresses. The database is the
benchmark's own and goes with it. One sender works, as one Celery worker would; the server has the other core.
"""

import argparse
import json
import multiprocessing
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tools.bench_kit import find_port, own_database

READERS = 10_000
GOAL_SECONDS = 300
# What the sender may hold more at the last letter than after the first batch: else it grows with its readers.
MOST_GROWTH_MB = 16


class Sink:
    """What the mail server does with letters: it looks whether they are whole, and counts."""

    def __init__(self) -> None:
        self.addresses: Counter[str] = Counter()
        self.octets = 0
        self.broken = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        """Take a letter."""
        message = message_from_bytes(envelope.content)
        self.octets += len(envelope.content)
        self.broken += not (message["List-Unsubscribe"] and message.is_multipart())
        self.addresses.update(envelope.rcpt_tos)
        return "250 OK"


def serve(port: int, pipe: Connection) -> None:
    """Run the mail server until told to stop, then say what came."""
    from aiosmtpd.controller import Controller  # noqa: PLC0415 (needed in this process alone)

    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    pipe.send("ready")
    pipe.recv()
    controller.stop()
    twice = sum(count > 1 for count in sink.addresses.values())
    pipe.send((len(sink.addresses), twice, sink.broken, sink.octets))


@contextmanager
def running_sink() -> Iterator[tuple[int, Connection]]:
    """A mail server, its port, and the line to it."""
    port = find_port()
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(port, theirs), daemon=True)
    process.start()
    ours.recv()
    try:
        yield port, ours
    finally:
        process.join(timeout=10)
        process.terminate()


def post_to(port: int) -> None:
    """Point the shop's mail to the sink, by the client that production sends with."""
    from django.conf import settings  # noqa: PLC0415 (Django has to be set up first)

    settings.EMAIL_BACKEND = "core.smtp.CarefulBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port


def make_mailing(readers: int) -> Any:
    """An issue with text, berries and articles, and so many subscribers for it."""
    from django.utils import timezone  # noqa: PLC0415 (Django has to be set up first)

    from home.newsletter.models import Subscriber  # noqa: PLC0415
    from tests.factories import newsletter  # noqa: PLC0415
    from tests.factories.catalog import make_offered_berry  # noqa: PLC0415
    from tests.factories.pages import ArticlePageFactory  # noqa: PLC0415

    now = timezone.now()
    Subscriber.objects.bulk_create(
        (
            Subscriber(email=f"reader{number}@example.com", language="ru", status="active", confirmed_at=now)
            for number in range(readers)
        ),
        batch_size=2000,
    )
    berries = [make_offered_berry().berry_id for _number in range(6)]
    made: list[Any] = [ArticlePageFactory() for _number in range(3)]
    articles = [page.pk for page in made]
    text = "<h2>Что созрело</h2>" + "<p>Ягода спелая, собрана утром и едет к вам в холоде.</p>" * 8
    blocks = [
        ("text", text),
        ("berries", {"title": "Ягоды недели", "berries": berries}),
        ("articles", {"title": "Почитать", "articles": articles}),
        ("action", {"label": "Все ягоды", "page": None, "url": "https://anyberry.example/catalog/"}),
    ]
    return newsletter.make_mailing(newsletter.make_issue(blocks=blocks))


def send_all(mailing: Any) -> tuple[float, float, list[int]]:
    """Send the mailing batch by batch; seconds for the start and for the letters, memory after each batch.

    Memory is counted from the end of the first batch: until then modules and templates are loaded.
    """
    from home.newsletter import sending  # noqa: PLC0415 (Django has to be set up first)
    from tests.factories.newsletter import start  # noqa: PLC0415

    begun = time.perf_counter()
    run = start(mailing)
    started = time.perf_counter()
    if run is None:
        raise RuntimeError("the mailing did not start")
    memory = []
    has_more = True
    while has_more:
        has_more = sending.send_batch(mailing_id=mailing.pk, run=run)
        memory.append(read_memory())
    return started - begun, time.perf_counter() - started, memory


def read_memory() -> int:
    """What the process holds at this moment, in kilobytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1024


def main() -> int:
    """Send, count, print; 1 where the goal was missed or a letter went astray."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--readers", type=int, default=READERS)
    readers: int = parser.parse_args().readers
    with running_sink() as (port, sink):
        with own_database("_letters"):
            post_to(port)
            before, seconds, memory = send_all(make_mailing(readers))
        sink.send("stop")
        reached, twice, broken, octets = sink.recv()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    figures = {
        "readers": readers,
        "reached": reached,
        "addressed twice": twice,
        "broken letters": broken,
        "seconds to freeze and write down": round(before, 1),
        "seconds to send": round(seconds, 1),
        "letters a second": round(readers / seconds),
        "kilobytes a letter": round(octets / max(reached, 1) / 1024, 1),
        "memory after the first batch, MB": memory[0] // 1024,
        "memory at the last letter, MB": memory[-1] // 1024,
        "peak memory, MB": peak // 1024,
        "load of the machine": round(os.getloadavg()[0], 1),
        "cores": os.cpu_count(),
    }
    print(json.dumps(figures, indent=2))
    misses = [
        words
        for is_missed, words in (
            (reached != readers or twice or broken, f"{readers} readers, each once, a whole letter"),
            (before + seconds >= GOAL_SECONDS, f"{GOAL_SECONDS} s"),
            (memory[-1] - memory[0] > MOST_GROWTH_MB * 1024, f"at most {MOST_GROWTH_MB} MB more memory"),
        )
        if is_missed
    ]
    print(f"Goal missed: {'; '.join(misses)}." if misses else "Goal reached.")
    return 1 if misses else 0


if __name__ == "__main__":
    sys.exit(main())
