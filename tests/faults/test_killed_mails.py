"""The power goes out under a worker that sends a mail or an SMS: none is lost, no SMS is paid for twice."""

from datetime import timedelta

import pytest

from core.models import Mail, TextMessage
from core.outbox import post_mail, post_text
from shop.orders.letters import report_step
from shop.orders.models import Letter, Mismatch, SentMail
from shop.orders.settling import send_again
from tests.factories.accounts import UserFactory
from tests.factories.orders import make_order
from tests.faults.programs import ShopStack

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("held_mail")]
DELIVERING, CHEQUES = "core.delivering", "shop.orders.cheques"
READER = "killed@example.com"
# Where a mail is: still here, nobody can know, there and nobody wrote it down, all done.
HERE, NOWHERE, THERE, DONE = "here", "nowhere", "there", "done"
MAILS = [
    (f"{DELIVERING}.send_mail before", HERE),
    (f"{DELIVERING}.build_message after", HERE),
    (f"{DELIVERING}.claim after", NOWHERE),
    ("smtplib.SMTP.sendmail before", NOWHERE),
    ("smtplib.SMTP.sendmail after", THERE),
    (f"{DELIVERING}.hand_over after", THERE),
    (f"{DELIVERING}.mark_sent after", DONE),
]
LETTERS = [
    (f"{CHEQUES}.send_letter before", HERE),
    (f"{CHEQUES}.claim after", NOWHERE),
    (f"{CHEQUES}.hand_over after", THERE),
    (f"{CHEQUES}.keep_copy after", THERE),
    (f"{CHEQUES}._mark after", DONE),
]
TEXTS = [
    (f"{DELIVERING}.send_text before", HERE),
    (f"{DELIVERING}.claim after", NOWHERE),
    (f"{DELIVERING}.send_by_channel after", THERE),
    (f"{DELIVERING}.mark_sent after", DONE),
]


def come_to_rest(stack: ShopStack) -> None:
    """Even what the dead worker had in its hands is done once more."""
    stack.deliver_again()
    stack.wait_for_rest()


@pytest.mark.parametrize(("place", "where"), MAILS)
def test_a_mail_of_the_outbox_is_sent_all_the_same(quiet_stack, kill_at, place, where):
    letter = {"subject": "Ваш пароль изменён", "paragraphs": ["Если это были вы, делать ничего не нужно."]}
    mail = post_mail(
        template="account/letter", context={"letter": letter}, to=READER, language="ru", key="killed"
    )

    kill_at(place, "core.tasks.send_mail", mail_id=mail.pk)

    quiet_stack.catch_up(lambda: Mail.objects.get().status == "sent", "the mail")
    come_to_rest(quiet_stack)
    mails = quiet_stack.mail.find(READER)
    assert len(mails) == (2 if where == THERE else 1)
    assert len({found["Message-ID"] for found in mails}) == 1
    assert Mail.objects.get().context == {}


@pytest.mark.parametrize(("place", "where"), LETTERS)
def test_a_letter_about_an_order_goes_out_or_a_person_is_told(quiet_stack, at_stack, kill_at, place, where):
    order = make_order()
    letter = report_step(order, Letter.Kind.HANDED_OVER)

    kill_at(place, "shop.orders.tasks.send_letter", letter_id=letter.pk)

    if where not in {HERE, DONE}:
        row = quiet_stack.catch_up(find_stuck, "the alarm over the letter")
        send_again(mismatch_id=row.pk, by=UserFactory(is_staff=True))
    quiet_stack.catch_up(lambda: Letter.objects.get().status == "sent", "the letter")
    come_to_rest(quiet_stack)
    mails = quiet_stack.mail.find(order.email)
    assert len(mails) == (2 if where == THERE else 1)
    assert len({found["Message-ID"] for found in mails}) == 1
    assert SentMail.objects.count() == 1
    assert not Mismatch.objects.open().exists()


@pytest.mark.parametrize(("place", "where"), TEXTS)
def test_an_sms_is_never_sent_twice(quiet_stack, kill_at, place, where):
    phone = f"+7999{TEXTS.index((place, where)):07}"
    text = post_text(
        channel=TextMessage.Channel.SMS,
        to=phone,
        text="В пути",
        key="killed",
        good_for=timedelta(hours=9),
    )

    kill_at(place, "core.tasks.send_text", text_id=text.pk)

    quiet_stack.catch_up(lambda: TextMessage.objects.get().status in {"sent", "failed"}, "the SMS")
    come_to_rest(quiet_stack)
    logs = [path.read_text(errors="replace") for path in quiet_stack.folder.glob("newborn-*.log")]
    sent = sum(log.count(f"SMS to {phone}") for log in logs)
    assert TextMessage.objects.get().status == ("sent" if where in {HERE, DONE} else "failed")
    assert sent == (0 if where == NOWHERE else 1)


def find_stuck() -> Mismatch | None:
    return Mismatch.objects.filter(kind=Mismatch.Kind.LETTER_STUCK).first()
