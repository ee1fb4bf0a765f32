"""What the editors' part does when a page is published, changed or moved."""

from typing import Any

from django.conf import settings
from django.db.models.signals import post_delete, post_save
from wagtail.models import Page, Site, get_page_models
from wagtail.signals import page_published, post_page_move

from core.kept import forget
from core.models import SellerSettings
from core.page_cache import count_with, forget_with
from home.journal.comments.models import Comment
from home.journal.models import ArticlePage
from home.pages.menus import name_menu
from home.pages.models import FrontPage, StandardPage
from home.readers.adding import count_line
from home.readers.counting import count_view
from shop.cart.models import CartLine
from shop.catalog.receivers import warm_pictures

forget_with(Comment)
count_with(count_view)

for model in (FrontPage, StandardPage, ArticlePage):
    page_published.connect(warm_pictures, sender=model)

post_save.connect(count_line, sender=CartLine)


def forget_menus(sender: type[Page | SellerSettings], **kwargs: Any) -> None:
    """Build the menus anew: a page changed that may stand in one, or what the settings say of them."""
    sites = {root.site_id for root in Site.get_site_root_paths()} | {0}
    forget(*(name_menu(site, code) for site in sites for code, _name in settings.LANGUAGES))


post_page_move.connect(forget_menus)
for changed in (SellerSettings, *get_page_models()):
    post_save.connect(forget_menus, sender=changed)
    post_delete.connect(forget_menus, sender=changed)
