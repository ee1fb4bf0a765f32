"""All mails of the editors' pages, for the catalog of mails to find."""

from home.newsletter import mail_samples as newsletter_samples

__all__ = ["newsletter_samples"]
