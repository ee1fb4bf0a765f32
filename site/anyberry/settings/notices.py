"""Short messages: SMS to shoppers, Telegram to staff. Each is off without its keys."""

from anyberry.settings.environment import env

SMSRU_API_ID = env.str("SMSRU_API_ID", "")
# smsru, console (the log) or nothing; with a key of SMS.ru it is smsru.
SMS_PROVIDER = env.str("SMS_PROVIDER", "") or ("smsru" if SMSRU_API_ID else "")
SMSRU_API_URL = env.str("SMSRU_API_URL", "https://sms.ru").rstrip("/")
SMSRU_SENDER = env.str("SMSRU_SENDER", "")
SMSRU_TEST = env.bool("SMSRU_TEST", False)
# What the shop may spend: so many SMS a day at most.
SMS_PER_DAY = env.int("SMS_PER_DAY", 300)

TELEGRAM_API_URL = env.str("TELEGRAM_API_URL", "https://api.telegram.org").rstrip("/")
TELEGRAM_BOT_TOKEN = env.str("TELEGRAM_BOT_TOKEN", "")
TELEGRAM_CHAT_ID = env.str("TELEGRAM_CHAT_ID", "")
