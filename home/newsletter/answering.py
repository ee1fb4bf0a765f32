"""The letter to an address that was entered in the form. The row says that it is due until it is taken up."""

import logging

from core.handing import MailRefused, MailServerAway, give, open_connection
from home.newsletter.emails import build_answer
from home.newsletter.models import Subscriber

logger = logging.getLogger(__name__)


def send_answer(*, subscriber_id: int) -> bool:
    """Send the letter that is due; whether this call did. Raises MailServerAway where it is due still."""
    subscriber = Subscriber.objects.filter(pk=subscriber_id).first()
    if subscriber is None or not subscriber.due_answer:
        return False
    answer = subscriber.due_answer
    message = build_answer(subscriber, answer)  # before the claim: a fault in a template leaves it due
    connection = open_connection()
    try:
        due = Subscriber.objects.filter(pk=subscriber_id, due_answer=answer)
        if not due.update(due_answer=""):
            return False
        give(message, connection)
    except MailServerAway:
        Subscriber.objects.filter(pk=subscriber_id, due_answer="").update(due_answer=answer)
        raise
    except MailRefused as refusal:
        logger.warning("The letter to subscriber %s was refused for good: %s", subscriber_id, refusal)
        return False
    finally:
        connection.close()
    return True
