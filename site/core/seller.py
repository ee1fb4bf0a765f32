"""Who sells, for code that answers no request: mails, services, tasks."""

from wagtail.models import Site

from core.models import SellerSettings


def get_seller() -> SellerSettings:
    """The seller as the default site says; the defaults where no site is set up."""
    site = Site.objects.filter(is_default_site=True).first()
    return SellerSettings.for_site(site) if site else SellerSettings()
