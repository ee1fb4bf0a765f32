"""A mail server on a real socket, that refuses, greylists, hangs or hangs up when told."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

HANG_SECONDS = 60
OK = "250 OK"


class MailServer(socketserver.ThreadingTCPServer):
    """Keeps every mail it took. `moods` says, by step of the dialogue, what goes wrong there.

    Steps: greeting, EHLO, MAIL, RCPT, DATA, body. A mood is an answer ("451 try later"), "hang" or "drop".
    At "body" the mail is kept first: it was taken, whatever the client hears.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Dialogue)
        self.mails: list[EmailMessage] = []
        self.moods: dict[str, str] = {}
        self.once: dict[str, str] = {}
        self.tries: list[str] = []
        self.released = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        return self.server_address[1]

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.recover()
        self.shutdown()
        self._thread.join()
        self.server_close()

    def reset(self) -> None:
        self.recover()
        self.mails.clear()
        self.tries.clear()

    def recover(self) -> None:
        """Let all go well from now on, and who hangs go."""
        self.moods.clear()
        self.once.clear()
        self.released.set()
        self.released = threading.Event()

    def handle_error(self, request, client_address) -> None:
        """Clients that were killed hang up in the middle: nothing to tell."""

    @contextmanager
    def being(self, **moods: str) -> Iterator[None]:
        self.moods.update(moods)
        yield
        self.recover()

    def get_mood(self, step: str, usual: str) -> str:
        return self.once.pop(step, None) or self.moods.get(step, usual)

    def answer_once(self, step: str, mood: str) -> None:
        """Be in that mood when the step comes next, and well again afterwards."""
        self.once[step] = mood

    def find(self, address: str) -> list[EmailMessage]:
        return [mail for mail in list(self.mails) if address in str(mail["To"])]


class _Dialogue(socketserver.StreamRequestHandler):
    server: MailServer
    timeout = HANG_SECONDS

    def handle(self) -> None:
        self.answer("greeting", "220 mail.example ESMTP")
        while line := self.rfile.readline():
            word = line.split(b":")[0].split()[0].decode().upper() if line.strip() else ""
            if word == "QUIT":
                self.say("221 Bye")
                return
            if word != "DATA":
                self.answer("EHLO" if word == "HELO" else word, OK)
            elif self.answer("DATA", "354 Go on").startswith("354"):
                self.take_body()

    def take_body(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b"."))
        if not line:  # the client died in the middle
            return
        mood = self.server.get_mood("body", "250 Taken")
        if not mood.startswith(("4", "5")):
            self.server.mails.append(message_from_bytes(b"".join(lines), policy=policy.default))
        self.act("body", mood)

    def answer(self, step: str, usual: str) -> str:
        return self.act(step, self.server.get_mood(step, usual))

    def act(self, step: str, mood: str) -> str:
        self.server.tries.append(f"{step}: {mood}")
        if mood == "hang":
            self.server.released.wait(HANG_SECONDS)
        if mood in {"hang", "drop"}:
            raise ConnectionAbortedError
        self.say(mood)
        return mood

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")
