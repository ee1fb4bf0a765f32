"""`python -m payments.emulator`: a payment provider for the demo and for tests."""

import logging
import signal
import sys
import threading

from payments.emulator.config import parse_arguments
from payments.emulator.server import start

logger = logging.getLogger("emulator")


def main() -> int:
    """Serve until somebody says stop."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    config = parse_arguments(sys.argv[1:])
    try:
        server = start(config)
    except OSError as error:
        logger.error("Can't listen at %s:%d: %s", config.host, config.port, error.strerror)  # noqa: TRY400
        return 1
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    logger.info(
        "%s emulator at %s, notifies %s",
        server.emulator.brand,
        server.local_url,
        config.callback_url or "nobody",
    )
    server.serve_forever()
    server.server_close()
    server.emulator.postman.stop()
    server.emulator.book.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
