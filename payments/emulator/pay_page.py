"""The pay page: what a shopper sees of the emulator. In Russian, as QIWI's is."""

from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode, urlsplit

from payments.emulator.bills import EXPIRED, HELD, PAID, REJECTED, WAITING, Bill
from payments.emulator.clock import MOSCOW
from payments.emulator.web import Response, answer_html

FOLDER = Path(__file__).parent / "pages"
NBSP = "\N{NO-BREAK SPACE}"
SIGNS = {"RUB": "₽", "KZT": "₸"}
HEADINGS = {
    WAITING: "Счёт к оплате",
    HELD: "Деньги отложены",
    PAID: "Счёт оплачен",
    REJECTED: "Счёт отклонён",
    EXPIRED: "Срок оплаты истёк",
}
NOTES = {
    WAITING: "",
    HELD: "Магазин ещё не подтвердил списание.",
    PAID: "Магазин уже получает уведомление об оплате.",
    REJECTED: "Этот счёт больше нельзя оплатить.",
    EXPIRED: "Этот счёт больше нельзя оплатить. Оформите новый заказ в магазине.",
}
RETURN_AFTER = 2


def show_bill(bill: Bill, *, brand: str, success_url: str, warn: bool) -> Response:
    """Show a bill: to be paid, or how it ended. `warn`: of having come without a Referer."""
    is_waiting = bill.status == WAITING
    parts = {
        "brand": brand,
        "heading": HEADINGS[bill.status],
        "state": bill.status.lower(),
        "amount": write_amount(bill),
        "comment": escape(bill.comment or "Без комментария"),
        "bill_id": escape(bill.bill_id),
        "expires": bill.expires.astimezone(MOSCOW).strftime(f"%d.%m.%Y, %H:%M{NBSP}МСК"),
        "note": _write_note(bill, warn=warn),
        "actions": _write_actions(bill, success_url) if is_waiting else "",
        "leave": _write_leave(success_url, is_waiting=is_waiting),
    }
    response = answer_html(_read("bill.html").substitute(parts))
    if bill.status == PAID and success_url:
        response.headers["Refresh"] = f"{RETURN_AFTER}; url={success_url}"
    return response


def show_missing() -> Response:
    """Say that there is no such bill."""
    return answer_html(_read("missing.html").substitute(), 404)


def read_style() -> Response:
    """Return the pages' style sheet."""
    body = (FOLDER / "emulator.css").read_bytes()
    return Response(200, body, {"Content-Type": "text/css; charset=utf-8", "Cache-Control": "max-age=300"})


def write_amount(bill: Bill) -> str:
    """Write the sum as Russians do: «1 250,00 ₽»."""
    whole, _, kopecks = bill.value.partition(".")
    digits = f"{int(whole):,}".replace(",", NBSP)
    return f"{digits},{kopecks}{NBSP}{SIGNS[bill.currency]}"


def accept_success_url(text: str) -> str:
    """Return the address if a payer may be sent there: an absolute web address in plain characters."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    is_plain = text.isascii() and text.isprintable() and not set(text) & set(" \"'<>\\;,")
    return text if parts.scheme in {"http", "https"} and parts.netloc and is_plain else ""


def write_page_url(bill: Bill, success_url: str) -> str:
    """Return the address of a bill's page, relative to the emulator."""
    query = {"invoice_uid": bill.invoice_uid}
    if success_url:
        query["successUrl"] = success_url
    return f"/form/?{urlencode(query)}"


def _write_note(bill: Bill, *, warn: bool) -> str:
    note = NOTES[bill.status]
    if bill.status == WAITING and warn:
        note = (
            "Страница открыта без заголовка Referer: настоящий QIWI за такие переходы "
            "блокирует кошелёк магазина."
        )
    return f'<p class="note">{note}</p>' if note else ""


def _write_actions(bill: Bill, success_url: str) -> str:
    fields = (
        f'<input type="hidden" name="invoice_uid" value="{escape(bill.invoice_uid)}">'
        f'<input type="hidden" name="successUrl" value="{escape(success_url)}">'
    )
    return (
        f'<form method="post" action="/form/pay">{fields}'
        f'<button class="pay" type="submit">Оплатить {write_amount(bill)}</button></form>'
        f'<form method="post" action="/form/reject">{fields}'
        '<button class="reject" type="submit">Отклонить</button></form>'
    )


def _write_leave(success_url: str, *, is_waiting: bool) -> str:
    if not success_url:
        return ""
    text = "Вернуться, не платя" if is_waiting else "Вернуться в магазин"
    return f'<a class="leave" href="{escape(success_url)}">{text}</a>'


def _read(name: str) -> Template:
    return Template((FOLDER / name).read_text("utf-8"))
