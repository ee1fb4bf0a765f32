"""The letter to an address that was entered in the form. The row says that it is due until it is taken up."""

from smtplib import SMTPRecipientsRefused, SMTPResponseException

from home.newsletter.emails import build_answer
from home.newsletter.models import Subscriber
from home.newsletter.sending import MailServerAway, open_connection


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
        try:
            connection.send_messages([message])
        except (SMTPResponseException, SMTPRecipientsRefused) as error:
            Subscriber.objects.filter(pk=subscriber_id, due_answer="").update(due_answer=answer)
            raise MailServerAway(str(error)) from error
    finally:
        connection.close()
    return True
