"""Telling staff what a night's comparison found."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone

from core.handing import MailServerAway, hand_over
from core.mail import build_message
from core.seller import get_seller
from shop.orders.invariants import find_violations
from shop.orders.models import Mismatch, Reconciliation

LISTED = 50


def send_money_report(*, run_id: int) -> bool:
    """Send staff the list of all that does not match, once a night; says whether this call did.

    Without an address there is nobody to tell: the log has said it. Raises MailServerAway where it is to be
    tried again.
    """
    run = Reconciliation.objects.get(pk=run_id)
    address = settings.STAFF_EMAIL or get_seller().email
    message = build_report(run, address) if address else None
    unreported = Reconciliation.objects.filter(pk=run_id, reported_at=None, finished_at__isnull=False)
    if not unreported.update(reported_at=timezone.now()) or message is None:
        return False
    try:
        hand_over(message)
    except MailServerAway:
        Reconciliation.objects.filter(pk=run_id).update(reported_at=None)
        raise
    return True


def build_report(run: Reconciliation, address: str) -> EmailMultiAlternatives:
    """The list of all that does not match now, in the shop's own language."""
    rows = Mismatch.objects.open().select_related("order").order_by("found_at", "pk")
    violations = find_violations()
    return build_message(
        template="orders/reconciliation",
        context={
            "run": run,
            "rows": rows[:LISTED],
            "rows_count": rows.count(),
            "violations": violations[:LISTED],
            "violations_count": len(violations),
            "list_url": settings.SITE_URL + reverse("wagtailsnippets_shop_mismatch:list"),
        },
        to=address,
        language=settings.LANGUAGE_CODE,
        message_id=f"reconciliation-{run.day:%Y-%m-%d}",
    )
