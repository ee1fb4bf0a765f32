"""Whom a mailing is for."""

from datetime import timedelta

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from home.newsletter.models import Delivery, Mailing, NewsletterPage, Subscriber, SubscriberQuerySet
from shop.favorites.fans import list_fans
from shop.orders.buyers import list_buyers


def find_audience(mailing: Mailing) -> SubscriberQuerySet:
    """Active subscribers whom the mailing addresses and whom no mailing of the same issue has addressed."""
    addressed = Delivery.objects.filter(issue=mailing.issue, subscriber=OuterRef("pk"))
    readers = Subscriber.objects.active().filter(~Exists(addressed), language__in=mailing.languages)
    if mailing.favorite_id:
        readers = readers.among(list_fans(mailing.favorite_id))
    if mailing.bought is not None:
        since = timezone.now() - timedelta(days=mailing.bought) if mailing.bought else None
        readers = readers.among(list_buyers(since))
    return readers


def find_versions(mailing: Mailing) -> dict[str, NewsletterPage]:
    """The published versions of the mailing's issue in its languages, by language."""
    pages = NewsletterPage.objects.published().filter(
        translation_key=mailing.issue, locale__language_code__in=mailing.languages
    )
    return {page.locale.language_code: page for page in pages.select_related("locale").order_by("locale")}


def count_readers() -> dict[str, int]:
    """How many active subscribers there are in each language that has any."""
    readers = Subscriber.objects.active().order_by().values_list("language")
    return dict(readers.annotate(count=Count("pk")))
