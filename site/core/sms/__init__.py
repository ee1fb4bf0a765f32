"""Short messages: SMS by a provider of one's choice, and the staff's chat in Telegram."""
