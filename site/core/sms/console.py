"""SMS for development: they are written to the log."""

import logging
from uuid import uuid4

logger = logging.getLogger(__name__)


class ConsoleSender:
    """Sends nothing to anybody."""

    def send(self, *, to: str, text: str) -> str:
        """Log the message; an invented number."""
        logger.info("SMS to %s: %s", to, text)
        return f"console-{uuid4()}"
