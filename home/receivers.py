"""What the editors' part does when a page is published."""

from wagtail.signals import page_published

from home.journal.models import ArticlePage
from home.pages.models import FrontPage, StandardPage
from shop.catalog.receivers import warm_pictures

for model in (FrontPage, StandardPage, ArticlePage):
    page_published.connect(warm_pictures, sender=model)
