"""YooKassa: a provider that takes real money. Deleting this folder and its line in PROVIDERS removes it."""
