"""All mails of the shop, for the catalog of mails to find."""

from shop.favorites import mail_samples as favorite_samples
from shop.orders import mail_samples as order_samples

__all__ = ["favorite_samples", "order_samples"]
