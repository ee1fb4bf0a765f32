"""What has to be right before a program of the shop starts in production: it could not take money else."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from payments.checks import check_payment_provider


def refuse_bad_payments() -> None:
    """Stop the start where production is set up in a way that nobody can pay; the error names the variables.

    Commands such as `migrate` and `collectstatic` don't come by here: an image is built without keys.
    """
    if settings.ENVIRONMENT != "production":
        return
    faults = [f"{fault.msg}. {fault.hint or ''}".strip() for fault in check_payment_provider(None)]
    if faults:
        message = " ".join(faults)
        raise ImproperlyConfigured(message)
