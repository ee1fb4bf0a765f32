"""Where providers tell us news: written by a stranger until it is proved otherwise."""

import logging

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from ninja import Router

from payments.providers.base import MalformedMessage, SignatureInvalid, Unsupported
from payments.services import record_webhook

logger = logging.getLogger(__name__)
router = Router(tags=["payments"])

MAX_BODY = 64 * 1024


@router.post("/qiwi/callback/", auth=None, url_name="qiwi_callback", summary="QIWI's notification")
def receive_qiwi_notification(request: HttpRequest) -> HttpResponse:
    """Keep the notification and answer at once; what it says is checked with QIWI afterwards.

    200 `{"error":"0"}` for a good one, the first time and every other; 403 forged; 400 malformed; 413 too
    large; 404 in a shop without QIWI; 503 while we can't keep it, so that QIWI repeats it.
    """
    return _receive(request, "qiwi") or JsonResponse({"error": "0"})


@router.post(
    "/yookassa/callback/", auth=None, url_name="yookassa_callback", summary="YooKassa's notification"
)
def receive_yookassa_notification(request: HttpRequest) -> HttpResponse:
    """Keep the notification and answer at once; what it says is checked with YooKassa afterwards.

    200 for a good one, the first time and every other; 403 where it came from no address of YooKassa; 400
    malformed; 413 too large; 404 in a shop without YooKassa; 503 while we can't keep it, so that YooKassa
    repeats it.
    """
    return _receive(request, "yookassa") or HttpResponse(status=200)


def _receive(request: HttpRequest, provider: str) -> JsonResponse | None:
    """Keep the notification; return a refusal where it is not to be kept."""
    try:
        raw_body = request.read(MAX_BODY + 1)
    except (UnreadablePostError, OSError):
        return _refuse(400, "unreadable", "The body did not arrive")
    if len(raw_body) > MAX_BODY:
        return _refuse(413, "too_large", "The body is larger than 64 KB")
    return _keep(request, provider, raw_body)


def _keep(request: HttpRequest, provider: str, raw_body: bytes) -> JsonResponse | None:
    try:
        record_webhook(
            provider=provider, headers=request.headers, raw_body=raw_body, sender=_get_sender(request)
        )
    except Unsupported:
        return _refuse(404, "not_found", "Nothing is paid through this provider here")
    except MalformedMessage as error:
        return _refuse(400, "malformed", str(error))
    except SignatureInvalid as error:
        logger.warning("Refused a notification in the name of %s: %s", provider, error)
        return _refuse(403, "forged", "The signature is not ours")
    except (OperationalError, InterfaceError):
        logger.exception("A notification of %s could not be kept; it will be repeated", provider)
        return _refuse(503, "unavailable", "Try again later")
    return None


def _get_sender(request: HttpRequest) -> str:
    """Return the address the request came from; of what it passed, only our own proxies are believed."""
    trusted: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    if not trusted:
        return str(request.META.get("REMOTE_ADDR", ""))
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    return hops[-trusted] if len(hops) >= trusted else ""


def _refuse(status: int, code: str, detail: str) -> JsonResponse:
    return JsonResponse({"code": code, "detail": detail}, status=status)
