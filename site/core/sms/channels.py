"""Which channels are set up, and who sends for each."""

from django.conf import settings
from django.utils.module_loading import import_string

from core.models import TextMessage
from core.sms.base import TextAway, TextDoubtful, TextRefused, TextSender
from core.sms.telegram import TelegramSender

Channel = TextMessage.Channel
SMS_SENDERS = {"console": "core.sms.console.ConsoleSender", "smsru": "core.sms.smsru.SmsRuSender"}


def is_set_up(channel: TextMessage.Channel) -> bool:
    """Whether messages can go that way at all."""
    if channel == Channel.SMS:
        return bool(settings.SMS_PROVIDER)
    return bool(settings.TELEGRAM_BOT_TOKEN and settings.TELEGRAM_CHAT_ID)


def send_by_channel(text: TextMessage) -> str:
    """Send a message by its channel; its number at the provider.

    Raises TextAway, TextRefused, or TextDoubtful where it must not be sent again.
    """
    channel = Channel(text.channel)
    if not is_set_up(channel):
        raise TextRefused(f"{channel.label} is not set up")
    try:
        return make_sender(channel).send(to=text.to, text=text.text)
    except TextDoubtful as doubt:
        if channel == Channel.TELEGRAM:  # twice is better than never, and costs nothing
            raise TextAway(str(doubt)) from doubt
        raise


def make_sender(channel: TextMessage.Channel) -> TextSender:
    """Whoever sends for the channel."""
    if channel == Channel.TELEGRAM:
        return TelegramSender()
    sender: TextSender = import_string(SMS_SENDERS[settings.SMS_PROVIDER])()
    return sender
