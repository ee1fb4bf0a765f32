"""Finding an order by what people say on the phone: its number, how their number ends, their address, a name.

Each way has an index of its own, so that it takes no longer with more orders.
"""

import re

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower, Reverse

from shop.orders.models import Order
from shop.orders.models.orders import NAME_WORDS
from shop.orders.numbers import ALPHABET

LEAST_DIGITS = 4
NATIONAL_DIGITS = 10
NUMBER = re.compile(rf"(?:[AА][BВ][-–— ]?)?([{ALPHABET}]{{1,6}})", re.IGNORECASE)
PHONE_SIGNS = re.compile(r"[\d\s()+.–—-]+")


def search_orders(orders: QuerySet[Order], text: str) -> QuerySet[Order]:
    """Those orders that the text may mean; an empty text means all of them, senseless text none."""
    text = text.replace("\0", "").strip()
    if not text:
        return orders
    found = orders.alias(phone_backwards=Reverse("phone"), lower_email=Lower("email"), name_words=NAME_WORDS)
    return found.filter(guess_number(text) | guess_phone(text) | guess_person(text))


def guess_number(text: str) -> Q:
    """Orders whose number begins so, with the letters before it (Latin or Cyrillic) or without."""
    match = NUMBER.fullmatch(text)
    return Q(number__startswith=f"AB-{match[1].upper()}") if match else Q(pk__in=[])


def guess_phone(text: str) -> Q:
    """Orders whose phone ends so: four digits or more, in whatever form; 8 and +7 begin the same number."""
    digits = re.sub(r"\D", "", text) if PHONE_SIGNS.fullmatch(text) else ""
    if len(digits) == NATIONAL_DIGITS + 1 and digits[0] in "78":
        digits = digits[1:]
    return Q(phone_backwards__startswith=digits[::-1]) if len(digits) >= LEAST_DIGITS else Q(pk__in=[])


def guess_person(text: str) -> Q:
    """Orders of an e-mail address that begins so, or of a name with words that begin as each of these."""
    if "@" in text:
        return Q(lower_email__startswith=text.lower())
    if not re.search(r"[^\W\d_]", text) or (NUMBER.fullmatch(text) and re.search(r"\d", text)):
        return Q(pk__in=[])
    words = re.findall(r"\w+", text.lower().replace("ё", "е"))  # no sign of a query's syntax is left
    query = SearchQuery(" & ".join(f"'{word}':*" for word in words), search_type="raw", config="simple")
    return Q(name_words=query) | Q(lower_email__startswith=text.lower())
