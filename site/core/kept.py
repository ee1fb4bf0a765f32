"""What every page shows and editors rarely change, kept in the cache: the site, the seller, the menus.

A change is on the next page: it drops what was kept, at once and again when it is committed. Should news ever
get lost, nothing is older than a minute. Where Redis is away, the database is asked each time.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from wagtail.models import Site

from core.commits import after_commit
from core.page_cache import forget_pages

KEPT_SECONDS = 60
PREFIX = "core:kept:"
SITE = "site"

Thing = TypeVar("Thing")
View = Callable[[HttpRequest], HttpResponse]


def keep(name: str, read: Callable[[], Thing]) -> Thing:
    """What is kept under the name, else what `read` finds, which is kept then. It may be None."""
    known: tuple[Thing] | None = cache.get(PREFIX + name)
    if known is not None:
        return known[0]
    found = read()
    cache.set(PREFIX + name, (found,), KEPT_SECONDS)
    return found


def forget(*names: str) -> None:
    """Have it read anew: at once, and again after the commit, as others read what was until then.

    The pages that show it are forgotten, too.
    """
    keys = [PREFIX + name for name in names]
    cache.delete_many(keys)
    after_commit(cache.delete_many, keys)
    forget_pages()


def know_site(get_response: View) -> View:
    """Spare each page Wagtail's look for its site, as long as the shop has just one."""

    def tell(request: HttpRequest) -> HttpResponse:
        request._wagtail_site = SimpleLazyObject(partial(find_site, request))  # type: ignore[attr-defined]  # noqa: SLF001 -- Wagtail's memo
        return get_response(request)

    return tell


def find_site(request: HttpRequest) -> Site | None:
    """The site of the request, without a query where there is only one to choose from."""
    only = keep(SITE, read_only_site)
    return only or Site._find_for_request(request)  # noqa: SLF001 -- what its memo would hold


def read_only_site() -> Site | None:
    """The one site that answers whatever the host is; None where hosts matter."""
    sites = list(Site.objects.select_related("root_page")[:2])
    return sites[0] if len(sites) == 1 and sites[0].is_default_site else None
