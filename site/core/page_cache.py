"""Finished pages, kept for visitors the shop doesn't know: they cost no query.

Only what is the same for everybody is kept: a page that its view has offered (`offer_to_all`), asked for
without a query and without a session. Any change of what pages show drops all of them once it is committed;
should news ever get lost, or a price change by the clock alone, none is older than
`settings.PAGE_CACHE_SECONDS`. Where Redis is away, pages are made anew.

Each form on a page carries the visitor's own token against forgery, so a page is kept without any.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import cache
from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token

from core.commits import after_commit

View = Callable[[HttpRequest], HttpResponse]
Counter = Callable[[HttpRequest, int], None]

GENERATION_KEY = "core:pages:generation"
PAGE_KEY = "core:pages:"
TOKEN = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}(?=")')
PLACE_OF_TOKEN = b"the-token-of-whoever-reads-this-page"

counters: list[Counter] = []


@dataclass(frozen=True, slots=True)
class KeptPage:
    """An answer as it is kept; `page_id` is the Wagtail page it shows, 0 where it shows none."""

    generation: str
    page_id: int
    headers: dict[str, str]
    body: bytes

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The page for this visitor."""
        response = HttpResponse(self.body, headers=self.headers)
        if PLACE_OF_TOKEN in self.body:
            personalize(request, response)
        return response


def offer_to_all(response: HttpResponse, *, page_id: int = 0) -> HttpResponse:
    """Say of an answer that it is the same for every visitor without a session."""
    response.page_for_all = page_id  # type: ignore[attr-defined]  # this module alone reads it
    return response


def count_with(counter: Counter) -> None:
    """Have the counter told of each page that is answered from here: (request, page's id)."""
    counters.append(counter)


def forget_pages() -> None:
    """Something that pages show was changed: once that is committed, none is good any more.

    Not before: until then others read what was, and a sale that holds its lots does not wait for Redis.
    """
    after_commit(_renew_generation)


def forget_with(*models: type[Model]) -> None:
    """Pages show rows of these models: forget them with every row that is saved or deleted."""
    for model in models:
        for signal in (post_save, post_delete):
            signal.connect(_follow_row, sender=model)


def _follow_row(sender: type[Model], **kwargs: Any) -> None:
    forget_pages()


def _renew_generation() -> None:
    cache.set(GENERATION_KEY, token_hex(8), None)


def keep_pages(get_response: View) -> View:
    """Answer what was kept; keep what a view has offered."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not may_ask(request):
            return get_response(request)
        key = f"{PAGE_KEY}{request.scheme}:{request.get_host()}{request.path}"
        # The generation comes first: what changes while the page is made is not in it.
        generation, page = look_up(key)
        if page is not None and page.generation == generation:
            for count in counters:
                count(request, page.page_id)
            return page.answer(request)
        response = get_response(request)
        if is_for_all(response):
            keep_page(key, generation, response)
        return response

    return answer


def may_ask(request: HttpRequest) -> bool:
    """Whether a visitor whom nobody knows asks for a whole page, and for nothing but its address."""
    is_known = {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name} & request.COOKIES.keys()
    is_whole = request.method == "GET" and "HX-Request" not in request.headers
    is_plain = is_whole and not request.META.get("QUERY_STRING")
    return bool(settings.PAGE_CACHE_SECONDS and is_plain and not is_known)


def is_for_all(response: HttpResponse) -> bool:
    """Whether the answer was offered, and nothing on the way back has made it somebody's own."""
    is_offered = response.status_code == HTTPStatus.OK and hasattr(response, "page_for_all")
    return is_offered and not response.cookies.keys() - {settings.CSRF_COOKIE_NAME}


def look_up(key: str) -> tuple[str, KeptPage | None]:
    known = cache.get_many([GENERATION_KEY, key])
    generation = known.get(GENERATION_KEY)
    if generation is None:
        generation = token_hex(8)
        cache.add(GENERATION_KEY, generation, None)
    return generation, known.get(key)


def keep_page(key: str, generation: str, response: HttpResponse) -> None:
    page = KeptPage(
        generation,
        response.page_for_all,  # type: ignore[attr-defined]  # `is_for_all` has seen it
        dict(response.items()),
        TOKEN.sub(PLACE_OF_TOKEN, response.content),
    )
    cache.set(key, page, settings.PAGE_CACHE_SECONDS)


def personalize(request: HttpRequest, response: HttpResponse) -> None:
    """Put the visitor's token into the page's forms, and its other half into their cookie."""
    guard = CsrfViewMiddleware(lambda _request: response)
    guard.process_request(request)
    response.content = response.content.replace(PLACE_OF_TOKEN, get_token(request).encode())
    guard.process_response(request, response)
